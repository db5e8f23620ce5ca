"""What happened on a referral, as lines people read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referral.core.i18n import Lazy, _
from referral.people.codes import Code
from referral.referrals import codes
from referral.referrals.consent import TAKEN_BACK


@dataclass(frozen=True)
class Item:
    """One line: when, what in bold, by whom, and words in quotation marks."""

    at: datetime
    title: Lazy
    by: Lazy | str = ""
    text: str = ""
    undone: bool = False


BEFORE_SENDING = frozenset({"create", "rewrite"})
# The reason of a referral that was made with its past: it began in another system.
BROUGHT = "brought_across"

# What the list "who has seen this" calls an event of the audit trail.
EVENTS: dict[str, Lazy] = {
    "referral:viewed": _("Looked at it"),
    "referral:listed": _("Saw it in a list"),
    "referral:drafted": _("Began to write it"),
    "referral:redrafted": _("Wrote on it"),
    "referral:sent": _("Sent it"),
    "referral:accepted": _("Said yes"),
    "referral:waitlisted": _("Put it on the waiting list"),
    "referral:question_asked": _("Asked a question"),
    "referral:replied": _("Replied"),
    "referral:declined": _("Said no"),
    "referral:contact_logged": _("Logged a contact"),
    "referral:started": _("Started"),
    "referral:paused": _("Paused it"),
    "referral:resumed": _("Took it up again"),
    "referral:completed": _("Finished it"),
    "referral:ended_early": _("Ended it early"),
    "referral:redirected": _("Referred somewhere else"),
    "referral:withdrawn": _("Withdrew it"),
    "referral:acknowledged": _("Read and closed it"),
    "referral:entered_in_error": _("Marked it as entered in error"),
    "referral:raised": _("Raised something"),
    "referral:answered": _("Answered"),
    "referral:amended": _("Changed details"),
    "referral:assigned": _("Gave it to somebody"),
    "referral:undone": _("Took a step back"),
    "referral:returned_no_reply": _("Sent it back: nobody answered"),
    "referral:delivered": _("Closed it: nothing was asked"),
    "file:downloaded": _("Downloaded a file"),
    "referral:person_gone": _("Ended it: the person died or moved away"),
    "referral:exception_raised": _("Put it on the lead’s list"),
    "referral:handed_over": _("Handed it over"),
    "referral:brought_across": _("Brought it across from another list"),
    "referral:weighed": _("Said how much work it is"),
    "referral:message_lost": _("A message did not arrive"),
    "referral:sharing_stopped": _("Stopped sharing, as the person asked"),
    "referral:consent_changed": _("Changed what was agreed, as the person asked"),
    "person:said": _("Wrote down what the person said"),
    "note:written": _("Wrote a note"),
    "note:struck": _("Struck out a note"),
    "notice:printed": _("Printed a letter to the person"),
    "notice:posted": _("Posted a letter to the person"),
    "notice:told": _("Told the person"),
    "notice:not_told": _("Could not tell the person yet"),
    "supporter:named": _("Wrote down who speaks for the person"),
    "supporter:taken_off": _("Took off who spoke for the person"),
    "status:viewed": _("Looked at their own page"),
    "status:opened": _("Opened their own page"),
    "status:closed": _("Closed their own page"),
    "status:code_sent": _("Sent the person a code for their own page"),
    "status:card_made": _("Made a card with a code for the person"),
    "status:card_taken_back": _("Stopped the card: somebody tried many codes"),
    "result:told": _("Said how it went"),
    "result:said": _("Wrote down how it went by the person’s own word"),
    "fit:said": _("Said how the referral fitted"),
    "fit:viewed": _("Looked at how the referral fitted"),
    "plan:begun": _("Began the plan"),
    "plan:changed": _("Changed the plan"),
    "plan:viewed": _("Looked at the plan"),
    "record:read": _("Read what is held about the person"),
    "own_data:listed": _("Took out a list with it"),
    "story:given": _("Told their story"),
    "story:read": _("Read their story"),
    "story:shown": _("Showed their story"),
    "story:declined": _("Did not show their story"),
    "story:withdrawn": _("Took their story back"),
    "measures:viewed": _("Looked at answers and what changed"),
    "measure:answered": _("Wrote down answers"),
    "measure:struck": _("Struck out answers"),
    "message:viewed": _("Looked at what came back"),
    "message:written": _("Wrote what goes back"),
    "message:commented": _("Wrote down what the person says to it"),
    "message:let_go": _("Let it go to the practice"),
    "message:thanked": _("Said thank you"),
}
# What the note of a change names, in words.
AMENDED: dict[str, Lazy] = {
    "phone": _("telephone"),
    "email": _("email"),
    "address": _("address"),
    "postcode": _("postcode"),
    "language": _("language"),
    "interpreter": _("interpreter"),
    "safe_to_leave_message": _("leaving messages"),
    "reach_by": _("how to reach them"),
    "access_needs": _("what they need"),
    "written_in": _("which language to write in"),
    "needs": _("what matters most"),
    "reason": _("why"),
    "risk": _("risks"),
    "urgency": _("when"),
}


def amended(note: str) -> str:
    """The note of a change of details, in words."""
    return ", ".join(str(AMENDED.get(name, name)) for name in note.split(", "))


def items(view: Mapping[str, Any], seen_at: datetime | None) -> list[Item]:
    """Newest first; ``seen_at``: when the recipient first opened it.

    Contacts stand here by what was tried and what came of it, not as "contact logged".
    """
    left_out = BEFORE_SENDING | ({"contact"} if view["contacts"] else set())
    steps = {row["number"]: row for row in view["history"]}
    found = [
        _item(row)
        for row in view["history"]
        if row["verb"] not in left_out or row["reason"] == BROUGHT
    ]
    found += [_contact(row, steps.get(row["number"])) for row in view["contacts"]]
    if seen_at is not None and view["to"]:
        found.append(Item(seen_at, _("Seen"), _("by {name}", name=view["to"]["name"])))
    return sorted(found, key=lambda item: item.at, reverse=True)


def _item(row: Mapping[str, Any]) -> Item:
    if row["reason"] == BROUGHT:
        return Item(row["at"], _("Brought across from another system"), _by(row))
    return Item(row["at"], row["label"], _by(row), _text(row), undone=row["undone"])


def _contact(row: Mapping[str, Any], step: Mapping[str, Any] | None) -> Item:
    title = _(
        "{channel}: {result}",
        channel=codes.CHANNELS[row["channel"]].label,
        result=str(codes.RESULTS[row["result"]].label).lower(),
    )
    by = _("by {name}", name=row["by"]) if row["by"] else ""
    why = str(codes.MISSED_REASONS[row["reason"]].label) if row["reason"] else ""
    text = " – ".join(part for part in (why, row["note"]) if part)
    return Item(row["at"], title, _by(step) if step and step["on_behalf"] else by, text)


def _by(row: Mapping[str, Any]) -> Lazy | str:
    """Who did it; of what a group said by telephone or on paper, who said it and who wrote it."""
    actor = row["actor"]
    if not actor or actor.get("kind") == "system":
        return ""
    name, place = actor.get("name"), actor.get("organisation")
    if row.get("on_behalf"):
        return _(
            "told by {teller}, written down by {name} ({place})",
            teller=row.get("told_by") or row["on_behalf"],
            name=name or _("somebody"),
            place=place,
        )
    if name and place:
        return _("by {name}, {place}", name=name, place=place)
    return _("by {name}", name=name or place) if name or place else ""


def _text(row: Mapping[str, Any]) -> str:
    """The reason in words, then the note, then what was suggested."""
    reason = str(row.get("reason") or "")
    tables: dict[str, Mapping[str, Code]] = {
        "decline": codes.DECLINE_REASONS,
        "end": codes.END_REASONS,
        "contact": codes.RESULTS,
        "raise": codes.THREAD_KINDS,
        "change_consent": TAKEN_BACK,
        "answer": codes.THREAD_KINDS,
    }
    table = tables.get(row["verb"], {})
    said = str(table[reason].label) if reason in table else reason
    note = row["note"] or ""
    if row["verb"] == "amend":
        note = amended(note)
    parts = (said, note, row["suggestion"])
    return " – ".join(str(part) for part in parts if part)
