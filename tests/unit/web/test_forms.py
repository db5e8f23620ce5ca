"""HTML input becomes what a schema takes; what was typed stays; errors find their field."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask, g
from marshmallow import fields

from referral.core.errors import Invalid
from referral.core.schema import Day, Keys, Schema, Text, Whole, Yes
from referral.web.forms import Form, place_summaries


class Risk(Schema):
    known = Yes(required=True)
    text = Text(max=10)


class Referral(Schema):
    given_name = Text(max=20, required=True)
    born = Day(past=True, required=True)
    needs = Keys(["money", "food"], min=1, required=True)
    phone = Text(max=20, allow_none=True)
    weeks = Whole(max=52)
    risk = fields.Nested(Risk, required=True)


GOOD = {
    "csrf_token": "x",
    "given_name": " Amina ",
    "born-day": "9",
    "born-month": "6",
    "born-year": "1951",
    "needs": ["money", "food"],
    "phone": "",
    "weeks": "",
    "risk.known": "yes",
    "risk.text": "",
}


@pytest.fixture
def app() -> Flask:
    return Flask("forms")


def posted(app: Flask, **changes: object) -> tuple[Form, dict[str, object] | None]:
    with app.test_request_context(method="POST", data=GOOD | changes):
        form = Form(Referral, date_fields=("born",), lists=("needs",), clearable=("phone",))
        read = form.read()
        for name, label in (
            ("given_name", "First name"),
            ("born", "Date of birth"),
            ("needs", "What matters?"),
            ("risk.known", "Any risks?"),
        ):
            form.label(name, label)
        assert bool(form.errors) == bool(g.get("form_failed"))
        return form, read


def test_good_input_becomes_clean_data(app: Flask) -> None:
    form, read = posted(app)
    assert form.errors == {}
    assert read == {
        "given_name": "Amina",
        "born": date(1951, 6, 9),
        "needs": ["money", "food"],
        "phone": None,
        "risk": {"known": True},
    }


def test_what_was_typed_stays(app: Flask) -> None:
    form, read = posted(app, weeks="many", **{"born-day": "31"})
    assert read is None
    assert form.value("weeks") == "many"
    assert form.value("given_name") == " Amina "
    assert form.value("needs") == ["money", "food"]
    assert form.value("born") == {"day": "31", "month": "6", "year": "1951"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given_name": ""}, "First name is required"),
        ({"given_name": "x" * 21}, "First name must be 20 characters or fewer"),
        ({"given_name": "a\x00b"}, "First name contains characters that cannot be used"),
        ({"needs": []}, "Answer the question “What matters?”"),
        ({"born-day": "31"}, "Date of birth must be a real date"),
        ({"born-day": ""}, "Date of birth must include a day"),
        ({"born-month": "", "born-year": ""}, "Date of birth must include a month"),
        ({"born-day": "", "born-month": "", "born-year": ""}, "Date of birth is required"),
        ({"born-year": "0"}, "Date of birth must be a real date"),
        ({"born-year": "9999"}, "Date of birth must have a year from 1900 to 2199"),
        ({"born-year": "19510000000"}, "Date of birth must be a real date"),
        ({"born-year": "۱۹۵۱"}, "Date of birth must be a real date"),
        ({"born-year": "2150"}, "Date of birth must be today or in the past"),
        ({"risk.known": ""}, "Answer the question “Any risks?”"),
        ({"risk.known": "maybe"}, "Any risks?: must be true or false"),
        ({"colour": "red"}, "Colour is not a field of this request"),
    ],
)
def test_each_wrong_field_says_what_to_mend(
    app: Flask, changes: dict[str, object], sentence: str
) -> None:
    form, read = posted(app, **changes)
    assert read is None
    assert [text for text, _target in form.all_errors()] == [sentence]


def test_a_part_given_as_text_does_no_harm(app: Flask) -> None:
    form, read = posted(app, risk="flat")
    assert read is None
    assert form.errors


def test_an_error_of_a_service_lands_on_its_field(app: Flask) -> None:
    with app.test_request_context(method="POST", data=GOOD):
        form = Form(Referral, date_fields=("born",), lists=("needs",))
        form.refuse(Invalid({"given_name": ["is known already"], "request": ["Try again later."]}))
        form.label("given_name", "First name")
        assert form.error("given_name") == "First name is known already"
        assert form.all_errors() == [
            ("First name is known already", "given-name"),
            ("Try again later.", None),
        ]


def test_stored_values_fill_a_form(app: Flask) -> None:
    with app.test_request_context():
        stored = {"born": date(1951, 6, 9), "risk": {"known": False, "text": None}, "weeks": 3}
        form = Form(Referral, date_fields=("born",), values=stored)
        assert form.value("born") == {"day": "9", "month": "6", "year": "1951"}
        assert form.value("risk.known") == "no"
        assert form.value("risk.text") == ""
        assert form.value("weeks") == 3


def test_two_forms_of_a_page_keep_apart(app: Flask) -> None:
    with app.test_request_context():
        one, two = Form(Risk), Form(Risk)
        assert one.id_of("risk.known") != two.id_of("risk.known")
        assert one.summary() != two.summary()
        assert place_summaries(f"<p>{one.summary()}</p>{two.summary()}") == "<p></p>"
