"""Fields of personal data, planted with words of their own, and where none of them may turn up.

A referral is played from the first form to the last outcome by everybody who has to do with it.
Then every row of the database is read as it lies there (messages, audit trail, news, jobs), every
file, every line of the log and every address that was asked for or offered. Before the yes, what
whoever answers may open is searched for who the person is.
"""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import Table, select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Base, reading, session
from referral.web.security import limiter
from tests.factories import World
from tests.integration.desk.conftest import Desk
from tests.support.everybody import Town, Who, build
from tests.support.numbers import nhs_number
from tests.support.surroundings import size

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)][: size(1, 2)]
BORN = date(1931, 7, 19)
NUMBER = nhs_number(8123)
# Who the person is: before the yes, nobody who answers may read any of it.
IDENTITY: dict[str, str] = {
    "given_name": "Zqgivenzq",
    "family_name": "Zqfamilyzq",
    "title": "Zqtitlezq",
    "health_number": NUMBER,
    "date_of_birth": BORN.isoformat(),
    "address": "Zqaddresszq Street",
    "postcode": "ZZ99 3CZ",
    "phone": "01632 960481",
    "email": "zqemailzq@person.example",
}
# The same things as somebody might write them elsewhere.
OTHERWISE = ("19/07/1931", "19 July 1931", "01632960481", "+441632960481", "ZZ993CZ", "zqemailzq")
# What was written and said on the way, a word for each field.
WRITTEN = (
    "reason", "risk", "question", "reply", "yes", "contact", "raised", "answered", "pause",
    "summary", "action", "unsafe",
)  # fmt: skip
LINKS = re.compile(r"""(?:href|action|src|content|formaction)="([^"]*)\"""")


def word(name: str) -> str:
    """The planted word of a written field."""
    assert name in WRITTEN, name
    return f"Zq{name}zq"


PLANTED = (*IDENTITY.values(), *OTHERWISE, *(word(name) for name in WRITTEN))


def found_in(text: str, words: tuple[str, ...] = PLANTED) -> list[str]:
    """Which of the words stand in a text, however its letters are written or escaped."""
    plain = html.unescape(unquote(text)).casefold()
    return [planted for planted in words if planted.casefold() in plain]


class Life:
    """One referral, and all addresses that anybody met on its way."""

    def __init__(self, town: Town) -> None:
        self.town, self.world = town, town.one
        self.urls: set[str] = set()
        self.wrong: list[str] = []
        self.seen_early = 0
        self.id, self.version = "", 0

    def open(self, who: Who, method: str, path: str, **options: Any) -> Any:
        """Ask as somebody; what is asked for and what is offered are addresses to look at."""
        if path.startswith("/api/"):
            options.setdefault("headers", {})["Authorization"] = who.token
        answer = who.client.open(path, method=method, **options)
        assert answer.status_code < 400, (who.name, method, path, answer.status_code, answer.text)
        self.urls |= {path, answer.headers.get("Location", "")}
        offered = (html.unescape(found) for found in LINKS.findall(answer.text))
        self.urls |= {found for found in offered if not found.startswith(("tel:", "mailto:"))}
        return answer

    def api(self, who: Who, method: str, path: str, **body: Any) -> Any:
        headers = {"If-Match": f'"{self.version}"'} if self.version else {}
        answer = self.open(who, method, f"/api/v1/{path}", json=body, headers=headers)
        return answer.json

    def act(self, name: str, verb: str, **body: Any) -> Any:
        shown = self.api(self.town.by(name), "POST", f"referrals/{self.id}/actions/{verb}", **body)
        self.version = shown["version"]
        return shown

    def early(self, who: Who, *paths: str) -> None:
        """Look before the yes: no word says who the person is."""
        for path in paths:
            self.seen_early += 1
            if leaked := found_in(
                self.open(who, "GET", path).text, (*IDENTITY.values(), *OTHERWISE)
            ):
                self.wrong.append(f"before the yes, {path} tells {who.name} {leaked}")


@pytest.mark.prove
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_what_is_planted_in_a_referral_turns_up_nowhere(
    desk: Desk, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limiter.enabled = False
    desk.site.load_actor = desk.site.extensions["accounts"].load_actor
    try:
        life = Life(build(world, desk.site, referrals=False))
        refer(life)
        before_the_yes(life)
        after_the_yes(life)
        look_around(life)
    finally:
        limiter.enabled = True
    rows = look_through_the_rows(life)
    files = look_through_the_files(life, tmp_path)
    for url in sorted(life.urls):
        if leaked := found_in(url):
            life.wrong.append(f"the address {url} holds {leaked}")
    printed = capsys.readouterr()
    if leaked := found_in(printed.out + printed.err):
        life.wrong.append(f"the log holds {leaked}")
    print(
        f"{len(IDENTITY) + len(WRITTEN)} fields planted; looked through {rows} rows, "
        f"{files} files, {len(life.urls)} addresses, {life.seen_early} pages before the yes"
    )
    assert not life.wrong, "\n".join(life.wrong)


def refer(life: Life) -> None:
    """The practice refers: every field of the person, the reason with a name in it by mistake."""
    person = IDENTITY | {
        "health_number": {"type": "nhs", "value": NUMBER},
        "sex": "female",
        "reach_by": ["phone", "text", "email"],
    }
    staff = life.town.by("own practice_staff")
    made = life.api(
        staff,
        "POST",
        "referrals",
        person=person,
        service_id=str(life.world.service_id),
        needs=["loneliness"],
        reason=f"{IDENTITY['given_name']} {IDENTITY['family_name']} {word('reason')}",
        risk={"known": True, "text": f"{word('risk')}, ring {IDENTITY['phone']}"},
        consent={"refer": True, "feedback": "full", "told": True, "authority": "self"},
    )
    life.id, life.version = made["id"], made["version"]


def before_the_yes(life: Life) -> None:
    """Whoever answers looks at all there is, asks, and is told more than they should be."""
    looked_at_early(life)
    life.act("own provider_worker", "ask", question=f"Is she at home? {word('question')}")
    # A title alone tells nobody who it is, so it is not blacked out.
    told = " ".join(said for name, said in IDENTITY.items() if name != "title")
    life.act("own practice_staff", "reply", answer=f"{word('reply')}: {told}, born {OTHERWISE[1]}")
    looked_at_early(life)


def looked_at_early(life: Life) -> None:
    for name in ("own provider_worker", "own provider_manager"):
        who = life.town.by(name)
        life.early(who, "/", "/referrals", f"/referrals/{life.id}", f"/referrals/{life.id}/seen")
        life.early(who, "/api/v1/referrals", f"/api/v1/referrals/{life.id}")
        life.early(
            who, *(f"/referrals/{life.id}/{verb}" for verb in ("accept", "decline", "raise"))
        )


def after_the_yes(life: Life) -> None:
    """The group gets in touch, meets, raises something, and finishes with an outcome."""
    worker, staff = "own provider_worker", "own practice_staff"
    life.act(worker, "accept", note=word("yes"))
    life.act(worker, "contact", channel="phone", result="reached", note=word("contact"))
    thread = life.act(worker, "raise", kind="health", text=word("raised"))["threads"][-1]
    life.act(staff, "answer", thread_id=str(thread["id"]), text=word("answered"))
    life.act(worker, "start")
    soon = (clock.today() + timedelta(days=10)).isoformat()
    life.act(worker, "pause", until=soon, note=word("pause"))
    life.act(worker, "resume")
    life.act(
        worker,
        "complete",
        outcome="met",
        told_by="person",
        summary=f"{IDENTITY['given_name']} {word('summary')}",
        actions_for_practice=[word("action")],
    )


def look_around(life: Life) -> None:
    """Everybody opens whatever leads to the referral: all addresses are noted."""
    for who in life.town.people:
        if who.may("see_referrals") and who.actor and who.actor.kind == "user":
            for path in ("/", "/referrals", "/api/v1/referrals"):
                life.open(who, "GET", path)
    for name in ("own practice_staff", "own provider_worker"):
        for path in ("", "/seen"):
            life.open(life.town.by(name), "GET", f"/referrals/{life.id}{path}")


def look_through_the_rows(life: Life) -> int:
    """Every cell of every table as it lies there; what is sealed is not read, but looked at too."""
    count = 0
    with reading(SYSTEM):
        for table in Base.metadata.sorted_tables:
            for row in session().execute(select(table)):
                count += 1
                look_at_row(life, table, row._mapping)
    return count


def look_at_row(life: Life, table: Table, row: Any) -> None:
    for column in table.columns:
        value = row[column]
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        if leaked := found_in(text):
            life.wrong.append(f"{table.name}.{column.name} holds {leaked}")


def look_through_the_files(life: Life, folder: Path) -> int:
    """Every file the program keeps, but the database itself."""
    kept = [path for path in folder.rglob("*") if path.is_file() and ".sqlite" not in path.name]
    for path in kept:
        if leaked := found_in(path.read_bytes().decode("latin-1")):
            life.wrong.append(f"the file {path.relative_to(folder)} holds {leaked}")
    return len(kept)
