"""What the demo is made from."""

import re

from referral.core.folders import folder
from referral.places import postcodes


def test_every_invented_postcode_is_one_that_our_own_forms_take() -> None:
    found = {
        code
        for name in ("locality.toml", *(f"directory_{n}.toml" for n in (1, 2, 3)))
        for code in re.findall(
            r'"([A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2})"',
            (folder("seed_data") / name).read_text(encoding="utf-8"),
        )
    }
    assert len(found) > 20
    assert {code for code in found if not postcodes.is_valid(code)} == set()
