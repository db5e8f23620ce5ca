"""What one select brings of a referral and of everybody named on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from referral.accounts.models import Organisation, User
from referral.directory.models import Service
from referral.people.models import Person, PersonKey
from referral.referrals.models import Referral

Sender, Recipient, Practice = (aliased(Organisation, name=n) for n in ("s", "r", "p"))
Team, Owner = (aliased(Organisation, name=n) for n in ("t", "o"))
Kept = aliased(Person, name="kept")
KeptKey = aliased(PersonKey, name="kept_key")
Same = aliased(Person, name="same")
BasedOn = aliased(Referral, name="based_on")
ReplacedBy = aliased(Referral, name="replaced_by")

IDENTITY = (
    Kept.id.label("kept_id"),
    Kept.identity_sealed.label("identity_sealed"),
    KeptKey.wrapped.label("kept_wrapped"),
)
NAMES = (
    Sender.name.label("sender_name"),
    Sender.kind.label("sender_kind"),
    Recipient.name.label("recipient_name"),
    Recipient.kind.label("recipient_kind"),
    Owner.name.label("owner_name"),
    User.name.label("owner_user_name"),
    Service.name.label("service_name"),
)


def with_names_unscoped(chosen: Any) -> Any:
    """Join the organisations, the owner and the service a row of a list names."""
    return (
        chosen.join(Sender, Sender.id == Referral.sender_id)
        .outerjoin(Recipient, Recipient.id == Referral.recipient_id)
        .outerjoin(Owner, Owner.id == Referral.owner_id)
        .outerjoin(User, User.id == Referral.owner_user_id)
        .outerjoin(Service, Service.id == Referral.service_id)
    )


def with_identity_unscoped(chosen: Any) -> Any:
    """Join the person's record, or the one it was merged into, and the key that opens it."""
    return (
        chosen.join(Person, Person.id == Referral.person_id)
        .join(Kept, Kept.id == func.coalesce(Person.merged_into_id, Person.id))
        .outerjoin(KeptKey, KeptKey.person_id == Kept.id)
    )


def whole_unscoped() -> Any:
    """Everything about one referral that stands in single columns."""
    deceased = (
        select(func.max(Same.deceased_on))
        .where(Same.group_id == Person.group_id)
        .correlate(Person)
        .scalar_subquery()
    )
    unsafe = (
        select(func.max(case((Same.unsafe_to_contact, 1), else_=0)))
        .where(Same.group_id == Person.group_id)
        .correlate(Person)
        .scalar_subquery()
    )
    chosen = select(
        Referral,
        *NAMES,
        *IDENTITY,
        PersonKey.wrapped.label("wrapped"),
        Practice.name.label("practice_name"),
        Team.name.label("team_name"),
        BasedOn.reference.label("based_on_reference"),
        BasedOn.status.label("based_on_status"),
        ReplacedBy.reference.label("replaced_by_reference"),
        ReplacedBy.status.label("replaced_by_status"),
        deceased.label("deceased_on"),
        unsafe.label("unsafe"),
    ).select_from(Referral)
    return (
        with_identity_unscoped(with_names_unscoped(chosen))
        .outerjoin(PersonKey, PersonKey.person_id == Person.id)
        .outerjoin(Practice, Practice.id == Referral.practice_id)
        .outerjoin(Team, Team.id == Referral.fallback_id)
        .outerjoin(BasedOn, BasedOn.id == Referral.based_on_id)
        .outerjoin(ReplacedBy, ReplacedBy.id == Referral.replaced_by_id)
    )
