"""The history alone says what was so at any moment, and each decision can be made out again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.vetting import passport, scheme, services
from referral.vetting.checks import CHECKS, Check
from referral.vetting.models import (
    Application,
    Decision,
    Evidence,
    Hosting,
    SchemeVersion,
    VettedOrganisation,
    VettedService,
    VettingChange,
)
from referral.vetting.passport import Given
from referral.vetting.proportion import Does
from tests import factories
from tests.factories import World, vetting

Key = tuple[str, str]
State = dict[Key, dict[str, Any]]
# What is looked at of each kind of subject, and where it is kept.
KEPT: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "application": (
        Application,
        ("status", "approved_tier", "waived", "decision_id", "pending_id", "paused_on"),
    ),
    "evidence": (
        Evidence,
        (
            "check_key", "kind", "state", "issued_on", "expires_on", "level", "count",
            "update_service", "cover", "cover_by", "superseded_by_id",
            "reviewer_role", "reviewer_organisation_id",
        ),
    ),
    "hosting": (
        Hosting,
        (
            "anchor_id", "hosted_id", "checks", "anchor_agreed_at", "hosted_agreed_at", "ended_at",
        ),
    ),
    "organisation": (VettedOrganisation, ("facts",)),
    "service": (VettedService, ("way", "facts")),
}  # fmt: skip
DEFAULTS: dict[str, Any] = {"waived": {}, "reviewer_role": ""}


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def as_it_is() -> State:
    """Every row, as the tables have it now."""
    session().flush()
    session().expire_all()
    found: State = {}
    for kind, (table, names) in KEPT.items():
        for row in session().scalars(select(table)):
            key = getattr(row, "id", None) or getattr(row, f"{kind}_id")
            if kind == "service" and row.facts is None:
                continue  # nobody has said anything of it
            found[kind, str(key)] = {name: plain(getattr(row, name)) for name in names}
    return found


def lines() -> list[VettingChange]:
    return list(session().scalars(select(VettingChange).order_by(VettingChange.id)))


def rebuilt(told: list[VettingChange]) -> State:
    """Every row, from the lines of the history alone."""
    found: dict[Key, dict[str, Any]] = defaultdict(dict)
    for line in told:
        found[line.subject_kind, str(line.subject_id)] |= line.after
    return {
        key: {name: after.get(name, DEFAULTS.get(name)) for name in KEPT[key[0]][1]}
        for key, after in found.items()
    }


def play(world: World) -> list[tuple[int, State]]:
    """A long story; after each part, how many lines there are and what is so. Days pass."""
    manager = world.provider_manager
    kept: list[tuple[int, State]] = []

    def now(days: int = 0) -> Any:
        return clock.at(START + timedelta(days=days))

    def keep() -> None:
        state = as_it_is()
        kept.append((len(lines()), state))

    with now():
        services.invite(world.link_worker, world.provider_id, "Hello")
        keep()
        made = vetting.applied(world, doing=("one_to_one",), being=("staff",))
        keep()
        vetting.evidence(world, "complaints", "reject", reason="Unsigned")
        vetting.evidence(world, "committee", "ask", reason="Who?")
        vetting.evidence(world, "complaints", None)
        vetting.evidence(world, "committee", None)
        vetting.accepted(world, without=("equality",))
        keep()
    with now(1):
        soon = clock.today() + timedelta(days=20)
        vetting.decided(
            world, made, "approve_with_conditions", conditions="Soon", waived={"equality": soon}
        )
        keep()
        second = vetting.another_lead(world)
        vetting.decided(world, made, "agree", by=second)
        keep()
    with now(40):
        services.write_down(SYSTEM, world.provider_id)
        keep()
        vetting.evidence(world, "equality")
        keep()
    with now(41):
        vetting.decided(world, made, "suspend")
        vetting.decided(world, made, "reinstate")
        keep()
        other = factories.world(locality_id=world.locality_id)
        offered = services.propose(
            other.provider_manager, other.provider_id, world.provider_id, ["complaints"]
        )
        services.agree(manager, offered.id, offered.version)
        keep()
        services.end(manager, offered.id, offered.version, "We have our own")
        keep()
    with now(400):
        services.write_down(SYSTEM, world.provider_id)
        keep()
        mistaken = vetting.answer(manager, world.provider_id, "complaints")
        services.take_back(manager, mistaken.id, mistaken.version)
        vetting.about(world, by=world.link_worker)
        keep()
        vetting.decided(world, made, "withdraw")
        keep()
        again = vetting.applied(world)
        keep()
        services.leave(manager, again.id, again.version)
        keep()
    return kept


START = clock.now()


def test_every_state_at_every_moment_is_rebuilt_from_the_history(world: World) -> None:
    with transaction(SYSTEM):
        two_for_close_contact(world)
        moments = play(world)
        told = lines()
        for number, state in moments:
            assert rebuilt(told[:number]) == state
        assert len({number for number, _state in moments}) == len(moments)
        # Who did it is in every line, and nothing anybody wrote.
        assert all(line.actor_id or line.actor_kind == "system" for line in told)
        words = str([line.after for line in told])
        for private in ("Jean", "Hello", "Unsigned", "Soon", "Mutual"):
            assert private not in words


def test_every_decision_is_made_out_again_from_the_history_and_the_rules_of_its_day(
    world: World,
) -> None:
    with transaction(SYSTEM):
        two_for_close_contact(world)
        play(world)
        told = lines()
        decisions = list(session().scalars(select(Decision).order_by(Decision.id)))
        noted = [number for number, line in enumerate(told) if line.what == "decided"]
        assert len(noted) == len(decisions)
        for number, decision in zip(noted, decisions, strict=True):
            line, before = told[number], rebuilt(told[:number])
            assert line.after["kind"] == decision.kind
            assert (line.actor_id, line.actor_role) == (decision.decided_by, decision.role)
            if decision.counts:
                assert line.after["status"] == decision.status
                assert line.after["decision_id"] == str(decision.id)
            else:
                assert line.after["pending_id"] == str(decision.id)
            assert decision.reason
            assert decision.appeal_route
            assert seen_again(world, decision, before) == {
                one["check"]: (one["state"], one["until"])
                for one in decision.seen
                if one["check"] not in ("accessibility", "listing_accuracy")
            }


def seen_again(world: World, decision: Decision, before: State) -> dict[str, Any]:
    """The checklist of a decision, worked out from the history up to it."""
    answers = {
        after["check_key"]: Given(
            after["check_key"],
            date.fromisoformat(after["issued_on"]),
            date.fromisoformat(after["expires_on"]) if after["expires_on"] else None,
            cover=after["cover"],
            cover_by=after["cover_by"],
            not_applicable=after["kind"] == "not_applicable",
        )
        for (kind, _id), after in before.items()
        if kind == "evidence" and after["state"] == "accepted"
    }
    application = before["application", str(decision.application_id)]
    said = before["service", str(world.service_id)]
    day = clock.local(decision.decided_at).date()
    found = {}
    for check in rules_of(world, decision):
        if check.key not in {one["check"] for one in decision.seen} or check.kind == "directory":
            continue
        until = application["waived"].get(check.key)
        item = passport.item(
            check,
            answers.get(check.key),
            day,
            does=Does(said["way"], frozenset(said["facts"])),
            waived_until=date.fromisoformat(until) if until else None,
        )
        found[check.key] = (item.state, item.until.isoformat() if item.until else None)
    return found


def rules_of(world: World, decision: Decision) -> tuple[Check, ...]:
    if not decision.scheme_number:
        return CHECKS
    version = session().scalars(
        select(SchemeVersion).where(
            SchemeVersion.locality_id == world.locality_id,
            SchemeVersion.number == decision.scheme_number,
        )
    )
    return scheme.read(version.one().rules)


def two_for_close_contact(world: World) -> None:
    session().add(
        SchemeVersion(
            locality_id=world.locality_id,
            number=1,
            base=1,
            rules=[{"check": "committee", "months": 6}],
            two_reviewers=["V"],
            made_at=clock.now(),
        )
    )
    session().flush()
