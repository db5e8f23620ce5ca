"""Who may knock at which door: every endpoint of the product with its rule, and nothing else.

``"public"`` is open to all, ``"signed_in"`` to anybody with an account or token, anything else is
the key of a permission the actor's role must carry. Whether the actor may touch the *subject* is
asked again by the service. An endpoint that is not listed stops the program at start-up.
"""

from __future__ import annotations

from flask import Flask

from referral.web.access.checks import VETTING
from referral.web.access.personal import MEASURES, MESSAGES, OUTCOMES, OWN_DATA, STATUS
from referral.web.access.rules import PUBLIC, SIGNED_IN
from referral.web.access.site import (
    ACCOUNTABILITY,
    ACCOUNTS,
    DIRECTORY,
    OPEN_REFERRAL,
    PARTNERSHIP,
    WEB,
)
from referral.web.access.work import (
    ANSWER,
    ASKING,
    CASELOAD,
    DESK,
    PEOPLE,
    PLANS,
    REFERRALS,
    TALKING,
    TELLING,
)

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
    **STATUS,
    **MEASURES,
    **OUTCOMES,
    **MESSAGES,
    **OWN_DATA,
}


class Unlisted(RuntimeError):
    """An endpoint has no row in ``ACCESS``."""


def check(app: Flask, access: dict[str, str]) -> None:
    """Raise ``Unlisted`` naming every endpoint of ``app`` without a rule."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - access.keys())
    if missing:
        raise Unlisted(f"no rule in referral/web/access for: {', '.join(missing)}")


__all__ = [
    "ACCESS",
    "ACCOUNTABILITY",
    "ACCOUNTS",
    "ANSWER",
    "ASKING",
    "CASELOAD",
    "DESK",
    "DIRECTORY",
    "MEASURES",
    "MESSAGES",
    "OPEN_REFERRAL",
    "OUTCOMES",
    "OWN_DATA",
    "PARTNERSHIP",
    "PEOPLE",
    "PLANS",
    "PUBLIC",
    "REFERRALS",
    "SIGNED_IN",
    "STATUS",
    "TALKING",
    "TELLING",
    "VETTING",
    "WEB",
    "Unlisted",
    "check",
]
