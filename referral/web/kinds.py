"""The kinds of problem an API client can meet: the slug in ``type``, its status and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from referral.core import errors
from referral.core.errors import ReferralError
from referral.core.i18n import Lazy, _
from referral.web.bodies import UnsupportedMedia


@dataclass(frozen=True)
class Kind:
    slug: str
    status: int
    title: str
    help: Lazy


def _of(error: type[ReferralError], words: Lazy) -> Kind:
    return Kind(error.type, error.status, error.title, words)


_ALL = (
    _of(ReferralError, _("Part of the request is not as the API takes it; “detail” says what.")),
    Kind(
        "page-too-old",
        400,
        "The form on this page is no longer valid",
        _("A page's form came without its token, or with an old one. Load the page again."),
    ),
    _of(errors.NotSignedIn, _("Send a bearer token that is valid: “Authorization: Bearer …”.")),
    _of(errors.Forbidden, _("The token's user has no role that may do this.")),
    _of(errors.NotFound, _("It does not exist, or it is outside what the token's user may see.")),
    Kind(
        "method-not-allowed",
        405,
        "This address does not take that method",
        _("The header “Allow” lists the methods it takes."),
    ),
    _of(errors.Conflict, _("The state of things does not allow it now; “detail” says why.")),
    _of(errors.IllegalAction, _("“allowed_actions” lists what may be done with it now.")),
    _of(
        errors.StaleVersion,
        _("Somebody changed it first. Read it again, and send If-Match with its new version."),
    ),
    _of(
        errors.Duplicate,
        _("“duplicate_of” is the open referral. To refer all the same: “confirm_duplicate”: true."),
    ),
    _of(errors.NotTaking, _("“alternatives” are others for the same needs that take people now.")),
    Kind(
        "too-large",
        413,
        "This is too large to take",
        _("Send files of 10 MB at most each, and no more than 1 MB of anything else."),
    ),
    Kind("too-long", 414, "The address is too long", _("Shorten the query string.")),
    _of(UnsupportedMedia, _("Bodies are JSON: “Content-Type: application/json”.")),
    _of(errors.Invalid, _("“errors” names each field and the rules it breaks.")),
    _of(errors.PreconditionRequired, _("Send “If-Match” with the ETag you were given.")),
    _of(errors.TooMany, _("Wait as many seconds as “Retry-After” says.")),
    Kind(
        "unexpected",
        500,
        "Something went wrong here",
        _("A mistake of ours. It has been noted under “reference”."),
    ),
    _of(errors.Unavailable, _("Try again after as many seconds as “Retry-After” says.")),
)
KINDS = {kind.slug: kind for kind in _ALL}
# Several kinds share 400 and 409; the first, plain one speaks for the status.
BY_STATUS = {kind.status: kind for kind in reversed(_ALL)}
