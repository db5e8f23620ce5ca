"""One clock: time can only be moved where everything asks `referral.core.clock`."""

import ast

from tests.house import reading

CLOCK = "referral/core/clock.py"
WALL = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "func.current_date",
    "func.current_timestamp",
    "func.localtimestamp",
    "func.now",
    "sa.func.now",
    "time.time",
    "time.time_ns",
}
# What takes statements or defaults written in SQL.
GIVEN_SQL = {"DDL", "exec_driver_sql", "execute", "mapped_column", "text"}
SQL = ("current_timestamp", "current_date", "localtimestamp", "now()", "datetime('now", "julianday")


def test_nothing_but_the_clock_reads_the_time() -> None:
    wrong = [
        f"{reading.name(path)}:{line} {called}"
        for path in reading.files("referral", "migrations")
        if reading.name(path) != CLOCK
        for line, called in reading.calls(path)
        if called in WALL
    ]
    assert not wrong, "\n".join(wrong)


def _asks_the_time(node: ast.expr) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, str) and any(word in value.lower() for word in SQL)


def test_no_statement_asks_the_database_for_the_time() -> None:
    wrong = [
        f"{reading.name(path)}:{node.lineno}"
        for path in reading.files("referral", "migrations")
        for node in ast.walk(reading.tree(path))
        if isinstance(node, ast.Call)
        and reading.dotted(node.func).rpartition(".")[2] in GIVEN_SQL
        and any(
            _asks_the_time(given)
            for given in [*node.args, *(keyword.value for keyword in node.keywords)]
        )
    ]
    assert not wrong, "\n".join(wrong)
