"""What somebody says of themselves to the other side; one shape for form and JSON."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Schema, Text, Whole, Yes

WORDS_MAX = 600
SERVICES_MAX = 30


class Id(fields.UUID):
    """An id as text; nothing else that Python would take for one."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid_uuid": _("must be an id")}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or len(value) > 40:
            raise self.make_error("invalid_uuid")
        return super()._deserialize(value, attr, data, **kwargs)


class Ids(fields.List[Any]):
    """Distinct ids."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be a list of ids")}

    def __init__(self, *, max: int, **kwargs: Any) -> None:
        super().__init__(Id(), **kwargs)
        self.max = max

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        found = list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))
        if len(found) > self.max:
            raise marshmallow.ValidationError(str(_("choose at most {max}", max=self.max)))
        return found


class Profile(Schema):
    """A person behind a service or a practice. No ``services``: the whole organisation's.

    ``user_id``: the account of a colleague whose profile this is, who may then change it.
    """

    name = Text(required=True)
    role = Text(load_default="")
    can_do = Text(max=WORDS_MAX, line=False, load_default="")
    beyond_role = Text(max=WORDS_MAX, line=False, load_default="")
    ring_hours = Text(load_default="")
    phone = Text(max=40, load_default="")
    is_public = Yes(load_default=False)
    services = Ids(max=SERVICES_MAX, load_default=list)
    user_id = Id(load_default=None, allow_none=True)


class ProfileForm(Profile):
    """``Profile`` as a page sends it."""

    version = Whole(required=True, min=1)


class Photo(Schema):
    """That somebody agreed to have their photo shown; the picture itself comes as a file."""

    agreed = Yes(load_default=False)


class ProfileOut(marshmallow.Schema):
    """A person as programs see them. ``photo`` is a path, null without one."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    can_do = fields.String(required=True)
    beyond_role = fields.String(required=True)
    ring_hours = fields.String(required=True)
    phone = fields.String(required=True)
    is_public = fields.Boolean(required=True)
    services = fields.List(fields.UUID(), required=True)
    photo = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ProfilesOut(marshmallow.Schema):
    """Everybody an organisation shows, by name."""

    items = fields.List(fields.Nested(ProfileOut), required=True)
