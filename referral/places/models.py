"""Where outward codes and postcodes lie, for distances that never leave the installation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base


class OutwardCode(Base):
    """The middle of an outward code, WGS 84 degrees.

    The folded names (``places/names.py``) are what somebody's words are looked up by.
    """

    __tablename__ = "outward_code"
    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    town: Mapped[str] = mapped_column(String(100), default="")
    region: Mapped[str] = mapped_column(String(100), default="")
    town_folded: Mapped[str] = mapped_column(String(100), default="", index=True)
    region_folded: Mapped[str] = mapped_column(String(100), default="", index=True)


class UnitPostcode(Base):
    """A live postcode without its space (``SW1A1AA``), WGS 84 degrees; from ONSPD."""

    __tablename__ = "unit_postcode"
    # Millions of short rows: SQLite keeps them once, in the order of the code.
    __table_args__ = {"sqlite_with_rowid": False}
    code: Mapped[str] = mapped_column(String(7), primary_key=True)
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)


class GazetteerLoad(Base):
    """How far a gazetteer file has been read, so that a load that was stopped goes on there.

    ``fingerprint`` is the file's (size, beginning, end); ``position`` a byte. Counts are of lines
    after the header, each one of: taken, terminated, pseudo (no place on any map), refused, blank.
    """

    __tablename__ = "gazetteer_load"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    lines: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    terminated: Mapped[int] = mapped_column(default=0)
    pseudo: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
