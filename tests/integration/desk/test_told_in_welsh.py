"""Who reads Welsh is written to in Welsh, and told that a machine wrote it; staff read English."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.outbox import channels
from referral.outbox.models import OutboxMessage
from referral.referrals.models import PersonNotice, Referral
from referral.referrals.services import person_notices
from tests.factories import World
from tests.integration.desk.conftest import Desk, text
from tests.integration.referrals.hearing import FAST, SETTINGS, at, sent


def told(world: World, **ways: object) -> PersonNotice:
    """What became of the first notice to somebody who reads Welsh."""
    found = sent(world, **ways)
    with at(), transaction(SYSTEM):
        session().get_one(Referral, found.id).written_in = "cy"
    channels.configure(SETTINGS)
    with at(seconds=FAST.total_seconds()), transaction(SYSTEM):
        chosen = select(PersonNotice.id).where(PersonNotice.referral_id == found.id)
        person_notices.release(SYSTEM, session().scalars(chosen).one())
    with reading(SYSTEM):
        return (
            session()
            .scalars(select(PersonNotice).where(PersonNotice.referral_id == found.id))
            .one()
        )


def message_of(notice: PersonNotice) -> OutboxMessage:
    with reading(SYSTEM):
        chosen = select(OutboxMessage).where(OutboxMessage.key == f"notice:{notice.key}")
        return session().scalars(chosen).one()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_emails_texts_and_letters_are_in_their_language(desk: Desk, world: World) -> None:
    email = message_of(told(world, reach_by=["email"], email="eluned@example.org"))
    assert "Mae wedi ei anfon. Byddwch yn clywed erbyn" in email.body
    assert "Peiriant wnaeth y testun hwn." in email.body
    assert "A machine made this text. No one has checked it yet." in email.body
    assert "/status" in email.body
    line = message_of(told(world, reach_by=["text"], phone="07700 900417")).body
    assert "Eich atgyfeiriad" in line
    assert line.strip().endswith("(drafft)")
    assert len(line.strip()) <= 160
    letter = told(world, reach_by=["letter"], address="1 Heol y Felin", postcode="ZZ99 3VZ")
    assert letter.channel == "letter"
    with at(seconds=FAST.total_seconds()):
        page = desk.by(world.practice_staff).get(f"/letters/paper?id={letter.id}")
    assert '<html lang="en">' in page.text
    assert 'lang="cy"' in page.text
    words = text(page)
    assert "1 letter to print" in words
    for said in (
        "Annwyl",
        "Mae wedi ei anfon.",
        "dydd Mawrth 2 Mehefin",
        "Yn gywir",
        "Cyfieithiad drafft",
    ):
        assert said in words, said


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_is_told_by_somebody_is_told_in_the_words_of_staff(desk: Desk, world: World) -> None:
    notice = told(world, reach_by=["phone"])
    assert notice.channel == "tell"
    with at(seconds=FAST.total_seconds()):
        page = text(desk.by(world.practice_staff).get("/tell"))
    assert "It has been sent." in page
