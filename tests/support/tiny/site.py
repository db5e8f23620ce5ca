"""The tiny site: who comes in, which doors there are, and what stands behind them.

People sign in with the cookie ``who`` (a role), programs with the bearer token of the same name.
``thing`` rows are audit rows: they need no table of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from flask import Request

from referral.config import Settings
from referral.core.actor import ANONYMOUS, Actor
from referral.core.i18n import Lazy, _
from referral.web import access
from referral.web.door import Site
from referral.web.pages import Navigation, NavItem, Place
from referral.web.site import Wiring, make
from tests.support.tiny import api, pages

HERE = Path(__file__).resolve().parent
ORGANISATION = uuid.UUID(int=7)
USERS = {"practice": uuid.UUID(int=1), "provider": uuid.UUID(int=2)}
MAY = {"practice": {"refer"}, "provider": set[str]()}


@dataclass(frozen=True)
class Tag:
    label: Lazy
    colour: str


STATUSES = {"accepted": Tag(_("Accepted"), "aqua-green"), "sent": Tag(_("Sent"), "blue")}
ACCESS: dict[str, str] = access.WEB | {
    "accounts.switch_organisation": access.SIGNED_IN,
    "accounts.sign_out": access.SIGNED_IN,
    "accounts.sign_in": access.PUBLIC,
    "tiny.home": access.SIGNED_IN,
    "tiny.referral": access.SIGNED_IN,
    "tiny.refer": "refer",
    "tiny.dashboard": access.SIGNED_IN,
    "tiny.answer": access.PUBLIC,
    "tiny.fail": access.PUBLIC,
    "tiny.change": access.PUBLIC,
    "tiny.look": access.SIGNED_IN,
    "tiny.person": access.PUBLIC,
    "api_tiny.make": "refer",
    "api_tiny.things": access.SIGNED_IN,
    "api_tiny.change": access.SIGNED_IN,
    "api_tiny.fail": access.PUBLIC,
}


def load_actor(request: Request) -> Actor:
    """Whoever the cookie or the token names; both at once are both looked at."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer" and token.partition(":")[0] in USERS:
        role = token.partition(":")[0]
        client = uuid.uuid5(ORGANISATION, token)
        return _actor("api_client", role, client)
    if (role := request.cookies.get("who", "")) in USERS:
        return _actor("user", role, None)
    return ANONYMOUS


def _actor(kind: Any, role: str, client: uuid.UUID | None) -> Actor:
    return Actor(
        kind=kind,
        id=USERS[role],
        organisation=ORGANISATION,
        organisation_kind=role,
        roles=frozenset({role}),
        client=client,
    )


def allows(actor: Actor, key: str) -> bool:
    return any(key in MAY[role] for role in actor.roles)


def navigation(_actor: Actor) -> Navigation:
    return Navigation(
        items=(
            NavItem(_("Home"), "/"),
            NavItem(_("Referrals"), "/referrals"),
            NavItem(_("Find support"), "/directory"),
            NavItem(_("How we are doing"), "/accountability"),
        ),
        user="Dr Shah",
        organisation="Northgate Surgery",
        places=(
            Place(ORGANISATION, "Northgate Surgery", _("GP practice staff"), current=True),
            Place(uuid.UUID(int=8), "Riverside Link Workers", _("Link worker")),
        ),
    )


def tiny_site(url: str, data: Path, rules: Mapping[str, str] = ACCESS, **settings: str) -> Site:
    """The tiny site on the database at ``url``; ``settings`` are REFERRAL_ names without prefix."""
    environ = {"DATA_DIR": str(data), "DATABASE_URL": url, "SECRET_KEY": "a secret of tests"}
    found = Settings.from_environ(
        {f"REFERRAL_{name}": value for name, value in (environ | settings).items()}
    )
    site = make(
        found,
        Wiring(
            pages=(pages.blueprint(), pages.accounts()),
            apis=(api.blueprint(),),
            load_actor=load_actor,
            allows=allows,
            navigation=navigation,
            statuses=STATUSES,
            access=rules,
        ),
    )
    ours = site.jinja_env.loader
    assert ours is not None
    site.jinja_env.loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(HERE / "templates"), ours])
    return site
