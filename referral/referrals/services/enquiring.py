"""Asked first: would somebody like this fit? Nobody is named until it becomes a referral."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, StaleVersion
from referral.core.i18n import _
from referral.directory.models import Service
from referral.referrals import clocks, disclosure, notifications, queries, references
from referral.referrals.models import Enquiry, Referral
from referral.referrals.services import submitting

_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


def ask_first(actor: Actor, data: Mapping[str, Any]) -> Enquiry:
    """Ask a service about fit, from the fields of ``schemas.AskFirst``.

    Raise ``Invalid`` on ``text`` when a number or an address stands in it, on ``service_id`` for
    one that is not in the directory here; ``Conflict`` where nobody could answer.
    """
    permit(actor, Permission.ASK_FIRST)
    if actor.organisation is None:
        raise Forbidden
    recipient_id = _asked(actor, data["service_id"])
    if found := disclosure.looks_personal(data["text"]):
        words = ", ".join(str(disclosure.PERSONAL[kind]) for kind in found)
        rule = _("Nobody may be named yet: take out what looks like {what}", what=words)
        raise Invalid({"text": [str(rule)]})
    area = (data.get("area") or "").strip().upper()
    if area and not _OUTWARD.fullmatch(area):
        rule = _("must be the first half of a postcode, such as G51")
        raise Invalid({"area": [str(rule)]})
    calendar, age = accounts.calendar_of(recipient_id), data.get("age_band")
    due_on = clocks.thread_due("question", clock.today(), calendar)
    made = Enquiry(
        id=new_id(),
        reference=references.new(),
        sender_id=actor.organisation,
        recipient_id=recipient_id,
        service_id=data["service_id"],
        asked_by_user_id=actor.user,
        needs=",".join(data.get("needs") or ()),
        area=area,
        age_band=None if age is None else min(90, age // 10 * 10),
        status="asked",
        asked_at=clock.now(),
        due_on=due_on,
        look_on=clocks.half_time_on(clock.today(), due_on, calendar),
    )
    _seal(made, {"text": data["text"]})
    session().add(made)
    session().flush()
    audit.record(actor, "enquiry:asked", ("enquiry", made.id))
    notifications.tell_of_enquiry(actor, made, "asked", "enquiry.txt")
    return made


def _asked(actor: Actor, service_id: uuid.UUID) -> uuid.UUID:
    """The organisation that answers for a service of the actor's directory."""
    recipient_id = session().scalar(
        select(Service.organisation_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(
            Service.id == service_id,
            Service.status == "active",
            Service.locality_id.is_not_distinct_from(actor.locality),
            Organisation.kind == "provider",
            Organisation.status == "active",
        )
    )
    if recipient_id is None:
        raise Invalid({"service_id": [str(_("is not a service you can ask"))]})
    if accounts.can_answer_unscoped(recipient_id, service_id) == "nobody":
        raise Conflict(str(_("Nobody there answers questions here yet. Please ring them.")))
    return recipient_id


def answer_enquiry(
    actor: Actor,
    enquiry_id: uuid.UUID,
    version: int | None,
    fits: str,
    text: str,
    said_by: str = "",
) -> Enquiry:
    """Say whether it would fit: who answers for the service, or a link worker for ``said_by``, who
    said it by telephone. Raise ``Conflict`` when it was answered already.
    """
    found = _take(actor, enquiry_id, version)
    own = found.recipient_id == actor.organisation and may(actor, Permission.ANSWER_REFERRALS)
    if not own:
        if actor.organisation_kind != "link_worker_team":
            raise Forbidden
        permit(actor, Permission.ANSWER_BY_TELEPHONE)
        if not said_by.strip():
            raise Invalid({"said_by": [str(_("Write who told you"))]})
    if found.status != "asked":
        raise Conflict(str(_("This was answered or closed already.")))
    found.status, found.fits, found.answered_at = "answered", fits, clock.now()
    found.answered_by_user_id, found.answered_by_contact_id = actor.user, actor.contact
    said = _opened(found) | {"answer": text}
    _seal(found, said if own else said | {"told_by": said_by.strip()})
    _changed(actor, found, "answered")
    notifications.tell_of_enquiry(actor, found, "answered", "enquiry_answered.txt", sender=True)
    return found


def convert(actor: Actor, enquiry_id: uuid.UUID, person_id: uuid.UUID) -> Referral:
    """Make a draft to the service that was asked, for a person the actor knows; the question and
    its answer stay with it.
    """
    permit(actor, Permission.REFER)
    found = _of_sender(actor, enquiry_id, None)
    if found.status not in ("asked", "answered"):
        raise Conflict(str(_("This became a referral or was closed already.")))
    answers: dict[str, Any] = {
        "person_id": person_id,
        "draft": True,
        "service_id": found.service_id,
    }
    if found.needs:
        answers["needs"] = found.needs.split(",")
    made = submitting.create(actor, answers)
    found.status, found.referral_id = "converted", made.id
    _changed(actor, found, "converted")
    return made


def close_enquiry(actor: Actor, enquiry_id: uuid.UUID, version: int | None) -> Enquiry:
    """Nothing came of it. By who asked."""
    found = _of_sender(actor, enquiry_id, version)
    if found.status not in ("asked", "answered"):
        raise Conflict(str(_("This became a referral or was closed already.")))
    found.status = "closed"
    _changed(actor, found, "closed")
    return found


def look_at_enquiry(actor: Actor, enquiry_id: uuid.UUID) -> bool:
    """The clock: a reminder at half time, and after the due date who asked is told. For the worker;
    late or twice tells nobody twice.
    """
    found = queries.enquiry_to_change(actor, enquiry_id)
    today = clock.today()
    if found.status != "asked" or found.look_on is None or found.look_on > today:
        return False
    assert found.due_on is not None  # noqa: S101 - set when it was asked
    if today <= found.due_on:
        found.look_on = found.due_on + timedelta(days=1)
        notifications.tell_of_enquiry(actor, found, "reminder", "enquiry.txt")
    else:
        found.look_on = None
        notifications.tell_of_enquiry(actor, found, "late", "enquiry_late.txt", sender=True)
    session().flush()
    return True


def _take(actor: Actor, enquiry_id: uuid.UUID, version: int | None) -> Enquiry:
    found = queries.enquiry_to_change(actor, enquiry_id)
    if version is not None and found.version != version:
        raise StaleVersion(version, found.version)
    return found


def _of_sender(actor: Actor, enquiry_id: uuid.UUID, version: int | None) -> Enquiry:
    found = _take(actor, enquiry_id, version)
    if found.sender_id != actor.organisation:
        raise Forbidden
    permit(actor, Permission.ASK_FIRST)
    return found


def _changed(actor: Actor, found: Enquiry, event: str) -> None:
    found.look_on = None
    found.version += 1
    session().flush()
    audit.record(actor, f"enquiry:{event}", ("enquiry", found.id))


def _opened(found: Enquiry) -> dict[str, str]:
    said: dict[str, str] = encryption.open_for_installation(
        found.text_sealed, f"enquiry:{found.id}"
    )
    return said


def _seal(found: Enquiry, said: Mapping[str, str]) -> None:
    found.text_sealed = encryption.seal_for_installation(dict(said), f"enquiry:{found.id}")
