"""What is asked about checks: an organisation's dossier, the scheme of a locality."""

from referral.vetting.queries.dossier import (
    Answer,
    Dossier,
    Line,
    Offer,
    dossier,
    dossier_unscoped,
    judged,
)
from referral.vetting.queries.scheme import scheme_of

__all__ = [
    "Answer",
    "Dossier",
    "Line",
    "Offer",
    "dossier",
    "dossier_unscoped",
    "judged",
    "scheme_of",
]
