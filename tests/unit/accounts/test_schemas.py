"""What people type about accounts."""

import pytest

from referral.accounts.devices import name_of
from referral.accounts.schemas import Invite, NewPassword, OrganisationForm, RequestReset
from referral.core.errors import Invalid


def test_an_address_is_folded() -> None:
    assert RequestReset().read({"email": " Jo@Example.ORG "}) == {"email": "jo@example.org"}


@pytest.mark.parametrize(
    "email",
    ["", "jo", "jo@", "@x", "jo@x..y", "a b@x.org", "jo@x.org\nBcc: z@x.org", "j\x00@x.org"],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid) as found:
        RequestReset().read({"email": email})
    assert found.value.errors.keys() == {"email"}


def test_a_password_is_taken_as_it_is_but_in_one_spelling() -> None:
    assert NewPassword().read({"password": " a  b "}) == {"password": " a  b "}
    decomposed = NewPassword().read({"password": "cafe\u0301"})
    assert decomposed == NewPassword().read({"password": "caf\u00e9"})


@pytest.mark.parametrize("password", ["", "x" * 2000, "\ud800", 12, None, ["x"]])
def test_an_impossible_password_is_refused(password: object) -> None:
    with pytest.raises(Invalid):
        NewPassword().read({"password": password})


def test_roles_are_known_ones() -> None:
    with pytest.raises(Invalid):
        Invite().read({"email": "a@b.org", "name": "A", "roles": ["owner"]})
    with pytest.raises(Invalid):
        Invite().read({"email": "a@b.org", "name": "A", "roles": []})


def test_codes_have_their_shape() -> None:
    found = OrganisationForm().read(
        {"kind": "practice", "name": "X", "ods_code": "a81001", "postcode": "g51 3uu"}
    )
    assert (found["ods_code"], found["postcode"]) == ("A81001", "G51 3UU")
    with pytest.raises(Invalid) as refused:
        OrganisationForm().read({"kind": "practice", "name": "X", "postcode": "nowhere"})
    assert refused.value.errors.keys() == {"postcode"}


def test_a_browser_has_a_name() -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
    assert name_of(firefox) == "Firefox on Windows"
    assert name_of("curl/8") == ""
