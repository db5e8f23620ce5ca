"""Every door × everybody × whose × status: who comes in, who reads what, whose verb it is.

The cells are generated from the list of access, the roles and the table of a referral's life; what
each must answer follows from `docs/decisions` and these three tables, and from nothing that
answers. Words planted in every referral are looked for in every answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from referral.accounts.roles import ALSO, PARTY_ROLES, TRIAGE_ONLY
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session
from referral.referrals.lifecycle import ANY_OPEN, STATUSES, VERBS
from referral.referrals.models import Referral, StatusChange
from referral.web.access import ACCESS, PUBLIC, SIGNED_IN
from referral.web.door import Site
from referral.web.paths import for_machines, for_people
from referral.web.security import limiter
from tests.factories import World
from tests.integration.desk.conftest import Desk
from tests.support import everybody
from tests.support.everybody import CONTACT, NOBODY, PERSON, Made, Town, Who
from tests.support.surroundings import size

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)][: size(1, 2)]
# Of the cells of each kind, every so many-th is asked.
STRIDE = size(7, 1)
LEAST = size(1000, 8000)
PLANTED = re.compile(r"(Identity|Reason|Risk)(\d+)x")
NEVER = UUID(int=0)
# Without an account.
OUTSIDE = frozenset({NOBODY, CONTACT, PERSON})
# What an address names that belongs to the organisations of one referral.
OF_A_REFERRAL = frozenset({"referral_id", "person_id"})
BEFORE_ANSWER = frozenset({"sent", "question_asked", "waiting_list"})
WITH_THE_PERSON = frozenset({"accepted", "contacting", "started", "paused", "waiting_list"})
OWN_RECORD = frozenset({"completed", "ended_early", "withdrawn", "closed"})
HELD_BY_TEAM = frozenset({"declined", "returned_no_reply", "ended_early"})
ENDING = {"outcome": "met", "told_by": "person", "actions_for_practice": []}
# Bodies that each verb's schema takes; the version they come with is one that never was.
BODIES: dict[str, dict[str, Any]] = {
    "ask": {"question": "When?"},
    "reply": {"answer": "Soon"},
    "decline": {"reason": "capacity"},
    "contact": {"channel": "phone", "result": "no_answer"},
    "complete": ENDING,
    "end": ENDING | {"reason": "did_not_attend"},
    "redirect": {"triage": True},
    "withdraw": {"reason": "No longer wanted"},
    "correct": {"reason": "Wrong person"},
    "raise": {"kind": "question", "text": "Which bus?"},
    "answer": {"thread_id": str(NEVER), "text": "The 34"},
    "amend": {"phone": "01632 960002"},
    "assign": {"user_id": str(NEVER)},
}


class Matrix:
    """Asks cell by cell, and looks for planted words in whatever comes back."""

    def __init__(self, site: Site, town: Town) -> None:
        self.town, self.site = town, site
        self.made = {made.number: made for made in town.made}
        self.asked: Counter[str] = Counter()
        self.wrong: list[str] = []

    def ask(self, kind: str, who: Who, method: str, path: str, **options: Any) -> TestResponse:
        self.asked[kind] += 1
        if for_machines(path) and who.token:
            options["headers"] = options.get("headers", {}) | {"Authorization": who.token}
        answer = who.client.open(path, method=method, **options)
        cell = f"{method} {path} as {who.name}"
        if answer.status_code >= 500:
            self.wrong.append(f"{cell}: {answer.status_code}")
        for what, number in PLANTED.findall(answer.text):
            made = self.made[int(number)]
            eyes = voice(who, made) if by_telephone(path) else who
            may = knows_who(eyes, made) if what == "Identity" else reads(eyes, made)
            if not may:
                self.wrong.append(f"{cell}: reads {what} of a referral {made.status} ({number})")
        return answer

    def expect(self, answer: TestResponse, wanted: set[int], cell: str) -> None:
        if answer.status_code not in wanted:
            self.wrong.append(f"{cell}: {answer.status_code}, not {sorted(wanted)}")


def parties(who: Who, made: Made) -> set[str]:
    """What somebody's organisation is to a referral; see ``lifecycle`` for the words."""
    at = who.at
    if at is None:
        return set()
    if who.role == CONTACT:
        mine = at == made.recipient and made.service in who.actor.services if who.actor else False
        return {"recipient"} if mine and STATUSES[made.status].open else set()
    found = {"sender"} if at == made.sender else set()
    if made.status != "draft":
        found |= {"recipient"} if at == made.recipient else set()
        if made.status in HELD_BY_TEAM and made.owner == str(at) == str(made.team):
            found |= {"fallback"}
    return found | ({"owner"} if made.owner == str(at) and found else set())


def by_telephone(path: str) -> bool:
    return path.startswith("/telephone/") or "/telephone/" in path


def voice(who: Who, made: Made) -> Who:
    """Who a link worker is while writing down what the group says: the group, and no more."""
    looked_after = who.at is not None and who.at in (made.sender, made.team, made.fallback)
    if not (who.may("answer_by_telephone") and looked_after and made.service):
        return replace(who, role=NOBODY, actor=None)
    group = Actor("safe_link", organisation=made.recipient, services=frozenset({made.service}))
    return replace(who, role=CONTACT, actor=group)


def in_scope(who: Who, made: Made, path: str = "") -> bool:
    """The parties, and the link-worker team once the referral came to it."""
    if by_telephone(path):
        return voice(who, made).role == CONTACT and made.status != "draft"
    came = who.role != CONTACT and who.at is not None and who.at == made.team
    return bool(parties(who, made)) or (came and made.status != "draft")


def is_own(who: Who, made: Made) -> bool:
    """A person reads of the one whose reference they came in with."""
    return who.role == PERSON and who.actor is not None and who.actor.referral == made.id


def knows_who(who: Who, made: Made) -> bool:
    """Name, address, number: the person; the sender; who accepted; the team that holds it."""
    if who.role == PERSON:
        return is_own(who, made)
    if not who.may("see_people"):
        return False
    mine = parties(who, made)
    if mine & {"sender", "fallback"}:
        return True
    if "recipient" not in mine:
        return False
    if made.recipient == made.team:
        return STATUSES[made.status].identity_visible or made.status in BEFORE_ANSWER
    if made.status in WITH_THE_PERSON:
        return made.accepted
    return made.status in OWN_RECORD and made.accepted and who.role != CONTACT


def reads(who: Who, made: Made) -> bool:
    """Why, and what risk: who knows the person, and who must answer without a name."""
    if who.role == PERSON:
        return is_own(who, made)
    must_answer = "recipient" in parties(who, made) and made.status in BEFORE_ANSWER
    return who.may("read_clinical") and (knows_who(who, made) or must_answer)


def allowed(who: Who, made: Made, verb: str) -> bool:
    """Whether the table of a referral's life gives the verb to somebody now."""
    return any(roles_of(party, verb, made, who) for party in parties(who, made) & fits(made, verb))


def roles_of(party: str, verb: str, made: Made, who: Who) -> bool:
    roles = PARTY_ROLES[party] | ALSO.get((party, verb), frozenset())
    if made.service is None:
        roles |= TRIAGE_ONLY.get((party, verb), frozenset())
    return who.role in roles


def fits(made: Made, verb: str) -> set[str]:
    """The parties of a verb in the referral's status, read off the table's row."""
    row = STATUSES[made.status]
    if verb == "correct":
        return set() if made.status in ("draft", "entered_in_error") else {"sender"}
    if verb in ANY_OPEN:
        return set(ANY_OPEN[verb]) if row.open else set()
    found = {"recipient"} if verb in row.recipient else set()
    if verb in row.sender:
        found |= {"sender", "fallback"} if row.owner == "fallback" else {"sender"}
    return found


def doors(matrix: Matrix) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(matrix.site.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint != "static":
                yield rule, method


@pytest.mark.prove
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_every_door_and_status_answers_as_the_list_says(desk: Desk, world: World) -> None:
    limiter.enabled = False
    try:
        desk.site.load_actor = desk.site.extensions["accounts"].load_actor
        matrix = Matrix(desk.site, everybody.build(world, desk.site))
        before = everything()
        ask_at_the_door(matrix)
        ask_for_referrals(matrix)
        ask_with_verbs(matrix)
        assert everything() == before, "a refused request changed something"
    finally:
        limiter.enabled = True
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(matrix.asked.items()))
    print(f"{sum(matrix.asked.values())} cells ({counts}), {len(matrix.wrong)} wrong")
    assert not matrix.wrong, "\n".join(matrix.wrong)
    assert sum(matrix.asked.values()) >= LEAST


def ask_at_the_door(matrix: Matrix) -> None:
    """Whoever lacks the right of a door is refused there, whatever they ask and however.

    Whoever has it looks in, once with what is their own and once with what is others'.
    """
    cells = [(rule, method, who) for rule, method in doors(matrix) for who in matrix.town.people]
    refused = [cell for cell in cells if refusals(*cell)]
    for rule, method, who in refused[::STRIDE]:
        path = address(rule, matrix.town, matrix.town.made[0])
        answer = matrix.ask("refused at the door", who, method, path, **kind_of_body(rule))
        matrix.expect(answer, refusals(rule, method, who), f"{method} {path} as {who.name}")
    come_in = [cell for cell in cells if not refusals(*cell)]
    looks = [(rule, who) for rule, method, who in come_in if method == "GET"]
    for n, (rule, who) in enumerate(looks[::STRIDE]):
        made = matrix.town.made[n % len(matrix.town.made)]
        path = address(rule, matrix.town, made)
        answer = matrix.ask("looked in", who, "GET", path)
        if OF_A_REFERRAL & rule.arguments and not in_scope(who, made, path):
            matrix.expect(answer, {403, 404}, f"GET {path} as {who.name}")
    strangers = [
        (rule, method, who, made)
        for rule, method, who in come_in
        if method != "GET" and OF_A_REFERRAL & rule.arguments
        for made in matrix.town.made[::5]
        if not in_scope(who, made, rule.rule)
    ]
    for rule, method, who, made in strangers[::STRIDE]:
        path = address(rule, matrix.town, made)
        answer = matrix.ask("wrote to others'", who, method, path, **kind_of_body(rule))
        matrix.expect(answer, {403, 404, 422, 428}, f"{method} {path} as {who.name}")


def refusals(rule: Rule, method: str, who: Who) -> set[int]:
    """The statuses that say no at the door; empty for who may come in."""
    key = ACCESS[rule.endpoint]
    if key == PUBLIC:
        return set()
    if rule.rule.startswith("/answer"):
        return set() if who.role == CONTACT else {404}
    if for_people(rule.rule):
        return set() if who.role == PERSON else {303}
    if who.role in OUTSIDE:
        shown = method == "GET" and not rule.rule.startswith(("/api/", "/fhir/"))
        return {303} if shown else {401}
    return set() if key == SIGNED_IN or who.may(key) else {403}


def kind_of_body(rule: Rule) -> dict[str, Any]:
    return {"json": {}} if rule.rule.startswith(("/api/", "/fhir/")) else {"data": {}}


def address(rule: Rule, town: Town, made: Made) -> str:
    """An address behind the rule: of this referral, of the first world, else of nothing."""
    known = {
        "referral_id": made.id,
        "person_id": made.person_id,
        "organisation_id": town.one.provider_id,
        "service_id": town.one.service_id,
        "locality_id": town.one.locality_id,
        "user_id": town.one.provider_worker.id,
        "kind": "practice",
        "verb": "accept",
    }
    values = {}
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__
        other = {"UUIDConverter": NEVER, "IntegerConverter": 1}.get(converter, "unknown")
        values[name] = known.get(name, other)
        if converter == "AnyConverter":
            values[name] = sorted(getattr(rule._converters[name], "items"))[0]  # noqa: B009
    built = rule.build(values)
    assert built is not None, rule
    return str(built[1])


def ask_for_referrals(matrix: Matrix) -> None:
    """Each referral in each status, as everybody, by page, by program and by safe link."""
    cells = [
        (who, made, path)
        for made in matrix.town.made
        for who in matrix.town.people
        if who.role not in (NOBODY, PERSON)
        for path in (
            (f"/answer/referrals/{made.id}",)
            if who.role == CONTACT
            else (f"/referrals/{made.id}", f"/api/v1/referrals/{made.id}")
        )
    ]
    for who, made, path in cells[:: size(2, 1)]:
        answer = matrix.ask("read", who, "GET", path)
        cell = f"GET {path} ({made.status}) as {who.name}"
        if not who.may("see_referrals"):
            matrix.expect(answer, {403}, cell)
            continue
        seen = in_scope(who, made)
        draft = made.status == "draft" and seen and path.startswith("/referrals")
        matrix.expect(answer, {303, 403} if draft else {200} if seen else {404}, cell)
        if answer.status_code == 200:
            told = {what for what, number in PLANTED.findall(answer.text)}
            wanted = {"Identity"} if knows_who(who, made) else set()
            wanted |= {"Reason", "Risk"} if reads(who, made) else set()
            if told != wanted:
                matrix.wrong.append(f"{cell}: reads {sorted(told)}, not {sorted(wanted)}")


def ask_with_verbs(matrix: Matrix) -> None:
    """Each verb on each referral as everybody, at a version that never was: nothing changes."""
    cells = [
        (who, made, verb)
        for made in matrix.town.made
        for verb in VERBS
        for who in matrix.town.people
        if who.role not in OUTSIDE and who.may("see_referrals")
    ]
    soon = clock.today().replace(year=clock.today().year + 1).isoformat()
    dated = {"waitlist": {"expected_on": soon}, "pause": {"until": soon, "note": "Away"}}
    for who, made, verb in cells[:: size(11, 1)]:
        path = f"/api/v1/referrals/{made.id}/actions/{verb}"
        body = dated.get(verb) or BODIES.get(verb, {})
        answer = matrix.ask("verb", who, "POST", path, json=body, headers={"If-Match": '"99999"'})
        cell = f"{verb} of {made.number} ({made.status}) as {who.name}"
        if not in_scope(who, made):
            matrix.expect(answer, {404}, cell)
        elif not any(roles_of(party, verb, made, who) for party in parties(who, made)):
            matrix.expect(answer, {403}, cell)
        else:
            matrix.expect(answer, {409}, cell)
            can = verb in (answer.json or {}).get("allowed_actions", ())
            # What depends on more than the status: a thread to answer, a step of one's own.
            if verb not in ("answer", "undo") and can != allowed(who, made, verb):
                matrix.wrong.append(f"{cell}: offered {can}")


def everything() -> list[Any]:
    """Every referral's version and status, and how much history there is."""
    with reading(SYSTEM):
        rows = session().execute(
            select(Referral.id, Referral.version, Referral.status).order_by(Referral.id)
        )
        steps = session().scalars(select(StatusChange.id).order_by(StatusChange.id))
        return [*map(tuple, rows), *steps]
