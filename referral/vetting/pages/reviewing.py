"""The reviewers' desk: the queue, an application on one page, its history, an invitation."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, cast

from flask import Response, request

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, may
from referral.accounts.roles import ROLE_LABELS
from referral.core import clock
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _
from referral.directory.queries import has_manager
from referral.vetting import judging, passport, proportion, queries, schemas, services, telling
from referral.vetting.checks import CHECKS, TIER_LABELS
from referral.vetting.pages import checklist
from referral.vetting.pages.blueprint import bp
from referral.vetting.queries.reviewing import SHOWS
from referral.web import paging
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

QUEUE, HISTORY = "vetting.queue", "vetting.history"
INVITED = _("Invited. They are told how to begin.")
UNTOLD = _(
    "Invited, but we know no email address for them: ring them, and write down what they say."
)
DONE = {
    "accept": _("Accepted. Their page and what others see of them are up to date."),
    "reject": _("Not accepted. They are told, and can read why."),
    "ask": _("Asked. They are told, and can answer on their own page."),
}


@bp.get("/vetting/queue")
def queue() -> Response:
    """What waits for reviewers, longest first; what ends soon; everybody."""
    return queue_page()


def queue_page() -> Response:
    """The queue, for this address and for a reviewer's home."""
    show = request.args.get("show", SHOWS[0])
    if show not in SHOWS:
        raise NotFound
    listing = f"{QUEUE}.{show}"
    given = request.args.get("cursor")
    found = queries.queue(
        actor(), show=show, cursor=paging.decode(listing, given) if given else None
    )
    return render(
        "vetting/queue.html",
        found=found,
        show=show,
        status_labels=judging.STATUS_LABELS,
        status_kinds=judging.STATUS_KINDS,
        tier_labels=TIER_LABELS,
        cursor=paging.encode(listing, *found.next_cursor) if found.next_cursor else None,
        continued=bool(given),
        sees_overview=may(actor(), Permission.SEE_CHECKS_OVERVIEW),
        sets_checks=may(actor(), Permission.SET_CHECKS),
        soon=clock.today() + passport.EXPIRING,
    )


@bp.get("/vetting/applications/<uuid:application_id>")
def application(application_id: uuid.UUID) -> Response:
    """One organisation's checks on one page, with what a reviewer can do."""
    return application_page(application_id)


def application_page(
    application_id: uuid.UUID,
    *,
    refused: tuple[uuid.UUID, str, Form] | None = None,
    stale: dict[str, Any] | None = None,
) -> Response:
    """``refused``: an answer, the verb and its form, to be shown again. ``stale``: what somebody
    else did meanwhile."""
    found = queries.application(actor(), application_id)
    today = clock.today()
    rows = checklist.rows(actor(), found, today)
    forms = {
        (row.open.evidence.id, verb): _form(verb)
        for row in rows
        if row.open is not None
        for verb in ("accept", "ask")
    }
    again = _again()
    if refused is not None and (refused[0], "ask") not in forms:
        again = refused[0]
    if again is not None:
        forms[again, "reject"] = _form("reject")
    if refused is not None:
        evidence_id, verb, form = refused
        # Asking and not accepting share one box of words.
        forms[
            evidence_id, "ask" if (evidence_id, "ask") in forms and verb != "accept" else verb
        ] = form
    made = found.application
    return render(
        "vetting/application.html",
        409 if stale else None,
        found=found,
        made=made,
        organisation=found.dossier.organisation,
        waiting=sorted(
            (row for row in rows if row.open is not None),
            key=lambda row: (row.unasked, row.open is None or row.open.evidence.state != "given"),
        ),
        good=len([row for row in rows if row.is_good]),
        asked=len([row for row in rows if row.check.mandatory and not row.unasked]),
        rows=[row for row in rows if not row.unasked],
        forms=forms,
        again=again,
        refused=refused[:2] if refused else None,
        stale=stale,
        decisions=decisions_for(found),
        bar=bar(found),
        short=[row for row in rows if row.item.holds_back and not row.unasked],
        now=clock.now(),
        offers=[(offer, found.dossier.standing(offer, today)) for offer in found.dossier.services],
        states=passport.STATES,
        kinds=passport.KINDS,
        why_tier=checklist.why_tier,
        **words(),
    )


def words() -> dict[str, Any]:
    """The words that pages about an application share."""
    return {
        "answer_states": judging.ANSWER_STATES,
        "decision_labels": judging.DECISION_LABELS,
        "status_labels": judging.STATUS_LABELS,
        "status_kinds": judging.STATUS_KINDS,
        "tier_labels": TIER_LABELS,
        "ways": proportion.WAYS,
        "roles": ROLE_LABELS,
    }


def _form(verb: str, **options: Any) -> Form:
    dates = ("expires_on",) if verb == "accept" else ()
    return Form(schemas.REVIEWING[verb], date_fields=dates, ignore=("version", "seen"), **options)


def _again() -> uuid.UUID | None:
    """The accepted answer whose acceptance is to be taken back, from the address."""
    given = request.args.get("again", "")
    try:
        return uuid.UUID(given) if given else None
    except ValueError as error:
        raise NotFound from error


def decisions_for(found: queries.Reviewed) -> tuple[str, ...]:
    """The decisions that fit now and that this reader may take."""
    made = found.application
    fitting = judging.allowed(made.status, pending=made.pending_id is not None)
    return tuple(
        kind
        for kind in fitting
        if may(
            actor(),
            Permission.DECIDE_CHECKS,
            found.judged(second=kind in judging.SECOND_WORD),
        )
    )


def bar(found: queries.Reviewed) -> Lazy | None:
    """Why this reader decides nothing here."""
    who = actor()
    if not may(who, Permission.DECIDE_CHECKS):
        return _("A lead decides.")
    if may(who, Permission.DECIDE_CHECKS, found.judged(second=True)):
        return None
    if who.id in found.workers:
        return _("You work with them, so another lead decides.")
    if who.id in found.judged().theirs:
        return _(
            "You gave one of their answers or applied for them, so another lead decides. "
            "If there is none, a lead of another team in the locality can."
        )
    return _("You gave the first word. A second lead has to agree.")


@bp.post("/vetting/evidence/<uuid:evidence_id>/<any(accept, reject, ask):verb>")
@commits
def review(evidence_id: uuid.UUID, verb: str) -> Response:
    """Accept an answer, do not, or ask about it."""
    application_id = queries.application_of(actor(), evidence_id)
    form = _form(verb)
    data = form.read()
    if data is None:
        return application_page(application_id, refused=(evidence_id, verb, form))
    try:
        services.review(actor(), evidence_id, version_sent(), cast("Any", verb), **data)
    except Invalid as error:
        form.refuse(error)
    except StaleVersion:
        return application_page(
            application_id,
            refused=(evidence_id, verb, form),
            stale=meanwhile(application_id, telling.VERBS[verb]),
        )
    except Conflict as error:
        form.add("request", error.detail)
        return application_page(
            application_id,
            refused=(evidence_id, verb, form),
            stale=meanwhile(application_id, telling.VERBS[verb], error.detail),
        )
    else:
        say(DONE[verb])
        return redirect_to("vetting.application", application_id=application_id)
    return application_page(application_id, refused=(evidence_id, verb, form))


def meanwhile(
    application_id: uuid.UUID, yours: str | Lazy, detail: str | Lazy = ""
) -> dict[str, Any]:
    """Both sides for whoever was slower: what they chose, and what others did since."""
    locality = actor().locality
    if locality is None:
        raise NotFound
    return {
        "yours": yours,
        "detail": detail,
        "changes": _told(queries.since(actor(), application_id, _seen_at()), locality),
        "typed": [
            value
            for name, value in request.form.items()
            if name in ("reason", "conditions", "limits") and value.strip()
        ],
    }


def _seen_at() -> datetime:
    """When the page was drawn that somebody was slow with; now, where the form does not say."""
    try:
        found = datetime.fromisoformat(request.form.get("seen", ""))
        return found.astimezone(UTC) if found.tzinfo is not None else clock.now()
    except (ValueError, OverflowError):  # in no zone's year 0 or 10000
        return clock.now()


def version_sent() -> int:
    """The version the page showed; raise ``Invalid`` for a form that lost it."""
    given = request.form.get("version", "")
    if not given.isdecimal() or len(given) > 9:
        raise Invalid({"request": [str(_("Open it again: this form is not complete."))]})
    return int(given)


@bp.get("/vetting/applications/<uuid:application_id>/history")
def history(application_id: uuid.UUID) -> Response:
    """Who did what, and when, since the first word."""
    given = request.args.get("cursor")
    found = queries.history(
        actor(), application_id, cursor=paging.decode(HISTORY, given) if given else None
    )
    return render(
        "vetting/history.html",
        found=found,
        items=_told(found.items, found.application.locality_id),
        cursor=paging.encode(HISTORY, *found.next_cursor) if found.next_cursor else None,
        continued=bool(given),
    )


def _told(changes: list[queries.Change], locality_id: uuid.UUID) -> list[dict[str, Any]]:
    """Lines of the history in words."""
    titles = {one.key: one.title for one in (*CHECKS, *queries.scheme_of(locality_id).checks)}
    return [
        {
            "at": one.made.at,
            "title": telling.title(one.made.subject_kind, one.made.what, one.made.after),
            "check": titles.get(one.check or ""),
            "told": telling.details(one.made.subject_kind, one.made.after),
            "person": one.name,
            "role": ROLE_LABELS.get(one.made.actor_role, ""),
            "organisation": one.organisation,
        }
        for one in changes
    ]


@bp.post("/vetting/invite")
@commits
def invite() -> Response:
    """Ask an organisation of the locality to apply."""
    data = Form(schemas.Invite).read()
    if data is None:
        raise NotFound
    made = services.invite(actor(), data["organisation_id"])
    if made.status == "invited":
        told = accounts.inbox_of(made.organisation_id) or has_manager(made.organisation_id)
        say(INVITED if told else UNTOLD)
    return redirect_to("vetting.application", application_id=made.id)
