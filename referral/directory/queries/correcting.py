"""Corrections that wait for somebody who keeps the entry; never where the reply goes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, literal, or_, select

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, may
from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.core.i18n import Lazy, _
from referral.directory.models import Correction, Service
from referral.directory.remarks import ABOUT, CORRECTION_STATES, STATE_KINDS

CONTEXT = "correction:"


@dataclass(frozen=True)
class CorrectionShown:
    """A correction as those who keep the entry see it. ``sender`` names no person."""

    id: uuid.UUID
    service_id: uuid.UUID
    service: str
    about: str
    text: str
    sender: str | Lazy
    wants_reply: bool
    status: str
    made_at: datetime
    decided_at: datetime | None
    reply: str
    version: int
    may_decide: bool

    @property
    def about_label(self) -> Lazy:
        return ABOUT[self.about]

    @property
    def status_label(self) -> Lazy:
        return CORRECTION_STATES[self.status]

    @property
    def status_kind(self) -> str:
        return STATE_KINDS.get(self.status, "")


def corrections(
    actor: Actor, status: str = "open", limit: int = 25, after: uuid.UUID | None = None
) -> list[CorrectionShown]:
    """Corrections of the locality, or of one's own entries, the oldest first when they are open.

    Raise ``Forbidden`` when the actor keeps nothing.
    """
    chosen = _chosen(actor).where(Correction.status == status)
    oldest_first = status == "open"
    chosen = chosen.order_by(Correction.id if oldest_first else Correction.id.desc()).limit(limit)
    if after is not None:
        chosen = chosen.where(Correction.id > after if oldest_first else Correction.id < after)
    return _shown(actor, [(row[0], row[1]) for row in session().execute(chosen)])


def correction(actor: Actor, correction_id: uuid.UUID) -> CorrectionShown:
    """One correction. Raise ``NotFound``."""
    row = session().execute(_chosen(actor).where(Correction.id == correction_id)).first()
    if row is None:
        raise NotFound
    return _shown(actor, [(row[0], row[1])])[0]


def corrections_in_scope(actor: Actor) -> ColumnElement[bool]:
    """Those of the locality for who keeps the directory, those of its own entries for a provider.

    Raise ``Forbidden`` when the actor keeps nothing.
    """
    if actor.kind == "system" or actor.has("administrator"):
        return literal(value=True)
    if may(actor, Permission.KEEP_DIRECTORY):
        return or_(Correction.locality_id == actor.locality, Correction.locality_id.is_(None))
    if may(actor, Permission.KEEP_OWN_LISTING):
        own = Service.organisation_id == actor.organisation
        return own if actor.organisation is not None else false()
    raise Forbidden


def _chosen(actor: Actor) -> Select[Correction, str]:
    return (
        select(Correction, Service.name)
        .join(Service, Service.id == Correction.service_id)
        .where(corrections_in_scope(actor))
    )


def _shown(actor: Actor, rows: Iterable[tuple[Correction, str]]) -> list[CorrectionShown]:
    found = list(rows)
    keeps = may(actor, Permission.KEEP_DIRECTORY)
    names = accounts.names_of(one.organisation_id for one, _name in found) if keeps else {}
    return [
        CorrectionShown(
            id=one.id,
            service_id=one.service_id,
            service=name,
            about=one.about,
            text=said_in(one),
            sender=_sender(one, names, keeps),
            wants_reply=one.actor_kind != "person" or one.reply_to_sealed is not None,
            status=one.status,
            made_at=one.made_at,
            decided_at=one.decided_at,
            reply=one.reply,
            version=one.version,
            may_decide=may(actor, Permission.KEEP_DIRECTORY, one),
        )
        for one, name in found
    ]


def said_in(one: Correction) -> str:
    """The sealed words of a correction."""
    said: str = encryption.open_for_installation(one.text_sealed, f"{CONTEXT}{one.id}")
    return said


def _sender(one: Correction, names: dict[uuid.UUID, str], keeps: bool) -> str | Lazy:
    """The organisation they work for, to whoever keeps the directory; nobody's name to anybody."""
    if one.actor_kind == "safe_link":
        return _("The organisation itself, by the link in a message")
    if one.organisation_id is None:
        return _("Somebody who was not signed in")
    if not keeps:
        return _("Somebody who works with the directory")
    return names.get(one.organisation_id, "")
