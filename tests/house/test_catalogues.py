"""Other languages say all that the English says, and which of it nobody has read yet."""

import json
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import hatch_build
from referral.core import i18n
from referral.outcomes import measures
from referral.referrals import telling
from tests.house import reading
from tools import catalogue


def one(message: str | tuple[str, str], words: str | tuple[str, ...], *comments: str) -> Catalog:
    """A Welsh catalogue of one message."""
    made = Catalog(locale="cy")
    made.add(message, words, user_comments=comments or ("draft",))
    return made


def wanted(*messages: str | tuple[str, str]) -> Catalog:
    made = Catalog()
    for message in messages:
        made.add(message)
    return made


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return catalogue.extracted()


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_catalogues_are_in_order(language: str, sources: Catalog) -> None:
    problems = catalogue.problems(catalogue.read(language), sources)
    assert not problems, "\n".join(problems)


def test_no_message_hides_inside_a_formatted_string() -> None:
    hiding = [
        path.name
        for path, _wanted in catalogue.sources()
        if "{_(" in path.read_text("utf-8")
        if path.suffix == ".py"
    ]
    assert hiding == []  # nobody who extracts messages would find it there


def test_no_instrument_is_translated(sources: Catalog) -> None:
    theirs = [row for key, row in measures.MEASURES.items() if key not in ("after", "goal")]
    assert len(theirs) >= 3
    said = {
        str(words) for row in theirs for item in row.items for words in (item.text, row.preamble)
    }
    assert not {words for words in said if words and sources.get(words) is not None}


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (one("Ring {who}", "Ffoniwch {who}"), []),
        (one("Ring {who}", "Ffoniwch {pwy}"), ["has other places than the English"]),
        (one("Ring {who}", "Ffoniwch"), ["has other places than the English"]),
        (one("Ring {who}", " "), ["has no words"]),
        (one("Ring {who}", "Ffoniwch {who}", "looks right"), ["says neither `draft` nor"]),
        (one("Ring {who}", "Ffoniwch {who}", "reviewed: Siân Puw 2026-11-21"), []),
        (one("Ring", "Ffoniwch"), ["not in the catalogue", "no source has it any more"]),
    ],
)
def test_what_is_wrong_with_a_message_is_named(known: Catalog, told: list[str]) -> None:
    problems = catalogue.problems(known, wanted("Ring {who}"))
    assert len(problems) == len(told)
    assert all(part in line for part, line in zip(told, problems, strict=True))


def test_an_update_keeps_words_and_drops_what_is_gone() -> None:
    known = one("Ring", "Ffoniwch", "reviewed: Siân Puw 2026-11-21")
    made = catalogue.updated(known, wanted("Ring", "Write"), "cy")
    ring, write = made.get("Ring"), made.get("Write")
    assert ring is not None
    assert write is not None
    assert (ring.string, ring.user_comments) == ("Ffoniwch", ["reviewed: Siân Puw 2026-11-21"])
    assert (write.string, write.user_comments) == ("", ["draft"])
    assert catalogue.updated(made, wanted("Write"), "cy").get("Ring") is None


def test_what_is_built_says_the_words_and_lists_the_drafts(tmp_path: Path) -> None:
    place = tmp_path / hatch_build.TRANSLATIONS / "cy" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "messages.po").write_text(
        catalogue.HEADER.format(language="cy", plurals="nplurals=2; plural=(n != 1);")
        + '# draft\nmsgid "Ring"\nmsgstr "Ffoniwch"\n\n'
        + '# reviewed: Siân Puw 2026-11-21\nmsgid "Write"\nmsgstr "Ysgrifennwch"\n',
        encoding="utf-8",
    )
    assert hatch_build.build_catalogues(tmp_path) == ["cy"]
    assert hatch_build.build_catalogues(tmp_path) == []
    assert json.loads((place / "drafts.json").read_text("utf-8")) == ["Ring"]
    assert b"Ysgrifennwch" in (place / "messages.mo").read_bytes()
    assert sorted(path.name for path in place.iterdir()) == [
        "drafts.json", "messages.mo", "messages.po",
    ]  # fmt: skip


@pytest.mark.parametrize("event", telling.WORDS)
def test_a_text_in_welsh_fits_and_says_that_it_is_a_draft(event: str) -> None:
    with i18n.speaking("cy"):
        line = telling.in_a_text(
            "JU-4K7Q-9ZZ", telling.words(event, None), "Meddygfa Northgate", "01632 960 001"
        )
        assert len(line) <= telling.TEXT_LENGTH
        assert "01632 960 001" in line
        assert line.endswith("(drafft)")


def test_the_repository_holds_the_words_and_not_what_is_built() -> None:
    ignored = (reading.ROOT / ".gitignore").read_text(encoding="utf-8")
    assert "/referral/translations/**/messages.mo" in ignored
    assert "/referral/translations/**/drafts.json" in ignored
