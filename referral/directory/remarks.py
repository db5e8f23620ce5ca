"""What may be wrong with an entry, and what became of a correction or a claim: keys and words."""

from __future__ import annotations

from referral.core.i18n import Lazy, _

# What somebody may say is wrong, in the order they are asked.
ABOUT: dict[str, Lazy] = {
    "contact": _("The telephone number, email or website"),
    "when_where": _("The place, the days or the times"),
    "whom": _("Who it is for, or what it does"),
    "moved": _("It has moved"),
    "ended": _("It has ended"),
    "other": _("Something else"),
}
CORRECTION_STATES: dict[str, Lazy] = {
    "open": _("To be looked at"),
    "mended": _("Mended"),
    "left": _("Left as it was"),
}
CORRECTION_ENDS = ("mended", "left")
CLAIM_STATES: dict[str, Lazy] = {
    "waiting": _("To be decided"),
    "approved": _("Approved"),
    "refused": _("Refused"),
}
CLAIM_ENDS = ("approved", "refused")
# Kinds of tag for what waits and what is done.
STATE_KINDS = {"open": "wait", "waiting": "wait", "mended": "ok", "approved": "ok"}
