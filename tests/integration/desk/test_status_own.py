"""What a person reads on their own page: theirs, in plain words, and nothing that is not."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.referrals import queries, services
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World, say
from tests.factories.personal import sitting
from tests.integration.desk.conftest import Desk, text
from tests.performance.counting import counting
from tests.support import readability

# All pages that are written for the person; what is held is all there is, and has tests of its own.
PAGES = (
    "", "/touch", "/reach", "/changed-mind", "/stop", "/supporter", "/first", "/result",
    "/questions", "/questions/ons4", "/questions/ucla3", "/story", "/plan", "/seen", "/print",
)  # fmt: skip
SECRET = ("Heronfold", "Kestrelby", "Ospreyham", "Wrenwick", "Provider Worker")


def words_of(answer: TestResponse) -> str:
    """The sentences of a page, without what the makers of an instrument wrote."""
    body = re.sub(r".*<main[^>]*>(.*)</main>.*", r"\1", answer.text, flags=re.DOTALL)
    body = re.sub(r"<div[^>]*data-official.*?</div>", "", body, flags=re.DOTALL)
    body = re.sub(r"</(?:p|li|h\d|label|dt|dd|legend|button|summary)>", ".\n", body)
    return re.sub(r"&#\d+;", "'", re.sub(r"<[^>]+>", " ", body))


def test_the_person_reads_their_own_and_nothing_else_is_on_any_page(
    desk: Desk, world: World, database: Database
) -> None:
    worker, staff = world.provider_worker, world.practice_staff
    risk = {"known": True, "text": "Heronfold is known"}
    with transaction(staff):
        sent = factories.referral(world, "accepted", risk=risk).id
        services.write_note(staff, sent, "internal", "Kestrelby drinks")
        say(staff, sent, "raise", kind="question", text="Is Ospreyham at home?")
        other = factories.referral(world, "sent")
        stranger, reference = other.id, other.reference
    with transaction(worker):
        services.write_note(worker, sent, "shared", "Wrenwick was late")
        say(worker, sent, "start")
    page = desk.by(sitting(sent))
    for path in PAGES:
        with counting(database) as counted:
            answer = page.get(f"/status{path}")
        assert answer.status_code == 200, path
        assert counted.business <= 5, f"{path}: {counted.report()}"
        assert not [word for word in (*SECRET, reference) if word in answer.text], path
        read = words_of(answer).replace("Riverside Befriending", "Jo")
        assert readability.grade(read) <= 6, (path, readability.hard(read, 6))
        assert answer.headers["Cache-Control"] == "no-store"
    home = text(page.get("/status"))
    assert "Riverside Befriending are helping you now." in home
    assert "They will look at how it goes by" in home
    # Somebody else's is not there for them, whatever they post.
    told = page.post("/status/touch", data={"referral": str(stranger), "kind": "in_touch"})
    assert told.status_code == 404
    # Easy Read: a line for each thing, with a sign beside it.
    page.set_cookie("joined_up_language", "easy", path="/status")
    easy = page.get("/status")
    assert "A group helps you now." in easy.text
    assert 'class="app-symbol"' in easy.text


def test_who_has_looked_is_said_by_place_and_role_and_no_name(desk: Desk, world: World) -> None:
    with transaction(world.practice_staff):
        sent = factories.referral(world, "accepted").id
    person = sitting(sent)
    desk.by(world.care_navigator).get(f"/referrals/{sent}")
    desk.by(person).get("/status")
    seen = text(desk.by(person).get("/status/seen"))
    assert "Northgate Surgery: the front desk" in seen
    assert "Northgate Surgery: a doctor or nurse" in seen
    assert "Riverside Befriending: a worker" in seen
    assert "Care Navigator" not in seen
    with reading(person):
        looks = queries.looked(person)
    assert len(looks) == 3  # once for each, and not the person


def test_what_follows_from_a_referral_is_read_with_it_and_not_the_other_way(world: World) -> None:
    with transaction(SYSTEM):
        elsewhere = factories.service(world.provider_id, name="Walk & Talk")
    with transaction(world.practice_staff):
        first = factories.referral(world, "declined").id
    with transaction(world.link_worker):
        say(world.link_worker, first, "redirect", service_id=str(elsewhere))
    with reading(SYSTEM):
        second = session().get_one(Referral, first).replaced_by_id
    assert second is not None
    for of, expected in ((first, [second, first]), (second, [second])):
        person = sitting(of)
        with reading(person):
            assert [one.id for one in queries.mine(person)] == expected
