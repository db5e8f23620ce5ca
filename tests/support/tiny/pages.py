"""The tiny site's pages: a home, a referral, a form with every control, a dashboard, failures."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from marshmallow import fields
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from referral.core import audit
from referral.core.errors import (
    Duplicate,
    Forbidden,
    IllegalAction,
    Invalid,
    NotFound,
    StaleVersion,
    TooMany,
)
from referral.core.schema import Choice, Day, Keys, Schema, Text, Whole, Yes
from referral.web.charts import Band, Point
from referral.web.door import actor, commits, note
from referral.web.forms import Form
from referral.web.pages import Blueprint, redirect_to, render, say

NEEDS = (
    ("loneliness", "Loneliness"),
    ("money", "Money"),
    ("being_active", "Being active"),
    ("housing", "Housing"),
    ("low_mood", "Low mood"),
    ("caring", "Caring"),
)


class RiskSchema(Schema):
    known = Yes(required=True)
    text = Text(max=200)


class ReferSchema(Schema):
    given_name = Text(max=20, required=True)
    date_of_birth = Day(past=True, required=True)
    needs = Keys([key for key, _label in NEEDS], min=1, max=3, required=True)
    service = Choice(["link_worker", "lunch", "riverside"], required=True)
    reason = Text(max=400, line=False, required=True)
    phone = Text(max=20, allow_none=True)
    weeks = Whole(max=52)
    if_not = Choice(["link_worker", "referrer"], required=True)
    language = Choice(["en", "cy"])
    agreed = Yes(required=True)
    risk = fields.Nested(RiskSchema, required=True)


class RuntimeTrouble(RuntimeError):
    """What nobody expected; its text must never be shown."""


def _locked() -> OperationalError:
    original = sqlite3.OperationalError("database is locked")
    original.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("UPDATE", {}, original)


def _unique() -> IntegrityError:
    original = sqlite3.IntegrityError("UNIQUE constraint failed")
    original.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT_UNIQUE
    return IntegrityError("INSERT", {}, original)


class PostgresTrouble(Exception):
    """What psycopg raises, as far as we look at it."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("Ms Begum")
        self.sqlstate = sqlstate


FAILURES: dict[str, Any] = {
    "forbidden": Forbidden,
    "nothing": NotFound,
    "illegal": lambda: IllegalAction("It is already closed.", ["acknowledge"]),
    "stale": lambda: StaleVersion(3, 4),
    "duplicate": lambda: Duplicate("JU-4K7Q"),
    "invalid": lambda: Invalid({"date_of_birth": ["must be in the past"]}),
    "many": lambda: TooMany(retry_after=120),
    "locked": _locked,
    "unique": _unique,
    "deadlock": lambda: OperationalError("UPDATE", {}, PostgresTrouble("40P01")),
    "away": lambda: OperationalError("SELECT", {}, PostgresTrouble(None)),
    "crowded": lambda: PoolTimeout("no connection is free"),
    "second": lambda: IntegrityError("INSERT", {}, PostgresTrouble("23505")),
    "orphan": lambda: IntegrityError("INSERT", {}, PostgresTrouble("23503")),
    "unfit": lambda: DataError("INSERT", {}, PostgresTrouble("22021")),
    "unexpected": lambda: RuntimeTrouble("Ms Begum, 999 123 4567"),
}


def blueprint() -> Blueprint:
    """A new blueprint: one may be registered only once it is complete."""
    bp = Blueprint("tiny", __name__)

    @bp.get("/")
    def home() -> Response:
        return render("tiny/home.html")

    @bp.get("/referral")
    def referral() -> Response:
        subject = ("referral", uuid.UUID(int=9))
        audit.viewed(actor(), "referral:viewed", subject, uuid.UUID(int=10))
        items = [
            {
                "at": datetime(2026, 6, day, hour, 14, tzinfo=UTC),
                "title": title,
                "by": by,
                "text": text,
            }
            for day, hour, title, by, text in (
                (3, 8, "Accepted", "by Jo Mills", "we have a visitor two streets away"),
                (2, 14, "Seen", "by Riverside Befriending", ""),
                (2, 9, "Sent", "by Dr Shah, Northgate Surgery", ""),
            )
        ]
        return render("tiny/referral.html", items=items)

    @bp.route("/referrals/new", methods=["GET", "POST"])
    @commits
    def refer() -> Response:
        form = Form(
            ReferSchema, date_fields=("date_of_birth",), lists=("needs",), clearable=("phone",)
        )
        if request.method == "POST" and (data := form.read()) is not None:
            try:
                if data["given_name"] == "Refused":
                    raise Invalid({"given_name": ["is known under another number"]})
                audit.record(actor(), "thing:made", ("thing", uuid.uuid4()))
            except Invalid as error:
                form.refuse(error)
            else:
                say("Sent. Reference JU-4K7Q")
                return redirect_to("tiny.home")
        return render("tiny/refer.html", form=form, needs=NEEDS)

    @bp.get("/accountability")
    def dashboard() -> Response:
        values = [3.1, 2.8, 3.4, 2.6, 3.3, 2.9, 3.0, 2.7, 3.2, 2.8, 2.1, 1.6, 1.5, 1.3, 1.6, 1.4]
        values += [1.2, 1.5, 1.4, 1.3, 1.5, 1.2, 1.4, 1.3]
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
        points = [
            Point(f"Week {n + 1}", value, months[n // 4] if n % 4 == 0 else "", n > 9, 4)
            for n, value in enumerate(values)
        ]
        bands = [Band(0, 9, 1.9, 3.0, 4.0), Band(10, 23, 0.7, 1.45, 2.2)]
        return render("tiny/dashboard.html", points=points, bands=bands)

    @bp.get("/answer")
    def answer() -> Response:
        return render("tiny/answer.html")

    _hard_doors(bp)
    return bp


def _hard_doors(bp: Blueprint) -> None:
    """Doors that fail, that change things and that are looked through."""

    @bp.route("/fail/<how>", methods=["GET", "POST"])
    @commits
    def fail(how: str) -> Response:
        if how not in FAILURES:
            return Response(how)
        raise FAILURES[how]()

    @bp.post("/change/<int(max=599):status>")
    @commits(also=(418,))
    def change(status: int) -> Response:
        audit.record(actor(), "thing:changed", ("thing", uuid.UUID(int=status)))
        audit.viewed(actor(), "thing:viewed", ("thing", uuid.UUID(int=status)))
        return Response("changed", status=status)

    @bp.get("/look")
    def look() -> Response:
        note(lambda: audit.record(actor(), "session:seen", ("session", uuid.UUID(int=1))))
        subjects = [(("person", uuid.UUID(int=n)), uuid.UUID(int=n)) for n in range(3)]
        audit.viewed_list(actor(), "person:listed", subjects)
        return Response(f"looked for {request.args.get('q', '')}")

    @bp.get("/person/<uuid:person_id>")
    def person(person_id: uuid.UUID) -> Response:
        return Response(str(person_id))


def accounts() -> Blueprint:
    """Stands in for the accounts slice, whose addresses the header knows."""
    bp = Blueprint("accounts", __name__)

    @bp.post("/sign-out")
    @commits
    def sign_out() -> Response:
        return redirect_to("tiny.home")

    @bp.post("/switch")
    @commits
    def switch_organisation() -> Response:
        return redirect_to("tiny.home")

    @bp.get("/sign-in")
    def sign_in() -> Response:
        return Response("sign in")

    return bp
