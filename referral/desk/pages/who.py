"""Step 1 of referring: who. Typed, pasted from a clinical system, or handed over by one.

What was read goes straight on when nothing about it is in doubt, and is shown for checking at the
top of step 2; else it stands in the form that registers people. The pasted text itself is read once
and kept nowhere. Nothing personal stands in an address.
"""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from flask import Response, request

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import Lazy, _
from referral.desk import queries, services
from referral.desk.pages import handed, remembered
from referral.desk.pages.blueprint import bp
from referral.desk.schemas import Who
from referral.directory import queries as directory
from referral.people import numbers, pasting
from referral.people import queries as people
from referral.people import schemas as people_schemas
from referral.people import services as people_services
from referral.people.identity import Identity
from referral.people.queries import Known
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render

PASTE = "paste"
# What is read of a person besides the number and the birth date, by its name in the form.
READ = ("title", "given_name", "family_name", "sex", "address", "postcode", "phone", "email")
DOUBTS: dict[str, Lazy] = {
    "number": _("the health number: there are two, or it does not fit the birth date"),
    "date_of_birth": _("the date of birth: nothing says for sure which date it is"),
    "name": _("the name: nothing says for sure which it is"),
    "postcode": _("the postcode: there are two"),
    "phone": _("the telephone number: there are two"),
    "mobile": _("the mobile number: there are two"),
    "email": _("the email address: there are two"),
    "died": _("the record says that this person has died"),
}
LABELS: dict[str, Lazy] = {
    "given_name": _("First name"),
    "family_name": _("Last name"),
    "address": _("Address"),
    "postcode": _("Postcode"),
    "phone": _("Telephone"),
    "email": _("Email"),
}
_NOT_TELLING = re.compile(r"[\W_]+")


@bp.route("/referrals/new", methods=["GET", "POST"])
@commits
def refer() -> Response:
    """Step 1: who. A person known here goes straight on; anybody else is registered first."""
    kind = number_kind()
    given = handed.read()
    form = Form(
        Who,
        date_fields=("date_of_birth",),
        ignore=("service", PASTE),
        values=given.values() if given else {},
    )
    pasted = request.form.get(PASTE, "")
    if request.method == "POST" and pasted.strip():
        found = _read(pasted, kind)
        if found:
            return _go_on(found, kind)
        form.add(PASTE, _("Nothing could be read from that. Type number and birth date instead."))
    elif request.method == "POST" and (data := form.read()):
        try:
            number = numbers.parse(kind, data["number"], demo=actor().demo).value
        except ValueError as error:
            form.add("number", str(error))
        else:
            facts = {"number": number, "born": data["date_of_birth"].isoformat()}
            if given and given.is_of(number, data["date_of_birth"]):
                facts |= given.facts
            return _go_on(facts, kind)
    return render(
        "desk/refer.html",
        form=form,
        number_name=numbers.NAMES[kind],
        drafts=queries.own_drafts(actor()),
        handed=given,
        longest=pasting.LONGEST,
        service=came_from().get("service"),
        service_name=name_of_service(),
    )


@bp.route("/referrals/new/person", methods=["GET", "POST"])
@commits
def register() -> Response:
    """Step 1 for somebody not known here yet, or of whom something is in doubt."""
    kept = remembered.read()
    if not kept and request.method == "GET":
        return redirect_to("desk.refer", **came_from())
    kind = number_kind()
    known = _known(kept, kind)
    form = Form(
        people_schemas.Person,
        date_fields=("date_of_birth",),
        lists=("reach_by", "access_needs"),
        ignore=("service",),
        values=_known_so_far(kept, known, kind),
    )
    if request.method == "POST" and (data := form.read()):
        try:
            person = people_services.register(actor(), data)
        except Invalid as error:
            form.refuse(error)
        else:
            given = data["health_number"]
            number = numbers.parse(given["type"], given["value"], demo=actor().demo)
            now_known = {"number": number.value, "born": data["date_of_birth"].isoformat()}
            return remembered.keep(_begin(person.id), now_known)
    return render(
        "desk/register.html",
        form=form,
        known=known,
        doubts=[DOUBTS[key] for key in kept.get("doubts", "").split(",") if key in DOUBTS],
        differs=_different(known.identity, kept) if known else [],
        labels=LABELS,
        number_kind=kind,
        number_name=numbers.NAMES[kind],
        service=came_from().get("service"),
        service_name=name_of_service(),
    )


def _read(text: str, kind: str) -> dict[str, str]:
    """What a paste says, as facts; empty when nothing could be read."""
    found = pasting.read(text, kind, today=clock.today(), demo=actor().demo)
    if not found.found:
        return {}
    facts = {
        "number": found.number,
        "born": found.date_of_birth.isoformat() if found.date_of_birth else "",
        "phone": found.mobile or found.phone,
        "doubts": ",".join(found.doubts),
    }
    facts |= {name: getattr(found, name) for name in READ if name != "phone"}
    return {name: said for name, said in facts.items() if said}


def _go_on(facts: dict[str, str], kind: str) -> Response:
    """On to step 2 when there is nothing to ask; else to the form, with what is known so far."""
    known = _known(facts, kind)
    sure = not facts.get("doubts")
    about = {name: facts[name] for name in READ if facts.get(name)}
    if known and sure and not _different(known.identity, facts):
        return handed.forget(remembered.forget(_begin(known.id)))
    if not known and sure and all(facts.get(n) for n in ("number", "born", "family_name")):
        try:
            data = people_schemas.Person().read(
                {
                    "health_number": {"type": kind, "value": facts["number"]},
                    "date_of_birth": facts["born"],
                    **about,
                }
            )
            person = people_services.register(actor(), data)
        except Invalid:
            pass  # what cannot be kept as it was read is asked for on the form
        else:
            told = {"number": facts["number"], "born": facts["born"]}
            return handed.forget(remembered.keep(_begin(person.id, read=True), told))
    response = redirect_to("desk.register", **came_from())
    return handed.forget(remembered.keep(response, facts))


def _known(facts: dict[str, Any], kind: str) -> Known | None:
    """Somebody known here of this number and birth date."""
    if not facts.get("number") or not facts.get("born"):
        return None
    number = {"type": kind, "value": facts["number"]}
    return people.find(actor(), date.fromisoformat(facts["born"]), number=number)


def _different(known: Identity, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """(field, what is known here) where the record now says something else."""
    found = []
    for name in LABELS:
        said, kept = facts.get(name) or "", str(getattr(known, name))
        if said and kept and _plain(name, said) != _plain(name, kept):
            found.append((name, kept))
    return found


def _plain(name: str, said: str) -> str:
    """Without what people write in different ways."""
    plain = _NOT_TELLING.sub("", said).lower()
    return re.sub(r"^44", "0", plain) if name == "phone" else plain


def _known_so_far(kept: dict[str, Any], known: Known | None, kind: str) -> dict[str, Any]:
    """What the form starts with: what is known here, and over it what was read or typed."""
    read = {name: kept[name] for name in READ if kept.get(name)}
    if known is not None:
        return known.identity.facts() | read
    found: dict[str, Any] = {"health_number.type": kind, **read}
    if kept.get("number"):
        found["health_number.value"] = numbers.display(kept["number"])
    if kept.get("born"):
        found["date_of_birth"] = date.fromisoformat(kept["born"])
    return found


def _begin(person_id: uuid.UUID, *, read: bool = False) -> Response:
    """Go on with the draft for this person: the one already begun here, or a new one."""
    begun = queries.draft_of(actor(), person_id) or services.begin(actor(), person_id).id
    more = {"read": "yes"} if read else {}
    return redirect_to("desk.helps", referral_id=begun, **came_from(), **more)


def number_kind() -> str:
    """The kind of health number people have here."""
    where = actor().locality
    nation = accounts.locality(actor(), where).nation if where else "england"
    return numbers.TYPE_OF_NATION[nation]


def came_from() -> dict[str, str]:
    """The service somebody came from (a page of the directory), if it is one."""
    given = request.values.get("service", "")
    try:
        return {"service": str(uuid.UUID(given))} if given else {}
    except ValueError:
        return {}


def name_of_service() -> str:
    """What that service is called; empty when nobody here may read of it."""
    given = came_from().get("service")
    if not given:
        return ""
    try:
        return directory.service(actor(), uuid.UUID(given)).service.name
    except NotFound:
        return ""
