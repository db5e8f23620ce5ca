"""What the open feed gives away: every service of every locality that nobody has to look at first.

No person's account or profile is in it. Each list takes at most five statements.
"""

from referral.directory.queries.feed.lists import (
    Listed,
    organisation,
    organisations,
    service,
    service_at_location,
    service_at_locations,
    services,
    services_in_brief,
    taxonomies,
    taxonomy,
    taxonomy_term,
    taxonomy_terms,
)
from referral.directory.queries.feed.rows import idle_organisations, services_after

__all__ = [
    "Listed",
    "idle_organisations",
    "organisation",
    "organisations",
    "service",
    "service_at_location",
    "service_at_locations",
    "services",
    "services_after",
    "services_in_brief",
    "taxonomies",
    "taxonomy",
    "taxonomy_term",
    "taxonomy_terms",
]
