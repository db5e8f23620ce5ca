"""What the person changes and tells: each a page that works without script, one thing on each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from referral.core import i18n
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _
from referral.desk.pages.status.blueprint import bp
from referral.desk.pages.status.entry import people_rate
from referral.desk.pages.status.own import chosen, page
from referral.outcomes import drafting
from referral.outcomes import queries as outcomes
from referral.outcomes import services as coming
from referral.people.identity import Identity
from referral.referrals import queries as referrals
from referral.referrals import services
from referral.referrals.queries import Own
from referral.referrals.schemas import own as schemas
from referral.web import language
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, say

THANKS = _("Thank you. We wrote it down.")
CHANGED = _("Someone changed this while you were here. Look, and save it again.")
LISTS = ("reach_by", "access_needs")


def attempt(form: Form, act: Callable[[dict[str, Any]], object]) -> int | None:
    """Do ``act`` with what the form read: 303 when it was done, else what its page answers.

    What was typed stays on the form. None: read the page only, or show what is wrong with it.
    """
    if request.method != "POST" or (data := form.read()) is None:
        return None
    try:
        act(data)
    except Invalid as error:
        form.refuse(error)
    except StaleVersion:
        form.add("request", CHANGED)
        return 409
    except Conflict as error:
        form.add("request", error.detail)
        return 409
    else:
        return 303
    return None


def thanks(words: Lazy = THANKS, to: str = "status.start") -> Response:
    """Back to the page; the words name nobody, for they travel in a cookie."""
    say(words)
    return redirect_to(to)


@bp.route("/touch", methods=["GET", "POST"])
@commits
@people_rate
def touch() -> Response:
    """They have been in touch, or they have not."""
    found = referrals.mine(actor())
    one = chosen(found, [each for each in found if each.may_say_touch])
    form = Form(schemas.Touch, ignore=("referral",))
    done = attempt(form, lambda data: services.say(actor(), one.id, data["kind"], data["text"]))
    if done == 303:
        if request.form["kind"] == "in_touch":
            return thanks(_("Thank you. That is good to know."))
        if one.met or one.is_late:
            return thanks(_("Thank you. We asked them to look into it."))
        return thanks(_("Thank you. They still have time. We will keep an eye on it."))
    return page("touch.html", found, done, one=one, form=form)


@bp.route("/reach", methods=["GET", "POST"])
@commits
@people_rate
def reach() -> Response:
    """How to reach me, what I need, in which language."""
    found = referrals.mine(actor())
    one = found[0]
    form = Form(schemas.ReachMe, lists=LISTS, values=reach_values(one))
    done = attempt(form, lambda data: services.reach_me(actor(), one.id, data))
    if done == 303:
        return thanks()
    return page("reach.html", found, done, one=one, form=form, **reach_context(one))


def reach_values(one: Own) -> dict[str, Any]:
    """What is known now, as the form shows it."""
    return {
        "version": one.person_version,
        "reach_by": list(one.identity.reach_by),
        "access_needs": needs_of(one.identity),
        "language": one.identity.language,
        "written_in": one.written_in,
    }


def needs_of(identity: Identity) -> list[str]:
    """What they need, an interpreter among it."""
    needs = list(identity.access_needs)
    wanted = identity.interpreter and "interpreter" not in needs
    return [*needs, "interpreter"] if wanted else needs


def reach_context(one: Own) -> dict[str, Any]:
    """What is known of where they are reached, as far as it may stand on a shared screen."""
    return {
        "known": masked(one.identity),
        "languages_written": {code: i18n.NAMES[code] for code in language.spoken()},
    }


def masked(identity: Identity) -> dict[str, str]:
    """Enough to know one's own number and address by, and too little to learn them."""
    digits = [char for char in identity.phone if char.isdigit()]
    name, _at, host = identity.email.partition("@")
    return {
        "phone": f"… {''.join(digits[-3:])}" if digits else "",
        "email": f"{name[:1]}…@{host}" if host else "",
        "letter": identity.area,
    }


@bp.route("/changed-mind", methods=["GET", "POST"])
@commits
@people_rate
def changed_mind() -> Response:
    """I have changed my mind: whoever holds it is asked to act."""
    found = referrals.mine(actor())
    open_ = [each for each in found if each.is_open and not each.is_finished]
    one = chosen(found, open_)
    form = Form(schemas.Mind, ignore=("referral",))
    done = attempt(
        form, lambda data: services.change_mind(actor(), one.id, data["mind"], data["text"])
    )
    if done == 303:
        return thanks(_("Thank you. We told the people who help you."))
    return page("changed_mind.html", found, done, one=one, open_=open_, form=form)


@bp.route("/stop", methods=["GET", "POST"])
@commits
@people_rate
def stop() -> Response:
    """Stop telling others about me: holds at the very next look."""
    found = referrals.mine(actor())
    one = found[0]
    form = Form(schemas.Stop)

    def act(data: Mapping[str, Any]) -> None:
        services.stop(actor(), one.id, data["what"], data["why"])
        if data["what"] == "refer":
            for each in found:
                take_back_story(each.id)

    done = attempt(form, act)
    if done == 303:
        return thanks(_("It has stopped."))
    return page("stop.html", found, done, one=one, form=form)


def take_back_story(referral_id: uuid.UUID) -> None:
    """A story goes too, where one was told."""
    try:
        coming.withdraw_story(actor(), referral_id)
    except NotFound:
        return


@bp.route("/supporter", methods=["GET", "POST"])
@commits
@people_rate
def supporter() -> Response:
    """Somebody who may hear how it goes, or speak for me; and who may no more."""
    found = referrals.mine(actor())
    one = found[0]
    form = Form(schemas.SupporterForm, ignore=("off", "version"))
    done: int | None = None
    if request.method == "POST" and (off := request.form.get("off")):
        _take_off(off)
        return thanks(to="status.supporter")
    done = attempt(form, lambda data: services.name_supporter(actor(), one.id, data))
    if done == 303:
        return thanks(to="status.supporter")
    named = referrals.supporters(actor(), one.id)
    return page("supporter.html", found, done, one=one, form=form, named=named)


def _take_off(typed: str) -> None:
    """Tapped twice, they are off already."""
    try:
        services.no_supporter(actor(), uuid.UUID(typed), seen_version())
    except (ValueError, NotFound, StaleVersion):
        return


@bp.route("/first", methods=["GET", "POST"])
@commits
@people_rate
def first() -> Response:
    """Show me first what they write about me; read it, say something to it, let it go on."""
    found = referrals.mine(actor())
    over = [each for each in found if each.is_finished and not each.stopped]
    one = chosen(found, over)
    form = Form(schemas.Words, ignore=("do", "referral"))
    what = request.form.get("do", "") if request.method == "POST" else ""
    if what in ("yes", "no"):
        services.sees_first(actor(), one.id, what == "yes")
        return thanks(to="status.first")
    if what == "send":
        coming.let_go(actor(), one.id)
        return thanks(_("Thank you. It goes on now."), to="status.first")
    done = attempt(form, lambda data: coming.comment(actor(), one.id, data["text"]))
    if done == 303:
        return thanks(to="status.first")
    with i18n.speaking("en"):  # as the practice reads it, whatever the person reads
        told = outcomes.message(actor(), one.id) if one.is_finished else None
        # Of safeguarding nothing stands here: somebody else may hold the phone.
        words = drafting.whole(told.message)[1] if told is not None and told.message else ""
    if told is not None and request.method == "GET":
        form.values = {"text": told.own.get("comment", "")}
    return page("first.html", found, done, one=one, form=form, told=told, words=words)


@bp.route("/result", methods=["GET", "POST"])
@commits
@people_rate
def result() -> Response:
    """Did you get what you came for? By their own word, all of it and each goal."""
    found = referrals.mine(actor())
    over = [each for each in found if each.is_finished]
    words = outcomes.own_words(actor())
    if not over:
        return page("result.html", found, over=[], words={}, forms={})
    one = chosen(found, over)
    about = request.form.get("about", "overall")
    forms = {
        (each.id, word.about): Form(
            schemas.OwnResult,
            ignore=("referral",),
            values={"outcome": word.person, "said": word.said, "version": word.version},
        )
        for each in over
        for word in words.get(each.id, [])
    }
    done: int | None = None
    if request.method == "POST":
        if (one.id, about) not in forms:
            raise NotFound
        form = forms[one.id, about]
        done = attempt(form, lambda data: _say_result(one.id, data))
        if done == 303:
            return thanks(to="status.result")
    return page("result.html", found, done, over=over, words=words, forms=forms)


def _say_result(referral_id: uuid.UUID, data: Mapping[str, Any]) -> None:
    coming.say_result(
        actor(),
        referral_id,
        data["about"],
        data["outcome"],
        services.PAGE,
        data["said"],
        data["version"],
    )
