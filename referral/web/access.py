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
VETTING: dict[str, str] = {}
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
}


class Unlisted(RuntimeError):
    """An endpoint has no row in ``ACCESS``."""


def check(app: Flask, access: dict[str, str]) -> None:
    """Raise ``Unlisted`` naming every endpoint of ``app`` without a rule."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - access.keys())
    if missing:
        raise Unlisted(f"no rule in referral/web/access.py for: {', '.join(missing)}")
