"""Reading the directory, within the actor's locality."""

from referral.directory.queries.entries import (
    PLACE_FIELDS,
    Detail,
    Page,
    Place,
    Suggestion,
    best_three,
    may_keep,
    organisation,
    place_of,
    search,
    service,
    standing_of,
)
from referral.directory.queries.exporting import write_csv, write_oruk

__all__ = [
    "PLACE_FIELDS",
    "Detail",
    "Page",
    "Place",
    "Suggestion",
    "best_three",
    "may_keep",
    "organisation",
    "place_of",
    "search",
    "service",
    "standing_of",
    "write_csv",
    "write_oruk",
]
