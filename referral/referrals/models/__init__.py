"""The tables of a referral's life."""

from referral.referrals.models.agreeing import Consent, Evaluation, PersonSaid
from referral.referrals.models.asking import Offer, SelfReferral
from referral.referrals.models.meeting import Appointment, Contact, GroupSession
from referral.referrals.models.personal import Complaint, Supporter
from referral.referrals.models.referral import ClockRule, Referral, StatusChange
from referral.referrals.models.talking import Attachment, Enquiry, Note, Thread
from referral.referrals.models.telling import News, PaperSheet, PersonNotice

__all__ = [
    "Appointment",
    "Attachment",
    "ClockRule",
    "Complaint",
    "Consent",
    "Contact",
    "Enquiry",
    "Evaluation",
    "GroupSession",
    "News",
    "Note",
    "Offer",
    "PaperSheet",
    "PersonNotice",
    "PersonSaid",
    "Referral",
    "SelfReferral",
    "StatusChange",
    "Supporter",
    "Thread",
]
