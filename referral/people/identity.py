"""Who a person is: the shape that is sealed, opened and shown. Pure; no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from referral.places import postcodes

# Fields that travel as they are between the input, the sealed form and the view.
PLAIN = (
    "given_name", "family_name", "title", "sex", "address", "postcode", "phone", "email",
    "safe_to_leave_message", "interpreter", "language", "contact_notes",
)  # fmt: skip
LISTS = ("reach_by", "access_needs")


@dataclass(frozen=True)
class Identity:
    """A person's identifying details. Empty text, False or an empty tuple: not known."""

    number_type: str = ""
    number: str = ""
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    sex: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    safe_to_leave_message: bool = False
    interpreter: bool = False
    language: str = ""
    reach_by: tuple[str, ...] = ()
    access_needs: tuple[str, ...] = ()
    # Said when contact is not safe: "do not contact directly: …".
    contact_notes: str = ""

    @property
    def name(self) -> str:
        """``Ms Amina Begum``."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)

    @property
    def short(self) -> str:
        """``Ms A. Begum``."""
        initial = f"{self.given_name[:1]}." if self.given_name else ""
        return " ".join(part for part in (self.title, initial, self.family_name) if part)

    @property
    def health_number(self) -> dict[str, str] | None:
        return {"type": self.number_type, "value": self.number} if self.number else None

    @property
    def area(self) -> str:
        """The outward code; "" when there is no postcode."""
        return postcodes.outward(self.postcode)

    def facts(self) -> dict[str, Any]:
        """The fields by their public names, as ``disclosure.mask`` takes them."""
        found = asdict(self)
        del found["number_type"], found["number"]
        return found | {
            "health_number": self.health_number,
            "reach_by": list(self.reach_by),
            "access_needs": list(self.access_needs),
        }

    def sealed_form(self) -> dict[str, Any]:
        """JSON values only."""
        found = self.facts()
        born = self.date_of_birth
        return found | {"date_of_birth": born.isoformat() if born else None}

    def changed(self, data: Mapping[str, Any]) -> Identity:
        """This identity with the fields of ``data`` (the shape of ``schemas.Person``) replaced."""
        return from_fields({**self.facts(), **data})


ERASED = Identity()


def from_fields(data: Mapping[str, Any]) -> Identity:
    """An identity of the shape of ``schemas.Person`` or of the sealed form."""
    number = data.get("health_number") or {}
    born = data.get("date_of_birth")
    values: dict[str, Any] = {name: data[name] for name in PLAIN if data.get(name) is not None}
    values |= {name: tuple(data.get(name) or ()) for name in LISTS}
    return Identity(
        number_type=number.get("type", ""),
        number=number.get("value", ""),
        date_of_birth=date.fromisoformat(born) if isinstance(born, str) else born,
        **values,
    )
