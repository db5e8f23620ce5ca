"""The words of reviewers and deciders; and of two organisations, one of which vouches."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from marshmallow import ValidationError, fields

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Schema, Text, Whole
from referral.directory.schemas.profiles import Id
from referral.vetting.checks import TIERS
from referral.vetting.judging import DECISIONS

REASON_MAX = 2000
LIMITS_MAX = 200
ANCHOR_LIMITS_MAX = 400
CHECKS_MAX = 60


class Accept(Schema):
    """It will do. ``expires_on``: until then only; ``limits``: what else it does not show."""

    expires_on = Day(load_default=None, allow_none=True)
    limits = Text(max=LIMITS_MAX, load_default="")


class Reject(Schema):
    """It will not do, and why."""

    reason = Text(max=REASON_MAX, line=False, required=True)


class AskBack(Schema):
    """What the reviewer wants to know first."""

    reason = Text(max=REASON_MAX, line=False, required=True)


# By verb of ``judging.REVIEWS``.
REVIEWING: dict[str, type[Schema]] = {"accept": Accept, "reject": Reject, "ask": AskBack}


def _few(given: Sized) -> None:
    if len(given) > CHECKS_MAX:
        raise ValidationError(str(_("choose at most {max}", max=CHECKS_MAX)))


class _Days(fields.Dict):
    """``{check: day}``; a wrong day is an error under the name of its check."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be checks with days")}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call] # marshmallow's
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            told = {key: next(iter(found.values())) for key, found in error.messages.items()}
            raise ValidationError(told) from error


class Decide(Schema):
    """A decision: which, why, and for approvals what goes with it. No ``tier``: what is needed."""

    kind = Choice(DECISIONS, required=True)
    reason = Text(max=REASON_MAX, line=False, required=True)
    conditions = Text(max=REASON_MAX, line=False, load_default="")
    # ``{check: day}``: what may be given until then.
    waived = _Days(keys=Text(max=40), values=Day(), load_default=dict, validate=_few)
    tier = Choice(TIERS, load_default=None, allow_none=True)


class Host(Schema):
    """An anchor answers for a group: the checks it holds, and what that does not cover."""

    anchor_id = Id(required=True)
    hosted_id = Id(required=True)
    checks = fields.List(
        Text(max=40),
        required=True,
        error_messages={**REQUIRED, "invalid": _("must be a list")},  # type: ignore[dict-item] # lazy
        validate=_few,
    )
    limits = Text(max=ANCHOR_LIMITS_MAX, line=False, load_default="")


class EndHosting(Schema):
    """Why the anchor answers for the group no longer."""

    reason = Text(max=REASON_MAX, line=False, required=True)


class EndHostingForm(EndHosting):
    version = Whole(required=True, min=1)
