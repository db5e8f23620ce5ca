"""What a step changed is written down, and comes back as it was."""

import uuid
from datetime import UTC, date, datetime
from types import SimpleNamespace

from referral.referrals import snapshots


def test_only_what_changed_is_kept_and_returns_with_its_type() -> None:
    columns = dict.fromkeys(snapshots.COLUMNS)
    before = columns | {
        "status": "sent",
        "owner_id": uuid.UUID(int=5),
        "due_on": date(2026, 6, 9),
        "status_since": datetime(2026, 6, 1, 9, 0, tzinfo=UTC),
        "attendances": 2,
        "exception": True,
    }
    after = before | {
        "status": "accepted",
        "owner_id": None,
        "due_on": None,
        "status_since": None,
        "attendances": 3,
        "exception": False,
    }
    taken = snapshots.take(SimpleNamespace(**before))
    written = snapshots.dump(taken, after)
    assert snapshots.load(written) == {
        name: before[name]
        for name in ("status", "owner_id", "due_on", "status_since", "attendances", "exception")
    }
    assert snapshots.dump(taken, taken) == "{}"


def test_a_change_of_everything_fits_its_column() -> None:
    moment, day, id_ = datetime(2026, 6, 1, 9, 0, 0, 123456, tzinfo=UTC), date.max, uuid.UUID(int=1)
    full = {
        name: id_ if name.endswith("_id") else day if name.endswith("_on") else moment
        for name in snapshots.COLUMNS
    }
    assert len(snapshots.dump(full, dict.fromkeys(snapshots.COLUMNS))) <= 2000
