"""The table against an independent transcription of it, cell by cell."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.core.errors import IllegalAction
from referral.referrals import lifecycle
from referral.referrals.lifecycle import OPEN, STATUSES, VERBS

# Transcribed by hand from the product's own table: status | owner | recipient | sender | FHIR.
TABLE = """
draft             | sender    |                                                  | send                  | draft / draft
sent              | recipient | accept, waitlist, ask, decline                   | withdraw              | requested / active
question_asked    | sender    | accept, waitlist, decline                        | reply, withdraw       | requested / active
accepted          | recipient | contact, start, waitlist, pause, complete, end   | withdraw              | accepted / active
waiting_list      | recipient | accept, waitlist, end                            | withdraw              | on-hold / active
contacting        | recipient | contact, start, waitlist, pause, complete, end   | withdraw              | in-progress / active
started           | recipient | contact, pause, complete, end                    | withdraw              | in-progress / active
paused            | recipient | resume, end                                      | withdraw              | on-hold / active
declined          | fallback  |                                                  | redirect, acknowledge | rejected / active
returned_no_reply | fallback  |                                                  | redirect, acknowledge | cancelled / active
completed         | sender    |                                                  | acknowledge, redirect | completed / active
ended_early       | fallback  |                                                  | acknowledge, redirect | failed / active
withdrawn         |           |                                                  |                       | cancelled / revoked
closed            |           |                                                  |                       | / completed
entered_in_error  |           |                                                  |                       | entered-in-error / entered-in-error
"""  # noqa: E501 - a table is read across
NOT_OPEN = {"draft", "withdrawn", "closed", "entered_in_error"}
LEADS_TO = {
    "send": "sent", "accept": "accepted", "waitlist": "waiting_list", "ask": "question_asked",
    "reply": "sent", "decline": "declined", "start": "started", "pause": "paused",
    "complete": "completed", "end": "ended_early", "withdraw": "withdrawn",
    "redirect": "closed", "acknowledge": "closed", "correct": "entered_in_error",
}  # fmt: skip
PARTIES = ("sender", "recipient", "fallback", "practice", "owner", "system", "person")


def split(text: str) -> set[str]:
    return {part.strip() for part in text.split(",") if part.strip()}


ROWS = {
    cells[0]: cells[1:]
    for cells in ([cell.strip() for cell in row.split("|")] for row in TABLE.strip().splitlines())
}


def expected(status: str, party: str) -> set[str]:
    owner, recipient, sender, _fhir = ROWS[status]
    found = split({"recipient": recipient, "sender": sender}.get(party, ""))
    if party == "fallback" and owner == "fallback":
        found = split(sender)
    talks = party in ("sender", "recipient", "fallback", "practice")
    # The one step beyond the table: what was raised in time may be answered after the end.
    found |= {"answer"} if talks and status != "draft" else set()
    if status not in NOT_OPEN:
        found |= {"raise"} if talks else set()
        found |= {"undo"} if talks and party != "practice" else set()
        found |= {"amend"} if party == "sender" else set()
        found |= {"assign"} if party == "owner" else set()
    if party == "sender" and status not in ("draft", "entered_in_error"):
        found.add("correct")
    return found


def test_the_table_has_the_same_rows_owners_and_fhir_statuses() -> None:
    assert list(STATUSES) == list(ROWS)
    for key, (owner, _recipient, _sender, fhir) in ROWS.items():
        row = STATUSES[key]
        task, request = (part.strip() for part in fhir.split("/"))
        assert (row.owner or "", row.fhir_task or "", row.fhir_request) == (owner, task, request)
        assert row.open == (key not in NOT_OPEN)


@pytest.mark.parametrize("status", ROWS)
@pytest.mark.parametrize("party", PARTIES)
def test_every_cell(status: str, party: str) -> None:
    facts = {"threads_to_answer": True, "undoable": True}
    for verb in VERBS:
        if verb in expected(status, party):
            lifecycle.check(status, verb, {party}, **facts)
            continue
        with pytest.raises(IllegalAction) as refused:
            lifecycle.check(status, verb, {party}, **facts)
        assert set(refused.value.allowed_actions) == expected(status, party)
        assert refused.value.status == 409
        assert len(refused.value.detail) > 20


def test_no_verb_of_the_transcription_is_missing() -> None:
    assert set(VERBS) == set().union(*(expected(s, p) for s in ROWS for p in PARTIES))


@pytest.mark.parametrize("status", ROWS)
@pytest.mark.parametrize("verb", sorted(LEADS_TO))
def test_where_a_verb_leads(status: str, verb: str) -> None:
    if any(verb in expected(status, party) for party in PARTIES):
        assert lifecycle.target(status, verb, "accepted") == LEADS_TO[verb]


@pytest.mark.parametrize("verb", ["raise", "answer", "amend", "assign"])
@pytest.mark.parametrize("status", OPEN)
def test_threads_and_details_keep_the_status(status: str, verb: str) -> None:
    assert lifecycle.target(status, verb) == status


def test_a_contact_begins_contacting_and_then_changes_nothing() -> None:
    assert lifecycle.target("accepted", "contact") == "contacting"
    assert lifecycle.target("contacting", "contact") == "contacting"
    assert lifecycle.target("started", "contact") == "started"


@pytest.mark.parametrize("before", ["accepted", "contacting", "started"])
def test_resume_and_undo_go_back(before: str) -> None:
    assert lifecycle.target("paused", "resume", before) == before
    assert lifecycle.target("paused", "undo", before) == before
    with pytest.raises(ValueError):
        lifecycle.target("paused", "resume")


def test_only_sent_returns_by_itself() -> None:
    assert [key for key, row in STATUSES.items() if row.returns_by_itself] == ["sent"]


@pytest.mark.parametrize("status", OPEN)
def test_every_open_status_has_owner_next_step_clock_label_and_colour(status: str) -> None:
    row = STATUSES[status]
    assert row.owner
    assert row.clock
    assert row.next_step
    assert str(row.next_step.text)
    assert str(row.label)
    assert row.colour in {
        "white", "grey", "green", "aqua-green", "blue", "purple", "pink", "red", "orange", "yellow",
    }  # fmt: skip
    for if_not, decide, team in itertools.product(("link_worker", "referrer"), (0, 1), (0, 1)):
        owner = lifecycle.owner_party(
            status, if_not=if_not, left_to_decide=bool(decide), team_can_hold=bool(team)
        )
        assert owner in ("sender", "recipient", "fallback")


@given(
    status=st.sampled_from(list(STATUSES)),
    verb=st.one_of(st.sampled_from(list(VERBS)), st.text(max_size=20)),
    parties=st.frozensets(st.sampled_from(PARTIES)),
    threads=st.booleans(),
    undoable=st.booleans(),
    onward=st.booleans(),
)
def test_a_refusal_names_exactly_what_is_allowed(
    status: str, verb: str, parties: frozenset[str], threads: bool, undoable: bool, onward: bool
) -> None:
    facts = {"threads_to_answer": threads, "undoable": undoable, "onward_open": onward}
    can = lifecycle.allowed(status, parties, **facts)
    assert can == [verb for verb in VERBS if verb in can]  # a stable order, nothing twice
    if verb in can:
        lifecycle.check(status, verb, parties, **facts)
        assert lifecycle.target(status, verb, "accepted") in STATUSES
    else:
        with pytest.raises(IllegalAction) as refused:
            lifecycle.check(status, verb, parties, **facts)
        assert refused.value.allowed_actions == can


@pytest.mark.parametrize("status", sorted(NOT_OPEN))
def test_after_the_end_only_a_waiting_thread_can_be_answered(status: str) -> None:
    assert "answer" not in lifecycle.allowed(status, {"sender", "recipient"})
    can = lifecycle.allowed(status, {"practice"}, threads_to_answer=True)
    assert can == ([] if status == "draft" else ["answer"])


def test_completing_waits_for_the_onward_referral() -> None:
    assert "complete" in lifecycle.allowed("started", {"recipient"})
    assert "complete" not in lifecycle.allowed("started", {"recipient"}, onward_open=True)
    with pytest.raises(IllegalAction, match="still open"):
        lifecycle.check("started", "complete", {"recipient"}, onward_open=True)


def test_a_late_yes_is_told_what_to_do() -> None:
    with pytest.raises(IllegalAction, match="ring"):
        lifecycle.check("returned_no_reply", "accept", {"recipient"})


def test_a_team_that_refers_to_itself_is_both_parties() -> None:
    both = lifecycle.allowed("sent", {"sender", "recipient"})
    assert {"accept", "withdraw", "amend"} <= set(both)


@pytest.mark.parametrize(
    ("status", "facts", "owner"),
    [
        ("declined", {}, "fallback"),
        ("declined", {"if_not": "referrer"}, "sender"),
        ("declined", {"team_can_hold": False}, "sender"),
        ("returned_no_reply", {}, "fallback"),
        ("returned_no_reply", {"if_not": "referrer"}, "sender"),
        ("ended_early", {}, "fallback"),
        ("ended_early", {"left_to_decide": False}, "sender"),
        ("ended_early", {"if_not": "referrer"}, "sender"),
        ("completed", {}, "sender"),
        ("started", {"if_not": "referrer"}, "recipient"),
        ("closed", {}, None),
    ],
)
def test_who_owns(status: str, facts: dict[str, object], owner: str | None) -> None:
    assert lifecycle.owner_party(status, **facts) == owner  # type: ignore[arg-type]


def test_what_closes_by_itself() -> None:
    closes = lifecycle.closes_by_itself
    assert closes("completed", "sender", has_actions=False)
    assert not closes("completed", "sender", has_actions=True)
    assert closes("ended_early", "sender", has_actions=False, left_to_decide=False)
    assert not closes("ended_early", "sender", has_actions=False)
    assert not closes("ended_early", "fallback", has_actions=False)
    assert not closes("declined", "sender", has_actions=False)


def test_somebody_gone_leaves_nothing_waiting_for_the_recipient() -> None:
    ends = lifecycle.SYSTEM_VERBS["person_gone"]
    still = {s for s in OPEN if s not in ends}
    assert still == {"completed", "ended_early"}
    for status in ends:
        assert lifecycle.target(status, "person_gone") in ("ended_early", "closed")


@pytest.mark.parametrize(
    ("verb", "by", "minutes", "can"),
    [
        ("accept", "jo", 0, True),
        ("accept", "jo", 15, True),
        ("accept", "jo", 15.1, False),
        ("accept", "amira", 1, False),
        ("send", "jo", 1, False),
        ("withdraw", "jo", 1, False),
        ("undo", "jo", 1, False),
        ("return_no_reply", "jo", 1, False),
    ],
)
def test_undo(verb: str, by: str, minutes: float, can: bool) -> None:
    then = datetime(2026, 6, 2, 9, tzinfo=UTC)
    assert can == lifecycle.may_undo(
        verb,
        last_by="jo",
        last_at=then,
        previous="sent",
        by=by,
        at=then + timedelta(minutes=minutes),
    )
