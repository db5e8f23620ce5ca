"""The site as it is wired, for the laws that ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from referral.app import create_app
from referral.config import Settings
from referral.core import database, encryption
from referral.web.door import Site
from tests.support import databases


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole site on an empty SQLite database."""
    folder: Path = tmp_path_factory.mktemp("site")
    with databases.fresh("sqlite", folder) as url:
        settings = Settings.from_environ(
            {
                "REFERRAL_DATA_DIR": str(folder),
                "REFERRAL_DATABASE_URL": url,
                "REFERRAL_SECRET_KEY": "only for tests of the house",
            }
        )
        yield create_app(settings)
        database.current().close()
        database.use(None)
        encryption.use(None)
