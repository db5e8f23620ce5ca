"""A plan as plain text: the standard's names and order, and nothing that is blank."""

from datetime import UTC, date, datetime
from uuid import uuid4

from referral.outcomes import record
from referral.outcomes.plans import Action, Contact, Goal, Shown

GOAL = "Company in the day (loneliness)."
AMIRA, JO = "Amira Khan", "an attorney or guardian (Jo Hughes)"
BLANK = Shown(uuid4(), "JU-4K7Q", "Ms Amina Begum", "Ms A. Begum", "Elder Park link workers")


def shown(**more: object) -> Shown:
    return Shown(**{**vars(BLANK), "plan_id": uuid4(), **more})


def an_action(text: str, who: str = "person", **more: object) -> Action:
    return Action(uuid4(), 1, None, text, who, **more)


def test_what_is_blank_is_not_there() -> None:
    assert record.plan(BLANK) == ""
    assert BLANK.is_blank
    text = record.plan(shown(about={"strengths": "Sings", "matters": " "}))
    assert text.split("\n") == [
        "Plan of Ms Amina Begum, referral JU-4K7Q.",
        "",
        "CARE AND SUPPORT PLAN",
        "Strengths: Sings",
    ]


def test_a_whole_plan_stands_in_the_order_of_the_standard() -> None:
    found = shown(
        about={"concerns": "Nights are long", "matters": "Her garden", "strengths": "Sings"},
        goals=(
            Goal(
                uuid4(), 1, "Company in the day", "loneliness", 9, None, "partly",
                (
                    an_action("Ring the choir", due_on=date(2026, 6, 5)),
                    an_action("Go along", "link_worker", name=AMIRA, done_on=date(2026, 6, 9)),
                ),
            ),
        ),
        others=(an_action("Send the letter.", "practice"),),
        review_on=date(2026, 7, 14),
        reviewer=AMIRA,
        agreed=True,
        agreed_on=date(2026, 6, 2),
        agreed_authority="attorney",
        agreed_by="Jo Hughes",
        updated_at=datetime(2026, 6, 9, 9, 0, tzinfo=UTC),
        updated_by="Amira Khan",
    )  # fmt: skip
    assert record.plan(found).split("\n")[1:] == [
        "",
        "ABOUT ME",
        "What is most important to me: Her garden",
        "",
        "CARE AND SUPPORT PLAN",
        "Strengths: Sings",
        "Needs, concerns or problems: Nights are long",
        f"Goals and hopes 1: {GOAL} Goal importance score: 9 of 10. Goal status: partly reached.",
        "- The person: Ring the choir. By Friday 5 June 2026.",
        "- Amira Khan: Go along. Done Tuesday 9 June 2026.",
        "Actions and activities:",
        "- The practice: Send the letter.",
        f"Agreed with person or legitimate representative: yes, {JO}, Tuesday 2 June 2026.",
        f"Date this plan was last updated: Tuesday 9 June 2026, {AMIRA}, {BLANK.team}.",
        "Planned review date: Tuesday 14 July 2026.",
        f"Responsibility for review: {AMIRA}, {BLANK.team}.",
    ]
    assert found.changed_since


def test_a_contact_says_when_how_what_came_of_it_and_who_it_was() -> None:
    at = datetime(2026, 6, 9, 9, 14, tzinfo=UTC)
    tried = Contact(at, "phone", "no_answer")
    left = Contact(at, "phone", "message_left", by="Amira Khan")
    met = Contact(at, "visit", "attended", " Tea in the garden. ", "Amira Khan")
    assert record.contact(tried) == "Tuesday 9 June 2026, 10:14. Telephone: no answer."
    assert record.contact(left).endswith("left a message.\nTried by: Amira Khan.")
    assert record.contact(met, "Elder Park link workers").split("\n") == [
        "Tuesday 9 June 2026, 10:14. Visit: came.",
        "Seen by: Amira Khan, Elder Park link workers.",
        "Tea in the garden.",
    ]
