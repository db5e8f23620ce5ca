"""Shapes of a referral, in and out."""

from referral.referrals.schemas.agreeing import (
    ConsentOut,
    ConsentsOut,
    EvaluationForm,
    Said,
    SaidOut,
    Withdrawal,
)
from referral.referrals.schemas.bodies import BODIES, Amend
from referral.referrals.schemas.referral import Consent, Create, Draft, Risk, incomplete
from referral.referrals.schemas.shown import ReferralOut, ReferralRow
from referral.referrals.schemas.talking import (
    AlternativesOut,
    AnswerEnquiry,
    AskFirst,
    Convert,
    EnquiriesOut,
    EnquiryArguments,
    EnquiryOut,
    NoteForm,
    NoteOut,
    NotesOut,
    Strike,
)

__all__ = [
    "BODIES",
    "AlternativesOut",
    "Amend",
    "AnswerEnquiry",
    "AskFirst",
    "Consent",
    "ConsentOut",
    "ConsentsOut",
    "Convert",
    "Create",
    "Draft",
    "EnquiriesOut",
    "EnquiryArguments",
    "EnquiryOut",
    "EvaluationForm",
    "NoteForm",
    "NoteOut",
    "NotesOut",
    "ReferralOut",
    "ReferralRow",
    "Risk",
    "Said",
    "SaidOut",
    "Strike",
    "Withdrawal",
    "incomplete",
]
