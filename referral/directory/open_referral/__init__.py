"""The directory in the words of Open Referral UK 3.0: what the open feed and the export give away.

Pure. The other way round is ``importing/oruk.py``; what one writes the other reads, so that an
export comes back the same. docs/open-referral.md.
"""

from referral.directory.open_referral.entries import (
    Row,
    in_full,
    in_short,
    meeting,
    named,
    newest,
    organisation_in_full,
    organisation_in_short,
)
from referral.directory.open_referral.envelope import DETAILS, envelope
from referral.directory.open_referral.small import feed_id
from referral.directory.open_referral.taxonomies import (
    ACCESS_TAXONOMY,
    NEEDS_TAXONOMY,
    OWN_TAXONOMIES,
    OWN_TERMS,
    OwnTerm,
    taxonomy,
    term,
)

__all__ = [
    "ACCESS_TAXONOMY",
    "DETAILS",
    "NEEDS_TAXONOMY",
    "OWN_TAXONOMIES",
    "OWN_TERMS",
    "OwnTerm",
    "Row",
    "envelope",
    "feed_id",
    "in_full",
    "in_short",
    "meeting",
    "named",
    "newest",
    "organisation_in_full",
    "organisation_in_short",
    "taxonomy",
    "term",
]
