"""Nobody is sent to another site, and programs are told from people."""

import pytest

from referral.web.paths import for_machines, for_people, safe_next


@pytest.mark.parametrize("path", ["/", "/referrals?box=to_me", "/a/b%20c", "/é"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        None, "", "referrals", "//evil.example", "/\\evil.example", "\\\\evil", "https://evil.example",
        "javascript:alert(1)", "/\t/evil.example", "/a\nb", "/ /evil", "/\x00", "///evil.example",
        "/" + "x" * 3000,
    ],
)  # fmt: skip
def test_anything_else_leads_home(elsewhere: str | None) -> None:
    assert safe_next(elsewhere) == "/"


def test_programs_have_their_own_addresses() -> None:
    assert for_machines("/api/v1/referrals")
    assert for_machines("/fhir/R4/metadata")
    assert for_machines("/open-referral/services")
    assert not for_machines("/apiary")
    assert not for_machines("/referrals/api/")


def test_a_persons_own_pages_have_their_own_address() -> None:
    assert for_people("/status")
    assert for_people("/status/code")
    assert not for_people("/statuses")
    assert not for_people("/referrals/status")
