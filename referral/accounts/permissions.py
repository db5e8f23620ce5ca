"""Who may do what: the one page to read, question and sign off.

1. ``ROLE_PERMISSIONS``: what each role may do at all. What is not written here is refused.
2. ``WITHIN``: for which subject: own organisation, own referral, own locality.
3. ``PARTY_ROLES``: which roles may do a referral's verbs for the sender, the recipient and the
   team it falls back on; ``referrals/lifecycle.py`` says which party a verb belongs to and when.

Scope comes before permission: queries answer "nothing here" (404) for what the actor has no
legitimate relationship with; only then does this page say yes or no (403).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

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
from referral.core.i18n import Lazy, _


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
GROUP_CONTACT = "group_contact"
CONTACT_PERMISSIONS = frozenset(
    {P.SEE_PEOPLE, P.SEE_REFERRALS, P.READ_CLINICAL, P.ACT_ON_REFERRALS, P.ANSWER_REFERRALS}
)

# A role is held in an organisation of the kind it belongs to, and nowhere else.
ROLES_OF_KIND: dict[str, tuple[str, ...]] = {
    "practice": ("practice_staff", "care_navigator", "practice_manager"),
    "link_worker_team": ("link_worker", "link_worker_lead"),
    "provider": ("provider_worker", "provider_manager"),
    "locality": ("commissioner", "privacy_lead"),
    "installation": ("administrator",),
}

ROLE_LABELS: dict[str, Lazy] = {
    "practice_staff": _("Practice staff"),
    "care_navigator": _("Care navigator"),
    "practice_manager": _("Practice manager"),
    "link_worker": _("Link worker"),
    "link_worker_lead": _("Link-worker lead"),
    "provider_worker": _("Worker"),
    "provider_manager": _("Manager"),
    "commissioner": _("Commissioner"),
    "privacy_lead": _("Privacy lead"),
    "administrator": _("Administrator"),
}

PRACTICE_ACTS = frozenset({"practice_staff"})
LINK_WORKERS = frozenset({"link_worker", "link_worker_lead"})
PROVIDERS = frozenset({"provider_worker", "provider_manager"})

# The roles of a party: "fallback" is the link-worker team that takes over what came back, "owner"
# whichever team holds the referral now.
PARTY_ROLES: dict[str, frozenset[str]] = {
    "sender": PRACTICE_ACTS | LINK_WORKERS,
    "recipient": PROVIDERS | LINK_WORKERS | {GROUP_CONTACT},
    "fallback": LINK_WORKERS,
    # The person's practice, where somebody else is the sender.
    "practice": PRACTICE_ACTS,
    "owner": PRACTICE_ACTS | LINK_WORKERS | PROVIDERS,
}
# Verbs that further roles of the party may do as well.
ALSO: dict[tuple[str, str], frozenset[str]] = {
    # Chasing: the practice manager is told of what is overdue and finds somebody to do it.
    ("sender", "assign"): frozenset({"practice_manager"}),
    ("owner", "assign"): frozenset({"practice_manager"}),
}
# Reception may send to the link-worker team, never to a service of its own choosing.
TRIAGE_ONLY: dict[tuple[str, str], frozenset[str]] = {
    ("sender", "send"): frozenset({"care_navigator"}),
    ("sender", "undo"): frozenset({"care_navigator"}),
}


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
    return CONTACT_PERMISSIONS if role == GROUP_CONTACT else ROLE_PERMISSIONS.get(role, frozenset())


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
