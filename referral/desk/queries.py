"""What the desk reads itself: drafts, the demo's messages, gauges. Always scoped to the actor."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased

from referral.accounts import queries as accounts
from referral.accounts.models import AnswerContact, LinkCode, Locality, Organisation
from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import SYSTEM, Actor
from referral.core.audit import Seen
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.core.i18n import _
from referral.desk.draft import Draft
from referral.directory.models import Service
from referral.outbox import queries as outbox
from referral.outbox.models import OutboxMessage
from referral.people import queries as people
from referral.people.models import Person
from referral.referrals import queries as referrals
from referral.referrals import references
from referral.referrals.lifecycle import OPEN
from referral.referrals.models import Referral
from referral.referrals.queries.lists import chosen_rows
from referral.referrals.queries.rows import Sender, whole_unscoped

# A finished one may be asked for so long.
ASKED_FOR_DAYS = 90
OwnTeam = aliased(Organisation, name="own_team")
DRAFTS_SHOWN = 3
MESSAGES_SHOWN = 50
PHONE_SHOWS = 6
# Of so many, who has a mobile is somebody to play.
LOOKED_AT = 60
TEXTED_TO = "07"
# A count for a graph needs no more than this, and then costs no more than this.
COUNTED_AT_MOST = 10_000


def draft(actor: Actor, referral_id: uuid.UUID) -> Draft:
    """A referral of the actor's own organisation while it is being written, in one select.

    Raise ``NotFound`` for everybody else's, and ``Forbidden`` for a draft with words in it that the
    actor may not read. Whoever writes it reads what was written.
    """
    session().flush()
    row = (
        session()
        .execute(
            whole_unscoped()
            .add_columns(OwnTeam.name.label("own_team_name"), Locality.nation)
            .outerjoin(Locality, Locality.id == Referral.locality_id)
            .outerjoin(OwnTeam, and_(OwnTeam.id == _team_of_sender(), OwnTeam.status == "active"))
            .where(Referral.id == referral_id, Referral.sender_id == actor.organisation)
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    permit(actor, Permission.RAISE_FOR_TRIAGE)
    found: Referral = row.Referral
    reads = referrals.may_write(actor, found)
    if found.status == "draft" and not reads:
        raise Forbidden
    identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
    key = encryption.unwrap(row.wrapped) if row.wrapped else None
    text = referrals.text_unscoped(key, found) if key and reads else {}
    audit.viewed(actor, "referral:viewed", ("referral", found.id), found.person_id)
    return Draft(
        {
            "id": found.id,
            "reference": found.reference,
            "version": found.version,
            "status": found.status,
            "to": {"id": found.recipient_id, "name": row.recipient_name}
            if found.recipient_id
            else None,
            "service": {"id": found.service_id, "name": row.service_name}
            if found.service_id
            else None,
            "triage": found.triage,
            "person": identity.facts() | {"id": found.person_id, "name": identity.name},
            "needs": found.needs.split(",") if found.needs else [],
            "reason": text.get("reason"),
            "risk": {
                "known": found.risk_known,
                "text": text.get("risk_text"),
                "said": "risk_text" in text,
            },
            "urgency": found.urgency,
            "if_not": found.if_not,
            "flags": {
                "deceased_on": people.day_of_unscoped(row.deceased_on),
                "do_not_contact": _unsafe(identity.contact_notes) if row.unsafe else None,
            },
        },
        clock.today(),
        # Whoever refers somebody on is the link worker: there is nobody to ask.
        row.own_team_name if found.based_on_id is None else None,
        row.nation or "england",
    )


def _unsafe(note: str) -> str:
    """Said as the referral says it, and where nothing was noted too."""
    return str(
        _("Do not contact directly: {note}", note=note) if note else _("Do not contact directly.")
    )


def _team_of_sender() -> ColumnElement[Any]:
    """The link-worker team a sender may ask; a team asks itself."""
    return case((Sender.kind == "link_worker_team", Sender.id), else_=Sender.link_worker_team_id)


def draft_of(actor: Actor, person_id: uuid.UUID) -> uuid.UUID | None:
    """The draft this organisation has already begun for a person, the newest; None without one.

    Who may not read what colleagues write begins one of their own.
    """
    reads = may(actor, Permission.READ_CLINICAL)
    return session().scalar(
        select(Referral.id)
        .where(
            true() if reads else Referral.owner_user_id == actor.id,
            Referral.person_id == person_id,
            Referral.sender_id == actor.organisation,
            Referral.status == "draft",
            Referral.based_on_id.is_(None),
        )
        .order_by(Referral.id.desc())
        .limit(1)
    )


def recipient_name(actor: Actor, draft: Draft) -> str:
    """Whom the draft goes to: the organisation of its service, or the link-worker team."""
    service = draft.view["service"]
    if service is None:
        return draft.team or str(_("the link worker"))
    name = session().scalar(
        select(Organisation.name)
        .join(Service, Service.organisation_id == Organisation.id)
        .where(
            Service.id == service["id"], Service.locality_id.is_not_distinct_from(actor.locality)
        )
    )
    return name or str(service["name"])


def open_of_person(actor: Actor, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """The open referrals of a person that the actor may know of, so nobody is referred twice."""
    own = aliased(Person)
    same = select(Person.id).join(own, own.group_id == Person.group_id).where(own.id == person_id)
    return chosen_rows(actor, and_(Referral.person_id.in_(same), Referral.status.in_(OPEN)))


def where_by_reference(actor: Actor, typed: str) -> list[dict[str, Any]]:
    """The referral with this reference, if the actor may know of it."""
    reference = references.parse(typed)
    if reference is None:
        return []
    return chosen_rows(actor, and_(Referral.reference == reference, Referral.status != "draft"))


def where_by_number(actor: Actor, number: dict[str, str], born: date) -> list[dict[str, Any]]:
    """The open and lately finished referrals of somebody known here, that the actor may know of."""
    known = people.find(actor, born, number=number)
    if known is None:
        return []
    own = aliased(Person)
    same = select(Person.id).join(own, own.group_id == Person.group_id).where(own.id == known.id)
    since = clock.now() - timedelta(days=ASKED_FOR_DAYS)
    lately = or_(Referral.status.in_(OPEN), Referral.closed_at > since)
    return chosen_rows(actor, and_(Referral.person_id.in_(same), lately))


def own_drafts(actor: Actor) -> list[dict[str, Any]]:
    """A few referrals of this organisation that were begun and not sent."""
    rows, _after = referrals.listing(actor, box="from_me", status=("draft",), limit=DRAFTS_SHOWN)
    return rows


def seen_by(actor: Actor, referral_id: uuid.UUID) -> list[dict[str, Any]]:
    """Who did or saw what of a referral in scope, newest first: at, event, who, organisation."""
    referrals.referral(actor, referral_id)
    events: list[Seen] = audit.views_of(referral_id, limit=100)
    people = accounts.user_names_of(event.actor_id for event in events)
    places = accounts.names_of(event.organisation_id for event in events)
    return [
        {
            "at": event.at,
            "event": event.event,
            "kind": event.actor_kind,
            "who": people.get(event.actor_id) if event.actor_id else None,
            "organisation": places.get(event.organisation_id) if event.organisation_id else None,
        }
        for event in events
    ]


def messages(actor: Actor) -> list[OutboxMessage]:
    """The demonstration's latest messages. Raise ``NotFound`` where this is none."""
    if not actor.demo:
        raise NotFound
    return list(
        session().scalars(
            select(OutboxMessage)
            .where(OutboxMessage.not_before <= clock.now())
            .order_by(OutboxMessage.id.desc())
            .limit(MESSAGES_SHOWN)
        )
    )


def message(actor: Actor, message_id: uuid.UUID) -> outbox.Mail:
    """One message of the demonstration, with the link it carries. Raise ``NotFound``."""
    return outbox.mail(actor, message_id)


def phone_unscoped() -> list[outbox.Mail]:
    """The latest messages to the contact whose answer waits: what a group's phone holds.

    Who waits for a code keeps the phone, whatever else is sent meanwhile.
    Asked in the demonstration only, where everybody may play that contact.
    """
    told = OutboxMessage.reader == "contact", OutboxMessage.not_before <= clock.now()
    whose = (
        select(OutboxMessage.reader_id)
        .join(AnswerContact, AnswerContact.id == OutboxMessage.reader_id)
        .join(Referral, Referral.id == OutboxMessage.subject_id)
        .where(*told, Referral.status == "sent", AnswerContact.code_by == "text")
        .order_by(OutboxMessage.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    asked = (
        select(LinkCode.contact_id)
        .where(LinkCode.used_at.is_(None), LinkCode.expires_at > clock.now())
        .order_by(LinkCode.asked_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    theirs = OutboxMessage.reader_id == func.coalesce(asked, whose)
    shown = select(OutboxMessage.id).where(*told, theirs)
    ids = session().scalars(shown.order_by(OutboxMessage.created_at.desc()).limit(PHONE_SHOWS))
    return [outbox.mail(SYSTEM, message_id) for message_id in ids.all()]


@dataclass(frozen=True)
class ToPlay:
    """Somebody invented whose own page anybody may open. ``nation`` of where they live."""

    name: str
    reference: str
    born: date
    status: str
    nation: str
    referral_id: uuid.UUID


def to_play_unscoped() -> list[ToPlay]:
    """Somebody who was helped, somebody who is being helped, and the same elsewhere.

    Asked in the demonstration only, where everybody may play them.
    """
    candidates = (
        session()
        .execute(
            select(
                Referral.id,
                Referral.reference,
                Referral.person_id,
                Referral.status,
                Locality.nation,
            )
            .join(Locality, Locality.id == Referral.locality_id)
            .where(
                Referral.status.in_(("completed", "started")),
                Referral.service_id.is_not(None),
                Referral.consent_refer,
                Referral.reach_by.startswith("text"),
            )
            .order_by(Referral.sent_at.desc(), Referral.id)
            .limit(LOOKED_AT)
        )
        .all()
    )
    who = people.open_identities_unscoped(row.person_id for row in candidates)
    found: dict[tuple[str, str], ToPlay] = {}
    for row in candidates:
        one = who[row.person_id]
        if one.phone.startswith(TEXTED_TO) and one.date_of_birth is not None:
            played = ToPlay(
                one.name, row.reference, one.date_of_birth, row.status, row.nation, row.id
            )
            found.setdefault((row.nation, row.status), played)
    return sorted(found.values(), key=lambda one: (one.nation, one.status))


def messages_to_unscoped(referral_ids: list[uuid.UUID]) -> list[outbox.Mail]:
    """What came to the telephones of people referred: in the demonstration only."""
    shown = select(OutboxMessage.id).where(
        OutboxMessage.reader == "person",
        OutboxMessage.subject_id.in_(referral_ids),
        OutboxMessage.not_before <= clock.now(),
    )
    ids = session().scalars(shown.order_by(OutboxMessage.created_at.desc()).limit(PHONE_SHOWS))
    return [outbox.mail(SYSTEM, message_id) for message_id in ids.all()]


def gauges_unscoped() -> Iterator[tuple[str, str, int]]:
    """(name, what it counts, value) of the figures for monitoring; nobody can be found in them."""
    now, today = clock.now(), clock.today()
    is_open = Referral.status.in_(OPEN)
    yield (
        "referrals_open",
        "Referrals that somebody holds",
        _counted(select(Referral.id).where(is_open)),
    )
    yield (
        "referrals_overdue",
        "Open referrals whose due date has passed",
        _counted(select(Referral.id).where(is_open, Referral.due_on < today)),
    )
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.failed_at.is_(None),
        OutboxMessage.not_before <= now,
    )
    yield "outbox_waiting", "Messages due and not yet sent", _counted(waiting)
    failed = select(OutboxMessage.id).where(OutboxMessage.failed_at.is_not(None))
    yield "outbox_failed", "Messages given up", _counted(failed)


def _counted(rows: Select[Any]) -> int:
    capped = rows.limit(COUNTED_AT_MOST).subquery()
    return session().scalar(select(func.count()).select_from(capped)) or 0
