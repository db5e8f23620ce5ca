"""What a reviewer sees of one application: each check once, with what was given for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date

from referral.accounts.permissions import Permission, may
from referral.accounts.roles import ROLE_LABELS
from referral.core import clock
from referral.core.actor import Actor
from referral.core.i18n import Lazy, _, format_day
from referral.files.models import StoredFile
from referral.vetting import criminal_records, judging, passport
from referral.vetting.checks import COVER_BY, TIER_LABELS, Check, Renewal
from referral.vetting.models import Evidence
from referral.vetting.passport import Item
from referral.vetting.proportion import DOING, Does
from referral.vetting.queries import Answer, Dossier, Line, Reviewed
from referral.vetting.queries.answering import stated, told_by

NOT_YOURS = _("You gave this answer yourself, so somebody else has to look at it.")
NOT_STRANGER = _("You work with them, so somebody else has to look at it.")
LEAD_ONLY = _("Only a lead may accept this one, or not.")
STATED = {
    "issuer": _("From"),
    "number": _("Number"),
    "lead_name": _("Name"),
    "lead_phone": _("Telephone"),
    "note": _("They say"),
}


@dataclass(frozen=True)
class Paper:
    """One answer as it is looked at: its facts, its files, and what may be done with it.

    ``then``: where the check would stand if the answer were accepted; None = it was already.
    ``bar``: why this reader may do nothing with it.
    """

    evidence: Evidence
    facts: tuple[tuple[Lazy, str], ...]
    files: tuple[StoredFile, ...]
    verbs: tuple[str, ...]
    bar: Lazy | None
    then: Item | None


@dataclass(frozen=True)
class Row:
    """One check. ``open``: what waits; ``counts``: what counts now; ``seen_by`` role and team.

    ``unasked``: it was answered, but nothing they do now needs it.
    """

    check: Check
    item: Item
    open: Paper | None
    counts: Paper | None
    seen_by: str
    held_by: str
    unasked: bool = False

    @property
    def is_good(self) -> bool:
        """Required, and there."""
        return self.check.mandatory and self.item.state in ("current", "expiring")


def rows(actor: Actor, found: Reviewed, day: date) -> list[Row]:
    """The checklist, in the order of the register; then what was answered without being asked."""
    lines = found.dossier.checklist(day)
    asked = {line.item.check.key for line in lines}
    unasked = [
        Line(Item(check, "missing"), None, found.dossier.open[check.key])
        for check in found.dossier.scheme.checks
        if check.key in found.dossier.open and check.key not in asked
    ]
    return [
        *(_row(actor, found, line, day) for line in lines),
        *(replace(_row(actor, found, line, day), unasked=True) for line in unasked),
    ]


def _row(actor: Actor, found: Reviewed, line: Line, day: date) -> Row:
    answer = line.answer
    own = answer if answer is not None and answer.held_by is None else None
    return Row(
        check=line.item.check,
        item=line.item,
        open=_paper(actor, found, line.item.check, line.open, day) if line.open else None,
        counts=_paper(actor, found, line.item.check, own.evidence, None) if own else None,
        seen_by=_seen_by(found, answer) if answer else "",
        held_by=answer.held_by.name if answer and answer.held_by else "",
    )


def _paper(actor: Actor, found: Reviewed, check: Check, one: Evidence, day: date | None) -> Paper:
    fitting = judging.reviews(one.state)
    verbs = tuple(verb for verb in fitting if _may(actor, found, check, one, verb))
    return Paper(
        evidence=one,
        facts=tuple(_facts(found.dossier, one)),
        files=found.files.get(one.id, ()),
        verbs=verbs,
        bar=_bar(actor, found, one) if len(verbs) < len(fitting) else None,
        then=then(found.dossier, check, one, day) if day else None,
    )


def _may(actor: Actor, found: Reviewed, check: Check, one: Evidence, verb: str) -> bool:
    leads = verb != "ask" and check.judge == "lead"
    wanted = Permission.DECIDE_CHECKS if leads else Permission.REVIEW_CHECKS
    return may(actor, wanted, found.judged(one))


def _bar(actor: Actor, found: Reviewed, one: Evidence) -> Lazy:
    """Why the actor may not do everything with this answer."""
    if actor.id == one.submitted_by:
        return NOT_YOURS
    return NOT_STRANGER if actor.id in found.judged(one).theirs else LEAD_ONLY


def then(made: Dossier, check: Check, one: Evidence, day: date) -> Item | None:
    """Where the check would stand with this answer, for the service that needs it most."""
    given = Answer(one).given
    worst: Item | None = None
    for offer in made.services:
        for wanted in made.wanted(offer):
            if wanted.key == check.key:
                item = passport.item(wanted, given, day, does=offer.does)
                worst = item if worst is None or passport.is_worse(item, worst) else worst
    return worst


def _facts(made: Dossier, one: Evidence) -> list[tuple[Lazy, str]]:
    said = stated(one)
    found: list[tuple[Lazy, str]] = [
        (label, said[name]) for name, label in STATED.items() if said.get(name)
    ]
    if one.level:
        levels = criminal_records.BY_NATION[made.locality.nation].levels
        found.append((_("Level"), str(levels.get(one.level, one.level))))
    if one.count is not None:
        found.append((_("How many"), str(one.count)))
    if one.update_service is not None:
        found.append((_("Update Service"), str(_("Yes") if one.update_service else _("No"))))
    if one.cover is not None:
        found.append((_("Cover"), f"£{one.cover:,}"))
    if one.cover_by != "own":
        found.append((_("Whose insurance"), str(COVER_BY[one.cover_by])))
    if teller := told_by(one):
        found.append((_("By telephone, from"), teller))
    found.append((_("Dated"), format_day(one.issued_on)))
    if one.expires_on:
        found.append((_("Ends itself on"), format_day(one.expires_on)))
    if one.reason and one.state == "asked":
        found.append((_("You asked"), one.reason))
    return found


def _seen_by(found: Reviewed, answer: Answer) -> str:
    """``Link-worker lead, Elder Park link workers``."""
    one = answer.evidence
    role = ROLE_LABELS.get(one.reviewer_role)
    team = found.reviewed_by.get(one.reviewer_organisation_id or uuid.UUID(int=0), "")
    return ", ".join(part for part in (str(role) if role else "", team) if part)


def why_tier(does: Does) -> str:
    """Why a service is what it is: the facts that make it so."""
    close = [str(label) for key, label in DOING.items() if key in does.facts]
    return "; ".join(close) or str(TIER_LABELS[does.tier])


def renewal_words(renewal: Renewal) -> Lazy:
    """How long an answer counts."""
    if renewal.to_end_date:
        return _("until it ends")
    if renewal.every:
        weekday_and_day = format_day(date(clock.today().year, *renewal.every))
        return _("until {day} each year", day=weekday_and_day.partition(" ")[2])
    if renewal.months is None:
        return _("no end date")
    if renewal.months % 12 == 0 and renewal.months > 12:
        return _("{years} years", years=renewal.months // 12)
    return _("1 year") if renewal.months == 12 else _("{months} months", months=renewal.months)
