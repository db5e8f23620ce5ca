"""A locality's own measures: what they ask, drafted, looked at, opened and retired."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core.errors import Conflict, Invalid, StaleVersion
from referral.core.i18n import Lazy, _
from referral.core.schema import Schema
from referral.outcomes import queries, services
from referral.outcomes.defining import FILE_MAX, defined
from referral.outcomes.measures import BANDS, MOMENTS, SLOTS, Measure
from referral.outcomes.models import LocalMeasure
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.schemas import defining as schemas
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say

STATES: dict[str, tuple[Lazy, str]] = {
    "draft": (_("Draft"), "wait"),
    "open": (_("Asked now"), "ok"),
    "retired": (_("Retired"), ""),
}
WAYS: dict[str, Lazy] = {
    "higher": _("More is better"),
    "lower": _("Less is better"),
    "neither": _("Neither"),
}


class Nothing(Schema):
    """What a button alone sends."""


@bp.get("/measures")
def all_measures() -> Response:
    """What may be asked here, and the ways to more: a file, one's own measures, licences."""
    return render(
        "outcomes/measures/all.html",
        measures=queries.in_place(actor()) if may(actor(), Permission.KEEP_OUTCOMES) else [],
        asks=may(actor(), Permission.KEEP_OUTCOMES),
        sets=may(actor(), Permission.SET_MEASURES),
        keeps=may(actor(), Permission.KEEP_LICENCES),
        slots=SLOTS,
        moments=MOMENTS,
    )


@bp.get("/measures/own")
def own_measures() -> Response:
    """Every measure of the locality, in every edition."""
    rows = [(row, _read(row)) for row in queries.own_measures(actor())]
    return render("outcomes/measures/own.html", rows=rows, states=STATES)


@bp.route("/measures/own/new", methods=["GET", "POST"])
@commits
def new_measure() -> Response:
    """A new measure: a draft, to be looked at before it opens."""
    return _edited(None)


@bp.route("/measures/own/<uuid:measure_id>/words", methods=["GET", "POST"])
@commits
def other_words(measure_id: uuid.UUID) -> Response:
    """A draft in other words; of one that was opened, the next edition."""
    return _edited(queries.own_measure(actor(), measure_id))


@bp.route("/measures/own/load", methods=["GET", "POST"])
@commits
def load_measure() -> Response:
    """A measure from a file: what the form cannot say, such as bands and tables."""
    wrong: list[str] = []
    if request.method == "POST":
        sent = request.files.get("file")
        raw = sent.read(FILE_MAX + 1) if sent is not None else b""
        try:
            if not raw:
                raise Invalid({"file": [str(_("Choose the file first"))]})
            made = services.load_measure(actor(), raw)
        except Invalid as error:
            wrong = [
                rule if name == "file" else f"{name}: {rule}"
                for name, rules in error.errors.items()
                for rule in rules
            ]
        else:
            return redirect_to("outcomes.own_measure", measure_id=made.id)
    return render("outcomes/measures/load.html", 422 if wrong else None, wrong=wrong)


@bp.get("/measures/own/<uuid:measure_id>")
def own_measure(measure_id: uuid.UUID) -> Response:
    """As it is asked, and what can be done with it."""
    return _shown(queries.own_measure(actor(), measure_id))


@bp.post("/measures/own/<uuid:measure_id>/open")
@commits
def open_measure(measure_id: uuid.UUID) -> Response:
    """It is asked from now on."""
    return _done(measure_id, "open")


@bp.post("/measures/own/<uuid:measure_id>/retire")
@commits
def retire_measure(measure_id: uuid.UUID) -> Response:
    """It is asked no more."""
    return _done(measure_id, "retire")


def _done(measure_id: uuid.UUID, verb: str) -> Response:
    try:
        if verb == "open":
            services.open_measure(actor(), measure_id, seen_version())
        else:
            services.retire(actor(), measure_id, seen_version())
    except StaleVersion:
        return _shown(queries.own_measure(actor(), measure_id), 409, stale=True)
    except (Conflict, Invalid) as error:
        return _shown(queries.own_measure(actor(), measure_id), error.status, wrong=error.detail)
    say(_("It is asked from now on.") if verb == "open" else _("It is asked no more."))
    return redirect_to("outcomes.own_measure", measure_id=measure_id)


def _edited(before: LocalMeasure | None) -> Response:
    form = Form(schemas.OwnMeasure, values=schemas.USUAL)
    if request.method == "POST":
        if (data := form.read()) is not None:
            definition = schemas.definition_of(data)
            try:
                key = before.key if before else services.new_key(actor(), data["title"])
                made = services.define(actor(), key, definition)
            except Invalid as error:
                form.refuse(Invalid(_places(error)))
            except Conflict as error:
                form.add("request", error.detail)
            else:
                return redirect_to("outcomes.own_measure", measure_id=made.id)
    elif before is not None:
        form.values |= Form(schemas.OwnMeasure, values=schemas.values_of(_read(before))).values
    return render(
        "outcomes/measures/edit.html",
        form=form,
        before=before,
        names=schemas.NAMES,
        ways=list(WAYS.items()),
        states=STATES,
    )


def _places(error: Invalid) -> dict[str, list[str]]:
    """The places of a definition as the form names them."""
    return {"q1.text" if name == "items" else name: rules for name, rules in error.errors.items()}


def _read(row: LocalMeasure) -> Measure:
    return defined(row.definition, row.key, row.edition)


def _shown(row: LocalMeasure, status: int | None = None, **more: Any) -> Response:
    measure = _read(row)
    by_form = {item.key for item in measure.items} <= set(schemas.NAMES)
    return render(
        "outcomes/measures/own_one.html",
        status,
        row=row,
        measure=measure,
        by_form=by_form and not measure.bands and measure.table is None,
        form=Form(Nothing),
        states=STATES,
        ways=WAYS,
        bands=BANDS,
        **more,
    )
