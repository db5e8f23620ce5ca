"""What a link worker's home counts beside the referrals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, or_, select

from referral.accounts.permissions import Permission, may
from referral.caseload.models import Handover
from referral.caseload.queries import reaching, which
from referral.core.actor import Actor
from referral.people.models import Person
from referral.referrals.models import PersonNotice, Referral, SelfReferral


def counted(actor: Actor) -> dict[str, Select[Any]]:
    """Name → a select of the ids to count, for ``referrals.queries.home``: one statement with its
    own counts. Letters and calls for who tells people, the rest for who has a caseload.
    """
    tells = _to_tell(actor) if may(actor, Permission.TELL_PEOPLE) else {}
    if not may(actor, Permission.SEE_CASELOAD) or actor.organisation_kind != "link_worker_team":
        return tells
    people = (
        select(Person.group_id)
        .select_from(Referral)
        .join(Person, Person.id == Referral.person_id)
        .distinct()
    )
    return {
        "people": people.where(which.with_worker(actor, actor.id)),
        "triage": select(Referral.id).where(which.to_triage(actor)),
        "asked": select(SelfReferral.id).where(
            SelfReferral.team_id == actor.organisation, SelfReferral.status == "waiting"
        ),
        "exceptions": select(Referral.id).where(
            or_(which.nobody_answers(actor), which.gone_quiet(actor))
        ),
        "lost": reaching.is_lost(actor),
        **tells,
        "handovers": select(Handover.id).where(
            Handover.team_id == actor.organisation,
            Handover.to_user_id == actor.id,
            Handover.read_at.is_(None),
        ),
    }


def _to_tell(actor: Actor) -> dict[str, Select[Any]]:
    """Letters to print of the organisation, and people whom the actor is to tell."""
    waiting = select(PersonNotice.id).where(
        PersonNotice.owner_id == actor.organisation, PersonNotice.state == "waiting"
    )
    mine = or_(PersonNotice.owner_user_id.is_(None), PersonNotice.owner_user_id == actor.id)
    return {
        "letters": waiting.where(PersonNotice.channel == "letter"),
        "tell": waiting.where(and_(PersonNotice.channel == "tell", mine)),
    }
