"""Who may not judge an organisation's answers: whoever gave them, and whoever works there."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.accounts.models import Membership
from referral.core.database import session
from referral.vetting.judging import Judged
from referral.vetting.models import Evidence
from referral.vetting.queries.dossier import Dossier


def judged(
    made: Dossier,
    *answers: Evidence,
    also: frozenset[uuid.UUID] = frozenset(),
    workers: frozenset[uuid.UUID] | None = None,
) -> Judged:
    """What is judged, with everybody who may not judge it.

    With ``answers`` their submitters; without, those of every answer that counts or is open, and
    whoever applied or said what its services do. Always those who work for the organisation or its
    anchor (``workers``, where they have been read), and ``also``.
    """
    everything = [
        *(answer.evidence for answer in (*made.accepted.values(), *made.held.values())),
        *made.open.values(),
    ]
    submitted = {one.submitted_by for one in (answers or everything)}
    if not answers:
        submitted |= {made.application.submitted_by} if made.application is not None else set()
        submitted |= {made.about.said_by} if made.about is not None else set()
    own = workers_of(made) if workers is None else workers
    theirs = {*own, *(id_ for id_ in submitted if id_ is not None), *also}
    return Judged(made.organisation.id, made.locality.id, frozenset(theirs))


def workers_of(made: Dossier) -> frozenset[uuid.UUID]:
    """Who works for the organisation or for its anchor."""
    sides = [made.organisation.id, *([made.hosting.anchor_id] if made.hosting else [])]
    return frozenset(
        session().scalars(select(Membership.user_id).where(Membership.organisation_id.in_(sides)))
    )
