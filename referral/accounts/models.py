"""Localities, organisations, people who work there, and how they sign in."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned

ORGANISATION_KINDS = ("practice", "link_worker_team", "provider", "locality", "installation")
ROLES = (
    "practice_staff",
    "care_navigator",
    "practice_manager",
    "link_worker",
    "link_worker_lead",
    "provider_worker",
    "provider_manager",
    "commissioner",
    "privacy_lead",
    "administrator",
)


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Locality(Identified, Versioned, Base):
    """The area that shares a directory, link-worker teams, vetting rules and dashboards."""

    __tablename__ = "locality"
    name: Mapped[str] = mapped_column(String(200))
    nation: Mapped[str] = mapped_column(String(20), default="england")
    provider_weekday_limit: Mapped[int] = mapped_column(default=10)
    # The local route when somebody is at risk, in the locality's words with telephone numbers:
    # shown before anything else may be written.
    safeguarding_adults: Mapped[str] = mapped_column(Text, default="")
    safeguarding_children: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (_one_of("nation", ("england", "scotland", "wales", "northern_ireland")),)


class Organisation(Identified, Versioned, Base):
    """A tenant of any kind. ``ods_code`` for practices, ``register_number`` for charities."""

    __tablename__ = "organisation"
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    ods_code: Mapped[str | None] = mapped_column(String(10), unique=True)
    register_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    company_number: Mapped[str | None] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(String(400), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
    postcode: Mapped[str] = mapped_column(String(8), default="")
    status: Mapped[str] = mapped_column(String(10), default="active")
    closed_on: Mapped[date | None] = mapped_column(Date)
    # The practice's link-worker team: triage and what could not be placed go there.
    link_worker_team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(20), default="local")
    source_fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    # A provider answers by safe link, or (its own wish) only from accounts.
    answers_by: Mapped[str] = mapped_column(String(8), default="link")
    # It wants a printed sheet each week.
    paper: Mapped[bool] = mapped_column(default=False)
    # The days it works, Monday 0, as ``"01234"``: its clocks count these.
    open_weekdays: Mapped[str] = mapped_column(String(7), default="01234")
    # A practice's clinician for what is raised, a team's to turn to. ``clinician_words`` is for one
    # without an account: name, role, telephone.
    clinician_id: Mapped[uuid.UUID | None]
    clinician_words: Mapped[str] = mapped_column(String(400), default="")
    __table_args__ = (
        _one_of("answers_by", ("link", "account")),
        _one_of("kind", ORGANISATION_KINDS),
        _one_of("status", ("active", "closed", "merged")),
        Index("ix_organisation_kind_name", "kind", "name", "id"),
        Index("ix_organisation_link_worker_team_id", "link_worker_team_id"),
    )


class Team(Identified, Versioned, Base):
    """A group with one shared inbox inside an organisation; every organisation has a default."""

    __tablename__ = "team"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    default: Mapped[bool] = mapped_column(default=False)


class Closure(Identified, Base):
    """Days an organisation is shut; first and last inclusive."""

    __tablename__ = "closure"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200), default="")


class User(Identified, Versioned, Base):
    """Somebody who signs in. ``email`` is stored lower-case; no password until invited in."""

    __tablename__ = "user_account"
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    active: Mapped[bool] = mapped_column(default=True)
    away_until: Mapped[date | None] = mapped_column(Date)
    # When referrals' news is told: ``exceptions`` at once and the rest on the home page only,
    # ``digest`` adds one message a working day, ``at_once`` tells everything.
    told_when: Mapped[str] = mapped_column(String(10), default="exceptions")
    told_by: Mapped[str] = mapped_column(String(5), default="email")
    # For texts: opens for the installation (context ``user_mobile:<id>``).
    mobile_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    __table_args__ = (
        _one_of("told_when", ("exceptions", "digest", "at_once")),
        _one_of("told_by", ("email", "text")),
    )


class Membership(Identified, Base):
    """One role of a user in an organisation (and optionally one of its teams)."""

    __tablename__ = "membership"
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    role: Mapped[str] = mapped_column(String(20))
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id", "role"),
        _one_of("role", ROLES),
    )


class UserSession(Base):
    """A signed-in browser. The cookie holds a random token; only its digest is stored."""

    __tablename__ = "user_session"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    device: Mapped[str] = mapped_column(String(100), default="")  # "Firefox on Windows"
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class EmailToken(Base):
    """An invitation or password reset: opens by GET, acts by POST, once."""

    __tablename__ = "email_token"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (_one_of("purpose", ("invite", "reset")),)


class SignInAttempt(Identified, Base):
    """A failed sign-in; account and address are kept as keyed digests only."""

    __tablename__ = "sign_in_attempt"
    account_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    known_device: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account_digest", "at"),
        Index("ix_sign_in_attempt_address", "address_digest", "at"),
    )


class KnownDevice(Base):
    """A browser that has signed in to this account before; a lockout does not shut it out."""

    __tablename__ = "known_device"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    last_used_at: Mapped[datetime]


class ApiToken(Identified, Base):
    """A bearer token: acts for one user in one organisation. Only its digest is stored."""

    __tablename__ = "api_token"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    label: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class AnswerContact(Identified, Versioned, Base):
    """Somebody who answers for a group without an account. One row per organisation and person.

    ``details_sealed`` opens for the installation (context ``answer_contact:<id>``) to ``{name,
    email, mobile}``. ``link_by`` is the channel of the link, ``code_by`` another one: ``email``,
    ``text`` or ``pin`` (six digits given by telephone or on paper; ``pin_digest`` is keyed).
    """

    __tablename__ = "answer_contact"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    link_by: Mapped[str] = mapped_column(String(5))
    code_by: Mapped[str] = mapped_column(String(5))
    pin_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    active: Mapped[bool] = mapped_column(default=True)
    away_until: Mapped[date | None] = mapped_column(Date)
    # Since when messages to this person do not arrive; None as long as they do.
    lost_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # when they proved both channels by a first code
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID | None]
    __table_args__ = (
        _one_of("link_by", ("email", "text")),
        _one_of("code_by", ("email", "text", "pin")),
        CheckConstraint("link_by <> code_by", name="two_channels"),
    )


class AnswerContactService(Base):
    """Which services a contact answers for; a service has at most two, ``place`` 1 and 2."""

    __tablename__ = "answer_contact_service"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    __table_args__ = (
        UniqueConstraint("service_id", "contact_id"),
        CheckConstraint("place IN (1, 2)", name="place"),
    )


class SafeLink(Base):
    """The link of one message to one contact. Opening it uses nothing up; only its digest is kept.

    It leads to the question for a code and to nothing else; each message brings a new one.
    """

    __tablename__ = "safe_link"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class LinkCode(Identified, Base):
    """Six digits asked for with a link; good for one browser, which holds the row's id sealed."""

    __tablename__ = "link_code"
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    code_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # None: the contact's pin
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class AnswerSession(Base):
    """A phone remembered for a day. The cookie holds a random word; only its digest is stored."""

    __tablename__ = "answer_session"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    device: Mapped[str] = mapped_column(String(100), default="")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class LinkAttempt(Identified, Base):
    """A link that was none, a code asked for, a wrong code: counted by contact and by address.

    ``what``: ``link`` | ``asked`` | ``wrong``. Keyed digests only; kept for a day.
    """

    __tablename__ = "link_attempt"
    what: Mapped[str] = mapped_column(String(6))
    contact_id: Mapped[uuid.UUID | None]
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (
        _one_of("what", ("link", "asked", "wrong")),
        Index("ix_link_attempt_contact", "contact_id", "what", "at"),
        Index("ix_link_attempt_address", "address_digest", "what", "at"),
    )
