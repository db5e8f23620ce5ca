"""Steps of a story that are no verbs of a referral's life: how it went by each word, what was
measured, what the person says at their own page.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from referral.accounts.roles import THE_PERSON
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session
from referral.directory.models import Service
from referral.outcomes import schemas as shapes
from referral.outcomes import services as outcomes
from referral.outcomes.models import Story
from referral.outcomes.schemas.finishing import Finish
from referral.outcomes.schemas.stories import GiveStory
from referral.referrals import services
from referral.referrals.models import Referral
from referral.referrals.schemas.complaining import Complain
from referral.seed.reading import Table
from referral.seed.town import Town

THEMSELVES = "person"


def person_of(referral_id: UUID) -> Actor:
    """The person of a referral, as their own page knows them."""
    found = session().get_one(Referral, referral_id)
    return Actor(
        "person",
        found.person_id,
        locality=found.locality_id,
        roles=frozenset({THE_PERSON}),
        demo=True,
        referral=referral_id,
    )


def _finish(actor: Actor, referral_id: UUID, data: Table) -> None:
    outcomes.finish(actor, referral_id, None, Finish().read(data))


def _measure(actor: Actor, referral_id: UUID, data: Table) -> None:
    said = {"answered_on": clock.today().isoformat(), "edition": "1", **data}
    outcomes.measure(actor, referral_id, shapes.MeasureIn().read(said))


def _complain(actor: Actor, referral_id: UUID, data: Table) -> None:
    services.complain(actor, referral_id, Complain().read(data))


def _tell(actor: Actor, referral_id: UUID, data: Table) -> None:
    outcomes.give_story(actor, referral_id, GiveStory().read(data))


def _say(actor: Actor, referral_id: UUID, data: Table) -> None:
    outcomes.say_result(actor, referral_id, "overall", data["outcome"], "page", data["said"])


def _card(actor: Actor, referral_id: UUID, _data: Table) -> None:
    services.make_card(actor, referral_id)


STEPS: dict[str, Callable[[Actor, UUID, Table], None]] = {
    "measure": _measure,
    "finish": _finish,
    "say_result": _say,
    "make_card": _card,
    "complain": _complain,
    "give_story": _tell,
}


def show(town: Town) -> None:
    """What changes for people at each service, and the stories that their groups have read."""
    waiting = session().scalars(select(Story).where(Story.state == "given"))
    for one in waiting.all():
        group = session().get_one(Service, one.service_id).organisation_id
        keepers = (key for key, id_ in town.organisations.items() if id_ == group)
        manager = town.who(next(keepers), "provider_manager")[0]
        outcomes.show_story(manager, one.id, one.version)
    outcomes.count_results(SYSTEM)
