"""Our own feed as a source: one installation follows another."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from referral import worker
from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.directory import queries, services
from referral.directory.importing import fetching
from tests.support.server import Server


def export() -> list[dict[str, Any]]:
    out = io.StringIO()
    with reading(SYSTEM):
        queries.write_oruk(SYSTEM, out)
    found: list[dict[str, Any]] = json.loads(out.getvalue())["contents"]
    return found


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_one_installation_follows_another(
    database: Database, live_server: Server, tmp_path: Path
) -> None:
    settings = Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path)})
    with transaction(SYSTEM):
        feed = services.add_feed(SYSTEM, "Neighbours", f"{live_server.url}/open-referral")
    worker.follow(settings, feed.id)
    with reading(SYSTEM):
        run = queries.import_runs(SYSTEM)[0]
    assert (run.reported, run.set_aside, run.conflicts) == (0, 0, 0)
    found = [item for item in export() if "status" in item]
    assert len(found) == run.created > 20
    # Each comes out here as it stands there.
    for item in found[:10]:
        theirs = json.loads(fetching.get(f"{live_server.url}/open-referral/services/{item['id']}"))
        for one in (item, theirs):
            # The demo's postcodes are none, so that no real door is named: they are left out.
            one["organization"]["joined_up"].pop("postcode", None)
        assert item == theirs
    worker.follow(settings, feed.id, whole=True)
    with reading(SYSTEM):
        again = queries.import_runs(SYSTEM)[0]
    assert (again.created, again.updated, again.reported) == (0, 0, 0)
    assert again.unchanged == run.created
