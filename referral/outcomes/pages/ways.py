"""How somebody comes to the pages that finish a support: signed in, by safe link, by telephone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from referral.core.actor import Actor
from referral.core.errors import NotFound
from referral.referrals.queries import speaking_for
from referral.web.door import actor


@dataclass(frozen=True)
class Way:
    """``voice`` acts; the rest are the endpoints of this way's pages.

    The names are those that the templates of a group's pages use.
    """

    voice: Actor
    one: str
    finish: str
    fit: str
    measures: str
    home: str = ""
    layout: str = "layouts/page.html"
    by_telephone: bool = False

    @property
    def phone(self) -> bool:
        """On somebody's own phone, where everything is large."""
        return self.layout == "layouts/public.html"

    def page(self, referral_id: uuid.UUID) -> str:
        """The referral they came from."""
        return url_for(self.one, referral_id=referral_id)

    def to(self, endpoint: str, referral_id: uuid.UUID, **more: Any) -> str:
        """Another of this way's pages about it."""
        return url_for(endpoint, referral_id=referral_id, **more)

    def told(self, said_by: str) -> Way:
        """The same with the name of who says it there."""
        return replace(self, voice=replace(self.voice, said_by=said_by))


def staff() -> Way:
    return Way(actor(), "desk.referral", "outcomes.finish", "outcomes.fit", "outcomes.measures")


def contact() -> Way:
    if actor().kind != "safe_link":
        raise NotFound
    return Way(
        actor(),
        "answer.one",
        "outcomes.answer_finish",
        "outcomes.answer_fit",
        "outcomes.their_measures",
        home="everything",
        layout="layouts/public.html",
    )


def telephone(referral_id: uuid.UUID) -> Way:
    return Way(
        speaking_for(actor(), referral_id),
        "answer.telephone_one",
        "outcomes.telephone_finish",
        "outcomes.telephone_fit",
        "outcomes.told_measures",
        home="telephone",
        by_telephone=True,
    )
