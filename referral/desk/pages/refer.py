"""Refer someone: who, what would help, agree and send. Each step is kept before the next opens.

The draft is the referral itself, so Back works and nothing typed is lost. Somebody not known here
is carried to the form that registers them in a short-lived sealed cookie: nothing personal stands
in an address.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Response, request

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Conflict, Duplicate, Invalid, NotFound, NotTaking
from referral.core.i18n import _
from referral.desk import queries, services, words
from referral.desk.draft import LINK_WORKER, USUAL_NEEDS, Draft, id_of, record
from referral.desk.pages import instead, remembered
from referral.desk.pages.blueprint import bp
from referral.desk.schemas import NEEDS_MAX, Agreed, WhatHelps, Who
from referral.directory import queries as directory
from referral.directory.ranking import Folded, Ranked
from referral.people import numbers
from referral.people import queries as people
from referral.people import schemas as people_schemas
from referral.people import services as people_services
from referral.referrals import codes
from referral.referrals import queries as referrals
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


@bp.route("/referrals/new", methods=["GET", "POST"])
@commits
def refer() -> Response:
    """Step 1: who. A person known here goes straight on; anybody else is registered first."""
    form = Form(Who, date_fields=("date_of_birth",), ignore=("service",))
    kind = _number_kind()
    if request.method == "POST" and (data := form.read()):
        try:
            number = numbers.parse(kind, data["number"], demo=actor().demo)
        except ValueError as error:
            form.add("number", str(error))
        else:
            born = data["date_of_birth"]
            known = people.find(actor(), born, number={"type": kind, "value": number.value})
            if known is not None:
                return remembered.forget(_begin(known.id))
            response = redirect_to("desk.register", **_service())
            return remembered.keep(response, {"number": number.value, "born": born.isoformat()})
    return render(
        "desk/refer.html",
        form=form,
        number_name=numbers.NAMES[kind],
        drafts=queries.own_drafts(actor()),
        service=_service().get("service"),
        service_name=_service_name(),
    )


@bp.route("/referrals/new/person", methods=["GET", "POST"])
@commits
def register() -> Response:
    """Step 1 for somebody not known here yet: the same question, with name and address."""
    kept = remembered.read()
    if not kept and request.method == "GET":
        return redirect_to("desk.refer", **_service())
    kind = _number_kind()
    form = Form(
        people_schemas.Person,
        date_fields=("date_of_birth",),
        lists=("reach_by", "access_needs"),
        ignore=("service",),
        values=_known_so_far(kept, kind),
    )
    if request.method == "POST" and (data := form.read()):
        try:
            person = people_services.register(actor(), data)
        except Invalid as error:
            form.refuse(error)
        else:
            given = data["health_number"]
            number = numbers.parse(given["type"], given["value"], demo=actor().demo)
            kept = {"number": number.value, "born": data["date_of_birth"].isoformat()}
            return remembered.keep(_begin(person.id), kept)
    return render(
        "desk/register.html",
        form=form,
        number_kind=kind,
        number_name=numbers.NAMES[kind],
        service=_service().get("service"),
        service_name=_service_name(),
    )


@bp.route("/referrals/<uuid:referral_id>/help", methods=["GET", "POST"])
@commits
def helps(referral_id: uuid.UUID) -> Response:
    """Step 2: what matters, who should help, why."""
    found = queries.draft(actor(), referral_id)
    if found.sent:
        return redirect_to("desk.referral", referral_id=referral_id)
    refreshing = request.form.get("do") == "services"
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
                if refreshing:
                    return redirect_to("desk.helps", referral_id=referral_id, _anchor="who")
                return redirect_to("desk.agree", referral_id=referral_id)
    return render("desk/helps.html", form=form, draft=found, **(offers or _offers(found, form)))


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
            form.refuse(error)
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
    row = referrals.view(actor(), referral_id)
    if "sender" not in row["parties"]:
        raise NotFound
    found = Draft(row, clock.today())
    if not found.sent:
        return redirect_to("desk.agree", referral_id=referral_id)
    return render("desk/sent.html", draft=found, record=record(found))


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


def _begin(person_id: uuid.UUID) -> Response:
    """Go on with the draft for this person: the one already begun here, or a new one."""
    begun = queries.draft_of(actor(), person_id) or services.begin(actor(), person_id).id
    return redirect_to("desk.helps", referral_id=begun, **_service())


def _number_kind() -> str:
    """The kind of health number people have here."""
    where = actor().locality
    nation = accounts.locality(actor(), where).nation if where else "england"
    return numbers.TYPE_OF_NATION[nation]


def _known_so_far(kept: dict[str, Any], kind: str) -> dict[str, Any]:
    """What the form starts with: what was typed at the first question, or was kept since."""
    if not kept:
        return {"health_number.type": kind}
    born = date.fromisoformat(kept["born"])
    known = people.find(actor(), born, number={"type": kind, "value": kept["number"]})
    if known is not None:
        return known.identity.facts()
    return {
        "health_number.type": kind,
        "health_number.value": numbers.display(kept["number"]),
        "date_of_birth": born,
    }


def _service() -> dict[str, str]:
    """The service somebody came from (a page of the directory), if it is one."""
    given = request.values.get("service", "")
    try:
        return {"service": str(uuid.UUID(given))} if given else {}
    except ValueError:
        return {}


def _service_name() -> str:
    """What that service is called; empty when nobody here may read of it."""
    given = _service().get("service")
    return _name_of(uuid.UUID(given)) if given else ""


def _name_of(service_id: uuid.UUID) -> str:
    try:
        return directory.service(actor(), service_id).service.name
    except NotFound:
        return ""
