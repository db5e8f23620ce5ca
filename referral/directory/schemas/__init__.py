"""Shapes of what is said about services and organisations."""

from referral.directory.schemas.asking import Near, Search
from referral.directory.schemas.confirming import (
    RightByLink,
    RoomByLink,
    ServicePause,
    ServicePauseForm,
)
from referral.directory.schemas.correcting import (
    Claim,
    ClaimDecision,
    ClaimDecisionForm,
    ClaimOut,
    Correction,
    CorrectionAnswer,
    CorrectionAnswerForm,
    CorrectionByLink,
    CorrectionForm,
    CorrectionOut,
    Kept,
)
from referral.directory.schemas.entries import (
    Capacity,
    CapacityForm,
    Organisation,
    OrganisationForm,
    Service,
    ServiceForm,
    Version,
)
from referral.directory.schemas.kinds import Address, Email, Needs, Postcode, Radius
from referral.directory.schemas.profiles import (
    Photo,
    Profile,
    ProfileForm,
    ProfileOut,
    ProfilesOut,
)
from referral.directory.schemas.shown import OrganisationOut, PlaceOut, ServiceItem, ServiceOut

__all__ = [
    "Address",
    "Capacity",
    "CapacityForm",
    "Claim",
    "ClaimDecision",
    "ClaimDecisionForm",
    "ClaimOut",
    "Correction",
    "CorrectionAnswer",
    "CorrectionAnswerForm",
    "CorrectionByLink",
    "CorrectionForm",
    "CorrectionOut",
    "Email",
    "Kept",
    "Near",
    "Needs",
    "Organisation",
    "OrganisationForm",
    "OrganisationOut",
    "Photo",
    "PlaceOut",
    "Postcode",
    "Profile",
    "ProfileForm",
    "ProfileOut",
    "ProfilesOut",
    "Radius",
    "RightByLink",
    "RoomByLink",
    "Search",
    "Service",
    "ServiceForm",
    "ServiceItem",
    "ServiceOut",
    "ServicePause",
    "ServicePauseForm",
    "Version",
]
