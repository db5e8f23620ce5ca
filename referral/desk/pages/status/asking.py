"""Questions the person answers if they like, and the story they may tell."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from referral.core import clock
from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.desk.pages.status.blueprint import bp
from referral.desk.pages.status.doing import attempt, take_back_story, thanks
from referral.desk.pages.status.entry import people_rate
from referral.desk.pages.status.own import chosen, page
from referral.outcomes import queries as outcomes
from referral.outcomes import services, stories
from referral.outcomes.measures import Measure
from referral.outcomes.schemas.measuring import AnsweredByThem
from referral.outcomes.schemas.stories import GiveStory
from referral.referrals import queries as referrals
from referral.referrals.queries import Own
from referral.web.door import actor, commits
from referral.web.forms import Form

AFTER = "after"
# A goal is asked about where the plan is talked over.
NOT_HERE = frozenset({"goal"})
# Ours, in our own words; every other stands in the words of those who made it.
OUR_OWN = frozenset({AFTER, "goal"})


@bp.get("/questions")
def questions() -> Response:
    """What may be answered: nothing of it must be."""
    found = referrals.mine(actor())
    one = _asked_about(found)
    offered = _offered(one)
    return page("questions.html", found, one=one, offered=offered, after=AFTER)


@bp.route("/questions/<measure>", methods=["GET", "POST"])
@commits
@people_rate
def question(measure: str) -> Response:
    """One set of questions, in its own words and order."""
    found = referrals.mine(actor())
    one = _asked_about(found, measure)
    asked = next((each for each in _offered(one) if each.key == measure), None)
    if asked is None:
        raise NotFound
    form = Form(AnsweredByThem, values={"measure": asked.key, "edition": asked.edition})

    def act(data: dict[str, Any]) -> None:
        today = clock.today()
        moment = "end" if one.is_finished else _moment(one, asked)
        said = data | {"measure": asked.key, "moment": moment, "answered_on": today}
        services.measure(actor(), one.id, said, entered="person")

    done = attempt(form, act)
    if done == 303:
        return thanks(to="status.questions")
    return page(
        "question.html",
        found,
        done,
        one=one,
        form=form,
        measure=asked,
        is_official=asked.key not in OUR_OWN,
    )


def _asked_about(found: list[Own], measure: str = "") -> Own:
    """The three questions at the end are about what is over; the rest about what goes on."""
    over = [each for each in found if each.is_finished]
    if measure == AFTER or (not measure and not found[0].is_open):
        return chosen(found, over)
    return chosen(found)


def _offered(one: Own) -> list[Measure]:
    found = outcomes.offered(actor(), one.id)
    return [
        each
        for each in found
        if each.key not in NOT_HERE and (each.key != AFTER or one.is_finished)
    ]


def _moment(one: Own, asked: Measure) -> str:
    """The first time, or once more."""
    known = outcomes.answered(actor(), one.id)
    again = any(each.measure.key == asked.key and not each.struck for each in known)
    return "review" if again else "baseline"


@bp.route("/story", methods=["GET", "POST"])
@commits
@people_rate
def story() -> Response:
    """One's own story for others to read, by a yes of its own; taken back at any time."""
    found = referrals.mine(actor())
    over = [each for each in found if each.is_finished and each.service_id and not each.stopped]
    if not over:
        return page("story.html", found, one=None, form=None, told=None, wording="")
    one = chosen(found, over)
    form = Form(GiveStory, ignore=("referral", "do"))
    if request.method == "POST" and request.form.get("do") == "back":
        take_back_story(one.id)
        return thanks(_("Your story is gone."), to="status.story")
    done = attempt(form, lambda data: services.give_story(actor(), one.id, data))
    if done == 303:
        return thanks(_("Thank you. The group will read it first."), to="status.story")
    told = outcomes.story_of(actor(), one.id)
    if told is not None and request.method == "GET":
        form.values = {"text": told.text, "shown_as": told.shown_as}
    wording = stories.WORDINGS[stories.WORDING]
    return page("story.html", found, done, one=one, form=form, told=told, wording=wording)
