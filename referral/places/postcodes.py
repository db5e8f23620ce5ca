"""UK postcodes: normal form, check, outward code. Pseudo-postcodes of the NHS (ZZ99…) count.

Pattern and vectors: GOV.UK bulk data transfer pattern, run against 14,283 practice postcodes.
"""

from __future__ import annotations

import re

# No fixed abode; a place abroad and the like share the ZZ99 district. None can be put on a map.
NO_FIXED_ABODE = "ZZ99 3VZ"
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_REAL = re.compile(
    rf"(?:GIR0AA|(?:[A-PR-UWYZ](?:[0-9]{{1,2}}|[A-HK-Y][0-9]{{1,2}}|[0-9][A-HJKPS-UW]"
    rf"|[A-HK-Y][0-9][ABEHMNPRV-Y])){_INWARD})"
)
_PSEUDO = re.compile(r"ZZ99[0-9][A-Z]{2}")
_BREAKS = re.compile(r"[\s\u00a0-]+")


def normalise(value: str) -> str:
    """``sw1a1aa`` → ``SW1A 1AA``: capitals, one space before the last three; not checked."""
    joined = _BREAKS.sub("", value).upper()
    return f"{joined[:-3]} {joined[-3:]}" if len(joined) > 4 else joined


def is_valid(value: str) -> bool:
    """A postcode by its form, in any spacing and case; pseudo-postcodes included."""
    joined = _BREAKS.sub("", value).upper()
    return bool(_REAL.fullmatch(joined) or _PSEUDO.fullmatch(joined))


def parse(value: str) -> str:
    """The normal form; raise ``ValueError`` with the rule for anything else."""
    if not is_valid(value):
        raise ValueError("must be a full UK postcode, such as SW1A 1AA")
    return normalise(value)


def is_pseudo(value: str) -> bool:
    """No place on the map: no fixed abode, abroad, not known."""
    return bool(_PSEUDO.fullmatch(_BREAKS.sub("", value).upper()))


def outward(value: str) -> str:
    """The first half (``SW1A``), which is all that is shown before acceptance; "" if not valid."""
    return normalise(value).split(" ")[0] if is_valid(value) else ""
