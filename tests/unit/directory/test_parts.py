"""The standard's small objects as forms and programs send them."""

import pytest

from referral.core.errors import Invalid
from referral.directory import schemas


def term(parent: object) -> dict[str, object]:
    named = {"name": "Choirs", "description": "Singing together", "parent_id": parent}
    return {"name": "Riverside", "attributes": [{"taxonomy_term": named}]}


def test_an_id_left_empty_is_none_and_a_wrong_one_is_named() -> None:
    read = schemas.Organisation().read(term(""))
    assert read["attributes"][0]["taxonomy_term"]["parent_id"] is None
    with pytest.raises(Invalid) as refused:
        schemas.Organisation().read(term("the one above"))
    assert refused.value.errors == {
        "attributes.0.taxonomy_term.parent_id": ["must be the id of an item"]
    }
