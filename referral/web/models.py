"""What the web floor keeps: the answers to repeated requests."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified

KEY_MAX = 255


class IdempotencyRecord(Identified, Base):
    """One ``Idempotency-Key`` of one client: a keyed digest of its request, its sealed answer."""

    __tablename__ = "idempotency_record"
    client_id: Mapped[uuid.UUID]
    key: Mapped[str] = mapped_column(String(KEY_MAX))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (UniqueConstraint("client_id", "key"),)
