"""Keeping files: written whole or not at all, under a random name, gone with the row they were for.

A file follows the transaction it is written in: rolled back, it is taken away again; and a deleted
one is there until the commit, so that a change that fails loses nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from contextlib import suppress

from sqlalchemy import Uuid, column, event, select, table
from sqlalchemy.orm import Session

from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid, NotFound, Unavailable
from referral.core.logging import log
from referral.files import limits, queries, sniffing, stores
from referral.files.models import StoredFile
from referral.files.scanning import Verdict

# The organisation's own row: who adds a file waits for whoever is adding one.
_ORGANISATION = table("organisation", column("id", Uuid()))


def put(actor: Actor, data: bytes, name: str = "") -> str:
    """Store ``data`` under ``name`` or a new one; answer it."""
    name = name or secrets.token_hex(16)
    # Watched before it is written: what was half done is taken away too.
    _watched()["made"].append(name)
    stores.current().put(name, data)
    return name


def delete(actor: Actor, name: str) -> None:
    """Take a file away when the transaction is committed; one that is not there is no matter."""
    _watched()["gone"].append(name)


def keep(
    actor: Actor, organisation_id: uuid.UUID, data: bytes, label: str, *, seal: bytes | None = None
) -> StoredFile:
    """Keep a file that was sent for an organisation, which the caller has found the actor may.

    Raise ``Invalid`` on the field ``file`` naming the rule: what it is, how large, how many there
    are. Nothing is written then. ``label`` is the name it came with. With ``seal``, a person's key,
    the content is sealed, and the name is the caller's to seal: a file's name often is a person's.
    """
    if rule := limits.broken(len(data), 0, 0):
        raise Invalid({"file": [str(rule)]})
    try:
        found = sniffing.kind_of(data)
    except sniffing.Refused as refused:
        raise Invalid({"file": [str(refused.rule)]}) from refused
    session().execute(
        select(_ORGANISATION.c.id)
        .where(_ORGANISATION.c.id == organisation_id)
        .with_for_update(key_share=True)
    )
    used = queries.used_by(organisation_id, sealed=seal is not None)
    if rule := limits.broken(len(data), *used, sealed=seal is not None):
        raise Invalid({"file": [str(rule)]})
    name = secrets.token_hex(16)
    content = data if seal is None else encryption.seal_bytes(seal, data, f"file:{name}")
    try:
        put(actor, content, name)
    except OSError as error:  # no room, or a bucket that does not answer
        log.error("file not kept", type=type(error).__name__)
        raise Unavailable from error
    made = StoredFile(
        name=name,
        organisation_id=organisation_id,
        label="" if seal is not None else limits.label_of(label, found.extension),
        content_type=found.content_type,
        extension=found.extension,
        size=len(data),
        sealed=seal is not None,
        # Of what is stored: the digest of a sealed file's content would say which file it is.
        sha256=hashlib.sha256(content).digest(),
        scan="not_scanned",
        put_at=clock.now(),
        put_by=actor.id,
    )
    session().add(made)
    session().flush()
    audit.record(actor, "file:kept", ("file", made.id), kind=made.extension, bytes=made.size)
    return made


def discard(actor: Actor, file_id: uuid.UUID) -> None:
    """Delete a file's content and the name it came with; twice is no matter."""
    found = _to_change(file_id)
    if found.deleted_at is not None:
        return
    delete(actor, found.name)
    found.label, found.deleted_at = "", clock.now()
    audit.record(actor, "file:discarded", ("file", found.id))


def judge(actor: Actor, file_id: uuid.UUID, verdict: Verdict | None) -> None:
    """Write down what the scanner said of a file; None = it would not say, ask again later.

    What is infected is deleted at once; its row stays and says so.
    """
    found = _to_change(file_id)
    if found.deleted_at is not None or found.scan != "not_scanned":
        return
    found.scanned_at = clock.now()
    if verdict is None:
        return
    found.scan = "infected" if verdict.found else "clean"
    found.scanner = " ".join(filter(None, (verdict.scanner, verdict.found)))[:100]
    if verdict.found:
        delete(actor, found.name)
    audit.record(actor, "file:scanned", ("file", found.id), scan=found.scan)


def _to_change(file_id: uuid.UUID) -> StoredFile:
    found = session().scalar(
        select(StoredFile)
        .where(StoredFile.id == file_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _watched() -> dict[str, list[str]]:
    """What this transaction has written and deleted; it is settled when the transaction ends."""
    opened = session()
    found: dict[str, list[str]] | None = opened.info.get("files")
    if found is None:
        opened.connection()  # a session that has not begun would not say that it was rolled back
        found = opened.info["files"] = {"made": [], "gone": []}
        event.listen(opened, "after_commit", _committed)
        event.listen(opened, "after_rollback", _rolled_back)
    return found


def _committed(opened: Session) -> None:
    if not opened.in_nested_transaction():
        _take_away(opened.info.pop("files", {}).get("gone", []))


def _rolled_back(opened: Session) -> None:
    _take_away(opened.info.pop("files", {}).get("made", []))


def _take_away(names: list[str]) -> None:
    for name in names:
        with suppress(OSError, ValueError):
            stores.current().remove(name)
