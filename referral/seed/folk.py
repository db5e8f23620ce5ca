"""Makes up the people who are referred: names, 999 numbers, addresses, how to reach them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from referral.seed import reading
from referral.seed.reading import Table

# Inward letters: all but C I K M O V, as in real postcodes.
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
LANGUAGES = ("English",) * 16 + ("Urdu", "Polish", "Punjabi", "Arabic", "Romanian")
WAYS: tuple[list[str], ...] = (
    [],
    ["phone"],
    ["phone"],
    ["phone", "text"],
    ["text"],
    ["text", "email"],
    ["email"],
    ["letter"],
)
ACCESS: tuple[list[str], ...] = (
    [],
    [],
    [],
    [],
    ["mobility"],
    ["hearing"],
    ["sight", "large_print"],
    ["transport"],
)
NEARBY = {
    "northgate": ("G51", "G51", "G51", "G52", "G41"),
    "harbour": ("G41", "G41", "G42", "G51"),
    "muirside": ("G52", "G52", "G53"),
    "lennox": ("G11", "G11", "G51"),
    "parkview": ("G53", "G53", "G52"),
    "oldmill": ("G42", "G42", "G43"),
}
PRONOUNS = {
    "female": {"she": "she", "her": "her", "them": "her", "spouse": "husband"},
    "male": {"she": "he", "her": "his", "them": "him", "spouse": "wife"},
}


@dataclass
class Someone:
    """One invented person; ``fields`` as ``people.schemas.Person`` takes them."""

    practice: str
    age: int
    sex: str
    fields: Table
    story: Table
    registered: dict[str, UUID] = field(default_factory=dict)  # by who registered: a key of a town
    served: set[UUID] = field(default_factory=set)

    def tell(self, text: str) -> str:
        """``text`` with the right pronouns."""
        words = PRONOUNS[self.sex]
        told = text
        for key, word in words.items():
            told = told.replace("{" + key + "}", word)
            told = told.replace("{" + key.capitalize() + "}", word.capitalize())
        return told


def number(serial: int) -> str:
    """The ``serial``-th 999 number with a right check digit (modulus 11)."""
    stem = f"999{serial:06d}"
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(stem)) % 11
    return number(serial + 500_000) if check == 10 else f"{stem}{check % 11}"


def people(
    dice: random.Random, today: date, count: int, practices: dict[str, Table]
) -> list[Someone]:
    """``count`` people, the named ones of the drawn screens first."""
    named = reading.table("names")["people"]
    stories = reading.table("stories")["stories"]
    places = [key for key, row in practices.items() for _n in range(row["share"])]
    made = []
    for serial in range(count):
        said = named[serial] if serial < len(named) else {}
        story = _story_for(said, stories, dice, today)
        made.append(_someone(serial, said, story, dice, today, places))
    return made


def _story_for(said: Table, stories: list[Table], dice: random.Random, today: date) -> Table:
    if not said:
        return dice.choices(stories, [row["weight"] for row in stories])[0]
    age = today.year - said["born"]
    return dice.choice([row for row in stories[:8] if row["ages"][0] <= age <= row["ages"][1]])


def _someone(
    serial: int, said: Table, story: Table, dice: random.Random, today: date, places: list[str]
) -> Someone:
    lists = reading.table("names")["lists"]
    sex = said.get("sex") or dice.choice(("female", "female", "male"))
    practice = said.get("practice") or dice.choice(places)
    age = today.year - said["born"] if said else dice.randint(*story["ages"])
    born = date(today.year - age, 1, 1) + timedelta(days=dice.randint(0, 300))
    given = said.get("given_name") or dice.choice(lists[sex])
    family = said.get("family_name") or dice.choice(lists["family"])
    area = said.get("area") or dice.choice(NEARBY[practice])
    reach_by = said.get("reach_by") or dice.choice(WAYS)
    return Someone(
        practice=practice,
        age=age,
        sex=sex,
        story=story,
        fields={
            "health_number": {"type": "nhs", "value": number(1000 + serial * 7)},
            "title": said.get("title") or _title(sex, age, dice),
            "given_name": given,
            "family_name": family,
            "date_of_birth": born.isoformat(),
            "sex": sex,
            "address": f"{dice.randint(1, 120)} {dice.choice(lists['streets'])}, Eldermuir",
            "postcode": f"{area} 9{dice.choice(LETTERS)}{dice.choice(LETTERS)}",
            "phone": _phone(serial, age),
            "email": f"{given}.{family}@demo.example".lower() if "email" in reach_by else "",
            "safe_to_leave_message": dice.random() < 0.8,
            "interpreter": False,
            "language": said.get("language") or dice.choice(LANGUAGES),
            "reach_by": reach_by,
            "access_needs": said.get("access_needs", dice.choice(ACCESS)),
        },
    )


def _title(sex: str, age: int, dice: random.Random) -> str:
    if sex == "male":
        return "Mr"
    return dice.choice(("Mrs", "Mrs", "Ms") if age > 60 else ("Ms", "Ms", "Mrs", "Miss"))


def _phone(serial: int, age: int) -> str:
    """From the ranges kept for drama: 01632 960xxx, 07700 900xxx."""
    return f"01632 960{300 + serial:03d}" if age > 64 else f"07700 900{100 + serial:03d}"
