"""What somebody did, told to the other side: asked to apply, applied, looked at, decided."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from referral.core import clock
from referral.core.actor import Actor
from referral.core.i18n import Lazy, _
from referral.outbox.rendering import Postcard
from referral.vetting.judging import DECISION_LABELS
from referral.vetting.models import Application, Decision, Evidence, Hosting
from referral.vetting.notifications.ending import DESK_PATH, OWN_PATH
from referral.vetting.notifications.places import Place, fit, leads_of, people_of, send

HOSTING_PATH = "/vetting/hosting"


def invited(actor: Actor, found: Application, organisation: str, team: str) -> None:
    """The organisation is asked to apply."""
    context = {"team": fit(team, _("Your link workers"))} | _own(organisation)
    to = people_of(actor, found.organisation_id)
    _send(actor, to, "invited", found.id, str(found.invited_at), context)


def applied(
    actor: Actor, found: Application, organisation: str, teams: Iterable[uuid.UUID]
) -> None:
    """An application waits for the reviewers: the leads of ``teams``. Told once a day and
    decision, however often it is taken back and handed in again."""
    context = _desk(found, organisation) | {"again": found.decision_id is not None}
    to = _leads(actor, teams)
    _send(actor, to, "applied", found.id, f"{clock.today()}:{found.decision_id}", context)


def looked_at(
    actor: Actor, application: Application, answer: Evidence, check: Lazy | str, organisation: str
) -> None:
    """A reviewer asks about an answer, or has not accepted it; the page says what and why."""
    template = "answer_asked" if answer.state == "asked" else "answer_rejected"
    context = _own(organisation) | {
        "check": fit(check, _("one of the checks")),
        "path": f"{OWN_PATH}/answers/{answer.check_key}",
    }
    to = people_of(actor, answer.organisation_id)
    _send(actor, to, template, application.id, f"{answer.id}:{answer.version}", context)


def second_wanted(
    actor: Actor,
    found: Application,
    decision: Decision,
    organisation: str,
    teams: Iterable[uuid.UUID],
) -> None:
    """An approval waits for a second reviewer."""
    to = _leads(actor, teams)
    _send(actor, to, "second_wanted", found.id, str(decision.id), _desk(found, organisation))


def decided(
    actor: Actor, found: Application, decision: Decision, shown: str, organisation: str
) -> None:
    """What was decided, and that one may object. ``shown``: the kind of decision it comes to."""
    context = _own(organisation) | {
        "kind": shown,
        "decision": DECISION_LABELS[shown],
        "waits": bool(found.waived),
    }
    to = people_of(actor, found.organisation_id)
    _send(actor, to, "decided", found.id, str(decision.id), context)


def hosting_asked(actor: Actor, found: Hosting, to: uuid.UUID, other: str, *, anchor: bool) -> None:
    """One side proposes that an anchor answers for a group. ``anchor``: it is the anchor told."""
    context: dict[str, Postcard] = {
        "other": fit(other, _("Another organisation")),
        "anchor": anchor,
        "path": HOSTING_PATH,
    }
    _send(actor, people_of(actor, to), "hosting_asked", found.id, "asked", context)


def hosting_ended(actor: Actor, found: Hosting, to: uuid.UUID, other: str) -> None:
    """The other side has ended it."""
    context: dict[str, Postcard] = {
        "other": fit(other, _("The other organisation")),
        "path": HOSTING_PATH,
    }
    _send(actor, people_of(actor, to), "hosting_ended", found.id, "ended", context)


def _own(organisation: str) -> dict[str, Postcard]:
    return {"organisation": fit(organisation, _("your organisation")), "path": OWN_PATH}


def _desk(found: Application, organisation: str) -> dict[str, Postcard]:
    called = fit(organisation, _("an organisation"))
    return {"organisation": called, "path": f"{DESK_PATH}{found.id}"}


def _leads(actor: Actor, teams: Iterable[uuid.UUID]) -> list[Place]:
    return [place for team in teams for place in leads_of(actor, team)]


def _send(
    actor: Actor,
    places: Iterable[Place],
    template: str,
    subject_id: uuid.UUID,
    facts: str,
    context: dict[str, Postcard],
) -> None:
    for place in places:
        send(actor, place, template, subject_id, facts, context)
