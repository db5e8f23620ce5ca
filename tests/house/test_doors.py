"""Every door is on one list, and only doors commit, and never on a GET."""

import ast

from referral.accounts.permissions import Permission
from referral.web import access
from referral.web.door import SAFE, Site
from tests.house import reading

# Opening a transaction is for whoever answers for it: the web's door, commands, the worker, and
# the sending of messages, which must have kept its lease before it speaks to anybody.
MAY_OPEN = (
    "referral/cli",
    "referral/core/database.py",
    "referral/core/migrate.py",
    "referral/outbox/sending.py",
    "referral/seed",
    "referral/web/door.py",
    "referral/worker",
)
# Slices whose rows are about persons referred: every read is in the actor's scope.
ABOUT_PEOPLE = ("accountability", "caseload", "desk", "outcomes", "people", "referrals")


def test_every_route_is_on_the_access_list_and_nothing_else_is(site: Site) -> None:
    endpoints = {rule.endpoint for rule in site.url_map.iter_rules()}
    assert endpoints - access.ACCESS.keys() == set(), "no rule in referral/web/access"
    assert access.ACCESS.keys() - endpoints == set(), "a rule for an endpoint that is not there"


def test_every_rule_is_one_that_exists() -> None:
    known = {access.PUBLIC, access.SIGNED_IN} | {str(permission) for permission in Permission}
    assert {rule for rule in access.ACCESS.values() if rule not in known} == set()


def test_a_view_that_changes_things_commits_and_a_view_that_reads_does_not(site: Site) -> None:
    wrong = []
    for rule in site.url_map.iter_rules():
        view = site.view_functions[rule.endpoint]
        writes = bool((rule.methods or set()) - SAFE)
        marked = hasattr(view, "commits_at")
        if marked and not writes:
            wrong.append(f"{rule.endpoint} is only read, but marked @commits")
        if writes and not marked:
            wrong.append(f"{rule.endpoint} changes things, but is not marked @commits")
    assert not wrong, "\n".join(wrong)


def test_only_doors_open_transactions_and_commit() -> None:
    wrong = [
        f"{reading.name(path)}:{line} {called}"
        for path in reading.files("referral")
        if not reading.name(path).startswith(MAY_OPEN)
        for line, called in reading.calls(path)
        if called.rpartition(".")[2] in ("transaction", "commit")
    ]
    assert not wrong, "\n".join(wrong)


def takes_the_actor_first(function: ast.FunctionDef) -> bool:
    """True when the first argument is the actor."""
    first = (function.args.posonlyargs + function.args.args)[:1]
    return [argument.arg for argument in first] == ["actor"]


def test_a_service_takes_the_actor_first() -> None:
    wrong = [
        f"{reading.name(path)}:{function.lineno} {function.name}"
        for slice_ in reading.slices()
        for path, function in reading.offered(slice_, "services")
        if not takes_the_actor_first(function)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_query_about_people_takes_the_actor_first_or_says_that_it_sees_everything() -> None:
    wrong = [
        f"{reading.name(path)}:{function.lineno} {function.name}"
        for slice_ in reading.slices()
        if slice_.name in ABOUT_PEOPLE
        for path, function in reading.offered(slice_, "queries")
        if not takes_the_actor_first(function) and not function.name.endswith("_unscoped")
    ]
    assert not wrong, "\n".join(wrong)
