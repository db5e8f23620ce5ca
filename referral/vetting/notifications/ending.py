"""What ends, what ran out, what goes on again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from referral.core.actor import Actor
from referral.core.i18n import Lazy, _, format_day
from referral.outbox.rendering import Postcard
from referral.vetting.notifications.places import Place, fit, next_message, send, set_aside

OWN_PATH = "/vetting"
DESK_PATH = "/vetting/applications/"


@dataclass(frozen=True)
class Ending:
    """A check of an organisation that ends or is short. ``until`` None: it was never there.

    ``step``: 60, 30, or 0 when it has run out. ``held_by``: the name of the anchor that answers
    for it, "" = the organisation itself.
    """

    check: str | Lazy
    until: date | None
    step: int
    held_by: str = ""

    @property
    def fact(self) -> str:
        """The same whenever it is told."""
        return f"{self.check}:{self.until}:{self.step}:{self.held_by}"


@dataclass(frozen=True)
class About:
    """Whose checks, seen from whom. ``lead``: told to those who review, not to its own people."""

    application_id: uuid.UUID
    organisation: str
    lead: bool = False

    @property
    def context(self) -> dict[str, Postcard]:
        """What every message says of it."""
        return {
            "organisation": fit(self.organisation, _("your organisation")),
            "lead": self.lead,
            "path": f"{DESK_PATH}{self.application_id}" if self.lead else OWN_PATH,
        }


def checks_end(
    actor: Actor,
    place: Place,
    about: About,
    endings: Sequence[Ending],
    stopped_at: datetime | None = None,
) -> bool:
    """Tell in one message what ends soon and what ran out. False when it was told before.

    ``stopped_at``: new referrals stopped then, because of it; None = they go on, or had stopped.
    """
    out = [one for one in endings if not one.step]
    soon = [one for one in endings if one.step]
    facts = "\n".join([about.organisation, str(stopped_at), *sorted(one.fact for one in endings)])
    context = about.context | {
        "out": _lines(out),
        "soon": _lines(soon),
        "how_many": len(soon),
        "held": any(one.held_by for one in endings),
        "stopped": stopped_at is not None,
    }
    if out or stopped_at:
        return send(actor, place, "ran_out", about.application_id, facts, context)
    ends = [one.until for one in soon if one.until is not None]
    # A group is asked once a month, unless the day would have come by then.
    waits = not about.lead and ends and min(ends) > next_message(place)
    tell = set_aside if waits else send
    return tell(actor, place, "ends_soon", about.application_id, facts, context)


def resumed(actor: Actor, place: Place, about: About, at: datetime) -> bool:
    """New referrals may come again: what was missing has been accepted."""
    return send(actor, place, "resumed", about.application_id, str(at), about.context)


def suspended_by_register(
    actor: Actor, place: Place, about: About, register: Lazy, decision_id: uuid.UUID
) -> bool:
    """A public register has it no more, so new referrals have stopped until somebody has looked."""
    return send(
        actor,
        place,
        "suspended_by_register",
        about.application_id,
        str(decision_id),
        about.context | {"register": register},
    )


def _lines(endings: Sequence[Ending]) -> str:
    """One on a line: the check, its last day, who holds it."""
    return "\n".join(f"- {_line(one)}" for one in endings)


def _line(one: Ending) -> str:
    check = fit(one.check, _("one of the checks"))
    if one.held_by:
        anchor = fit(one.held_by, _("another organisation"))
        check = str(_("{check} (held by {anchor})", check=check, anchor=anchor))
    if one.until is None:
        return str(_("{check}: not there", check=check))
    day = format_day(one.until)
    if one.step:
        return str(_("{check}: to {day}", check=check, day=day))
    return str(_("{check}: its last day was {day}", check=check, day=day))
