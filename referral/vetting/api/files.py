"""Files of answers, for programs: sent first, then named in the answer; downloads only."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

from referral.core.errors import Invalid, ReferralError
from referral.core.i18n import _
from referral.core.schema import Schema, Text, Yes
from referral.directory.schemas.profiles import Id
from referral.files.limits import MOST_BYTES
from referral.vetting import services
from referral.vetting.api.blueprint import bp
from referral.vetting.schemas import shown
from referral.web.api import answers, arguments, idempotent
from referral.web.door import actor, commits, takes_files
from referral.web.downloads import attachment

# Twice what a file may have: who sends one that is too large is told so beside the field.
UPLOAD_MAX = 2 * MOST_BYTES
MULTIPART = "multipart/form-data"
F = TypeVar("F", bound=Callable[..., Any])


class Upload(Schema):
    """What comes beside ``file``: for which organisation and check it is."""

    organisation_id = Id(required=True)
    check = Text(max=40, required=True)


class Download(Schema):
    """``unscanned=yes``: a reviewer has read the warning and takes a file nobody scanned."""

    unscanned = Yes(load_default=False)


_takes_a_form: Callable[[F], F] = bp.doc(
    requestBody={
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file", "organisation_id", "check"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "organisation_id": {"type": "string", "format": "uuid"},
                        "check": {"type": "string", "maxLength": 40},
                    },
                }
            }
        },
    }
)
_answers_a_file: Callable[[F], F] = bp.doc(
    responses={
        "200": {
            "description": "The file",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
)


@bp.post("/files")
@_takes_a_form
@answers(201, shown.EvidenceFileOut)
@takes_files(UPLOAD_MAX)
@idempotent
@commits
def upload() -> Any:
    """Send a file for an answer that follows within a day, as ``multipart/form-data``.

    PDF, PNG, JPEG, WebP, DOCX, XLSX, PPTX, ODT, ODS up to 10 MB, by content. Never a criminal
    record certificate, nor a copy of one.
    """
    if request.mimetype != MULTIPART:
        raise ReferralError(f"Send the file as {MULTIPART}.")
    twice = [name for name, values in request.form.lists() if len(values) > 1]
    if twice:
        raise Invalid({name: [str(_("may be given only once"))] for name in twice})
    data = Upload().read({name: said for name, said in request.form.items() if name != "file"})
    sent = request.files.getlist("file")
    if len(sent) != 1 or len(request.files) != 1:
        raise Invalid({"file": [str(_("send one file, in a part called file"))]})
    return services.upload(
        actor(), data["organisation_id"], data["check"], sent[0].read(), sent[0].filename or ""
    ), 201


@bp.get("/files/<uuid:file_id>")
@arguments(Download)
@_answers_a_file
def file(asked: dict[str, Any], file_id: uuid.UUID) -> Any:
    """Download a file of an answer. One that was not scanned: see ``unscanned``."""
    found, content = services.hand_out(actor(), file_id, warned=asked["unscanned"])
    return attachment(content, found.content_type, found.label)
