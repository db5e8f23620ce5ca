"""The doors of accounts: cookies, forms, who may come in, and the API's `me`."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from referral.accounts import services
from referral.accounts.models import UserSession
from referral.app import create_app
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.outbox import queries as outbox
from referral.web.door import Site
from tests.integration.accounts.conftest import PASSWORD, Town
from tests.support.audit import events

NOWHERE = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return create_app(settings(database, tmp_path))


def settings(database: Database, folder: Path, **more: str) -> Settings:
    environ = {
        "REFERRAL_DATA_DIR": str(folder),
        "REFERRAL_KEY_FILE": str(folder / "keyring.json"),
        "REFERRAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "REFERRAL_SECRET_KEY": "k" * 40,
    }
    return Settings.from_environ(environ | {f"REFERRAL_{k}": v for k, v in more.items()})


@pytest.fixture
def client(site: Site, town: Town) -> FlaskClient:
    return site.test_client()


def post(client: FlaskClient, path: str, page: str | None = None, **data: object) -> TestResponse:
    """Post a form as a browser does: with the token of the page it is on."""
    shown = client.get(page or path).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert found is not None, shown
    return client.post(path, data={"csrf_token": found[1], **data})


def sign_in(client: FlaskClient, town: Town, role: str, **more: str) -> TestResponse:
    return post(client, "/sign-in", email=town.email(role), password=PASSWORD, **more)


def test_signing_in_opens_a_session_with_safe_cookies(client: FlaskClient, town: Town) -> None:
    answer = sign_in(client, town, "practice_staff")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"joined_up", "joined_up_device"}
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    shown = client.get("/account")
    assert shown.status_code == 200
    assert "Alex practice_staff" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]


def test_cookies_demand_tls_where_the_site_has_it(
    database: Database, town: Town, tmp_path: Path
) -> None:
    made = create_app(settings(database, tmp_path, BASE_URL="https://joined-up.example"))
    client = made.test_client()
    base = "https://joined-up.example"
    shown = client.get("/sign-in", base_url=base).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token is not None
    answer = client.post(
        "/sign-in",
        base_url=base,
        headers={"Referer": f"{base}/sign-in"},
        data={
            "csrf_token": token[1],
            "email": town.email("practice_staff"),
            "password": PASSWORD,
        },
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)


def test_a_session_of_before_is_not_taken_over(client: FlaskClient, town: Town) -> None:
    client.get("/sign-in")
    before = client.get_cookie("joined_up")
    sign_in(client, town, "practice_staff")
    after = client.get_cookie("joined_up")
    assert before is not None
    assert after is not None
    assert before.value != after.value


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/account", "/account"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_within_this_site_only(
    client: FlaskClient, town: Town, wanted: str, reached: str
) -> None:
    path = f"/sign-in?next={wanted}"
    answer = post(client, path, email=town.email("practice_staff"), password=PASSWORD)
    assert answer.headers["Location"] == reached


def test_a_failure_is_told_in_one_way_and_counted(client: FlaskClient, town: Town) -> None:
    answers = [
        post(client, "/sign-in", email=email, password="wrong wrong wrong")
        for email in (town.email("practice_staff"), "nobody@town.example")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Enter the email address and password" in answer.text for answer in answers)
    assert events("user:sign_in_failed") == 1
    for _ in range(9):
        post(client, "/sign-in", email=town.email("practice_staff"), password="wrong wrong wrong")
    locked = sign_in(client, town, "practice_staff")
    assert locked.status_code == 429
    assert "Too many tries" in locked.text
    assert PASSWORD not in locked.text


def test_forms_without_the_token_are_refused(client: FlaskClient, town: Town) -> None:
    data = {"email": town.email("practice_staff"), "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 400


@pytest.mark.parametrize("path", ["/account", "/users", f"/organisations/{NOWHERE}"])
def test_without_signing_in_one_is_asked_to(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_signing_out_ends_the_session_for_good(client: FlaskClient, town: Town) -> None:
    sign_in(client, town, "practice_staff")
    stolen = client.get_cookie("joined_up")
    assert stolen is not None
    assert post(client, "/sign-out", "/account").status_code == 303
    client.set_cookie("joined_up", stolen.value)
    assert client.get("/account").status_code == 303


def test_when_it_was_last_used_is_written_once_a_minute(client: FlaskClient, town: Town) -> None:
    sign_in(client, town, "practice_staff")

    def last() -> object:
        with reading(SYSTEM) as session:
            return session.scalars(select(UserSession.last_seen_at)).one()

    first, now = last(), clock.now()
    client.get("/account")
    assert last() == first
    with clock.at(now + timedelta(minutes=2)):
        client.get("/account")
        second = last()
        client.get("/account")
        assert last() == second
    assert second != first


def test_a_session_idle_too_long_is_over(client: FlaskClient, town: Town) -> None:
    sign_in(client, town, "practice_staff")
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert client.get("/account").status_code == 303


def test_an_invitation_opens_by_looking_and_acts_by_sending_once(
    client: FlaskClient, town: Town
) -> None:
    sign_in(client, town, "practice_manager")
    page = f"/organisations/{town.practice}/people/invite"
    asked = post(client, page, email="new@town.example", name="New", roles=["care_navigator"])
    assert asked.status_code == 303
    with reading(SYSTEM):
        body = outbox.mailbox(SYSTEM, 1)[0].body
    found = re.search(r"http://127\.0\.0\.1:8000(/invitation/\S+)", body)
    assert found is not None
    visitor = client.application.test_client()
    for _ in range(2):
        assert "Join Northgate Surgery" in visitor.get(found[1]).text
    weak = post(visitor, found[1], name="New", password="password1234")
    assert weak.status_code == 422
    assert "easily guessed" in weak.text
    done = post(visitor, found[1], name="New", password="quiet lantern orchard")
    assert done.status_code == 303
    assert visitor.get("/account").status_code == 200
    used = client.application.test_client().get(found[1])
    assert used.status_code == 404
    assert "no longer works" in used.text


def test_asking_for_a_reset_tells_nothing(client: FlaskClient, town: Town) -> None:
    answers = [
        post(client, "/password-reset", email=email)
        for email in (town.email("link_worker"), "nobody@town.example")
    ]
    first, second = (re.sub(r'nonce="[^"]+"', "", answer.text) for answer in answers)
    assert first == second
    with reading(SYSTEM):
        found = re.search(r"(/password-reset/\S+)", outbox.mailbox(SYSTEM, 1)[0].body)
    assert found is not None
    assert post(client, found[1], password="quiet lantern orchard").status_code == 303
    assert client.get(found[1]).status_code == 404


def test_changing_the_password_signs_other_devices_out(client: FlaskClient, town: Town) -> None:
    other = client.application.test_client()
    sign_in(other, town, "practice_staff")
    sign_in(client, town, "practice_staff")
    wrong = post(client, "/account/password", current="no no no", new="quiet lantern orchard")
    assert wrong.status_code == 422
    assert events("user:password_change_failed") == 1
    done = post(client, "/account/password", current=PASSWORD, new="quiet lantern orchard")
    assert done.status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_switching_organisations(client: FlaskClient, town: Town) -> None:
    with transaction(SYSTEM):
        services.grant(SYSTEM, town.users["practice_staff"], town.provider, "provider_manager")
    sign_in(client, town, "practice_staff")
    first = client.get("/account").text
    assert "/switch-organisation" in first
    done = post(client, "/switch-organisation", "/account", organisation_id=str(town.provider))
    assert done.status_code == 303
    assert f"/organisations/{town.provider}" in client.get("/account").text
    for wrong in (str(town.team), "nonsense", ""):
        answer = post(client, "/switch-organisation", "/account", organisation_id=wrong)
        assert answer.status_code == 404


PAGES = ("/organisations", "/organisations/new", "/users", "/localities", "/localities/new")


@pytest.mark.parametrize("role", ["practice_staff", "practice_manager", "link_worker_lead"])
def test_the_installation_is_the_administrators(client: FlaskClient, town: Town, role: str) -> None:
    sign_in(client, town, role)
    assert [client.get(path).status_code for path in PAGES] == [403] * len(PAGES)


def test_the_administrator_makes_a_locality_an_organisation_and_its_first_person(
    client: FlaskClient, town: Town
) -> None:
    with transaction(SYSTEM):
        user = services.add_user(
            SYSTEM, email="admin@town.example", name="Admin", password=PASSWORD
        )
        services.make_administrator(SYSTEM, user)
    post(client, "/sign-in", email="admin@town.example", password=PASSWORD)
    assert [client.get(path).status_code for path in PAGES] == [200] * len(PAGES)
    assert post(client, "/localities/new", name="Fife", nation="scotland").status_code == 303
    made = post(client, "/organisations/new", name="Kirk Surgery", kind="practice")
    assert made.status_code == 303
    page = client.get(made.headers["Location"])
    assert "Nobody works here yet" in page.text
    edit = made.headers["Location"] + "/edit"
    changed = post(
        client, edit, name="Kirk", kind="practice", status="active", version="1",
        link_worker_team_id=str(town.team), locality_id=str(town.locality),
    )  # fmt: skip
    assert changed.status_code == 303
    stale = post(client, edit, name="Late", kind="practice", status="active", version="1")
    assert stale.status_code == 409
    taken = post(client, "/organisations/new", name="X", kind="practice", ods_code="s10001")
    assert taken.status_code == 422
    assert "belongs to another organisation" in taken.text
    page = f"/users/{town.users['link_worker']}"
    assert post(client, f"{page}/disable", page).status_code == 303
    assert "Open the account again" in client.get(page).text
    assert post(client, f"{page}/enable", page).status_code == 303
    own = post(client, f"/users/{user}/disable", f"/users/{user}")
    assert own.status_code == 422


def test_a_manager_looks_after_the_people_and_days_of_the_own_place(
    client: FlaskClient, town: Town
) -> None:
    sign_in(client, town, "practice_manager")
    own = f"/organisations/{town.practice}"
    assert "Alex practice_staff" in client.get(own).text
    day = clock.today() + timedelta(days=9)
    parts = {
        f"{name}-{part}": str(getattr(day, part))
        for name in ("first", "last")
        for part in ("day", "month", "year")
    }
    assert post(client, f"{own}/closures", **parts, reason="Training").status_code == 303
    shown = client.get(f"{own}/closures").text
    removal = re.search(r'action="(/organisations/[^"]+/remove)"', shown)
    assert removal is not None
    assert post(client, removal[1], f"{own}/closures").status_code == 303
    wrong = post(client, f"{own}/closures", **{**parts, "first-month": "13"})
    assert wrong.status_code == 422
    assert "must be a real date" in wrong.text
    assert post(client, f"{own}/inbox", email="box@x.example", phone="").status_code == 303
    colleague = f"{own}/people/{town.users['practice_staff']}"
    assert post(client, colleague, roles=["practice_staff", "care_navigator"]).status_code == 303
    last = post(client, f"{own}/people/{town.users['practice_manager']}")
    assert last.status_code == 422
    assert "somebody must stay" in last.text


def test_a_manager_sees_no_other_organisations_people(client: FlaskClient, town: Town) -> None:
    sign_in(client, town, "practice_manager")
    for path in (
        f"/organisations/{town.provider}",
        f"/organisations/{NOWHERE}",
        f"/organisations/{town.provider}/people/invite",
        f"/organisations/{town.provider}/people/{town.users['provider_manager']}",
        f"/organisations/{town.practice}/people/{town.users['provider_manager']}",
    ):
        assert client.get(path).status_code == 404


def test_the_demo_lists_its_users(database: Database, town: Town, tmp_path: Path) -> None:
    with transaction(SYSTEM):
        user = services.add_user(SYSTEM, email="practice_staff@demo.example", name="Dr Shah")
        services.grant(SYSTEM, user, town.practice, "practice_staff")
    demo = create_app(settings(database, tmp_path, DEMO="1")).test_client()
    shown = demo.get("/sign-in?email=practice_staff@demo.example").text
    assert "practice_staff@demo.example" in shown
    assert town.email("practice_staff") not in shown
    plain = create_app(settings(database, tmp_path)).test_client()
    assert "@demo.example" not in plain.get("/sign-in").text


def test_me_is_who_the_token_acts_for(client: FlaskClient, town: Town) -> None:
    with transaction(SYSTEM):
        services.grant(SYSTEM, town.users["practice_staff"], town.practice, "care_navigator")
        services.grant(SYSTEM, town.users["practice_staff"], town.provider, "provider_worker")
        token = services.issue_token(SYSTEM, town.users["practice_staff"], town.practice)
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.json == {
        "user": {
            "id": str(town.users["practice_staff"]),
            "name": "Alex practice_staff",
            "email": town.email("practice_staff"),
        },
        "memberships": [
            {
                "organisation_id": str(organisation),
                "organisation": name,
                "role": role,
            }
            for organisation, name, role in (
                (town.practice, "Northgate Surgery", "care_navigator"),
                (town.practice, "Northgate Surgery", "practice_staff"),
                (town.provider, "Riverside", "provider_worker"),
            )
        ],
        "organisation_id": str(town.practice),
    }


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer \x80", "Bearer " + "x" * 5000]
)
def test_without_a_token_the_api_says_so(client: FlaskClient, header: str) -> None:
    answer = client.get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_a_cookie_opens_no_api_and_a_token_no_page(client: FlaskClient, town: Town) -> None:
    sign_in(client, town, "practice_staff")
    assert client.get("/api/v1/me").status_code == 401
    with transaction(SYSTEM):
        token = services.issue_token(SYSTEM, town.users["practice_staff"])
    other = client.application.test_client()
    answer = other.get("/account", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 303
