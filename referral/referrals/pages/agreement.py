"""What the person agreed to, takes back, and says by telephone or at the desk."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.core.errors import Conflict, Invalid, StaleVersion
from referral.core.i18n import Lazy, _
from referral.referrals import codes, consent, queries, schemas, services, words
from referral.referrals.pages.blueprints import talking
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say

WITHDRAWN = {
    "refer": _("Stopped. Whoever had it sees nothing of it from now on."),
    "feedback": _("Written down. Nothing comes back to the practice from now on."),
    "evaluation": _("Written down."),
}
# What was heard, and what to do about it where the referral is one's own.
NEXT = {
    "changed_mind": _(
        "Written down. If they want nothing from it any more, withdraw or end the referral."
    ),
    "reach_me": _("Written down. Now change it under “Change details” on the referral."),
    "stop_sharing": WITHDRAWN["refer"],
}


@talking.get("/referrals/<uuid:referral_id>/agreement")
def agreement(referral_id: uuid.UUID) -> Response:
    """What was said, agreed, by whom, on whose authority, how, in which words; what was taken back
    and said since.
    """
    return render("referrals/talking/agreement.html", **_shown(referral_id))


@talking.route("/referrals/<uuid:referral_id>/agreement/take-back", methods=["GET", "POST"])
@commits
def take_back(referral_id: uuid.UUID) -> Response:
    """The person takes back what they agreed to."""
    form = Form(
        schemas.Withdrawal,
        ignore=("version",),
        values={"what": "refer", "how": "phone", "by": "self"},
    )
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.withdraw_consent(actor(), referral_id, seen_version(), data)
        except Invalid as error:
            form.refuse(error)
        except StaleVersion:
            form.add("request", _("Somebody else changed this meanwhile: look again, then save."))
            status = 409
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            say(WITHDRAWN[data["what"]])
            return redirect_to("talking.agreement", referral_id=referral_id)
    return render("referrals/talking/take_back.html", status, form=form, **_shown(referral_id))


@talking.route("/referrals/<uuid:referral_id>/said", methods=["GET", "POST"])
@commits
def said(referral_id: uuid.UUID) -> Response:
    """Write down what the person said."""
    form = Form(schemas.Said, values={"how": "phone"})
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.record_said(
                actor(), referral_id, data["kind"], data["how"], data["text"], data["spoken_by"]
            )
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            say(NEXT.get(data["kind"], _("Written down.")))
            return redirect_to("talking.agreement", referral_id=referral_id)
    return render("referrals/talking/said.html", status, form=form, **_shown(referral_id))


def _shown(referral_id: uuid.UUID) -> dict[str, Any]:
    found = queries.agreed(actor(), referral_id)
    reader = found["reader"]
    row = reader.referral
    seen = reader.seen.name.lower()
    return {
        "view": {
            "id": row.id,
            "reference": row.reference,
            "status": row.status,
            "version": row.version,
            "person_name": words.short_name({}, reader.identity, reader.seen)
            if seen == "identified"
            else row.reference,
            "stopped": row.consent_withdrawn_at,
        },
        "now": row,
        "seen": seen,
        "hears": seen == "identified",
        "consents": found["consents"],
        "said": found["said"],
        "codes": codes,
        "hows": consent.HOWS,
        "wordings": {
            key: Lazy(one.text.message, to=reader.row.recipient_name, person=reader.identity.name)
            for key, one in consent.WORDINGS.items()
        },
        "practice": reader.row.practice_name or reader.row.sender_name,
        "to": reader.row.recipient_name or "",
        "shared": row.status not in ("draft", "entered_in_error"),
    }
