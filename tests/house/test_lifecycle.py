"""A status says all about itself in its one row."""

import pytest

from referral.referrals.lifecycle import STATUSES, Status

NHS_TAG_COLOURS = {
    "white", "grey", "green", "aqua-green", "blue", "purple", "pink", "red", "orange", "yellow",
}  # fmt: skip
# FHIR R4: TaskStatus and RequestStatus.
TASK = {
    "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress",
    "on-hold", "failed", "completed", "entered-in-error",
}  # fmt: skip
REQUEST = {
    "draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown",
}  # fmt: skip


@pytest.mark.parametrize("status", STATUSES.values(), ids=STATUSES.keys())
def test_a_status_has_label_colour_fhir_mapping_owner_and_clock(status: Status) -> None:
    assert str(status.label)
    assert status.colour in NHS_TAG_COLOURS
    assert status.fhir_request in REQUEST
    # A closed referral's task keeps the last status it had.
    assert status.fhir_task in TASK or (status.key == "closed" and status.fhir_task is None)
    if status.open:
        assert status.owner in ("sender", "recipient", "fallback")
        assert status.next_step is not None
        assert str(status.next_step.text)
        assert status.clock is not None
    else:
        assert status.clock is None


def test_labels_are_told_apart() -> None:
    assert len({str(status.label) for status in STATUSES.values()}) == len(STATUSES)
