"""The reviewer's desk: what waits, one application whole, and what has happened."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.files.models import StoredFile
from referral.vetting.judging import Judged
from referral.vetting.models import (
    Application,
    Decision,
    Evidence,
    EvidenceFile,
    SchemeVersion,
    VettedService,
    VettingChange,
)
from referral.vetting.passport import EXPIRING, IN_FORCE
from referral.vetting.queries.dossier import Dossier, dossier_unscoped
from referral.vetting.queries.scheme import as_scheme
from referral.vetting.queries.strangers import judged, workers_of

Show = Literal["waiting", "expiring", "all"]
SHOWS: tuple[Show, ...] = ("waiting", "expiring", "all")
HISTORY = 50


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. ``answers``: how many wait for a look.

    ``until``: the last day on which all that may hold its services back still counts.
    """

    application: Application
    organisation: str
    answers: int
    until: date | None

    @property
    def lapsed(self) -> bool:
        return self.until is not None and self.until < clock.today()

    @property
    def days(self) -> int | None:
        """How many days it has waited."""
        since = self.application.waiting_since
        return (clock.today() - clock.local(since).date()).days if since else None


@dataclass(frozen=True)
class Queue:
    items: list[Waiting]
    next_cursor: list[Any] | None
    waiting: int
    expiring: int


def queue(
    actor: Actor, *, show: Show = "waiting", limit: int = 25, cursor: Sequence[Any] | None = None
) -> Queue:
    """The applications of the actor's locality. ``waiting``: longest first; ``expiring``: those
    in force that end within 60 days or have, soonest first; ``all``: by name.
    """
    if actor.locality is None or not may(actor, Permission.REVIEW_CHECKS):
        raise NotFound
    soon = clock.today() + EXPIRING
    ends = _ends(actor.locality)
    ending = and_(Application.status.in_(IN_FORCE), ends.c.until <= soon)
    asked = (
        select(Application, Organisation.name, _answers_waiting(), ends.c.until)
        .select_from(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(ends, ends.c.organisation_id == Application.organisation_id)
        .where(Application.locality_id == actor.locality)
        .limit(limit + 1)
    )
    keys: dict[str, tuple[Any, Any]] = {
        "waiting": (Application.waiting_since, asked.where(Application.waiting_since.is_not(None))),
        "expiring": (ends.c.until, asked.where(ending)),
        "all": (Organisation.name, asked),
    }
    key, chosen = keys[show]
    chosen = chosen.order_by(key, Application.id)
    if cursor is not None:
        chosen = chosen.where(tuple_(key, Application.id) > tuple_(*cursor))
    rows = [Waiting(*row) for row in session().execute(chosen)]
    counts = (
        session()
        .execute(
            select(
                func.count(Application.waiting_since),
                func.count(Application.id).filter(ending),
            )
            .select_from(Application)
            .outerjoin(ends, ends.c.organisation_id == Application.organisation_id)
            .where(Application.locality_id == actor.locality)
        )
        .one()
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return Queue(rows[:limit], _key(last, show) if last else None, *counts)


def _key(last: Waiting, show: Show) -> list[Any]:
    of = {
        "waiting": last.application.waiting_since,
        "expiring": last.until,
        "all": last.organisation,
    }
    return [of[show], last.application.id]


def _ends(locality_id: uuid.UUID) -> Any:
    """The first end of each organisation's services here."""
    return (
        select(VettedService.organisation_id, func.min(VettedService.until).label("until"))
        .where(VettedService.locality_id == locality_id)
        .group_by(VettedService.organisation_id)
        .subquery()
    )


def _answers_waiting() -> Any:
    return (
        select(func.count())
        .where(Evidence.organisation_id == Application.organisation_id, Evidence.state == "given")
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Decided:
    """A decision with the name of whoever took it; None = the installation itself."""

    made: Decision
    name: str | None


@dataclass(frozen=True)
class Reviewed:
    """One application whole. ``files`` by answer; ``decisions`` the newest first.

    ``reviewed_by``: names of organisations. ``workers``: of the organisation and its anchor.
    """

    application: Application
    dossier: Dossier
    decisions: tuple[Decided, ...]
    files: dict[uuid.UUID, tuple[StoredFile, ...]]
    reviewed_by: dict[uuid.UUID, str]
    workers: frozenset[uuid.UUID]

    @property
    def pending(self) -> Decided | None:
        """The decision that waits for a second reviewer."""
        wanted = self.application.pending_id
        return next((one for one in self.decisions if one.made.id == wanted), None)

    def judged(self, *answers: Evidence, second: bool = False) -> Judged:
        """What is judged: these answers, or all of it; ``second``: after somebody's first word."""
        first = self.pending.made.decided_by if second and self.pending else None
        also = frozenset({first} if first else ())
        return judged(self.dossier, *answers, also=also, workers=self.workers)


def application(actor: Actor, application_id: uuid.UUID) -> Reviewed:
    """An application in the actor's locality, in five statements; ``NotFound`` elsewhere."""
    every = aliased(SchemeVersion)
    newest = (
        select(func.max(every.number))
        .where(every.locality_id == Application.locality_id)
        .scalar_subquery()
    )
    rows = (
        session()
        .execute(
            select(Application, SchemeVersion, Decision, User.name)
            .select_from(Application)
            .outerjoin(
                SchemeVersion,
                and_(
                    SchemeVersion.locality_id == Application.locality_id,
                    SchemeVersion.number == newest,
                ),
            )
            .outerjoin(Decision, Decision.application_id == Application.id)
            .outerjoin(User, User.id == Decision.decided_by)
            .where(Application.id == application_id)
            .order_by(Decision.id.desc())
        )
        .all()
    )
    near = rows and rows[0][0].locality_id == actor.locality
    if not near or not may(actor, Permission.REVIEW_CHECKS):
        raise NotFound
    found = rows[0][0]
    made = dossier_unscoped(found.organisation_id, found.locality_id, scheme=as_scheme(rows[0][1]))
    taken: list[tuple[Decision | None, str | None]] = [(row[2], row[3]) for row in rows]
    decided = tuple(Decided(one, name) for one, name in taken if one is not None)
    answers = [
        *(answer.evidence for answer in (*made.accepted.values(), *made.held.values())),
        *made.open.values(),
    ]
    files, organisations = _beside(answers)
    return Reviewed(found, made, decided, files, organisations, workers_of(made))


def _beside(
    answers: Sequence[Evidence],
) -> tuple[dict[uuid.UUID, tuple[StoredFile, ...]], dict[uuid.UUID, str]]:
    """The files of the answers, and the names of the organisations that reviewed them."""
    found: dict[uuid.UUID, tuple[StoredFile, ...]] = {}
    names: dict[uuid.UUID, str] = {}
    rows = session().execute(
        select(Evidence.id, StoredFile, Organisation.id, Organisation.name)
        .select_from(Evidence)
        .outerjoin(EvidenceFile, EvidenceFile.evidence_id == Evidence.id)
        .outerjoin(
            StoredFile,
            and_(StoredFile.id == EvidenceFile.file_id, StoredFile.deleted_at.is_(None)),
        )
        .outerjoin(Organisation, Organisation.id == Evidence.reviewer_organisation_id)
        .where(Evidence.id.in_([one.id for one in answers]))
        .order_by(StoredFile.label, StoredFile.id)
    )
    for evidence_id, file, organisation_id, name in rows:
        if file is not None:
            found[evidence_id] = (*found.get(evidence_id, ()), file)
        if organisation_id is not None:
            names[organisation_id] = name
    return found, names


@dataclass(frozen=True)
class Change:
    """One line of the history, with the names that belong to it; ``check``: of an answer."""

    made: VettingChange
    name: str | None
    organisation: str | None
    check: str | None


@dataclass(frozen=True)
class History:
    application: Application
    organisation: str
    items: list[Change]
    next_cursor: list[Any] | None


def history(
    actor: Actor,
    application_id: uuid.UUID,
    *,
    limit: int = HISTORY,
    cursor: Sequence[Any] | None = None,
) -> History:
    """What happened to an application and to the answers it stands on, the newest first."""
    row = (
        session()
        .execute(
            select(Application, Organisation.name)
            .join(Organisation, Organisation.id == Application.organisation_id)
            .where(Application.id == application_id, Application.locality_id == actor.locality)
        )
        .first()
    )
    if row is None or not may(actor, Permission.REVIEW_CHECKS):
        raise NotFound
    found, name = row
    asked = _changes(found.organisation_id, found.locality_id).limit(limit + 1)
    if cursor is not None:
        asked = asked.where(VettingChange.id < cursor[0])
    rows = [Change(*row) for row in session().execute(asked)]
    last = rows[limit - 1] if len(rows) > limit else None
    return History(found, name, rows[:limit], [last.made.id] if last else None)


def _changes(organisation_id: uuid.UUID, locality_id: uuid.UUID) -> Any:
    by = aliased(Organisation)
    return (
        select(VettingChange, User.name, by.name, Evidence.check_key)
        .select_from(VettingChange)
        .outerjoin(Evidence, Evidence.id == VettingChange.subject_id)
        .outerjoin(User, User.id == VettingChange.actor_id)
        .outerjoin(by, by.id == VettingChange.actor_organisation_id)
        .where(
            VettingChange.organisation_id == organisation_id,
            or_(VettingChange.locality_id.is_(None), VettingChange.locality_id == locality_id),
        )
        .order_by(VettingChange.id.desc())
    )


def since(
    actor: Actor, application_id: uuid.UUID, moment: datetime, limit: int = 5
) -> list[Change]:
    """What others did to an application after ``moment``, the newest first: for who was slower."""
    found = session().get(Application, application_id)
    if found is None or found.locality_id != actor.locality:
        raise NotFound
    asked = _changes(found.organisation_id, found.locality_id).where(VettingChange.at > moment)
    return [Change(*row) for row in session().execute(asked.limit(limit))]


def application_of(actor: Actor, evidence_id: uuid.UUID) -> uuid.UUID:
    """The application, in the actor's locality, that an answer belongs to; else ``NotFound``."""
    found = session().scalar(
        select(Application.id)
        .join(Evidence, Evidence.organisation_id == Application.organisation_id)
        .where(Evidence.id == evidence_id, Application.locality_id == actor.locality)
    )
    if found is None or not may(actor, Permission.REVIEW_CHECKS):
        raise NotFound
    return found
