"""The messages that are there in other languages: the pages, notices and letters of the person.

`python -m tools.catalogue extract` lists them, `update` brings each `messages.po` up to date (what
is new has no words yet, what is gone goes), `check` prints what is wrong and exits with 1: a
message without words, one that no source has, other places (`%(name)s`, `{day}`) than the English,
one that says neither `draft` nor who reviewed it and when.

Staff read English: their messages are not here. See docs/languages.md.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from hatch_build import DRAFT, TRANSLATIONS
from referral.outcomes import measures

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("cy",)
# Everything a person may come to read. A folder stands for all that is in it.
SOURCES = (
    "referral/core/schema.py",
    "referral/desk/pages/status",
    "referral/outcomes/schemas/stories.py",
    "referral/outcomes/services/stories.py",
    "referral/outcomes/stories.py",
    "referral/referrals/plain.py",
    "referral/referrals/telling.py",
    "referral/referrals/consent.py",
    "referral/referrals/complaints.py",
    "referral/referrals/schemas/complaining.py",
    "referral/referrals/schemas/own.py",
    "referral/web/forms.py",
    "referral/web/language.py",
    "templates/desk/status",
    "templates/components/draft.html",
    "templates/components/footer.html",
    "templates/components/error_summary.html",
    "templates/errors/person.html",
    "templates/layouts/base.html",
    "templates/layouts/paper.html",
    "templates/layouts/person.html",
    "templates/referrals/messages/person_email.txt",
    "templates/referrals/messages/person_text.txt",
    "templates/referrals/messages/status_code.txt",
    "templates/referrals/telling/paper.html",
)
# Of files that say much to staff, the messages that begin so.
SOME = {
    "referral/accounts/schemas.py": re.compile("Type (your|the day) "),
    # Of what may be asked, only how to leave it out: an instrument in other words is another one.
    "referral/outcomes/measures.py": re.compile("(Prefer not to say|Don’t know)$"),
    "referral/people/schemas.py": re.compile("must be an? (telephone number|email address)"),
    "referral/referrals/services/own.py": re.compile(
        "This has been stopped|Nothing can be written"
    ),
    "referral/referrals/services/supporting.py": re.compile("You have named as many"),
    "templates/components/fields.html": re.compile("(Day|Month|Year|Error:)$"),
}
EVERYTHING = re.compile("")
# Without the day it was made: a file that says the same is the same.
HEADER = """\
# Above each message: `draft`, as long as a machine's words wait for somebody to read them, then
# `reviewed: NAME YEAR-MONTH-DAY`. See docs/languages.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
REVIEWED = re.compile(r"reviewed: \S.* \d{4}-\d{2}-\d{2}")


def sources() -> Iterator[tuple[Path, re.Pattern[str]]]:
    """Every file that messages are taken from, and which of them. Raise `FileNotFoundError` for one
    that is gone.
    """
    for name in (*SOURCES, *SOME):
        path = ROOT / name
        if not path.exists():
            raise FileNotFoundError(name)
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in inside:
            if one.suffix in (".py", ".html", ".txt"):
                yield one, SOME.get(name, EVERYTHING)


def extracted() -> Catalog:
    """All messages of the sources, in their order."""
    found = Catalog(charset="utf-8")
    for path, wanted in sources():
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if path.suffix == ".py" else {"extensions": "jinja2.ext.i18n,jinja2.ext.do"}
        for line, message, _comments, _context in extract_from_file(
            method, path, keywords=KEYWORDS, options=options
        ):
            if wanted.match(message if isinstance(message, str) else message[0]):
                found.add(message, locations=[(path.relative_to(ROOT).as_posix(), line)])
    # And our own questions at the end.
    for asked in (measures.MEASURES["after"],):
        found.add(str(asked.title))
        for item in asked.items:
            for words in (item.text, *(words for words, _number in item.options)):
                found.add(str(words))
    return found


def source_of(language: str) -> Path:
    """Where the words of a language stand."""
    return ROOT / TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands; empty when there is none."""
    path = source_of(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def updated(known: Catalog, wanted: Catalog, language: str) -> Catalog:
    """What is wanted, with the words that are known."""
    made = Catalog(locale=language, charset="utf-8")
    for message in wanted:
        if message.id:
            old = known.get(message.id)
            made.add(
                message.id,
                old.string if old else "",
                user_comments=old.user_comments if old else [DRAFT],
            )
    return made


def write(made: Catalog, language: str) -> None:
    """Write a catalogue in the order of its messages: a change of one is one change to read."""
    path = source_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=language, plurals=made.plural_forms).encode())
        write_po(file, made, width=100, no_location=True, sort_output=True, omit_header=True)


def problems(known: Catalog, wanted: Catalog) -> list[str]:
    """What is wrong with a catalogue, a line each."""
    told = [
        f"not in the catalogue (run `python -m tools.catalogue update`): {named(message)}"
        for message in wanted
        if message.id and known.get(message.id) is None
    ]
    for message in known:
        if message.id:
            told += [f"{what}: {named(message)}" for what in faults(message, wanted)]
    return told


def faults(message: Message, wanted: Catalog) -> Iterator[str]:
    """What is wrong with one message."""
    if wanted.get(message.id) is None:
        yield "no source has it any more"
    words = message.string or ""
    said = [words] if isinstance(words, str) else list(words)
    if not all(one.strip() for one in said):
        yield "has no words"
        return
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    if {frozenset(PLACE.findall(one)) for one in said} - {
        frozenset(PLACE.findall(one)) for one in english
    }:
        yield "has other places than the English"
    if any(one != one.strip() for one in said) and all(one == one.strip() for one in english):
        yield "begins or ends with a space"
    comments = message.user_comments
    if DRAFT not in comments and not any(REVIEWED.fullmatch(one) for one in comments):
        yield "says neither `draft` nor `reviewed: NAME YEAR-MONTH-DAY`"


def named(message: Message) -> str:
    """The message as a line names it."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return repr(text[:80])


def main(command: str) -> int:
    """Do one of the three; answer how it ended."""
    wanted = extracted()
    if command == "extract":
        print("\n".join(named(message) for message in wanted if message.id))
        return 0
    for language in LANGUAGES:
        known = read(language)
        if command == "update":
            write(updated(known, wanted, language), language)
            continue
        told = problems(known, wanted)
        if told:
            print("\n".join(f"{language}: {one}" for one in told))
            return 1
        print(f"{language}: {len(known)} messages are in order.")
    return 0


if __name__ == "__main__":
    commands = ("extract", "update", "check")
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python -m tools.catalogue {'|'.join(commands)}")
    sys.exit(main(sys.argv[1]))
