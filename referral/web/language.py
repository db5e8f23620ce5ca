"""Which language this visitor reads: the browser's first wish that we have words for."""

from __future__ import annotations

from functools import lru_cache

from flask import Request

from referral.core import i18n


@lru_cache(maxsize=1)
def spoken() -> tuple[str, ...]:
    """The languages with a catalogue; English needs none."""
    return tuple(
        code
        for code in i18n.LANGUAGES
        if code == "en" or (i18n.FOLDER / code / "LC_MESSAGES" / "messages.mo").exists()
    )


def of(request: Request) -> str:
    """``en`` or ``cy`` for this request."""
    return request.accept_languages.best_match(spoken(), default="en") or "en"
