"""Who may do what, spelled out once more: a change of the page must be made here too."""

import uuid
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.accounts import permissions, roles
from referral.accounts.models import ORGANISATION_KINDS, ROLES
from referral.accounts.permissions import Permission, may, may_perform, permit
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.errors import Forbidden
from referral.referrals import lifecycle

OWN, OTHER, AREA, ELSEWHERE = (uuid.uuid4() for _ in range(4))
CLINICAL = {
    "practice_staff",
    "link_worker",
    "link_worker_lead",
    "provider_worker",
    "provider_manager",
}
MATRIX = {
    "refer": {"practice_staff", "link_worker", "link_worker_lead"},
    "raise_for_triage": {"practice_staff", "care_navigator", "link_worker", "link_worker_lead"},
    "triage": {"link_worker", "link_worker_lead"},
    "register_person": {"practice_staff", "care_navigator", "link_worker", "link_worker_lead"},
    "see_people": CLINICAL | {"care_navigator"},
    "see_referrals": CLINICAL | {"care_navigator", "practice_manager"},
    "read_clinical": CLINICAL,
    "act_on_referrals": CLINICAL,
    "answer_referrals": CLINICAL - {"practice_staff"},
    "assign_referrals": CLINICAL | {"practice_manager"},
    "ask_first": {"practice_staff", "link_worker", "link_worker_lead"},
    "answer_by_telephone": {"link_worker", "link_worker_lead"},
    "keep_answer_contacts": {"provider_manager", "link_worker", "link_worker_lead"},
    "tell_people": {"practice_staff", "care_navigator", "link_worker", "link_worker_lead"},
    "see_caseload": {"link_worker", "link_worker_lead"},
    "keep_plans": {"link_worker", "link_worker_lead"},
    "keep_outcomes": CLINICAL - {"practice_staff"},
    "set_measures": {"link_worker_lead", "commissioner"},
    "keep_licences": {"provider_manager", "link_worker_lead"},
    "export_own_data": {"provider_manager", "link_worker_lead"},
    "show_stories": {"provider_manager", "link_worker_lead"},
    "answer_complaints": {"practice_manager", "provider_manager", "link_worker_lead"},
    "hand_over_record": {"practice_staff", "link_worker", "link_worker_lead"},
    "see_own": set(),
    "allocate": {"link_worker_lead"},
    "bring_across": {"link_worker_lead"},
    "supervise": {"link_worker_lead"},
    "register_evaluations": {"privacy_lead"},
    "merge_people": {"link_worker_lead", "privacy_lead"},
    "read_directory": set(ROLES),
    "keep_directory": {"link_worker", "link_worker_lead", "administrator"},
    "keep_own_listing": {"provider_worker", "provider_manager"},
    "approve_claims": {"link_worker_lead", "administrator"},
    "apply_for_checks": {"provider_manager"},
    "give_evidence": {"provider_worker", "provider_manager", "link_worker", "link_worker_lead"},
    "review_checks": {"link_worker", "link_worker_lead"},
    "decide_checks": {"link_worker_lead"},
    "set_checks": {"link_worker_lead", "commissioner", "administrator"},
    "see_checks_overview": {"link_worker_lead", "commissioner", "administrator"},
    "set_safeguarding_route": {"link_worker_lead", "commissioner", "administrator"},
    "introduce": CLINICAL | {"care_navigator", "practice_manager"},
    "see_accountability": CLINICAL | {"practice_manager", "commissioner"},
    "see_locality_figures": {"commissioner"},
    "watch_exceptions": {"link_worker_lead"},
    "read_access_log": {"privacy_lead"},
    "manage_organisation_people": {
        "practice_manager", "provider_manager", "link_worker_lead", "administrator",
    },
    "manage_closures": {
        "practice_manager", "provider_manager", "link_worker_lead", "administrator",
    },
    "manage_installation": {"administrator"},
}  # fmt: skip
ON_A_PERSON = {
    "refer", "raise_for_triage", "triage", "register_person", "see_people", "see_referrals",
    "read_clinical", "act_on_referrals", "answer_referrals", "assign_referrals", "ask_first",
    "answer_by_telephone", "tell_people", "see_caseload", "keep_plans", "allocate", "bring_across",
    "keep_outcomes", "hand_over_record", "answer_complaints", "see_own",
}  # fmt: skip


def somebody(*roles: str, organisation: uuid.UUID | None = OWN) -> Actor:
    return Actor(
        "user", uuid.uuid4(), organisation=organisation, locality=AREA, roles=frozenset(roles)
    )


@dataclass
class Subject:
    """Stands for anything a predicate looks at."""

    id: uuid.UUID = OTHER
    organisation_id: uuid.UUID = OTHER
    locality_id: uuid.UUID | None = ELSEWHERE
    link_worker_team_id: uuid.UUID | None = None
    sender_id: uuid.UUID = OTHER
    recipient_id: uuid.UUID | None = OTHER
    practice_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None
    fallback_id: uuid.UUID | None = None
    theirs: frozenset[uuid.UUID] = frozenset()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", list(Permission))
def test_each_role_may_what_is_written_and_nothing_else(role: str, permission: Permission) -> None:
    assert may(somebody(role), permission) == (role in MATRIX[permission])


def test_the_matrix_knows_every_permission_and_role() -> None:
    assert MATRIX.keys() == {str(permission) for permission in Permission}
    assert permissions.ROLE_PERMISSIONS.keys() == set(ROLES) == roles.ROLE_LABELS.keys()
    assert roles.ROLES_OF_KIND.keys() == set(ORGANISATION_KINDS)
    assert sorted(sum(roles.ROLES_OF_KIND.values(), ())) == sorted(ROLES)


def test_a_person_at_their_own_page_sees_their_own_and_does_nothing_else() -> None:
    person = Actor("person", uuid.uuid4(), roles=frozenset({roles.THE_PERSON}))
    assert {permission for permission in Permission if may(person, permission)} == {"see_own"}
    assert roles.THE_PERSON not in ROLES
    assert person.user is None
    assert not any(
        may_perform(person, verb, party) for verb in lifecycle.VERBS for party in roles.PARTY_ROLES
    )


def test_a_groups_contact_answers_and_does_nothing_else() -> None:
    contact = Actor(
        "safe_link", uuid.uuid4(), organisation=OWN, roles=frozenset({roles.GROUP_CONTACT})
    )
    assert {permission for permission in Permission if may(contact, permission)} == {
        "see_people", "see_referrals", "read_clinical", "act_on_referrals", "answer_referrals",
        "keep_outcomes",
    }  # fmt: skip
    assert roles.GROUP_CONTACT not in ROLES
    assert may_perform(contact, "accept", "recipient")
    assert not may_perform(contact, "assign", "owner")
    assert not any(may_perform(contact, verb, "sender") for verb in lifecycle.VERBS)


@pytest.mark.parametrize("role", ["commissioner", "administrator"])
def test_who_looks_after_figures_or_machines_sees_no_person(role: str) -> None:
    assert [key for key in ON_A_PERSON if may(somebody(role), Permission(key))] == []


def test_the_care_navigator_reads_nothing_clinical() -> None:
    for role in ("care_navigator", "practice_manager"):
        assert not may(somebody(role), Permission.READ_CLINICAL)
        assert not may(somebody(role), Permission.REFER)


@given(st.sampled_from(list(Permission)), st.text(max_size=20))
def test_an_unknown_role_and_nobody_may_nothing(permission: Permission, role: str) -> None:
    if role not in ROLES:
        assert not may(somebody(role), permission)
    assert not may(ANONYMOUS, permission)
    assert not may(somebody(), permission)
    with pytest.raises(Forbidden):
        permit(ANONYMOUS, permission)


def test_the_installation_itself_is_not_asked() -> None:
    assert all(may(SYSTEM, permission, Subject()) for permission in Permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_no_permission_reaches_a_subject_that_has_nothing_to_do_with_the_actor(
    permission: Permission,
) -> None:
    everybody = somebody(*(set(ROLES) - {"administrator"}))
    assert not may(everybody, permission, Subject())


@pytest.mark.parametrize(
    "column", ["sender_id", "recipient_id", "practice_id", "team_id", "fallback_id"]
)
def test_a_referral_is_seen_by_the_organisations_it_is_between(column: str) -> None:
    assert may(somebody("link_worker"), Permission.SEE_REFERRALS, Subject(**{column: OWN}))
    assert not may(somebody("link_worker", organisation=None), Permission.SEE_REFERRALS, Subject())


def test_only_who_received_it_may_answer() -> None:
    worker = somebody("provider_worker")
    assert may(worker, Permission.ANSWER_REFERRALS, Subject(recipient_id=OWN))
    assert not may(worker, Permission.ANSWER_REFERRALS, Subject(sender_id=OWN))


def test_figures_of_one_organisation() -> None:
    see = Permission.SEE_ACCOUNTABILITY
    assert may(somebody("practice_manager"), see, Subject(id=OWN))
    assert not may(somebody("practice_manager"), see, Subject(locality_id=AREA))
    assert may(somebody("commissioner"), see, Subject(locality_id=AREA))
    assert may(somebody("link_worker_lead"), see, Subject(link_worker_team_id=OWN))
    assert not may(somebody("link_worker"), see, Subject(link_worker_team_id=OWN))


def test_managers_manage_their_own_and_an_administrator_all() -> None:
    manage = Permission.MANAGE_ORGANISATION_PEOPLE
    assert may(somebody("practice_manager"), manage, Subject(id=OWN))
    assert not may(somebody("practice_manager"), manage, Subject(locality_id=AREA))
    assert may(somebody("administrator"), manage, Subject())


def test_the_directory_is_kept_by_locality() -> None:
    keep = Permission.KEEP_DIRECTORY
    assert may(somebody("link_worker"), keep, Subject(locality_id=AREA))
    assert may(somebody("link_worker"), keep, Subject(locality_id=None))
    assert not may(somebody("link_worker"), keep, Subject())
    assert may(
        somebody("provider_worker"), Permission.KEEP_OWN_LISTING, Subject(organisation_id=OWN)
    )


@pytest.mark.parametrize("judges", [Permission.REVIEW_CHECKS, Permission.DECIDE_CHECKS])
def test_a_reviewer_is_of_the_locality_and_a_stranger_to_what_is_judged(judges: Permission) -> None:
    lead = somebody("link_worker_lead")
    assert lead.id
    assert may(lead, judges, Subject(locality_id=AREA))
    assert not may(lead, judges, Subject(locality_id=ELSEWHERE))
    assert not may(lead, judges, Subject(locality_id=AREA, organisation_id=OWN))
    assert not may(lead, judges, Subject(locality_id=AREA, theirs=frozenset({lead.id})))


def test_a_link_worker_writes_down_what_a_group_of_the_locality_says() -> None:
    give = Permission.GIVE_EVIDENCE
    assert may(somebody("provider_worker"), give, Subject(organisation_id=OWN))
    assert not may(somebody("provider_worker"), give, Subject(locality_id=AREA))
    link_worker = replace(somebody("link_worker"), organisation_kind="link_worker_team")
    assert may(link_worker, give, Subject(locality_id=AREA))
    assert not may(link_worker, give, Subject(locality_id=ELSEWHERE))


def test_the_scheme_is_set_by_its_own_locality() -> None:
    for role in ("commissioner", "link_worker_lead"):
        assert may(somebody(role), Permission.SET_CHECKS, Subject(locality_id=AREA))
        assert not may(somebody(role), Permission.SET_CHECKS, Subject())
    assert may(somebody("administrator"), Permission.SET_CHECKS, Subject())


@pytest.mark.parametrize("verb", sorted(lifecycle.VERBS))
def test_every_verb_of_a_referral_has_roles_for_its_parties_and_for_no_other(verb: str) -> None:
    for party in ("sender", "recipient", "fallback", "owner"):
        allowed = {role for role in ROLES if may_perform(somebody(role), verb, party)}
        assert allowed
        assert allowed.isdisjoint({"commissioner", "privacy_lead", "administrator"})
        assert verb == "assign" or allowed <= CLINICAL
    assert not any(may_perform(somebody(role), verb, "nobody") for role in ROLES)


def test_reception_sends_for_triage_only() -> None:
    navigator = somebody("care_navigator")
    assert may_perform(navigator, "send", "sender", triage=True)
    assert not may_perform(navigator, "send", "sender")
    assert not may_perform(navigator, "withdraw", "sender", triage=True)


def test_the_practice_manager_may_only_find_somebody_to_do_it() -> None:
    manager = somebody("practice_manager")
    assert may_perform(manager, "assign", "sender")
    assert not may_perform(manager, "reply", "sender")


def test_the_clock_acts_for_itself_only() -> None:
    assert may_perform(SYSTEM, "return_no_reply", "system")
    assert not may_perform(SYSTEM, "accept", "recipient")
