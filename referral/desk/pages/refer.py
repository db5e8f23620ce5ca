"""Refer someone, steps 2 and 3: what would help, agree and send. ``who`` is step 1.

Each step is kept before the next opens. The draft is the referral itself, so Back works and nothing
typed is lost.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Conflict, Duplicate, Invalid, NotFound, NotTaking
from referral.core.i18n import _
from referral.core.schema import as_mobile
from referral.desk import around, queries, services, words
from referral.desk.draft import LINK_WORKER, USUAL_NEEDS, Draft, id_of, record
from referral.desk.pages import instead, remembered
from referral.desk.pages.blueprint import bp
from referral.desk.schemas import NEEDS_MAX, Agreed, WhatHelps
from referral.directory import queries as directory
from referral.directory.ranking import Folded, Ranked
from referral.outbox.channels import sends_texts
from referral.referrals import codes
from referral.referrals import queries as referrals
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


@bp.route("/referrals/<uuid:referral_id>/help", methods=["GET", "POST"])
@commits
def helps(referral_id: uuid.UUID) -> Response:
    """Step 2: what matters, who should help, why."""
    found = queries.draft(actor(), referral_id)
    if found.sent:
        return redirect_to("desk.referral", referral_id=referral_id)
    doing = request.form.get("do")
    refreshing = doing in ("services", "declined")
    form = Form(
        WhatHelps(partial=True) if refreshing else WhatHelps,
        lists=("needs",),
        ignore=("do", "version", "unfit"),
        values=found.helps(request.args.get("service")),
    )
    offers = None
    if request.method == "POST" and (data := form.read()) is not None:
        if not refreshing:
            offers = _offers(found, form)
            _refuse_unfit(form, "who", offers)
        if not form.errors:
            try:
                services.keep(actor(), found, data)
            except Invalid as error:
                form.refuse(error)
            else:
                if doing == "declined":
                    return redirect_to("desk.decline", referral_id=referral_id)
                if refreshing:
                    return redirect_to("desk.helps", referral_id=referral_id, _anchor="who")
                return redirect_to("desk.agree", referral_id=referral_id)
    return render(
        "desk/helps.html",
        form=form,
        draft=found,
        read=request.args.get("read") == "yes",
        **(offers or _offers(found, form)),
    )


@bp.post("/referrals/<uuid:referral_id>/services")
@commits
def services_fragment(referral_id: uuid.UUID) -> Response:
    """The choice of services for the needs ticked so far: a piece of step 2, nothing is kept."""
    found = queries.draft(actor(), referral_id)
    form = Form(WhatHelps(partial=True), lists=("needs",), ignore=("do", "version", "unfit"))
    form.read()
    form.errors.clear()
    offers = _offers(found, form)
    return render("desk/services_fragment.html", 200, form=form, draft=found, **offers)


@bp.route("/referrals/<uuid:referral_id>/agree", methods=["GET", "POST"])
@commits
def agree(referral_id: uuid.UUID) -> Response:
    """Step 3: what the person agreed to, what is shared when, and Send."""
    found = queries.draft(actor(), referral_id)
    if found.sent:
        return redirect_to("desk.sent", referral_id=referral_id)
    form = Form(Agreed, ignore=("version", "who", "do"), values=found.agreed())
    if request.form.get("do") == "instead":
        return instead.change(found, form)
    if request.method == "POST" and (data := form.read()):
        try:
            services.send(actor(), found, data)
        except Duplicate as error:
            return _duplicate(found, form, error)
        except NotTaking as error:
            return instead.ask(found, form, error.detail)
        except Invalid as error:
            form.refuse(instead.of_the_form(error))
        except Conflict as error:
            form.add("request", error.detail)
        else:
            return remembered.forget(redirect_to("desk.sent", referral_id=referral_id))
    missing = found.missing()
    if missing and request.method == "GET":
        return redirect_to("desk.helps", referral_id=referral_id)
    return instead.agreeing(found, form)


@bp.post("/referrals/<uuid:referral_id>/discard")
@commits
def discard(referral_id: uuid.UUID) -> Response:
    """Throw away what was begun and not sent: nobody has had it."""
    found = queries.draft(actor(), referral_id)
    if found.sent:
        return redirect_to("desk.referral", referral_id=referral_id)
    services.discard(actor(), found)
    say(_("Thrown away. Nobody had it."))
    return remembered.forget(redirect_to("desk.refer"))


@bp.get("/referrals/<uuid:referral_id>/sent")
def sent(referral_id: uuid.UUID) -> Response:
    """It is on its way: the reference, when to expect word, words for the record, a card."""
    row = referrals.view(actor(), referral_id, beside=True)
    if "sender" not in row["parties"]:
        raise NotFound
    found = Draft(row, clock.today())
    if not found.sent:
        return redirect_to("desk.agree", referral_id=referral_id)
    return render(
        "desk/sent.html",
        draft=found,
        record=record(found),
        told=around.person_told(row),
        by_text=sends_texts() and bool(as_mobile(str(found.person.get("phone") or ""))),
        by_letter=bool(found.person.get("address")),
        may_tell=may(actor(), Permission.TELL_PEOPLE) and not found.unsafe,
    )


def _offers(found: Draft, form: Form) -> dict[str, Any]:
    """What step 2 offers: needs, the link worker, three services and those that cannot.

    What was chosen in the directory stands beside the three, unless it is one of them or cannot
    take this person.
    """
    needs = [need for need in form.value("needs") if need in codes.NEEDS]
    anywhere = may(actor(), Permission.REFER)
    # What cannot be chosen is remembered beside the choices, so that it goes on being said.
    wanted = id_of(form.value("who")) or id_of(request.form.get("unfit"))
    suggestion = (
        directory.best_three(
            *(actor(), needs, found.area, found.age, found.person.get("sex") or ""), chosen=wanted
        )
        if anywhere and (needs or wanted)
        else None
    )
    three = suggestion.three if suggestion else ()
    chosen = suggestion.chosen if suggestion else None
    beside = chosen if wanted not in {one.service.id for one in three} else None
    return {
        "needs": [(key, codes.NEEDS[key].label) for key in USUAL_NEEDS],
        "more_needs": [(k, row.label) for k, row in codes.NEEDS.items() if k not in USUAL_NEEDS],
        "most": NEEDS_MAX,
        "words": words,
        "today": found.today,
        "link_worker": LINK_WORKER,
        "suggestion": suggestion if needs else None,
        "three": three[:2] if isinstance(beside, Ranked) else three,
        "anywhere": anywhere,
        "may_ask": may(actor(), Permission.ASK_FIRST),
        "beside": beside if isinstance(beside, Ranked) else None,
        "unfit": beside if isinstance(beside, Folded) else None,
        "gone": anywhere and wanted is not None and chosen is None,
        "open_rows": queries.open_of_person(actor(), found.view["person"]["id"]),
    }


def _refuse_unfit(form: Form, name: str, offers: dict[str, Any]) -> None:
    """Somebody who cannot be helped there is not referred there; the page offers others."""
    wanted = form.value(name)
    if wanted == LINK_WORKER:
        return
    if offers["unfit"]:
        one = offers["unfit"]
        form.add(
            name,
            _(
                "{name} can’t take this person: {why}. Choose another.",
                name=one.service.name,
                why=words.lower_first(one.reason),
            ),
        )
    elif offers["anywhere"] and (offers["gone"] or id_of(wanted) is None):
        form.add(name, _("Choose one of these"))


def _duplicate(found: Draft, form: Form, error: Duplicate) -> Response:
    """Ask before the person is referred twice; what was chosen is carried along."""
    other = referrals.view(actor(), uuid.UUID(error.duplicate_of))
    return render("desk/duplicate.html", 409, form=form, draft=found, other=other)
