"""A decision about an application: what it is, why, what goes with it, and how to object."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _, format_day
from referral.vetting import judging, passport, queries, schemas, services, telling
from referral.vetting.checks import Check
from referral.vetting.pages import checklist
from referral.vetting.pages.blueprint import bp
from referral.vetting.pages.reviewing import bar, decisions_for, meanwhile, version_sent, words
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

WAIVED = "waived"
APPROVALS = judging.SECOND_FOR
DONE: dict[str, Lazy] = {
    "approve": _("Approved. They are told."),
    "approve_with_conditions": _("Approved with conditions. They are told."),
    "refuse": _("Refused. They are told why and how to object."),
    "suspend": _("Suspended. New referrals stop now; what is under way goes on."),
    "reinstate": _("Reinstated. They are told."),
    "withdraw": _("Approval withdrawn. New referrals stop now; what is under way goes on."),
    "agree": _("Agreed. It counts from now on, and they are told."),
    "differ": _("Sent back to the first reviewer’s desk, with your reason."),
}
WAITS = _("Written down. It counts once a second lead agrees.")


@bp.route("/vetting/applications/<uuid:application_id>/decide", methods=["GET", "POST"])
@commits
def decide(application_id: uuid.UUID) -> Response:
    """``?kind=``: what is to be decided; the page asks why, and what it may leave open."""
    kind = request.values.get("kind", "")
    if kind not in judging.DECISIONS:
        raise NotFound
    if request.method == "GET":
        return _page(application_id, kind)
    found = queries.application(actor(), application_id)
    open_ = waivable(found)
    form = DecisionForm([check.key for check in open_])
    data = form.read()
    if data is None:
        return _page(application_id, kind, form)
    try:
        made = services.decide(actor(), application_id, version_sent(), data.pop("kind"), data)
    except Invalid as error:
        form.refuse(error)
        return _page(application_id, kind, form)
    except StaleVersion:
        return _page(application_id, kind, form, meanwhile(application_id, telling.VERBS[kind]))
    except Conflict as error:
        stale = meanwhile(application_id, telling.VERBS[kind], error.detail)
        return _page(application_id, kind, form, stale)
    say(DONE[kind] if made.counts else WAITS)
    return redirect_to("vetting.application", application_id=application_id)


class DecisionForm(Form):
    """``waived.<check>`` is a date of its own for each check that may be given later."""

    def __init__(self, checks: list[str], values: dict[str, Any] | None = None) -> None:
        self.checks = checks
        super().__init__(
            schemas.Decide,
            date_fields=[f"{WAIVED}.{key}" for key in checks],
            ignore=("version", "seen"),
            values=values,
        )


def waivable(found: queries.Reviewed) -> list[Check]:
    """What holds referrals back, and may be given later under conditions."""
    lines = found.dossier.checklist(clock.today())
    return [
        line.item.check
        for line in lines
        if line.item.check.may_wait
        and line.item.check.mandatory
        and line.item.state in (*passport.HOLDS_BACK, "waived")
    ]


def _page(
    application_id: uuid.UUID,
    kind: str,
    form: Form | None = None,
    stale: dict[str, Any] | None = None,
) -> Response:
    found = queries.application(actor(), application_id)
    if not may(actor(), Permission.DECIDE_CHECKS):
        raise NotFound
    today = clock.today()
    lines = found.dossier.checklist(today)
    open_ = waivable(found)
    short = [line for line in lines if line.item.holds_back]
    return render(
        "vetting/decide.html",
        409 if stale else None,
        found=found,
        made=found.application,
        organisation=found.dossier.organisation,
        kind=kind,
        form=form or DecisionForm([check.key for check in open_]),
        stale=stale,
        approves=kind in APPROVALS,
        allowed=decisions_for(found),
        bar=bar(found),
        short=short,
        hard=[line for line in short if line.item.check not in open_],
        waivable=open_,
        latest=format_day(today + services.WAIT_MAX),
        appeal=found.dossier.scheme.appeal_route or judging.APPEAL,
        needs_second=judging.needs_second(
            kind, found.dossier.tier, found.dossier.scheme.two_reviewers
        ),
        states=passport.STATES,
        kinds=passport.KINDS,
        now=clock.now(),
        renewal_words=checklist.renewal_words,
        **words(),
    )
