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
from referral.directory.queries.feeds import (
    Disputed,
    conflict,
    conflicts,
    due_feeds,
    feeds,
    import_run,
    import_runs,
    services_of,
)
from referral.directory.queries.keeping import (
    Kept,
    editable_organisation,
    editable_service,
    may_keep_organisation,
    waiting_service,
)
from referral.directory.queries.meeting import Met, met
from referral.directory.queries.profiles import Face, faces, people_of
from referral.directory.queries.reading import (
    Detail,
    Place,
    entry_of,
    may_keep,
    organisation,
    service,
    standing_of,
)
from referral.directory.queries.tabling import table

__all__ = [
    "ClaimShown",
    "CorrectionShown",
    "Detail",
    "Disputed",
    "Face",
    "Kept",
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
    "conflict",
    "conflicts",
    "correction",
    "corrections",
    "due_entries",
    "due_feeds",
    "editable_organisation",
    "editable_service",
    "entry_of",
    "faces",
    "feeds",
    "has_manager",
    "import_run",
    "import_runs",
    "may_keep",
    "may_keep_organisation",
    "met",
    "organisation",
    "people_of",
    "search",
    "service",
    "services_of",
    "standing_of",
    "table",
    "waiting_service",
    "write_csv",
    "write_oruk",
]
