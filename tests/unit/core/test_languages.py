"""Which words a language has, and which of them nobody has checked yet."""

import json
from datetime import date

import pytest

from referral.core import i18n


@pytest.fixture
def draft(tmp_path, monkeypatch):
    """A language with one draft, and nothing kept from before."""
    place = tmp_path / "cy" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "drafts.json").write_text(json.dumps(["Your support"]))
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    i18n.drafts.cache_clear()
    i18n.catalogue.cache_clear()
    yield
    i18n.drafts.cache_clear()
    i18n.catalogue.cache_clear()


def test_a_draft_is_noticed_when_it_is_said(draft) -> None:
    with i18n.speaking("cy"):
        i18n.translate("Something signed off")
        assert not i18n.drafts_shown()
        i18n.translate("Your support")
        assert i18n.drafts_shown()


def test_a_draft_of_another_language_is_none_here(draft) -> None:
    with i18n.speaking("en"):
        i18n.translate("Your support")
        assert not i18n.drafts_shown()
        assert not i18n.is_draft("Your support")


def test_what_one_reader_was_shown_is_not_held_against_the_next(draft) -> None:
    with i18n.speaking("cy"):
        i18n.translate("Your support")
    assert not i18n.drafts_shown()
    with i18n.speaking("cy"):
        assert not i18n.drafts_shown()


def test_a_day_in_welsh_begins_small() -> None:
    with i18n.speaking("cy"):
        assert i18n.format_day_long(date(2026, 6, 9)) == "dydd Mawrth 9 Mehefin 2026"
    assert i18n.format_day_long(date(2026, 6, 9)) == "Tuesday 9 June 2026"


def test_a_draft_said_on_the_way_counts_for_what_is_made_of_it(draft) -> None:
    with i18n.speaking("cy"):
        with i18n.speaking("en"):
            i18n.translate("Your support")
        assert not i18n.drafts_shown()
        with i18n.speaking("cy"):
            i18n.translate("Your support")
        assert i18n.drafts_shown()
