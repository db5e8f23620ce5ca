"""Who is at the door: a browser's cookie or a program's bearer token becomes an actor.

flask-login sits on our session table: its cookie holds a random word whose digest is the row. It
never remembers anybody, and its own session protection is off (the row does that work).
Under ``/answer`` a cookie of its own says which group's contact the phone belongs to for a day; it
means nothing elsewhere, and who is signed in is nobody there. Under ``/status`` it is the same with
the sitting of a person referred at their own page.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import flask_login
from flask import Flask, Request, current_app, g

from referral.accounts import permissions, queries, services
from referral.accounts.permissions import Permission
from referral.accounts.queries import Known
from referral.accounts.roles import ROLE_LABELS
from referral.config import Settings
from referral.core import clock
from referral.core.actor import ANONYMOUS, Actor
from referral.core.i18n import Lazy, _
from referral.web.door import note
from referral.web.pages import Navigation, NavItem, Place
from referral.web.paths import for_contacts, for_machines, for_people

# "Last seen" is written at most this often: a GET should hardly ever write.
SEEN_EVERY = timedelta(minutes=1)
# In the order of the header; ``{own}`` is the actor's organisation. An administrator finds people
# through the organisations.
MENU: tuple[tuple[Lazy, str, Permission | None, Permission | None], ...] = (
    (_("Home"), "/", None, None),
    (_("Referrals"), "/referrals", Permission.SEE_REFERRALS, None),
    (_("Caseload"), "/caseload", Permission.SEE_CASELOAD, None),
    (_("Letters and calls"), "/letters", Permission.TELL_PEOPLE, None),
    # For who passes people on without knowing why.
    (_("Where is it?"), "/where", Permission.RAISE_FOR_TRIAGE, Permission.REFER),
    (_("Find support"), "/directory", Permission.READ_DIRECTORY, None),
    # Whose checks, or whose figures of them: one entry for both.
    (_("Checks"), "/vetting", Permission.GIVE_EVIDENCE, None),
    (_("Checks"), "/vetting", Permission.SEE_CHECKS_OVERVIEW, Permission.GIVE_EVIDENCE),
    (_("How we are doing"), "/accountability", Permission.SEE_ACCOUNTABILITY, None),
    # Whoever asks them finds them at the referral.
    (_("Questions to ask"), "/measures", Permission.SET_MEASURES, Permission.KEEP_OUTCOMES),
    (_("Same person?"), "/people/matches", Permission.MERGE_PEOPLE, None),
    (
        _("Our organisation"),
        "/organisations/{own}",
        Permission.MANAGE_ORGANISATION_PEOPLE,
        Permission.MANAGE_INSTALLATION,
    ),
    (_("Organisations"), "/organisations", Permission.MANAGE_INSTALLATION, None),
    (_("Users"), "/users", Permission.MANAGE_INSTALLATION, None),
)

# What stands under an entry at an address of its own.
ALSO = {
    "/letters": ("/tell",),
    "/caseload": ("/appointments",),
    "/referrals": ("/plans",),
    "/accountability": ("/our-data",),
}


class SignedInUser(flask_login.UserMixin):  # type: ignore[misc] # flask-login carries no types
    """What flask-login holds: the session's word and who it belongs to."""

    def __init__(self, token: str, known: Known | None) -> None:
        self.token, self.known = token, known

    def get_id(self) -> str:
        """The session's word: flask-login keeps it in the signed cookie."""
        return self.token


class Door:
    """The three questions the site asks about an actor, on the settings of one installation."""

    def __init__(self, settings: Settings) -> None:
        self.demo = settings.demo
        self.secure = settings.secure
        # Sent under one path only, so that the prefix for whole hosts is not to be had.
        self.answer_cookie = "__Secure-joined_up_answer" if settings.secure else "joined_up_answer"
        self.status_cookie = "__Secure-joined_up_status" if settings.secure else "joined_up_status"
        self.quick_exit = settings.quick_exit_url
        self.idle = timedelta(minutes=settings.session_idle_minutes)
        self.lasting = timedelta(minutes=settings.session_absolute_minutes)

    def install(self, app: Flask) -> None:
        """Put flask-login on the site."""
        manager = flask_login.LoginManager()
        manager.session_protection = None
        manager.user_loader(self._by_cookie)
        manager.init_app(app, add_context_processor=False)
        app.extensions["accounts"] = self

    def load_actor(self, request: Request) -> Actor:
        """The actor of this request, in one query; ``ANONYMOUS`` when there is none."""
        if for_contacts(request.path):
            word = request.cookies.get(self.answer_cookie, "")
            return (queries.by_answer_session(word) if word else None) or ANONYMOUS
        if for_people(request.path):
            word = request.cookies.get(self.status_cookie, "")
            return (queries.by_status_session(word) if word else None) or ANONYMOUS
        known = self._by_header(request) if for_machines(request.path) else _of_cookie()
        if known is None:
            return ANONYMOUS
        g.known = known
        return known.actor

    def allows(self, actor: Actor, key: str) -> bool:
        """May the actor's roles come in where the rule is ``key``, a permission's value?"""
        return permissions.may(actor, Permission(key))

    def navigation(self, actor: Actor) -> Navigation:
        """The header's menu and the organisations to switch to; asks the database nothing."""
        known: Known | None = g.get("known")
        if known is None or known.actor != actor:
            return Navigation()
        items = [
            NavItem(label, href.format(own=actor.organisation), ALSO.get(href, ()))
            for label, href, needed, without in MENU
            if (needed is None or permissions.may(actor, needed))
            and not (without is not None and permissions.may(actor, without))
        ]
        places = tuple(
            Place(place.id, place.name, _roles(place.roles), place.id == actor.organisation)
            for place in known.workplaces
        )
        here = known.workplace
        return Navigation(tuple(items), known.name, here.name if here else "", places)

    def _by_cookie(self, token: str) -> SignedInUser | None:
        known = queries.by_session(token, self.idle, self.demo)
        if known is None:
            return None
        if known.seen_at is not None and clock.now() - known.seen_at >= SEEN_EVERY:
            note(partial(services.seen, known.actor, token))
        return SignedInUser(token, known)

    def _by_header(self, request: Request) -> Known | None:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return None
        known = queries.by_bearer(token.strip(), self.demo)
        if known is not None and (
            known.seen_at is None or clock.now() - known.seen_at >= SEEN_EVERY
        ):
            note(partial(services.token_used, known.actor))
        return known


def here() -> Door:
    """The door of the present site."""
    found: Door = current_app.extensions["accounts"]
    return found


def _of_cookie() -> Known | None:
    user = flask_login.current_user
    return user.known if isinstance(user._get_current_object(), SignedInUser) else None


def _roles(roles: tuple[str, ...]) -> str:
    return ", ".join(str(ROLE_LABELS[role]) for role in roles)


def token() -> str:
    """The word of the present session; empty without one."""
    user = flask_login.current_user._get_current_object()
    return user.token if isinstance(user, SignedInUser) else ""


def known() -> Known:
    """The user who is signed in to this request; only behind a rule that demands one."""
    found: Known = g.known
    return found
