"""The shapes of what is said about checks: answers, decisions, what a group does, the scheme."""

from referral.vetting.schemas.about import About, AboutForm, Invite, VersionForm
from referral.vetting.schemas.answers import answer_schema
from referral.vetting.schemas.deciding import (
    REVIEWING,
    Accept,
    AskBack,
    Decide,
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
    "AskBack",
    "Decide",
    "EndHosting",
    "EndHostingForm",
    "Host",
    "Invite",
    "Reject",
    "SchemeBody",
    "VersionForm",
    "answer_schema",
]
