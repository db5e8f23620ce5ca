"""The referral: one page everybody shares, each with only what they may see."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from referral.accounts.permissions import Permission, may
from referral.core import audit, clock
from referral.core.i18n import _
from referral.desk import around, queries, words
from referral.desk.draft import rows
from referral.desk.pages.blueprint import bp
from referral.desk.pages.card import hands_card
from referral.people import codes as people_codes
from referral.referrals import answering, codes, timeline
from referral.referrals import queries as referrals
from referral.referrals.introducing import TOGETHER_IN, WORKING
from referral.referrals.lifecycle import OPEN
from referral.web.door import actor
from referral.web.pages import redirect_to, render

# Of these nobody has met the person yet, so others come first.
WENT_BACK = frozenset({"declined", "returned_no_reply"})


@bp.get("/referrals/<uuid:referral_id>")
def referral(referral_id: uuid.UUID) -> Response:
    """Who holds it first, then what happened, why, what was said, and what can be done now."""
    view = referrals.view(actor(), referral_id, beside=True)
    if view["status"] == "draft":
        return redirect_to("desk.helps", referral_id=referral_id)
    told = around.messages(view)
    return render(
        "desk/referral.html",
        **shown(view),
        **ways(view),
        around=around,
        days=around.days(view),
        person_told=around.person_told(view),
        told=told,
        lost=around.lost(told),
        others=referrals.alternatives_to(actor(), view) if view["status"] in WENT_BACK else [],
    )


@bp.get("/referrals/<uuid:referral_id>/seen")
def seen(referral_id: uuid.UUID) -> Response:
    """Who has seen this, and who did what."""
    view = referrals.view(actor(), referral_id)
    events = queries.seen_by(actor(), referral_id)
    return render(
        "desk/seen.html",
        view=view,
        events=events,
        labels=timeline.EVENTS,
        hands_over=may(actor(), Permission.HAND_OVER_RECORD),
    )


def ways(view: dict[str, Any]) -> dict[str, bool]:
    """What else the actor can do here, beside the verbs: named for the templates."""
    own, is_team = view["parties"], actor().organisation_kind == "link_worker_team"
    known = view["disclosure"] == "identified" and view["status"] != "entered_in_error"
    mine = is_team and known and "recipient" in own
    working = mine and view["status"] in WORKING
    sent_on = is_team and known and "sender" in own and "recipient" not in own
    open_ = view["status"] in OPEN
    to_team = view["service"] is None and view["to"] is not None
    reads = may(actor(), Permission.READ_CLINICAL) and view["consent"]["feedback"] == "full"
    writes = may(actor(), Permission.ACT_ON_REFERRALS) and view["status"] != "entered_in_error"
    practice = actor().organisation_kind == "practice" and {"sender", "practice"} & set(own)
    return {
        "to_write": writes and view["disclosure"] != "none",
        "to_hear": known and bool(own) and (writes or may(actor(), Permission.TELL_PEOPLE)),
        "may_tell": may(actor(), Permission.TELL_PEOPLE),
        "to_plan": mine or sent_on or bool(practice and to_team and reads and known),
        "to_measure": known
        and may(actor(), Permission.KEEP_OUTCOMES)
        and view["status"] not in ("draft", "withdrawn")
        and bool({"recipient", "sender"} & set(own)),
        "to_appoint": working,
        "to_find_others": view["status"] == "ended_early" and "redirect" in view["allowed_actions"],
        "to_weigh": mine and open_,
        "to_say_unmet": is_team and bool({"recipient", "sender", "fallback"} & set(own)),
        "to_refer_on": working,
        "to_turn_up": working,
        "to_bring_together": sent_on
        and view["status"] in TOGETHER_IN
        and bool(view["service"])
        and not any(one["kind"] == "joint" for one in around.days(view)),
        "to_fit": view["outcome"] is not None and _fits(view),
        "to_telephone": sent_on and open_ and bool(view["service"]),
    }


def _fits(view: dict[str, Any]) -> bool:
    """Who received it says how it fitted; who referred reads it, and nobody else."""
    if "recipient" in view["parties"]:
        if "sender" in view["parties"]:  # nobody tells themselves
            return False
        return may(actor(), Permission.KEEP_OUTCOMES) and view["status"] != "entered_in_error"
    return bool(view["sent_by_me"])


def shown(view: dict[str, Any]) -> dict[str, Any]:
    """What every page about one referral shows."""
    person, to = view["person"] or {}, view["to"]
    known = view["disclosure"] == "identified"
    return {
        "view": view,
        "title": view["person_name"] or view["reference"],
        "known": known,
        "items": timeline.items(
            view, audit.first_view(view["id"], to["id"]) if to and view["sent_at"] else None
        ),
        "words": words,
        "codes": codes,
        "person_codes": people_codes,
        "details": rows(_only(person, identifying=True)) if known else [],
        "asked": asked(view),
        "hands_card": hands_card(view)
        and view["status"] in UNDER_WAY
        and may(actor(), Permission.RAISE_FOR_TRIAGE),
        "today": clock.today(),
        "now": clock.now(),
        "actions": words.buttons(view["status"], answering.offered(view)),
    }


# While there is something to promise the person on paper.
UNDER_WAY = frozenset(
    ("sent", "question_asked", "waiting_list", "accepted", "contacting", "started", "paused")
)
# What stands under "why" and not under "the person".
ASKED = frozenset(
    {"needs", "reason", "risk_known", "risk_text", "sex", "age_band", "area", "reach_by"}
) | {"access_needs", "language", "interpreter"}


def _only(person: dict[str, Any], *, identifying: bool) -> dict[str, Any]:
    return {name: said for name, said in person.items() if (name in ASKED) != identifying}


def asked(view: dict[str, Any]) -> list[tuple[Any, str]]:
    """Needs, risks, how to reach the person, and what was agreed."""
    if view["disclosure"] == "none":
        return []
    facts = _only(view["person"], identifying=False) | {
        "needs": view["needs"],
        "risk_known": view["risk"]["known"],
        "risk_text": view["risk"]["text"],
        "given_name": "",  # what the person is like stands in the heading
    }
    found = rows(facts)
    feedback = view["consent"]["feedback"]
    if "sender" in view["parties"] and feedback in codes.FEEDBACK:
        found.append((_("Comes back"), words.lower_first(codes.FEEDBACK[feedback].label)))
    return found
