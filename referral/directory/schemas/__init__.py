"""Shapes of what is said about services and organisations."""

from referral.directory.schemas.asking import Near, Search
from referral.directory.schemas.confirming import (
    Pause,
    PauseForm,
    RightByLink,
    RoomByLink,
)
from referral.directory.schemas.correcting import (
    Claim,
    ClaimDecision,
    ClaimDecisionForm,
    ClaimOut,
    Correction,
    CorrectionByLink,
    CorrectionForm,
    CorrectionOut,
    Kept,
    Reply,
    ReplyForm,
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
    "Pause",
    "PauseForm",
    "Photo",
    "PlaceOut",
    "Postcode",
    "Profile",
    "ProfileForm",
    "ProfileOut",
    "ProfilesOut",
    "Radius",
    "Reply",
    "ReplyForm",
    "RightByLink",
    "RoomByLink",
    "Search",
    "Service",
    "ServiceForm",
    "ServiceItem",
    "ServiceOut",
    "Version",
]
