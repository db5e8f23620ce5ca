"""Shapes of what people type about accounts and organisations, for pages and API alike."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import marshmallow
from marshmallow import fields

from referral.accounts.passwords import LONGEST
from referral.accounts.roles import ROLE_LABELS
from referral.core.calendar import NATIONS
from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Keys, Mobile, Schema, Text, Whole

_EMAIL = re.compile(r"^[^@\s<>()\[\],;:\\\"]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$")
_ODS = re.compile(r"^[A-Z0-9]{3,10}$")
_POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$")


class Email(Text):
    """An email address, folded to lower case; its domain may be a plain host name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=254, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not found:
            return found
        found = found.lower()
        if not _EMAIL.match(found) or ".." in found:
            raise marshmallow.ValidationError(
                str(_("must be an email address, such as name@example.org"))
            )
        return found


class Password(fields.String):
    """A password as typed: nothing trimmed, one spelling of each character (NFKC)."""

    default_error_messages = {**REQUIRED, "invalid": _("must be text")}  # type: ignore[dict-item] # lazy markers

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        raw = super()._deserialize(value, attr, data, **kwargs)
        if not raw:
            raise self.make_error("required")
        if len(raw) > 5 * LONGEST or any("\ud800" <= char <= "\udfff" for char in raw):
            raise marshmallow.ValidationError(str(_("must have at most {n} characters", n=LONGEST)))
        return unicodedata.normalize("NFKC", raw)


class SignIn(Schema):
    email = Text(max=254, required=True)
    password = Password(required=True)


class RequestReset(Schema):
    email = Email(required=True)


class NewPassword(Schema):
    password = Password(required=True)


class AcceptInvitation(NewPassword):
    name = Text(required=True)


class ChangePassword(Schema):
    current = Password(required=True)
    new = Password(required=True)


class OwnAccount(Schema):
    name = Text(required=True)
    job_title = Text(load_default="")
    away_until = Day(future=True, load_default=None)
    version = Whole(min=1, required=True)


# When and by what somebody is told of referrals.
TOLD_WHEN = {
    "exceptions": _("Only what needs me"),
    "digest": _("What needs me, and the rest once a day"),
    "at_once": _("Everything, at once"),
}
TOLD_BY = {"email": _("By email"), "text": _("By text")}


class OwnNotices(Schema):
    """How one wants to be told of referrals; a text needs a mobile."""

    told_when = Choice(TOLD_WHEN, required=True)
    told_by = Choice(TOLD_BY, required=True)
    mobile = Mobile(load_default="")
    version = Whole(min=1, required=True)

    @marshmallow.validates_schema
    def can_be_texted(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["told_by"] == "text" and not data["mobile"]:
            raise marshmallow.ValidationError(str(_("is needed for texts")), "mobile")


class Invite(Schema):
    email = Email(required=True)
    name = Text(required=True)
    job_title = Text(load_default="")
    roles = Keys(ROLE_LABELS, min=1, required=True)


class Roles(Schema):
    roles = Keys(ROLE_LABELS, load_default=list)


class NewClosure(Schema):
    first = Day(future=True, required=True)
    last = Day(future=True, required=True)
    reason = Text(load_default="")


class Inbox(Schema):
    email = Email(load_default="")
    phone = Text(max=40, load_default="")


class TeamInbox(Schema):
    """A further inbox of an organisation, which a referral may name for what comes back."""

    name = Text(max=200, required=True)
    email = Email(required=True)


class LinkCodeTyped(Schema):
    """As typed; which digits fit is not the form's to say."""

    code = Text(max=40, required=True)


MISSING = ("required", "null", "empty")
TYPE_REFERENCE = _("Type your reference.")
TYPE_BORN = _("Type the day you were born.")
TYPE_CODE = _("Type your code.")


class StatusAskTyped(Schema):
    """What opens a person's own page; which of it is right is not the form's to say."""

    reference = Text(max=40, required=True, error_messages=dict.fromkeys(MISSING, TYPE_REFERENCE))
    born = Day(past=True, required=True, error_messages={"required": TYPE_BORN, "null": TYPE_BORN})


class StatusCodeTyped(Schema):
    """As typed; whether it fits is not the form's to say."""

    code = Text(max=40, required=True, error_messages=dict.fromkeys(MISSING, TYPE_CODE))


class LocalityForm(Schema):
    name = Text(required=True)
    nation = Choice(NATIONS, required=True)
    provider_weekday_limit = Whole(min=1, max=60, load_default=10)
    version = Whole(min=1)


class OrganisationForm(Schema):
    """What an administrator writes about an organisation."""

    kind = Choice(("practice", "link_worker_team", "provider", "locality"), required=True)
    name = Text(required=True)
    locality_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": str(_("must be one of the list"))}
    )
    link_worker_team_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": str(_("must be one of the list"))}
    )
    ods_code = Text(max=10, load_default=None)
    register_number = Text(max=40, load_default=None)
    email = Email(load_default="")
    phone = Text(max=40, load_default="")
    address = Text(max=400, load_default="")
    postcode = Text(max=8, load_default="")
    status = Choice(("active", "closed", "merged"), load_default="active")
    version = Whole(min=1)

    @marshmallow.post_load
    def _codes(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        for name, shape, words in (
            ("ods_code", _ODS, _("must be 3 to 10 letters and digits, such as A81001")),
            ("postcode", _POSTCODE, _("must be a postcode, such as G51 3UU")),
        ):
            if data.get(name):
                data[name] = data[name].upper()
                if not shape.match(data[name]):
                    raise marshmallow.ValidationError({name: [str(words)]})
        return data


class NewUser(Schema):
    email = Email(required=True)
    name = Text(required=True)
    job_title = Text(load_default="")


class MembershipOut(marshmallow.Schema):
    """One role in one organisation; several roles in one organisation are several rows."""

    organisation_id = fields.UUID(required=True)
    organisation = fields.String(required=True)
    role = fields.String(required=True)


class UserOut(marshmallow.Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)


class MeOut(marshmallow.Schema):
    """Who the bearer token acts for; ``organisation_id`` is the one it acts in."""

    user = fields.Nested(UserOut, required=True)
    memberships = fields.List(fields.Nested(MembershipOut), required=True)
    organisation_id = fields.UUID(required=True)


class Route(Schema):
    """Whom to ring when somebody is at risk, in the locality's own words."""

    adults = Text(max=1000, line=False, load_default="")
    children = Text(max=1000, line=False, load_default="")


class Clinician(Schema):
    """One of the organisation's people, or in words somebody without an account."""

    clinician = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": str(_("must be one of the list"))}
    )
    words = Text(max=400, load_default="")
