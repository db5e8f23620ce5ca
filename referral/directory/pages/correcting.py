""" "Something wrong?", for everybody, and the queue of those who keep the entries."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core.actor import ANONYMOUS
from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.pages.blueprint import bp
from referral.directory.remarks import ABOUT, CORRECTION_STATES
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.paging import decode, encode
from referral.web.security import limiter

LISTING = "directory.corrections"
PAGE = 25
# For those who are not signed in, by address: a library's readers share one.
ANONYMOUS_RATE = "20 per hour"
# A field no person sees; what fills it is a program.
TRAP = "website"
THANKS = _("Thank you. Somebody who keeps the directory will look at it.")
THANKS_AND_REPLY = _(
    "Thank you. Somebody who keeps the directory will look at it and write to you."
)


def is_known() -> bool:
    """Somebody signed in is not slowed down."""
    return actor() != ANONYMOUS


@bp.route("/directory/services/<uuid:service_id>/correction", methods=["GET", "POST"])
@commits
@limiter.limit(ANONYMOUS_RATE, methods=["POST"], exempt_when=is_known)
def suggest(service_id: uuid.UUID) -> Response:
    """Say what is wrong with an entry; whoever is not signed in may leave an address."""
    found = queries.service(actor(), service_id)
    form = Form(schemas.CorrectionForm, ignore=(TRAP,))
    if request.method == "POST" and (data := form.read()) is not None:
        if not request.form.get(TRAP):
            services.suggest(actor(), service_id, data["about"], data["text"], data["email"] or "")
        say(THANKS_AND_REPLY if is_known() or data["email"] else THANKS)
        return redirect_to("directory.service", service_id=service_id)
    return render(
        "directory/suggest.html",
        found=found,
        form=form,
        about=ABOUT.items(),
        signed_in=is_known(),
        trap=TRAP,
    )


@bp.get("/directory/corrections")
def corrections() -> Response:
    """What people said is wrong, the oldest first while it waits."""
    status = request.args.get("status", "open")
    if status not in CORRECTION_STATES:
        raise NotFound
    cursor = request.args.get("cursor")
    after = decode(LISTING, cursor)[0] if cursor else None
    rows = queries.corrections(actor(), status, limit=PAGE + 1, after=after)
    return render(
        "directory/corrections.html",
        rows=rows[:PAGE],
        state=status,
        states=CORRECTION_STATES.items(),
        keeps=may(actor(), Permission.KEEP_DIRECTORY),
        next_cursor=encode(LISTING, rows[PAGE - 1].id) if len(rows) > PAGE else None,
    )


@bp.route("/directory/corrections/<uuid:correction_id>", methods=["GET", "POST"])
@commits
def correction(correction_id: uuid.UUID) -> Response:
    """One of them: what was said, and the answer."""
    found = queries.correction(actor(), correction_id)
    form = Form(schemas.CorrectionAnswerForm, values={"version": found.version})
    if request.method == "POST" and (data := form.read()) is not None:
        services.decide_correction(
            actor(), correction_id, data["version"], data["outcome"], data["reply"]
        )
        say(_("Answered."))
        return redirect_to("directory.corrections")
    return render("directory/correction.html", found=found, form=form)
