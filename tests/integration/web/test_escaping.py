"""What somebody wrote is text in every control, on the site as it is set up."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup

from referral.web.door import Site

NASTY = "<img src=x>&\"'"
TEXT = {"text": NASTY}
ITEMS = [{"value": NASTY, "text": NASTY, "hint": TEXT}]
CONTROLS: list[tuple[str, dict[str, Any]]] = [
    ("checkboxes", {"idPrefix": "n", "items": ITEMS, "fieldset": {"legend": TEXT}}),
    ("radios", {"idPrefix": "n", "items": ITEMS, "fieldset": {"legend": TEXT}}),
    ("select", {"id": "n", "items": ITEMS, "label": TEXT, "hint": TEXT}),
    ("input", {"id": "n", "value": NASTY, "label": TEXT, "hint": TEXT}),
    ("textarea", {"id": "n", "value": NASTY, "label": TEXT, "hint": TEXT}),
    ("button", {"value": NASTY, "text": NASTY}),
]


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize(("name", "params"), CONTROLS)
def test_a_control_escapes_what_it_is_given(
    site: Site, name: str, params: dict[str, Any], refused: bool
) -> None:
    with site.test_request_context():
        draw: Any = site.jinja_env.globals["nhs"]
        drawn = draw(name, {"name": "n", **params} | ({"errorMessage": TEXT} if refused else {}))
    assert "<img" not in drawn
    assert "&lt;img" in drawn


def test_words_a_page_has_escaped_are_not_escaped_twice(site: Site) -> None:
    with site.test_request_context():
        draw: Any = site.jinja_env.globals["nhs"]
        told = Markup("Trust {}").format("Fish & Sons")
        drawn = draw("button", {"text": told})
    assert "Fish &amp; Sons" in drawn
