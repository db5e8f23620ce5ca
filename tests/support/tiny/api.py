"""The tiny site's API: one kind of thing, made once, listed, changed under its version."""

from __future__ import annotations

import uuid
from typing import Any

import marshmallow
from marshmallow import fields
from sqlalchemy import func, select

from referral.core import audit
from referral.core.audit import AuditEvent
from referral.core.database import session
from referral.core.errors import StaleVersion
from referral.core.schema import Schema, Text, Whole
from referral.web import api, paging
from referral.web.door import actor, commits
from tests.support.tiny.pages import FAILURES


class NewThing(Schema):
    name = Text(required=True)
    size = Whole(max=100)


class Thing(marshmallow.Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    number = fields.Integer(required=True)
    version = fields.Integer(required=True)


def blueprint() -> api.Blueprint:
    bp = api.Blueprint("tiny", __name__)

    @bp.post("/things")
    @api.body(NewThing)
    @api.answers(201, Thing)
    @api.idempotent
    @commits
    def make(data: dict[str, Any]) -> Any:
        """Make one thing."""
        thing = uuid.uuid4()
        audit.record(actor(), "thing:made", ("thing", thing))
        made = select(func.count()).where(AuditEvent.event == "thing:made")
        number = session().scalar(made)
        shown = {"id": thing, "name": data["name"], "number": number, "version": 1}
        return shown, 201, api.etag(1)

    @bp.get("/things")
    @api.arguments(api.PageArguments)
    @api.answers(200, api.page_schema(Thing))
    def things(wanted: dict[str, Any]) -> Any:
        """All things, 250 of them."""
        (after,) = paging.decode("things", wanted["cursor"]) if wanted["cursor"] else (0,)
        last = min(after + wanted["limit"], 250)
        rows = [
            {"id": uuid.UUID(int=n), "name": f"thing {n}", "number": n, "version": 1}
            for n in range(after + 1, last + 1)
        ]
        return api.page_of(rows, paging.encode("things", last) if last < 250 else None)

    @bp.put("/things/<uuid:thing_id>")
    @api.body(NewThing)
    @api.answers(200, Thing)
    @api.versioned
    @commits
    def change(data: dict[str, Any], thing_id: uuid.UUID) -> Any:
        """Change a thing whose version is 2."""
        version = api.if_match()
        if version != 2:
            raise StaleVersion(version, 2)
        shown = {"id": thing_id, "name": data["name"], "number": 1, "version": 3}
        return shown, 200, api.etag(3)

    @bp.route("/fail/<how>", methods=["GET", "POST"])
    @commits
    def fail(how: str) -> Any:
        raise FAILURES[how]()

    return bp
