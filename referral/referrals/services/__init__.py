"""What can be done with a referral."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from referral.core.actor import Actor
from referral.referrals.models import Referral
from referral.referrals.services import step as steps
from referral.referrals.services.agreeing import withdraw_consent
from referral.referrals.services.attaching import FILES_MOST, attach_to_thread, hand_out_file
from referral.referrals.services.carding import (
    make_card,
    may_make_card,
    take_back_card,
)
from referral.referrals.services.clocked import (
    look_at_appointment,
    look_at_sheet,
    make_sheet,
)
from referral.referrals.services.closing import acknowledge, correct, undo, withdraw
from referral.referrals.services.complaining import (
    acknowledge_complaint,
    answer_complaint,
    complain,
    look_at_complaint,
    others_for_complaint,
    pass_on_complaint,
    readers_of_complaint,
    take_back_complaint,
)
from referral.referrals.services.conversing import amend, answer, assign, raise_
from referral.referrals.services.delivering import (
    complete,
    contact,
    end,
    note_results,
    pause,
    person_gone,
    resume,
    start,
)
from referral.referrals.services.digesting import send_digest
from referral.referrals.services.enquiring import (
    answer_enquiry,
    ask_first,
    close_enquiry,
    convert,
    look_at_enquiry,
)
from referral.referrals.services.evaluations import change_evaluation, register_evaluation
from referral.referrals.services.grouping import Mark, record_session, turned_up
from referral.referrals.services.introducing import bring_together, expect, onward
from referral.referrals.services.losing import mend
from referral.referrals.services.notes import strike, write_note
from referral.referrals.services.offering import decline_offer
from referral.referrals.services.own import (
    PAGE,
    change_mind,
    mark_unsafe,
    reach_me,
    say,
    sees_first,
    stop,
)
from referral.referrals.services.printing import sheet_printed
from referral.referrals.services.responding import accept, ask, decline, reply, waitlist
from referral.referrals.services.saying import record_said
from referral.referrals.services.self_referring import (
    Heard,
    ask_for_help,
    forget_asked,
    look_at_asked,
    refuse,
    take,
)
from referral.referrals.services.settling import settle_in
from referral.referrals.services.status_codes import look as look_at_ask
from referral.referrals.services.submitting import create, discard, redirect, rewrite, send
from referral.referrals.services.supporting import name_supporter, no_supporter
from referral.referrals.services.sweeping import sweep
from referral.referrals.services.telephone import record
from referral.referrals.services.telling_now import tell_now

VerbService = Callable[[Actor, uuid.UUID, int | None, Mapping[str, Any]], Referral]
VERBS: dict[str, VerbService] = {
    "send": send,
    "accept": accept,
    "waitlist": waitlist,
    "ask": ask,
    "reply": reply,
    "decline": decline,
    "contact": contact,
    "start": start,
    "pause": pause,
    "resume": resume,
    "complete": complete,
    "end": end,
    "redirect": redirect,
    "withdraw": withdraw,
    "acknowledge": acknowledge,
    "correct": correct,
    "raise": raise_,
    "answer": answer,
    "amend": amend,
    "assign": assign,
    "undo": undo,
}


def act(
    actor: Actor,
    referral_id: uuid.UUID,
    verb: str,
    version: int | None,
    data: Mapping[str, Any],
) -> Referral:
    """Do ``verb`` with the body of ``schemas.BODIES[verb]``; what is no verb is an illegal one."""
    if verb not in VERBS:
        steps.begin(actor, referral_id, verb, version)
    return VERBS[verb](actor, referral_id, version, data)


__all__ = [
    "FILES_MOST",
    "PAGE",
    "VERBS",
    "Heard",
    "Mark",
    "accept",
    "acknowledge",
    "acknowledge_complaint",
    "act",
    "amend",
    "answer",
    "answer_complaint",
    "answer_enquiry",
    "ask",
    "ask_first",
    "ask_for_help",
    "assign",
    "attach_to_thread",
    "bring_together",
    "change_evaluation",
    "change_mind",
    "close_enquiry",
    "complain",
    "complete",
    "contact",
    "convert",
    "correct",
    "create",
    "decline",
    "decline_offer",
    "discard",
    "end",
    "expect",
    "forget_asked",
    "hand_out_file",
    "look_at_appointment",
    "look_at_ask",
    "look_at_asked",
    "look_at_complaint",
    "look_at_enquiry",
    "look_at_sheet",
    "make_card",
    "make_sheet",
    "mark_unsafe",
    "may_make_card",
    "mend",
    "name_supporter",
    "no_supporter",
    "note_results",
    "onward",
    "others_for_complaint",
    "pass_on_complaint",
    "pause",
    "person_gone",
    "raise_",
    "reach_me",
    "readers_of_complaint",
    "record",
    "record_said",
    "record_session",
    "redirect",
    "refuse",
    "register_evaluation",
    "reply",
    "resume",
    "rewrite",
    "say",
    "sees_first",
    "send",
    "send_digest",
    "settle_in",
    "sheet_printed",
    "start",
    "stop",
    "strike",
    "sweep",
    "take",
    "take_back_card",
    "take_back_complaint",
    "tell_now",
    "turned_up",
    "undo",
    "waitlist",
    "withdraw",
    "withdraw_consent",
    "write_note",
]
