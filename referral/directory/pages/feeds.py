"""Where entries come from: feeds and imports with their reports, and what we disagree about."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

from flask import Response, request

from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.directory import disputes, queries, schemas, services
from referral.directory.importing.report import reports_of
from referral.directory.pages.blueprint import bp
from referral.web.door import actor, commits, site
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.paging import decode, encode

LISTING = "directory.conflicts"
PAGE = 25
IMPORTS = "imports"
SAID = {
    "keep": _("Ours stays. The same word of theirs is not shown again."),
    "take": _("Theirs is in the entry now. Its history keeps what was there."),
}


@bp.get("/directory/feeds")
def feeds() -> Response:
    """The feeds that are followed, and the latest imports."""
    found = queries.feeds(actor())
    return render(
        "directory/feeds.html",
        feeds=found,
        names={one.id: one.name for one in found},
        runs=[(run, _has_report(run.id)) for run in queries.import_runs(actor())],
        kinds=disputes.SOURCES,
    )


@bp.get("/directory/feeds/runs/<uuid:run_id>/report.csv")
def import_report(run_id: uuid.UUID) -> Response:
    """Everything a run reported, as a spreadsheet."""
    run = queries.import_run(actor(), run_id)
    paths = reports_of(_folder(), run.id)
    if not paths:
        raise NotFound
    answer = Response(_joined(paths), content_type="text/csv; charset=utf-8")
    name = f"import-{run.started_at:%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/directory/conflicts")
def conflicts() -> Response:
    """Fields changed here and at their source since, the oldest first."""
    status = request.args.get("status", "open")
    if status not in disputes.STATES:
        raise NotFound
    cursor = request.args.get("cursor")
    after = decode(LISTING, cursor)[0] if cursor else None
    rows = queries.conflicts(actor(), status, limit=PAGE + 1, after=after)
    names = _feed_names()
    return render(
        "directory/conflicts.html",
        rows=[
            (row, disputes.label(row.conflict.field), disputes.source(row.conflict.source, names))
            for row in rows[:PAGE]
        ],
        state=status,
        states=disputes.STATES.items(),
        next_cursor=encode(LISTING, rows[PAGE - 1].conflict.id) if len(rows) > PAGE else None,
    )


@bp.route("/directory/conflicts/<uuid:conflict_id>", methods=["GET", "POST"])
@commits
def conflict(conflict_id: uuid.UUID) -> Response:
    """Ours and theirs beside each other, and the decision."""
    found = queries.conflict(actor(), conflict_id)
    form = Form(schemas.ConflictDecisionForm)
    if request.method == "POST" and (data := form.read()) is not None:
        services.decide_conflict(
            actor(),
            conflict_id,
            data["version"],
            data["entry_version"],
            data["decision"],
            data["note"] or "",
        )
        say(SAID[data["decision"]])
        return redirect_to("directory.conflicts")
    one = found.conflict
    return render(
        "directory/conflict.html",
        found=found,
        one=one,
        form=form,
        label=disputes.label(one.field),
        pairs=disputes.pairs(one.ours, one.theirs),
        source=disputes.source(one.source, _feed_names()),
        state=disputes.STATES[one.status],
        kind=disputes.KINDS.get(one.status, ""),
    )


def _feed_names() -> dict[str, str]:
    return {str(one.id): one.name for one in queries.feeds(actor())}


def _folder() -> Path:
    folder: Path = site().config["DATA_DIR"]
    return folder / IMPORTS


def _has_report(run_id: uuid.UUID) -> bool:
    return bool(reports_of(_folder(), run_id))


def _joined(paths: list[Path]) -> Iterator[str]:
    """Several reports as one: the header once."""
    yield "\ufeff"
    for number, path in enumerate(paths):
        with path.open(encoding="utf-8", newline="") as file:
            header = file.readline()
            if number == 0:
                yield header
            yield from file
