"""A locality's own requirements: the national register with what it adds, drops and changes.

Kept as plain JSON, one whole version after the other, so that any decision can be read again with
the rules it was made under. ``services.scheme`` stores what ``read`` has understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from referral.vetting import checks
from referral.vetting.checks import CHECKS, TIERS, Check, Renewal, Tier

MOST_OWN = 30
# What a locality may say of a national check.
MAY_CHANGE = ("drop", "tiers", "months", "minimum", "mandatory", "anchor_may_hold")
# What it says of one of its own; its key begins with ``OWN``.
OWN = "own_"
OF_OWN = ("title", "ask", "evidence", "limits", "tiers", "kind", "months")
OWN_KINDS = ("statement", "document")


@dataclass(frozen=True)
class Scheme:
    """What one locality asks for. ``number`` 0 = the national default, unchanged."""

    number: int = 0
    checks: tuple[Check, ...] = CHECKS
    two_reviewers: frozenset[Tier] = frozenset()
    appeal_route: str = ""
    assurer_email: str = ""

    def __getitem__(self, key: str) -> Check:
        return {check.key: check for check in self.checks}[key]


def read(rules: Iterable[Mapping[str, Any]]) -> tuple[Check, ...]:
    """National checks as changed by ``rules``, then the locality's own.

    Each rule is ``{"check": key, …}`` with names of ``MAY_CHANGE`` or, for own ones, all of
    ``OF_OWN``. Raise ``ValueError`` for what makes no sense.
    """
    changes: dict[str, Mapping[str, Any]] = {}
    for rule in rules:
        key = str(rule.get("check", ""))
        if key in changes:
            raise ValueError(f"{key} is there twice")
        changes[key] = rule
    own = [key for key in changes if key.startswith(OWN)]
    unknown = sorted(set(changes) - set(own) - set(checks.BY_KEY))
    if unknown:
        raise ValueError(f"there is no check {unknown[0]}")
    if len(own) > MOST_OWN:
        raise ValueError(f"at most {MOST_OWN} checks of your own")
    kept = [
        _changed(check, changes.get(check.key, {}))
        for check in CHECKS
        if not changes.get(check.key, {}).get("drop")
    ]
    return (*kept, *(_own(key, changes[key]) for key in own))


def _changed(check: Check, rule: Mapping[str, Any]) -> Check:
    extra = set(rule) - {"check", *MAY_CHANGE}
    if extra:
        raise ValueError(f"{check.key}: {sorted(extra)[0]} cannot be changed")
    found = check
    if "tiers" in rule:
        found = replace(found, tiers=_tiers(check.key, rule["tiers"]))
    if "months" in rule:
        if check.renewal.to_end_date or check.renewal.every:
            raise ValueError(f"{check.key} ends on a day of its own")
        found = replace(found, renewal=_renewal(check.key, rule["months"]))
    if "minimum" in rule:
        if check.kind != "insurance" or not 0 < int(rule["minimum"]) <= 100_000_000:
            raise ValueError(f"{check.key} has no such minimum")
        found = replace(found, minimum=int(rule["minimum"]))
    if "mandatory" in rule:
        found = replace(found, mandatory=bool(rule["mandatory"]))
    if "anchor_may_hold" in rule:
        if rule["anchor_may_hold"] and not check.anchor_may_hold:
            raise ValueError(f"{check.key} is for each group itself to answer")
        found = replace(found, anchor_may_hold=bool(rule["anchor_may_hold"]))
    return found


def _own(key: str, rule: Mapping[str, Any]) -> Check:
    missing = [name for name in OF_OWN if name not in rule]
    if missing or set(rule) - {"check", *OF_OWN}:
        raise ValueError(f"{key} needs exactly {', '.join(OF_OWN)}")
    if rule["kind"] not in OWN_KINDS:
        raise ValueError(f"{key} must be answered by {' or '.join(OWN_KINDS)}")
    return Check(
        key,
        str(rule["title"]),
        _tiers(key, rule["tiers"]),
        rule["kind"],
        _renewal(key, rule["months"]),
        str(rule["ask"]),
        str(rule["evidence"]),
        str(rule["limits"]),
        str(rule["title"]),
        may_wait=True,
        may_not_apply=True,
    )


def _tiers(key: str, given: Sequence[str]) -> tuple[Tier, ...]:
    if not given or set(given) - set(TIERS):
        raise ValueError(f"{key} needs tiers of {', '.join(TIERS)}")
    return tuple(tier for tier in TIERS if tier in given)


def _renewal(key: str, months: int | None) -> Renewal:
    """None = for good."""
    if months is not None and not 1 <= int(months) <= 120:
        raise ValueError(f"{key} must be renewed every 1 to 120 months, or never")
    return Renewal(months)


def changed_keys(before: Scheme, after: Scheme) -> tuple[str, ...]:
    """The checks that one version has and the other has not, or has otherwise."""
    old = {check.key: check for check in before.checks}
    new = {check.key: check for check in after.checks}
    return tuple(key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key))
