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
ACCESS: dict[str, str] = {
    **WEB,
}


class Unlisted(RuntimeError):
    """An endpoint has no row in ``ACCESS``."""


def check(app: Flask, access: dict[str, str]) -> None:
    """Raise ``Unlisted`` naming every endpoint of ``app`` without a rule."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - access.keys())
    if missing:
        raise Unlisted(f"no rule in referral/web/access.py for: {', '.join(missing)}")
