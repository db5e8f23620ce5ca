"""Messages from templates, without Flask and without personal data.

The first line of a template is ``Subject: …``, an empty line follows, then the text. What goes in
are facts that may stand on a postcard: names of organisations, references, dates, numbers, links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from referral.core import i18n
from referral.core.folders import folder
from referral.core.i18n import Lazy

if TYPE_CHECKING:
    from jinja2 import Environment

# No object with attributes gets in, so no template can reach a person through one.
Postcard: TypeAlias = str | int | float | bool | date | datetime | UUID | Lazy | None
# Names under which other slices keep what identifies somebody or says why they were referred.
PERSONAL = frozenset(
    {
        "person", "patient", "name", "given_name", "family_name", "surname", "title",
        "date_of_birth", "birth_date", "age", "sex", "health_number", "nhs_number", "address",
        "postcode", "phone", "email", "reason", "risk", "risk_text", "note", "summary",
        "text", "question", "answer", "need", "needs",
    }
)  # fmt: skip
# Ten digits are a health number; an address has an @.
_TELLING = re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b|\S+@\S+\.\S+")
BLANK = "\N{WHITE SQUARE}secret\N{WHITE SQUARE}"


class Published(str):
    """Words of the directory, which anybody may read: a service's own number is nobody's secret."""

    __slots__ = ()


class Personal(ValueError):
    """Somebody tried to put personal data into a message."""


@dataclass(frozen=True)
class Rendered:
    subject: str
    body: str


class _Place:
    product = "Joined Up"
    base_url = "http://127.0.0.1:8000"


def configure(product: str, base_url: str) -> None:
    """Say what messages call the product and where their links lead."""
    _Place.product, _Place.base_url = product, base_url


def render(template: str, context: Mapping[str, Postcard], secret: bool = False) -> Rendered:
    """Fill a template; raise ``Personal`` rather than let personal data out.

    In the template: ``product``, ``link(path)``, ``day(date)``, ``moment(datetime)``, ``_()``, and
    with ``secret`` the place ``secret`` of a link's secret part, filled when the message is sent.
    """
    refuse_personal(context)
    values = dict(context, product=_Place.product)
    if secret:
        values["secret"] = BLANK
    text = _environment().get_template(template).render(values)
    first, _newline, body = text.partition("\n")
    if not first.startswith("Subject: "):
        raise ValueError(f"{template} must begin with a line 'Subject: …'")
    subject = " ".join(first.removeprefix("Subject: ").split())
    return Rendered(subject[:200], body.strip() + "\n")


def refuse_personal(context: Mapping[str, object]) -> None:
    for name, value in context.items():
        if name in PERSONAL:
            raise Personal(f"a message may not carry {name}")
        if not isinstance(value, str | int | float | date | UUID | Lazy | None):
            raise Personal(f"{name} must be plain text, a number or a date")
        if isinstance(value, Published):
            continue
        if isinstance(value, str | Lazy) and _TELLING.search(str(value)):
            raise Personal(f"{name} looks like a number or an address of a person")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    import jinja2  # noqa: PLC0415 - commands that send nothing start faster without it

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder("templates")),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        i18n.translate, i18n.translate_plural, newstyle=True
    )
    made.globals.update(
        link=lambda path: _Place.base_url + path,
        day=i18n.format_day,
        moment=i18n.format_moment,
        drafts_shown=i18n.drafts_shown,
        in_english=i18n.in_english,
    )
    return made
