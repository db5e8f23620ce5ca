"""The directory's tables."""

from referral.directory.models.entries import (
    Location,
    OrganisationEntry,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from referral.directory.models.feeds import Feed, FeedConflict, ImportRun
from referral.directory.models.keeping import (
    Claim,
    ConfirmLink,
    Correction,
    EntryChange,
    ProposedChange,
)
from referral.directory.models.listing import Acquaintance, Listing, ServiceResult
from referral.directory.models.profiles import Profile, ProfileService, Signpost
from referral.directory.models.searching import SearchEntry, SearchMiss, SearchSpot, SearchWord
from referral.directory.models.terms import Synonym, Taxonomy, TaxonomyNeed, TaxonomyTerm

__all__ = [
    "Acquaintance",
    "Claim",
    "ConfirmLink",
    "Correction",
    "EntryChange",
    "Feed",
    "FeedConflict",
    "ImportRun",
    "Listing",
    "Location",
    "OrganisationEntry",
    "Profile",
    "ProfileService",
    "ProposedChange",
    "SearchEntry",
    "SearchMiss",
    "SearchSpot",
    "SearchWord",
    "Service",
    "ServiceAtLocation",
    "ServiceNeed",
    "ServiceResult",
    "Signpost",
    "Synonym",
    "Taxonomy",
    "TaxonomyNeed",
    "TaxonomyTerm",
]
