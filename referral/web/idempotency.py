"""The same POST sent twice makes one thing: ``Idempotency-Key``, per client, for 72 hours.

The key's row is inserted first, in the transaction of the work itself. On PostgreSQL a second
request with the key waits on the unique index until the first has ended; on SQLite writers wait
for each other anyway. Then it finds the row and answers what the first answered. Only success is
remembered: a refused request leaves no row and may be sent again under its key.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from flask import Response, request
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, ReferralError
from referral.web.models import KEY_MAX, IdempotencyRecord

KEPT = timedelta(hours=72)
HEADERS = ("Content-Type", "ETag", "Location")


def once(actor: Actor, answer: Callable[[], Response]) -> Response:
    """Run ``answer`` unless this client has sent this key before: then answer the same again.

    Inside a write transaction. Raise ``Invalid`` when the key came with another request before.
    """
    key = _key()
    client = actor.client or actor.id
    if key is None or client is None:
        return answer()
    digest = encryption.fingerprint(_request_as_bytes())
    row_id = _claim(client, key, digest)
    if row_id is None:
        return _replay(actor, client, key, digest)
    response = answer()
    if not 200 <= response.status_code < 300:
        session().execute(delete(IdempotencyRecord).where(IdempotencyRecord.id == row_id))
        return response
    kept = {
        "body": response.get_data(as_text=True),
        "headers": {name: response.headers[name] for name in HEADERS if name in response.headers},
        "views": [_kept_view(view) for view in audit.noted_views()],
    }
    session().execute(
        update(IdempotencyRecord)
        .where(IdempotencyRecord.id == row_id)
        .values(
            status=response.status_code,
            body=encryption.seal_for_installation(kept, f"idempotency:{row_id}"),
        )
    )
    return response


def forget_old() -> int:
    """Delete what is past its 72 hours; answer how many. For the nightly job."""
    old = delete(IdempotencyRecord).where(IdempotencyRecord.created_at < clock.now() - KEPT)
    return int(session().execute(old).rowcount)  # type: ignore[attr-defined] # a cursor result


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_MAX or not key.isascii() or not key.isprintable():
        raise ReferralError(f"Idempotency-Key must be 1 to {KEY_MAX} printable ASCII characters")
    return key


def _request_as_bytes() -> bytes:
    """Method, address and body; JSON in one spelling, so that the order of names is no matter."""
    body = request.get_data(cache=True)
    with suppress(ValueError, RecursionError):  # what is not JSON the view refuses, with a reason
        body = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
    return b"\x1f".join((request.method.encode(), request.full_path.encode(), body))


def _claim(client: uuid.UUID, key: str, digest: bytes) -> uuid.UUID | None:
    """Insert the key's row and answer its id; None when it is there already."""
    session().execute(
        delete(IdempotencyRecord).where(
            IdempotencyRecord.client_id == client,
            IdempotencyRecord.key == key,
            IdempotencyRecord.created_at < clock.now() - KEPT,
        )
    )
    row_id = new_id()
    try:
        with session().begin_nested():
            session().execute(
                insert(IdempotencyRecord).values(
                    id=row_id,
                    client_id=client,
                    key=key,
                    fingerprint=digest,
                    status=0,
                    created_at=clock.now(),
                )
            )
    except IntegrityError:
        return None
    return row_id


def _kept_view(view: audit.View) -> tuple[str, list[list[str | None]]]:
    """A view as JSON: event, and of each subject the kind, its id and the person's."""
    return view.event, [
        [kind, str(id_), str(person) if person else None] for (kind, id_), person in view.subjects
    ]


def _subject(
    kind: str, id_: str, person: str | None
) -> tuple[tuple[str, uuid.UUID], uuid.UUID | None]:
    return (kind, uuid.UUID(id_)), uuid.UUID(person) if person else None


def _replay(actor: Actor, client: uuid.UUID, key: str, digest: bytes) -> Response:
    row = (
        session()
        .scalars(
            select(IdempotencyRecord).where(
                IdempotencyRecord.client_id == client, IdempotencyRecord.key == key
            )
        )
        .one()
    )
    if row.fingerprint != digest:
        raise Invalid({"Idempotency-Key": ["was used before with another request"]})
    try:
        kept = encryption.open_for_installation(row.body or b"", f"idempotency:{row.id}")
    except encryption.Unreadable as error:
        raise Conflict(
            "This request was done before, but its answer is no longer kept. Look the result up."
        ) from error
    audit.record(actor, "request:replayed", ("request", row.id))
    for event, subjects in kept["views"]:  # whoever reads the answer again, sees it again
        audit.viewed_list(actor, event, [_subject(*subject) for subject in subjects])
    response = Response(kept["body"], status=row.status)
    response.headers.update(kept["headers"])
    response.headers["Idempotency-Replayed"] = "true"
    return response
