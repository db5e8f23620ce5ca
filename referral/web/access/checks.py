"""Checks of organisations."""

from __future__ import annotations

from referral.web.access.rules import PUBLIC, SIGNED_IN

VETTING: dict[str, str] = {
    # Each role's own page about checks.
    "vetting.home": SIGNED_IN,
    "vetting.apply": "apply_for_checks",
    # Link workers too, for a group without an account; the service asks whose it is.
    "vetting.submit": "give_evidence",
    "vetting.leave": "apply_for_checks",
    "vetting.about": "give_evidence",
    "vetting.answer": "give_evidence",
    "vetting.take_back": "give_evidence",
    "vetting.hosting": "apply_for_checks",
    "vetting.agree_hosting": "apply_for_checks",
    "vetting.end_hosting": "apply_for_checks",
    # Reviewers of the locality; the scheme is its owners', the figures are without names.
    "vetting.queue": "review_checks",
    "vetting.application": "review_checks",
    "vetting.review": "review_checks",
    "vetting.decide": "decide_checks",
    "vetting.history": "review_checks",
    "vetting.invite": "review_checks",
    "vetting.scheme": "set_checks",
    "vetting.change_scheme": "set_checks",
    "vetting.preview_scheme": "set_checks",
    "vetting.scheme_version": "set_checks",
    "vetting.overview": "see_checks_overview",
    "vetting.overview_csv": "see_checks_overview",
    # What was seen of an organisation is for anybody; strangers read less of it.
    "vetting.passport": PUBLIC,
    "vetting.print_passport": PUBLIC,
    # Its own side, and reviewers of what it is for: the service asks.
    "vetting.file": SIGNED_IN,
    "api_vetting.file": SIGNED_IN,
    "api_vetting.upload": "give_evidence",
    # For programs. An organisation's own people or the reviewers of its locality: the service asks.
    "api_vetting.checks": SIGNED_IN,
    "api_vetting.scheme": "set_checks",
    "api_vetting.set_scheme": "set_checks",
    "api_vetting.preview_scheme": "set_checks",
    "api_vetting.overview": "see_checks_overview",
    "api_vetting.service_passport": SIGNED_IN,
    "api_vetting.organisation_passport": SIGNED_IN,
    "api_vetting.applications": "give_evidence",
    "api_vetting.apply": SIGNED_IN,
    "api_vetting.application": "give_evidence",
    "api_vetting.submit": "give_evidence",
    "api_vetting.leave": "apply_for_checks",
    "api_vetting.about": "give_evidence",
    "api_vetting.say_about": "give_evidence",
    "api_vetting.evidence": "give_evidence",
    "api_vetting.give_evidence": "give_evidence",
    "api_vetting.one_answer": "give_evidence",
    "api_vetting.take_back": "give_evidence",
    "api_vetting.accept": "review_checks",
    "api_vetting.reject": "review_checks",
    "api_vetting.ask": "review_checks",
    "api_vetting.decide": "decide_checks",
    "api_vetting.application_history": "review_checks",
    "api_vetting.hostings": "apply_for_checks",
    "api_vetting.propose_hosting": "apply_for_checks",
    "api_vetting.agree_hosting": "apply_for_checks",
    "api_vetting.end_hosting": "apply_for_checks",
}
