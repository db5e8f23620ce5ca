"""Every word that is held about somebody in plans, measures and results, for them to read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from referral.accounts.models import Organisation
from referral.core import encryption
from referral.core.database import session
from referral.core.i18n import Lazy, _
from referral.outcomes import codes
from referral.outcomes.answers import said as in_words
from referral.outcomes.models import (
    Assessment,
    Goal,
    LocalMeasure,
    MeasureLicence,
    Plan,
    PlanAction,
    Report,
    Result,
    Story,
)
from referral.outcomes.queries.instruments import of_row_unscoped
from referral.outcomes.sections import SECTIONS
from referral.people.holding import Held, lines, words
from referral.referrals.codes import OUTCOMES
from referral.referrals.models import Referral

_PLAN: dict[str, Lazy] = {key: section.asked for key, section in SECTIONS.items()} | {
    "agreed_by": _("Who agreed to it for you"),
}
_REPORT: dict[str, Lazy] = {
    "summary": _("What was written at the end"),
    "done": _("What was done"),
    "not_worked": _("What did not work"),
    "comment": _("What you said to it"),
}
_TOLD_BY: dict[str, Lazy] = {
    "person": _("You said"),
    "provider": _("They said"),
}


def held_unscoped(
    referral_ids: Iterable[uuid.UUID],
    keys: Mapping[uuid.UUID, bytes],
    own: uuid.UUID | None = None,
    less: Mapping[uuid.UUID, str] | None = None,
) -> list[Held]:
    """What is held of these referrals; see ``referrals.queries.held_unscoped`` for the arguments.

    What came of it is left out for a practice that is not to hear all of it (``less`` names those
    where the reader is the practice), and so are the person's own words to the group. A story is
    read by the person alone: others read it where it is shown. A statement for each table.
    """
    left = less or {}
    ids = [one for one in referral_ids if left.get(one, "full") == "full"]
    reader = _Reader(ids, keys, frozenset(left))
    found = [*reader.plans(), *reader.measures(), *reader.results(), *reader.reports()]
    return found + (reader.stories() if own is None else [])


class _Reader:
    def __init__(
        self,
        ids: list[uuid.UUID],
        keys: Mapping[uuid.UUID, bytes],
        practice: frozenset[uuid.UUID],
    ) -> None:
        self.ids, self.keys, self.practice = ids, keys, practice

    def _open(self, person: uuid.UUID, sealed: bytes | None, context: str) -> Any:
        """Nothing where nothing was sealed or the key was destroyed."""
        key = self.keys.get(person)
        if sealed is None or key is None:
            return {}
        return encryption.open_(key, sealed, context)

    def _rows(self, table: Any, organisation: Any, *more: Any) -> Any:
        return session().execute(
            select(table, Referral.person_id, Referral.reference, Organisation.name, *more)
            .join(Referral, Referral.id == table.referral_id)
            .outerjoin(Organisation, Organisation.id == organisation)
            .where(table.referral_id.in_(self.ids))
            .order_by(table.id)
        )

    def plans(self) -> list[Held]:
        """What matters, goals, and who does what, in three statements."""
        found = []
        for row, person, reference, team in self._rows(Plan, Referral.team_id):
            about = self._open(person, row.about_sealed, f"plan:{row.id}")
            where = {"at": row.updated_at, "by": team or "", "reference": reference}
            found += lines("plan", about, _PLAN, _("Also written"), **where)
        for row, person, reference, at in self._of_plan(Goal, Goal.plan_id):
            text = self._open(person, row.text_sealed, f"goal:{row.id}")
            found += lines("plan", text, {}, _("A goal"), at=at, reference=reference)
        for row, person, reference, at in self._of_plan(PlanAction, PlanAction.plan_id):
            text = self._open(person, row.text_sealed, f"plan_action:{row.id}")
            label = _("To do: {who}", who=codes.WHO[row.who].label)
            found += lines("plan", text, {}, label, at=at, reference=reference)
        return found

    def _of_plan(self, table: Any, plan_id: InstrumentedAttribute[uuid.UUID]) -> Any:
        return session().execute(
            select(table, Referral.person_id, Referral.reference, Plan.updated_at)
            .join(Plan, Plan.id == plan_id)
            .join(Referral, Referral.id == Plan.referral_id)
            .where(Plan.referral_id.in_(self.ids))
            .order_by(table.id)
        )

    def measures(self) -> list[Held]:
        """Each question that was answered, with the answer as it was given."""
        rows = session().execute(
            select(
                Assessment,
                Referral.person_id,
                Referral.reference,
                Organisation.name,
                LocalMeasure.definition,
                MeasureLicence.definition,
            )
            .join(Referral, Referral.id == Assessment.referral_id)
            .outerjoin(Organisation, Organisation.id == Assessment.organisation_id)
            .outerjoin(
                LocalMeasure,
                (LocalMeasure.locality_id == Referral.locality_id)
                & (LocalMeasure.key == Assessment.measure)
                & (LocalMeasure.edition == Assessment.edition),
            )
            .outerjoin(MeasureLicence, MeasureLicence.id == Assessment.licence_id)
            .where(Assessment.referral_id.in_(self.ids))
            .order_by(Assessment.id)
        )
        found = []
        for row, person, reference, name, own, licensed in rows:
            answers = self._open(person, row.answers_sealed, f"assessment:{row.id}")
            measure = of_row_unscoped(row.measure, row.edition, own, licensed)
            asked = measure.by_key if measure is not None else {}
            for key, answer in answers.items():
                item = asked.get(key)
                said: Lazy | str = words(answer) if item is None else in_words(item, answer)
                if row.struck_at is not None:
                    said = _("{answer} (crossed out)", answer=said)
                label = key if item is None else str(item.text)
                found.append(
                    Held("measures", label, str(said), row.entered_at, name or "", reference)
                )
        return found

    def results(self) -> list[Held]:
        found = []
        for row, person, reference, name, goal in self._rows(
            Result, Result.organisation_id, Result.goal_id
        ):
            where: dict[str, Any] = {"at": row.at, "by": name or "", "reference": reference}
            label = str(_TOLD_BY[row.told_by])
            outcome = str(OUTCOMES[row.outcome].label)
            if goal is not None:
                outcome = str(_("Of a goal: {outcome}", outcome=outcome.lower()))
            found.append(Held("results", label, outcome, **where))
            if row.referral_id in self.practice:
                continue
            said = self._open(person, row.said_sealed, f"result:{row.id}")
            found += lines("results", said, {}, _("In words"), **where)
        return found

    def reports(self) -> list[Held]:
        found = []
        for row, person, reference, name in self._rows(Report, Referral.recipient_id):
            text = self._open(person, row.text_sealed, f"report:{row.id}")
            where = {"at": row.updated_at, "by": name or "", "reference": reference}
            found += lines("results", text, _REPORT, _("Also written"), **where)
        return found

    def stories(self) -> list[Held]:
        """One that was taken back has no words any more."""
        found = []
        for row, person, reference, _name in self._rows(Story, Referral.recipient_id):
            text = self._open(person, row.text_sealed, f"story:{row.id}")
            found += lines("story", text, {}, _("Your story"), at=row.given_at, reference=reference)
        return found
