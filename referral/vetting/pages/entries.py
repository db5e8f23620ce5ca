"""The two checks that the directory answers: the entry is right, and everybody can get in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Response, request

from referral.core.i18n import _
from referral.directory import facets
from referral.directory import services as directory
from referral.vetting.pages.own import is_current, with_rows
from referral.vetting.queries import Dossier, Line, Offer
from referral.vetting.schemas.own import AccessEntries, RightEntries
from referral.web.door import actor
from referral.web.forms import Form
from referral.web.pages import render, say

ACCESS = "accessibility"


def entries_page(made: Dossier, line: Line, onward: Callable[[], Response]) -> Response:
    """The entries that want a word, and one button for all of them."""
    key = line.item.check.key
    shown = [one for one in made.services if not is_current(made, one, key)] or made.services
    form = AccessForm(shown) if key == ACCESS else Form(RightEntries)
    if request.method == "POST" and (data := form.read()) is not None:
        waits = _access(made, data["services"]) if key == ACCESS else _right(data["seen"])
        say(
            _("Saved. A link worker looks at it first; it shows after that.")
            if waits
            else _("Thank you. Your entry shows today’s date.")
        )
        return onward()
    return render(
        "vetting/entries.html",
        form=form,
        made=made,
        other=made.organisation.id != actor().organisation,
        line=line,
        check=line.item.check,
        asks_access=key == ACCESS,
        shown=shown,
        access=facets.ACCESS,
        seen=" ".join(f"{one.service.id}:{one.service.version}" for one in shown),
    )


class AccessForm(Form):
    """Ticks and words about getting in, for each service: ``services.0.access``."""

    def __init__(self, shown: Sequence[Offer]) -> None:
        rows = {str(n): _said(one) for n, one in enumerate(shown)}
        super().__init__(
            AccessEntries,
            lists=[f"services.{n}.access" for n in rows],
            values={"services": rows},
        )

    def _loadable(self, skip: Iterable[str]) -> dict[str, Any]:
        return with_rows(super()._loadable(skip))


def _said(one: Offer) -> dict[str, Any]:
    return {
        "service_id": str(one.service.id),
        "version": one.service.version,
        "access": list(facets.access_keys(one.service.access_mask)),
        "accessibility": one.service.accessibility,
    }


def _access(made: Dossier, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Write down what access there is; True when a link worker looks at it first."""
    waits = directory.needs_a_look(actor(), made.organisation.id)
    for row in rows:
        service_id, version = row["service_id"], row["version"]
        said = {"access": row["access"], "accessibility": row["accessibility"]}
        if waits:
            directory.propose_edit(actor(), service_id, version, said)
        else:
            directory.edit_service(actor(), service_id, version, said)
    return waits


def _right(seen: Mapping[uuid.UUID, int]) -> bool:
    """Everything that was shown is still right."""
    for service_id, version in seen.items():
        directory.confirm_correct(actor(), service_id, version)
    return False
