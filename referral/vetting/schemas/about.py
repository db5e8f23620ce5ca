"""The one question about an organisation and what its services do; and being asked to apply."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields

from referral.core.i18n import _
from referral.core.schema import Choice, Keys, Schema, Whole
from referral.directory.schemas.profiles import Id
from referral.vetting.proportion import BEING, DOING, WAYS

SERVICES_MAX = 200


class ServiceSaid(Schema):
    """What one service does: ``doing`` are the ticks that are true."""

    service_id = Id(required=True)
    way = Choice(WAYS, load_default="referral")
    doing = Keys(DOING, load_default=list)


class _Services(fields.List[Any]):
    """What is said of services, each once."""

    default_error_messages: dict[str, Any] = {"invalid": _("must be a list")}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and len(value) > SERVICES_MAX:
            raise ValidationError(str(_("choose at most {max}", max=SERVICES_MAX)))
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs) or []
        if len({one["service_id"] for one in found}) < len(found):
            raise ValidationError(str(_("name a service twice")))
        return found


class About(Schema):
    """``being``: the ticks that are true of the whole organisation."""

    being = Keys(BEING, load_default=list)
    services = _Services(fields.Nested(ServiceSaid), load_default=list)


class AboutForm(About):
    """``version`` 0 = nothing was said before."""

    version = Whole(required=True)


class Invite(Schema):
    """Which organisation is asked to apply."""

    organisation_id = Id(required=True)


class VersionForm(Schema):
    """What a button carries that needs no words: the version its page showed."""

    version = Whole(required=True, min=1)
