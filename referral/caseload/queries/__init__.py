"""What a link-worker team has in hand; always the actor's own team."""

from referral.caseload.queries.desk import SHOWS, Line, Numbers, Page, caseload, numbers
from referral.caseload.queries.feed import feed_unscoped, own_feed
from referral.caseload.queries.handing import (
    Given,
    Promised,
    handover,
    handovers,
    promises,
    promises_of,
)
from referral.caseload.queries.home import counted
from referral.caseload.queries.reaching import Lost, lost
from referral.caseload.queries.supervision import Note, clinician, note, notes
from referral.caseload.queries.team import Worker, team, worker
from referral.caseload.queries.triage import exceptions, triage

__all__ = [
    "SHOWS",
    "Given",
    "Line",
    "Lost",
    "Note",
    "Numbers",
    "Page",
    "Promised",
    "Worker",
    "caseload",
    "clinician",
    "counted",
    "exceptions",
    "feed_unscoped",
    "handover",
    "handovers",
    "lost",
    "note",
    "notes",
    "numbers",
    "own_feed",
    "promises",
    "promises_of",
    "team",
    "triage",
    "worker",
]
