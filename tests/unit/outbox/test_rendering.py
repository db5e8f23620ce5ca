"""Messages carry what may stand on a postcard, and nothing else."""

import uuid
from datetime import UTC, date, datetime

import pytest

from referral.outbox import rendering
from referral.outbox.rendering import BLANK, Personal, render


@pytest.fixture(autouse=True)
def _place():
    rendering.configure("Joined Up", "https://joined-up.example")
    yield
    rendering.configure("Joined Up", "http://127.0.0.1:8000")


def test_the_first_line_is_the_subject_and_links_are_whole() -> None:
    made = render("accounts/messages/added.txt", {"organisation": "Northgate Surgery"})
    assert made.subject == "You can now work for Northgate Surgery on Joined Up"
    assert made.body.startswith("Hello,")
    assert "https://joined-up.example/sign-in" in made.body
    assert "\n\n\n" not in made.body


def test_the_secret_of_a_link_stays_out_of_the_text() -> None:
    made = render(
        "accounts/messages/reset.txt", {"path": "/password-reset/", "minutes": 60}, secret=True
    )
    assert f"https://joined-up.example/password-reset/{BLANK}" in made.body


@pytest.mark.parametrize(
    "context",
    [
        {"given_name": "Amina"},
        {"date_of_birth": date(1950, 1, 1)},
        {"reason": "lonely"},
        {"who": {"given_name": "Amina"}},
        {"who": ["Amina"]},
        {"who": object()},
        {"reference": "943 476 5919"},
        {"reference": "9434765919"},
        {"organisation": "amina@example.org"},
    ],
)
def test_personal_data_is_refused(context: dict[str, object]) -> None:
    with pytest.raises(Personal):
        rendering.refuse_personal(context)


def test_facts_for_a_postcard_are_taken() -> None:
    rendering.refuse_personal(
        {
            "reference": "JU-4K7Q",
            "count": 3,
            "due_on": date(2026, 6, 9),
            "at": datetime(2026, 6, 9, 10, tzinfo=UTC),
            "path": f"/referrals/{uuid.uuid4()}",
            "organisation": "Riverside Befriending (0141 429 1234)",
            "nothing": None,
        }
    )


def test_a_name_that_the_template_needs_and_nobody_gave_is_loud() -> None:
    with pytest.raises(Exception, match="organisation"):
        render("accounts/messages/added.txt", {})
