"""Small builders of what tests need, through the real services.

world = factories.world()                                  # opens its own transaction
with transaction(world.practice_staff):
    sent = factories.referral(world, "accepted")           # any status, played by its verbs
"""

from tests.factories.journeys import referral, say
from tests.factories.people import answers, person
from tests.factories.places import World, at_a_place, organisation, service, user, world

__all__ = [
    "World",
    "answers",
    "at_a_place",
    "organisation",
    "person",
    "referral",
    "say",
    "service",
    "user",
    "world",
]
