"""What waits for whom today: cases planned so that every desk has something on it.

Counted in working days before today (0 is the last one), so that it is the same on any date.
"""

from __future__ import annotations

from dataclasses import dataclass

from referral.seed import calendar, routes
from referral.seed.folk import Someone
from referral.seed.plan import Case, Planner
from referral.seed.reading import Table
from referral.seed.routes import Route, Step, Teller
from referral.seed.town import Offer

# Four questions before and after, the last one better when lower.
MEASURED: dict[str, Table] = {
    moment: {
        "measure": "ons4",
        "moment": moment,
        "answers": dict(zip(("satisfaction", "worthwhile", "happy", "anxious"), said, strict=True)),
    }
    for moment, said in (("baseline", (3, 4, 4, 7)), ("end", (7, 7, 6, 3)))
}
FRIENDS, HELPED = "Telephone friends", ("northgate", "muirside", "parkview") * 3
SHED, WALK, LUNCH = "Men's Shed", "Walk & Talk", "Lunch Club"


@dataclass(frozen=True)
class Wish:
    """``who``: a family name of the drawn screens, or a practice's key; ``offer`` "" for triage.

    ``stage``: a function below; ``days``: working days since it was sent.
    """

    who: str
    offer: str
    days: int
    stage: str


WISHES = (
    # The first practice: questions to answer, something to do, things to read, drafts.
    Wish("Begum", WALK, 40, "going_on_with_a_card"),
    Wish("Begum", "Letter friends", 3, "asked_yesterday"),
    Wish("Cole", SHED, 30, "worried_about"),
    Wish("Oyelaran", "Money and debt advice", 8, "asked_long_ago"),
    Wish("Hughes", WALK, 60, "told_by_both"),
    Wish("Ali", "Benefits check", 34, "told_by_both"),
    Wish("Quinn", LUNCH, 48, "told_apart"),
    Wish("Novak", SHED, 55, "told_by_both"),
    Wish("northgate", "Sing Your Heart Out", 50, "done_with_action"),
    Wish("Singh", "", 10, "taken_and_tried"),
    Wish("northgate", "Telephone friends", 0, "nothing_yet"),
    Wish("northgate", "", 0, "nothing_yet"),
    Wish("northgate", "", 1, "nothing_yet"),
    Wish("northgate", "Exercise on referral", 2, "draft"),
    Wish("northgate", "Conversation café", 1, "draft"),
    Wish("northgate", "", 0, "draft"),
    Wish("northgate", "Clay and Quiet", 9, "stopped"),
    Wish("northgate", "Get Online", 1, "not_meant"),
    # What changes for people at one service, as ten of them and more have found.
    *(Wish(who, FRIENDS, 70 + 12 * n, "helped_before") for n, who in enumerate(HELPED)),
    # The first provider: new ones, one that waits too long, work in hand.
    Wish("harbour", "Befriending at home", 1, "nothing_yet"),
    Wish("muirside", "Telephone friends", 3, "nothing_yet"),
    Wish("lennox", "Letter friends", 7, "nothing_yet"),
    Wish("parkview", "Telephone friends", 14, "accepted_only"),
    Wish("northgate", "Telephone friends", 6, "complained_of"),
    Wish("oldmill", "Befriending at home", 5, "on_the_list"),
    Wish("northgate", "Befriending at home", 12, "on_the_list"),
    Wish("muirside", "Telephone friends", 25, "on_a_break"),
    # The link workers: triage by age, what came back, what was declined.
    Wish("muirside", "", 1, "nothing_yet"),
    Wish("lennox", "", 1, "nothing_yet"),
    Wish("parkview", "", 0, "nothing_yet"),
    Wish("muirside", "", 0, "nothing_yet"),
    # A group without an account: its phone has a link that opens.
    Wish("northgate", "Lunch Club", 0, "nothing_yet"),
    Wish("lennox", "Lunch Club", 1, "nothing_yet"),
    Wish("parkview", "", 9, "taken_and_tried"),
    Wish("northgate", "", 16, "going_on"),
    Wish("northgate", "One-to-one counselling", 4, "refused_yesterday"),
    Wish("muirside", "Green Gym", 6, "refused_yesterday"),
    Wish("northgate", "Reading again", 12, "nothing_yet"),
    Wish("lennox", "Door to door", 12, "nothing_yet"),
    Wish("parkview", "Stay and play", 20, "stopped"),
    # Its checks ran out since; what is under way goes on.
    Wish("lennox", "Listening ear", 25, "going_on"),
    # The second practice, provider and team.
    Wish("harbour", WALK, 2, "nothing_yet"),
    Wish("harbour", WALK, 1, "nothing_yet"),
    Wish("oldmill", "Strength and Balance", 8, "on_the_list"),
    Wish("harbour", "Cook Together", 4, "asked_yesterday"),
    Wish("harbour", "", 1, "nothing_yet"),
    Wish("oldmill", "", 6, "taken_and_tried"),
    Wish("harbour", "Garden Gang", 45, "done_with_action"),
    Wish("harbour", "Story Circle", 30, "on_a_break"),
)


# Working days: the newest of those who were helped tells of it.
TOLD_SINCE = 70
# What came of these goes back whole.
TOLD = frozenset({"told_by_both", "told_apart"})


def wanted(planner: Planner) -> list[Case]:
    """The cases of ``WISHES``, each for somebody whose story fits."""
    return [_case(planner, wish) for wish in WISHES]


def _case(planner: Planner, wish: Wish) -> Case:
    someone = _someone(planner, wish)
    offer = planner.offer_for(someone, wish.offer) if wish.offer else None
    if offer is not None and not set(offer.needs) & set(someone.story["needs"]):
        someone.story = _story_for(planner, offer, someone.age) or someone.story
    day = calendar.ago(planner.today, wish.days)
    sent = calendar.at(day, planner.dice.uniform(9, 11.5))
    teller = planner.teller(someone, sent)
    made = planner.case(someone, offer, sent, STAGES[wish.stage](teller, wish.days))
    made.draft = wish.stage == "draft"
    if wish.stage in TOLD:
        made.feedback = "full"
    if wish.stage == refused_yesterday.__name__:
        made.if_not = "link_worker"
    if made.urgent and wish.days > 1:
        made.urgent = False
    return made


def _someone(planner: Planner, wish: Wish) -> Someone:
    offers = [offer for offer in planner.offers if offer.name == wish.offer]
    fit = [
        someone
        for someone in planner.people
        if wish.who in (someone.practice, someone.fields["family_name"])
        and all(offer.minimum_age <= someone.age <= offer.maximum_age for offer in offers)
        and all(offer.only_for in ("", someone.sex) for offer in offers)
        and not any(offer.id in someone.served for offer in offers)
    ]
    if wish.who.islower():
        # The drawn people keep to their own stories.
        fit = [someone for someone in fit if someone not in planner.people[:8]]
    suited = [
        someone
        for someone in fit
        if any(set(offer.needs) & set(someone.story["needs"]) for offer in offers)
    ]
    return planner.dice.choice(suited or fit)


def _story_for(planner: Planner, offer: Offer, age: int) -> Table | None:
    """A reason to be referred to ``offer`` at ``age``."""
    fit = [
        row
        for row in planner.stories["stories"]
        if set(row["needs"]) & set(offer.needs) and row["ages"][0] <= age <= row["ages"][1]
    ]
    return planner.dice.choice(fit) if fit else None


def nothing_yet(_teller: Teller, _days: int) -> Route:
    return []


def asked_yesterday(teller: Teller, days: int) -> Route:
    question = teller.say("open_questions")
    return [Step(days - 1, "ask", "recipient", {"question": question})]


def asked_long_ago(teller: Teller, _days: int) -> Route:
    return [Step(2, "ask", "recipient", {"question": teller.say("open_questions")})]


def accepted_only(teller: Teller, _days: int) -> Route:
    return [Step(1, "accept", "recipient", teller.noted("accept"))]


def complained_of(teller: Teller, days: int) -> Route:
    """Nobody rang when they said they would."""
    about = {"kind": "help", "about": "group", "text": teller.say("complaints"), "wants": ""}
    return [*tried_twice(teller, days), Step(0.5, "complain", "person", about)]


def tried_twice(teller: Teller, days: int) -> Route:
    tried = {"channel": teller.channel(), "result": "no_answer"}
    found = accepted_only(teller, days)
    return [*found, *(Step(2, "contact", "recipient", dict(tried)) for _n in range(2))]


def taken_and_tried(teller: Teller, days: int) -> Route:
    left = {"channel": teller.channel(), "result": "message_left", **teller.noted("tried_notes")}
    return [*accepted_only(teller, days), Step(2, "contact", "recipient", left)]


def on_the_list(teller: Teller, days: int) -> Route:
    listed = {"expected_on": days + 10, **teller.noted("waitlist")}
    return [Step(1, "waitlist", "recipient", listed)]


def refused_yesterday(teller: Teller, days: int) -> Route:
    return [Step(days - 1, "decline", "recipient", routes.refusing(teller)[0].data)]


def _begun(teller: Teller) -> Route:
    reached = {"channel": teller.channel(), "result": "reached", **teller.noted("contact_notes")}
    return [
        Step(1, "accept", "recipient", teller.noted("accept")),
        Step(2, "contact", "recipient", reached),
        Step(3, "start", "recipient", {}),
    ]


def going_on(teller: Teller, days: int) -> Route:
    came = {"channel": "visit", "result": "attended", **teller.noted("session_notes")}
    return [*_begun(teller), Step(max(1, days - 12), "contact", "recipient", came)]


def going_on_with_a_card(teller: Teller, days: int) -> Route:
    """Whom no text reaches has a card for their own page."""
    return [*going_on(teller, days), Step(1, "make_card", "sender", {})]


def worried_about(teller: Teller, days: int) -> Route:
    """Something about health raised on the last working day, not answered yet."""
    concern = {"kind": "health", "text": teller.say("health_concerns")}
    return [*going_on(teller, days), Step(5, "raise", "recipient", concern)]


def on_a_break(teller: Teller, days: int) -> Route:
    data = {"until": 15, "note": teller.say("pauses")}
    return [*_begun(teller), Step(days - 10, "pause", "recipient", data)]


def _done(teller: Teller, days: int, outcome: str, *, actions: bool) -> Route:
    found = going_on(teller, days - 8)
    finished = routes.finish(teller, outcome, actions=actions)
    # Six days in hand before the last one: finished in the last days before today.
    before = sum(round(step.after) for step in found)
    finished[0].after = max(1, days - before - 2)
    return [*found, *finished]


def done_well(teller: Teller, days: int) -> Route:
    return _done(teller, days, "met", actions=False)


def told_by_both(teller: Teller, days: int) -> Route:
    """Measured before and after, and good by both words."""
    return _told(teller, days, {"outcome": "met", "told_by": "both"})


def helped_before(teller: Teller, days: int) -> Route:
    """Helped, read and closed; one of them tells others of it."""
    done = _done(teller, 40, "met", actions=False)
    route = [*done, Step(3, "acknowledge", "sender", {})]
    if days > TOLD_SINCE:
        return route
    told = {"text": teller.say("stories"), "shown_as": "age", "agreed": True}
    return [*route, Step(2, "give_story", "person", told)]


def told_apart(teller: Teller, days: int) -> Route:
    """The group sees it otherwise than the person, who says so at their own page."""
    route = _told(teller, days, {"outcome": "met", "told_by": "provider"})
    said = {"outcome": "partly_met", "said": teller.say("says_themselves")}
    return [*route, Step(0.3, "say_result", "person", said)]


def _told(teller: Teller, days: int, outcome: Table) -> Route:
    found = [*_begun(teller), Step(0.2, "measure", "recipient", MEASURED["baseline"])]
    came = {"channel": "visit", "result": "attended"}
    found += [Step(6, "contact", "recipient", dict(came)) for _n in range(2)]
    finished = {
        **outcome,
        "verb": "complete",
        "actions_for_practice": [],
        "done": teller.someone.tell(teller.dice.choice(teller.group[outcome["outcome"]])),
        "not_worked": teller.say("not_worked"),
        "fit": {"right_person": True, "enough_said": True, "ready": True},
    }
    left = days - sum(round(step.after) for step in found) - 3
    return [
        *found,
        Step(max(1, left), "measure", "recipient", MEASURED["end"]),
        Step(0.2, "finish", "recipient", finished),
    ]


def done_with_action(teller: Teller, days: int) -> Route:
    return _done(teller, days, "met", actions=True)


def stopped(teller: Teller, days: int) -> Route:
    end = routes.ending(teller, "did_not_attend")[0]
    end.after = max(1, days - 8)
    return [*_begun(teller), end]


def not_meant(teller: Teller, _days: int) -> Route:
    return [Step(0.2, "correct", "sender", {"reason": teller.say("corrected")})]


STAGES = {
    stage.__name__: stage
    for stage in (
        nothing_yet,
        asked_yesterday,
        asked_long_ago,
        accepted_only,
        taken_and_tried,
        on_the_list,
        refused_yesterday,
        going_on,
        going_on_with_a_card,
        worried_about,
        on_a_break,
        complained_of,
        done_well,
        told_by_both,
        told_apart,
        helped_before,
        done_with_action,
        stopped,
        not_meant,
    )
} | {"draft": nothing_yet}
