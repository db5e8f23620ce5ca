"""Which language a person reads their own page in, and whether in Easy Read.

Only the pages of a person referred are there in other languages; staff read English, for a page
half in each helps nobody. What was chosen stands in a cookie, which says nothing about anybody, and
never in an address.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Request, Response, current_app, request

from referral.core import i18n
from referral.core.i18n import Lazy, _
from referral.web.paths import PEOPLE, for_people

COOKIE = "joined_up_language"
EASY = "easy"
# Easy Read is there in each language; the cookie says in which.
EASY_IN = {EASY: "en", "easy-cy": "cy"}
KEPT_SECONDS = 365 * 24 * 3600
# As the person reads it: a language calls itself by its own name.
CHOICES: dict[str, str | Lazy] = {**i18n.NAMES, EASY: _("Easy Read")}


@lru_cache(maxsize=1)
def spoken() -> tuple[str, ...]:
    """The languages with a built catalogue; English needs none."""
    return tuple(
        code
        for code in i18n.LANGUAGES
        if code == "en" or (i18n.words_of(code) / "messages.mo").exists()
    )


def choices() -> dict[str, str | Lazy]:
    """What may be chosen here: ``{code: name}``."""
    return {code: name for code, name in CHOICES.items() if code in (*spoken(), EASY)}


def chosen(request: Request) -> str:
    """What was chosen on this browser: a language, or a key of ``EASY_IN``; empty for nothing."""
    found = request.cookies.get(COOKIE, "")
    return found if EASY_IN.get(found, found) in spoken() else ""


def of(request: Request) -> str:
    """``en`` or ``cy`` for this request: as chosen, else as the browser wishes."""
    if not for_people(request.path):
        return "en"
    picked = chosen(request)
    if picked:
        return EASY_IN.get(picked, picked)
    return request.accept_languages.best_match(spoken(), default="en") or "en"


def easy_read() -> bool:
    """Does this page's reader want Easy Read?"""
    return for_people(request.path) and chosen(request) in EASY_IN


def reading() -> str:
    """What this page is in: a code of ``choices``."""
    return EASY if easy_read() else i18n.language()


def keep(response: Response, code: str) -> None:
    """Keep what was chosen on this browser, for a year; unknown codes are let be.

    Easy Read is kept in the language that is read now.
    """
    if code == EASY:
        code = next(key for key, spoken_in in EASY_IN.items() if spoken_in == i18n.language())
    if EASY_IN.get(code, code) in spoken():
        response.set_cookie(
            COOKIE,
            code,
            max_age=KEPT_SECONDS,
            path=PEOPLE,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
