"""A new referral, as every door takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validates_schema

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Keys, Schema, Text, Yes
from referral.people.schemas import Person
from referral.referrals.codes import AUTHORITIES, FEEDBACK, IF_NOT, NEEDS, URGENCIES
from referral.referrals.consent import HOWS, WORDINGS

REASON_MAX = 1000
NEEDS_MAX = 10


class Id(fields.UUID):
    """An id, as text; nothing else that Python would take for one."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid_uuid": _("must be an id"),
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or len(value) > 40:
            raise self.make_error("invalid_uuid")
        return super()._deserialize(value, attr, data, **kwargs)


class Risk(Schema):
    """Must be stated: none known, or yes and with what."""

    known = Yes(required=True)
    text = Text(max=REASON_MAX, line=False)

    @validates_schema
    def says_what(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data.get("known") and not data.get("text"):
            raise ValidationError({"text": [str(_("is required when a risk is known"))]})


class Consent(Schema):
    """What the person agreed to, and on whose authority."""

    refer = Yes(required=True)
    feedback = Choice(FEEDBACK, load_default="full")
    evaluation = Yes(load_default=False)
    told = Yes(load_default=False)
    authority = Choice(AUTHORITIES, load_default="self")
    # How it was asked, in which words, who answered when it was not the person, and why so.
    how = Choice(HOWS)
    wording = Choice(WORDINGS)
    given_by = Text(max=100)
    relation = Text(max=60)
    why = Text(max=300)


class Draft(Schema):
    """The answers of a draft: any of them may still be missing, all that is there must be right."""

    service_id = Id()
    triage = Yes()
    needs = Keys(NEEDS, max=NEEDS_MAX)
    reason = Text(max=REASON_MAX, line=False)
    risk = fields.Nested(Risk)
    urgency = Choice(URGENCIES)
    consent = fields.Nested(Consent)
    if_not = Choice(IF_NOT)
    # The inbox of the sender's that the answer comes back to; left out: its shared address.
    return_to = Id(allow_none=True)


class Create(Draft):
    """A referral, sent at once unless ``draft`` is true. A draft needs the person only."""

    person_id = Id()
    person = fields.Nested(Person)
    based_on = Id()
    draft = Yes(load_default=False)
    confirm_duplicate = Yes(load_default=False)

    @pre_load
    def without_nothing(self, data: Any, **_kwargs: Any) -> Any:
        """``null`` for one of two alternatives says the same as leaving it out."""
        if not isinstance(data, Mapping):
            return data
        either = ("person_id", "person", "service_id", "based_on")
        return {k: v for k, v in data.items() if v is not None or k not in either}

    @validates_schema(skip_on_field_errors=False)
    def is_whole(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        errors: dict[str, list[str]] = {}
        given = [name for name in ("person_id", "person") if name in data]
        if len(given) == 2:
            errors["person"] = [str(_("cannot be given together with person_id"))]
        elif not given and "based_on" not in data:
            errors["person"] = [str(_("is required"))]
        if errors:
            raise ValidationError(errors)


def incomplete(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """What still hinders sending: ``{field: [rule]}``, empty when nothing does.

    ``data`` has the fields of ``Draft``; ``risk`` and ``consent`` may be missing or None.
    """
    required = str(_("is required"))
    errors: dict[str, list[str]] = {}
    service, triage = data.get("service_id"), data.get("triage")
    if service and triage:
        errors["triage"] = [str(_("cannot be true when a service is chosen"))]
    if not service and not triage:
        errors["service_id"] = [str(_("choose a service, or ask the link worker"))]
    if not data.get("needs"):
        errors["needs"] = [str(_("choose at least one"))]
    if not data.get("reason"):
        errors["reason"] = [required]
    risk = data.get("risk") or {}
    if risk.get("known") is None:
        errors["risk.known"] = [str(_("say whether a risk is known"))]
    consent = data.get("consent") or {}
    if not consent.get("refer"):
        errors["consent.refer"] = [str(_("the person must have agreed to be referred"))]
    return errors
