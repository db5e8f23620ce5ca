"""``/vetting``: each role's own page about checks."""

from __future__ import annotations

from flask import Response

from referral.accounts.permissions import Permission, may
from referral.vetting import queries
from referral.vetting.checks import CHECKS, TIER_LABELS, TIERS
from referral.vetting.pages.blueprint import bp
from referral.vetting.pages.own import id_asked, own_page, told_page
from referral.web.door import actor
from referral.web.pages import redirect_to, render


@bp.get("/vetting")
def home() -> Response:
    """An organisation's own checks, the reviewers' queue, the figures, or what checks mean.

    For a reviewer, ``?organisation=`` leads to what that group is asked, to be written down.
    """
    who = actor()
    if may(who, Permission.REVIEW_CHECKS):
        group = id_asked("organisation")
        return told_page(group) if group else redirect_to("vetting.queue")
    if may(who, Permission.GIVE_EVIDENCE):
        return own_page()
    if may(who, Permission.SEE_CHECKS_OVERVIEW):
        return redirect_to("vetting.overview")
    asked = queries.scheme_of(who.locality).checks if who.locality else CHECKS
    # Each where it is first asked for; the tiers above ask for it as well.
    by_tier = {tier: [check for check in asked if check.tiers[0] == tier] for tier in TIERS}
    return render("vetting/meaning.html", by_tier=by_tier, tiers=TIERS, labels=TIER_LABELS)
