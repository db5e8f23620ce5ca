"""What stands in the cells of a table that is opened in a spreadsheet. Pure."""

from __future__ import annotations

from typing import Any

from referral.core.i18n import _

# A spreadsheet would run a cell that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: Any) -> Any:
    """What a spreadsheet would take for a formula, made text; yes and no as people write them."""
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return "'" + value
    return value


def phone(number: str) -> str:
    """A number people can read and a spreadsheet leaves alone: ``+44 141 496…`` is ``0141 496…``.

    Digits without a space would be taken for a sum and lose their nought.
    """
    said = number.strip()
    if said.startswith("+44"):
        said = "0" + said[3:].replace("(0)", "").lstrip(" 0")
    elif said.startswith("+"):
        said = "00" + said[1:]
    return f"{said[:5]} {said[5:]}" if said.isdigit() and len(said) > 5 else said
