""" "Something wrong?": anybody says so, somebody who keeps the entry looks, the sender is told."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select, update

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound
from referral.core.i18n import _
from referral.directory import notifications
from referral.directory.models import Correction, Service
from referral.directory.queries.correcting import CONTEXT, corrections_in_scope
from referral.directory.queries.searching import in_scope
from referral.directory.remarks import ABOUT
from referral.directory.services.asking import holder_of
from referral.directory.services.locking import same_version
from referral.outbox.rendering import Personal, refuse_personal

ADDRESS_KEPT = timedelta(days=90)
TO = "correction-to:"


def suggest(
    actor: Actor, service_id: uuid.UUID, about: str, text: str, reply_to: str = ""
) -> Correction:
    """Write down what somebody says is wrong; ``reply_to`` only from who has no account.

    Raise ``NotFound`` for an entry out of scope. What was said is sealed: it may name people.
    """
    service = session().scalar(select(Service).where(Service.id == service_id, in_scope(actor)))
    if service is None:
        raise NotFound
    made = Correction(
        id=new_id(),
        service_id=service.id,
        locality_id=service.locality_id,
        about=about,
        actor_kind=actor.kind,
        actor_id=actor.id,
        organisation_id=actor.organisation,
        made_at=clock.now(),
    )
    words = text or str(ABOUT[about])
    made.text_sealed = encryption.seal_for_installation(words, f"{CONTEXT}{made.id}")
    if reply_to and actor.id is None:
        made.reply_to_sealed = encryption.seal_for_installation(reply_to, f"{TO}{made.id}")
    session().add(made)
    audit.record(actor, "correction:made", ("service", service.id), about=about)
    return made


def suggest_by_link(
    actor: Actor, token: str, service_id: uuid.UUID, about: str, text: str
) -> Correction:
    """The same from whoever holds the link of a message that names the entry."""
    holder, named = holder_of(token)
    if service_id not in named:
        raise NotFound
    return suggest(holder, service_id, about, text)


def decide_correction(
    actor: Actor, correction_id: uuid.UUID, version: int, outcome: str, reply: str
) -> Correction:
    """Say what became of it, ``mended`` or ``left``, and tell the sender; the entry is not touched.

    Raise ``Conflict`` when it was decided before.
    """
    found = _locked(actor, correction_id)
    permit(actor, Permission.KEEP_DIRECTORY, found)
    same_version(actor, found.version, version)
    if found.status != "open":
        raise Conflict(str(_("Somebody has answered this already.")))
    _check_words(reply)
    service = session().get_one(Service, found.service_id)
    found.status, found.reply = outcome, reply
    found.decided_at, found.decided_by = clock.now(), actor.id
    found.version += 1
    for to in _addresses(found, service):
        notifications.correction_answered(actor, to, found, service.name)
    found.reply_to_sealed = None
    audit.record(actor, "correction:decided", ("service", service.id), outcome=outcome)
    return found


def forget_addresses(actor: Actor) -> int:
    """Forget addresses of corrections nobody answered in time; how many."""
    done = session().execute(
        update(Correction)
        .where(
            Correction.reply_to_sealed.is_not(None),
            Correction.made_at < clock.now() - ADDRESS_KEPT,
        )
        .values(reply_to_sealed=None)
    )
    return int(done.rowcount)  # type: ignore[attr-defined] # a cursor result


def _locked(actor: Actor, correction_id: uuid.UUID) -> Correction:
    found = session().scalar(
        select(Correction)
        .join(Service, Service.id == Correction.service_id)
        .where(Correction.id == correction_id, corrections_in_scope(actor))
        .with_for_update(of=Correction)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _check_words(reply: str) -> None:
    """The reply leaves by email, so it may not carry what identifies somebody."""
    try:
        refuse_personal({"words": reply})
    except Personal as error:
        rule = _("goes by email: leave out email addresses and ten-digit numbers")
        raise Invalid({"reply": [str(rule)]}) from error


def _addresses(found: Correction, service: Service) -> list[str]:
    """Where the reply goes: the sender's own address, or their organisation's."""
    if found.reply_to_sealed is not None:
        sealed: str = encryption.open_for_installation(found.reply_to_sealed, f"{TO}{found.id}")
        return [sealed]
    own = accounts.email_of(found.actor_id) if found.actor_id is not None else None
    if own:
        return [own]
    if found.organisation_id is None:
        return []
    inbox = accounts.inbox_of(found.organisation_id)
    own_entry = found.organisation_id == service.organisation_id
    return inbox or ([service.email] if own_entry and service.email else [])
