"""Asking for help oneself, or for who one cares for; and the team's queue of who asked."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Response, request, session

from referral.core import clock
from referral.core.actor import ANONYMOUS
from referral.core.errors import Conflict, Duplicate, Invalid, NotFound
from referral.core.i18n import _
from referral.core.schema import Schema
from referral.directory import queries as directory
from referral.people import codes as people_codes
from referral.referrals import codes, consent, queries, services
from referral.referrals.pages.blueprints import asking as bp
from referral.referrals.queries import Asked
from referral.referrals.schemas.asking import AskForAnother, AskForHelp, RefuseForm, TakeForm
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.security import limiter

# For those who are not signed in, by address: a library's readers share one.
ANONYMOUS_RATE = "20 per hour"
# A field no person sees; what fills it is a program.
TRAP = "website"
HEARD = "asked"
LISTS = ("needs", "reach_by", "access_needs")
REACH = ("phone", "text", "email", "letter", "visit")


def is_known() -> bool:
    """Somebody signed in is not slowed down."""
    return actor() != ANONYMOUS


@bp.route("/ask-for-help", methods=["GET", "POST"])
@commits
@limiter.limit(ANONYMOUS_RATE, methods=["POST"], exempt_when=is_known)
def ask_for_help() -> Response:
    """For oneself."""
    return _ask(AskForHelp, "referrals/asking/ask_for_help.html")


@bp.route("/ask-for-help/carer", methods=["GET", "POST"])
@commits
@limiter.limit(ANONYMOUS_RATE, methods=["POST"], exempt_when=is_known)
def ask_for_another() -> Response:
    """For somebody one cares for."""
    return _ask(AskForAnother, "referrals/asking/ask_for_another.html")


def _ask(schema: type[Schema], template: str) -> Response:
    form = Form(schema, date_fields=("date_of_birth",), lists=LISTS, ignore=(TRAP, "service"))
    service = _service()
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            heard = services.ask_for_help(
                actor(), data, service_id=service, pretend=bool(request.form.get(TRAP))
            )
        except Conflict as error:
            form.add("request", error.detail)
        else:
            session[HEARD] = {
                "reference": heard.reference,
                "team": heard.team,
                "by": heard.by.isoformat() if heard.by else "",
            }
            return redirect_to("asking.asked_for_help")
    return render(
        template,
        form=form,
        service=service,
        service_name=_name_of(service),
        practices=queries.practices_unscoped(),
        needs=[(key, row.label) for key, row in codes.NEEDS.items()],
        reach=[(key, people_codes.REACH_BY[key].label) for key in REACH],
        access=[(key, row.label) for key, row in people_codes.ACCESS_NEEDS.items()],
        relations=[(key, row.label) for key, row in codes.RELATIONS.items()],
        trap=TRAP,
    )


@bp.get("/ask-for-help/sent")
def asked_for_help() -> Response:
    """The same for everybody: a reference, who will be in touch, by when."""
    heard = session.get(HEARD)
    if not heard:
        return redirect_to("asking.ask_for_help")
    by = date.fromisoformat(heard["by"]) if heard["by"] else None
    return render("referrals/asking/asked_for_help.html", heard=heard, by=by)


@bp.get("/caseload/asked")
def queue() -> Response:
    """Who asked the team for help and waits for somebody to look."""
    status = request.args.get("status", "waiting")
    if status not in ("waiting", "taken", "refused"):
        raise NotFound
    rows = queries.asked_for_help(actor(), status)
    return render(
        "referrals/asking/queue.html",
        rows=rows,
        shown=status,
        today=clock.today(),
        refusals=codes.ASKED_REFUSED,
    )


@bp.get("/caseload/asked/<uuid:asked_id>")
def asked(asked_id: uuid.UUID) -> Response:
    """One of them: what they wrote, whom the team knows who may be the same, what to do."""
    return _page(queries.asked(actor(), asked_id))


@bp.post("/caseload/asked/<uuid:asked_id>/take")
@commits
def take(asked_id: uuid.UUID) -> Response:
    """It becomes a referral to the team."""
    found = queries.asked(actor(), asked_id)
    form = Form(TakeForm, ignore=("do",))
    if (data := form.read()) is not None:
        try:
            made = services.take(actor(), asked_id, data["version"], _whom(data))
        except Duplicate as error:
            return _page(found, taking=form, status=409, duplicate=uuid.UUID(error.duplicate_of))
        except Invalid as error:
            named = {name.removeprefix("consent."): said for name, said in error.errors.items()}
            form.refuse(Invalid(named))
        except Conflict as error:
            return _page(found, taking=_again(form, found, error), status=409)
        else:
            say(_("Taken on. It is in your team’s list now."))
            return redirect_to("desk.referral", referral_id=made.id)
    return _page(found, taking=form)


@bp.post("/caseload/asked/<uuid:asked_id>/refuse")
@commits
def refuse(asked_id: uuid.UUID) -> Response:
    """It becomes none; the person has heard why."""
    found = queries.asked(actor(), asked_id)
    form = Form(RefuseForm)
    if (data := form.read()) is not None:
        try:
            services.refuse(actor(), asked_id, data["version"], data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            return _page(found, refusing=_again(form, found, error), status=409)
        else:
            say(_("Written down. Nothing more happens with it."))
            return redirect_to("asking.queue")
    return _page(found, refusing=form)


def _again(form: Form, found: Asked, error: Conflict) -> Form:
    """The form with what was typed, on what is so now."""
    form.values["version"] = str(found.version)
    form.add("request", error.detail)
    return form


def _whom(data: dict[str, Any]) -> dict[str, Any]:
    """The page's choice of who it is, as the service takes it."""
    if data["who"] == "new":
        return data
    try:
        return {**data, "person_id": uuid.UUID(data["who"])}
    except ValueError as error:
        raise NotFound from error


def _page(
    found: Asked,
    *,
    taking: Form | None = None,
    refusing: Form | None = None,
    status: int | None = None,
    duplicate: uuid.UUID | None = None,
) -> Response:
    same = queries.possibly_same(actor(), found) if found.status == "waiting" else []
    usual = "self"
    if found.asker and found.said["consent"].get("knows") == "cannot_decide":
        usual = "best_interests"
    served = queries.practices_served(actor()) if found.status == "waiting" else []
    named = [id_ for id_, name in served if name.lower() == found.practice.strip().lower()]
    start = {
        "version": found.version,
        "who": "" if same else "new",
        "practice_id": str(named[0]) if len(named) == 1 else "",
        "authority": usual,
        "given_by": (found.asker or {}).get("name", ""),
    }
    possible = consent.authorities(found.born, clock.today(), found.nation)
    return render(
        "referrals/asking/asked.html",
        status,
        one=found,
        same=same,
        duplicate=duplicate,
        taking=taking or Form(TakeForm, values=start),
        refusing=refusing or Form(RefuseForm, values={"version": found.version}),
        practices=served,
        authorities=[(key, codes.AUTHORITIES[key].label) for key in possible],
        needs=[codes.NEEDS[key].label for key in found.needs if key in codes.NEEDS],
        reach=_labels(people_codes.REACH_BY, found, "reach_by"),
        access=_labels(people_codes.ACCESS_NEEDS, found, "access_needs"),
        relations=codes.RELATIONS,
        refusals=[(key, row.label) for key, row in codes.ASKED_REFUSED.items()],
    )


def _labels(table: Any, found: Asked, name: str) -> list[Any]:
    given = (found.person or {}).get(name) or ()
    return [table[key].label for key in given if key in table]


def _service() -> uuid.UUID | None:
    """The service somebody came from, if it is one."""
    try:
        return uuid.UUID(request.values.get("service", ""))
    except ValueError:
        return None


def _name_of(service_id: uuid.UUID | None) -> str:
    if service_id is None:
        return ""
    try:
        return directory.service(actor(), service_id).service.name
    except NotFound:
        return ""
