"""The tables of vetting: what is asked, what was given, what was decided, what was told."""

from referral.vetting.models.applications import (
    Application,
    Decision,
    VettedOrganisation,
    VettedService,
)
from referral.vetting.models.evidence import Evidence, EvidenceFile, Hosting
from referral.vetting.models.history import ExpiryNotice, VettingChange, fields_of
from referral.vetting.models.schemes import RegisterEntry, RegisterLoad, SchemeVersion

__all__ = [
    "Application",
    "Decision",
    "Evidence",
    "EvidenceFile",
    "ExpiryNotice",
    "Hosting",
    "RegisterEntry",
    "RegisterLoad",
    "SchemeVersion",
    "VettedOrganisation",
    "VettedService",
    "VettingChange",
    "fields_of",
]
