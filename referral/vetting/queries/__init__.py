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
from referral.vetting.queries.everybody import OUT_OF_IT, everybody_unscoped
from referral.vetting.queries.overview import Overview, overview
from referral.vetting.queries.reviewing import (
    Change,
    Reviewed,
    application,
    history,
    queue,
    since,
)
from referral.vetting.queries.scheme import NATIONAL, Of, Version, Versions, scheme_of, versions

__all__ = [
    "NATIONAL",
    "OUT_OF_IT",
    "Answer",
    "Change",
    "Dossier",
    "Line",
    "Of",
    "Offer",
    "Overview",
    "Reviewed",
    "Version",
    "Versions",
    "application",
    "dossier",
    "dossier_unscoped",
    "everybody_unscoped",
    "history",
    "judged",
    "overview",
    "queue",
    "scheme_of",
    "since",
    "versions",
]
