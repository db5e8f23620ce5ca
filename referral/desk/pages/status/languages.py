"""Which language the person reads: one button, kept on this browser, nothing in the address."""

from __future__ import annotations

from flask import Response, make_response, redirect, request

from referral.desk.pages.status.blueprint import bp
from referral.desk.pages.status.entry import people_rate
from referral.web import language
from referral.web.door import commits
from referral.web.paths import PEOPLE, for_people, safe_next


@bp.post("/language")
@commits
@people_rate
def choose_language() -> Response:
    """Back to the page it was chosen on, in English, Welsh or Easy Read."""
    back = safe_next(request.form.get("back"), PEOPLE)
    stays = for_people(back) and ".." not in back
    response = make_response(redirect(back if stays else PEOPLE, code=303))
    language.keep(response, request.form.get("language", ""))
    return response
