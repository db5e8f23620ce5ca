"""Letters to print and post, and people somebody has to tell."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.errors import Conflict, NotFound
from referral.core.i18n import _
from referral.people.codes import REACH_BY
from referral.referrals import queries, telling
from referral.referrals.pages.blueprints import telling as bp
from referral.referrals.queries import Task
from referral.referrals.schemas.telling import NotToldForm, ToldForm
from referral.referrals.services import person_notices
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

# What somebody can have done who is not the post.
HOW = ("phone", "desk", "visit", "supporter")


@bp.get("/letters")
def letters() -> Response:
    """What waits to be printed, and what was printed and is not in the post yet."""
    return _letters()


@bp.post("/letters/print")
@commits
def print_letters() -> Response:
    """Lay the chosen letters out to be printed."""
    chosen = _chosen()
    if not chosen:
        return _letters(error=True)
    person_notices.mark_printed(actor(), chosen)
    return redirect_to("telling.paper", id=[str(one) for one in chosen])


@bp.get("/letters/paper")
def paper() -> Response:
    """The letters themselves, one a page."""
    wanted = set(_ids(request.args.getlist("id")))
    own = actor().organisation
    tasks = [task for task in queries.to_print(actor()) if task.id in wanted]
    if not tasks or own is None:
        raise NotFound
    return render(
        "referrals/telling/paper.html",
        tasks=tasks,
        sender=accounts.organisation_unscoped(own),
        today=clock.today(),
    )


@bp.post("/letters/posted")
@commits
def posted() -> Response:
    """The chosen letters are in the post."""
    chosen = _chosen()
    if not chosen:
        return _letters(error=True)
    done = person_notices.mark_posted(actor(), chosen)
    say(_("Noted: {count} in the post.", count=done))
    return redirect_to("telling.letters")


@bp.get("/tell")
def tell() -> Response:
    """Who is to be told by somebody, by when."""
    return _tell()


@bp.post("/tell/<uuid:notice_id>/told")
@commits
def told(notice_id: uuid.UUID) -> Response:
    """Somebody has told them."""
    form = Form(ToldForm)
    if (data := form.read()) is not None:
        try:
            person_notices.told(actor(), notice_id, data["version"], data["how"], data["note"])
        except Conflict as error:
            say(error.detail)
        else:
            say(_("Noted: they have been told."))
        return redirect_to("telling.tell")
    return _tell(opened=notice_id, form=form)


@bp.post("/tell/<uuid:notice_id>/not-told")
@commits
def not_told(notice_id: uuid.UUID) -> Response:
    """It was tried, and they could not be reached."""
    form = Form(NotToldForm, ignore=("how",))
    if (data := form.read()) is not None:
        try:
            person_notices.could_not_tell(actor(), notice_id, data["version"], data["note"])
        except Conflict as error:
            say(error.detail)
        else:
            say(_("Noted. It has a new day."))
        return redirect_to("telling.tell")
    return _tell(opened=notice_id, form=form)


def _letters(*, error: bool = False) -> Response:
    tasks = queries.to_print(actor())
    return render(
        "referrals/telling/letters.html",
        status=422 if error else None,
        to_print=[task for task in tasks if task.printed_at is None],
        printed=[task for task in tasks if task.printed_at is not None],
        error=error,
        today=clock.today(),
    )


def _tell(opened: uuid.UUID | None = None, form: Form | None = None) -> Response:
    tasks = queries.to_tell(actor())
    if opened is not None and not any(task.id == opened for task in tasks):
        raise NotFound
    return render(
        "referrals/telling/tell.html",
        mine=[task for task in tasks if task.is_mine],
        others=[task for task in tasks if not task.is_mine],
        forms={task.id: _form_of(task, opened, form) for task in tasks},
        opened=opened,
        how=[(key, telling.HOW_TOLD[key]) for key in HOW],
        labels=lambda ways: ", ".join(str(REACH_BY[way].label).lower() for way in ways),
        today=clock.today(),
    )


def _form_of(task: Task, opened: uuid.UUID | None, form: Form | None) -> Form:
    return form if form is not None and task.id == opened else Form(ToldForm)


def _chosen() -> list[uuid.UUID]:
    return _ids(request.form.getlist("id"))


def _ids(typed: list[str]) -> list[uuid.UUID]:
    """What are ids among what came; what is none is nobody's letter."""
    found = []
    for one in typed[: queries.MOST_NOTICES]:
        try:
            found.append(uuid.UUID(one))
        except ValueError as error:
            raise NotFound from error
    return found
