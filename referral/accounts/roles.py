"""The roles: where each is held, and what people call it."""

from __future__ import annotations

from referral.core.i18n import Lazy, _

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

# Who answers for a group by safe link, and the person referred at their own page: without an
# account, and nobody is given these as a role.
GROUP_CONTACT = "group_contact"
THE_PERSON = "the_person"

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
