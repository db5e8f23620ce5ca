"""The small forms of an organisation's own pages."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import Keys, Schema, Text, Whole
from referral.directory.facets import ACCESS
from referral.directory.schemas.confirming import Seen
from referral.directory.schemas.profiles import Id
from referral.vetting.schemas.about import VersionForm

ACCESS_MAX = 400


class LeaveForm(VersionForm):
    """Take an application back, or end an approval."""

    reason = Text(max=400, line=False, allow_none=True, load_default="")


class RightEntries(Schema):
    """Entries of the directory that are still right, as ``id:version``."""

    seen = Seen(required=True)


class Access(Schema):
    """How everybody gets in and takes part, at one service: ticks, or words, or both."""

    service_id = Id(required=True)
    version = Whole(required=True, min=1)
    access = Keys(ACCESS, load_default=list)
    accessibility = Text(max=ACCESS_MAX, load_default="")

    @validates_schema(skip_on_field_errors=True)
    def _says_something(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["access"] and not data["accessibility"]:
            rule = str(_("is needed: tick what there is, or say in a sentence how it is"))
            raise ValidationError(rule, field_name="access")


class AccessEntries(Schema):
    """The same for each service on the page."""

    services = fields.List(fields.Nested(Access), required=True)
