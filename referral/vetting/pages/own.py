"""An organisation's own checks: what is asked of it, what was seen, and where it stands."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.accounts.roles import ROLE_LABELS
from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.core.i18n import _
from referral.directory.queries import has_manager
from referral.vetting import judging, passport, proportion, queries, schemas, services
from referral.vetting.checks import Check
from referral.vetting.models import Evidence
from referral.vetting.pages.blueprint import bp
from referral.vetting.proportion import ABOUT
from referral.vetting.queries import Dossier, Line, Offer
from referral.vetting.queries.own import Own, own
from referral.vetting.schemas import own as forms
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

# Of these the page says what to do next; of the rest, that nothing is to be done.
OPEN = ("invited", "draft", "refused", "withdrawn", "left")


@dataclass(frozen=True)
class Task:
    """One thing the organisation is asked, with what was said about it last.

    ``check`` None: the one question about what it does.
    """

    key: str
    check: Check | None = None
    line: Line | None = None
    asked: Evidence | None = None
    rejected: Evidence | None = None
    must: bool = True


def own_page() -> Response:
    """The checks of the actor's organisation; where none were asked for, what they would be."""
    found = own(actor())
    one = _chosen(found)
    if one is None:
        raise NotFound
    made = queries.dossier(actor(), _organisation(actor()), one.locality.id)
    day = clock.today()
    tasks = tasks_of(made, day)
    waiting = {task.key for task in tasks}
    status = made.application.status if made.application else ""
    return render(
        "vetting/own.html",
        made=made,
        one=one,
        others=[other for other in found if other.locality.id != one.locality.id],
        state=status,
        status_label=judging.STATUS_LABELS.get(status, _("Not asked for yet")),
        status_kind=judging.STATUS_KINDS.get(status, ""),
        tasks=tasks,
        left=sum(task.must for task in tasks),
        lines=[line for line in made.checklist(day) if line.item.check.key not in waiting],
        offers=[(offer, made.standing(offer, day)) for offer in made.services],
        today=day,
        states=passport.STATES,
        kinds=passport.KINDS,
        ways=proportion.WAYS,
        doing=proportion.DOING,
        being=proportion.BEING,
        roles=ROLE_LABELS,
        applies=may(actor(), Permission.APPLY_FOR_CHECKS),
        may_submit=status in judging.MAY_SUBMIT,
        may_leave=status in judging.MAY_LEAVE,
        leave_form=Form(forms.LeaveForm),
        open_statuses=OPEN,
    )


def told_page(organisation_id: uuid.UUID) -> Response:
    """What a group without an account is asked, for the link worker who rings them."""
    made = _of_group(organisation_id)
    status = made.application.status if made.application else ""
    return render(
        "vetting/told.html",
        made=made,
        tasks=tasks_of(made, clock.today()),
        may_submit=status in judging.MAY_SUBMIT and not has_manager(organisation_id),
        may_invite=made.organisation.status == "active" and not status,
    )


def _of_group(organisation_id: uuid.UUID) -> Dossier:
    locality = actor().locality
    if locality is None:
        raise NotFound
    return queries.dossier(actor(), organisation_id, locality)


def tasks_of(made: Dossier, day: date) -> list[Task]:
    """What the organisation can do now, a reviewer's questions first.

    What only ends soon is offered, not demanded.
    """
    lines = {line.item.check.key: line for line in made.checklist(day)}
    asked = [key for key, one in made.open.items() if one.state == "asked" and key in lines]
    must = set(made.questions(day))
    due = [key for key in made.renewals(day) if key in lines and key not in asked]
    about = [ABOUT] if ABOUT in must else []
    return [
        Task(
            key,
            lines[key].item.check if key in lines else None,
            lines.get(key),
            made.open.get(key) if key in asked else None,
            made.rejected.get(key),
            must=key in must or key in asked,
        )
        for key in (*asked, *about, *due)
    ]


def next_page(made: Dossier) -> Response:
    """On to the next question while an application is being filled in, else to the list."""
    status = made.application.status if made.application else ""
    waits = [task for task in tasks_of(made, clock.today()) if task.must]
    place = place_of(made)
    if status not in OPEN or not waits:
        return redirect_to("vetting.home", **place)
    if waits[0].check is None:
        return redirect_to("vetting.about", **place)
    return redirect_to("vetting.answer", check=waits[0].key, **place)


def place_of(made: Dossier) -> dict[str, uuid.UUID]:
    """The locality in the address, where it is not the actor's own."""
    here = made.locality.id
    return {} if here == actor().locality else {"locality": here}


@bp.route("/vetting/apply", methods=["GET", "POST"])
@commits
def apply() -> Response:
    """What asking to be checked means, and the first step."""
    one = _chosen(own(actor()))
    if one is None:
        raise NotFound
    if request.method == "GET":
        return own_page()
    services.begin(actor(), one.locality.id)
    return next_page(queries.dossier(actor(), _organisation(actor()), one.locality.id))


@bp.post("/vetting/submit")
@commits
def submit() -> Response:
    """Everything is answered: over to the link workers, or from one of them for a group."""
    data = Form(schemas.VersionForm).read()
    if (group := id_asked("organisation")) is not None:
        return _submitted_for(group, data)
    one = _applied()
    if data is None or one.application is None:
        return own_page()
    try:
        services.submit(actor(), one.application.id, data["version"])
    except Invalid:
        say(_("Not sent yet: something is still to be answered."))
    else:
        say(_("Sent. The link workers look at your answers and write to you."))
    return redirect_to("vetting.home", **_place(one))


def _submitted_for(group: uuid.UUID, data: dict[str, Any] | None) -> Response:
    made = _of_group(group)
    if data is None or made.application is None:
        return told_page(group)
    try:
        services.submit(actor(), made.application.id, data["version"])
    except Invalid:
        say(_("Not handed in yet: something is still to be answered."))
    else:
        say(_("Handed in for them. Somebody else looks at it."))
    return redirect_to("vetting.home", organisation=group)


@bp.post("/vetting/leave")
@commits
def leave() -> Response:
    """Take the application back, or end an approval."""
    one = _applied()
    data = Form(forms.LeaveForm).read()
    if data is None or one.application is None:
        return own_page()
    services.leave(actor(), one.application.id, data["version"], data["reason"] or "")
    say(_("Done. Nobody new is sent to you. What is under way goes on."))
    return redirect_to("vetting.home", **_place(one))


def _applied() -> Own:
    one = _chosen(own(actor()))
    if one is None or one.application is None:
        raise NotFound
    return one


def _place(one: Own) -> dict[str, uuid.UUID]:
    return {} if one.locality.id == actor().locality else {"locality": one.locality.id}


def _chosen(found: list[Own]) -> Own | None:
    """The locality of the address; without one, the first."""
    wanted = locality_asked()
    if wanted is None:
        return found[0] if found else None
    return next((one for one in found if one.locality.id == wanted), None)


def locality_asked() -> uuid.UUID | None:
    """The locality named in the address."""
    return id_asked("locality")


def id_asked(name: str) -> uuid.UUID | None:
    """An id of the address; ``NotFound`` for what is none."""
    given = request.args.get(name)
    try:
        return uuid.UUID(given) if given else None
    except ValueError as error:
        raise NotFound from error


def _organisation(who: Actor) -> uuid.UUID:
    if who.organisation is None or who.organisation_kind != "provider":
        raise Forbidden
    return who.organisation


def is_current(made: Dossier, offer: Offer, key: str) -> bool:
    """Does one service want nothing for this check now?"""
    items = {item.check.key: item for item in made.standing(offer, clock.today()).items}
    return key not in items or items[key].state == "current"


def with_rows(data: dict[str, Any]) -> dict[str, Any]:
    """``services.0.way`` and its like as a list, in their order; no row stays as it is."""
    rows = data.get("services", {})
    if isinstance(rows, dict) and all(key.isascii() and key.isdigit() for key in rows):
        data["services"] = [rows[key] for key in sorted(rows, key=lambda key: (len(key), key))]
    return data
