"""What one select brings of a referral and of everybody named on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import AnswerContact, Locality, Organisation, User
from referral.core.i18n import Lazy
from referral.directory import passport
from referral.directory.models import Listing, Service
from referral.people.models import Person, PersonKey
from referral.places.models import OutwardCode
from referral.referrals.codes import MET_THE_PERSON
from referral.referrals.lifecycle import OPEN
from referral.referrals.models import Contact, PersonSaid, Referral

TOUCH = ("in_touch", "not_in_touch")
Sender, Recipient, Practice = (aliased(Organisation, name=n) for n in ("s", "r", "p"))
Team, Owner = (aliased(Organisation, name=n) for n in ("t", "o"))
Here = aliased(Locality, name="here")
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
    Listing.state.label("checks_state"),
    Listing.until.label("checks_until"),
    Listing.paused_on.label("checks_paused_on"),
)


def with_names_unscoped(chosen: Any) -> Any:
    """Join the organisations, the owner and the service a row of a list names."""
    return (
        chosen.join(Sender, Sender.id == Referral.sender_id)
        .outerjoin(Recipient, Recipient.id == Referral.recipient_id)
        .outerjoin(Owner, Owner.id == Referral.owner_id)
        .outerjoin(User, User.id == Referral.owner_user_id)
        .outerjoin(Service, Service.id == Referral.service_id)
        .outerjoin(Listing, Listing.service_id == Referral.service_id)
    )


def held_back(row: Any, status: str, today: date) -> Lazy | None:
    """What is to be said of an open referral whose service gets no new ones, because of checks."""
    if row.checks_state is None or status not in OPEN:
        return None
    return passport.held_back(row.checks_state, row.checks_until, row.checks_paused_on, today)


def checks_line(row: Any, today: date) -> str:
    """The passport of the service in one line; empty without one."""
    if row.checks_state is None:
        return ""
    said = {"accepts": row.accepts_referrals, "reason": row.checks_reason}
    return passport.in_one_line(row.checks_summary, row.checks_until, today, **said)


def last_touch_unscoped() -> ScalarSelect[Any]:
    """The latest that the person said of whether anybody has been in touch: its id."""
    return (
        select(PersonSaid.id)
        .where(PersonSaid.referral_id == Referral.id, PersonSaid.kind.in_(TOUCH))
        .order_by(PersonSaid.at.desc(), PersonSaid.id.desc())
        .limit(1)
        .correlate(Referral)
        .scalar_subquery()
    )


def person_differs_unscoped() -> ColumnElement[bool]:
    """The person says that nobody has been in touch, and the record says otherwise: the rule of
    ``plain.differs``, for the open referrals of a query.
    """
    no, later = aliased(PersonSaid, name="no"), aliased(PersonSaid, name="later")
    since = exists().where(
        later.referral_id == Referral.id, later.kind == "in_touch", later.at > no.at
    )
    met = exists().where(
        Contact.referral_id == Referral.id,
        Contact.at > no.at,
        Contact.undone.is_(False),
        Contact.result.in_(sorted(MET_THE_PERSON)),
    )
    return and_(
        Referral.first_contact_at.is_not(None),
        Referral.status.in_(OPEN),
        exists().where(
            no.referral_id == Referral.id,
            no.kind == "not_in_touch",
            no.at >= Referral.first_contact_at,
            ~since,
            ~met,
        ),
    )


def is_held_back(today: date) -> ColumnElement[bool]:
    """The same, for the referrals of a query: their service is one of these."""
    flagged = or_(
        Listing.state.in_(("lapsed", "suspended", "withdrawn")),
        Listing.paused_on.is_not(None),
        and_(Listing.accepts_referrals, Listing.until < today),
    )
    return Referral.service_id.in_(select(Listing.service_id).where(flagged))


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
        Listing.checks_summary,
        Listing.accepts_referrals,
        Listing.reason.label("checks_reason"),
        Here.safeguarding_adults,
        Here.safeguarding_children,
        Practice.name.label("practice_name"),
        Team.name.label("team_name"),
        Team.phone.label("team_phone"),
        Sender.phone.label("sender_phone"),
        AnswerContact.id.label("contact_id"),
        AnswerContact.details_sealed.label("contact_sealed"),
        BasedOn.reference.label("based_on_reference"),
        BasedOn.status.label("based_on_status"),
        BasedOn.service_id.label("based_on_service_id"),
        ReplacedBy.reference.label("replaced_by_reference"),
        ReplacedBy.status.label("replaced_by_status"),
        OutwardCode.latitude,
        OutwardCode.longitude,
        deceased.label("deceased_on"),
        unsafe.label("unsafe"),
        PersonSaid.kind.label("touch_said"),
        PersonSaid.at.label("touch_at"),
        person_differs_unscoped().label("person_differs"),
    ).select_from(Referral)
    return (
        with_identity_unscoped(with_names_unscoped(chosen))
        .outerjoin(PersonKey, PersonKey.person_id == Person.id)
        .outerjoin(Here, Here.id == Referral.locality_id)
        .outerjoin(Practice, Practice.id == Referral.practice_id)
        .outerjoin(Team, Team.id == Referral.fallback_id)
        .outerjoin(AnswerContact, AnswerContact.id == Referral.owner_contact_id)
        .outerjoin(BasedOn, BasedOn.id == Referral.based_on_id)
        .outerjoin(ReplacedBy, ReplacedBy.id == Referral.replaced_by_id)
        .outerjoin(OutwardCode, OutwardCode.code == Referral.area)
        .outerjoin(PersonSaid, PersonSaid.id == last_touch_unscoped())
    )
