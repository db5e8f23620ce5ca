"""Who answers for whom: a larger organisation that a small group belongs to or leans on."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.core import clock
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.core.i18n import _
from referral.core.schema import Schema
from referral.vetting import queries, schemas, services
from referral.vetting.checks import CHECKS
from referral.vetting.pages.blueprint import bp
from referral.vetting.pages.own import id_asked
from referral.vetting.queries import Dossier
from referral.vetting.queries.own import hostings, organisation_named, organisations_named
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

SIDES = ("hosted", "anchor")
TITLES = {check.key: check.title for check in CHECKS}


@bp.route("/vetting/hosting", methods=["GET", "POST"])
@commits
def hosting() -> Response:
    """Who answers for the organisation and for whom it does; ask or offer it here."""
    form = Form(schemas.Host, lists=("checks",))
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.propose(
                actor(), data["anchor_id"], data["hosted_id"], data["checks"], data["limits"]
            )
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Sent. It counts as soon as they have agreed."))
            return redirect_to("vetting.hosting")
    return _page(form)


@bp.post("/vetting/hosting/<uuid:hosting_id>/agree")
@commits
def agree_hosting(hosting_id: uuid.UUID) -> Response:
    """The other side says yes."""
    data = Form(schemas.VersionForm).read()
    if data is None:
        return _page(Form(schemas.Host, lists=("checks",)))
    services.agree(actor(), hosting_id, data["version"])
    say(_("Agreed. It counts from now on."))
    return redirect_to("vetting.hosting")


@bp.post("/vetting/hosting/<uuid:hosting_id>/end")
@commits
def end_hosting(hosting_id: uuid.UUID) -> Response:
    """Either side says that it ends."""
    form = Form(schemas.EndHostingForm)
    data = form.read()
    if data is None:
        return _page(Form(schemas.Host, lists=("checks",)), form, hosting_id)
    services.end(actor(), hosting_id, data["version"], data["reason"])
    say(_("Ended, and both are told."))
    return redirect_to("vetting.hosting")


def _page(form: Form, end: Form | None = None, of: uuid.UUID | None = None) -> Response:
    who = actor()
    if who.organisation is None or who.locality is None or who.organisation_kind != "provider":
        raise Forbidden
    side = request.args.get("side", SIDES[0])
    if side not in SIDES:
        raise NotFound
    chosen = id_asked("with")
    words = " ".join(request.args.get("find", "").split())[:100]
    rows = [] if chosen else hostings(who)
    made = queries.dossier(who, who.organisation, who.locality) if chosen else None
    choices = _may_hold(made, side) if made else []
    if request.method == "GET":
        form.values["checks"] = [key for key, _title in choices]
    return render(
        "vetting/hosting.html",
        form=form,
        rows=rows,
        end_forms={
            row.hosting.id: end if end and row.hosting.id == of else Form(schemas.EndHostingForm)
            for row in rows
        },
        side=side,
        find_form=Form(Schema, values={"side": side, "find": words}),
        find=words,
        found=organisations_named(who, words),
        other=organisation_named(who, chosen) if chosen else None,
        own_id=who.organisation,
        choices=choices,
        titles=TITLES,
        has_anchor=any(not row.mine for row in rows),
    )


def _may_hold(made: Dossier, side: str) -> list[tuple[str, str]]:
    """The checks to choose from: what is asked of us, or what we have been accepted for."""
    lines = made.checklist(clock.today())
    wanted = [line.item.check for line in lines if line.item.check.anchor_may_hold]
    if side == "anchor":
        wanted = [check for check in made.scheme.checks if check.anchor_may_hold]
        wanted = [check for check in wanted if check.key in made.accepted]
    return [(check.key, str(check.title)) for check in wanted]
