"""The shapes of the link worker's desk, in and out."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields

from referral.caseload.codes import HANDOVER_REASONS, UNMET_REASONS
from referral.caseload.load import GUIDE, WEIGHTS
from referral.core.i18n import _
from referral.core.schema import PARAGRAPH, REQUIRED, Choice, Day, Schema, Text, Whole
from referral.referrals.codes import NEEDS

MOST_AT_ONCE = 100
GUIDE_MAX = 400
SHOWS = ("mine", "unassigned", "waiting", "due", "done")


class Ids(fields.List[Any]):
    """1 to ``MOST_AT_ONCE`` ids, each once."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be a list")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.UUID(), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        found = list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))
        if not found:
            raise marshmallow.ValidationError(str(_("Choose at least one person")))
        if len(found) > MOST_AT_ONCE:
            rule = _("choose at most {max}", max=MOST_AT_ONCE)
            raise marshmallow.ValidationError(str(rule))
        return found


class Allocate(Schema):
    """Give referrals to somebody of the team."""

    referral_ids = Ids(required=True)
    user_id = fields.UUID(required=True, error_messages=REQUIRED)


class HandOver(Schema):
    """Everything of one worker's to another."""

    from_user_id = fields.UUID(required=True, error_messages=REQUIRED)
    to_user_id = fields.UUID(required=True, error_messages=REQUIRED)
    reason = Choice(HANDOVER_REASONS, required=True)


class Guide(Schema):
    """How many people somebody should have; ``hours`` is the share of a full week in percent.

    ``version`` 0: nobody has said so far.
    """

    people = Whole(min=1, max=GUIDE_MAX, load_default=GUIDE)
    hours = Whole(min=5, max=100, load_default=100)
    version = Whole(min=0, required=True)


class Weight(Schema):
    weight = Choice(WEIGHTS, required=True)
    version = Whole(min=1, required=True)


class Supervise(Schema):
    """A conversation between a worker and who supervises them."""

    held_on = Day(past=True, required=True)
    text = Text(max=PARAGRAPH, line=False, required=True)
    next = Text(max=1000, line=False, load_default="")
    next_on = Day(future=True, allow_none=True, load_default=None)
    version = Whole(min=0, load_default=0)


class Clinician(Schema):
    """Whom the team turns to: name, role, telephone."""

    words = Text(max=400, load_default="")
    version = Whole(min=1, required=True)


class NoteUnmet(Schema):
    """A need for which there was nothing."""

    need = Choice(NEEDS, required=True)
    reason = Choice(UNMET_REASONS, required=True)
    referral_id = fields.UUID(allow_none=True, load_default=None)


class PersonOnDesk(marshmallow.Schema):
    """A referral of a person, folded into their line."""

    id = fields.UUID()
    reference = fields.String()
    status = fields.String()
    due_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()
    mine = fields.Boolean()
    urgency = fields.String()
    weight = fields.String()
    version = fields.Integer()


class LineOut(marshmallow.Schema):
    """One person of a caseload."""

    person = fields.String()
    since = fields.AwareDateTime(format="iso", allow_none=True)
    next_at = fields.AwareDateTime(format="iso", allow_none=True)
    flags = fields.List(fields.String())
    referrals = fields.List(fields.Nested(PersonOnDesk), attribute="rows")


class LoadOut(marshmallow.Schema):
    people = fields.Integer()
    points = fields.Float()
    guide = fields.Float()
    state = fields.String()


class LeftOut(marshmallow.Schema):
    """A referral that was not given, and why."""

    referral_id = fields.UUID()
    why = fields.String()


class AllocatedOut(marshmallow.Schema):
    """``held`` is what the receiver has now: it may be over the guide, which stops nothing."""

    done = fields.List(fields.UUID())
    left = fields.List(fields.Nested(LeftOut))
    held = fields.Nested(LoadOut, attribute="load")


class HandoverOut(marshmallow.Schema):
    id = fields.UUID()
    from_user_id = fields.UUID()
    to_user_id = fields.UUID()
    reason = fields.String()
    referrals = fields.Integer()
    promises = fields.Method("count")
    at = fields.AwareDateTime(format="iso")

    def count(self, row: object) -> int:
        """How many open promises came along."""
        return len(getattr(row, "promises", ()))


class UnmetOut(marshmallow.Schema):
    id = fields.UUID()
    need = fields.String()
    reason = fields.String()
    area = fields.String()
    at = fields.AwareDateTime(format="iso")
