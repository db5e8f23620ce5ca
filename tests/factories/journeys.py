"""Referrals in any status, played verb by verb through the real services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.referrals import schemas, services
from referral.referrals.models import Referral
from tests.factories.people import answers
from tests.factories.places import World

FINISHED = {"outcome": "met", "told_by": "person", "actions_for_practice": []}
# The verbs that lead to each status: (who, verb, body).
PATHS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "draft": (),
    "sent": (),
    "question_asked": (("provider_worker", "ask", {"question": "Is she happy in groups?"}),),
    "accepted": (("provider_worker", "accept", {}),),
    "waiting_list": (("provider_worker", "waitlist", {}),),
    "contacting": (
        ("provider_worker", "accept", {}),
        ("provider_worker", "contact", {"channel": "phone", "result": "no_answer"}),
    ),
    "started": (("provider_worker", "accept", {}), ("provider_worker", "start", {})),
    "paused": (
        ("provider_worker", "accept", {}),
        ("provider_worker", "pause", {"note": "In hospital"}),
    ),
    "declined": (("provider_worker", "decline", {"reason": "capacity"}),),
    "returned_no_reply": (),
    "completed": (
        ("provider_worker", "accept", {}),
        ("provider_worker", "complete", FINISHED),
    ),
    "ended_early": (
        ("provider_worker", "accept", {}),
        ("provider_worker", "end", FINISHED | {"reason": "did_not_attend"}),
    ),
    "withdrawn": (("practice_staff", "withdraw", {"reason": "She changed her mind"}),),
    "closed": (
        ("provider_worker", "accept", {}),
        ("provider_worker", "complete", FINISHED),
        ("practice_staff", "acknowledge", {}),
    ),
    "entered_in_error": (("practice_staff", "correct", {"reason": "Wrong person"}),),
}


def say(
    actor: Actor, referral_id: UUID, verb: str, version: int | None = None, **body: Any
) -> Referral:
    """One verb with a JSON body, read by its schema."""
    return services.act(actor, referral_id, verb, version, schemas.BODIES[verb]().read(body))


def referral(world: World, status: str = "sent", n: int | None = None, **changes: Any) -> Referral:
    """A referral from the practice to the provider, in ``status``. Inside a transaction."""
    data = answers(world.service_id, n, **changes) | {"draft": status == "draft"}
    made = services.create(world.practice_staff, schemas.Create().read(data))
    for who, verb, body in PATHS[status]:
        soon = (clock.today() + timedelta(days=10)).isoformat()
        dated: dict[str, Any] = {"waitlist": {"expected_on": soon}, "pause": {"until": soon}}.get(
            verb, {}
        )
        made = say(getattr(world, who), made.id, verb, **body, **dated)
    if status == "returned_no_reply":
        with clock.at(clock.now() + timedelta(days=40)):
            services.sweep(SYSTEM, made.id)
    return made
