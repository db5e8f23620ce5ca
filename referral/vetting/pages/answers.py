"""One question on one page: what a group does, and its answer to each check."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from referral.core import clock
from referral.core.errors import FieldErrors, Invalid, NotFound
from referral.core.i18n import _
from referral.files import services as files
from referral.files.limits import MOST_BYTES
from referral.vetting import asking, judging, passport, proportion, queries, schemas, services
from referral.vetting.checks import Check
from referral.vetting.models import Evidence
from referral.vetting.pages.blueprint import bp
from referral.vetting.pages.entries import entries_page
from referral.vetting.pages.own import id_asked, locality_asked, next_page, with_rows
from referral.vetting.queries import Dossier, Line
from referral.vetting.queries.answering import files_of, stated
from referral.web.door import actor, commits, takes_files
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

FILES_MOST = 3
UPLOAD_MAX = FILES_MOST * MOST_BYTES + 200_000
_MILLIONS = re.compile(r"([0-9]{1,4})(?:\.([0-9]))?(?:m|million)", re.IGNORECASE)
NO_CERTIFICATE = _(
    "Do not send the certificate. The file was not kept; delete it where you scanned it."
)
# A browser does not send a file a second time by itself.
CHOOSE_AGAIN = _("Choose the file again. It is kept when everything else is right.")


class AnswerForm(Form):
    """The form of one check. "Does not apply" brings its own reason, ``why_not``."""

    def __init__(self, check: Check, made: Dossier, told: bool, values: Mapping[str, Any]) -> None:
        self.asked = asking.fields(check, made.locality.nation, _ways(made, check))
        super().__init__(
            schemas.answer_schema(check, made.locality.nation, told=told),
            date_fields=[field.name for field in self.asked if field.shape == "day"],
            ignore=("files",),
            values=values,
        )

    @property
    def not_for_us(self) -> bool:
        return bool(self.values.get("not_applicable") == "yes")

    def add(self, name: str, rule: Any, *, replace: bool = False) -> None:
        super().add(
            "why_not" if name == "note" and self.not_for_us else name, rule, replace=replace
        )

    def _loadable(self, skip: Iterable[str]) -> dict[str, Any]:
        if self.not_for_us:
            kept = {
                "not_applicable": "yes",
                "note": self.values.get("why_not", ""),
                "told_by": self.values.get("told_by"),
            }
            return {name: value for name, value in kept.items() if str(value or "").strip()}
        data = super()._loadable(skip)
        data.pop("why_not", None)
        if isinstance(data.get("cover"), str):
            data["cover"] = whole_pounds(data["cover"])
        return data

    def _broken_dates(self) -> dict[str, Any]:
        return {} if self.not_for_us else super()._broken_dates()


@bp.route("/vetting/about", methods=["GET", "POST"])
@commits
def about() -> Response:
    """The one question about the organisation and what its services do."""
    made = _dossier()
    form = AboutForm(made)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.say_about(actor(), made.organisation.id, data.pop("version"), data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved."))
            return _onward(made)
    return render(
        "vetting/about.html",
        form=form,
        made=made,
        ways=proportion.WAYS,
        doing=proportion.DOING,
        being=proportion.BEING,
        said_by_entry=said_by_entry,
        way_choices=_way_choices,
        other=_is_other(made),
    )


class AboutForm(Form):
    """Ticks for the organisation and for each of its services, as ``services.0.doing``."""

    def __init__(self, made: Dossier) -> None:
        rows = {
            str(n): {
                "service_id": str(offer.service.id),
                "way": offer.does.way,
                "doing": sorted(offer.does.facts),
            }
            for n, offer in enumerate(made.services)
        }
        super().__init__(
            schemas.AboutForm,
            lists=("being", *(f"services.{n}.doing" for n in rows)),
            values={
                "being": sorted(made.being),
                "services": rows,
                "version": made.about.version if made.about else 0,
            },
        )

    def _loadable(self, skip: Iterable[str]) -> dict[str, Any]:
        return with_rows(super()._loadable(skip))


@bp.route("/vetting/answers/<check>", methods=["GET", "POST"])
@takes_files(UPLOAD_MAX)
@commits
def answer(check: str) -> Response:
    """What an organisation says to one check; a link worker may write it down for a group."""
    made = _dossier()
    line = _line(made, check)
    if line.item.check.kind == "directory":
        return entries_page(made, line, lambda: _onward(made))
    told = _is_other(made)
    accepted = made.accepted.get(check)
    own = line.open or made.rejected.get(check) or (accepted.evidence if accepted else None)
    form = AnswerForm(line.item.check, made, told, _values(made, line, own))
    if request.method == "POST":
        _keep_back(form, line.item.check)
        if (data := form.read()) is not None and _given(made, line, form, data):
            say(_("Saved."))
            return _onward(made)
        if _sent() and "files" not in form.errors:
            form.add("files", CHOOSE_AGAIN)
    return render(
        "vetting/answer.html",
        form=form,
        made=made,
        line=line,
        check=line.item.check,
        told=told,
        open=line.open,
        rejected=made.rejected.get(check),
        files=files_of([own.id]).get(own.id, []) if own else [],
        takes_files=line.item.check.kind in asking.TAKES_FILES,
        file_is_extra=line.item.check.kind in asking.FILE_IS_EXTRA,
        # Where the fields do not say themselves what is wanted.
        says_what=line.item.check.kind == "document"
        or (line.item.check.kind == "statement" and check not in asking.BY_CHECK),
        agreed=asking.AGREED if line.item.check.key == "information_sharing" else (),
        states=passport.STATES,
        answer_states=judging.ANSWER_STATES,
        files_most=FILES_MOST,
    )


@bp.post("/vetting/answers/<uuid:evidence_id>/take-back")
@commits
def take_back(evidence_id: uuid.UUID) -> Response:
    """Take back an answer that nobody has looked at yet."""
    data = Form(schemas.VersionForm).read()
    if data is None:
        raise NotFound
    taken = services.take_back(actor(), evidence_id, data["version"])
    say(_("Taken back. You can answer again."))
    if taken.organisation_id != actor().organisation:
        return redirect_to("vetting.home", organisation=taken.organisation_id)
    return redirect_to("vetting.home")


def whole_pounds(typed: str) -> str:
    """``£5,000,000`` and ``5 million`` as a number; anything else as it was typed."""
    bare = re.sub(r"[£,\s]", "", typed)
    found = _MILLIONS.fullmatch(bare)
    if found:
        return str(int(found[1]) * 1_000_000 + int(found[2] or 0) * 100_000)
    return bare.removesuffix(".00")


def said_by_entry(offer: queries.Offer) -> list[str]:
    """What the entry in the directory says already: it cannot be ticked away."""
    entry = offer.service
    return sorted(
        proportion.does_of(
            entry.route, home_visits=entry.home_visits, maximum_age=entry.maximum_age
        ).facts
    )


def _way_choices(offer: queries.Offer) -> list[tuple[str, Any]]:
    mine = "signpost" if offer.service.route == "signpost" else "referral"
    return [(way, proportion.WAYS[way]) for way in (mine, "turn_up")]


def _given(made: Dossier, line: Line, form: AnswerForm, data: dict[str, Any]) -> Evidence | None:
    """The answer, kept; None when it was refused, and the form says why."""
    try:
        kept = [
            files.keep(actor(), made.organisation.id, sent.read(), sent.filename or "").id
            for sent in _sent()
        ]
        # What was sent with an answer that is still open stays with it.
        if line.open is not None and not kept and not form.not_for_us:
            kept = [file.id for file in files_of([line.open.id]).get(line.open.id, [])]
        return services.give(actor(), made.organisation.id, line.item.check.key, data, kept)
    except Invalid as error:
        form.refuse(Invalid(_with_files(error.errors)))
        return None


def _keep_back(form: AnswerForm, check: Check) -> None:
    """What is not to be sent is not even read; of the rest at most so many."""
    sent = _sent()
    if sent and check.kind not in asking.TAKES_FILES:
        form.add("files", NO_CERTIFICATE if check.kind == "record" else _("No file is needed here"))
    elif len(sent) > FILES_MOST:
        form.add("files", _("Send at most {most} files", most=FILES_MOST))


def _sent() -> list[FileStorage]:
    """The files chosen; a browser sends one without a name where none was."""
    return [one for one in request.files.getlist("files") if one.filename]


def _with_files(errors: FieldErrors) -> FieldErrors:
    """The errors of files and of an answer without them, at the place where files are chosen."""
    return {("files" if name in ("file", "file_ids") else name): errors[name] for name in errors}


def _dossier() -> Dossier:
    organisation = id_asked("organisation") or actor().organisation
    locality = locality_asked() or actor().locality
    if organisation is None or locality is None:
        raise NotFound
    return queries.dossier(actor(), organisation, locality)


def _line(made: Dossier, check: str) -> Line:
    for line in made.checklist(clock.today()):
        if line.item.check.key == check:
            return line
    raise NotFound


def _ways(made: Dossier, check: Check) -> set[str]:
    return {
        offer.does.way
        for offer in made.services
        if check.key in {one.key for one in made.wanted(offer)}
    }


def _is_other(made: Dossier) -> bool:
    """Is this written down for a group, by somebody who does not belong to it?"""
    return made.organisation.id != actor().organisation


def _onward(made: Dossier) -> Response:
    """To the next question, or back to the list; for another group always to the list."""
    if _is_other(made):
        return redirect_to("vetting.home", organisation=made.organisation.id)
    return next_page(queries.dossier(actor(), made.organisation.id, made.locality.id))


def _values(made: Dossier, line: Line, own: Evidence | None) -> dict[str, Any]:
    """What the form starts from: the last answer without its dates, unless it is still open."""
    if own is None:
        known = made.organisation.register_number or made.organisation.company_number
        return {"number": known} if line.item.check.kind == "register" and known else {}
    names = ("level", "count", "update_service", "cover", "cover_by")
    said = {name: getattr(own, name) for name in names} | stated(own)
    if own.kind == "not_applicable":
        return {"not_applicable": True, "why_not": said.get("note", "")}
    if own is line.open:
        said |= {"issued_on": own.issued_on, "expires_on": own.expires_on}
    return said
