"""Organisations whose checks are asked, given, accepted and decided, through the real services.

    from tests.factories import vetting

    with transaction(SYSTEM):
        made = vetting.approved(world)                        # everything given, accepted, decided
        vetting.evidence(world, "public_liability", expires_on="2027-03-31")

Each takes a ``World`` and works on its provider in its locality; inside a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session
from referral.directory.models import Service
from referral.vetting import queries, schemas, services
from referral.vetting.checks import Kind
from referral.vetting.models import Application, Evidence
from referral.vetting.proportion import ABOUT
from tests.factories.places import World, user

LEVELS = {"scotland": "pvg"}


def said(kind: Kind, nation: str = "england", **changes: Any) -> dict[str, Any]:
    """The JSON of a good answer to a check of this kind, given today."""
    today = clock.today()
    known: dict[Kind, dict[str, Any]] = {
        "register": {"note": "A club without a number, run by five of us"},
        "statement": {"note": "Yes: five people, and none of them are related"},
        "document": {"issued_on": today.isoformat()},
        "insurance": {
            "issuer": "Mutual of Elder Park",
            "number": "EP-2231-7",
            "cover": 5_000_000,
            "expires_on": (today + timedelta(days=365)).isoformat(),
        },
        "record": {
            "level": LEVELS.get(nation, "enhanced"),
            "count": 4,
            "issued_on": today.isoformat(),
        },
        "agreement": {"lead_name": "Jean Blair", "note": "Chair"},
        "directory": {},
    }
    return known[kind] | changes


def another_lead(world: World) -> Actor:
    """A second person of the world's link-worker team who may decide."""
    return user("link_worker_lead", world.team_id, "link_worker_team", world.locality_id)


def confirmed(world: World, service_id: UUID | None = None) -> None:
    """The entry was confirmed today and says how people get in."""
    entry = session().get_one(Service, service_id or world.service_id)
    entry.checked_on, entry.accessibility = clock.today(), "Step-free, hearing loop"
    session().flush()


def about(
    world: World,
    *,
    way: str = "referral",
    doing: Collection[str] = (),
    being: Collection[str] = (),
    service_id: UUID | None = None,
    by: Actor | None = None,
) -> None:
    """The one question is answered, by the provider's manager (``by``); of its one service, or
    another."""
    made = queries.dossier(world.provider_manager, world.provider_id, world.locality_id)
    one = {"service_id": str(service_id or world.service_id), "way": way, "doing": list(doing)}
    services.say_about(
        by or world.provider_manager,
        world.provider_id,
        made.about.version if made.about else 0,
        schemas.About().read({"being": list(being), "services": [one]}),
    )


def answer(
    actor: Actor, organisation_id: UUID, check: str, files: Sequence[UUID] = (), **changes: Any
) -> Evidence:
    """An answer of an organisation that waits to be looked at."""
    made, asked = queries.asked(actor, organisation_id, check)
    whole = said(asked.kind, made.locality.nation, **changes)
    if actor.organisation != organisation_id:
        whole.setdefault("told_by", "Jean, by telephone")
    data = queries.answer_schema(actor, organisation_id, check).read(whole)
    return services.give(actor, organisation_id, check, data, files)


def evidence(
    world: World,
    check: str,
    verb: str | None = "accept",
    *,
    by: Actor | None = None,
    reason: str = "",
    **changes: Any,
) -> Evidence:
    """An answer of the world's provider, looked at by its lead (``by``); None: it waits."""
    given = answer(world.provider_manager, world.provider_id, check, **changes)
    if verb is None:
        return given
    return services.review(
        by or world.link_worker_lead,
        given.id,
        given.version,
        verb,  # type: ignore[arg-type] # a test may try any
        reason=reason,
    )


def applied(world: World, *, without: Collection[str] = (), **said_about: Any) -> Application:
    """An application with an answer to everything asked; handed in unless ``without`` some."""
    confirmed(world)
    made = services.begin(world.provider_manager)
    about(world, **said_about)
    for key in _asked(world):
        if key not in without:
            answer(world.provider_manager, world.provider_id, key)
    if without:
        return made
    return services.submit(world.provider_manager, made.id, made.version)


def applied_anew(world: World, service_id: UUID, **said_about: Any) -> None:
    """A further service is offered and said what it does; all that it needs is there, accepted."""
    confirmed(world, service_id)
    about(world, service_id=service_id, **said_about)
    for key in _asked(world):
        answer(world.provider_manager, world.provider_id, key)
    accepted(world)


def accepted(world: World, *, without: Collection[str] = ()) -> None:
    """The lead accepts what waits, but for ``without``."""
    for key, one in _dossier(world).open.items():
        if key not in without:
            services.review(world.link_worker_lead, one.id, one.version, "accept")


def approved(
    world: World,
    kind: str = "approve",
    *,
    by: Actor | None = None,
    conditions: str = "",
    waived: Mapping[str, date] | None = None,
    tier: str | None = None,
    **said_about: Any,
) -> Application:
    """Applied, everything accepted but for what is ``waived``, and decided."""
    made = applied(world, **said_about)
    accepted(world, without=waived or {})
    return decided(world, made, kind, by=by, conditions=conditions, waived=waived, tier=tier)


def decided(
    world: World, made: Application, kind: str, *, by: Actor | None = None, **more: Any
) -> Application:
    """One decision of the world's lead (``by``) on an application."""
    data = {"kind": kind, "reason": "Looked at together", **more}
    if more.get("waived"):
        data["waived"] = {key: day.isoformat() for key, day in more["waived"].items()}
    read = schemas.Decide().read({name: value for name, value in data.items() if value})
    services.decide(by or world.link_worker_lead, made.id, made.version, read["kind"], read)
    return made


def _asked(world: World) -> list[str]:
    """What is still to be answered, but for what the entry in the directory answers."""
    checks = {check.key: check for check in _dossier(world).scheme.checks}
    keys = _dossier(world).questions(clock.today())
    return [key for key in keys if key != ABOUT and checks[key].kind != "directory"]


def _dossier(world: World) -> queries.Dossier:
    return queries.dossier(SYSTEM, world.provider_id, world.locality_id)
