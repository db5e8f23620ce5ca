"""A referral's whole life with words of its own in every field, played by everybody it concerns.

Each field of personal data holds a word that is found nowhere else; ``found_in`` looks for them.
"""

from __future__ import annotations

import html
import io
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from flask.testing import FlaskClient

from referral.caseload import schemas as caseload_schemas
from referral.caseload import services as caseload
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.outcomes import schemas as plan_schemas
from referral.outcomes import services as plans
from referral.people import services as people
from referral.referrals import queries, schemas, services
from referral.referrals.models import Referral
from referral.referrals.schemas import appointing, talking
from referral.referrals.services.appointing import appoint
from tests.factories.personal import person_at
from tests.support import api, documents, everybody
from tests.support.everybody import Town, Who
from tests.support.numbers import nhs_number

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
WHO_IT_IS = (*IDENTITY.values(), *OTHERWISE)
# What was written and said on the way, a word for each field.
WRITTEN = (
    "reason", "risk", "given", "relation", "why", "question", "reply", "practical", "early",
    "yes", "contact", "raised", "answered", "pause", "shared", "internal", "mistaken", "struck",
    "file", "content", "said", "spoken", "teller", "told", "summary", "action", "matters", "goal",
    "doing", "where", "visit", "talk", "next", "unsafe", "enquiry", "fits", "askinggiven",
    "askingfamily", "askingreason", "askername",
)  # fmt: skip
# What is said and written when it is over, by the group and by the person at their own page.
AFTERWARDS = (
    "done", "notworked", "paragraph", "theirword", "comment", "story", "supporter", "relative",
    "complaint", "wants", "touch", "mind", "newnumber",
)  # fmt: skip
THE_PERSON = "the person"
NOT_THERE = 404
LINKS = re.compile(r"""(?:href|action|src|content|formaction)="([^"]*)\"""")
VERSION = re.compile(r'name="version"[^>]* value="(\d+)"')


def word(name: str) -> str:
    """The planted word of a written field."""
    assert name in (*WRITTEN, *AFTERWARDS), name
    return f"Zq{name}zq"


PLANTED = (*WHO_IT_IS, *(word(name) for name in (*WRITTEN, *AFTERWARDS)))


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
        self.desk = UUID(int=0)  # the team's own referral

    def open(self, name: str, method: str, path: str, **options: Any) -> Any:
        """Ask as somebody; what is asked for and what is offered are addresses to look at."""
        who: Who = self.town.by(name)
        if path.startswith("/api/"):
            options.setdefault("headers", {})["Authorization"] = who.token
        answer = who.client.open(path, method=method, **options)
        assert answer.status_code < 400, (name, method, path, answer.status_code, answer.text)
        self.urls |= {path, answer.headers.get("Location", "")}
        offered = (html.unescape(found) for found in LINKS.findall(answer.text))
        self.urls |= {found for found in offered if not found.startswith(("tel:", "mailto:"))}
        return answer

    def send(self, name: str, path: str, /, **data: Any) -> Any:
        """Fill in the form of a page and send it: a refusal would show the form again."""
        asked = VERSION.search(self.open(name, "GET", path).text)
        data = data | ({"version": asked[1]} if asked else {})
        answer = self.open(name, "POST", path, data=data)
        assert answer.status_code == 303, (name, path, answer.status_code, answer.text)
        return answer

    def api(self, name: str, method: str, path: str, **body: Any) -> Any:
        headers = {"If-Match": f'"{self.version}"'} if self.version else {}
        return self.open(name, method, f"/api/v1/{path}", json=body, headers=headers).json

    def act(self, name: str, verb: str, **body: Any) -> Any:
        self.version = self.api(name, "GET", f"referrals/{self.id}")["version"]
        return self.api(name, "POST", f"referrals/{self.id}/actions/{verb}", **body)

    def early(self, name: str, *paths: str) -> None:
        """Look before the yes: no word says who the person is."""
        for path in paths:
            self.seen_early += 1
            if leaked := found_in(self.open(name, "GET", path).text, WHO_IT_IS):
                self.wrong.append(f"before the yes, {path} tells {name} {leaked}")


def refer(life: Life) -> None:
    """The practice refers: every field of the person, the reason with a name in it by mistake."""
    person = IDENTITY | {
        "health_number": {"type": "nhs", "value": NUMBER},
        "sex": "female",
        "reach_by": ["email"],
    }
    told: dict[str, Any] = {"refer": True, "feedback": "full", "told": True, "how": "phone"}
    told |= {"authority": "attorney", "given_by": word("given"), "relation": word("relation")}
    made = life.api(
        "own practice_staff",
        "POST",
        "referrals",
        person=person,
        service_id=str(life.world.service_id),
        needs=["loneliness"],
        reason=f"{IDENTITY['given_name']} {IDENTITY['family_name']} {word('reason')}",
        risk={"known": True, "text": f"{word('risk')}, ring {IDENTITY['phone']}"},
        consent=told | {"why": word("why")},
    )
    life.id, life.version = made["id"], made["version"]


def before_the_yes(life: Life) -> None:
    """Whoever answers looks at all there is, asks, and is told more than they should be."""
    looked_at_early(life)
    life.act("own provider_worker", "ask", question=f"Is she at home? {word('question')}")
    # A title alone tells nobody who it is, so it is not blacked out.
    told = " ".join(said for name, said in IDENTITY.items() if name != "title")
    staff, own = "own practice_staff", f"/referrals/{life.id}"
    life.act(staff, "reply", answer=f"{word('reply')}: {told}, born {OTHERWISE[1]}")
    life.act(staff, "raise", kind="practical", text=f"{word('practical')}: {told}")
    file = io.BytesIO(documents.pdf(words=told.encode())), f"{IDENTITY['family_name']}.pdf"
    life.send(staff, f"{own}/notes", kind="shared", text=f"{word('early')}: {told}", files=file)
    looked_at_early(life)
    notes = life.api(staff, "GET", f"referrals/{life.id}/notes")["items"]
    file_id = next(one["files"][0]["id"] for one in notes if one["files"])
    for name, path in (
        ("own provider_worker", f"{own}/files/{file_id}"),
        ("own provider_worker", f"/api/v1{own}/files/{file_id}"),
        ("own contact", f"/answer{own}/files/{file_id}"),
    ):
        who = life.town.by(name)
        headers = {"Authorization": who.token} if path.startswith("/api/") else {}
        if who.client.get(path, headers=headers).status_code != NOT_THERE:
            life.wrong.append(f"before the yes, {name} has a file of the person")


def looked_at_early(life: Life) -> None:
    own = f"/referrals/{life.id}"
    verbs = ("accept", "waitlist", "decline", "raise")
    for name in ("own provider_worker", "own provider_manager"):
        life.early(name, "/", "/referrals", own, f"{own}/seen", f"{own}/notes", f"{own}/agreement")
        life.early(name, "/api/v1/referrals", f"/api/v1{own}", f"/api/v1{own}/notes")
        life.early(name, *(f"{own}/{verb}" for verb in verbs))
    life.early("own contact", "/answer", f"/answer{own}")
    life.early("own contact", *(f"/answer{own}/{verb}" for verb in verbs))
    for name in ("own link_worker", "own link_worker_lead"):
        life.early(name, f"/telephone/{life.id}", f"/telephone/{life.id}/accept")
    with transaction(SYSTEM):
        monday = clock.today() - timedelta(days=clock.today().weekday())
        services.make_sheet(SYSTEM, life.world.provider_id, life.world.team_id, monday)
    with reading(life.world.link_worker):
        (sheet,) = [row.id for row in queries.sheets(life.world.link_worker)]
    life.early("own link_worker", "/sheets", f"/sheets/{sheet}/print")


def after_the_yes(life: Life) -> None:
    """Up to the end, and the end with an outcome."""
    up_to_the_end(life)
    life.act(
        "own provider_worker",
        "complete",
        outcome="met",
        told_by="person",
        summary=f"{IDENTITY['given_name']} {word('summary')}",
        actions_for_practice=[word("action")],
    )


def up_to_the_end(life: Life) -> None:
    """The group gets in touch, meets, raises something; the practice writes, sends a file, hears
    from the person.
    """
    worker, staff, own = "own provider_worker", "own practice_staff", f"/referrals/{life.id}"
    life.send("own contact", f"/answer{own}/accept", note=word("yes"))
    life.act(worker, "contact", channel="phone", result="reached", note=word("contact"))
    thread = life.act(worker, "raise", kind="health", text=word("raised"))["threads"][-1]
    life.act(staff, "answer", thread_id=str(thread["id"]), text=word("answered"))
    life.act(worker, "start")
    soon = (clock.today() + timedelta(days=10)).isoformat()
    life.act(worker, "pause", until=soon, note=word("pause"))
    life.act(worker, "resume")
    life.send(worker, f"{own}/notes", kind="internal", text=word("internal"))
    file = io.BytesIO(documents.pdf(words=word("content").encode())), f"{word('file')}.pdf"
    life.send(staff, f"{own}/notes", kind="shared", text=word("shared"), files=file)
    life.send(staff, f"{own}/notes", kind="internal", text=word("mistaken"))
    notes = life.api(staff, "GET", f"referrals/{life.id}/notes")["items"]
    mistaken = next(one["id"] for one in notes if one["text"] == word("mistaken"))
    life.send(staff, f"{own}/notes/{mistaken}", reason=word("struck"))
    said = {"kind": "not_in_touch", "how": "phone", "text": word("touch")}
    life.send(staff, f"{own}/said", **said)
    said = {"kind": "other", "how": "phone", "text": word("said"), "spoken_by": word("spoken")}
    life.send(staff, f"{own}/said", **said)
    by_telephone = {"channel": "visit", "result": "attended", "note": word("told")}
    with transaction(life.world.link_worker):
        body = schemas.BODIES["contact"]().read(by_telephone)
        services.record(
            life.world.link_worker, UUID(life.id), "contact", None, body, word("teller")
        )


def at_their_page(life: Life, phone: FlaskClient) -> None:
    """The group writes what came of it; the person reads, answers and tells at every page."""
    own, worker = UUID(life.id), life.world.provider_worker
    with transaction(worker):
        said = {"done": word("done"), "not_worked": word("notworked")}
        plans.write(worker, own, None, said | {"summary": word("paragraph")})
    life.town.people.append(Who(THE_PERSON, everybody.PERSON, phone, person_at(phone, own)))
    for path, told in (
        ("result", {"outcome": "partly_met", "said": word("theirword")}),
        ("first", {"text": word("comment")}),
        ("story", {"text": word("story"), "shown_as": "age", "agreed": "yes"}),
        ("supporter", {"name": word("supporter"), "relation": word("relative"), "may": "hear"}),
        ("changed-mind", {"mind": "else", "text": word("mind")}),
        ("reach", {"reach_by": "email", "wants_changed": word("newnumber")}),
        ("complaint", {"kind": "help", "about": "group", "text": word("complaint"),
                       "wants": word("wants")}),
    ):  # fmt: skip
        life.send(THE_PERSON, f"/status/{path}", **told)
    for path in ("", "/questions", "/seen", "/held", "/print"):
        life.open(THE_PERSON, "GET", f"/status{path}")


def at_the_desk(life: Life) -> None:
    """The link worker meets somebody, plans with them, sets a day, talks with the lead; a reader
    of the public page asks for help, the practice asks before it names anybody.
    """
    world = life.world
    worker, lead, staff = world.link_worker, world.link_worker_lead, world.practice_staff
    with transaction(staff):
        sent = services.create(
            staff,
            schemas.Create().read(
                api.referral(8124, None, needs=["loneliness"], reason=word("reason"))
            ),
        ).id
    with transaction(worker):
        for verb in ("accept", "start"):
            services.act(worker, sent, verb, None, {})
        plan = plans.plan(worker, sent).id
        plans.write_about(worker, plan, None, {"matters": word("matters")})
        goal = plans.set_goal(worker, plan, plan_schemas.Goal().read({"text": word("goal")})).id
        doing = {"text": word("doing"), "who": "person", "goal_id": str(goal)}
        plans.set_action(worker, plan, plan_schemas.ActionForm().read(doing))
        soon = (clock.today() + timedelta(days=3)).isoformat()
        day = {"on": soon, "time": "10:00", "kind": "review", "place": "home"}
        day |= {"where": word("where"), "note": word("visit")}
        appoint(worker, sent, appointing.Appoint().read(day))
    life.desk = sent
    with transaction(lead):
        assert worker.id is not None
        talk = {"held_on": clock.today().isoformat(), "text": word("talk"), "next": word("next")}
        caseload.write_note(lead, worker.id, caseload_schemas.Supervise().read(talk))
    with transaction(worker):
        feed = caseload.new_feed(worker)
    told = life.open(everybody.NOBODY, "GET", f"/calendar/{feed}.ics").text
    if leaked := found_in(told):
        life.wrong.append(f"the calendar tells {leaked}")
    with transaction(staff):
        asked = {"service_id": str(world.service_id), "text": word("enquiry")}
        enquiry = services.ask_first(staff, talking.AskFirst().read(asked)).id
    with transaction(world.provider_worker):
        services.answer_enquiry(world.provider_worker, enquiry, None, "yes", word("fits"))
    life.open(
        everybody.NOBODY,
        "POST",
        "/ask-for-help/carer",
        data={
            "given_name": word("askinggiven"),
            "family_name": word("askingfamily"),
            "date_of_birth-day": "4",
            "date_of_birth-month": "3",
            "date_of_birth-year": "1952",
            "practice": "Northgate Surgery",
            "postcode": "ZZ99 3VZ",
            "phone": "01632 960482",
            "needs": "loneliness",
            "reason": word("askingreason"),
            "tell_practice": "yes",
            "agreed": "yes",
            "knows": "agreed",
            "asker.name": word("askername"),
            "asker.relation": "child",
            "asker.phone": "01632 960483",
        },
    )


def somebody_is_not_safe(life: Life) -> None:
    """A note that everybody in touch must heed."""
    with transaction(life.world.link_worker) as session:
        person = session.get_one(Referral, life.desk).person_id
        people.mark_unsafe(life.world.link_worker, person, True, word("unsafe"))
