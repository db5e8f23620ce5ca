"""The person's page by telephone or at the desk: what it says to read out, and all that it does.

For somebody without a phone, without trust in one, or whom it is easier to ask. What is written
here is the person's word, and says how it was heard.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from referral.accounts.permissions import Permission, may
from referral.core import i18n
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _
from referral.core.schema import Schema
from referral.desk.pages.blueprint import bp
from referral.desk.pages.status.doing import needs_of, take_back_story
from referral.desk.pages.status.own import fill, hour, next_line, now_line
from referral.desk.schemas import StoryFor
from referral.outcomes import services as coming
from referral.outcomes import stories
from referral.referrals import codes, complaints, plain, services
from referral.referrals import queries as referrals
from referral.referrals.queries import Own
from referral.referrals.schemas import for_her as schemas
from referral.referrals.schemas.complaining import ComplainFor
from referral.web import language
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say

WRITTEN = _("Written down.")
Said = dict[str, Any]
Act = Callable[[Own, Said], object]


@dataclass(frozen=True)
class Part:
    """One thing to write down: its shape, what it does, and what is said then."""

    schema: type[Schema]
    act: Act
    said: Lazy = WRITTEN
    lists: tuple[str, ...] = ()


def _heard(data: Said) -> tuple[str, str]:
    return data["how"], data.get("spoken_by", "")


def _touch(one: Own, data: Said) -> object:
    return services.say(actor(), one.id, data["kind"], data["text"], *_heard(data))


def _reach(one: Own, data: Said) -> object:
    return services.reach_me(actor(), one.id, data, *_heard(data))


def _mind(one: Own, data: Said) -> object:
    return services.change_mind(actor(), one.id, data["mind"], data["text"], *_heard(data))


def _stop(one: Own, data: Said) -> object:
    stopped = services.stop(actor(), one.id, data["what"], data["why"], *_heard(data))
    if data["what"] == "refer":
        take_back_story(one.id)
    return stopped


def _supporter(one: Own, data: Said) -> object:
    return services.name_supporter(actor(), one.id, data, *_heard(data))


def _first(one: Own, data: Said) -> object:
    return services.sees_first(actor(), one.id, data["first"], *_heard(data))


def _result(one: Own, data: Said) -> object:
    said = (data["about"], data["outcome"], data["how"], data["said"], data["version"])
    return coming.say_result(actor(), one.id, *said)


def _comment(one: Own, data: Said) -> object:
    coming.comment(actor(), one.id, data["text"])
    return coming.let_go(actor(), one.id) if data["on"] else None


def _story(one: Own, data: Said) -> object:
    return coming.give_story(actor(), one.id, data, data["how"])


def _complaint(one: Own, data: Said) -> object:
    return services.complain(actor(), one.id, data, data["how"])


def _unsafe(one: Own, data: Said) -> object:
    return services.mark_unsafe(actor(), one.id, data["unsafe"], data["note"], None)


PARTS: dict[str, Part] = {
    "touch": Part(schemas.TouchFor, _touch),
    "reach": Part(schemas.ReachFor, _reach, lists=("reach_by", "access_needs")),
    "mind": Part(schemas.MindFor, _mind),
    "stop": Part(schemas.StopFor, _stop, _("It is stopped, from this moment on.")),
    "supporter": Part(schemas.SupporterFor, _supporter),
    "first": Part(schemas.FirstFor, _first),
    "result": Part(schemas.ResultFor, _result),
    "comment": Part(schemas.CommentFor, _comment),
    "story": Part(StoryFor, _story, _("Written down. The group reads it first.")),
    "complaint": Part(ComplainFor, _complaint, _("Written down. They will hear back.")),
    "unsafe": Part(schemas.Unsafe, _unsafe, _("Noted for everybody who is to be in touch.")),
}


@bp.route("/referrals/<uuid:referral_id>/for-her", methods=["GET", "POST"])
@commits
def for_her(referral_id: uuid.UUID) -> Response:
    """What their page says, to read out; and everything that they can do there."""
    one = referrals.for_her(actor(), referral_id)
    forms = {name: _form(name, one) for name in PARTS}
    done, opened = 200, ""
    if request.method == "POST":
        if request.form.get("off") == "story":
            take_back_story(one.id)
            say(_("Taken back. No page shows their story."))
            return redirect_to("desk.for_her", referral_id=referral_id)
        if off := request.form.get("off"):
            return _take_off(referral_id, off)
        opened = request.form.get("do", "")
        if opened not in PARTS:
            raise NotFound
        done = _attempt(forms[opened], lambda data: PARTS[opened].act(one, data))
        if done == 303:
            say(PARTS[opened].said)
            return redirect_to("desk.for_her", referral_id=referral_id)
    return render(
        "desk/for_her.html",
        done if done != 200 else None,
        one=one,
        forms=forms,
        opened=opened,
        named=referrals.supporters(actor(), referral_id),
        wording=stories.WORDINGS[stories.WORDING],
        speech=plain,
        codes=codes,
        complaints=complaints,
        known={
            "phone": one.identity.phone,
            "email": one.identity.email,
            "letter": one.identity.address.replace("\n", ", "),
        },
        languages_written={code: i18n.NAMES[code] for code in language.spoken()},
        may_register=may(actor(), Permission.REGISTER_PERSON),
        hands_over=may(actor(), Permission.HAND_OVER_RECORD),
        also=_also(referral_id),
        now_line=now_line,
        next_line=next_line,
        fill=fill,
        hour=hour,
    )


def _also(referral_id: uuid.UUID) -> list[tuple[str, Lazy]]:
    """Other pages on which something is written down for them."""
    found = []
    if may(actor(), Permission.KEEP_OUTCOMES):
        found.append(
            (url_for("outcomes.measures", referral_id=referral_id), _("Questions before and after"))
        )
    return found


def _form(name: str, one: Own) -> Form:
    part = PARTS[name]
    values: dict[str, dict[str, Any]] = {
        "reach": {
            "reach_by": list(one.identity.reach_by),
            "access_needs": needs_of(one.identity),
            "language": one.identity.language,
            "written_in": one.written_in,
        },
        "first": {"first": "no" if one.sees_first else "yes"},
        "unsafe": {"unsafe": "no" if one.unsafe else "yes"},
    }
    ready = {"how": "phone"} | values.get(name, {})
    return Form(part.schema, lists=part.lists, ignore=("do", "off"), values=ready)


def _attempt(form: Form, act: Callable[[Said], object]) -> int:
    """303 when it was done, else how the page answers; what was typed stays."""
    if (data := form.read()) is None:
        return 422
    try:
        act(data)
    except Invalid as error:
        form.refuse(error)
        return 422
    except StaleVersion:
        form.add("request", _("Somebody else changed this meanwhile: look again, then save."))
        return 409
    except Conflict as error:
        form.add("request", error.detail)
        return 409
    return 303


def _take_off(referral_id: uuid.UUID, typed: str) -> Response:
    """They do not speak for the person any more; tapped twice, they are off already."""
    try:
        services.no_supporter(actor(), uuid.UUID(typed), seen_version(), "phone")
    except (ValueError, NotFound, StaleVersion):
        say(_("This was changed meanwhile."))
    else:
        say(WRITTEN)
    return redirect_to("desk.for_her", referral_id=referral_id)
