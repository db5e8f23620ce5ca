"""What staff write down for a person who is on the telephone, at the desk, or has written."""

from __future__ import annotations

from referral.core.schema import Choice, Schema, Text, Yes
from referral.referrals.codes import SAID_HOW
from referral.referrals.schemas import own
from referral.referrals.schemas.agreeing import NAME_MAX


class Heard(Schema):
    """How it was heard, and who spoke if it was not the person."""

    how = Choice([key for key in SAID_HOW if key != "page"], required=True)
    spoken_by = Text(max=NAME_MAX, load_default="")


class TouchFor(own.Touch, Heard):
    """Whether anybody has been in touch."""


class ReachFor(own.ReachMe, Heard):
    """How they are reached."""


class MindFor(own.Mind, Heard):
    """They changed their mind."""


class StopFor(own.Stop, Heard):
    """They stop the sharing."""


class SupporterFor(own.SupporterForm, Heard):
    """Somebody speaks for them, or may hear."""


class FirstFor(Heard):
    """Whether they read first what is written about them."""

    first = Yes(required=True)


class ResultFor(own.OwnResult, Heard):
    """How it went by their own word."""


class CommentFor(own.Words, Heard):
    """What they say to the message that goes back. ``on``: it may go on now."""

    on = Yes(load_default=False)


class Unsafe(Schema):
    """``unsafe``: nobody writes, texts or rings; ``note`` is what to do instead."""

    unsafe = Yes(required=True)
    note = Text(max=200, load_default="")
