"""Who was told, as lines: the same to several at one place is one, and what is lost stands out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from referral.desk import around

AT = datetime(2026, 6, 9, 9, 14, tzinfo=UTC)


def sent(minutes: int = 0, state: str = "sent", **more: Any) -> dict[str, Any]:
    one = {"kind": "new", "reader": "contact", "organisation": "Riverside", "channel": "email"}
    return one | {"state": state, "at": AT + timedelta(minutes=minutes), **more}


def notice(state: str, channel: str = "text", **more: Any) -> dict[str, Any]:
    owner = {"organisation": "Elder Park", "user": "Amira Khan"}
    one = {"event": "accepted", "channel": channel, "state": state, "at": AT, "how": None}
    return one | {"due_on": date(2026, 6, 11), "owner": owner, **more}


def test_the_same_to_two_contacts_is_one_line_and_the_persons_own_are_none() -> None:
    rows = [sent(), sent(), sent(5, kind="reminder"), sent(6, reader="person")]
    lines = around.messages({"deliveries": rows})
    assert [str(line.how) for line in lines] == ["reminder, by email", "new referral, by email"]


def test_what_was_lost_stands_out_until_something_arrives_there() -> None:
    lost = [sent(state="lost")]
    assert [line.what for line in around.lost(around.messages({"deliveries": lost}))] == [
        "Riverside"
    ]
    later = [*lost, sent(30)]
    assert around.lost(around.messages({"deliveries": later})) == []


def test_how_the_person_was_told_names_who_still_has_to_and_by_when() -> None:
    view = {
        "notices": [
            notice("dropped"),
            notice("lost"),
            notice("done", how="phone", channel="tell"),
            notice("waiting", "letter"),
            notice("waiting", "tell"),
            notice("held"),
        ]
    }
    lines = around.person_told(view)
    assert [(str(line.how), line.late) for line in lines] == [
        ("on its way to them", False),
        ("is to be told by Thu 11 June: Amira Khan", False),
        ("a letter is to be sent by Thu 11 June: Amira Khan", False),
        ("told by telephone", False),
        ("did not arrive by text", True),
    ]
    assert {str(line.what) for line in lines} == {"They can help you"}
