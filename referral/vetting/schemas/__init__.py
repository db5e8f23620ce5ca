"""The shapes of what is said about checks: answers, decisions, what a group does, the scheme."""

from referral.vetting.schemas.about import About, AboutForm, Begin, Invite, ServiceSaid, VersionForm
from referral.vetting.schemas.answers import Answer, answer_schema
from referral.vetting.schemas.deciding import (
    REVIEWING,
    Accept,
    AskBack,
    Decide,
    DecideForm,
    EndHosting,
    EndHostingForm,
    Host,
    Reject,
)
from referral.vetting.schemas.scheme import SchemeBody

__all__ = [
    "REVIEWING",
    "About",
    "AboutForm",
    "Accept",
    "Answer",
    "AskBack",
    "Begin",
    "Decide",
    "DecideForm",
    "EndHosting",
    "EndHostingForm",
    "Host",
    "Invite",
    "Reject",
    "SchemeBody",
    "ServiceSaid",
    "VersionForm",
    "answer_schema",
]
