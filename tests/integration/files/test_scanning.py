"""The scanner: a real conversation with something that speaks clamd's protocol."""

from __future__ import annotations

from pathlib import Path

import pytest

from referral.cli import doctor
from referral.config import SettingError, Settings
from referral.files.scanning import NoScanner, Scanner
from tests.support import bucket, clamd
from tests.support.clamd import EICAR


def test_what_is_clean_and_what_is_not_is_told_with_the_scanners_version() -> None:
    with clamd.serving() as there:
        ours = Scanner(there.url)
        large = bytes(range(256)) * 20_000
        found = ours.scan(large)
        assert found is not None
        assert (found.found, found.scanner[:12]) == ("", "ClamAV 1.4.1")
        assert there.seen == [large], "the whole of it, unchanged"
        bad = ours.scan(b"%PDF-1.4 " + EICAR)
        assert bad is not None
        assert bad.found == "Eicar-Test-Signature"


def test_a_scanner_behind_a_socket_file_is_asked_too(tmp_path: Path) -> None:
    with clamd.serving(tmp_path / "c.sock") as there:
        verdict = Scanner(there.url).scan(b"hello")
        assert verdict is not None
        assert verdict.found == ""


def test_what_it_will_not_judge_stays_unjudged_and_silence_is_an_error() -> None:
    with clamd.serving() as there:
        there.most = 100_000
        assert Scanner(there.url).scan(b"x" * 5_000_000) is None
        there.silent = True
        with pytest.raises(NoScanner):
            Scanner(there.url).scan(b"x")
        gone = there.url
    with pytest.raises(NoScanner):
        Scanner(gone).scan(b"x")


@pytest.mark.parametrize(
    "url", ["http://host", "tcp://", "unix://x/y", "tcp://host:x", "tcp://host/path", "tcp://a:b@c"]
)
def test_a_setting_that_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="REFERRAL_CLAMD_URL"):
        Scanner(url)


def test_the_doctor_says_where_files_lie_and_who_looks_at_them(tmp_path: Path) -> None:
    plain = {"REFERRAL_DATA_DIR": str(tmp_path)}
    check = dict(doctor.CHECKS)["Files"]
    said = list(check(Settings.from_environ(plain)))
    assert [verdict for verdict, _words in said] == ["ok", "note"]
    with bucket.serving() as store, clamd.serving() as there:
        urls = {"REFERRAL_FILES_URL": store.url, "REFERRAL_CLAMD_URL": there.url}
        settings = Settings.from_environ(plain | urls)
        assert list(check(settings)) == [
            ("ok", "127.0.0.1 answers"),
            ("ok", clamd.VERSION.decode()),
        ]
        store.broken = True
        with pytest.raises(OSError, match="500"):
            list(check(settings))
