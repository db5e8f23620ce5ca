"""Reading the directory, within the actor's locality."""

from referral.directory.queries.answering import Answering, answering, offered_by
from referral.directory.queries.assured import Assured, Checks
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
from referral.directory.queries.entries import Page, Suggestion, alternatives, best_three, search
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
from referral.directory.queries.history import History, organisation_history, service_history
from referral.directory.queries.hub import COUNT_MAX, counts, to_decide, wanting
from referral.directory.queries.keeping import (
    Kept,
    changes_of,
    editable_organisation,
    editable_service,
    may_keep_organisation,
    waiting_service,
)
from referral.directory.queries.meeting import Met, met
from referral.directory.queries.moderating import (
    Proposal,
    Waiting,
    change,
    changes,
    changes_about,
)
from referral.directory.queries.profiles import Face, faces, people_of
from referral.directory.queries.reading import (
    Detail,
    Place,
    changes_of_services,
    known,
    may_keep,
    organisation,
    service,
    standing_of,
)
from referral.directory.queries.tabling import table
from referral.directory.queries.wording import MISSED_DAYS, Missed, missed, synonym, synonyms

__all__ = [
    "COUNT_MAX",
    "MISSED_DAYS",
    "Answering",
    "Assured",
    "Checks",
    "ClaimShown",
    "CorrectionShown",
    "Detail",
    "Disputed",
    "Face",
    "History",
    "Kept",
    "Met",
    "Missed",
    "Page",
    "Place",
    "Proposal",
    "Suggestion",
    "Waiting",
    "alternatives",
    "answering",
    "asked_by_link",
    "best_three",
    "change",
    "changes",
    "changes_about",
    "changes_of",
    "changes_of_services",
    "claim",
    "claimable",
    "claims",
    "claims_beside",
    "conflict",
    "conflicts",
    "correction",
    "corrections",
    "counts",
    "due_entries",
    "due_feeds",
    "editable_organisation",
    "editable_service",
    "faces",
    "feeds",
    "has_manager",
    "import_run",
    "import_runs",
    "known",
    "may_keep",
    "may_keep_organisation",
    "met",
    "missed",
    "offered_by",
    "organisation",
    "organisation_history",
    "people_of",
    "search",
    "service",
    "service_history",
    "services_of",
    "standing_of",
    "synonym",
    "synonyms",
    "table",
    "to_decide",
    "waiting_service",
    "wanting",
    "write_csv",
    "write_oruk",
]
