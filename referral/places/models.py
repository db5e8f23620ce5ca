"""Where outward codes lie, for distances that never leave the installation."""

from __future__ import annotations

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base


class OutwardCode(Base):
    """The middle of an outward code, WGS 84 degrees."""

    __tablename__ = "outward_code"
    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    town: Mapped[str] = mapped_column(String(100), default="")
