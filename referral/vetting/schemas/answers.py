"""What may be said in answer to a check: one shape for each kind, made from the register.

No word about anybody checked: of criminal records there is a level, a number and a day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from referral.core import clock
from referral.core.i18n import Lazy, _, format_day
from referral.core.schema import Choice, Day, Schema, Text, Whole, Yes
from referral.vetting.checks import COVER_BY, OPTIONAL, REQUIRED, Check
from referral.vetting.criminal_records import BY_NATION, in_nation
from referral.vetting.passport import valid_until

NOTE_MAX = 1000
COVER_MAX = 1_000_000_000
# No paper of an organisation states an end further off.
LONGEST = timedelta(days=3660)


class Answer(Schema):
    """Base of every answer; ``check`` and ``nation`` are set by ``answer_schema``.

    With ``not_applicable`` only ``note`` counts: why it does not apply.
    """

    check: Check

    @validates_schema(skip_on_field_errors=False)
    def _hangs_together(self, data: dict[str, Any], **_more: Any) -> None:
        errors: dict[str, Lazy] = {}
        if data.get("not_applicable"):
            if not data.get("note"):
                errors["note"] = _("is required: say why it does not apply to you")
        else:
            errors = _missing(self.check, data) | _dates(self.check, data)
        if errors:
            raise ValidationError({name: [str(rule)] for name, rule in errors.items()})


def _missing(check: Check, data: dict[str, Any]) -> dict[str, Lazy]:
    return {name: _("is required") for name in REQUIRED[check.kind] if data.get(name) in (None, "")}


def _dates(check: Check, data: dict[str, Any]) -> dict[str, Lazy]:
    """The end comes after the beginning and after today; the beginning is recent enough."""
    today = clock.today()
    issued, ends = data.get("issued_on"), data.get("expires_on")
    if ends is not None:
        if issued is not None and ends <= issued:
            return {"expires_on": _("must be after the day it was issued")}
        if ends < today:
            return {"expires_on": _("has passed: it has run out already")}
        if ends > today + LONGEST:
            return {"expires_on": _("must be within ten years")}
    if issued is not None and not check.renewal.to_end_date:
        until = valid_until(check.renewal, issued)
        if until is not None and until < today:
            told = _("was too long ago: it counted until {day}", day=format_day(until))
            return {"issued_on": told}
    return {}


def answer_schema(check: Check, nation: str = "england", *, told: bool = False) -> Schema:
    """The shape of an answer to ``check`` in ``nation``; of one kept in the directory, empty.

    ``told``: it is written down for the group, so it says who said so. The fields are those of
    ``checks.REQUIRED`` and ``OPTIONAL``, ``not_applicable`` where that is an answer, ``told_by``.
    """
    names = (*REQUIRED[check.kind], *OPTIONAL[check.kind])
    made: dict[str, Any] = {name: _field(name, check, nation) for name in names}
    if check.kind == "record" and not BY_NATION[nation].update_service:
        made.pop("update_service")
    if check.may_not_apply:
        made["not_applicable"] = Yes(load_default=False)
        made.setdefault("note", _note())
    if told:
        made["told_by"] = Text(max=100, required=True)
    schema = Answer.from_dict(made, name="AnswerTo")()
    schema.check = in_nation(check, nation)  # type: ignore[attr-defined] # of Answer
    return schema  # type: ignore[return-value] # marshmallow's own base


def _field(name: str, check: Check, nation: str) -> fields.Field[Any]:
    levels = check.kind == "record"
    made: dict[str, fields.Field[Any]] = {
        "number": Text(max=60, load_default=""),
        "issuer": Text(max=100, load_default=""),
        "level": Choice(BY_NATION[nation].levels, allow_none=True, load_default=None)
        if levels
        else Text(max=40, load_default=""),
        "count": Whole(min=1, max=100_000, allow_none=True, load_default=None),
        "cover": Whole(min=1, max=COVER_MAX, allow_none=True, load_default=None),
        "cover_by": Choice(COVER_BY, load_default="own"),
        "lead_name": Text(max=100, load_default=""),
        "lead_phone": Text(max=40, load_default=""),
        "update_service": Yes(allow_none=True, load_default=None),
        "note": _note(),
        "issued_on": Day(past=True, allow_none=True, load_default=None),
        "expires_on": Day(allow_none=True, load_default=None),
    }
    return made[name]


def _note() -> Text:
    return Text(max=NOTE_MAX, line=False, load_default="")
