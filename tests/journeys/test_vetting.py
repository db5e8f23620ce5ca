"""A small group asks to be checked; a lead looks and approves; who refers reads what was seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from referral.accounts import services as accounts
from referral.accounts.models import Membership, Organisation, User
from referral.cli import boot
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.directory import services as directory
from referral.seed.papers import pdf
from referral.vetting import proportion, services
from referral.vetting.checks import CHECKS
from tests import factories
from tests.factories import vetting
from tests.journeys.conftest import LAPTOP, Person, Somebody
from tests.support import server
from tests.support.browser import NARROW, NewPage
from tests.support.server import Server

pytestmark = pytest.mark.browser

CLUB, SERVICE = "Quillmore Bowls", "Carpet bowls"
CHAIR, LEAD = "chair@demo.example", "link_worker_lead@demo.example"
DOCTOR = "practice_staff@demo.example"
CONDITIONS = "No more than ten people until the new hall is ready"


@pytest.fixture
def club(own_server: Server) -> Server:
    """The demo, with a club that plays in the hall of a checked organisation.

    The organisation offers to answer for it; the club's chair has an account.
    """
    settings = Settings.from_environ(server.environment(own_server.data, DEMO="1"))
    with boot.opened(settings), transaction(SYSTEM):
        place = (
            session()
            .scalars(
                select(Organisation.locality_id)
                .join(Membership, Membership.organisation_id == Organisation.id)
                .join(User, User.id == Membership.user_id)
                .where(User.email == LEAD)
            )
            .one()
        )
        world = factories.world(locality_id=place)
        vetting.approved(world)
        made = factories.organisation("provider", CLUB, world.locality_id)
        directory.trust_organisation(SYSTEM, made)
        needs = ["being_active"]
        factories.service(made, listed=False, name=SERVICE, needs=needs, postcode="G51 3TZ")
        chair = accounts.add_user(SYSTEM, email=CHAIR, name="Jean Blair", password=server.PASSWORD)
        accounts.grant(SYSTEM, chair, made, "provider_manager")
        keys = [key for key in proportion.may_hold(CHECKS) if vetting_holds(key)]
        services.propose(
            world.provider_manager, world.provider_id, made, keys, "Only sessions in our hall"
        )
    return own_server


def vetting_holds(key: str) -> bool:
    """What is asked of a group that takes referrals."""
    return next(check for check in CHECKS if check.key == key).tiers != ("V",)


def somebody(
    new_page: NewPage, at: Server, email: str, *, javascript: bool = True, width: int = LAPTOP[0]
) -> Somebody:
    page = new_page(javascript=javascript, width=width)
    page.set_viewport_size({"width": width, "height": LAPTOP[1]})
    found = Somebody(page, at, look=javascript)
    found.sign_in(email)
    return found


def date_of_today(who: Somebody) -> None:
    today = clock.today()
    for label, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        who.page.get_by_label(label, exact=True).fill(str(value))
    who.answers += 1


def test_a_small_club_is_checked_and_who_refers_sees_what_was_seen(
    club: Server, new_page: NewPage, person: Person
) -> None:
    chair = somebody(new_page, club, CHAIR, width=NARROW)
    chair.go("/vetting")
    chair.reads("Nobody has checked Quillmore Bowls yet.")
    chair.follow("1 request waits for your word")
    chair.reads("What it does not cover: Only sessions in our hall")
    chair.press("Yes, they answer for us")
    chair.go("/vetting")
    chair.reads("There are 5 questions.")

    chair.press("Start")
    chair.press("Save and go on")
    chair.press("Save and go on")
    chair.reads("There is a problem", "Answer the question “What kind of group are you?”")
    chair.page.get_by_role("link", name="Answer the question").press("Enter")
    expect(chair.page.get_by_label("What kind of group are you?")).to_be_focused()
    chair.answer("What kind of group are you?", "A club without a number, run by four of us")
    chair.press("Save and go on")

    chair.reads("What could go wrong at your sessions")
    paper: FilePayload = {
        "name": "risks.pdf",
        "mimeType": "application/pdf",
        "buffer": pdf("What can go wrong"),
    }
    chair.page.locator("input[type=file]").set_input_files([paper])
    date_of_today(chair)
    chair.press("Save and go on")
    chair.answer("Your name", "Jean Blair")
    chair.answer("What you do in the group", "Chair")
    chair.press("I agree, for the group")
    chair.choose("Step-free")
    chair.press("This is right")
    chair.reads("Everything is answered.", "Riverside Befriending answers part of the questions")
    chair.press("Send to the link workers")
    chair.reads("The link workers have it since", "Nothing to do now")

    lead = somebody(new_page, club, LEAD)
    lead.follow("Checks")
    lead.also_on_a_phone()
    lead.follow(CLUB)
    lead.reads("risks.pdf", "held by Riverside Befriending")
    for _answer in range(3):
        with lead.page.expect_navigation():
            lead.page.get_by_role("button", name="Accept").first.click()
        lead.checked()
    lead.reads("12 of 12 checks are current")
    lead.follow("Approve with conditions")
    lead.press("Approve with conditions")
    lead.reads("There is a problem")
    lead.answer("Why?", "A good club in a good hall")
    lead.answer("Conditions", CONDITIONS)
    lead.also_on_a_phone()
    lead.press("Approve with conditions")
    lead.reads("Approved with conditions")

    chair.go("/vetting")
    chair.reads("You are approved.", CONDITIONS, "People can be sent")

    doctor = somebody(new_page, club, DOCTOR)
    doctor.go(f"/directory?text={SERVICE.replace(' ', '+')}")
    doctor.follow(SERVICE)
    doctor.reads("12 of 12 checks current", CONDITIONS, "Only sessions in our hall")
    doctor.press("Refer to this service")
    who_is_it(doctor, person)
    doctor.reads(SERVICE, "12 of 12 checks current")
    doctor.also_on_a_phone()


def test_an_answer_needs_no_script_and_says_what_to_mend(club: Server, new_page: NewPage) -> None:
    chair = somebody(new_page, club, CHAIR, javascript=False, width=NARROW)
    chair.go("/vetting")
    chair.press("Start")
    chair.press("Save and go on")
    chair.go("/vetting/answers/public_liability")
    chair.answer("Policy number", "EP-1")
    chair.answer("Cover", "£5 million")
    html: FilePayload = {
        "name": "policy.pdf",
        "mimeType": "application/pdf",
        "buffer": b"<script>alert(1)</script>",
    }
    chair.page.locator("input[type=file]").set_input_files([html])
    chair.press("Save and go on")
    chair.reads("There is a problem", "Insurer is required", "Last day it covers you is required")
    chair.reads("Choose the file again")
    expect(chair.page.get_by_label("Policy number")).to_have_value("EP-1")
    chair.answer("Insurer", "Mutual of Elder Park")
    for label, value in (("Day", "27"), ("Month", "3"), ("Year", str(clock.today().year + 1))):
        chair.page.get_by_label(label, exact=True).fill(value)
    chair.page.locator("input[type=file]").set_input_files([html])
    chair.press("Save and go on")
    chair.reads("There is a problem")
    chair.page.locator("input[type=file]").set_input_files([])
    chair.press("Save and go on")
    chair.go("/vetting/answers/public_liability")
    chair.reads("nobody has looked at it yet")
    chair.press("Take it back")
    chair.reads("Taken back. You can answer again.", "Who insures your sessions?")
    chair.go("/vetting/answers/safeguarding_adults")
    chair.checked()


def who_is_it(doctor: Somebody, person: Person) -> None:
    """The first step of a referral, for somebody not known yet."""
    doctor.answer("NHS number", person.number)
    doctor.born(person)
    doctor.press("Continue")
    doctor.answer("First name", person.given)
    doctor.answer("Last name", person.family)
    doctor.answer("Address", person.address)
    doctor.answer("Telephone", person.phone)
    doctor.choose("Woman")
    doctor.press("Add and continue")
