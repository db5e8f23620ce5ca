"""From what must be told to a way of telling it: a text, an email, a letter, or somebody."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.core.calendar import Calendar
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import speaking
from referral.core.schema import as_mobile
from referral.outbox.channels import sends_texts
from referral.outbox.rendering import Postcard, Published
from referral.outbox.services import enqueue
from referral.people import queries as people
from referral.people.identity import Identity
from referral.people.queries import Standing
from referral.referrals import queries, telling
from referral.referrals.models import Appointment, PersonNotice, Referral
from referral.referrals.services.person_notices import making

FOLDER = "referrals/messages/"


def taken(actor: Actor, notice_id: uuid.UUID) -> tuple[Referral, PersonNotice]:
    """The referral, then the notice: both locked, as everybody locks them. Raise ``NotFound``."""
    referral_id = session().scalar(
        select(PersonNotice.referral_id).where(PersonNotice.id == notice_id)
    )
    if referral_id is None:
        raise NotFound
    found = queries.referral(actor, referral_id, to_change=True)
    notice = session().scalar(
        select(PersonNotice)
        .where(PersonNotice.id == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if notice is None:
        raise NotFound
    return found, notice


def release(actor: Actor, notice_id: uuid.UUID) -> str:
    """The quarter of an hour is over: choose the way, and send or hand it to somebody.

    Answers the notice's new state; "" when there was nothing to do.
    """
    found, notice = taken(actor, notice_id)
    if notice.state != "held" or notice.not_before > clock.now():
        return ""
    gone = silent(found, notice) or not _still_planned(notice) or _said_anew(notice)
    chosen = None if gone else _way_for(actor, found, notice)
    if chosen is None:
        making.put_aside(notice)
        session().flush()
        return notice.state
    take_way(actor, found, notice, chosen)
    return notice.state


def silent(found: Referral, notice: PersonNotice) -> bool:
    """Whether nothing more is said of the referral; an answer to a complaint always is."""
    return found.status in queries.SAYS_NOTHING and notice.event not in telling.OF_COMPLAINT


def _said_anew(notice: PersonNotice) -> bool:
    """Whether a later step is to be told at this moment, too: after a pause of the worker the
    person hears how things stand, not how they came about.
    """
    if notice.event in telling.STANDS_ALONE:
        return False
    later = select(PersonNotice.id).where(
        PersonNotice.referral_id == notice.referral_id,
        PersonNotice.id > notice.id,
        PersonNotice.state == "held",
        PersonNotice.not_before <= clock.now(),
        PersonNotice.event.not_in(telling.STANDS_ALONE),
    )
    return session().scalar(later.limit(1)) is not None


def again(actor: Actor, found: Referral, event: str, channel: str) -> PersonNotice:
    """Tell once more, now and in the way somebody chose; whoever calls has looked at the scope.

    The same on the same day is told once.
    """
    key = f"{found.id}:{found.version}:{event}-{channel}-{clock.today():%j}:1"
    known = session().scalar(select(PersonNotice).where(PersonNotice.key == key))
    if known is not None:
        return known
    notice = making.hold(actor, found, event, key)
    take_way(actor, found, notice, channel)
    return notice


def take_way(actor: Actor, found: Referral, notice: PersonNotice, channel: str) -> None:
    """Put a notice into the outbox, or into somebody's hands until a day."""
    notice.channel, notice.version = channel, notice.version + 1
    if notice.event not in telling.OF_COMPLAINT:
        notice.owner_id, notice.owner_user_id = _hands(found)
    days = telling.days(channel)
    if days is None:
        notice.state = "queued"
        _enqueue(actor, found, notice)
    else:
        today, calendar = clock.today(), accounts.calendar_of(notice.owner_id)
        due = [calendar.due(today, days), *_overtaken(notice), *_before(found, notice, calendar)]
        notice.state = "waiting"
        notice.due_on = min(due)
        notice.look_on = max(notice.due_on, today) + timedelta(days=1)
    session().flush()


def lost(actor: Actor, notice_id: uuid.UUID) -> PersonNotice | None:
    """It did not arrive: the next try is a notice of its own, by another way.

    None when it was not on its way any more, or there is nobody to tell.
    """
    found, notice = taken(actor, notice_id)
    if notice.state != "queued":
        return None
    notice.state, notice.done_at, notice.version = "lost", clock.now(), notice.version + 1
    session().flush()
    chosen = _way_for(actor, found, notice)
    return None if chosen is None else next_try(actor, found, notice, chosen)


def next_try(
    actor: Actor, found: Referral, notice: PersonNotice, channel: str
) -> PersonNotice | None:
    """Another notice of the same, by ``channel``; None when there is one."""
    key = telling.next_key(notice.key)
    if session().scalar(select(PersonNotice.id).where(PersonNotice.key == key)) is not None:
        return None
    made = making.hold(actor, found, notice.event, key)
    made.owner_id, made.owner_user_id = notice.owner_id, notice.owner_user_id
    take_way(actor, found, made, channel)
    return made


def _way_for(actor: Actor, found: Referral, notice: PersonNotice) -> str | None:
    """How this is told; None where it is not worth a letter or a call."""
    chosen = way_of(actor, found)
    by_hand = chosen is not None and telling.days(chosen) is not None
    return None if by_hand and notice.event in telling.ONLY_BY_MESSAGE else chosen


def way_of(actor: Actor, found: Referral) -> str | None:
    """How this person is told today; None for somebody who has died."""
    person = found.person_id
    identity = people.open_identities_unscoped([person])[person]
    standing = people.standings_unscoped([person])[person]
    not_arrived = session().scalars(
        select(PersonNotice.channel).where(
            PersonNotice.referral_id == found.id, PersonNotice.state == "lost"
        )
    )
    return telling.channel(_way(identity, standing), lost=set(not_arrived))


def _way(identity: Identity, standing: Standing) -> telling.Way:
    return telling.Way(
        reach_by=identity.reach_by,
        has_mobile=bool(as_mobile(identity.phone)) and sends_texts(),
        has_email=bool(identity.email),
        has_address=bool(identity.address.strip()),
        safe_to_leave_message=identity.safe_to_leave_message,
        unsafe_to_contact=standing.unsafe_to_contact,
        deceased=standing.deceased_on is not None,
    )


def _hands(found: Referral) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Who prints or tells: the sender; of what was sent for triage, the team that holds it."""
    holds = found.team_id is not None and found.owner_id == found.team_id
    owner = found.team_id if found.triage and holds and found.team_id else found.sender_id
    named = found.sent_by_id if owner == found.sender_id else None
    if owner == found.owner_id and found.owner_user_id is not None:
        named = found.owner_user_id
    told = accounts.told_unscoped(named, owner) if named else None
    return owner, named if told is not None and told.is_there else None


def _overtaken(notice: PersonNotice) -> list[date]:
    """Let go of what still waits to be printed or told of the same referral: one telling is enough.

    Answers when those were due; the newest is due as the first of them.
    """
    older = list(
        session().scalars(
            select(PersonNotice)
            .where(
                PersonNotice.referral_id == notice.referral_id,
                PersonNotice.id < notice.id,
                PersonNotice.state == "waiting",
                PersonNotice.printed_at.is_(None),
                PersonNotice.event.not_in(telling.STANDS_ALONE),
            )
            .order_by(PersonNotice.id)
            .with_for_update()
        )
    )
    if notice.event in telling.STANDS_ALONE:
        return []
    for one in older:
        making.put_aside(one)
    return [one.due_on for one in older if one.due_on is not None]


def _before(found: Referral, notice: PersonNotice, calendar: Calendar) -> list[date]:
    """Of an appointment is told on a working day before it; where there is none left, today.

    Of a step by the day that is said: "you will hear by Monday" is no news on Tuesday.
    """
    today = clock.today()
    if notice.event not in telling.OF_APPOINTMENT:
        said = found.status in telling.SAYS_WHEN.get(notice.event, ())
        return [max(found.due_on, today)] if said and found.due_on else []
    made = session().get_one(Appointment, telling.appointment_of(notice.key))
    day = clock.local(made.at).date() - timedelta(days=1)
    while day > today and not calendar.is_working(day):
        day -= timedelta(days=1)
    return [max(day, today)]


def said(actor: Actor, found: Referral, notice: PersonNotice) -> tuple[str, str]:
    """(reference, sentence) the person is told."""
    return queries.said_unscoped([(notice, found)])[notice.id]


def _still_planned(notice: PersonNotice) -> bool:
    if notice.event not in telling.OF_APPOINTMENT:
        return True
    found = session().get_one(Appointment, telling.appointment_of(notice.key))
    stands = "cancelled" if notice.event == "called_off" else "planned"
    return found.state == stands and found.at > clock.now()


def _enqueue(actor: Actor, found: Referral, notice: PersonNotice) -> None:
    with speaking(found.written_in):
        _enqueue_in_their_language(actor, found, notice)


def _enqueue_in_their_language(actor: Actor, found: Referral, notice: PersonNotice) -> None:
    identity = people.open_identities_unscoped([found.person_id])[found.person_id]
    reference, sentence = said(actor, found, notice)
    asks = accounts.organisation_unscoped(notice.owner_id)
    by_text = notice.channel == "text"
    context: dict[str, Postcard] = {
        "reference": reference,
        "said": Published(sentence),
        "whom": Published(asks.name),
        "ring": Published(asks.phone),
    }
    if by_text:
        line = telling.in_a_text(reference, sentence, asks.name, asks.phone)
        context = {"line": Published(line)}
    enqueue(
        actor,
        key=f"notice:{notice.key}",
        to=as_mobile(identity.phone) if by_text else identity.email,
        template=FOLDER + ("person_text.txt" if by_text else "person_email.txt"),
        context=context,
        organisation=notice.owner_id,
        subject_id=found.id,
        not_before=telling.may_leave_at(clock.now()) if by_text else None,
        channel=notice.channel,
        forget_to=True,
        kind=notice.event,
        reader="person",
        reader_id=notice.id,
    )
