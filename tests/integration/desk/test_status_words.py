"""All that a person may read on their own page: easy English, Easy Read, and whole in Welsh."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

import pytest
from flask.testing import FlaskClient

from referral.core import i18n
from referral.core.database import transaction
from referral.referrals import services
from referral.web import language
from tests import factories
from tests.factories import World
from tests.factories.personal import sitting
from tests.integration.desk.conftest import Desk
from tests.support import readability

PAGES = (
    "", "/touch", "/reach", "/changed-mind", "/stop", "/supporter", "/first", "/result", "/story",
    "/questions", "/questions/ons4", "/questions/after", "/plan", "/seen", "/print", "/complaint",
    "/code",
)  # fmt: skip
# What reads otherwise once the help has ended.
LATER = ("", "/first", "/result", "/story", "/questions", "/questions/after", "/print")
# Sent with nothing in them: what is missing is said in the reader's language.
FORMS = (
    "/reach", "/changed-mind", "/stop", "/supporter", "/story", "/complaint", "/code",
    "/questions/after",
)  # fmt: skip
# Where Easy Read has lines of its own.
EASY_PAGES = ("", "/complaint")
COMPLAINT = {"kind": "help", "about": "group", "text": "Nobody came.", "wants": "Come."}
HARDEST = 6


class Unknown(NullTranslations):
    """Remembers what a catalogue has no words for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return message

    def ngettext(self, one: str, many: str, n: int) -> str:
        self.asked.add(one)
        return one if n == 1 else many


@contextmanager
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Unknown]:
    """What is said in Welsh inside the block and has no words in Welsh."""
    unknown = Unknown()
    monkeypatch.setattr(i18n.catalogue("cy"), "_fallback", unknown)
    yield unknown
    monkeypatch.undo()


def reading(client: FlaskClient, code: str) -> FlaskClient:
    client.set_cookie(language.COOKIE, code, path="/status")
    return client


def words_of(page: str) -> str:
    """The sentences of a page, without what the makers of an instrument wrote."""
    body = re.sub(r".*<main[^>]*>(.*)</main>.*", r"\1", page, flags=re.DOTALL)
    body = re.sub(r"<div[^>]*data-official.*?</div>", "", body, flags=re.DOTALL)
    body = re.sub(r"</(?:p|li|h\d|label|dt|dd|legend|button|summary|span|b)>", ".\n", body)
    said = re.sub(r"&#\d+;", "'", re.sub(r"<[^>]+>", " ", body))
    return re.sub(r"Riverside Befriending|Northgate Surgery|Elder Park link workers", "Jo", said)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_page_reads_easily_and_is_whole_in_welsh(
    desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hard, unknown = {}, {}
    for status, pages in (("accepted", PAGES), ("completed", LATER)):
        with transaction(world.practice_staff):
            found = factories.referral(world, status).id
        person = sitting(found)
        with transaction(person):
            services.complain(person, found, COMPLAINT)
        client = desk.by(person)
        for path in pages:
            for code in ("en", "easy") if path in EASY_PAGES else ("en",):
                page = reading(client, code).get(f"/status{path}").text
                assert '<html lang="en">' in page
                assert ('class="app-draft"' in page) is False
                said = words_of(page)
                if readability.grade(said) > HARDEST:
                    hard[path, code] = readability.hard(said, HARDEST)
            with heard(monkeypatch) as missing:
                if path in EASY_PAGES:
                    easy = reading(client, "easy-cy").get(f"/status{path}").text
                    assert '<html lang="cy">' in easy
                    assert "app-person--easy" in easy
                page = reading(client, "cy").get(f"/status{path}").text
            assert '<html lang="cy">' in page
            assert 'class="app-draft"' in page
            assert "A machine made this text. No one has checked it yet." in page
            for message in missing.asked:
                unknown.setdefault(message, path)
            if path == "/questions/ons4":
                # In other words it would be another instrument: whole in its own, and so marked.
                asked = re.search(
                    r'<div lang="en" data-official>.*?<fieldset.*?</fieldset>', page, re.DOTALL
                )
                assert asked is not None
                assert "satisfied are you with your life" in asked[0]
                assert "Prefer not to say" in asked[0]
        for path in FORMS:
            with heard(monkeypatch) as missing:
                reading(client, "cy").post(f"/status{path}", data={})
            for message in missing.asked:
                unknown.setdefault(message, f"POST {path}")
    assert not hard
    assert not unknown, "\n".join(f"{path}: {message}" for message, path in unknown.items())
