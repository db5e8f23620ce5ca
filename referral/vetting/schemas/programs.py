"""What programs send about checks where no form sends the same."""

from __future__ import annotations

from referral.core.i18n import _
from referral.core.schema import Choice, Day, Schema, Text, Whole, Yes
from referral.directory.schemas.profiles import Id, Ids
from referral.vetting.checks import COVER_BY
from referral.vetting.criminal_records import LEVELS
from referral.vetting.schemas.answers import COVER_MAX, NOTE_MAX
from referral.vetting.schemas.deciding import REASON_MAX

FILES_MAX = 5
WORD_MAX = 400
SHOWS = ("waiting", "expiring", "all")


class Apply(Schema):
    """Begin an application, or invite ``organisation_id`` with a ``note`` to begin one."""

    organisation_id = Id(load_default=None, allow_none=True)
    locality_id = Id(load_default=None, allow_none=True)
    note = Text(max=WORD_MAX, line=False, load_default="")


class Leave(Schema):
    """Why the application is taken back, or the approval given up."""

    reason = Text(max=WORD_MAX, line=False, load_default="")


class NothingMore(Schema):
    """An empty object: the verb says it all."""


class GiveEvidence(Schema):
    """An answer to ``check``: the fields that ``GET checks`` names for it, and its files.

    ``told_by``: who said so, when a link worker writes it down.
    """

    check = Text(max=40, required=True)
    file_ids = Ids(max=FILES_MAX, load_default=list)
    issued_on = Day(allow_none=True)
    expires_on = Day(allow_none=True)
    number = Text(max=60)
    issuer = Text(max=100)
    level = Text(max=40, allow_none=True, metadata={"description": f"records: {', '.join(LEVELS)}"})
    count = Whole(allow_none=True)
    update_service = Yes(allow_none=True)
    cover = Whole(max=COVER_MAX, allow_none=True)
    cover_by = Choice(COVER_BY)
    lead_name = Text(max=100)
    lead_phone = Text(max=40)
    note = Text(max=NOTE_MAX, line=False)
    not_applicable = Yes()
    told_by = Text(max=100)


class Reason(Schema):
    """Why, in words the other side reads."""

    reason = Text(max=REASON_MAX, line=False, required=True)


class LocalityArguments(Schema):
    """Of which locality; without, the actor's own."""

    locality_id = Id(load_default=None, allow_none=True)


UNKNOWN_CHECK = _("is not asked here")
