"""A locality's scheme of checks, from its page or from a program: whole, each time."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import Lazy, _
from referral.core.schema import Choice, Keys, Schema, Text, Whole, Yes
from referral.directory.schemas.kinds import Email
from referral.vetting.checks import BY_KEY, CHECKS, TIERS
from referral.vetting.scheme import MAY_CHANGE, MOST_OWN, OF_OWN, OWN, OWN_KINDS

MONTHS_MAX = 120
COVER_MAX = 100_000_000
OWN_KEY = re.compile(OWN + r"[a-z0-9_]{1,36}")


class Rule(Schema):
    """What is said of one check: national ones as far as they change, own ones whole.

    ``months`` None = for good.
    """

    check = Text(max=40, required=True)
    drop = Yes()
    tiers = Keys(TIERS, min=1)
    months = Whole(min=1, max=MONTHS_MAX, allow_none=True)
    minimum = Whole(min=1, max=COVER_MAX)
    mandatory = Yes()
    anchor_may_hold = Yes()
    title = Text(max=80)
    ask = Text(max=300)
    evidence = Text(max=300)
    limits = Text(max=200)
    kind = Choice(OWN_KINDS)

    @validates_schema
    def _fits_its_check(self, data: dict[str, Any], **_more: Any) -> None:
        key = data["check"]
        own = key.startswith(OWN)
        if own and not OWN_KEY.fullmatch(key):
            raise ValidationError(
                str(_("must be own_ and small letters, digits or _")), field_name="check"
            )
        if not own and key not in BY_KEY:
            raise ValidationError(str(_("is not a check of the register")), field_name="check")
        errors = _own_errors(data) if own else _national_errors(data)
        if errors:
            raise ValidationError({name: [str(rule)] for name, rule in errors.items()})


def _own_errors(data: dict[str, Any]) -> dict[str, Lazy]:
    empty = {name: _("is required") for name in OF_OWN if name != "months" and not data.get(name)}
    if "months" not in data:
        empty["months"] = _("is required; null = for good")
    strange = set(data) - {"check", *OF_OWN}
    return empty | dict.fromkeys(strange, _("is not said of a check of your own"))


def _national_errors(data: dict[str, Any]) -> dict[str, Lazy]:
    check = BY_KEY[data["check"]]
    errors = dict.fromkeys(
        set(data) - {"check", *MAY_CHANGE}, _("cannot be changed for a check of the register")
    )
    if "months" in data and (check.renewal.to_end_date or check.renewal.every):
        errors["months"] = _("cannot be set: it ends on a day of its own")
    if "minimum" in data and check.kind != "insurance":
        errors["minimum"] = _("is for insurance only")
    if data.get("anchor_may_hold") and not check.anchor_may_hold:
        errors["anchor_may_hold"] = _("cannot be: each group answers this itself")
    return errors


class SchemeBody(Schema):
    """The whole scheme, and why it changes."""

    rules = fields.List(
        fields.Nested(Rule),
        load_default=list,
        error_messages={"invalid": _("must be a list")},  # type: ignore[dict-item] # lazy markers
    )
    two_reviewers = Keys(TIERS, load_default=list)
    appeal_route = Text(max=1000, line=False, required=True)
    assurer_email = Email(max=254, load_default="")
    reason = Text(max=400, line=False, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _hangs_together(self, data: dict[str, Any], **_more: Any) -> None:
        keys = [rule["check"] for rule in data["rules"]]
        errors: dict[str, list[str]] = {}
        if len(keys) != len(set(keys)):
            errors["rules"] = [str(_("name a check twice"))]
        elif len([key for key in keys if key.startswith(OWN)]) > MOST_OWN:
            errors["rules"] = [str(_("may have at most {most} checks of your own", most=MOST_OWN))]
        elif len([rule for rule in data["rules"] if rule.get("drop")]) == len(CHECKS):
            errors["rules"] = [str(_("leave nothing to ask"))]
        if errors:
            raise ValidationError(errors)
