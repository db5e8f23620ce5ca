"""What stands on the desks on the first day besides the year of referrals: a whole caseload, work
handed over, days set, a plan, people who asked for help, a question asked first, what somebody took
back, and letters and calls that wait.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, select, update

from referral.caseload import queries as caseloads
from referral.caseload import schemas as caseload_schemas
from referral.caseload import services as caseload
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import session
from referral.core.schema import Schema
from referral.outbox.models import OutboxMessage
from referral.outcomes import schemas as plan_schemas
from referral.outcomes import services as plans
from referral.outcomes.schemas.exporting import Paid
from referral.referrals import queries, services
from referral.referrals.models import PersonNotice, Referral
from referral.referrals.queries import due
from referral.referrals.schemas import agreeing, appointing, asking, talking
from referral.referrals.services import person_notices
from referral.referrals.services.appointing import appoint
from referral.seed import calendar, folk, reading
from referral.seed.reading import Table
from referral.seed.town import Town

# Serial numbers of health numbers and telephones that nobody else in the town has.
SERIAL, PHONE = 6000, 600
COLUMNS = (
    *("external_id", "number_type", "number", "given_name", "family_name", "date_of_birth"),
    *("postcode", "phone", "practice_ods", "needs", "reason", "status", "since"),
    *("worker_email", "review_on", "consent"),
)  # fmt: skip
AT_ONCE = 500


def fill(town: Town, dice: random.Random) -> None:
    """Put everything there; the clock stands where it happened."""
    said = reading.table("desks")
    worker, lead = town.who("eldermuir", "link_worker")[0], _lead(town)
    # After hours on the last working day: the year has been played by then.
    with clock.at(_evening(18)):
        _hand_over(town, worker, lead)
        _bring_across(town, dice, worker, lead, said["guide"])
    with clock.at(_evening(18.4)):
        _plan(worker, said)
        _sessions(town)
        _sheets(town, said["ways"]["paper"])
        _take_back(town)
        _ask(town, said)
        _note(worker, lead, said)
        _paid(town, said)
    with clock.at(_evening(18.8)):
        _days(worker, said)
    _lose(town, said["lost"])


def settle_notices(fresh: datetime) -> None:
    """What the person was to be told before ``fresh`` was told then; what is younger goes its way,
    as the worker would let it.
    """
    told = PersonNotice.made_at < fresh
    by_text = Referral.reach_by.contains("text")
    channel = (
        select(
            case((by_text, "text"), (Referral.reach_by.contains("email"), "email"), else_="letter")
        )
        .where(Referral.id == PersonNotice.referral_id)
        .scalar_subquery()
    )
    session().execute(
        update(PersonNotice)
        .where(told, PersonNotice.state == "held")
        .values(state="done", done_at=PersonNotice.not_before, channel=channel)
    )
    session().expire_all()
    for notice_id in due.notices_to_release(SYSTEM, AT_ONCE):
        person_notices.release(SYSTEM, notice_id)


def _evening(hour: float) -> datetime:
    return calendar.at(calendar.ago(clock.today(), 0), hour)


def _id(actor: Actor) -> UUID:
    """Everybody of the town has one."""
    if actor.id is None:
        raise ValueError("nobody")
    return actor.id


def _coming(days: int) -> str:
    return calendar.TOWN.add(clock.today(), days).isoformat()


def _lead(town: Town) -> Actor:
    return town.who("eldermuir", "link_worker_lead")[0]


def _hand_over(town: Town, worker: Actor, lead: Actor) -> None:
    """A colleague on long leave has given what was in hand to the first link worker."""
    gone = town.who("eldermuir", "link_worker")[1]
    caseload.hand_over(lead, _id(gone), _id(worker), "balance")


def _bring_across(
    town: Town, dice: random.Random, worker: Actor, lead: Actor, guide: Table
) -> None:
    """The people the team had on a spreadsheet before: two short of what the guide says."""
    caseload.set_guide(lead, _id(worker), 0, guide["people"], 100)
    room = guide["held"] - caseloads.worker(lead, _id(worker)).load.points
    rows = [_row(dice, town, n, guide["worker"]) for n in range(max(0, int(room)))]
    lines = "\n".join(",".join(row) for row in (COLUMNS, *rows))
    caseload.bring_across(lead, town.organisations["eldermuir"], lines.encode())


def _row(dice: random.Random, town: Town, n: int, mail: str) -> tuple[str, ...]:
    lists, stories = reading.table("names")["lists"], reading.table("stories")["stories"]
    story = dice.choice([row for row in stories if row["ages"][0] >= 16])
    sex = dice.choice(("female", "female", "male"))
    practice = dice.choice([row for row in town.practices.values() if row["team"] == "eldermuir"])
    born = date(clock.today().year - dice.randint(*story["ages"]), 1, 1)
    reason = dice.choice(story["reasons"])
    for mark, word in folk.PRONOUNS[sex].items():
        reason = reason.replace("{" + mark + "}", word)
        reason = reason.replace("{" + mark.capitalize() + "}", word.capitalize())
    since = calendar.ago(clock.today(), dice.randint(8, 70))
    return (
        f"OLD-{n + 1:03d}",
        "nhs",
        folk.number(SERIAL + n * 7),
        dice.choice(lists[sex]),
        dice.choice(lists["family"]),
        (born + timedelta(days=dice.randint(0, 300))).isoformat(),
        dice.choice(folk.NEARBY[practice["key"]]) + " 9AB",
        f"01632 960{PHONE + n:03d}",
        practice["ods_code"],
        ";".join(story["needs"][:3]),
        '"' + reason.replace('"', "'") + '"',
        "started",
        since.isoformat(),
        mail,
        _coming(dice.randint(1, 25)),
        "yes",
    )


def _plan(worker: Actor, said: Table) -> None:
    """One person's plan, with goals and who does what."""
    found = _held_by(worker, "started")[0]
    made = plans.plan(worker, found.id)
    plans.write_about(worker, made.id, None, said["plan"])
    for row in said["goals"]:
        told = {name: row[name] for name in ("text", "importance", "confidence", "chosen")}
        goal = plans.set_goal(worker, made.id, plan_schemas.Goal().read(told))
        action = {"text": row["action"], "who": row["who"], "due_on": _coming(10)}
        action |= {"goal_id": str(goal.id)}
        plans.set_action(worker, made.id, plan_schemas.ActionForm().read(action))
    day = date.fromisoformat(_coming(30))
    plans.review_on(worker, made.id, None, day)
    plans.agree(worker, made.id, None)


def _sessions(town: Town) -> None:
    """A group has marked on three days who came."""
    groups = [(actor, service) for by in town.contacts.values() for actor in by[:1]
              for service in sorted(actor.services)]  # fmt: skip
    today = clock.today()
    counted = [(len(_people(actor, service, today)), actor, service) for actor, service in groups]
    _most, actor, service = max(counted, key=lambda row: (row[0], str(row[2])))
    days = [calendar.ago(clock.today(), back) for back in (10, 5, 0)]
    for day in days:
        marks = {
            row["id"]: services.Mark("late" if n == 1 else "attended")
            for n, row in enumerate(_people(actor, service, day))
        }
        services.record_session(actor, service, day, "11:00", marks)


def _sheets(town: Town, groups: list[str]) -> None:
    """This week's sheet of a group that wants paper still has to be printed."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    for key in groups:
        services.make_sheet(
            SYSTEM, town.organisations[key], town.organisations["eldermuir"], monday
        )


def _people(actor: Actor, service: UUID, day: date) -> list[Table]:
    found: list[Table] = queries.register(actor, service, day)["people"]
    return found


def _take_back(town: Town) -> None:
    """Somebody at a group no longer wants anything shared."""
    staff = town.who("northgate", "practice_staff")[0]
    found = session().scalars(
        select(Referral)
        .where(
            Referral.sender_id == staff.organisation,
            Referral.status == "started",
            Referral.service_id.is_not(None),
        )
        .order_by(Referral.sent_at)
    )
    body = {"what": "refer", "by": "self", "how": "phone"}
    services.withdraw_consent(staff, found.all()[0].id, None, _read(agreeing.Withdrawal, body))


def _ask(town: Town, said: Table) -> None:
    """Two who ask for help themselves, one for another; a question before anybody is named."""
    for row in said["asked"]:
        shape = asking.AskForAnother if "asker" in row else asking.AskForHelp
        services.ask_for_help(ANONYMOUS, _read(shape, row))
    staff = town.who("northgate", "practice_staff")[0]
    for row in said["enquiries"]:
        service = next(offer for offer in town.offers if offer.name == row["service"])
        body = {"service_id": str(service.id), "text": row["text"], "needs": row["needs"]}
        services.ask_first(staff, _read(talking.AskFirst, body))


def _note(worker: Actor, lead: Actor, said: Table) -> None:
    """A conversation with the lead, and needs for which there was nothing."""
    talk = {"held_on": clock.today().isoformat(), **said["supervision"]}
    caseload.write_note(lead, _id(worker), _read(caseload_schemas.Supervise, talk))
    held = _held_by(worker, "started")
    for row in said["unmet"]:
        for found in held[: row["times"]]:
            caseload.note_unmet(worker, row["need"], row["reason"], found.id)


def _paid(town: Town, said: Table) -> None:
    """Who pays a group for how many people: fewer than come."""
    today = clock.today()
    for row in said["funding"]:
        manager = town.who(row["at"], "provider_manager")[0]
        years = {
            "first": f"{today.year - 1}-01-01",
            "last": f"{today.year + 1}-12-31",
        }
        body = {"funder": row["funder"], "people": row["people"], **years}
        assert manager.organisation is not None  # noqa: S101 - a manager works somewhere
        plans.add_funding(manager, manager.organisation, _read(Paid, body))


def _days(worker: Actor, said: Table) -> None:
    """Visits and calls of the coming days."""
    for row, found in zip(said["days"], _held_by(worker, "started")[1:], strict=False):
        body = {"on": _coming(row["in"]), "kind": row["kind"], "place": row["place"]}
        body |= {"time": row["time"], "minutes": row["minutes"]}
        appoint(worker, found.id, _read(appointing.Appoint, body))


def _lose(town: Town, spared: Table) -> None:
    """A group's address takes no messages any more: the worker finds out, and another way."""
    kept = [town.organisations[key] for key in spared["kept"]]
    newest = session().scalars(
        select(OutboxMessage.id)
        .where(OutboxMessage.reader == "contact", OutboxMessage.organisation_id.not_in(kept))
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
    session().execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(newest.all()))
        .values(sent_at=None, failed_at=clock.now(), attempts=1, error="recipient refused: 550")
    )


def _held_by(worker: Actor, status: str) -> list[Referral]:
    """What a worker's own team has in that worker's hands, the oldest first."""
    chosen = select(Referral).where(
        Referral.owner_user_id == worker.id,
        Referral.recipient_id == worker.organisation,
        Referral.status == status,
    )
    return list(session().scalars(chosen.order_by(Referral.sent_at, Referral.id)))


def _read(schema: type[Schema], data: Table) -> dict[str, Any]:
    return schema().read(data)
