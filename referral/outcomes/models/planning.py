"""The person's plan: what matters, goals, who does what. It belongs to the person."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Plan(Identified, Versioned, Base):
    """One plan for each referral that a link-worker team works on.

    ``about_sealed`` opens with the person's key (context ``plan:<id>``) to ``{section: text}``
    with the keys of ``sections.SECTIONS`` (PRSB v1.1), and ``agreed_by``, who agreed when it was
    not the person. ``agreed``: None not asked yet.
    """

    __tablename__ = "plan"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    about_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    review_on: Mapped[date | None] = mapped_column(Date)
    agreed: Mapped[bool | None]
    agreed_on: Mapped[date | None] = mapped_column(Date)
    agreed_authority: Mapped[str | None] = mapped_column(String(16))
    made_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by: Mapped[uuid.UUID | None]


class Goal(Identified, Versioned, Base):
    """A goal in the person's words: ``text_sealed`` (context ``goal:<id>``).

    ``importance`` and ``confidence`` 1 to 10, None when not said. ``state``: ``open`` |
    ``reached`` | ``partly`` | ``set_aside``. ``chosen``: ``person`` (her own) | ``together`` |
    ``suggested`` | "" (not written down).
    """

    __tablename__ = "goal"
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    place: Mapped[int] = mapped_column(default=1)
    need: Mapped[str] = mapped_column(String(30), default="")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    importance: Mapped[int | None]
    confidence: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    chosen: Mapped[str] = mapped_column(String(10), default="")
    set_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (
        CheckConstraint("importance BETWEEN 1 AND 10", name="importance"),
        CheckConstraint("confidence BETWEEN 1 AND 10", name="confidence"),
        CheckConstraint("state IN ('open', 'reached', 'partly', 'set_aside')", name="state"),
        CheckConstraint("chosen IN ('', 'person', 'together', 'suggested')", name="chosen"),
    )


class PlanAction(Identified, Versioned, Base):
    """Who does what by when: ``text_sealed`` (context ``plan_action:<id>``).

    ``who``: ``person`` | ``supporter`` | ``link_worker`` | ``service`` | ``practice``; of a
    service, ``referral_id`` is the onward referral, once it is made.
    """

    __tablename__ = "plan_action"
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    goal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("goal.id"))
    who: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (
        CheckConstraint(
            "who IN ('person', 'supporter', 'link_worker', 'service', 'practice')", name="who"
        ),
        Index("ix_plan_action_user_id", "user_id", "done_on", "due_on"),
    )
