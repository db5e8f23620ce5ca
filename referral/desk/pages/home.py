"""Home: what needs me, what I should read, one line of reassurance. One shape for every role."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from referral.accounts.permissions import Permission, may
from referral.caseload import queries as caseload
from referral.core import clock
from referral.core.actor import Actor
from referral.core.i18n import Lazy, _
from referral.desk import words
from referral.desk.pages.blueprint import bp
from referral.desk.pages.listing import boxes_of
from referral.directory import queries as directory
from referral.outcomes import queries as outcomes
from referral.referrals import queries as referrals
from referral.web.door import actor
from referral.web.pages import render


@dataclass(frozen=True)
class Place:
    """Where other work of a role is done; ``{own}`` in ``href`` is the actor's organisation."""

    needs: Permission
    title: Lazy
    text: Lazy
    href: str


P = Permission
TO_LOOK_AT = Place(
    P.REVIEW_CHECKS,
    _("Checks on organisations"),
    _("answers that wait for a look, and what ends soon"),
    "/vetting",
)
BY_TELEPHONE = Place(
    P.ANSWER_BY_TELEPHONE,
    _("A group rings, or a sheet came back"),
    _("write down what a group says that has no account; weekly sheets to print"),
    "/telephone",
)
WHO_CAME = Place(
    P.ANSWER_REFERRALS,
    _("Who came?"),
    _("say in one go who was there today"),
    "/sessions",
)
QUESTIONS = Place(
    P.ANSWER_REFERRALS,
    _("Questions before a referral"),
    _("would somebody fit? asked and answered before anybody is named"),
    "/enquiries",
)
AT_RISK = Place(
    P.SET_SAFEGUARDING_ROUTE,
    _("When somebody is at risk"),
    _("whom to ring here; it stands before every safeguarding concern"),
    "/safeguarding",
)
COMPLAINTS = Place(
    P.ANSWER_COMPLAINTS,
    _("Complaints"),
    _("what people who were referred say went wrong, and what became of it"),
    "/complaints",
)
PLACES: dict[str, tuple[Place, ...]] = {
    "link_worker": (BY_TELEPHONE, QUESTIONS, TO_LOOK_AT),
    "provider_worker": (WHO_CAME, QUESTIONS),
    "practice_manager": (
        Place(
            P.SEE_ACCOUNTABILITY,
            _("How we are doing, both sides"),
            _("how fast you and the organisations answer each other, and what is overdue"),
            "/accountability",
        ),
        Place(
            P.MANAGE_ORGANISATION_PEOPLE,
            _("Your practice"),
            _("who may sign in, when you are shut, where messages go"),
            "/organisations/{own}",
        ),
        COMPLAINTS,
    ),
    "link_worker_lead": (
        Place(
            P.SEE_ACCOUNTABILITY,
            _("How we are doing, both sides"),
            _("your team’s times, and those of the practices you serve"),
            "/accountability",
        ),
        BY_TELEPHONE,
        QUESTIONS,
        COMPLAINTS,
        TO_LOOK_AT,
        AT_RISK,
        Place(
            P.MERGE_PEOPLE,
            _("Same person?"),
            _("records that may be one person and wait for you"),
            "/people/matches",
        ),
    ),
    "provider_manager": (
        WHO_CAME,
        QUESTIONS,
        COMPLAINTS,
        Place(
            P.KEEP_OWN_LISTING,
            _("What others read about you"),
            _("your services, whether there is room, when you checked them last"),
            "/directory/organisations/{own}",
        ),
        Place(
            P.EXPORT_OWN_DATA,
            _("Our data"),
            _("numbers for a funder, who pays for how many, stories people told"),
            "/our-data",
        ),
        Place(
            P.GIVE_EVIDENCE,
            _("Your checks"),
            _("what was looked at and how long it counts; what is asked of you"),
            "/vetting",
        ),
        Place(
            P.MANAGE_ORGANISATION_PEOPLE,
            _("Your organisation"),
            _("who may sign in, when you are shut, where messages go"),
            "/organisations/{own}",
        ),
    ),
    "commissioner": (
        Place(
            P.SEE_LOCALITY_FIGURES,
            _("How we are doing, both sides"),
            _("what was sent, answered, started and finished, and how long it took; no names"),
            "/accountability",
        ),
        Place(
            P.SEE_CHECKS_OVERVIEW,
            _("Checks on organisations"),
            _("how many are current, end soon or ran out; what the locality asks for"),
            "/vetting",
        ),
        Place(
            P.READ_DIRECTORY,
            _("Find support"),
            _("what there is, where, and who has room"),
            "/directory",
        ),
        AT_RISK,
    ),
    "privacy_lead": (
        Place(
            P.REGISTER_EVALUATIONS,
            _("Evaluations"),
            _("studies that people who are referred may be asked about"),
            "/evaluations",
        ),
        Place(
            P.MERGE_PEOPLE,
            _("Same person?"),
            _("records that may be one person and wait for a decision"),
            "/people/matches",
        ),
        Place(P.READ_DIRECTORY, _("Find support"), _("the directory"), "/directory"),
    ),
    "administrator": (
        Place(
            P.MANAGE_INSTALLATION,
            _("Organisations"),
            _("practices, link-worker teams, providers; what is new, closed or merged"),
            "/organisations",
        ),
        Place(
            P.MANAGE_INSTALLATION,
            _("Users"),
            _("who may sign in, invitations, programs’ tokens"),
            "/users",
        ),
        Place(
            P.MANAGE_INSTALLATION,
            _("Localities"),
            _("the areas that share a directory, their nation and holidays"),
            "/localities",
        ),
        Place(P.READ_DIRECTORY, _("Find support"), _("the directory"), "/directory"),
    ),
}
NOTHING: dict[str, Lazy] = {
    "practice": _("Questions, concerns and requests from organisations show here."),
    "link_worker_team": _(
        "New referrals, people to get in touch with and what came back show here."
    ),
    "provider": _("New referrals to answer and people to get in touch with show here."),
}


@bp.get("/")
def home() -> Response:
    """The home of the actor's role; those who see no referrals are shown where their work is."""
    sees = may(actor(), Permission.SEE_REFERRALS)
    found = referrals.home(actor(), caseload.counted(actor())) if sees else None
    told = [row["id"] for row in found["to_read"] if row["outcome"]] if found else []
    return render(
        "desk/home.html",
        now=clock.local(clock.now()),
        today=clock.today(),
        words=words,
        found=found,
        first_words=outcomes.first_words(actor(), told),
        may_refer=may(actor(), Permission.RAISE_FOR_TRIAGE),
        acts=may(actor(), Permission.ACT_ON_REFERRALS),
        named=may(actor(), Permission.SEE_PEOPLE),
        box=boxes_of(actor())[0],
        nothing=NOTHING.get(actor().organisation_kind, ""),
        places=places_of(actor()),
        to_decide=directory.to_decide(actor()),
        counted_to=directory.COUNT_MAX,
    )


def places_of(who: Actor) -> list[Place]:
    """The other places where the actor's roles have work, each once."""
    found: dict[str, Place] = {}
    for role in sorted(who.roles):
        for place in PLACES.get(role, ()):
            if may(who, place.needs):
                href = place.href.format(own=who.organisation)
                found.setdefault(href, Place(place.needs, place.title, place.text, href))
    return list(found.values())
