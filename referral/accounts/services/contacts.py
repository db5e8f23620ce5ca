"""Who answers for a group without an account, and how the group wants to be asked."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from referral.accounts import notifications, queries, safe_links
from referral.accounts.models import AnswerContact, AnswerContactService, Organisation
from referral.accounts.safe_links import Reachable
from referral.accounts.services.safe_links import (
    digest_of_pin,
    end_phones,
    make_link,
    may_send,
    shut_out,
)
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion, TooMany
from referral.core.i18n import _


def keep_contact(
    actor: Actor,
    organisation_id: UUID,
    data: Mapping[str, Any],
    contact_id: UUID | None = None,
    version: int | None = None,
    *,
    texts: bool = True,
) -> AnswerContact:
    """Write down a contact: ``name``, ``email``, ``mobile``, ``service_ids``, ``away_until``.

    Link and code need two ways: email and mobile, or one of them and a PIN. ``pin: "new"`` says
    that ``new_pin`` follows. A changed address takes back what went to the old one. The caller has
    seen that the services are the organisation's, and whether ``texts`` are sent here. The group
    and its contacts hear of what somebody else sets up for it. Raise ``Invalid``, ``StaleVersion``.
    """
    group = queries.answered_by(actor, organisation_id, to_change=True)
    hearers = notifications.of_group(group, queries.inbox_of(group.id))
    found = _contact(organisation_id, contact_id, version or 0) if contact_id else None
    said = {name: data.get(name) or "" for name in ("name", "email", "mobile")}
    before = queries.details_of(found) if found else {}
    has_pin = data.get("pin") == "new" or (found is not None and found.pin_digest is not None)
    by_text = texts and bool(said["mobile"])
    ways = safe_links.channels(Reachable(bool(said["email"]), by_text, has_pin))
    if ways is None:
        raise Invalid(_one_way_only(bool(said["email"]) or by_text, texts))
    now = clock.now()
    moved = any(said[name] != before.get(name, "") for name in ("email", "mobile"))
    if found is None:
        made = new_id()
        found = AnswerContact(
            id=made, organisation_id=organisation_id, made_at=now, made_by=actor.user
        )
    elif moved:
        shut_out(found.id)
        found.confirmed_at = found.lost_at = None
    found.link_by, found.code_by = ways
    if found.code_by != "pin":
        found.pin_digest = None
    found.away_until = data.get("away_until")
    found.details_sealed = encryption.seal_for_installation(said, f"answer_contact:{found.id}")
    if contact_id is None:
        session().add(found)
        session().flush()
    else:
        found.version += 1
    _answer_for(found.id, data["service_ids"])
    event = "answer_contact:changed" if contact_id else "answer_contact:added"
    audit.record(actor, event, ("answer_contact", found.id), services=len(data["service_ids"]))
    if moved:
        _tell_group(actor, group, found, hearers)
    return found


def _tell_group(
    actor: Actor, group: Organisation, contact: AnswerContact, hearers: list[notifications.Hearer]
) -> None:
    """A stranger who makes themselves a contact would read of people: the group is told of it."""
    if actor.kind == "user" and actor.organisation and actor.organisation != group.id:
        by = queries.organisation_unscoped(actor.organisation)
        notifications.contact_set_up(actor, group, by, contact, hearers)


def new_pin(actor: Actor, contact_id: UUID, version: int) -> str:
    """A new PIN for a contact whose code is one; shown once and told by voice or on paper."""
    found = _within(actor, contact_id, version)
    if found.code_by != "pin":
        raise Invalid({"pin": [str(_("is only for somebody with an email or a mobile alone"))]})
    pin = _random_pin()
    while safe_links.guessable(pin):
        pin = _random_pin()
    found.pin_digest = digest_of_pin(found.id, pin)
    found.version += 1
    end_phones(found.id)
    audit.record(actor, "answer_contact:pin_made", ("answer_contact", found.id))
    return pin


def send_link(actor: Actor, contact_id: UUID) -> None:
    """Send a contact a link now, to try both ways before somebody waits. Raise ``TooMany``."""
    found = _within(actor, contact_id)
    group = queries.organisation_unscoped(found.organisation_id)
    if group.answers_by != "link":
        raise Conflict(str(_("The organisation answers signed in only.")))
    if not may_send(found.id):
        raise TooMany(str(_("They were sent enough for now. Try again in an hour.")))
    notifications.link_to_try(actor, found, group.name, make_link(actor, found.id))
    audit.record(actor, "link:sent", ("answer_contact", found.id))


def remove_contact(actor: Actor, contact_id: UUID, version: int) -> None:
    """They no longer answer: links, codes and phones end now. Their name stays with what they
    did."""
    found = _within(actor, contact_id, version)
    kept = queries.details_of(found) | {"email": "", "mobile": ""}
    found.details_sealed = encryption.seal_for_installation(kept, f"answer_contact:{found.id}")
    found.active, found.pin_digest = False, None
    found.version += 1
    shut_out(found.id)
    session().execute(
        delete(AnswerContactService).where(AnswerContactService.contact_id == found.id)
    )
    audit.record(actor, "answer_contact:removed", ("answer_contact", found.id))


def choose_answering(
    actor: Actor,
    organisation_id: UUID,
    version: int,
    answers_by: str,
    paper: bool,
    open_weekdays: str | None = None,
) -> Organisation:
    """By safe link or from accounts only, a printed sheet or none, and the days it works.

    ``open_weekdays`` as the column has it; None leaves it. Raise ``Invalid`` where accounts are
    asked for and nobody could sign in, ``StaleVersion``.
    """
    found = queries.answered_by(actor, organisation_id, to_change=True)
    if found.version != version:
        raise StaleVersion(version, found.version)
    if answers_by == "account" and not queries.has_account_unscoped(organisation_id):
        words = _("needs somebody who can sign in: invite them first")
        raise Invalid({"answers_by": [str(words)]})
    found.answers_by, found.paper = answers_by, paper
    if open_weekdays is not None:
        found.open_weekdays = open_weekdays
        session().info.pop("calendars", None)
    found.version += 1
    audit.record(
        actor,
        "organisation:answering_chosen",
        ("organisation", organisation_id),
        answers_by=answers_by,
        paper=paper,
        open_weekdays=found.open_weekdays,
    )
    return found


def _within(actor: Actor, contact_id: UUID, version: int | None = None) -> AnswerContact:
    """A contact of an organisation in scope, locked after it; ``version`` as somebody saw it."""
    organisation_id = session().scalar(
        select(AnswerContact.organisation_id).where(AnswerContact.id == contact_id)
    )
    if organisation_id is None:
        raise NotFound
    queries.answered_by(actor, organisation_id, to_change=True)
    return _contact(organisation_id, contact_id, version)


def _contact(organisation_id: UUID, contact_id: UUID, version: int | None) -> AnswerContact:
    found = session().scalar(
        select(AnswerContact)
        .where(
            AnswerContact.id == contact_id,
            AnswerContact.organisation_id == organisation_id,
            AnswerContact.active,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if version is not None and found.version != version:
        raise StaleVersion(version, found.version)
    return found


def _answer_for(contact_id: UUID, service_ids: Iterable[UUID]) -> None:
    """Give the contact a place at each service; the organisation's row is locked."""
    wanted = sorted(set(service_ids))
    rows = session().scalars(
        select(AnswerContactService).where(AnswerContactService.service_id.in_(wanted))
    )
    taken: dict[UUID, dict[int, UUID]] = {}
    for row in rows:
        taken.setdefault(row.service_id, {})[row.place] = row.contact_id
    session().execute(
        delete(AnswerContactService).where(
            AnswerContactService.contact_id == contact_id,
            AnswerContactService.service_id.not_in(wanted),
        )
    )
    for service_id in wanted:
        places = taken.get(service_id, {})
        if contact_id in places.values():
            continue
        free = safe_links.free_place(places)
        if free is None:
            words = _("has a service that two people answer for already; take one away first")
            raise Invalid({"service_ids": [str(words)]})
        session().add(
            AnswerContactService(service_id=service_id, place=free, contact_id=contact_id)
        )
    session().flush()


def _one_way_only(reachable: bool, texts: bool) -> dict[str, list[str]]:
    if reachable:
        return {"pin": [str(_("is required where there is only one way to reach them"))]}
    if texts:
        return {"email": [str(_("is required, or a mobile number: the link goes there"))]}
    return {"email": [str(_("is required: no texts are sent from here"))]}


def _random_pin() -> str:
    return f"{random.randbelow(10**safe_links.CODE_DIGITS):0{safe_links.CODE_DIGITS}}"
