"""How each verb's form is read and what it becomes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.core.schema import Choice, Schema, Text
from referral.referrals.schemas import BODIES, forms

TRIAGE = "triage"


class Redirect(Schema):
    who = Text(max=40, required=True)
    confirm_duplicate = Choice(("yes", ""), load_default="")


@dataclass(frozen=True)
class VerbPage:
    """``schema`` reads the form; the rest as in ``web.forms.Form``."""

    schema: type[Schema]
    dates: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    clearable: tuple[str, ...] = ()


PAGES: dict[str, VerbPage] = {verb: VerbPage(form) for verb, form in forms.FORMS.items()} | {
    "contact": VerbPage(forms.ContactMade, dates=("on",)),
    "redirect": VerbPage(Redirect),
    "settle": VerbPage(BODIES["resume"]),
    "pause": VerbPage(BODIES["pause"], dates=("until",)),
    "amend": VerbPage(BODIES["amend"], lists=("reach_by", "access_needs", "needs")),
}
PAGES.pop("send")

AMENDED = (
    "phone", "email", "address", "postcode", "language", "reach_by", "access_needs", "interpreter",
    "safe_to_leave_message",
)  # fmt: skip


def body_of(verb: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the service takes, from what the form gave; raise ``Invalid``."""
    found = dict(data)
    if verb == "redirect":
        who = found.pop("who")
        chosen = {"triage": True} if who == TRIAGE else {"service_id": who}
        try:
            return BODIES[verb]().read(
                chosen | {"confirm_duplicate": found.get("confirm_duplicate") == "yes"}
            )
        except Invalid as error:
            raise Invalid({"who": [str(_("choose one of these"))]}) from error
    return forms.body_of(verb, found)


def starting_values(verb: str, view: Mapping[str, Any], thread: str | None) -> dict[str, Any]:
    """What the form starts with."""
    if verb == "amend":
        person = view["person"]
        found = {name: person.get(name) for name in AMENDED}
        found = {k: "yes" if v is True else "no" if v is False else v for k, v in found.items()}
        risk = view["risk"]
        return {k: v for k, v in found.items() if v is not None} | {
            "needs": list(view["needs"]),
            "reason": view["reason"] or "",
            "risk.known": "yes" if risk["known"] else "no",
            "risk.text": risk["text"] or "",
            "urgency": view["urgency"],
        }
    if verb == "raise":
        return {}
    return {"thread_id": thread} if verb == "answer" and thread else {}


def changed(data: Mapping[str, Any], posted: Mapping[str, Any], view: Mapping[str, Any]) -> Any:
    """Of the form that changes details, only what differs from the referral as it stands.

    Whatever the form shows can also be emptied. Raise ``Invalid`` when nothing differs.
    """
    person, risk = view["person"], view["risk"]
    given = dict(data)
    given |= {
        name: "" for name in ("phone", "email", "address", "postcode") if not posted.get(name)
    }
    given |= {name: given.get(name, []) for name in ("reach_by", "access_needs")}
    now = {name: person.get(name) or "" for name in AMENDED} | {
        "reach_by": list(person.get("reach_by") or ()),
        "access_needs": list(person.get("access_needs") or ()),
        "needs": list(view["needs"]),
        "reason": view["reason"] or "",
        "urgency": view["urgency"],
        "risk": {"known": bool(risk["known"]), "text": risk["text"] or ""},
    }
    if "risk" in given:
        known = given["risk"]["known"]
        given["risk"] = {"known": known, "text": given["risk"].get("text") or "" if known else ""}
    found = {name: said for name, said in given.items() if said != now.get(name)}
    if not found:
        raise Invalid({"request": [str(_("Nothing has changed yet"))]})
    return found
