"""The person's own page, measures, the message back, an organisation's own data."""

from __future__ import annotations

from referral.web.access.rules import PUBLIC

STATUS: dict[str, str] = {
    # The way in: reference, date of birth, code. What is theirs demands a sitting.
    "status.start": PUBLIC,
    "status.ask": PUBLIC,
    "status.code": PUBLIC,
    "status.leave": PUBLIC,
    "status.choose_language": PUBLIC,
    # What went wrong: at their page, and with those who answer it.
    "status.complaint": "see_own",
    "status.complaint_back": "see_own",
    "talking.complaints": "answer_complaints",
    "talking.complaint": "answer_complaints",
    "talking.acknowledge_complaint": "answer_complaints",
    "talking.answer_complaint": "answer_complaints",
    "talking.pass_on_complaint": "answer_complaints",
    "talking.take_back_complaint": "answer_complaints",
    "api_referrals.complaints": "answer_complaints",
    "api_referrals.complaint": "answer_complaints",
    "api_referrals.acknowledge_complaint": "answer_complaints",
    "api_referrals.answer_complaint": "answer_complaints",
    "api_referrals.pass_on_complaint": "answer_complaints",
}
MEASURES: dict[str, str] = {
    "outcomes.measures": "keep_outcomes",
    "outcomes.measure": "keep_outcomes",
    "outcomes.strike_measure": "keep_outcomes",
    "outcomes.their_measures": "keep_outcomes",
    "outcomes.their_measure": "keep_outcomes",
    "outcomes.strike_theirs": "keep_outcomes",
    "outcomes.told_measures": "keep_outcomes",
    "outcomes.told_measure": "keep_outcomes",
    "outcomes.strike_told": "keep_outcomes",
}
OUTCOMES: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
OWN_DATA: dict[str, str] = {}
