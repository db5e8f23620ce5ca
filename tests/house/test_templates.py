"""Templates are whole, translatable, and give components only what they know."""

import jinja2
import pytest

from referral.web.door import Site
from tools import check_templates


def test_templates_compile_for_the_site_with_its_filters(site: Site) -> None:
    broken = []
    for name in check_templates.names():
        try:
            site.jinja_env.get_template(name)
        except jinja2.TemplateError as error:
            broken.append(f"{name}: {error}")
    assert broken == []


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Write one template and read what the check says about it."""

    def say(text: str, name: str = "page.html") -> list[str]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.setattr(check_templates, "TEMPLATES", tmp_path)
        monkeypatch.setattr(check_templates, "ENVIRONMENT", check_templates.environment())
        return check_templates.problems()

    return say


BUTTON = '{% from "nhsuk/components/button/macro.jinja" import button %}'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<p>{{ _('Good') }} {% trans %}day{% endtrans %} 12 &nbsp;</p>", ""),
        ("<p class='{{ x }}'>Good</p>", "not translatable: 'Good'"),
        ("<img alt='A cat'>", "not translatable: 'A cat'"),
        ("<style>p { color: red }</style><script>let x = 1</script>", ""),
        (BUTTON + "{{ button({'text': 'Save'}) }}", "not translatable: text: 'Save'"),
        (BUTTON + "{{ button({'text': _('Save'), 'name': 'x'}) }}", ""),
        (BUTTON + "{{ button({'txt': _('Save')}) }}", "button does not know the key 'txt'"),
        ("{% include 'none.html' %}", "there is no template none.html"),
        ("{% if %}", "Expected an expression"),
    ],
)
def test_the_check_finds_what_it_is_for(page, text: str, problem: str) -> None:
    told = "\n".join(page(text))
    assert (problem in told) if problem else told == ""


def test_the_check_reads_messages_too(page) -> None:
    assert page("{{ _('Dear colleague') }}", "message.txt") == []
    assert "not translatable" in page("Dear colleague", "message.txt")[0]
