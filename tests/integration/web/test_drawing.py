"""Controls drawn from memory are those the NHS macros draw, and remember nothing of people."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from referral.web.drawing import MACROS, MARK, Controls, Template

NASTY = '"><script>alert(1)</script>&amp; Ørsted ' + MARK
ITEMS = [{"value": "a", "text": "Apples & <pears>"}, {"value": "b", "text": "Bread"}]
CONTROLS: list[tuple[str, dict[str, Any]]] = [
    ("button", {"text": "Save", "name": "do", "value": "next", "preventDoubleClick": True}),
    ("input", {"id": "n", "name": "n", "label": {"text": "Name"}, "value": NASTY, "width": 10}),
    ("input", {"id": "n", "name": "n", "label": {"text": "Name"}, "value": ""}),
    ("textarea", {"id": "t", "name": "t", "label": {"text": "Why"}, "value": NASTY, "rows": 3}),
    ("select", {"id": "s", "name": "s", "label": {"text": "Need"}, "items": ITEMS, "value": "b"}),
    ("radios", {"idPrefix": "r", "name": "r", "items": ITEMS, "value": "a", "inline": True}),
    ("checkboxes", {"idPrefix": "c", "name": "c", "items": [ITEMS[0] | {"checked": True}]}),
]


@pytest.fixture
def env() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("nhsuk_frontend_jinja"),
        undefined=jinja2.ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.template_class = Template
    return made


def macro(env: jinja2.Environment, name: str, params: dict[str, Any]) -> str:
    folder, called = MACROS[name]
    source = f"{{% from 'nhsuk/components/{folder}/macro.jinja' import {called} %}}"
    return env.from_string(source + f"{{{{ {called}(params) }}}}").render(params=params)


@pytest.mark.parametrize(("name", "params"), CONTROLS)
def test_from_memory_and_afresh_are_the_same(
    env: jinja2.Environment, name: str, params: dict[str, Any]
) -> None:
    controls = Controls(env)
    wanted = macro(env, name, params)
    assert wanted.strip()
    assert str(controls(name, params)) == wanted
    assert str(controls(name, params)) == wanted, "the second one comes from memory"
    assert controls._remembered.cache_info().hits == 1


def test_what_somebody_typed_is_not_remembered(env: jinja2.Environment) -> None:
    controls = Controls(env)
    box = {"id": "n", "name": "n", "label": {"text": "Surname"}}
    for surname in ("Begum", "Cole", "<b>Shah</b>"):
        drawn = controls("input", box | {"value": surname})
        assert str(Markup.escape(surname)) in drawn
    assert controls._remembered.cache_info().currsize == 1
    assert "Begum" not in controls("input", box | {"value": "Cole"})


def test_an_error_and_inner_markup_are_drawn_afresh(env: jinja2.Environment) -> None:
    controls = Controls(env)
    wrong = {"id": "n", "name": "n", "label": {"text": "Name"}, "errorMessage": {"text": "No"}}
    inner = {"idPrefix": "r", "name": "r", "items": [ITEMS[0] | {"conditional": {"html": "<i>"}}]}
    assert "No" in controls("input", wrong)
    assert controls("radios", inner)
    assert controls._remembered.cache_info().currsize == 0
