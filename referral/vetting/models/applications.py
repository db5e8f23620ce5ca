"""Who asked to be checked where, for what, and what was decided."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned
from referral.vetting.checks import TIERS
from referral.vetting.judging import DECISIONS, STATUS_LABELS
from referral.vetting.proportion import WAYS


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class VettedOrganisation(Versioned, Base):
    """What is true of the whole organisation (``proportion.BEING``); None = not said yet."""

    __tablename__ = "vetted_organisation"
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True
    )
    # Keys of ``proportion.BEING`` that are true, as a JSON list.
    facts: Mapped[list[str] | None] = mapped_column(JSON)
    said_at: Mapped[datetime | None]
    said_by: Mapped[uuid.UUID | None]


class VettedService(Versioned, Base):
    """What one service does, and what vetting last wrote to its ``Listing``.

    ``facts``: keys of ``proportion.DOING`` that are true; None = not said yet, then ``home_visits``
    and the ages of the entry are all that is known. ``way``: key of ``WAYS``.
    ``state``, ``until``, ``accepts`` are ``passport.Standing``'s of the day it was written down,
    from the entry as it was at ``entry_updated_at`` (``Service.updated_at``).
    """

    __tablename__ = "vetted_service"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    locality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("locality.id"))
    way: Mapped[str] = mapped_column(String(10), default="referral")
    facts: Mapped[list[str] | None] = mapped_column(JSON)
    tier: Mapped[str] = mapped_column(String(1), default="G")
    state: Mapped[str] = mapped_column(String(12), default="none")
    accepts: Mapped[bool] = mapped_column(default=False)
    until: Mapped[date | None] = mapped_column(Date)
    entry_updated_at: Mapped[datetime | None]
    __table_args__ = (
        _one_of("way", tuple(WAYS)),
        _one_of("tier", TIERS),
        # Counts of the locality by tier and state.
        Index("ix_vetted_service_locality_id", "locality_id", "tier", "state"),
    )


class Application(Identified, Versioned, Base):
    """An organisation in a locality: one row for the pair, whatever happens to it.

    ``tier`` is the highest its services need now, ``approved_tier`` the highest it was approved
    for. ``status``: ``judging.STATUS_LABELS``. ``pending_id``: the decision that waits for a second
    reviewer; ``decision_id``: the last one that counts. ``waived``: ``{check: ISO date}``, what may
    still be given until then. ``conditions``: in force, "" = none.
    """

    __tablename__ = "vetting_application"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    locality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("locality.id"))
    status: Mapped[str] = mapped_column(String(12), default="draft")
    tier: Mapped[str] = mapped_column(String(1), default="S")
    approved_tier: Mapped[str | None] = mapped_column(String(1))
    conditions: Mapped[str] = mapped_column(Text, default="")
    waived: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # What came with the invitation, or why it took itself back; both sides read it.
    said: Mapped[str] = mapped_column(Text, default="")
    invited_at: Mapped[datetime | None]
    invited_by: Mapped[uuid.UUID | None]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[uuid.UUID | None]
    # The link-worker team (or other organisation) whose people review it; told of what ends.
    reviewer_organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id")
    )
    # No foreign keys: decisions point here.
    decision_id: Mapped[uuid.UUID | None]
    pending_id: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    # Referrals are held back since then because a check ran out; None = they are not.
    paused_on: Mapped[date | None] = mapped_column(Date)
    # The day vetting's clock looks at it next; None = never.
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    # The first day something waits for a reviewer (application or answer); None = nothing does.
    waiting_since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        _one_of("status", tuple(STATUS_LABELS)),
        _one_of("tier", TIERS),
        UniqueConstraint("organisation_id", "locality_id"),
        # The reviewer's queue, oldest first.
        Index("ix_vetting_application_waiting", "locality_id", "waiting_since", "id"),
        Index("ix_vetting_application_status", "locality_id", "status", "id"),
    )


class Decision(Identified, Base):
    """What was decided, by whom, when, why, on what. Never changed.

    ``kind``: ``judging.DECISIONS``. ``of_id``: the decision that ``agree`` or ``differ`` is about,
    or that ``reinstate`` restores. ``status``: what the application became. ``counts``: False while
    an approval waits for its second reviewer. ``seen`` is the checklist the decider had before
    them: ``[{"check", "state", "until", "evidence_id", "evidence_version", "held_by"}]``.
    ``decided_by`` None = the installation itself (removed from a register).
    """

    __tablename__ = "vetting_decision"
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("vetting_application.id"))
    kind: Mapped[str] = mapped_column(String(30))
    of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("vetting_decision.id"))
    tier: Mapped[str] = mapped_column(String(1))
    status: Mapped[str] = mapped_column(String(12))
    counts: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text, default="")
    waived: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    appeal_route: Mapped[str] = mapped_column(Text, default="")
    # ``SchemeVersion.number`` it was made under; 0 = the national default of ``scheme_base``.
    scheme_number: Mapped[int] = mapped_column(default=0)
    scheme_base: Mapped[int]
    seen: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    decided_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None]
    # Role and organisation at the time: what readers are shown.
    role: Mapped[str] = mapped_column(String(20), default="")
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    # The application's version that was decided on.
    application_version: Mapped[int]
    __table_args__ = (
        _one_of("kind", tuple(DECISIONS)),
        Index("ix_vetting_decision_application_id", "application_id", "id"),
    )
