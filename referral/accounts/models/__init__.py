"""The tables of accounts: who works where, and who comes in without an account."""

from referral.accounts.models.answering import (
    AnswerContact,
    AnswerContactService,
    AnswerSession,
    LinkAttempt,
    LinkCode,
    SafeLink,
)
from referral.accounts.models.organisations import (
    ORGANISATION_KINDS,
    ROLES,
    Closure,
    Locality,
    Organisation,
    Team,
)
from referral.accounts.models.personal import StatusAsk, StatusAttempt, StatusCard, StatusSession
from referral.accounts.models.users import (
    ApiToken,
    EmailToken,
    KnownDevice,
    Membership,
    SignInAttempt,
    User,
    UserSession,
)

__all__ = [
    "ORGANISATION_KINDS",
    "ROLES",
    "AnswerContact",
    "AnswerContactService",
    "AnswerSession",
    "ApiToken",
    "Closure",
    "EmailToken",
    "KnownDevice",
    "LinkAttempt",
    "LinkCode",
    "Locality",
    "Membership",
    "Organisation",
    "SafeLink",
    "SignInAttempt",
    "StatusAsk",
    "StatusAttempt",
    "StatusCard",
    "StatusSession",
    "Team",
    "User",
    "UserSession",
]
