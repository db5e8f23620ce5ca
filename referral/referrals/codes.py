"""The fixed lists of a referral: every key that may be stored, with its words on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from referral.core.i18n import _
from referral.directory import needs
from referral.people.codes import Code, table


@dataclass(frozen=True)
class DeclineReason(Code):
    """``bars`` is the rejection code of the NHS Booking and Referral Standard."""

    bars: str


@dataclass(frozen=True)
class EndReason(Code):
    """``leaves_open``: somebody still has to decide what the person gets next.

    ``gone``: entered once, it ends all the person's open referrals.
    """

    leaves_open: bool
    gone: bool = False


NEEDS = table(*needs.NEEDS.items())

DECLINE_REASONS: dict[str, DeclineReason] = {
    row.key: row
    for row in (
        DeclineReason("capacity", _("We have no room"), "22"),
        DeclineReason("not_appropriate", _("We are not right for this person"), "23"),
        DeclineReason("not_eligible", _("Outside the people we may help"), "40"),
        DeclineReason("person_choice", _("The person does not want it"), "26"),
        DeclineReason("too_far", _("Too far away"), "42"),
        DeclineReason("transport", _("The person cannot get here"), "21"),
        DeclineReason("home_visit_requested", _("Needs a home visit, which we cannot make"), "41"),
        DeclineReason("no_appointments", _("No appointments left"), "31"),
        DeclineReason("appointments_unsuitable", _("Our times do not suit the person"), "32"),
        DeclineReason("service_declined", _("We cannot take this on"), "24"),
        DeclineReason("other", _("Another reason"), "99"),
    )
}
# What ``returned_no_reply`` is called in the Booking and Referral Standard.
BARS_NO_REPLY = "27"

END_REASONS: dict[str, EndReason] = {
    row.key: row
    for row in (
        EndReason("could_not_reach", _("We could not reach the person"), leaves_open=True),
        EndReason("did_not_attend", _("The person did not come"), leaves_open=True),
        EndReason("person_choice", _("The person chose to stop"), leaves_open=False),
        EndReason("moved_away", _("The person moved away"), leaves_open=False, gone=True),
        EndReason("unwell", _("The person is too unwell"), leaves_open=True),
        EndReason("needs_changed", _("The person needs something else"), leaves_open=True),
        EndReason("service_stopped", _("We stopped offering this"), leaves_open=True),
        EndReason("died", _("The person died"), leaves_open=False, gone=True),
        EndReason("other", _("Another reason"), leaves_open=True),
    )
}

# A separate axis from the status: "completed" does not mean "helped".
OUTCOMES = table(
    ("met", _("Got what they needed")),
    ("partly_met", _("Got part of it")),
    ("not_met", _("Did not get it")),
    ("not_known", _("Not known")),
)
TOLD_BY = table(
    ("person", _("The person said so")),
    ("provider", _("The organisation's view")),
    ("both", _("Agreed by both")),
)

CHANNELS = table(
    ("phone", _("Telephone")),
    ("text", _("Text message")),
    ("email", _("Email")),
    ("visit", _("Visit")),
    ("letter", _("Letter")),
    ("video", _("Video call")),
)
RESULTS = table(
    ("reached", _("In touch")),
    ("no_answer", _("No answer")),
    ("message_left", _("Left a message")),
    ("attended", _("Came")),
    ("late", _("Came late")),
    ("did_not_attend", _("Did not come")),
)
# How many words of a message back somebody reads.
MESSAGE_WORDS = 120
# Results that mean the person came, and that they were there: only these start a new clock.
ATTENDED = frozenset({"attended", "late"})
MET_THE_PERSON = ATTENDED | {"reached"}
# Why somebody did not come, as far as is known.
MISSED_REASONS = table(
    ("not_known", _("Not known")),
    ("unwell", _("Unwell")),
    ("transport", _("Could not get there")),
    ("caring", _("Caring for somebody")),
    ("forgot", _("Forgot")),
    ("not_told", _("Did not know of it")),
    ("anxious", _("Found it too hard to come")),
    ("changed_mind", _("Changed their mind")),
    ("other", _("Another reason")),
)
# After so many times the page offers "settled in, carries on without us".
SETTLED_AFTER = 3
APPOINTMENTS = table(
    ("first_contact", _("First conversation")),
    ("review", _("Review")),
    ("joint", _("First meeting together")),
    ("session", _("Session")),
    ("turn_up", _("First visit to a group")),
)
PLACES = table(
    ("phone", _("By telephone")),
    ("video", _("On a video call")),
    ("practice", _("At the practice")),
    ("venue", _("At the group")),
    ("home", _("At home")),
    ("other", _("Somewhere else")),
)
# What a person says by telephone, at the desk or on their page.
PERSON_SAID = table(
    ("in_touch", _("They have been in touch")),
    ("not_in_touch", _("They have not been in touch")),
    ("changed_mind", _("I have changed my mind")),
    ("stop_sharing", _("Stop sharing about me")),
    ("reach_me", _("How to reach me has changed")),
    ("supporter", _("Somebody speaks for me")),
    ("plan", _("About my plan")),
    ("other", _("Something else")),
)
SAID_MAX = 1000
SAID_HOW = table(
    ("phone", _("By telephone")),
    ("in_person", _("At the desk or face to face")),
    ("letter", _("In a letter")),
    ("page", _("On their own page")),
)
DECLINED_OFFER = table(
    ("not_now", _("Not now")),
    ("not_wanted", _("Does not want it")),
    ("has_support", _("Has enough support")),
    ("no_trust", _("Does not trust it")),
    ("not_said", _("Did not say")),
)
# Why the team does not take on somebody who asked for help themselves. Whom it concerns must have
# heard it from the team, unless there is nobody to tell.
ASKED_REFUSED = table(
    ("already_known", _("Already being helped: the same was asked before")),
    ("not_wanted", _("They do not want it any more")),
    ("not_ours", _("Another team or service is right; told how to get there")),
    ("cannot_reach", _("Could not be reached, tried several ways")),
    ("not_real", _("Not a real person")),
)
NOBODY_TO_TELL = frozenset({"cannot_reach", "not_real"})
# How whoever asks for somebody else stands to them.
RELATIONS = table(
    ("partner", _("Husband, wife or partner")),
    ("child", _("Son or daughter")),
    ("parent", _("Parent")),
    ("relative", _("Another relative")),
    ("friend", _("Friend or neighbour")),
    ("care_worker", _("Paid care worker")),
    ("other", _("Somebody else")),
)

URGENCIES = table(("routine", _("Routine")), ("urgent", _("Soon: within 2 days")))
IF_NOT = table(
    ("link_worker", _("The link worker finds another with the person")),
    ("referrer", _("Tell me")),
)

FEEDBACK = table(
    ("full", _("Everything the organisation writes")),
    ("summary", _("A short summary")),
    ("codes", _("Only that it finished")),
    ("none", _("Nothing")),
)
AUTHORITIES = table(
    ("self", _("The person")),
    ("parent", _("A parent")),
    ("attorney", _("An attorney or guardian")),
    ("best_interests", _("Best interests: the person could not decide")),
)

THREAD_KINDS = table(
    ("question", _("Question")),
    ("health", _("Health concern")),
    ("safeguarding", _("Safeguarding concern")),
    ("practical", _("Practical matter")),
)

NOTE_KINDS = table(
    ("shared", _("For all who support this person")),
    ("internal", _("For us only")),
)
# Whether somebody like that would fit.
FITS = table(
    ("yes", _("Yes, that would fit")),
    ("perhaps", _("Perhaps: refer, and we look together")),
    ("no", _("No, not for us")),
)

# A way of being reached that a contact's channel uses: an attempt by another way does not count.
USABLE_CHANNELS: dict[str, frozenset[str]] = {
    "phone": frozenset({"phone"}),
    "text": frozenset({"text"}),
    "email": frozenset({"email", "video"}),
    "letter": frozenset({"letter"}),
    "visit": frozenset({"visit"}),
    "supporter": frozenset(CHANNELS),
}


def attempt_counts(channel: str, reach_by: Iterable[str]) -> bool:
    """Whether a contact by ``channel`` is a fair try for somebody reached by ``reach_by``.

    With nothing said about how to reach the person every way is fair.
    """
    ways = list(reach_by)
    return not ways or any(channel in USABLE_CHANNELS.get(way, ()) for way in ways)


def left_to_decide(reason: str, outcome: str = "not_known") -> bool:
    """After ``end``: does somebody still have to find the person something else?"""
    return outcome != "met" and END_REASONS[reason].leaves_open
