"""Handing over a caseload, and going through what came along."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.caseload import queries, schemas, services, words
from referral.caseload.codes import HANDOVER_REASONS
from referral.caseload.pages.blueprint import bp
from referral.core import clock
from referral.core.errors import Conflict, Invalid
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


@bp.route("/caseload/team/<uuid:user_id>/hand-over", methods=["GET", "POST"])
@commits
def hand_over(user_id: uuid.UUID) -> Response:
    """Everything of one worker's, with what they promised, to another."""
    team = queries.team(actor())
    giver = queries.worker(actor(), user_id)
    form = Form(schemas.HandOver, values={"from_user_id": str(user_id)})
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            made = services.hand_over(actor(), user_id, data["to_user_id"], data["reason"])
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add("request", error.detail)
        else:
            say(_("Handed over. They are told, and go through the promises."))
            return redirect_to("caseload.handover", handover_id=made.id)
    return render(
        "caseload/hand_over.html",
        giver=giver,
        form=form,
        receivers=[one for one in team if one.here and one.id != user_id],
        promised=queries.promises(actor(), user_id),
        reasons=HANDOVER_REASONS,
        words=words,
        today=clock.today(),
    )


@bp.route("/caseload/handovers/<uuid:handover_id>", methods=["GET", "POST"])
@commits
def handover(handover_id: uuid.UUID) -> Response:
    """What changed hands; the receiver confirms that they went through it."""
    if request.method == "POST":
        services.confirm(actor(), handover_id)
        say(_("Thank you. It is written down that you went through it."))
        return redirect_to("caseload.handover", handover_id=handover_id)
    found = queries.handover(actor(), handover_id)
    return render(
        "caseload/handover.html",
        found=found,
        promised=queries.promises_of(actor(), found),
        reason=HANDOVER_REASONS[found.reason].label,
        to_confirm=found.to_user_id == actor().id and found.read_at is None,
        words=words,
        today=clock.today(),
    )
