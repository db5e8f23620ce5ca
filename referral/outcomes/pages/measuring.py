"""The questions asked before and after, what was answered, and what changed.

Three ways lead here: staff at the referral, a group's contact on their phone, and a link worker who
has the group on the telephone. They read the same pages; what differs is the ``Way``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.outcomes import answers, queries, schemas, services
from referral.outcomes.measures import BANDS, BASELINE, END, MOMENTS, REVIEW, Measure
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.queries import Sheet
from referral.referrals.queries import speaking_for
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say


@dataclass(frozen=True)
class Way:
    """How somebody came: ``voice`` acts; the rest are the endpoints of this way's pages."""

    voice: Actor
    every: str
    one: str
    strike: str
    back: str
    layout: str = "layouts/page.html"
    home: str = ""
    by_telephone: bool = False

    def referral(self, referral_id: uuid.UUID) -> str:
        """The referral they came from."""
        return url_for(self.back, referral_id=referral_id)


def _staff() -> Way:
    return Way(
        actor(),
        "outcomes.measures",
        "outcomes.measure",
        "outcomes.strike_measure",
        "desk.referral",
    )


def _contact() -> Way:
    if actor().kind != "safe_link":
        raise NotFound
    return Way(
        actor(),
        "outcomes.their_measures",
        "outcomes.their_measure",
        "outcomes.strike_theirs",
        "answer.one",
        "layouts/public.html",
        home="everything",
    )


def _telephone(referral_id: uuid.UUID) -> Way:
    return Way(
        speaking_for(actor(), referral_id),
        "outcomes.told_measures",
        "outcomes.told_measure",
        "outcomes.strike_told",
        "answer.telephone_one",
        home="telephone",
        by_telephone=True,
    )


@bp.get("/referrals/<uuid:referral_id>/measures")
def measures(referral_id: uuid.UUID) -> Response:
    """What changed, what may be asked, what was answered."""
    return _every(_staff(), referral_id)


@bp.route("/referrals/<uuid:referral_id>/measures/<key>", methods=["GET", "POST"])
@commits
def measure(referral_id: uuid.UUID, key: str) -> Response:
    """The questions of one measure, in their own words and order."""
    return _one(_staff(), referral_id, key)


@bp.route("/measures/<uuid:assessment_id>/strike", methods=["GET", "POST"])
@commits
def strike_measure(assessment_id: uuid.UUID) -> Response:
    """It was written down by mistake."""
    return _strike(_staff(), assessment_id)


@bp.get("/answer/referrals/<uuid:referral_id>/measures")
def their_measures(referral_id: uuid.UUID) -> Response:
    """The same on a contact's phone."""
    return _theirs(lambda way: _every(way, referral_id))


@bp.route("/answer/referrals/<uuid:referral_id>/measures/<key>", methods=["GET", "POST"])
@commits
def their_measure(referral_id: uuid.UUID, key: str) -> Response:
    """The same on a contact's phone."""
    return _theirs(lambda way: _one(way, referral_id, key))


@bp.route("/answer/measures/<uuid:assessment_id>/strike", methods=["GET", "POST"])
@commits
def strike_theirs(assessment_id: uuid.UUID) -> Response:
    """The same on a contact's phone."""
    return _theirs(lambda way: _strike(way, assessment_id))


@bp.get("/telephone/<uuid:referral_id>/measures")
def told_measures(referral_id: uuid.UUID) -> Response:
    """The same, as the group says it by telephone."""
    return _every(_telephone(referral_id), referral_id)


@bp.route("/telephone/<uuid:referral_id>/measures/<key>", methods=["GET", "POST"])
@commits
def told_measure(referral_id: uuid.UUID, key: str) -> Response:
    """The same, as the group says it by telephone."""
    return _one(_telephone(referral_id), referral_id, key)


@bp.route(
    "/telephone/<uuid:referral_id>/answers/<uuid:assessment_id>/strike", methods=["GET", "POST"]
)
@commits
def strike_told(referral_id: uuid.UUID, assessment_id: uuid.UUID) -> Response:
    """The same, as the group says it by telephone."""
    return _strike(_telephone(referral_id), assessment_id)


def _theirs(page: Callable[[Way], Response]) -> Response:
    """What is not, not yet or no longer with the group has one page, which names nobody."""
    way = _contact()
    try:
        return page(way)
    except (NotFound, Forbidden):
        return render("referrals/answer/elsewhere.html", 404, way=way)


def _every(way: Way, referral_id: uuid.UUID) -> Response:
    return _shown("outcomes/measures/every.html", way, queries.sheet(way.voice, referral_id))


def _one(way: Way, referral_id: uuid.UUID, key: str) -> Response:
    form = Form(schemas.MeasureIn, date_fields=("answered_on",))
    if request.method == "POST":
        data = form.read()
        if data is not None and data["measure"] != key:
            raise NotFound
        if data is not None and (done := _written(way, referral_id, form, data)) is not None:
            return done
    sheet = queries.sheet(way.voice, referral_id)
    measure = sheet.measure(key)
    if measure is None:
        if sheet.standing.why_not is None:
            raise NotFound
        return _shown("outcomes/measures/every.html", way, sheet, 409)
    goal = _goal(sheet, key)
    if request.method == "GET":
        form.values |= {
            "moment": _moment(sheet, measure, goal),
            "answered_on": clock.today(),
        }
    return _shown("outcomes/measures/one.html", way, sheet, form=form, measure=measure, goal=goal)


def _written(way: Way, referral_id: uuid.UUID, form: Form, data: dict[str, Any]) -> Response | None:
    try:
        services.measure(way.voice, referral_id, data)
    except Invalid as error:
        form.refuse(error)
        return None
    except Conflict as error:
        form.add("request", error.detail)
        return None
    following = [
        one for one in queries.offered(way.voice, referral_id) if one.after == data["measure"]
    ]
    if following:
        say(_("Written down. One more question goes with it."))
        where = {"referral_id": referral_id, "key": following[0].key, "moment": data["moment"]}
        return redirect_to(way.one, **where)
    say(_("Written down."))
    return redirect_to(way.every, referral_id=referral_id)


def _goal(sheet: Sheet, key: str) -> Any:
    """The goal that is asked about; raise ``NotFound`` for one that is none of the plan."""
    if key != "goal":
        return None
    wanted = request.values.get("goal_id", "")
    found = next((one for one in sheet.goals if str(one.id) == wanted), None)
    if found is None:
        raise NotFound
    return found


def _moment(sheet: Sheet, measure: Measure, goal: Any) -> str:
    """What is most likely asked now: the start, and once there is one, on the way."""
    given = request.args.get("moment", "")
    if given in measure.moments:
        return given
    begun = any(
        one.measure.key == measure.key
        and one.goal_id == (goal.id if goal else None)
        and one.moment == BASELINE
        and not one.struck
        for one in sheet.answered
    )
    if not begun and BASELINE in measure.moments:
        return BASELINE
    finished = sheet.standing.referral.finished_at is not None
    return END if finished or REVIEW not in measure.moments else REVIEW


def _strike(way: Way, assessment_id: uuid.UUID) -> Response:
    form = Form(schemas.StrikeAnswer, ignore=("version",))
    standing, one = queries.entry(way.voice, assessment_id)
    if not one.may_strike:
        raise NotFound
    referral_id = standing.referral.id
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.strike(way.voice, assessment_id, seen_version(), data["reason"])
        except StaleVersion:
            form.add("request", _("Somebody changed it meanwhile. Look at it again."))
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Struck out."))
            return redirect_to(way.every, referral_id=referral_id)
    return render(
        "outcomes/measures/strike.html",
        form=form,
        way=way,
        standing=standing,
        one=one,
        reasons=answers.REASONS,
        **_words(),
    )


def _shown(
    template: str, way: Way, sheet: Sheet, status: int | None = None, **more: Any
) -> Response:
    return render(template, status, way=way, sheet=sheet, today=clock.today(), **_words(), **more)


def _words() -> dict[str, Any]:
    return {"moments": MOMENTS, "bands": BANDS, "said": answers.said}
