"""The size of files, and the purity of rule rooms; import-linter holds the order of the rest."""

from tests.house import reading

LONGEST = 400
# Written by Alembic once, and never changed again.
GENERATED = "migrations/versions/"
# What a rule room may not know: it is plain Python.
IMPURE = ("flask", "werkzeug", "sqlalchemy", "alembic", "requests", "referral.core.database")


def test_no_python_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        reading.name(path): lines
        for path in reading.files("referral", "migrations", "tests", "tools")
        if not reading.name(path).startswith(GENERATED)
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_a_rule_room_is_pure_python() -> None:
    wrong = []
    for slice_ in reading.slices():
        above = tuple(f"referral.{slice_.name}.{room}" for room in reading.ROOMS)
        for room, path in reading.rooms(slice_):
            if room in reading.ROOMS:
                continue
            wrong += [
                f"{reading.name(path)}:{line} imports {module}"
                for line, module in reading.imports(path)
                if module.startswith(IMPURE + above)
            ]
    assert not wrong, "\n".join(wrong)


def test_a_door_is_the_only_room_that_knows_flask() -> None:
    wrong = [
        f"{reading.name(path)}:{line} imports {module}"
        for slice_ in reading.slices()
        for room, path in reading.rooms(slice_)
        if room not in reading.DOORS
        for line, module in reading.imports(path)
        if module.startswith(("flask", "werkzeug"))
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_put_off_and_no_test_is_skipped() -> None:
    later = ("TO" + "DO", "FIX" + "ME")
    wrong = [
        f"{reading.name(path)}: {word}"
        for path in reading.files("referral", "migrations", "tests", "tools")
        for word in later
        if word in path.read_text(encoding="utf-8")
    ]
    wrong += [
        f"{reading.name(path)}:{line} {called}"
        for path in reading.files("tests")
        for line, called in reading.calls(path)
        # Names what is forbidden here; nothing is left out by it.
        if called.startswith(("pytest.skip", "pytest.mark.skip", "pytest.importorskip"))
    ]
    assert not wrong, "\n".join(wrong)
