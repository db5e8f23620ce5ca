"""What a group says by telephone or on paper, written down for it by a link worker."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Forbidden, NotFound
from referral.core.i18n import _
from referral.core.schema import Schema, Text
from referral.referrals import queries
from referral.referrals.pages.answering import doing
from referral.referrals.pages.answering.doing import Way
from referral.referrals.pages.blueprints import answer
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render


class Named(Schema):
    """A reference as it is read out."""

    reference = Text(max=40, required=True)


def way_of(who: Actor, referral_id: uuid.UUID) -> Way:
    """The way of a link worker on the telephone."""
    voice = queries.speaking_for(who, referral_id)
    return Way(voice, "telephone", "telephone_one", "telephone_act", by_telephone=True)


@answer.get("/telephone")
def telephone() -> Response:
    """Which referral is it about? A reference says nothing of anybody."""
    form = Form(Named)
    typed = request.args.get("reference", "").strip()
    if typed:
        form.values["reference"] = typed[:40]
        try:
            return redirect_to("answer.telephone_one", referral_id=queries.id_of(actor(), typed))
        except (NotFound, Forbidden):
            form.add("reference", _("No referral that your team looks after has this reference"))
    waiting = queries.waiting_for_groups(actor())
    today = clock.today()
    return render("referrals/answer/telephone.html", form=form, waiting=waiting, today=today)


@answer.get("/telephone/<uuid:referral_id>")
def telephone_one(referral_id: uuid.UUID) -> Response:
    """The referral as the group may read it, to read out, and what it may say."""
    return doing.show(way_of(actor(), referral_id), referral_id)


@answer.route("/telephone/<uuid:referral_id>/<verb>", methods=["GET", "POST"])
@commits
def telephone_act(referral_id: uuid.UUID, verb: str) -> Response:
    """The verb, and who told it."""
    return doing.act(way_of(actor(), referral_id), referral_id, verb)
