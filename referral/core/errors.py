"""What can go wrong, in one vocabulary for every door.

Doors turn these into a page (NHS error summary) or ``application/problem+json`` (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FieldErrors = dict[str, list[str]]


class ReferralError(Exception):
    """Base of every expected error; ``status`` is the HTTP status, ``type`` a stable slug."""

    status = 400
    type = "bad-request"
    title = "The request could not be read"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra = extra


class Invalid(ReferralError):
    """Fields break their rules: ``errors`` maps a field name to what to mend, in plain words."""

    status = 422
    type = "invalid-fields"
    title = "Some answers need mending"

    def __init__(self, errors: Mapping[str, Sequence[str]], detail: str = "") -> None:
        super().__init__(detail)
        self.errors: FieldErrors = {name: list(rules) for name, rules in errors.items()}


class NotSignedIn(ReferralError):
    status = 401
    type = "not-signed-in"
    title = "Sign in first"


class Forbidden(ReferralError):
    """In scope, but this role may not."""

    status = 403
    type = "not-allowed"
    title = "Your role does not allow this"


class NotFound(ReferralError):
    """Never existed, or out of the actor's scope: the same answer for both."""

    status = 404
    type = "not-found"
    title = "There is nothing here that you can see"


class Conflict(ReferralError):
    status = 409
    type = "conflict"
    title = "This cannot be done now"


class IllegalAction(Conflict):
    """The verb does not fit the status; ``allowed_actions`` names those that do."""

    type = "illegal-action"

    def __init__(self, detail: str, allowed_actions: Sequence[str], **extra: Any) -> None:
        super().__init__(detail, allowed_actions=list(allowed_actions), **extra)
        self.allowed_actions = list(allowed_actions)


class StaleVersion(Conflict):
    """Somebody else changed it first; carries both versions."""

    type = "stale-version"
    title = "Somebody changed this while you were looking at it"

    def __init__(self, yours: int, current: int) -> None:
        super().__init__("", your_version=yours, current_version=current)
        self.yours, self.current = yours, current


class NotTaking(Conflict):
    """The service takes nobody now; ``alternatives`` are others for the same needs nearby:
    ``[{"service_id", "name", "organisation", "room"}]``, at most three.
    """

    type = "service-not-taking"
    title = "This service cannot take a referral now"

    def __init__(self, detail: str, alternatives: Sequence[Mapping[str, str]] = ()) -> None:
        self.alternatives = [dict(one) for one in alternatives]
        super().__init__(detail, alternatives=self.alternatives)


class Duplicate(Conflict):
    """An open referral like this one exists; send again with ``confirm_duplicate: true``."""

    type = "duplicate-referral"
    title = "This person already has an open referral like this"

    def __init__(self, duplicate_of: str, detail: str = "") -> None:
        super().__init__(detail, duplicate_of=duplicate_of)
        self.duplicate_of = duplicate_of


class PreconditionRequired(ReferralError):
    status = 428
    type = "if-match-required"
    title = "Send If-Match with the version you saw"


class TooMany(ReferralError):
    status = 429
    type = "too-many-requests"
    title = "Too many tries; wait a little"


class Unavailable(ReferralError):
    status = 503
    type = "unavailable"
    title = "The service cannot do this at the moment"
