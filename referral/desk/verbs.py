"""How each verb's form is read and what it becomes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from referral.core import clock
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.core.schema import Choice, Schema, Text, Whole
from referral.referrals.codes import END_REASONS, OUTCOMES, TOLD_BY
from referral.referrals.schemas import BODIES
from referral.referrals.schemas.bodies import ACTIONS_MAX, NOTE_MAX, SUMMARY_MAX

WEEKS_MAX = 100
TRIAGE = "triage"


class Waitlist(Schema):
    """Weeks are what people say; the date follows."""

    weeks = Whole(min=1, max=WEEKS_MAX, required=True)
    note = Text(max=NOTE_MAX, line=False)


class Complete(Schema):
    """``do`` is the button: ``none`` says that there is nothing for the practice to do."""

    outcome = Choice(OUTCOMES, required=True)
    told_by = Choice(TOLD_BY, required=True)
    summary = Text(max=SUMMARY_MAX, line=False)
    actions = Text(max=ACTIONS_MAX * 300, line=False, load_default="")
    do = Choice(("none", "asked"), required=True)

    @validates_schema
    def button_fits(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        asked = bool(data.get("actions"))
        if data.get("do") == "none" and asked:
            rule = _("You wrote something for the practice: use the other button, or take it out")
            raise ValidationError(str(rule), "actions")
        if data.get("do") == "asked" and not asked:
            raise ValidationError(str(_("Write what the practice should do")), "actions")


class End(Complete):
    reason = Choice(END_REASONS, required=True)


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


PAGES: dict[str, VerbPage] = {verb: VerbPage(schema) for verb, schema in BODIES.items()} | {
    "waitlist": VerbPage(Waitlist),
    "complete": VerbPage(Complete),
    "end": VerbPage(End),
    "redirect": VerbPage(Redirect),
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
    if verb == "waitlist":
        expected = clock.today() + timedelta(weeks=found.pop("weeks"))
        return BODIES[verb]().read(found | {"expected_on": expected.isoformat()})
    if verb in ("complete", "end"):
        lines = [line.strip(" -•\t") for line in found.pop("actions").split("\n")]
        found.pop("do")
        actions = [line for line in lines if line]
        try:
            return BODIES[verb]().read(found | {"actions_for_practice": actions})
        except Invalid as error:
            raise Invalid(
                {k.replace("actions_for_practice", "actions"): v for k, v in error.errors.items()}
            ) from error
    if verb == "redirect":
        who = found.pop("who")
        chosen = {"triage": True} if who == TRIAGE else {"service_id": who}
        try:
            return BODIES[verb]().read(
                chosen | {"confirm_duplicate": found.get("confirm_duplicate") == "yes"}
            )
        except Invalid as error:
            raise Invalid({"who": [str(_("choose one of these"))]}) from error
    return found


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
