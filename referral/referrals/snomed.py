"""SNOMED CT codes for the practice's record: only those whose meaning was seen published. Pure.

Source: ``standards/codelists/snomed-social-prescribing.json``, status ``verified``. "Offered" and
"signposted" have codes whose meaning was never seen together with the number, so the words go to
the record without one.
"""

from __future__ import annotations

from dataclasses import dataclass

SYSTEM = "http://snomed.info/sct"


@dataclass(frozen=True)
class Concept:
    """``term`` is the published description, in the record's own language."""

    code: str
    term: str

    def __str__(self) -> str:
        return f"{self.term} ({self.code})"


REFERRED = Concept("871731000000106", "Referral to social prescribing service")
DECLINED = Concept("871711000000103", "Social prescribing declined")
PHYSICAL_ACTIVITY = Concept("390893007", "Referral to physical activity program")
ISOLATION = Concept("422650009", "Social isolation")
CARER = Concept("224484003", "Patient themselves providing care")

EVENTS: dict[str, Concept] = {"sent": REFERRED, "offered_declined": DECLINED}
