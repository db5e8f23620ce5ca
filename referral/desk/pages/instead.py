"""Step 3 of a referral, and what is asked when the service has stopped taking people meanwhile."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from referral.accounts import queries as accounts
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.desk import queries, services, words
from referral.desk.draft import LINK_WORKER, Draft, asked, id_of, preview
from referral.directory import queries as directory
from referral.directory.ranking import Ranked
from referral.referrals import queries as referrals
from referral.web.door import actor
from referral.web.forms import Form
from referral.web.pages import render


def agreeing(
    found: Draft, form: Form, status: int | None = None, changed_from: str = ""
) -> Response:
    """What the person agreed to, what is shared when, and Send."""
    whose = queries.recipient_name(actor(), found)
    return render(
        "desk/agree.html",
        status,
        form=form,
        draft=found,
        preview=preview(found),
        whose=whose,
        asked=asked(found, whose),
        study=referrals.asked_now(actor(), actor().locality, found.today),
        warnings=found.warnings(),
        changed_from=changed_from,
        teams=_teams(),
    )


def _teams() -> list[tuple[str, str]]:
    """The inboxes of one's own that what comes back may go to, where there is a choice."""
    own = actor().organisation
    found = accounts.teams_of(own) if own is not None else []
    return [(str(one.id), one.name) for one in found if not one.default]


def of_the_form(error: Invalid) -> Invalid:
    """What was refused of the consent, by the names of step 3."""
    return Invalid({name.removeprefix("consent."): rules for name, rules in error.errors.items()})


def ask(found: Draft, form: Form, why: str, error: str = "") -> Response:
    """409: others that take people now; what was typed goes along."""
    if error:
        form.add("who", error)
    return render(
        "desk/instead.html",
        409,
        form=form,
        draft=found,
        why=why,
        three=_others(found),
        words=words,
        today=found.today,
        link_worker=LINK_WORKER,
    )


def change(found: Draft, form: Form) -> Response:
    """Put another into the draft and come back to step 3 with everything that was said."""
    form.read()
    form.errors.clear()
    wanted = request.form.get("who", "")
    offered = {str(one.service.id) for one in _others(found)}
    if wanted not in offered and not (wanted == LINK_WORKER and found.team):
        return ask(found, form, "", str(_("Choose who should help instead")))
    before = (found.view["service"] or {}).get("name") or ""
    services.keep(actor(), found, {"who": wanted})
    return agreeing(queries.draft(actor(), found.id), form, 200, changed_from=before)


def _others(found: Draft) -> tuple[Ranked, ...]:
    """What takes this person now, besides the one in the draft."""
    before = id_of((found.view["service"] or {}).get("id"))
    facts: dict[str, Any] = {"age": found.age, "sex": found.person.get("sex") or ""}
    return directory.alternatives(
        actor(),
        found.view["needs"],
        found.area,
        **facts,
        without=[before] if before else [],
    )
