"""The form of a locality's scheme: every check of the register in a line, then its own.

Its inputs are named by check (``complaints.tiers``); what the schema loads are rules: only what
differs from the register, and the locality's own checks whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from referral.vetting import schemas
from referral.vetting.checks import CHECKS, Check
from referral.vetting.scheme import MOST_OWN, OF_OWN, OWN, Scheme
from referral.web.forms import Form

NUMBER = "number"
WORDS = ("title", "ask", "evidence", "limits")
SPARE_MARK = 4


class SchemeForm(Form):
    """``own`` are the keys of the locality's own checks, and of one more to be written."""

    def __init__(self, shown: Scheme, posted: Mapping[str, str] | None = None) -> None:
        own = [check.key for check in shown.checks if check.key.startswith(OWN)]
        self.known = frozenset(own)
        sent = dict.fromkeys(
            name.partition(".")[0] for name in (posted or {}) if name.startswith(OWN)
        )
        self.own = list(dict.fromkeys((*own, *sent)))[: MOST_OWN + 1]
        if not sent:
            self.own.append(OWN + secrets.token_hex(SPARE_MARK))
        self.rules: list[str] = []
        keys = [*(check.key for check in CHECKS), *self.own]
        super().__init__(
            schemas.SchemeBody,
            lists=("two_reviewers", *(f"{key}.tiers" for key in keys)),
            ignore=(NUMBER, "locality"),
            values=_values(shown),
        )

    def errors_of(self, key: str) -> list[str]:
        """What is wrong with the line of one check, as sentences."""
        start = f"{key}."
        return [
            rule for name, rules in self.errors.items() if name.startswith(start) for rule in rules
        ]

    def add(self, name: str, rule: Any, *, replace: bool = False) -> None:
        """The schema names rules by their place in the list; the page names them by check."""
        first, _dot, rest = name.partition(".")
        place, _dot, field = rest.partition(".")
        if first == "rules" and place.isdecimal() and int(place) < len(self.rules):
            name = f"{self.rules[int(place)]}.{field.partition('.')[0] or 'tiers'}"
        super().add(name, rule, replace=replace)

    def _loadable(self, skip: Iterable[str]) -> dict[str, Any]:
        data = super()._loadable(skip)
        typed = {name: said for name, said in data.items() if isinstance(said, dict)}
        rules = [
            rule
            for check in CHECKS
            if (rule := _national(check, typed.get(check.key, {}))) is not None
        ]
        rules += [
            rule
            for key in self.own
            if (rule := _own(key, typed.get(key, {}), key in self.known)) is not None
        ]
        self.rules = [rule["check"] for rule in rules]
        plain = {name: said for name, said in data.items() if not isinstance(said, dict)}
        return plain | {"rules": rules}


def _values(shown: Scheme) -> dict[str, Any]:
    """What the inputs say of a scheme."""
    found: dict[str, Any] = {
        NUMBER: shown.number,
        "two_reviewers": sorted(shown.two_reviewers),
        "appeal_route": shown.appeal_route,
        "assurer_email": shown.assurer_email,
    }
    for check in shown.checks:
        said: dict[str, Any] = {"tiers": list(check.tiers)}
        if check.renewal.months is not None:
            said["months"] = str(check.renewal.months)
        if check.minimum is not None:
            said["minimum"] = str(check.minimum)
        said |= {name: "yes" for name in ("mandatory", "anchor_may_hold") if getattr(check, name)}
        if check.key.startswith(OWN):
            said |= {name: str(getattr(check, name)) for name in WORDS} | {"kind": check.kind}
        found[check.key] = said
    return found


def is_timed(check: Check) -> bool:
    """May a locality say for how many months an answer counts?"""
    return not (check.renewal.to_end_date or check.renewal.every)


def _national(check: Check, typed: Mapping[str, Any]) -> dict[str, Any] | None:
    """The rule that makes the register's check what was typed; None = as the register has it."""
    tiers = typed.get("tiers") or []
    if not tiers:
        return {"check": check.key, "drop": True}
    rule: dict[str, Any] = {}
    if [tier for tier in ("S", "G", "V") if tier in tiers] != list(check.tiers):
        rule["tiers"] = tiers
    if is_timed(check):
        months = typed.get("months")
        if str(months or "").strip() != str(check.renewal.months or ""):
            rule["months"] = months
    if check.kind == "insurance":
        minimum = str(typed.get("minimum") or "").replace(",", "").strip()
        if minimum and minimum != str(check.minimum or ""):
            rule["minimum"] = minimum
    for name in ("mandatory", "anchor_may_hold"):
        ticked = typed.get(name) == "yes"
        if ticked != getattr(check, name) and (name != "anchor_may_hold" or check.anchor_may_hold):
            rule[name] = ticked
    return {"check": check.key, **rule} if rule else None


def _own(key: str, typed: Mapping[str, Any], known: bool) -> dict[str, Any] | None:
    """A check of the locality's own; None where nothing is written, or no tier is ticked any
    more of one that was there."""
    written = any(str(typed.get(name) or "").strip() for name in WORDS)
    if not written or (known and not typed.get("tiers")):
        return None
    rule = {name: typed[name] for name in OF_OWN if name in typed}
    return {"check": key, "months": None, "kind": "document", "tiers": [], **rule}
