"""Once the person takes back what they agreed to, no door shows a group anything of them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from referral.core.actor import SYSTEM
from referral.core.database import reading
from referral.referrals.models import Referral
from referral.web.security import limiter
from tests.factories import World
from tests.integration.desk.conftest import Desk
from tests.support import planted
from tests.support.everybody import build
from tests.support.planted import Life, found_in

# Everything the site offers about one referral, and where it stands among others.
PAGES = (
    "/", "/referrals", "/sessions", "/enquiries", "/referrals/{id}", "/referrals/{id}/seen",
    "/referrals/{id}/notes", "/referrals/{id}/agreement", "/referrals/{id}/said",
    "/referrals/{id}/others", "/referrals/{id}/contact", "/referrals/{id}/raise",
    "/referrals/{id}/appointments", "/plans/{id}", "/plans/{id}/copy", "/plans/{id}/print",
    "/referrals/{id}/files/{file}", "/api/v1/referrals", "/api/v1/referrals/{id}",
    "/api/v1/referrals/{id}/notes", "/api/v1/referrals/{id}/files/{file}",
    "/api/v1/referrals/{id}/appointments", "/api/v1/referrals/{id}/consents",
    "/api/v1/referrals/{id}/deliveries", "/api/v1/referrals/{id}/notices",
    "/api/v1/referrals/{id}/plan", "/api/v1/referrals/{id}/alternatives",
    "/api/v1/people/{person}", "/api/v1/group-sessions",
)  # fmt: skip
BY_LINK = ("/answer", "/answer/referrals/{id}", "/answer/referrals/{id}/contact",
           "/answer/referrals/{id}/files/{file}", "/answer/sessions/{service}")  # fmt: skip
BY_TELEPHONE = ("/telephone/{id}", "/telephone/{id}/contact")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_taken_back_is_shown_at_no_door(desk: Desk, world: World) -> None:
    limiter.enabled = False
    desk.site.load_actor = desk.site.extensions["accounts"].load_actor
    try:
        life = Life(build(world, desk.site, referrals=False))
        planted.refer(life)
        planted.up_to_the_end(life)
        with reading(SYSTEM) as session:
            person = session.get_one(Referral, UUID(life.id)).person_id
        notes = life.api("own provider_worker", "GET", f"referrals/{life.id}/notes")["items"]
        file = next(one["files"][0]["id"] for one in notes if one["files"])
        known = {"id": life.id, "file": file, "person": person, "service": world.service_id}
        seen = [look(life, name, path.format(**known)) for name, path in doors()]
        assert sum(map(bool, seen)) >= 10, "before, the group knows the person"
        life.send(
            "own practice_staff", f"/referrals/{life.id}/agreement/take-back",
            what="refer", by="self", how="phone",
        )  # fmt: skip
        left = {
            (name, path): words
            for name, path in doors()
            if (words := look(life, name, path.format(**known)))
        }
    finally:
        limiter.enabled = True
    assert left == {}


def doors() -> list[tuple[str, str]]:
    who = ("own provider_worker", "own provider_manager")
    return [
        *((name, path) for name in who for path in PAGES),
        *(("own contact", path) for path in BY_LINK),
        *(("own link_worker", path) for path in BY_TELEPHONE),
    ]


def look(life: Life, name: str, path: str) -> list[str]:
    """Which planted words stand there; none where there is nothing to see."""
    who = life.town.by(name)
    headers = {"Authorization": who.token} if path.startswith("/api/") else {}
    answer = who.client.get(path, headers=headers)
    assert answer.status_code < 500, (name, path)
    return found_in(re.sub(r"\s+", " ", answer.text)) if answer.status_code < 400 else []
