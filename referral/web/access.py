"""Who may knock at which door: every endpoint of the product with its rule, and nothing else.

``"public"`` is open to all, ``"signed_in"`` to anybody with an account or token, anything else is
the key of a permission the actor's role must carry. Whether the actor may touch the *subject* is
asked again by the service. An endpoint that is not listed stops the program at start-up.
"""

from __future__ import annotations

from flask import Flask

PUBLIC = "public"
SIGNED_IN = "signed_in"

WEB: dict[str, str] = {
    "static": PUBLIC,
    "help.accessibility": PUBLIC,
    "help.privacy": PUBLIC,
    "help.about": PUBLIC,
    "help.problem": PUBLIC,
    "api-docs.openapi_json": PUBLIC,
}
ACCOUNTS: dict[str, str] = {
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": PUBLIC,
    "accounts.invitation": PUBLIC,
    "accounts.request_reset": PUBLIC,
    "accounts.reset_password": PUBLIC,
    "accounts.switch_organisation": SIGNED_IN,
    "accounts.account": SIGNED_IN,
    "accounts.password": SIGNED_IN,
    "accounts.end_session": SIGNED_IN,
    "accounts.revoke_token": SIGNED_IN,
    "accounts.organisation": "manage_organisation_people",
    "accounts.invite": "manage_organisation_people",
    "accounts.colleague": "manage_organisation_people",
    "accounts.invite_again": "manage_organisation_people",
    "accounts.inbox": "manage_organisation_people",
    "accounts.closures": "manage_closures",
    "accounts.remove_closure": "manage_closures",
    "accounts.organisations": "manage_installation",
    "accounts.new_organisation": "manage_installation",
    "accounts.edit_organisation": "manage_installation",
    "accounts.users": "manage_installation",
    "accounts.user": "manage_installation",
    "accounts.disable_user": "manage_installation",
    "accounts.enable_user": "manage_installation",
    "accounts.localities": "manage_installation",
    "accounts.new_locality": "manage_installation",
    "accounts.locality": "manage_installation",
    "api_accounts.me": SIGNED_IN,
}
DESK: dict[str, str] = {
    "desk.home": SIGNED_IN,
    "desk.refer": "raise_for_triage",
    "desk.register": "raise_for_triage",
    "desk.helps": "raise_for_triage",
    "desk.services_fragment": "raise_for_triage",
    "desk.agree": "raise_for_triage",
    "desk.discard": "raise_for_triage",
    "desk.sent": "raise_for_triage",
    "desk.card": "raise_for_triage",
    "desk.referrals": "see_referrals",
    "desk.referral": "see_referrals",
    "desk.seen": "see_referrals",
    "desk.act": "see_referrals",
    "desk.mailbox": SIGNED_IN,
    "desk.message": SIGNED_IN,
    "desk.healthz": PUBLIC,
    "desk.readyz": PUBLIC,
    "desk.metrics": PUBLIC,
}
DIRECTORY: dict[str, str] = {
    # Anybody may read the directory; what only the signed-in see is left out there.
    "directory.search": PUBLIC,
    "directory.service": PUBLIC,
    "directory.organisation": PUBLIC,
    "directory.print_search": PUBLIC,
    "directory.print_service": PUBLIC,
    "directory.export": SIGNED_IN,
    # Its own people, or who keeps the directory: the service asks for the one that fits.
    "directory.set_capacity": SIGNED_IN,
    "directory.confirm": SIGNED_IN,
    "directory.pause": SIGNED_IN,
    "directory.reopen": SIGNED_IN,
    # The right is the link of a message; nobody needs an account to say that an entry is right,
    # that something is wrong with it, or that an organisation is theirs.
    "directory.still_correct": PUBLIC,
    "directory.still_correct_again": PUBLIC,
    "directory.confirm_by_link": PUBLIC,
    "directory.room_by_link": PUBLIC,
    "directory.wrong_by_link": PUBLIC,
    "directory.suggest": PUBLIC,
    "directory.claim": PUBLIC,
    "directory.corrections": SIGNED_IN,
    "directory.correction": SIGNED_IN,
    "directory.claims": "approve_claims",
    "directory.decide_claim": "approve_claims",
    "api_directory.set_capacity": SIGNED_IN,
    "api_directory.confirm": SIGNED_IN,
    "api_directory.pause": SIGNED_IN,
    "api_directory.reopen": SIGNED_IN,
    "api_directory.suggest": SIGNED_IN,
    "api_directory.corrections": SIGNED_IN,
    "api_directory.decide_correction": SIGNED_IN,
    "api_directory.claim": SIGNED_IN,
    "api_directory.claims": "approve_claims",
    "api_directory.decide_claim": "approve_claims",
    "directory.feeds": "keep_directory",
    "directory.import_report": "keep_directory",
    "directory.conflicts": "keep_directory",
    "directory.conflict": "keep_directory",
    "api_directory.feeds": "keep_directory",
    "api_directory.conflicts": "keep_directory",
    "api_directory.decide_conflict": "keep_directory",
    "directory.add_service": SIGNED_IN,
    "directory.edit_service": SIGNED_IN,
    "directory.edit_organisation": SIGNED_IN,
    # An organisation sees its own changes that wait, a keeper those of the locality.
    "directory.changes": SIGNED_IN,
    "directory.change": SIGNED_IN,
    "directory.accept_change": "keep_directory",
    "directory.refuse_change": "keep_directory",
    "directory.withdraw_change": "keep_own_listing",
    "directory.trust": "keep_directory",
    "directory.keep": "keep_directory",
    "directory.wanting": "keep_directory",
    "directory.history": SIGNED_IN,
    "directory.organisation_history": SIGNED_IN,
    "api_directory.add_service": SIGNED_IN,
    "api_directory.edit_service": SIGNED_IN,
    "api_directory.history": SIGNED_IN,
    "api_directory.organisation": SIGNED_IN,
    "api_directory.edit_organisation": SIGNED_IN,
    "api_directory.changes": SIGNED_IN,
    "api_directory.change": SIGNED_IN,
    "api_directory.accept_change": "keep_directory",
    "api_directory.refuse_change": "keep_directory",
    # A photo is for whom its owner agreed to show it; the rest for their own side.
    "directory.photo": PUBLIC,
    "directory.people": SIGNED_IN,
    "directory.profile": SIGNED_IN,
    "directory.remove_profile": SIGNED_IN,
    "directory.set_photo": SIGNED_IN,
    "directory.withdraw_photo": SIGNED_IN,
    "api_directory.profiles": SIGNED_IN,
    "api_directory.add_profile": SIGNED_IN,
    "api_directory.edit_profile": SIGNED_IN,
    "api_directory.remove_profile": SIGNED_IN,
    # Practices, link workers and those who keep the directory: the service asks.
    "directory.tell": SIGNED_IN,
    "api_directory.tell": SIGNED_IN,
    "directory.words": "keep_directory",
    "directory.word": "keep_directory",
    "directory.remove_word": "keep_directory",
    "api_directory.synonyms": "keep_directory",
    "api_directory.add_synonym": "keep_directory",
    "api_directory.synonym": "keep_directory",
    "api_directory.edit_synonym": "keep_directory",
    "api_directory.remove_synonym": "keep_directory",
    "api_directory.services": SIGNED_IN,
    "api_directory.service": SIGNED_IN,
}
# The open feed is for anybody; it holds no account and no profile.
OPEN_REFERRAL: dict[str, str] = {
    "open_referral.home": PUBLIC,
    "open_referral.services": PUBLIC,
    "open_referral.service": PUBLIC,
    "open_referral.organizations": PUBLIC,
    "open_referral.organization": PUBLIC,
    "open_referral.service_at_locations": PUBLIC,
    "open_referral.service_at_location": PUBLIC,
    "open_referral.taxonomies": PUBLIC,
    "open_referral.taxonomy": PUBLIC,
    "open_referral.taxonomy_terms": PUBLIC,
    "open_referral.taxonomy_term": PUBLIC,
}
PARTNERSHIP: dict[str, str] = {
    "partnership.introductions": "introduce",
    "partnership.introduce": "introduce",
    "partnership.introduction": "introduce",
    "partnership.confirm": "introduce",
    "partnership.decline": "introduce",
    "partnership.withdraw": "introduce",
    "api_partnership.introductions": "introduce",
    "api_partnership.introduce": "introduce",
    "api_partnership.confirm": "introduce",
    "api_partnership.decline": "introduce",
}
PEOPLE: dict[str, str] = {
    "people.matches": "merge_people",
    "people.match": "merge_people",
    "people.decide": "merge_people",
    "api_people.register": "register_person",
    "api_people.person": "see_people",
}
REFERRALS: dict[str, str] = {
    "api_referrals.create": "raise_for_triage",
    "api_referrals.listing": "see_referrals",
    "api_referrals.read": "see_referrals",
    "api_referrals.rewrite": "raise_for_triage",
    "api_referrals.act_send": "see_referrals",
    "api_referrals.act_accept": "see_referrals",
    "api_referrals.act_waitlist": "see_referrals",
    "api_referrals.act_ask": "see_referrals",
    "api_referrals.act_reply": "see_referrals",
    "api_referrals.act_decline": "see_referrals",
    "api_referrals.act_contact": "see_referrals",
    "api_referrals.act_start": "see_referrals",
    "api_referrals.act_pause": "see_referrals",
    "api_referrals.act_resume": "see_referrals",
    "api_referrals.act_complete": "see_referrals",
    "api_referrals.act_end": "see_referrals",
    "api_referrals.act_redirect": "see_referrals",
    "api_referrals.act_withdraw": "see_referrals",
    "api_referrals.act_acknowledge": "see_referrals",
    "api_referrals.act_correct": "see_referrals",
    "api_referrals.act_raise": "see_referrals",
    "api_referrals.act_answer": "see_referrals",
    "api_referrals.act_amend": "see_referrals",
    "api_referrals.act_assign": "see_referrals",
    "api_referrals.act_undo": "see_referrals",
    "api_referrals.act_unknown": "see_referrals",
}
ACCOUNTABILITY: dict[str, str] = {
    "accountability.accountability": "see_accountability",
    "api_accountability.figures": "see_accountability",
}
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
# Groups that answer without an account: the safe link, the telephone, the printed sheet.
ANSWER: dict[str, str] = {
    # The right is the link of a message; its code makes a phone a contact's for a day.
    "accounts.answer_link": PUBLIC,
    "accounts.answer_ask": PUBLIC,
    "accounts.answer_code": PUBLIC,
    "accounts.answer_close": PUBLIC,
    "directory.answering": "keep_answer_contacts",
    "directory.answer_contact": "keep_answer_contacts",
    "directory.new_answer_contact": "keep_answer_contacts",
    "directory.answer_pin": "keep_answer_contacts",
    "directory.remove_answer_contact": "keep_answer_contacts",
    "api_directory.answering": "keep_answer_contacts",
    "api_directory.choose_answering": "keep_answer_contacts",
    "api_directory.answer_contacts": "keep_answer_contacts",
    "api_directory.add_answer_contact": "keep_answer_contacts",
    "api_directory.edit_answer_contact": "keep_answer_contacts",
    "api_directory.new_pin": "keep_answer_contacts",
    "api_directory.remove_answer_contact": "keep_answer_contacts",
}
# Telling people: letters, calls, choices of how to be told.
TELLING: dict[str, str] = {}
# Threads, notes, files, consent.
TALKING: dict[str, str] = {}
# The rest of the refer journey, and people who ask for help themselves.
ASKING: dict[str, str] = {
    "desk.decline": "raise_for_triage",
    "desk.offered": "raise_for_triage",
    # Another system's form, signed in or not: nothing is read or kept but a sealed cookie.
    "desk.from_record": PUBLIC,
    "desk.where": "see_referrals",
    # Anybody may ask for help; the queue is the link-worker team's.
    "asking.ask_for_help": PUBLIC,
    "asking.ask_for_another": PUBLIC,
    "asking.asked_for_help": PUBLIC,
    "asking.queue": "triage",
    "asking.asked": "triage",
    "asking.take": "triage",
    "asking.refuse": "triage",
    "api_referrals.decline_offer": "raise_for_triage",
    "api_referrals.self_referrals": "triage",
    "api_referrals.take_self_referral": "triage",
    "api_referrals.refuse_self_referral": "triage",
}
CASELOAD: dict[str, str] = {}
PLANS: dict[str, str] = {
    # The team that works on the referral; the practice reads it where everything comes back.
    "outcomes.plan": "see_referrals",
    "outcomes.print_plan": "see_referrals",
    "outcomes.copy": "see_referrals",
    "outcomes.about": "keep_plans",
    "outcomes.add_goal": "keep_plans",
    "outcomes.goal": "keep_plans",
    "outcomes.add_action": "keep_plans",
    "outcomes.action": "keep_plans",
    "outcomes.done": "keep_plans",
    "outcomes.agreed": "keep_plans",
    "api_outcomes.plan": "see_referrals",
    "api_outcomes.replace": "keep_plans",
}
ACCESS: dict[str, str] = {
    **WEB,
    **ACCOUNTS,
    **DESK,
    **DIRECTORY,
    **OPEN_REFERRAL,
    **PARTNERSHIP,
    **PEOPLE,
    **REFERRALS,
    **ACCOUNTABILITY,
    **VETTING,
    **ANSWER,
    **TELLING,
    **TALKING,
    **ASKING,
    **CASELOAD,
    **PLANS,
}


class Unlisted(RuntimeError):
    """An endpoint has no row in ``ACCESS``."""


def check(app: Flask, access: dict[str, str]) -> None:
    """Raise ``Unlisted`` naming every endpoint of ``app`` without a rule."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - access.keys())
    if missing:
        raise Unlisted(f"no rule in referral/web/access.py for: {', '.join(missing)}")
