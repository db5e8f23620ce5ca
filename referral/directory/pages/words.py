"""The words people search by: what they also find, and what was looked for in vain."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.pages.blueprint import bp
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.paging import decode, encode

LISTING = "directory.words"
PAGE = 50


@bp.route("/directory/words", methods=["GET", "POST"])
@commits
def words() -> Response:
    """What people looked for and did not find; a new word; the list."""
    form = Form(schemas.Synonym)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.add_synonym(actor(), data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(
                _("Added. “{word}” now also finds: {means}", word=data["word"], means=data["means"])
            )
            return redirect_to("directory.words")
    text, cursor = request.args.get("q", "")[:100], request.args.get("cursor", "")
    after = decode(LISTING, cursor)[0] if cursor else None
    rows = queries.synonyms(actor(), text, PAGE + 1, after)
    more = len(rows) > PAGE
    return render(
        "directory/words.html",
        form=form,
        rows=rows[:PAGE],
        following=encode(LISTING, rows[PAGE - 1].word) if more else None,
        continued=bool(cursor),
        text=text,
        missed=queries.missed(actor()) if not (text or cursor) else [],
        days=queries.MISSED_DAYS,
    )


@bp.route("/directory/words/<uuid:synonym_id>", methods=["GET", "POST"])
@commits
def word(synonym_id: uuid.UUID) -> Response:
    """Change a word, or take it away."""
    found = queries.synonym(actor(), synonym_id)
    form = Form(schemas.SynonymForm, values={"word": found.word, "means": found.means})
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.edit_synonym(actor(), synonym_id, data["version"], data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved"))
            return redirect_to("directory.words")
    return render("directory/word.html", form=form, found=found)


@bp.post("/directory/words/<uuid:synonym_id>/remove")
@commits
def remove_word(synonym_id: uuid.UUID) -> Response:
    """The word finds only itself again."""
    form = Form(schemas.Version)
    data = form.read()
    if data is None:
        return redirect_to("directory.word", synonym_id=synonym_id)
    services.remove_synonym(actor(), synonym_id, data["version"])
    say(_("Removed"))
    return redirect_to("directory.words")
