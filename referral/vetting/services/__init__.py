"""What changes checks: applying, answering, reviewing, deciding, hosting, the scheme, the clock."""

from referral.vetting.services.answering import give, take_back
from referral.vetting.services.applying import begin, invite, leave, submit
from referral.vetting.services.deciding import WAIT_MAX, decide, decide_unscoped_by_register
from referral.vetting.services.files import clear_loose, hand_out, upload
from referral.vetting.services.hosting import actions, agree, end, propose
from referral.vetting.services.registers import (
    begin_load,
    end_load,
    keep_word,
    load_register,
    look_up,
    take_rows,
)
from referral.vetting.services.reviewing import review
from referral.vetting.services.saying import say_about
from referral.vetting.services.scheming import Effect, preview, set_scheme
from referral.vetting.services.standing import look_at, write_down

__all__ = [
    "WAIT_MAX",
    "Effect",
    "actions",
    "agree",
    "begin",
    "begin_load",
    "clear_loose",
    "decide",
    "decide_unscoped_by_register",
    "end",
    "end_load",
    "give",
    "hand_out",
    "invite",
    "keep_word",
    "leave",
    "load_register",
    "look_at",
    "look_up",
    "preview",
    "propose",
    "review",
    "say_about",
    "set_scheme",
    "submit",
    "take_back",
    "take_rows",
    "upload",
    "write_down",
]
