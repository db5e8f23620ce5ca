"""The API against its own OpenAPI document: no generated request brings it down."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tests.support.demo import token
from tests.support.server import Server

EXAMPLES = 60
ROLES = (
    "practice_staff", "provider_worker", "provider_manager", "link_worker", "link_worker_lead",
    "commissioner", "administrator",
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_generated_requests_never_bring_it_down(live_server: Server, role: str) -> None:
    bearer = token(live_server.data, f"{role}@demo.example")
    schema = schemathesis.openapi.from_url(f"{live_server.url}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 170
    statuses: Counter[int] = Counter()
    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {bearer}"})
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, (case.method, case.formatted_path, answer.text[:500])

        ask()
    assert set(statuses) <= {200, 201, 204, 304, 400, 403, 404, 405, 409, 413, 415, 422, 428, 429}
    print(f"{role}: {sum(statuses.values())} generated requests, {dict(statuses)}")
