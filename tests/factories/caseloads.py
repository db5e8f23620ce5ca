"""A caseload in a CSV file, as another system gives it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from referral.caseload.spreadsheet import COLUMNS
from referral.core import clock
from tests.support.numbers import nhs_number


def row(n: int, **changes: Any) -> dict[str, str]:
    """The ``n``-th invented person, started."""
    return {
        "external_id": f"old-{n}",
        "number_type": "nhs",
        "number": nhs_number(n),
        "given_name": "Testa",
        "family_name": f"Canary{n}",
        "date_of_birth": "1952-03-04",
        "postcode": "ZZ99 3VZ",
        "phone": "01632 960001",
        "needs": "loneliness",
        "reason": "Wants company in the daytime",
        "status": "started",
        "since": clock.today().isoformat(),
        "consent": "yes",
    } | changes


def written(rows: Iterable[dict[str, str]], delimiter: str = ",") -> bytes:
    """The file."""
    made = io.StringIO()
    writer = csv.DictWriter(made, COLUMNS, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode()
