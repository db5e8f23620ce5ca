"""What a locality asks for: read it, change it, see whom a change touches, read what was before."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.core.errors import Invalid, StaleVersion
from referral.core.i18n import _
from referral.vetting import queries, services
from referral.vetting.checks import BY_KEY, CHECKS, TIER_LABELS, TIERS
from referral.vetting.judging import APPEAL
from referral.vetting.pages.blueprint import bp
from referral.vetting.pages.checklist import renewal_words
from referral.vetting.pages.overview import choose, locality_asked
from referral.vetting.pages.scheme_form import NUMBER, SchemeForm, is_timed
from referral.vetting.queries import Version, Versions
from referral.vetting.scheme import OWN, OWN_KINDS, Scheme
from referral.vetting.services import Effect
from referral.web.door import actor, commits
from referral.web.pages import redirect_to, render, say

KIND_LABELS = {
    "statement": _("They say so in words"),
    "document": _("They show a document"),
}
SHOWN_MOST = 50


@bp.route("/vetting/scheme", methods=["GET", "POST"])
@commits
def scheme() -> Response:
    """What is asked now. A POST saves what the page before has shown the effect of."""
    where = locality_asked()
    if where is None:
        return choose("vetting.scheme")
    found = queries.versions(actor(), where)
    if request.method == "POST":
        return _save(found, where)
    return render(
        "vetting/scheme.html",
        found=found,
        now=found.scheme,
        newest=found.items[0] if found.items else None,
        dropped=_dropped(found.scheme),
        **_words(found),
    )


@bp.get("/vetting/scheme/change")
def change_scheme() -> Response:
    """The form of the whole scheme."""
    where = locality_asked()
    if where is None:
        return choose("vetting.change_scheme")
    found = queries.versions(actor(), where)
    return _form_page(found, SchemeForm(found.scheme))


@bp.post("/vetting/scheme/preview")
@commits
def preview_scheme() -> Response:
    """Whom the change would touch, before it is saved; or, with ``again``, the form once more."""
    where = locality_asked()
    if where is None:
        return choose("vetting.change_scheme")
    found = queries.versions(actor(), where)
    form = SchemeForm(found.scheme, request.form)
    data = form.read()
    if "again" in request.form or data is None:
        return _form_page(found, form)
    if _number() != found.scheme.number:
        return _form_page(found, form, stale=_stale(found))
    effect = services.preview(actor(), where, data)
    if effect.same:
        form.add("request", _("Nothing is different from what is asked now."))
        return _form_page(found, form)
    return _preview_page(found, effect)


@bp.get("/vetting/scheme/<int:number>")
def scheme_version(number: int) -> Response:
    """One version as it was, with what it changed."""
    where = locality_asked()
    if where is None:
        return choose("vetting.scheme")
    found = queries.versions(actor(), where)
    one = found.version(number)
    return render(
        "vetting/scheme_version.html",
        found=found,
        one=one,
        now=one.scheme,
        dropped=_dropped(one.scheme),
        changes=_changes(found.before(number), one.scheme, one.changed),
        **_words(found),
    )


def _save(found: Versions, where: uuid.UUID) -> Response:
    form = SchemeForm(found.scheme, request.form)
    data = form.read()
    if data is None:
        return _form_page(found, form)
    try:
        made = services.set_scheme(actor(), where, _number(), data)
    except Invalid as error:
        form.refuse(error)
        return _form_page(found, form)
    except StaleVersion:
        return _form_page(found, form, stale=_stale(queries.versions(actor(), where)))
    say(
        _("Saved as version {number}. Everybody it touches is looked at today.", number=made.number)
    )
    return redirect_to("vetting.scheme", **_place(found))


def _number() -> int:
    """The version the form was made from."""
    given = request.form.get(NUMBER, "")
    return int(given) if given.isdecimal() and len(given) < 9 else -1


def _stale(found: Versions) -> list[Version]:
    """What others have saved since the form was made, the newest first."""
    return [one for one in found.items if one.made.number > _number()]


def _form_page(found: Versions, form: SchemeForm, stale: list[Version] | None = None) -> Response:
    return render(
        "vetting/change_scheme.html",
        409 if stale else None,
        found=found,
        form=form,
        stale=[
            (one, _changes(found.before(one.made.number), one.scheme, one.changed))
            for one in stale or ()
        ],
        checks=CHECKS,
        known={check.key for check in found.scheme.checks},
        is_timed=is_timed,
        own_kinds=[(kind, KIND_LABELS[kind]) for kind in OWN_KINDS],
        appeal=APPEAL,
        **_words(found),
    )


def _preview_page(found: Versions, effect: Effect) -> Response:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return render(
        "vetting/preview_scheme.html",
        found=found,
        effect=effect,
        changes=_changes(effect.before, effect.after, effect.changed),
        others=_others(effect),
        shown=effect.organisations[:SHOWN_MOST],
        more=max(len(effect.organisations) - SHOWN_MOST, 0),
        paused=len([one for one in effect.organisations if one.would_pause]),
        kept=kept,
        **_words(found),
    )


def _words(found: Versions) -> dict[str, Any]:
    return {
        "tiers": TIERS,
        "tier_labels": TIER_LABELS,
        "renewal_words": renewal_words,
        "place": _place(found),
    }


def _place(found: Versions) -> dict[str, uuid.UUID]:
    """The locality in the address, where it is not the reader's own."""
    here = found.locality.id
    return {} if here == actor().locality else {"locality": here}


def _dropped(now: Scheme) -> list[Any]:
    """Checks of the register that are not asked here."""
    asked = {check.key for check in now.checks}
    return [check for check in CHECKS if check.key not in asked]


def _changes(before: Scheme, after: Scheme, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """What became of each check that differs."""
    old = {check.key: check for check in before.checks}
    new = {check.key: check for check in after.checks}
    return [
        {
            "title": (new.get(key) or old.get(key) or BY_KEY[key]).title,
            "before": _said(old[key]) if key in old else [],
            "after": _said(new[key]) if key in new else [],
        }
        for key in keys
    ]


def _said(check: Any) -> list[str]:
    """A check's rules in a few words."""
    words = [" ".join(check.tiers), str(renewal_words(check.renewal))]
    if check.minimum is not None:
        words.append(f"£{check.minimum:,}")
    if not check.mandatory:
        words.append(str(_("not required")))
    if check.anchor_may_hold:
        words.append(str(_("an anchor may hold it")))
    if check.key.startswith(OWN):
        words.append(str(check.ask))
    return words


def _others(effect: Effect) -> list[Any]:
    """What changes beside the checks."""
    before, after = effect.before, effect.after
    found = []
    if before.two_reviewers != after.two_reviewers:
        found.append(_("Who needs two reviewers"))
    if before.appeal_route != after.appeal_route:
        found.append(_("How to object"))
    if before.assurer_email != after.assurer_email:
        found.append(_("The mailbox in the open feed"))
    return found
