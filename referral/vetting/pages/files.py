"""Files of answers: a download, never a page."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.vetting import services
from referral.vetting.pages.blueprint import bp
from referral.vetting.queries import files as scoped
from referral.web.door import actor, commits
from referral.web.downloads import attachment
from referral.web.pages import render


@bp.route("/vetting/files/<uuid:file_id>", methods=["GET", "POST"])
@commits
def file(file_id: uuid.UUID) -> Response:
    """The file, to keep and open elsewhere; reviewers are warned of one that was not scanned."""
    warned = request.method == "POST"
    seen = scoped.file(actor(), file_id)
    if seen.file.scan == "not_scanned" and seen.as_reviewer and not warned:
        return render("vetting/file.html", file=seen.file)
    found, content = services.hand_out(actor(), file_id, warned=warned)
    return attachment(content, found.content_type, found.label)
