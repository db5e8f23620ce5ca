"""What other slices ask about organisations and the people who work in them.

Organisations, their calendars, inboxes and staff are the address book of the installation: no
person referred is in it.
"""

from referral.accounts.queries.organisations import (
    calendar_of,
    calendars_of,
    inbox_of,
    link_worker_team_of,
    locality,
    names_of,
    organisation,
    organisation_unscoped,
    organisations_served_by,
)
from referral.accounts.queries.people import (
    Colleague,
    email_of,
    people_of,
    user_by_email,
    user_names_of,
    users_with_roles,
    works_in,
)
from referral.accounts.queries.signed_in import (
    IssuedToken,
    Known,
    OpenSession,
    Workplace,
    by_bearer,
    by_session,
    sessions_of,
    tokens_of,
)

__all__ = [
    "Colleague",
    "IssuedToken",
    "Known",
    "OpenSession",
    "Workplace",
    "by_bearer",
    "by_session",
    "calendar_of",
    "calendars_of",
    "email_of",
    "inbox_of",
    "link_worker_team_of",
    "locality",
    "names_of",
    "organisation",
    "organisation_unscoped",
    "organisations_served_by",
    "people_of",
    "sessions_of",
    "tokens_of",
    "user_by_email",
    "user_names_of",
    "users_with_roles",
    "works_in",
]
