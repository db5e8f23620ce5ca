"""The person tells us what went wrong, and sees what became of it."""

from __future__ import annotations

from flask import Response, request

from referral.core.errors import Conflict, NotFound
from referral.core.i18n import _, format_day_long
from referral.desk.pages.status.blueprint import bp
from referral.desk.pages.status.entry import people_rate
from referral.referrals import complaints, queries, services
from referral.referrals.queries import Complained
from referral.referrals.schemas.complaining import Complain
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say


@bp.route("/complaint", methods=["GET", "POST"])
@commits
@people_rate
def complaint() -> Response:
    """What I told you, and what you made of it."""
    found = queries.to_complain_of(actor())
    form = Form(Complain)
    if request.method == "POST" and (data := form.read()) is not None:
        made = services.complain(actor(), found.id, data)
        day = format_day_long(made.acknowledge_by)
        say(_("Thank you. We have it. You will hear from us by {day}.", day=day))
        return redirect_to("status.complaint")
    return render(
        "desk/status/complaint.html",
        form=form,
        mine=queries.own_complaints(actor()),
        readers=services.readers_of_complaint(actor(), found),
        kinds=complaints.KINDS,
        unsure=complaints.ABOUT["unsure"].label,
    )


@bp.post("/complaint/back")
@commits
@people_rate
def complaint_back() -> Response:
    """I do not want this looked into any more."""
    one = _mine()
    try:
        services.take_back_complaint(actor(), one.id, seen_version())
    except Conflict:
        say(_("This has changed. Please look again."))
    else:
        say(_("Done. We will stop looking into it."))
    return redirect_to("status.complaint")


def _mine() -> Complained:
    """Which of the person's own, as the form says. Raise ``NotFound``."""
    wanted = request.form.get("id", "")
    for one in queries.own_complaints(actor()):
        if str(one.id) == wanted:
            return one
    raise NotFound
