"""The plan on the screen, on paper and as text to copy; one short page for each thing to write."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, request

from referral.core import clock
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.core.schema import Schema
from referral.outcomes import codes, queries, record, schemas, services
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.plans import Action, Goal, Shown
from referral.outcomes.sections import (
    ABOUT,
    AGREED,
    CONTACTS,
    GOAL,
    NAMES,
    PLAN,
    REVIEWER,
    SECTIONS,
    UPDATED,
)
from referral.outcomes.sections import REVIEW as REVIEWED
from referral.referrals import codes as referral_codes
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

Write = Callable[[uuid.UUID], Any]


@bp.get("/plans/<uuid:referral_id>")
def plan(referral_id: uuid.UUID) -> Response:
    """What matters to the person, their goals, who does what, when it is looked at again.

    Of what the team referred on, the plan is that of the referral it was made from.
    """
    try:
        found = queries.shown(actor(), referral_id)
    except Forbidden:
        before = queries.base(actor(), referral_id)
        if before is None:
            raise
        return redirect_to("outcomes.plan", referral_id=before)
    return _shown("outcomes/plan.html", found)


@bp.get("/plans/<uuid:referral_id>/print")
def print_plan(referral_id: uuid.UUID) -> Response:
    """The same on paper, for the person to take home; what is blank is not there."""
    return _shown("outcomes/print_plan.html", queries.shown(actor(), referral_id))


@bp.get("/plans/<uuid:referral_id>/copy")
def copy(referral_id: uuid.UUID) -> Response:
    """The plan and each contact as plain text, for the record somewhere else."""
    found = queries.shown(actor(), referral_id)
    contacts = queries.contacts(actor(), referral_id)
    return _shown(
        "outcomes/copy.html",
        found,
        text=record.plan(found),
        contacts=[(one, record.contact(one, found.team)) for one in contacts],
    )


@bp.route("/plans/<uuid:referral_id>/about", methods=["GET", "POST"])
@commits
def about(referral_id: uuid.UUID) -> Response:
    """What the person says of themselves, in their own words."""
    found = _kept(referral_id)
    form, data = _form(schemas.About, found.about), dict[str, Any]()

    def write(plan_id: uuid.UUID) -> None:
        services.write_about(actor(), plan_id, _version(), data)

    if request.method == "POST" and _read(form, data):
        return _written("about", found, form, write)
    return _asked("about", found, form, found.version)


@bp.route("/plans/<uuid:referral_id>/goals/new", methods=["GET", "POST"])
@commits
def add_goal(referral_id: uuid.UUID) -> Response:
    """A new goal."""
    return _goal(_kept(referral_id), None)


@bp.route("/plans/<uuid:referral_id>/goals/<uuid:goal_id>", methods=["GET", "POST"])
@commits
def goal(referral_id: uuid.UUID, goal_id: uuid.UUID) -> Response:
    """A goal as it is from now on; or, with ``remove``, none any more."""
    found = _kept(referral_id)
    one = found.goal(goal_id)
    if one is None:
        raise NotFound
    return _goal(found, one)


def _goal(found: Shown, one: Goal | None) -> Response:
    form = _form(schemas.Goal, vars(one) if one else {})

    def write(plan_id: uuid.UUID) -> None:
        if one is None:
            services.set_goal(actor(), plan_id, data)
        elif "remove" in request.form:
            services.remove_goal(actor(), plan_id, one.id, _version())
        else:
            services.set_goal(actor(), plan_id, data, one.id, _version())

    data: dict[str, Any] = {}
    if request.method == "POST" and ("remove" in request.form or _read(form, data)):
        return _written("goal", found, form, write, goal=one)
    return _asked("goal", found, form, one.version if one else 0, goal=one)


@bp.route("/plans/<uuid:referral_id>/actions/new", methods=["GET", "POST"])
@commits
def add_action(referral_id: uuid.UUID) -> Response:
    """Something somebody is going to do."""
    return _action(_kept(referral_id), None)


@bp.route("/plans/<uuid:referral_id>/actions/<uuid:action_id>", methods=["GET", "POST"])
@commits
def action(referral_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """Who does what by when; or, with ``remove``, nobody."""
    found = _kept(referral_id)
    one = found.action(action_id)
    if one is None:
        raise NotFound
    return _action(found, one)


def _action(found: Shown, one: Action | None) -> Response:
    values = vars(one) if one else {"goal_id": request.args.get("goal", "")}
    form = _form(schemas.ActionForm, values, ("due_on", "done_on"))

    def write(plan_id: uuid.UUID) -> None:
        if one is None:
            services.set_action(actor(), plan_id, data)
        elif "remove" in request.form:
            services.remove_action(actor(), plan_id, one.id, _version())
        else:
            services.set_action(actor(), plan_id, data, one.id, _version())

    data: dict[str, Any] = {}
    if request.method == "POST" and ("remove" in request.form or _read(form, data)):
        return _written("action", found, form, write, action=one)
    return _asked("action", found, form, one.version if one else 0, action=one)


@bp.post("/plans/<uuid:referral_id>/actions/<uuid:action_id>/done")
@commits
def done(referral_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """One tap: it is done today."""
    found = _kept(referral_id)
    if found.plan_id is None:
        raise NotFound
    try:
        services.done(actor(), found.plan_id, action_id, _version())
    except StaleVersion:
        say(_("Somebody changed it meanwhile. Look again, then say that it is done."))
    else:
        say(_("Done."))
    return redirect_to("outcomes.plan", referral_id=referral_id)


@bp.route("/plans/<uuid:referral_id>/agreed", methods=["GET", "POST"])
@commits
def agreed(referral_id: uuid.UUID) -> Response:
    """When it is looked at again, and who agreed to it."""
    found = _kept(referral_id)
    values = {
        "review_on": found.review_on,
        "agreed": schemas.ANSWERS[found.agreed],
        "authority": found.agreed_authority or "self",
        "name": found.agreed_by,
    }
    form = _form(schemas.Agreed, values, ("review_on",))
    data: dict[str, Any] = {}

    def write(plan_id: uuid.UUID) -> None:
        services.settle(actor(), plan_id, _version(), data)

    if request.method == "POST" and _read(form, data):
        return _written("agreed", found, form, write)
    return _asked("agreed", found, form, found.version)


def _kept(referral_id: uuid.UUID) -> Shown:
    """The plan, for who may change it now."""
    found = queries.shown(actor(), referral_id)
    if not found.keeps:
        raise Forbidden
    return found


def _form(schema: type[Schema], values: Any, dates: tuple[str, ...] = ()) -> Form:
    made = schema()
    known = {name: said for name, said in values.items() if name in made.fields}
    return Form(
        made,
        date_fields=dates,
        ignore=("version", "remove"),
        values={name: said for name, said in known.items() if said is not None},
    )


def _read(form: Form, data: dict[str, Any]) -> bool:
    given = form.read()
    data |= given or {}
    return given is not None


def _written(page: str, found: Shown, form: Form, write: Write, **more: Any) -> Response:
    """Write it and go back to the plan; somebody else first: both versions on one page."""
    try:
        write(services.plan(actor(), found.referral_id).id)
    except Invalid as error:
        form.refuse(error)
        return _asked(page, found, form, _version(), **more)
    except StaleVersion as error:
        now = queries.shown(actor(), found.referral_id)
        again = {name: _again(now, one) for name, one in more.items()}
        return _asked(page, now, form, error.current, 409, stale=True, **again)
    say(_("Saved."))
    return redirect_to("outcomes.plan", referral_id=found.referral_id)


def _again(found: Shown, one: Goal | Action | None) -> Goal | Action | None:
    """The same goal or action as it is by now."""
    if one is None:
        return None
    return found.goal(one.id) if isinstance(one, Goal) else found.action(one.id)


def _asked(
    page: str, found: Shown, form: Form, version: int, status: int | None = None, **more: Any
) -> Response:
    onward = queries.onward(actor(), found.referral_id) if page == "action" else []
    return _shown(
        f"outcomes/{page}.html",
        found,
        status,
        form=form,
        version=version,
        onward=[(str(id_), name) for id_, name in onward],
        **more,
    )


def _shown(template: str, found: Shown, status: int | None = None, **more: Any) -> Response:
    return render(
        template,
        status,
        found=found,
        codes=codes,
        needs=referral_codes.NEEDS,
        authorities=referral_codes.AUTHORITIES,
        sections=SECTIONS,
        record=record,
        names={
            "about": NAMES[ABOUT],
            "plan": NAMES[PLAN],
            "goals": NAMES[GOAL],
            "agreed": NAMES[AGREED],
            "updated": NAMES[UPDATED],
            "review": NAMES[REVIEWED],
            "reviewer": NAMES[REVIEWER],
            "contacts": NAMES[CONTACTS],
        },
        groups=(ABOUT, PLAN),
        today=clock.today(),
        **more,
    )


def _version() -> int:
    """The version the writer saw; raise ``Conflict`` for a form that lost it."""
    given = request.form.get("version", "")
    if not given.isdecimal() or len(given) > 9:
        raise Conflict(str(_("Open the plan again: this form is not complete.")))
    return int(given)
