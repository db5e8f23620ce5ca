"""The people behind services and practices in the invented town, and who has met whom."""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from referral.accounts.models import User
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory import schemas as shapes
from referral.directory import services as directory
from referral.directory.models import Service
from referral.partnership import schemas, services
from referral.seed import calendar, reading
from referral.seed.reading import Table
from referral.seed.town import Town, looked_at

KEEPERS = ("practice_manager", "link_worker_lead", "provider_manager", "provider_worker")
SPEAKERS = ("practice_staff", "link_worker", *KEEPERS)
SHOWN_SINCE = 200  # days ago
ANSWERED_AFTER = 2  # days
SIDE = 400
# (ground, figure): calm colours on which white letters can be read.
COLOURS = (
    ("#0b4f5c", "#2b7c8a"), ("#5a3b6b", "#8a65a0"), ("#7a4a12", "#a8722f"), ("#1f5c3a", "#44906a"),
    ("#8a2f3c", "#b8606c"), ("#2f4a8a", "#5f7cbb"), ("#4c6272", "#7b92a3"), ("#6b5a12", "#988431"),
)  # fmt: skip


def portrait(name: str) -> bytes:
    """A picture that is nobody's face: the initials on a colour, with head and shoulders behind."""
    ground, figure = COLOURS[zlib.crc32(name.encode()) % len(COLOURS)]
    made = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(made)
    pen.ellipse((120, 60, 280, 220), fill=figure)
    pen.ellipse((40, 230, 360, 560), fill=figure)
    words = name.removeprefix("Dr ").split()
    initials = "".join(word[0] for word in (words[0], words[-1]))
    pen.text((SIDE / 2, 300), initials, "white", ImageFont.load_default(120), anchor="mm")
    out = BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def show_people(town: Town) -> None:
    """Everybody's profile, most of them with a portrait they agreed to."""
    accounts = {row.email: row.id for row in session().execute(select(User.email, User.id))}
    offered: dict[tuple[UUID, str], UUID] = {
        (row.organisation_id, row.name): row.id
        for row in session().execute(select(Service.organisation_id, Service.name, Service.id))
    }
    day = clock.today() - timedelta(days=SHOWN_SINCE)
    with clock.at(calendar.at(day, 11)):
        for said in [*_contacts(), *reading.table("known")["people"]]:
            keeper = town.who(said["at"], *KEEPERS)[0]
            organisation = town.organisations[said["at"]]
            data = shapes.Profile().read(
                {
                    "name": said["name"],
                    "role": said.get("role", ""),
                    "can_do": said.get("can_do", ""),
                    "beyond_role": said.get("beyond_role", ""),
                    "ring_hours": said.get("ring_hours", ""),
                    "phone": said.get("phone", ""),
                    "is_public": said.get("public", False) and not looked_at(said["at"]),
                    "services": [
                        str(offered[organisation, name]) for name in said.get("services", ())
                    ],
                    "user_id": str(accounts[said["mail"]]) if "mail" in said else None,
                }
            )
            made = directory.add_profile(keeper, organisation, data)
            if zlib.crc32(said["name"].encode()) % 4:
                picture = portrait(said["name"])
                directory.set_photo(keeper, made.id, picture, agreed=True)


def introduce(town: Town) -> None:
    """Who met whom: most confirmed, some waiting for either side, one a mistake."""
    today = clock.today()
    for said in reading.table("known")["meetings"]:
        met_on = _working_day(today - timedelta(days=said["days"]))
        speaker, listener = (town.who(said[key], *SPEAKERS)[0] for key in ("by", "with"))
        data = schemas.Introduce().read(
            {
                "organisation_id": str(town.organisations[said["with"]]),
                "met_on": met_on.isoformat(),
                "where": said.get("where", ""),
                "people": said["people"],
                "note": said.get("note", ""),
            }
        )
        with clock.at(calendar.at(met_on, 16)):
            made = services.introduce(speaker, data)
        with clock.at(calendar.at(met_on + timedelta(days=ANSWERED_AFTER), 10)):
            _answer(listener, made.id, said)


def _answer(listener: Actor, introduction_id: UUID, said: Table) -> None:
    state = said.get("state", "confirmed")
    if state == "confirmed":
        data = schemas.ConfirmMeeting().read({"people": said["they"]})
        services.confirm(listener, introduction_id, 1, data)
    elif state == "declined":
        services.decline(listener, introduction_id, 1, said["reason"])


def _contacts() -> list[Table]:
    """Each provider's contact, as its entry names them; every other one is shown to everybody."""
    users = {(row["at"], row["name"]): row["email"] for row in reading.table("locality")["users"]}
    found: list[Table] = []
    for number, row in enumerate(reading.providers()):
        if " " not in row["contact"] or row["contact"].startswith("Duty"):
            continue  # a safe house names nobody
        mail = users.get((row["key"], row["contact"]))
        found.append(
            {
                "at": row["key"],
                "name": row["contact"],
                "role": row.get("contact_role", "coordinator"),
                "ring_hours": row["hours"],
                "phone": row["phone"],
                "public": number % 2 == 0,
                **({"mail": mail} if mail else {}),
            }
        )
    return found


def _working_day(day: date) -> date:
    while not calendar.TOWN.is_working(day):
        day -= timedelta(days=1)
    return day
