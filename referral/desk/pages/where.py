"""Where is my referral? Who has it, since when, what comes next; nothing of what it is about."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from referral.core import clock
from referral.desk import queries, words
from referral.desk.pages.blueprint import bp
from referral.desk.pages.who import number_kind
from referral.desk.schemas import Where
from referral.people import numbers
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import render


@bp.route("/where", methods=["GET", "POST"])
@commits
def where() -> Response:
    """Asked with what the person has to hand: the reference on their card, or their number.

    By POST, so that nothing stands in an address; only the look is written down. Somebody unknown
    and somebody of another practice get the same answer.
    """
    kind = number_kind()
    form = Form(Where, date_fields=("date_of_birth",))
    found: list[dict[str, Any]] | None = None
    if request.method == "POST" and (data := form.read()) is not None:
        if data["reference"]:
            found = queries.where_by_reference(actor(), data["reference"])
        else:
            try:
                number = numbers.parse(kind, data["number"], demo=actor().demo)
            except ValueError as error:
                form.add("number", str(error))
            else:
                found = queries.where_by_number(
                    actor(), {"type": kind, "value": number.value}, data["date_of_birth"]
                )
    return render(
        "desk/where.html",
        form=form,
        found=found,
        words=words,
        today=clock.today(),
        number_name=numbers.NAMES[kind],
    )
