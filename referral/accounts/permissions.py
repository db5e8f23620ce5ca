"""Who may do what: the one page to read, question and sign off.

1. ``ROLE_PERMISSIONS``: what each role may do at all. What is not written here is refused.
2. ``WITHIN``: for which subject: own organisation, own referral, own locality.
3. ``roles.PARTY_ROLES``: which roles may do a referral's verbs for the sender, the recipient and
   the team it falls back on; ``referrals/lifecycle.py`` says which party a verb belongs to, when.

Scope comes before permission: queries answer "nothing here" (404) for what the actor has no
legitimate relationship with; only then does this page say yes or no (403).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from referral.accounts.roles import ALSO, GROUP_CONTACT, PARTY_ROLES, THE_PERSON, TRIAGE_ONLY
from referral.accounts.subjects import (
    answers_checks,
    has_figures_for,
    is_between_own_organisation,
    is_in_own_locality,
    is_kept_by_own_organisation,
    is_looked_after_by_own_team,
    is_own_organisation,
    is_received_by_own_organisation,
    judges_checks,
    keeps_directory,
    manages,
    sets_checks,
)
from referral.core.actor import Actor
from referral.core.errors import Forbidden


class Permission(StrEnum):
    """Something a role may do. The value is what ``web/access`` writes beside an endpoint."""

    # People and referrals
    REFER = "refer"
    RAISE_FOR_TRIAGE = "raise_for_triage"
    TRIAGE = "triage"
    REGISTER_PERSON = "register_person"
    SEE_PEOPLE = "see_people"
    SEE_REFERRALS = "see_referrals"
    READ_CLINICAL = "read_clinical"
    ACT_ON_REFERRALS = "act_on_referrals"
    ANSWER_REFERRALS = "answer_referrals"
    ASSIGN_REFERRALS = "assign_referrals"
    MERGE_PEOPLE = "merge_people"
    # A question about fit before anybody is named; an offer that was declined
    ASK_FIRST = "ask_first"
    # What a group says by telephone or on paper, written down for it; who answers there by link
    ANSWER_BY_TELEPHONE = "answer_by_telephone"
    KEEP_ANSWER_CONTACTS = "keep_answer_contacts"
    # Letters to print, people to tell, what they say at the desk or by telephone
    TELL_PEOPLE = "tell_people"
    # The link worker's desk
    SEE_CASELOAD = "see_caseload"
    KEEP_PLANS = "keep_plans"
    # Did it help: measures, results, the message back, the fit; places that somebody pays for
    KEEP_OUTCOMES = "keep_outcomes"
    SET_MEASURES = "set_measures"
    KEEP_LICENCES = "keep_licences"
    EXPORT_OWN_DATA = "export_own_data"
    SHOW_STORIES = "show_stories"
    ANSWER_COMPLAINTS = "answer_complaints"
    # All that is held about somebody, for them
    HAND_OVER_RECORD = "hand_over_record"
    # A person's own page
    SEE_OWN = "see_own"
    ALLOCATE = "allocate"
    BRING_ACROSS = "bring_across"
    SUPERVISE = "supervise"
    # The directory
    READ_DIRECTORY = "read_directory"
    KEEP_DIRECTORY = "keep_directory"
    KEEP_OWN_LISTING = "keep_own_listing"
    APPROVE_CLAIMS = "approve_claims"
    # Show oneself to the other side, and say who met whom
    INTRODUCE = "introduce"
    # Checks on organisations ("vetting")
    APPLY_FOR_CHECKS = "apply_for_checks"
    GIVE_EVIDENCE = "give_evidence"
    REVIEW_CHECKS = "review_checks"
    DECIDE_CHECKS = "decide_checks"
    SET_CHECKS = "set_checks"
    SEE_CHECKS_OVERVIEW = "see_checks_overview"
    # Whom to ring here when somebody is at risk: the locality's words
    SET_SAFEGUARDING_ROUTE = "set_safeguarding_route"
    # Figures: never a name
    SEE_ACCOUNTABILITY = "see_accountability"
    SEE_LOCALITY_FIGURES = "see_locality_figures"
    WATCH_EXCEPTIONS = "watch_exceptions"
    # Privacy
    READ_ACCESS_LOG = "read_access_log"
    REGISTER_EVALUATIONS = "register_evaluations"
    # Organisations and accounts
    MANAGE_ORGANISATION_PEOPLE = "manage_organisation_people"
    MANAGE_CLOSURES = "manage_closures"
    MANAGE_INSTALLATION = "manage_installation"


P = Permission

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    # GP, nurse, paramedic: refers, knows what happened, acts when asked.
    "practice_staff": frozenset(
        {
            P.REFER,
            P.RAISE_FOR_TRIAGE,
            P.REGISTER_PERSON,
            P.SEE_PEOPLE,
            P.SEE_REFERRALS,
            P.READ_CLINICAL,
            P.ACT_ON_REFERRALS,
            P.ASSIGN_REFERRALS,
            P.ASK_FIRST,
            P.TELL_PEOPLE,
            P.READ_DIRECTORY,
            P.INTRODUCE,
            P.SEE_ACCOUNTABILITY,
            P.HAND_OVER_RECORD,
        }
    ),
    # Reception: signposts, raises for triage, answers "where is my referral?"; nothing clinical.
    "care_navigator": frozenset(
        {
            P.RAISE_FOR_TRIAGE,
            P.REGISTER_PERSON,
            P.SEE_PEOPLE,
            P.SEE_REFERRALS,
            P.TELL_PEOPLE,
            P.READ_DIRECTORY,
            P.INTRODUCE,
        }
    ),
    # Sees that referrals move and who should move them, not what they say.
    "practice_manager": frozenset(
        {
            P.SEE_REFERRALS,
            P.ASSIGN_REFERRALS,
            P.READ_DIRECTORY,
            P.INTRODUCE,
            P.SEE_ACCOUNTABILITY,
            P.MANAGE_ORGANISATION_PEOPLE,
            P.MANAGE_CLOSURES,
            P.ANSWER_COMPLAINTS,
        }
    ),
    "link_worker": frozenset(
        {
            P.REFER,
            P.RAISE_FOR_TRIAGE,
            P.TRIAGE,
            P.REGISTER_PERSON,
            P.SEE_PEOPLE,
            P.SEE_REFERRALS,
            P.READ_CLINICAL,
            P.ACT_ON_REFERRALS,
            P.ANSWER_REFERRALS,
            P.ASSIGN_REFERRALS,
            P.ASK_FIRST,
            P.ANSWER_BY_TELEPHONE,
            P.KEEP_ANSWER_CONTACTS,
            P.TELL_PEOPLE,
            P.SEE_CASELOAD,
            P.KEEP_PLANS,
            P.READ_DIRECTORY,
            P.INTRODUCE,
            P.KEEP_DIRECTORY,
            P.GIVE_EVIDENCE,
            P.REVIEW_CHECKS,
            P.SEE_ACCOUNTABILITY,
            P.KEEP_OUTCOMES,
            P.HAND_OVER_RECORD,
        }
    ),
    "link_worker_lead": frozenset(
        {
            P.REFER,
            P.RAISE_FOR_TRIAGE,
            P.TRIAGE,
            P.REGISTER_PERSON,
            P.SEE_PEOPLE,
            P.SEE_REFERRALS,
            P.READ_CLINICAL,
            P.ACT_ON_REFERRALS,
            P.ANSWER_REFERRALS,
            P.ASSIGN_REFERRALS,
            P.MERGE_PEOPLE,
            P.ASK_FIRST,
            P.ANSWER_BY_TELEPHONE,
            P.KEEP_ANSWER_CONTACTS,
            P.TELL_PEOPLE,
            P.SEE_CASELOAD,
            P.KEEP_PLANS,
            P.ALLOCATE,
            P.BRING_ACROSS,
            P.SUPERVISE,
            P.READ_DIRECTORY,
            P.INTRODUCE,
            P.KEEP_DIRECTORY,
            P.APPROVE_CLAIMS,
            P.GIVE_EVIDENCE,
            P.REVIEW_CHECKS,
            P.DECIDE_CHECKS,
            P.SET_CHECKS,
            P.SET_SAFEGUARDING_ROUTE,
            P.SEE_CHECKS_OVERVIEW,
            P.SEE_ACCOUNTABILITY,
            P.WATCH_EXCEPTIONS,
            P.MANAGE_ORGANISATION_PEOPLE,
            P.MANAGE_CLOSURES,
            P.KEEP_OUTCOMES,
            P.SET_MEASURES,
            P.KEEP_LICENCES,
            P.EXPORT_OWN_DATA,
            P.SHOW_STORIES,
            P.ANSWER_COMPLAINTS,
            P.HAND_OVER_RECORD,
        }
    ),
    # Sees what the stage of the referral discloses (referrals/disclosure.py), no more.
    "provider_worker": frozenset(
        {
            P.SEE_PEOPLE,
            P.SEE_REFERRALS,
            P.READ_CLINICAL,
            P.ACT_ON_REFERRALS,
            P.ANSWER_REFERRALS,
            P.ASSIGN_REFERRALS,
            P.READ_DIRECTORY,
            P.INTRODUCE,
            P.KEEP_OWN_LISTING,
            P.GIVE_EVIDENCE,
            P.SEE_ACCOUNTABILITY,
            P.KEEP_OUTCOMES,
        }
    ),
    "provider_manager": frozenset(
        {
            P.SEE_PEOPLE,
            P.SEE_REFERRALS,
            P.READ_CLINICAL,
            P.ACT_ON_REFERRALS,
            P.ANSWER_REFERRALS,
            P.ASSIGN_REFERRALS,
            P.READ_DIRECTORY,
            P.INTRODUCE,
            P.KEEP_OWN_LISTING,
            P.KEEP_ANSWER_CONTACTS,
            P.APPLY_FOR_CHECKS,
            P.GIVE_EVIDENCE,
            P.SEE_ACCOUNTABILITY,
            P.MANAGE_ORGANISATION_PEOPLE,
            P.MANAGE_CLOSURES,
            P.KEEP_OUTCOMES,
            P.KEEP_LICENCES,
            P.EXPORT_OWN_DATA,
            P.SHOW_STORIES,
            P.ANSWER_COMPLAINTS,
        }
    ),
    # Anonymous figures only: no person, no referral. Owns the scheme of checks: what is asked.
    "commissioner": frozenset(
        {
            P.READ_DIRECTORY,
            P.SET_CHECKS,
            P.SET_SAFEGUARDING_ROUTE,
            P.SEE_CHECKS_OVERVIEW,
            P.SEE_ACCOUNTABILITY,
            P.SEE_LOCALITY_FIGURES,
            P.SET_MEASURES,
        }
    ),
    # Caldicott guardian: who looked at what, and records that may be one person.
    "privacy_lead": frozenset(
        {P.READ_DIRECTORY, P.READ_ACCESS_LOG, P.MERGE_PEOPLE, P.REGISTER_EVALUATIONS}
    ),
    # Organisations, users, settings; no screen with a patient on it.
    "administrator": frozenset(
        {
            P.READ_DIRECTORY,
            P.KEEP_DIRECTORY,
            P.APPROVE_CLAIMS,
            P.SET_CHECKS,
            P.SET_SAFEGUARDING_ROUTE,
            P.SEE_CHECKS_OVERVIEW,
            P.MANAGE_ORGANISATION_PEOPLE,
            P.MANAGE_CLOSURES,
            P.MANAGE_INSTALLATION,
        }
    ),
}

# Who answers for a group by safe link, without an account; nobody is given this as a role. It sees
# the open referrals to the services it answers for and what their stage discloses, nothing else.
CONTACT_PERMISSIONS = frozenset(
    {P.SEE_PEOPLE, P.SEE_REFERRALS, P.READ_CLINICAL, P.ACT_ON_REFERRALS, P.ANSWER_REFERRALS}
) | {P.KEEP_OUTCOMES}
# The person referred, at their own page; nobody is given this as a role either.
PERSON_PERMISSIONS = frozenset({P.SEE_OWN})
_WITHOUT_ACCOUNT = {GROUP_CONTACT: CONTACT_PERMISSIONS, THE_PERSON: PERSON_PERMISSIONS}

# For which subject a permission holds. A permission that is not here has no subject of its own.
WITHIN: dict[Permission, Callable[[Actor, Any], bool]] = {
    P.SEE_REFERRALS: is_between_own_organisation,
    P.READ_CLINICAL: is_between_own_organisation,
    P.ACT_ON_REFERRALS: is_between_own_organisation,
    P.ASSIGN_REFERRALS: is_between_own_organisation,
    P.ANSWER_REFERRALS: is_received_by_own_organisation,
    P.TRIAGE: is_received_by_own_organisation,
    P.MERGE_PEOPLE: is_in_own_locality,
    P.ANSWER_BY_TELEPHONE: is_looked_after_by_own_team,
    P.KEEP_ANSWER_CONTACTS: answers_checks,
    P.KEEP_OUTCOMES: is_between_own_organisation,
    P.SET_MEASURES: is_in_own_locality,
    P.KEEP_LICENCES: is_own_organisation,
    P.EXPORT_OWN_DATA: is_own_organisation,
    P.SHOW_STORIES: is_kept_by_own_organisation,
    P.ANSWER_COMPLAINTS: is_kept_by_own_organisation,
    P.ALLOCATE: is_own_organisation,
    P.BRING_ACROSS: is_own_organisation,
    P.REGISTER_EVALUATIONS: is_in_own_locality,
    P.KEEP_DIRECTORY: keeps_directory,
    P.APPROVE_CLAIMS: keeps_directory,
    P.KEEP_OWN_LISTING: is_kept_by_own_organisation,
    P.INTRODUCE: is_own_organisation,
    P.APPLY_FOR_CHECKS: is_kept_by_own_organisation,
    P.GIVE_EVIDENCE: answers_checks,
    P.REVIEW_CHECKS: judges_checks,
    P.DECIDE_CHECKS: judges_checks,
    P.SET_CHECKS: sets_checks,
    P.SET_SAFEGUARDING_ROUTE: sets_checks,
    P.SEE_CHECKS_OVERVIEW: sets_checks,
    P.SEE_ACCOUNTABILITY: has_figures_for,
    P.SEE_LOCALITY_FIGURES: is_in_own_locality,
    P.MANAGE_ORGANISATION_PEOPLE: manages,
    P.MANAGE_CLOSURES: manages,
}


def may(actor: Actor, permission: Permission, subject: object = None) -> bool:
    """May the actor do this, to this subject? Without a subject: does any role allow it at all.

    ``SYSTEM`` is the installation itself (commands and the worker, run by whoever holds the
    machine and its keys): it is not asked, and its rows in the audit trail say so.
    """
    if actor.kind == "system":
        return True
    if not any(permission in _of(role) for role in actor.roles):
        return False
    if subject is None:
        return True
    within = WITHIN.get(permission)
    return within is not None and within(actor, subject)


def _of(role: str) -> frozenset[Permission]:
    return _WITHOUT_ACCOUNT.get(role) or ROLE_PERMISSIONS.get(role, frozenset())


def permit(actor: Actor, permission: Permission, subject: object = None) -> None:
    """Raise ``Forbidden`` unless the actor may."""
    if not may(actor, permission, subject):
        raise Forbidden


def may_perform(actor: Actor, verb: str, party: str, triage: bool = False) -> bool:
    """May one of the actor's roles do ``verb`` for ``party``?

    That the actor's organisation *is* that party is lifecycle's question; ``triage`` is true for a
    referral to the link-worker team without a service.
    """
    if actor.kind == "system":
        return party == "system"
    roles = PARTY_ROLES.get(party, frozenset()) | ALSO.get((party, verb), frozenset())
    if triage:
        roles |= TRIAGE_ONLY.get((party, verb), frozenset())
    return actor.has(*roles)
