"""Reading the directory, within the actor's locality."""

from referral.directory.queries.claiming import (
    ClaimShown,
    claim,
    claimable,
    claims,
    claims_beside,
    has_manager,
)
from referral.directory.queries.correcting import CorrectionShown, correction, corrections
from referral.directory.queries.due import asked_by_link, due_entries
from referral.directory.queries.entries import Page, Suggestion, best_three, search
from referral.directory.queries.exporting import write_csv, write_oruk
from referral.directory.queries.meeting import Met, met
from referral.directory.queries.profiles import Face, faces, people_of
from referral.directory.queries.reading import (
    PLACE_FIELDS,
    Detail,
    Place,
    entry_of,
    may_keep,
    organisation,
    place_of,
    service,
    standing_of,
)

__all__ = [
    "PLACE_FIELDS",
    "ClaimShown",
    "CorrectionShown",
    "Detail",
    "Face",
    "Met",
    "Page",
    "Place",
    "Suggestion",
    "asked_by_link",
    "best_three",
    "claim",
    "claimable",
    "claims",
    "claims_beside",
    "correction",
    "corrections",
    "due_entries",
    "entry_of",
    "faces",
    "has_manager",
    "may_keep",
    "met",
    "organisation",
    "people_of",
    "place_of",
    "search",
    "service",
    "standing_of",
    "write_csv",
    "write_oruk",
]
