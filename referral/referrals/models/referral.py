"""The referral, its immutable history, and the clocks agreed for a pair."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Referral(Identified, Versioned, Base):
    """One referral and who holds it now.

    ``text_sealed`` opens with the person's key (context ``referral:<id>``) to ``{reason, risk_text,
    outcome_summary, actions_for_practice[], consent_note}``. ``needs``, ``reach_by`` and
    ``access_needs`` are comma-separated keys; ``area`` is the outward code and ``age_band`` the
    decade at sending: what a recipient may see before accepting, without opening the identity.
    """

    __tablename__ = "referral"
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    # Both organisations on every row, from the first migration on.
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    recipient_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    # The practice responsible for medical care, and the link-worker team once it is involved.
    practice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    fallback_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"))
    sent_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    # The inbox of the sender's that the message back goes to (PRSB "return response to").
    return_to_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    triage: Mapped[bool] = mapped_column(Boolean, default=False)

    status: Mapped[str] = mapped_column(String(20), default="draft")
    status_before: Mapped[str | None] = mapped_column(String(20))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    owner_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    # Who said yes by safe link; never together with ``owner_user_id``.
    owner_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    next_step: Mapped[str | None] = mapped_column(String(30))
    due_on: Mapped[date | None] = mapped_column(Date)
    # What lists are ordered by: ``due_on``, and behind it what is not due, the latest first.
    listed_on: Mapped[date] = mapped_column(Date)
    # Feedback that asks nothing: it closes at its date and is never overdue.
    self_closing: Mapped[bool] = mapped_column(default=False)
    # When the status began, or its clock began again.
    status_since: Mapped[datetime]
    # When the sweep must look again; null when there is nothing to watch.
    look_on: Mapped[date | None] = mapped_column(Date)
    clock_left: Mapped[int | None]  # working days left on the recipient's stopped clock
    expected_on: Mapped[date | None] = mapped_column(Date)
    exception: Mapped[bool] = mapped_column(default=False)  # on the lead's list

    urgency: Mapped[str] = mapped_column(String(8), default="routine")
    needs: Mapped[str] = mapped_column(String(400), default="")
    risk_known: Mapped[bool | None]  # None: not stated yet, in a draft
    area: Mapped[str] = mapped_column(String(4), default="")
    sex: Mapped[str] = mapped_column(String(10), default="")
    age_band: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(40), default="")
    interpreter: Mapped[bool] = mapped_column(default=False)
    reach_by: Mapped[str] = mapped_column(String(200), default="")
    access_needs: Mapped[str] = mapped_column(String(400), default="")
    if_not: Mapped[str] = mapped_column(String(12), default="link_worker")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    consent_refer: Mapped[bool] = mapped_column(default=False)
    consent_feedback: Mapped[str] = mapped_column(String(8), default="full")
    consent_evaluation: Mapped[bool] = mapped_column(default=False)
    consent_told: Mapped[bool] = mapped_column(default=False)
    consent_authority: Mapped[str] = mapped_column(String(16), default="self")
    # The person stopped sharing: from then on no recipient is shown anything.
    consent_withdrawn_at: Mapped[datetime | None]

    # The person reads the message first; the practice has its words from ``summary_from`` on.
    sees_first: Mapped[bool] = mapped_column(default=False)
    summary_from: Mapped[datetime | None]
    # In which language the person is written to: a code of ``i18n.LANGUAGES``.
    written_in: Mapped[str] = mapped_column(String(5), default="en")

    # Who began it: ``professional``, ``self`` or ``carer``; of a carer, ``text_sealed`` has who.
    asked_by: Mapped[str] = mapped_column(String(12), default="professional")
    # How much work the team thinks it is, for the guide: ``light``, ``usual`` or ``heavy``.
    weight: Mapped[str] = mapped_column(String(6), default="usual")

    # It began in another system and was taken on where it stood: it is in no funnel and no times.
    brought: Mapped[bool] = mapped_column(default=False)

    outcome: Mapped[str | None] = mapped_column(String(12))
    told_by: Mapped[str | None] = mapped_column(String(8))
    # Of one that got what they needed: they said so themselves.
    said_so: Mapped[bool] = mapped_column(default=False)
    end_reason: Mapped[str | None] = mapped_column(String(30))
    decline_reason: Mapped[str | None] = mapped_column(String(30))
    actions_count: Mapped[int] = mapped_column(default=0)
    based_on_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))

    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]  # went back because nobody answered
    closed_at: Mapped[datetime | None]
    amended_at: Mapped[datetime | None]
    attendances: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    __table_args__ = (
        *(
            Index(f"ix_referral_{name}", f"{name}_id", "listed_on", "id")
            for name in ("sender", "recipient", "practice", "team", "owner", "owner_user")
        ),
        Index("ix_referral_look_on", "look_on", "id"),
    )


class StatusChange(Identified, Base):
    """One immutable row per event on a referral; ``number`` is the version it made.

    ``note_sealed`` opens (context ``status_change:<id>``) to ``{note, reason, suggestion}``: what
    was said; ``reason`` there only when it is text and not a key; ``told_by`` the name of whoever
    said it, where ``on_behalf_id`` is set.
    """

    __tablename__ = "status_change"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"))
    number: Mapped[int]
    verb: Mapped[str] = mapped_column(String(20))
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[uuid.UUID | None]
    actor_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    party: Mapped[str] = mapped_column(String(12))
    # Recorded by the actor for this organisation, which said it by telephone or on paper.
    on_behalf_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str | None] = mapped_column(String(30))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Columns as they were before the event, for `undo`; JSON of scalars, no personal data.
    before: Mapped[str] = mapped_column(String(2000), default="{}")
    undone: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (UniqueConstraint("referral_id", "number"),)


class ClockRule(Identified, Base):
    """Working days agreed for a status between a sender and a recipient, while in force.

    Written when a compact is signed (``partnership``); ``urgent`` only ever shortens.
    """

    __tablename__ = "clock_rule"
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    recipient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[str] = mapped_column(String(20))
    days: Mapped[int]
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)  # the last day, inclusive
    __table_args__ = (UniqueConstraint("sender_id", "recipient_id", "status", "since"),)
