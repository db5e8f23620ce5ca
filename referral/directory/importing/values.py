"""Single values as files give them: ages, coordinates, postcodes, addresses of mail and web."""

from __future__ import annotations

from math import isfinite

from marshmallow import ValidationError, validate

from referral.directory.importing.records import SHORT, BadValue, line_of
from referral.directory.standing import AGE_MAX
from referral.places import postcodes

# The UK with its islands; a point outside is a slip of the pen.
LATITUDES, LONGITUDES = (49.0, 61.5), (-9.0, 2.5)


def age_of(value: object, name: str) -> int | None:
    """A whole age in years from 0 to ``AGE_MAX``."""
    if value is None:
        return None
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not isinstance(value, int | float) or not whole:
        raise BadValue(f"{name} is not a whole number", value)
    if not 0 <= value <= AGE_MAX:
        raise BadValue(f"{name} is not between 0 and {AGE_MAX}", value)
    return int(value)


def number_of(value: object) -> float | None:
    """A JSON number that is finite; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def point_of(latitude: float, longitude: float) -> tuple[float, float]:
    """Coordinates within the United Kingdom."""
    inside = LATITUDES[0] <= latitude <= LATITUDES[1]
    if not (inside and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        raise BadValue("the place is not in the United Kingdom", f"{latitude:g}, {longitude:g}")
    return latitude, longitude


def postcode_of(value: object, name: str = "the postcode") -> str:
    """A UK postcode in its normal form, or empty."""
    given = line_of(value, name, 100)
    try:
        return postcodes.parse(given) if given else ""
    except ValueError as error:
        raise BadValue(f"{name} is not a UK postcode", given) from error


def email_of(value: object) -> str:
    """An email address in lower case, or empty."""
    found = line_of(value, "the email address", 254)
    try:
        return validate.Email()(found).lower() if found else ""
    except ValidationError as error:
        raise BadValue("the email address is not one", found) from error


def url_of(value: object, name: str) -> str:
    """A web address, or empty."""
    found = line_of(value, name, SHORT)
    full = found if "://" in found or not found else f"https://{found}"
    try:
        return validate.URL(schemes={"http", "https"})(full) if full else ""
    except ValidationError as error:
        raise BadValue(f"{name} is not one", found) from error
