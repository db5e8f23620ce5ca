"""What the directory tells organisations of their entries, and those who wrote about one.

Nobody's personal data is in it: names of services and organisations, dates, links.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from referral.core import clock
from referral.core.actor import Actor
from referral.core.i18n import Lazy, _
from referral.directory.freshness import NEXT_DAY, Due
from referral.directory.models import Claim, Correction, ProposedChange, Service, Signpost
from referral.directory.signpost import in_short
from referral.directory.standing import ASK_MONTHS
from referral.outbox import services as outbox
from referral.outbox.rendering import (
    Personal,
    Postcard,
    Published,
    refuse_personal,
    render,
)

FOLDER = "directory/messages/"
LINK_PATH = "/still-correct/"
NAMED = 10
LAST = len(ASK_MONTHS)


@dataclass(frozen=True)
class News:
    """What the clock did to one entry today."""

    service: Service
    due: Due
    organisation: str

    @property
    def is_change(self) -> bool:
        return self.due.goes_stale or self.due.room_expires or self.due.reopens

    @property
    def is_to_be_told(self) -> bool:
        return bool(self.due.ask) or self.due.room_expires or self.due.opens_tomorrow

    @property
    def fact(self) -> str:
        """What is told, in a form that is the same when it is told again."""
        told = (self.due.ask, self.due.room_expires, self.due.opens_tomorrow)
        return f"{self.service.id}:{self.service.checked_on}:{told}:{self.service.paused_until}"


def still_correct(
    actor: Actor,
    to: str,
    organisation_id: uuid.UUID,
    news: Sequence[News],
    token: str,
    days: int,
) -> bool:
    """Ask an organisation about all its due entries at once; False when it was asked before.

    It stands in the organisation's one message of the month; only that a pause ends tomorrow is
    told today.
    """
    asked = [one for one in news if one.due.ask]
    rooms = [one for one in news if one.due.room_expires]
    opening = [one for one in news if one.due.opens_tomorrow]
    facts = "\n".join([clock.today().isoformat(), to, *sorted(one.fact for one in news)])
    key = f"directory:{organisation_id}:{hashlib.sha256(facts.encode()).hexdigest()}"
    name = _fit(news[0].organisation, _("your organisation"))
    context: dict[str, Postcard] = {
        "organisation": name,
        "asked": _names(asked),
        "how_many": len(asked),
        "checked": min((day for one in asked if (day := one.service.checked_on)), default=None),
        "last": any(one.due.ask == LAST or one.due.goes_stale for one in asked),
        "rooms": _names(rooms),
        "opening": _names(opening),
        "opens_on": clock.today() + NEXT_DAY,
        "path": LINK_PATH,
        "days": days,
    }
    template = FOLDER + "still_correct.txt"
    if opening:
        return outbox.enqueue(
            actor,
            key=key,
            to=to,
            template=template,
            context=context,
            organisation=organisation_id,
            secret=token,
            kind="still_correct",
            reader="organisation",
        )
    return outbox.set_aside(actor, key, to, template, context, organisation_id, secret=token)


def _names(news: Sequence[News]) -> str:
    """The entries' names, one on a line, and how many more there are."""
    lines = [f"- {_fit(one.service.name, _('one of your services'))}" for one in news[:NAMED]]
    if len(news) > NAMED:
        lines.append(str(_("- and {count} more", count=len(news) - NAMED)))
    return "\n".join(lines)


def _fit(name: str, otherwise: Lazy) -> str:
    """The name, unless it holds a number or an address: a message must not be stopped by that."""
    try:
        refuse_personal({"called": name})
    except Personal:
        return str(otherwise)
    return name


def correction_answered(actor: Actor, to: str, found: Correction, service: str) -> None:
    """Tell whoever said that something was wrong what became of it."""
    outbox.enqueue(
        actor,
        key=f"correction:{found.id}",
        to=to,
        template=FOLDER + "correction_answered.txt",
        context={
            "service": _fit(service, _("an entry of the directory")),
            "mended": found.status == "mended",
            "words": found.reply,
            "path": f"/directory/services/{found.service_id}",
        },
        subject_id=found.service_id,
    )


def claim_refused(actor: Actor, to: str, found: Claim, organisation: str) -> None:
    """Tell whoever claimed an organisation why it was refused."""
    outbox.enqueue(
        actor,
        key=f"claim:{found.id}",
        to=to,
        template=FOLDER + "claim_refused.txt",
        context={
            "organisation": _fit(organisation, _("the organisation")),
            "words": found.reason,
            "path": f"/directory/organisations/{found.organisation_id}",
        },
        subject_id=found.organisation_id,
    )


def change_decided(actor: Actor, change: ProposedChange, to: str, entry: str) -> bool:
    """A link worker has looked at what the organisation wants to say; why not is on the page."""
    return outbox.enqueue(
        actor,
        key=f"change:{change.id}:{change.version}:{to}"[:200],
        to=to,
        template=FOLDER + "change_decided.txt",
        context={
            "accepted": change.status == "accepted",
            "entry": _fit(entry, _("your organisation")),
            "path": entry_path(change),
        },
        organisation=change.organisation_id,
        subject_id=change.id,
    )


def trusted(actor: Actor, organisation_id: uuid.UUID, to: str) -> bool:
    """What the organisation says of itself shows at once from now on."""
    return outbox.enqueue(
        actor,
        key=f"trusted:{organisation_id}:{clock.today()}:{to}"[:200],
        to=to,
        template=FOLDER + "trusted.txt",
        context={"path": f"/directory/organisations/{organisation_id}"},
        organisation=organisation_id,
        subject_id=organisation_id,
    )


def entry_path(change: ProposedChange) -> str:
    """The page of the entry a change is about; the organisation's while there is no other."""
    if change.service_id is not None:
        return f"/directory/services/{change.service_id}"
    return f"/directory/organisations/{change.organisation_id}"


def service_told(
    actor: Actor, to: str, made: Signpost, told: Mapping[str, str], closed: date | None
) -> bool:
    """Tell somebody about a service in its own public words; ``to`` is forgotten once it left."""
    template, context = _telling(made.service_id, made.channel, told, closed)
    return outbox.enqueue(
        actor,
        key=f"signpost:{made.id}",
        to=to,
        template=template,
        context=context,
        channel=made.channel,
        forget_to=True,
    )


def words_of(
    service_id: uuid.UUID, channel: str, told: Mapping[str, str], closed: date | None
) -> str:
    """What would be sent by ``email`` or ``text``, to be read before."""
    return render(*_telling(service_id, channel, told, closed)).body.strip()


def _telling(
    service_id: uuid.UUID, channel: str, told: Mapping[str, str], closed: date | None
) -> tuple[str, dict[str, Postcard]]:
    by_text = channel == "text"
    words = in_short(told) if by_text else told
    return FOLDER + ("service_text.txt" if by_text else "service.txt"), {
        **{name: Published(said) for name, said in words.items()},
        "closed": closed,
        "path": f"/directory/services/{service_id}",
    }
