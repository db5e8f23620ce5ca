"""Who sees what, at which stage; planted words never cross."""

import itertools
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.referrals import disclosure
from referral.referrals.disclosure import Level
from referral.referrals.lifecycle import STATUSES

ON = date(2026, 6, 2)
NONE, ANONYMOUS, IDENTIFIED = Level
CANARIES = {
    "title": "Canarytitle",
    "given_name": "Canarygiven",
    "family_name": "Canaryfamily",
    "address": "17 Canary Wharf Lane\nCanarytown",
    "postcode": "G51 2QX",
    "phone": "01632 960123",
    "email": "canary@mail.example",
    "date_of_birth": "1951-03-07",
    "contact_notes": "Canarynotes",
    "safe_to_leave_message": "Canarysafe",
}
PERSON: dict[str, Any] = CANARIES | {
    "health_number": {"type": "chi", "value": "0703511234"},
    "sex": "female",
    "language": "Urdu",
    "interpreter": True,
    "reach_by": ["letter"],
    "access_needs": ["hearing"],
    "needs": ["loneliness"],
    "reason": "Wants company in the day",
    "risk_known": True,
    "risk_text": "A large dog",
    "urgency": "routine",
    "secret_added_later": "Canarylater",
}


# Per status: safe link and signed-in provider that never accepted; the same that once accepted.
STAGES = {
    "draft": (NONE, NONE, NONE, NONE),
    "sent": (ANONYMOUS, ANONYMOUS, ANONYMOUS, ANONYMOUS),
    "question_asked": (ANONYMOUS, ANONYMOUS, ANONYMOUS, ANONYMOUS),
    "accepted": (NONE, NONE, IDENTIFIED, IDENTIFIED),
    "waiting_list": (ANONYMOUS, ANONYMOUS, IDENTIFIED, IDENTIFIED),
    "contacting": (NONE, NONE, IDENTIFIED, IDENTIFIED),
    "started": (NONE, NONE, IDENTIFIED, IDENTIFIED),
    "paused": (NONE, NONE, IDENTIFIED, IDENTIFIED),
    "declined": (NONE, NONE, NONE, NONE),
    "returned_no_reply": (NONE, NONE, NONE, NONE),
    "completed": (NONE, NONE, NONE, IDENTIFIED),
    "ended_early": (NONE, NONE, NONE, IDENTIFIED),
    "withdrawn": (NONE, NONE, NONE, IDENTIFIED),
    "closed": (NONE, NONE, NONE, IDENTIFIED),
    "entered_in_error": (NONE, NONE, NONE, NONE),
}


def test_the_stages() -> None:
    assert list(STAGES) == list(STATUSES)
    for status, levels in STAGES.items():
        cells = itertools.product((False, True), (False, True))
        for (accepted, signed_in), level in zip(cells, levels, strict=True):
            assert level == disclosure.level(
                "recipient", status, signed_in=signed_in, ever_accepted=accepted
            ), (status, accepted, signed_in)


@pytest.mark.parametrize("status", STATUSES)
def test_the_other_viewers(status: str) -> None:
    assert disclosure.level("sender", status) == IDENTIFIED
    assert disclosure.level("somebody", status, ever_accepted=True) == NONE
    holds = status in ("declined", "returned_no_reply", "ended_early")
    assert (disclosure.level("fallback", status) == IDENTIFIED) == holds
    triage = disclosure.level("recipient", status, recipient_kind="link_worker_team")
    at_work = STATUSES[status].identity_visible or status in ("sent", "question_asked")
    assert (triage == IDENTIFIED) == at_work


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("viewer", ["recipient", "fallback"])
def test_who_was_told_sees_nothing_once_the_person_stopped_it(viewer: str, status: str) -> None:
    for kind in ("provider", "link_worker_team"):
        seen = disclosure.level(
            viewer, status, recipient_kind=kind, ever_accepted=True, stopped=True
        )
        assert seen == Level.NONE
    assert disclosure.level("sender", status, stopped=True) == Level.IDENTIFIED


def test_before_accepting() -> None:
    assert disclosure.mask(PERSON, ANONYMOUS, on=ON, provider=True) == {
        "needs": ["loneliness"],
        "sex": "female",
        "age_band": 70,
        "area": "G51",
        "risk_known": True,
        "risk_text": "A large dog",
        "urgency": "routine",
        "reach_by": ["letter"],
        "language": "Urdu",
        "interpreter": True,
        "access_needs": ["hearing"],
        "reason": "Wants company in the day",
    }


def test_after_accepting() -> None:
    seen = disclosure.mask(PERSON, IDENTIFIED, on=ON, provider=True)
    assert CANARIES.items() <= seen.items()
    assert "health_number" not in seen
    assert "secret_added_later" not in seen
    team = disclosure.mask(PERSON, IDENTIFIED, on=ON, provider=False)
    assert team["health_number"] == {"type": "chi", "value": "0703511234"}
    assert disclosure.mask(PERSON, NONE, on=ON, provider=True) == {}


@given(
    planted=st.dictionaries(
        st.sampled_from(sorted(CANARIES)) | st.text(st.characters(codec="ascii"), min_size=1),
        st.integers(0, 10**6).map("canary{:06}".format),
    ),
    slips=st.lists(
        st.sampled_from(["given_name", "family_name", "email", "phone", "address", "postcode"])
    ),
    upper=st.booleans(),
)
def test_nothing_planted_leaks_before_acceptance(
    planted: dict[str, str], slips: list[str], upper: bool
) -> None:
    facts = PERSON | {
        name: value
        for name, value in planted.items()
        if name not in (*disclosure.ANONYMOUS_FIELDS, "date_of_birth", "postcode", "phone")
    }
    said = " and ".join(str(facts[name]) for name in slips)
    facts["reason"] = f"Says: {said.upper() if upper else said}."
    shown = json.dumps(disclosure.mask(facts, ANONYMOUS, on=ON, provider=True)).lower()
    assert "canary" not in shown
    assert "960123" not in shown
    assert "2qx" not in shown
    assert "0703511234" not in shown
    assert "1951" not in shown


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        ("Wants company in the day", []),
        ("Canarygiven wants company", ["name"]),
        ("canaryfamily's husband died", ["name"]),
        ("Mrs CANARYFAMILY", ["name"]),
        ("Canaryfamilyish words stay", []),
        ("CHI 070351 1234", ["health_number"]),
        ("CHI 070-351-1234", ["health_number"]),
        ("0703511234567 is another number", []),
        ("ring 01632960123", ["phone"]),
        ("ring +44 1632 960 123", ["phone"]),
        ("ring (01632) 960-123", ["phone"]),
        ("lives at 17 Canary Wharf Lane", ["address"]),
        ("lives on canary  wharf lane", ["address"]),
        ("near g512qx", ["address"]),
        ("in G51, 12 weeks", []),
        ("write to Canary@mail.example", ["email"]),
        ("born 7/3/1951", ["date_of_birth"]),
        ("born 07.03.51", ["date_of_birth"]),
        ("born 7 March 1951", ["date_of_birth"]),
        ("Canarygiven, 01632 960 123", ["name", "phone"]),
    ],
)
def test_the_sender_is_warned(reason: str, found: list[str]) -> None:
    assert disclosure.reason_contains_identity(reason, PERSON) == found
    masked = disclosure.black_out(reason, PERSON)
    assert (masked != reason) == bool(found)
    assert disclosure.reason_contains_identity(masked, PERSON) == []


def test_accents_apostrophes_and_double_names() -> None:
    person = {"given_name": "Zoë", "family_name": "O’Neill-Brown"}
    assert disclosure.black_out("ZOE O'Neill came; Brown too", person) == "[…] […] came; […] too"
    assert disclosure.reason_contains_identity("Zoe", person) == ["name"]
    assert disclosure.black_out("", person) == ""
    assert disclosure.black_out("Al said hello to A", {"given_name": "A"}) == "Al said hello to A"


@given(st.text(), st.fixed_dictionaries({}, optional=dict.fromkeys(CANARIES, st.text())))
def test_any_text_and_any_person_can_be_searched(text: str, person: dict[str, str]) -> None:
    assert isinstance(disclosure.black_out(text, person), str)
    disclosure.mask(person | {"reason": text}, ANONYMOUS, on=ON, provider=True)


def test_notes_before_acceptance() -> None:
    visible = disclosure.note_visible
    assert visible(ANONYMOUS, viewer="recipient", author="recipient", verb="ask")
    assert visible(ANONYMOUS, viewer="recipient", author="sender", verb="reply")
    assert not visible(ANONYMOUS, viewer="recipient", author="sender", verb="send")
    assert visible(IDENTIFIED, viewer="recipient", author="sender", verb="send")
    assert not visible(NONE, viewer="recipient", author="sender", verb="reply")


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(1951, 3, 7), 70),
        (date(1956, 6, 2), 70),
        (date(1956, 6, 3), 60),
        (date(2026, 1, 1), 0),
        (date(1936, 1, 1), 90),
        (date(1920, 1, 1), 90),
        (date(2027, 1, 1), None),
        (None, None),
    ],
)
def test_age_bands(born: date | None, band: int | None) -> None:
    assert disclosure.age_band(born, ON) == band


def test_what_the_practice_hears() -> None:
    told = {
        "overall": "met",
        "told_by": "both",
        "actions_for_practice": ["Review her hearing aid"],
        "summary": "Goes on her own now",
        "goals": ["someone to talk to"],
    }
    assert disclosure.feedback_view(told, "full") == told
    assert (disclosure.feedback_view(told, "summary") or {})["summary"] is None
    waiting = disclosure.feedback_view(told, "full", waits=True)
    assert waiting == {
        "overall": None,
        "told_by": None,
        "actions_for_practice": ["Review her hearing aid"],
        "summary": None,
    }
    summary = disclosure.feedback_view(told, "summary", written_for="summary")
    assert summary == {name: value for name, value in told.items() if name != "goals"}
    assert disclosure.feedback_view(told, "codes") == {
        "overall": None,
        "told_by": None,
        "actions_for_practice": [],
        "summary": None,
    }
    assert disclosure.feedback_view(told, "none") is None
    assert disclosure.feedback_view(None, "full") is None
    assert [c for c in ("full", "summary", "codes", "none") if disclosure.shares_actions(c)] == [
        "full",
        "summary",
    ]


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        ("Ring her on 07700 900123", ["phone"]),
        ("Ring her on +44 (0)7700 900123 after six", ["phone"]),
        ("Her new address: kit.new@example.org", ["email"]),
        ("Her husband is 999 000 0018", ["health_number"]),
        ("Her husband is 010150 1234", ["health_number"]),
        ("Walked 10 000 steps on 3 of 12 days in 2026", []),
        ("Rent arrears of 1500 since 01/04, owes 2 000 000 lira", []),
    ],
)
def test_a_number_or_address_that_is_not_on_file_counts_too(reason: str, found: list[str]) -> None:
    stranger = {"given_name": "Kit", "family_name": "Nobody"}
    expected = sorted({*found, *(["name"] if "kit" in reason.lower() else [])})
    assert sorted(disclosure.reason_contains_identity(reason, stranger)) == expected
    assert (disclosure.black_out(reason, stranger) == reason) is not bool(expected)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Would a shy woman in her 70s fit on a Thursday at 10:30?", []),
        ("He is 74, lives in G51 and walks with 2 sticks", []),
        ("Ring her on 01632 960 001", ["phone"]),
        ("NHS 943 476 5919", ["health_number"]),
        ("write to a.begum@example.org", ["email"]),
        ("she is at G51 3UU", ["postcode"]),
        ("he lives at 12 Old Mill Lane", ["address"]),
        ("born 4/3/1952, or 4 March 1952", ["date_of_birth"]),
    ],
)
def test_a_question_about_nobody_holds_no_number_and_no_address(
    text: str, found: list[str]
) -> None:
    assert disclosure.looks_personal(text) == found
