"""Has the organisations of the invented town checked, each at another point of the way.

``check`` comes before the year's referrals are played, for they need services that may receive
them; ``look_back`` after it: what the clock and the charity register have done since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from referral.core import clock, encryption
from referral.core.actor import SYSTEM, Actor
from referral.core.database import new_id, session
from referral.directory import services as directory
from referral.directory.models import Service
from referral.files import services as files
from referral.seed import calendar, papers, reading
from referral.seed.reading import Table
from referral.seed.town import Town
from referral.vetting import queries, schemas, services
from referral.vetting.models import Application, Evidence, fields_of
from referral.vetting.proportion import ABOUT, BEING, may_hold
from referral.vetting.queries import Dossier
from referral.vetting.queries.answering import STATED
from referral.vetting.registers import Found
from referral.vetting.schemas.scheme import SchemeBody
from referral.vetting.services.history import note

FILLED_IN, LOOKED_AT = 9, 3  # days before the decision
SPREAD, FIRST = 110, 55  # the decisions lie 55 to 165 days back
WATCHED = 70  # days that vetting's clock is watched for: longer than the first notice
MORNING = 6.2
# Who tells nothing of these has answers like everybody's: written many at once, for the
# demonstration should not take long to make.
TOLD = frozenset({"answers", "ask", "hosted_by", "papers", "waits", "way"})
STATED_OPENLY = ("expires_on", "level", "count", "update_service", "cover", "cover_by")
WORDS = ("number", "issuer", "lead_name", "lead_phone", "note")


@dataclass(frozen=True)
class Cast:
    """Who checks: two leads of different teams, and a link worker."""

    lead: Actor
    other_lead: Actor
    link_worker: Actor


@dataclass
class Story:
    """An organisation on its way. ``days``: before today, when it was decided (or handed in)."""

    row: Table
    said: Table
    organisation: UUID
    manager: Actor
    number: int
    days: int

    @property
    def state(self) -> str:
        found: str = self.said.get("state", "approved")
        return found

    @property
    def is_plain(self) -> bool:
        return TOLD.isdisjoint(self.said)

    def day(self, before: int = 0) -> date:
        """The working day ``before`` days before its own."""
        day = clock.today() - timedelta(days=self.days + before)
        while not calendar.TOWN.is_working(day):
            day -= timedelta(days=1)
        return day


def check(town: Town) -> None:
    """Everybody's application as it stood last night, but for what the clock does by itself."""
    said = reading.table("vetting")
    cast = _cast(town)
    _set_scheme(town, said["scheme"])
    for number, row in enumerate(reading.providers()):
        own = said["usual"] | said["organisations"].get(row["key"], {})
        story = Story(
            row,
            own,
            town.organisations[row["key"]],
            town.who(row["key"], "provider_manager", "provider_worker")[0],
            number,
            own.get("days", FIRST + number * 41 % SPREAD),
        )
        _play(town, story, cast)


def look_back(town: Town) -> None:
    """What ended, was removed or was asked in the last weeks; then nothing is due any more."""
    said = reading.table("vetting")
    today = clock.today()
    removed = [one["removed"] for one in said["organisations"].values() if "removed" in one]
    for back in range(WATCHED, -1, -1):
        day = today - timedelta(days=back)
        with clock.at(calendar.at(day, MORNING) if back else clock.now()):
            for one in removed:
                if one["looked"] == back:
                    _load(one, day)
            for application_id in _due() if back else queries.due_applications(SYSTEM):
                services.look_at(SYSTEM, application_id)
    invited = said["invited"]
    with clock.at(calendar.at(today - timedelta(days=invited["days"]), 11)):
        cast = _cast(town)
        services.invite(cast.link_worker, town.organisations[invited["key"]], invited["note"])


def _due() -> Sequence[UUID]:
    """Whose day had come; entries were changed later, and are looked at on the last day."""
    due = select(Application.id).where(Application.look_on <= clock.today())
    return session().scalars(due).all()


def _cast(town: Town) -> Cast:
    return Cast(
        town.who("eldermuir", "link_worker_lead")[0],
        town.who("southside", "link_worker_lead")[0],
        town.who("eldermuir", "link_worker")[0],
    )


def _set_scheme(town: Town, said: Table) -> None:
    names = ("two_reviewers", "assurer_email", "appeal_route", "reason")
    body = SchemeBody().read({"rules": []} | {name: said[name] for name in names})
    owner = town.who("partnership", "commissioner")[0]
    with clock.at(calendar.at(clock.today() - timedelta(days=said["days"]), 15)):
        services.set_scheme(owner, town.locality, 0, body)


def _play(town: Town, story: Story, cast: Cast) -> None:
    today = clock.today()
    with clock.at(calendar.at(story.day(FILLED_IN), 10)):
        made = services.begin(story.manager)
        _say_about(story)
        if "hosted_by" in story.said:
            _host(town, story)
        given = _answer(story, today)
        if story.state == "draft":
            _list(story)
            return
    with clock.at(calendar.at(story.day(LOOKED_AT + 1), 16)):
        made = services.submit(story.manager, made.id, made.version)
    if story.state == "submitted":
        _ask(story, cast)
        return
    with clock.at(calendar.at(story.day(LOOKED_AT), 11)):
        for one in given:
            _look_at(story, cast, one)
    with clock.at(calendar.at(story.day(), 14)):
        _decide(story, cast, made)
    if "second" in story.said:
        second = story.said["second"]
        with clock.at(calendar.at(today - timedelta(days=second["days"]), 12)):
            _word(cast.lead, made, "approve", second["reason"])


def _dossier(story: Story) -> Dossier:
    where = story.manager.locality
    assert where is not None  # noqa: S101 - a provider of the town
    return queries.dossier(story.manager, story.organisation, where)


def _say_about(story: Story) -> None:
    doing = reading.table("vetting")["doing"]
    way = story.said.get("way", "referral")
    said = {
        "being": [key for key in BEING if key in story.said["being"]],
        "services": [
            {
                "service_id": str(offer.service.id),
                "way": "signpost" if offer.service.route == "signpost" else way,
                "doing": doing.get(offer.service.name, []),
            }
            for offer in _dossier(story).services
        ],
    }
    services.say_about(story.manager, story.organisation, 0, schemas.About().read(said))


def _host(town: Town, story: Story) -> None:
    """Asked by the small group, agreed to by the large one the same day."""
    key = story.said["hosted_by"]
    wanted = {line.item.check.key for line in _dossier(story).checklist(clock.today())}
    held = [one for one in may_hold(_dossier(story).scheme.checks) if one in wanted]
    anchor = town.organisations[key]
    made = services.propose(story.manager, anchor, story.organisation, held, story.said["limits"])
    keeper = town.who(key, "provider_manager")[0]
    services.agree(keeper, made.id, made.version)


def _answer(story: Story, today: date) -> list[Evidence]:
    """Everything that is asked (of a draft: what it got to), some of it with a paper."""
    made = _dossier(story)
    checks = {line.item.check.key: line.item.check for line in made.checklist(clock.today())}
    asked = [
        key
        for key in made.questions(clock.today())
        if key != ABOUT and checks[key].kind != "directory"
    ]
    wanted = story.said.get("answers", asked)
    found = []
    for key in (key for key in asked if key in wanted):
        said = papers.answer(checks[key], story.row, story.said, clock.today(), today, story.number)
        read = schemas.answer_schema(checks[key], made.locality.nation).read(said)
        kept = _paper(story, key) if key in story.said.get("papers", ()) else []
        if story.is_plain:
            found.append(_given(story, key, read))
        else:
            found.append(services.give(story.manager, story.organisation, key, read, kept))
    session().flush()
    return found


def _given(story: Story, key: str, read: Table) -> Evidence:
    """The row that ``services.give`` would have written."""
    made = Evidence(
        id=new_id(),
        organisation_id=story.organisation,
        check_key=key,
        kind="stated",
        state="given",
        issued_on=read.get("issued_on") or clock.today(),
        level="",
        cover_by="own",
        submitted_at=clock.now(),
        submitted_by=story.manager.id,
    )
    for name in STATED_OPENLY:
        if read.get(name) is not None:
            setattr(made, name, read[name])
    words = {name: read[name] for name in WORDS if read.get(name)}
    made.stated_sealed = encryption.seal_for_installation(words, f"{STATED}{made.id}")
    session().add(made)
    after = fields_of(made, "check_key", "kind", "state", "issued_on", *STATED_OPENLY)
    note(story.manager, "given", "evidence", made.id, story.organisation, None, after)
    return made


def _paper(story: Story, key: str) -> list[UUID]:
    title = key.replace("_", " ").capitalize()
    data = papers.pdf(title, story.row["name"], f"Agreed {clock.today():%d %m %Y}", "Invented.")
    return [files.keep(story.manager, story.organisation, data, f"{title}.pdf").id]


def _list(story: Story) -> None:
    """It took referrals before there were checks, and goes on until somebody has decided."""
    ids = select(Service.id).where(Service.organisation_id == story.organisation)
    paper = story.said["paper"]
    for service_id in session().scalars(ids).all():
        directory.list_service(
            SYSTEM,
            service_id,
            accepts=True,
            until=story.day() + timedelta(days=paper["counts"]),
            checks_summary=paper["summary"],
            assured_date=story.day(paper["days"]),
        )


def _look_at(story: Story, cast: Cast, one: Evidence) -> None:
    lead = one.check_key in ("dbs", "dspt")
    if story.is_plain:
        _accept(cast.lead, one)
        return
    if one.check_key in story.said.get("waits", {}):
        why = story.said["asked_again"]
        services.review(cast.link_worker, one.id, one.version, "reject", reason=why)
        return
    services.review(cast.lead if lead else cast.link_worker, one.id, one.version, "accept")


def _accept(lead: Actor, one: Evidence) -> None:
    """What ``services.review`` would have written of an answer that will do."""
    one.state, one.version = "accepted", one.version + 1
    one.reviewed_at, one.reviewed_by = clock.now(), lead.id
    one.reviewer_role, one.reviewer_organisation_id = "link_worker_lead", lead.organisation
    after = fields_of(one, "state", "reviewed_at", "reviewer_role", "reviewer_organisation_id")
    note(lead, "accepted", "evidence", one.id, one.organisation_id, None, after)


def _ask(story: Story, cast: Cast) -> None:
    asked = story.said["ask"]
    day = clock.today() - timedelta(days=asked["days"])
    one = _dossier(story).open[asked["check"]]
    with clock.at(calendar.at(day, 15)):
        services.review(cast.link_worker, one.id, one.version, "ask", reason=asked["reason"])


def _decide(story: Story, cast: Cast, made: Application) -> None:
    waits = story.said.get("waits")
    if waits is None:
        _word(cast.lead, made, "approve", story.said["reason"])
    else:
        days = {key: clock.today() + timedelta(days=n) for key, n in waits.items()}
        said = story.said["conditions"]
        _word(cast.lead, made, "approve_with_conditions", said, conditions=said, waived=days)
    if made.pending_id is not None:
        _word(cast.other_lead, made, "agree", "Agreed.")


def _word(by: Actor, made: Application, kind: str, reason: str, **more: object) -> None:
    services.decide(by, made.id, made.version, kind, {"reason": reason, **more})


def _load(one: Table, day: date) -> None:
    """The newest extract of the charity register has come, and somebody is not in it any more."""
    since = day - timedelta(days=one["days"] - one["looked"])
    row = Found(one["register"], one["number"], "removed", one["name"], "Removed", since)
    source = "publicextract.charity.csv"
    services.load_register(SYSTEM, one["register"], [row], source=source, as_of=day, whole=False)
    applications: Sequence[UUID] = session().scalars(select(Application.id)).all()
    for application_id in applications:
        services.look_up(SYSTEM, application_id)
