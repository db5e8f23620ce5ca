"""The way in to a person's own page: what opens it, for whom, and how long."""

from __future__ import annotations

from sqlalchemy import select

from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.referrals.models import Referral
from referral.web.door import Site
from tests import factories
from tests.factories import World
from tests.factories.personal import person_at


def test_a_sitting_is_known_on_the_persons_page_and_nowhere_else(site: Site, world: World) -> None:
    with transaction(world.practice_staff):
        sent = factories.referral(world).id
    phone = site.test_client()
    assert "Your reference" in phone.get("/status").text
    person = person_at(phone, sent)
    with reading(SYSTEM):
        about = session().scalar(select(Referral).where(Referral.id == sent))
        assert about is not None
    assert (person.kind, person.user, person.referral) == ("person", None, sent)
    assert (person.id, person.locality) == (about.person_id, world.locality_id)
    page = phone.get("/status")
    assert "Your reference" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
