"""An organisation's licences for measures that must not be shipped."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from referral.core import clock
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.core.schema import Schema
from referral.outcomes import queries, schemas, services
from referral.outcomes.defining import FILE_MAX
from referral.outcomes.measures import SLOTS, may_ask
from referral.outcomes.models import MeasureLicence
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.queries.instruments import loaded_unscoped
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say


class Nothing(Schema):
    """The form of a file, or of a button alone."""


@bp.route("/measures/licences/<key>", methods=["GET", "POST"])
@commits
def licence(key: str) -> Response:
    """The licence of one measure: its reference and days."""
    form = Form(schemas.Licence, date_fields=("since", "until"), ignore=("version",))
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.set_licence(actor(), key, seen_version(), data)
        except Invalid as error:
            form.refuse(error)
        except StaleVersion:
            form.add("request", _("Somebody changed it meanwhile. Look at it again, then save."))
            status = 409
        else:
            say(_("Saved."))
            return redirect_to("outcomes.licence", key=key)
    found = _own(key)
    if request.method == "GET":
        form.values |= {
            "reference": found.reference if found else "",
            "since": found.since if found else clock.today(),
            "until": found.until if found and found.until else "",
        }
    return _shown(key, found, form, status)


@bp.post("/measures/licences/<key>/words")
@commits
def licence_words(key: str) -> Response:
    """The words and the table, as the licence holder gives them."""
    sent = request.files.get("file")
    raw = sent.read(FILE_MAX + 1) if sent is not None else b""
    wrong: list[str] = []
    status = 422
    try:
        if not raw:
            raise Invalid({"file": [str(_("Choose the file first"))]})
        services.load_words(actor(), key, seen_version(), raw)
    except Invalid as error:
        wrong = [rule for rules in error.errors.values() for rule in rules]
    except StaleVersion:
        wrong, status = [str(_("Somebody changed the licence meanwhile. Try again."))], 409
    except Conflict as error:
        wrong, status = [error.detail], 409
    else:
        say(_("The words are loaded."))
        return redirect_to("outcomes.licence", key=key)
    return _shown(key, _own(key), _filled(key), status, wrong=wrong)


@bp.post("/measures/licences/<key>/end")
@commits
def end_licence(key: str) -> Response:
    """It is not asked any more from now on."""
    try:
        services.end_licence(actor(), key, seen_version())
    except (StaleVersion, Conflict) as error:
        wrong = [error.detail]
        return _shown(key, _own(key), _filled(key), 409, wrong=wrong)
    say(_("It is closed: nobody of yours may ask it."))
    return redirect_to("outcomes.licence", key=key)


def _own(key: str) -> MeasureLicence | None:
    every = queries.licences(actor())
    if key not in every:
        raise NotFound
    return every[key]


def _filled(key: str) -> Form:
    found = _own(key)
    values: dict[str, Any] = {}
    if found is not None:
        values = {"reference": found.reference, "since": found.since, "until": found.until or ""}
    return Form(schemas.Licence, date_fields=("since", "until"), values=values)


def _shown(
    key: str, found: MeasureLicence | None, form: Form, status: int | None = None, **more: Any
) -> Response:
    editions = loaded_unscoped(found) if found else {}
    today = clock.today()
    return render(
        "outcomes/measures/licence.html",
        status,
        key=key,
        slot=SLOTS[key],
        found=found,
        form=form,
        words=list(editions.values())[-1] if editions else None,
        asked=Form(Nothing),
        is_open=found is not None
        and found.since <= today
        and may_ask(found.reference, bool(editions), found.until, today),
        **more,
    )
