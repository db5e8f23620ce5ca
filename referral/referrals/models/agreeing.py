"""What the person agreed to, and what they said since."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Consent(Identified, Base):
    """One immutable row each time the person (or who may speak for them) said yes, or no more.

    ``what``: ``given`` | ``changed`` | ``withdrawn``. The answers as they stand since are also
    columns of ``Referral``. ``wording`` is a key of ``consent.WORDINGS`` and so names what was
    said, its version and for whom it was written. ``said_sealed`` opens (context ``consent:<id>``)
    to ``{given_by, relation, why}``: the name of who answered, when it was not the person, and the
    reason for acting in their interest.
    """

    __tablename__ = "consent"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    what: Mapped[str] = mapped_column(String(10))
    refer: Mapped[bool]
    feedback: Mapped[str] = mapped_column(String(8))
    evaluation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evaluation.id"))
    authority: Mapped[str] = mapped_column(String(16))
    how: Mapped[str] = mapped_column(String(10))
    wording: Mapped[str] = mapped_column(String(40))
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(12))
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    __table_args__ = (
        CheckConstraint("what IN ('given', 'changed', 'withdrawn')", name="what"),
        CheckConstraint(
            "how IN ('in_person', 'phone', 'video', 'letter', 'page', 'program')", name="how"
        ),
    )


class Evaluation(Identified, Versioned, Base):
    """A study or evaluation that a privacy lead registered: only then is anybody asked."""

    __tablename__ = "evaluation"
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    led_by: Mapped[str] = mapped_column(String(200))
    approval: Mapped[str] = mapped_column(String(200), default="")  # such as an ethics reference
    words: Mapped[str] = mapped_column(Text)  # what the person is told
    asked_from: Mapped[date] = mapped_column(Date)
    asked_until: Mapped[date | None] = mapped_column(Date)
    registered_at: Mapped[datetime]
    registered_by: Mapped[uuid.UUID | None]


class PersonSaid(Identified, Base):
    """What the person said by telephone, at the desk, in a letter or on their page.

    ``kind`` is a key of ``codes.PERSON_SAID``; ``text_sealed`` opens (context
    ``person_said:<id>``) to ``{text, spoken_by}``.
    """

    __tablename__ = "person_said"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    how: Mapped[str] = mapped_column(String(10))
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
