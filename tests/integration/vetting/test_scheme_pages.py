"""A locality changes what it asks: whom it touches is shown first, versions stay readable."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from referral.accounts.models import Locality
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from referral.directory.models import Listing
from referral.vetting import queries, schemas, services
from referral.vetting.checks import CHECKS
from referral.vetting.models import Application, SchemeVersion, VettedService, VettingChange
from tests import factories
from tests.factories import World, vetting
from tests.performance.counting import counting
from tests.support.browsers import At

BOARD = "Write to the locality board within 28 days."


def body(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return schemas.SchemeBody().read(
        {"rules": list(rules), "appeal_route": BOARD, "reason": "The board agreed", **more}
    )


def own(**changes: Any) -> dict[str, Any]:
    """A check of the locality's own."""
    return {
        "check": "own_quiet", "title": "Quiet room", "tiers": ["G", "V"], "kind": "statement",
        "months": 12, "ask": "Is there a quiet room?", "evidence": "Yes or no",
        "limits": "Nobody has been to see it.", **changes,
    }  # fmt: skip


def test_a_change_says_whom_it_touches_and_whom_it_would_pause(world: World) -> None:
    with transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
        vetting.approved(world)
        vetting.applied(other, way="turn_up")
        vetting.approved(factories.world())  # elsewhere
    commissioner = world.commissioner
    with reading(SYSTEM):
        found = services.preview(commissioner, world.locality_id, body(own()))
        assert found.changed == ("own_quiet",)
        assert found.total == 2
        touched = {one.id: one for one in found.organisations}
        assert touched[world.provider_id].would_pause
        assert [check.key for check in touched[world.provider_id].gains] == ["own_quiet"]
        less = services.preview(
            commissioner, world.locality_id, body({"check": "equality", "drop": True})
        )
        assert world.provider_id in {one.id for one in less.organisations}
        assert not any(one.would_pause for one in less.organisations)
        more = services.preview(
            commissioner,
            world.locality_id,
            body({"check": "public_liability", "minimum": 10_000_000}),
        )
        (dearer,) = [one for one in more.organisations if one.id == world.provider_id]
        assert [check.key for check in dearer.otherwise] == ["public_liability"]
        assert dearer.would_pause
        wider = body({"check": "equality", "tiers": ["S", "G", "V"]})
        told = services.preview(commissioner, world.locality_id, wider)
        assert world.provider_id not in {one.id for one in told.organisations}
        assert services.preview(commissioner, world.locality_id, body()).changed == ()


def test_two_localities_never_share_a_check_of_their_own(world: World) -> None:
    with transaction(SYSTEM):
        other = factories.world()
        services.set_scheme(world.commissioner, world.locality_id, 0, body(own()))
        with pytest.raises(Invalid) as refused:
            services.set_scheme(other.commissioner, other.locality_id, 0, body(own()))
        assert "another locality" in refused.value.errors["rules"][0]
        services.set_scheme(world.commissioner, world.locality_id, 1, body(own(title="Calm room")))


def test_what_is_no_longer_asked_waits_for_nobody(world: World) -> None:
    with transaction(SYSTEM):
        made = vetting.approved(world)
        given = vetting.evidence(world, "equality", None)
        assert given.state == "given"
        assert made.waiting_since is not None
        services.set_scheme(
            world.commissioner, world.locality_id, 0, body({"check": "equality", "drop": True})
        )
        services.look_at(SYSTEM, made.id)
        assert made.waiting_since is None


def test_everybody_at_once_is_read_like_each_alone(world: World) -> None:
    with transaction(SYSTEM):
        anchor = factories.world(locality_id=world.locality_id)
        club = factories.world(locality_id=world.locality_id)
        vetting.approved(anchor, doing=["one_to_one"], being=["staff"])
        vetting.applied(world, way="turn_up")
        made = services.begin(club.provider_manager)
        vetting.about(club)
        keys = ["complaints", "equality", "public_liability"]
        held = services.propose(
            anchor.provider_manager, anchor.provider_id, club.provider_id, keys, "In our hall"
        )
        services.agree(club.provider_manager, held.id, held.version)
        made.status, made.approved_tier = "approved", "G"
    with reading(SYSTEM):
        place = session().get_one(Locality, world.locality_id)
        scheme = queries.scheme_of(place.id)
        everybody = queries.everybody_unscoped(place, scheme)
        assert len(everybody) == 3
        for one in everybody:
            alone = queries.dossier(SYSTEM, one.organisation.id, place.id)
            assert one.held.keys() == alone.held.keys()
            for days in (0, 300, 800):
                day = clock.today() + timedelta(days=days)
                assert [one.standing(offer, day) for offer in one.services] == [
                    alone.standing(offer, day) for offer in alone.services
                ]
        assert any(one.held for one in everybody)


def test_saving_writes_down_what_it_means_and_keeps_the_version_whole(world: World) -> None:
    with transaction(SYSTEM):
        vetting.approved(world)
        assert session().get_one(Listing, world.service_id).accepts_referrals
    with transaction(SYSTEM):
        made = services.set_scheme(
            world.commissioner, world.locality_id, 0, body(own(), two_reviewers=["V"])
        )
        assert (made.number, made.affected) == (1, 1)
    with transaction(SYSTEM):
        listing = session().get_one(Listing, world.service_id)
        assert not listing.accepts_referrals
        assert session().query(Application).one().look_on == clock.today()
        assert session().query(VettingChange).filter_by(subject_kind="scheme").one().what == "set"
        with pytest.raises(StaleVersion):
            services.set_scheme(world.link_worker_lead, world.locality_id, 0, body())
        with pytest.raises(Invalid):
            services.set_scheme(
                world.commissioner, world.locality_id, 1, body(own(), two_reviewers=["V"])
            )
        services.set_scheme(world.link_worker_lead, world.locality_id, 1, body())
        assert session().get_one(Listing, world.service_id).accepts_referrals
        kept = queries.versions(world.commissioner, world.locality_id)
        assert [one.made.number for one in kept.items] == [2, 1]
        assert [len(one.scheme.checks) for one in kept.items] == [len(CHECKS), len(CHECKS) + 1]
        assert kept.version(1).scheme.two_reviewers == {"V"}


def test_only_its_owners_set_it_and_nobody_elses(world: World) -> None:
    with transaction(SYSTEM):
        far = factories.world()
        for who, error in (
            (world.link_worker, Forbidden),
            (world.provider_manager, Forbidden),
            (far.commissioner, NotFound),
        ):
            with pytest.raises(error):
                services.set_scheme(who, world.locality_id, 0, body(own()))
            with pytest.raises(error):
                services.preview(who, world.locality_id, body(own()))
        with pytest.raises(NotFound):
            queries.versions(far.commissioner, world.locality_id)


@pytest.mark.parametrize("change", [{"drop": True}, {"mandatory": False}, {"tiers": ["S"]}])
def test_no_scheme_leaves_nothing_to_ask_of_those_who_take_referrals(
    world: World, change: dict[str, Any]
) -> None:
    whole = "drop" not in change
    rules = [{"check": one.key, **change} for one in CHECKS if whole or one.key != "quality_mark"]
    with transaction(SYSTEM):
        for set_it in (
            lambda data: services.preview(world.commissioner, world.locality_id, data),
            lambda data: services.set_scheme(world.commissioner, world.locality_id, 0, data),
        ):
            with pytest.raises(Invalid) as refused:
                set_it(body(*rules))
            assert "leave nothing to ask of" in refused.value.errors["rules"][0]
        rules = [one for one in rules if one["check"] != "legal_form"]
        assert services.preview(world.commissioner, world.locality_id, body(*rules)).changed


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"check": "tea"}, "rules.0.check"),
        ({"check": "equality", "tiers": []}, "rules.0.tiers"),
        ({"check": "equality", "tiers": ["X"]}, "rules.0.tiers.0"),
        ({"check": "equality", "months": 0}, "rules.0.months"),
        ({"check": "equality", "minimum": 5}, "rules.0.minimum"),
        ({"check": "public_liability", "months": 12}, "rules.0.months"),
        ({"check": "public_liability", "minimum": 10**9}, "rules.0.minimum"),
        ({"check": "health_safety", "anchor_may_hold": True}, "rules.0.anchor_may_hold"),
        ({"check": "equality", "title": "Fairness"}, "rules.0.title"),
        ({"check": "own_x", "title": "Only a title"}, "rules.0.ask"),
        (own(check="own_Ünsafe<b>"), "rules.0.check"),
        (own(mandatory=False), "rules.0.mandatory"),
        ({"check": "equality", "colour": "red"}, "rules.0.colour"),
    ],
)
@pytest.mark.usefixtures("_no_database")
def test_a_rule_that_makes_no_sense_names_its_field(rule: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        body(rule)
    assert field in refused.value.errors


@pytest.fixture
def _no_database() -> None:
    """These rules need none."""


def posted(page: str) -> list[tuple[str, str]]:
    """What the form of a page would send as it stands."""
    found = []
    for tag in re.findall(r"<input[^>]*>", page):
        said = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        ticks = said.get("type") in ("checkbox", "radio")
        if "name" in said and (not ticks or " checked" in tag):
            found.append((said["name"], said.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', page):
        found.append((name, html.unescape(text)))
    return found


def with_(sent: list[tuple[str, str]], **changes: Any) -> dict[str, list[str]]:
    """The form's fields with some of them otherwise; ``__`` stands for the dot."""
    fields: dict[str, list[str]] = {}
    for name, value in sent:
        fields.setdefault(name, []).append(value)
    for name, value in changes.items():
        fields[name.replace("__", ".")] = value if isinstance(value, list) else [value]
    return fields


def test_the_scheme_is_changed_in_the_browser_and_its_versions_are_read(
    world: World, at: At, database: Database
) -> None:
    with transaction(SYSTEM):
        vetting.approved(world)
    lead = at(world.link_worker_lead)
    assert "the national default, unchanged" in lead.get("/vetting/scheme").text
    with counting(database) as counted:
        form = lead.get("/vetting/scheme/change").text
    assert counted.business <= 5, counted.report()
    same = with_(posted(form), appeal_route="", reason="")
    assert lead.post("/vetting/scheme/preview", data=same).status_code == 422

    spare = re.search(r'name="(own_[0-9a-f]+)\.title"', form)
    assert spare is not None
    fields = with_(
        posted(form),
        appeal_route=BOARD,
        reason="Small groups are asked too much",
        equality__tiers=["V"],
        complaints__tiers=[],
        public_liability__minimum="5,000,000",
        committee__months="24",
        two_reviewers=["V"],
        **{f"{spare[1]}__title": "Quiet <b>room", f"{spare[1]}__tiers": ["G", "V"]},
    )
    half = lead.post("/vetting/scheme/preview", data=fields)
    assert half.status_code == 422
    assert "Quiet &lt;b&gt;room" in half.text
    words = {"ask": "Is there one?", "evidence": "Yes or no", "limits": "Not seen"}
    fields |= {f"{spare[1]}.{name}": [text] for name, text in words.items()}
    with counting(database) as counted:
        shown = lead.post("/vetting/scheme/preview", data=fields)
    assert counted.business <= 5, counted.report()
    assert shown.status_code == 200
    for said in ("This touches 1 organisation", "1 would take no new referrals",
                 "Quiet &lt;b&gt;room", "£5,000,000", "2 years"):  # fmt: skip
        assert said in shown.text
    with reading(SYSTEM):
        assert queries.scheme_of(world.locality_id).number == 0

    kept = with_(posted(shown.text))
    again = lead.post("/vetting/scheme/preview", data=kept | {"again": "yes"})
    assert 'value="Is there one?"' in again.text
    assert lead.post("/vetting/scheme", data=kept).status_code == 303
    with reading(SYSTEM):
        now = queries.scheme_of(world.locality_id)
        assert now.number == 1
        assert now["equality"].tiers == ("V",)
        assert "complaints" not in {check.key for check in now.checks}
        assert now["public_liability"].minimum == 5_000_000
        assert now["committee"].renewal.months == 24
        assert now[spare[1]].title == "Quiet <b>room"
        stored = session().query(SchemeVersion).one()
        assert len(stored.rules) == 5
    late = lead.post("/vetting/scheme", data=kept | {"reason": "Mine, which came second"})
    assert late.status_code == 409
    for said in ("saved version 1 while you were writing", "Mine, which came second",
                 "Small groups are asked too much"):  # fmt: skip
        assert said in late.text
    assert "version 1 since" in lead.get("/vetting/scheme").text
    with counting(database) as counted:
        old = lead.get("/vetting/scheme/1").text
    assert counted.business <= 5, counted.report()
    assert "Not asked here: Complaints." in old
    assert lead.get("/vetting/scheme/2").status_code == 404
    assert at(world.link_worker).get("/vetting/scheme").status_code == 403
    taken = with_(posted(lead.get("/vetting/scheme/change").text), reason="No more quiet rooms")
    taken.pop(f"{spare[1]}.tiers")
    assert lead.post("/vetting/scheme", data=taken).status_code == 303
    with reading(SYSTEM):
        assert spare[1] not in {one.key for one in queries.scheme_of(world.locality_id).checks}


def test_whoever_belongs_to_no_locality_chooses_one(world: World, at: At) -> None:
    with transaction(SYSTEM):
        office = factories.organisation("installation", "The office", world.locality_id)
        keeper = factories.user("administrator", office, "installation", world.locality_id)
    admin = at(_nowhere(keeper))
    assert "Testshire" in admin.get("/vetting/scheme").text
    there = f"?locality={world.locality_id}"
    assert admin.get(f"/vetting/scheme/change{there}").status_code == 200
    assert admin.get(f"/vetting/overview{there}").status_code == 200
    assert admin.get("/vetting/scheme?locality=x").status_code == 404
    assert admin.get(f"/vetting/scheme?locality={world.team_id}").status_code == 404
    assert at(world.commissioner).get("/vetting/scheme").status_code == 200


def _nowhere(actor: Any) -> Any:
    return type(actor)(**{**vars(actor), "locality": None})


def test_the_overview_counts_each_organisation_once_by_tier_and_day(
    world: World, at: At, database: Database
) -> None:
    with transaction(SYSTEM):
        second = factories.world(locality_id=world.locality_id)
        third = factories.world(locality_id=world.locality_id)
        vetting.approved(world)
        factories.service(world.provider_id, name="Visits", home_visits=True)
        for one, state, days in ((second, "current", 30), (third, "suspended", 90)):
            session().add(
                VettedService(
                    service_id=one.service_id,
                    organisation_id=one.provider_id,
                    locality_id=world.locality_id,
                    tier="G",
                    state=state,
                    until=clock.today() + timedelta(days=days),
                )
            )
    commissioner = at(world.commissioner)
    with counting(database) as counted:
        shown = commissioner.get("/vetting/overview")
    assert counted.business <= 5, counted.report()
    assert "Riverside" not in shown.text
    assert csv_of(commissioner)["G"] == ["1", "1", "0", "0", "1", "0", "3"]
    with clock.at(clock.now() + timedelta(days=31)):
        assert csv_of(commissioner)["G"] == ["1", "0", "1", "0", "1", "0", "3"]
        assert "Checks of 1 organisation ran out" in commissioner.get("/vetting/overview").text
    for stranger in (world.link_worker, world.provider_manager, world.practice_staff):
        assert at(stranger).get("/vetting/overview").status_code == 403
        assert at(stranger).get("/vetting/overview.csv").status_code == 403


def csv_of(client: FlaskClient) -> dict[str, list[str]]:
    answer = client.get("/vetting/overview.csv")
    assert answer.mimetype == "text/csv"
    lines = [line.split(",") for line in answer.text.splitlines()[1:]]
    return {line[2]: line[-7:] for line in lines}


def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    def save(who: Any, quiet: str) -> str:
        try:
            with transaction(who):
                services.set_scheme(who, world.locality_id, 0, body(own(title=quiet)))
        except StaleVersion as error:
            return f"stale {error.current}"
        return "saved"

    both = ((world.commissioner, "Quiet room"), (world.link_worker_lead, "Quiet corner"))
    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(lambda one: save(*one), both))
    assert ends == ["saved", "stale 1"]
