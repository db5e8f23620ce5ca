"""Health numbers: NHS (England, Wales, Isle of Man), CHI (Scotland), H&C (Northern Ireland).

All three have ten digits with the same modulus 11 check digit. The check digit lets every repeated
digit through, so those are refused by name. Numbers from 999 000 0000 up are never issued: the demo
uses only them, and nothing else accepts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nhs_number.constants import REGION_NORTHERN_IRELAND, REGION_SCOTLAND
from nhs_number.validate import is_valid

from referral.core.i18n import Lazy, _

NAMES: dict[str, Lazy] = {"nhs": _("NHS number"), "chi": _("CHI number"), "hsc": _("H&C number")}
TYPE_OF_NATION = {"england": "nhs", "wales": "nhs", "scotland": "chi", "northern_ireland": "hsc"}

_TYPED = re.compile(r"[0-9\s.‐-―-]{1,40}")
_BREAKS = re.compile(r"[\s.‐-―-]+")


@dataclass(frozen=True)
class Parsed:
    """A checked number: ``kind`` is nhs, chi or hsc; ``value`` ten digits."""

    kind: str
    value: str


def parse(kind: str, value: str, *, demo: bool = False) -> Parsed:
    """The number in normal form; raise ``ValueError`` with the rule it breaks, in plain words.

    Spaces, dots and dashes may stand between the digits. ``demo``: only 999 numbers, which nothing
    else accepts.
    """
    if kind not in NAMES:
        raise ValueError(str(_("must be an NHS, CHI or H&C number")))
    digits = _BREAKS.sub("", value) if _TYPED.fullmatch(value) else ""
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise ValueError(str(_("must have 10 digits")))
    if len(set(digits)) == 1:
        raise ValueError(str(_("cannot be one digit repeated")))
    if is_synthetic(digits) and not demo:
        raise ValueError(str(_("begins with 999, which is only for demonstrations")))
    if demo and not is_synthetic(digits):
        raise ValueError(str(_("must begin with 999: the demonstration holds no real people")))
    if not is_valid(digits):
        raise ValueError(str(_("is not a real number: check the digits")))
    if not demo:
        _fits(kind, digits)
    return Parsed(kind, digits)


def _fits(kind: str, digits: str) -> None:
    """Raise ``ValueError`` when the number belongs to another kind than the one said."""
    scottish = is_valid(digits, REGION_SCOTLAND)
    northern_irish = is_valid(digits, REGION_NORTHERN_IRELAND)
    if kind == "chi" and not scottish:
        raise ValueError(str(_("is not a CHI number: those begin with the birth date")))
    if kind == "hsc" and not northern_irish:
        raise ValueError(str(_("is not an H&C number: those begin with 32 to 39")))
    if kind == "nhs" and scottish:
        raise ValueError(str(_("looks like a CHI number: choose that kind")))
    if kind == "nhs" and northern_irish:
        raise ValueError(str(_("looks like an H&C number: choose that kind")))


def is_synthetic(digits: str) -> bool:
    """Never issued: 999 000 0000 to 999 999 9999."""
    return digits.startswith("999")


def display(value: str) -> str:
    """``999 000 0018``: three, three and four digits, as all three kinds are printed."""
    return f"{value[:3]} {value[3:6]} {value[6:]}"
