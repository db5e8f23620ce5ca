"""Giving evidence: one answer of an organisation to one check, and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, IllegalAction, Invalid, NotFound
from referral.core.i18n import _
from referral.files.models import StoredFile
from referral.vetting import queries
from referral.vetting.checks import Check
from referral.vetting.models import Evidence, EvidenceFile, fields_of
from referral.vetting.queries.answering import STATED, TOLD_BY
from referral.vetting.services import loading
from referral.vetting.services.history import note

MOST_FILES = 10
OPEN = ("given", "asked")
SEALED = ("number", "issuer", "lead_name", "lead_phone", "note")
READ_BY_RULES = ("level", "count", "update_service", "cover", "cover_by")
# What the history keeps of an answer: enough to rebuild it without its private words.
KEPT = ("check_key", "kind", "state", "issued_on", "expires_on", *READ_BY_RULES)


def give(
    actor: Actor,
    organisation_id: uuid.UUID,
    check: str,
    data: Mapping[str, Any],
    file_ids: Sequence[uuid.UUID] = (),
) -> Evidence:
    """Answer a check. ``data``: what ``queries.answer_schema`` has read.

    An answer that waits is replaced; one that counts goes on counting until a reviewer accepts
    this one. A link worker may write down what a group says, and never judges it then.
    """
    made, asked = queries.asked(actor, organisation_id, check)
    permit(actor, Permission.GIVE_EVIDENCE, queries.judged(made))
    if asked.kind == "directory":
        told = _("This is answered by confirming the entry in the directory.")
        raise Conflict(str(told))
    loading.one_at_a_time(actor, organisation_id)
    applications = loading.applications_of(actor, organisation_id)
    files = list(dict.fromkeys(file_ids))
    _check_files(actor, organisation_id, asked, files)
    before = session().scalar(
        select(Evidence)
        .where(
            Evidence.organisation_id == organisation_id,
            Evidence.check_key == check,
            Evidence.state.in_(OPEN),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if before is not None:
        before.state = "superseded"
        before.version += 1
        session().flush()  # only one may be open
    found = _made(actor, organisation_id, asked, data, bool(files))
    session().add(found)
    session().flush()
    session().add_all(EvidenceFile(evidence_id=found.id, file_id=id_) for id_ in files)
    if before is not None:
        before.superseded_by_id = found.id
        after = fields_of(before, "state", "superseded_by_id")
        note(actor, "superseded", "evidence", before.id, organisation_id, None, after)
    after = fields_of(found, *KEPT) | {"files": [str(id_) for id_ in files]}
    note(actor, "given", "evidence", found.id, organisation_id, None, after)
    loading.mark_waiting(actor, *applications)
    audit.record(
        actor,
        "evidence:given",
        ("evidence", found.id),
        organisation=str(organisation_id),
        check=check,
    )
    return found


def take_back(actor: Actor, evidence_id: uuid.UUID, version: int) -> Evidence:
    """Take back an answer that nobody has accepted or rejected.

    A link worker only one that was written down for the group, never what the group gave itself.
    """
    organisation_id = loading.organisation_of(actor, evidence_id)
    if actor.locality is None:
        raise NotFound
    made = queries.dossier(actor, organisation_id, actor.locality)
    permit(actor, Permission.GIVE_EVIDENCE, queries.judged(made))
    loading.one_at_a_time(actor, organisation_id)
    applications = loading.applications_of(actor, organisation_id)
    found = loading.evidence(actor, evidence_id)
    if actor.organisation != organisation_id and found.told_by_sealed is None:
        raise Forbidden
    loading.same_version(actor, found.version, version)
    if found.state not in OPEN:
        raise IllegalAction(str(_("It was looked at or replaced already.")), ())
    found.state = "taken_back"
    found.version += 1
    note(
        actor, "taken_back", "evidence", found.id, organisation_id, None, fields_of(found, "state")
    )
    loading.mark_waiting(actor, *applications)
    audit.record(
        actor, "evidence:taken_back", ("evidence", found.id), organisation=str(organisation_id)
    )
    return found


def _made(
    actor: Actor,
    organisation_id: uuid.UUID,
    check: Check,
    data: Mapping[str, Any],
    has_files: bool,
) -> Evidence:
    not_applicable = bool(data.get("not_applicable"))
    uploaded = "uploaded" if has_files else "stated"
    made = Evidence(
        id=new_id(),
        organisation_id=organisation_id,
        check_key=check.key,
        kind="not_applicable" if not_applicable else uploaded,
        state="given",
        issued_on=clock.today(),
        submitted_at=clock.now(),
        submitted_by=actor.id,
    )
    if not not_applicable:
        made.issued_on = data.get("issued_on") or clock.today()
        made.expires_on = data.get("expires_on")
        for name in READ_BY_RULES:
            if data.get(name) is not None:
                setattr(made, name, data[name])
    kept = ("note",) if not_applicable else SEALED
    words = {name: data[name] for name in kept if data.get(name)}
    if words:
        made.stated_sealed = encryption.seal_for_installation(words, f"{STATED}{made.id}")
    if data.get("told_by"):
        made.told_by_sealed = encryption.seal_for_installation(
            data["told_by"], f"{TOLD_BY}{made.id}"
        )
    return made


def _check_files(
    actor: Actor, organisation_id: uuid.UUID, check: Check, file_ids: Sequence[uuid.UUID]
) -> None:
    """``Invalid`` for files that are not the organisation's, not clean, or not asked for."""
    rule = None
    if file_ids and check.kind == "record":
        rule = _("is not wanted: never send a criminal record certificate, nor a copy of one")
    elif len(file_ids) > MOST_FILES:
        rule = _("choose at most {max}", max=MOST_FILES)
    elif file_ids:
        known = list(
            session().scalars(
                select(StoredFile.scan)
                .where(
                    StoredFile.id.in_(file_ids),
                    StoredFile.organisation_id == organisation_id,
                    StoredFile.sealed.is_(False),
                    StoredFile.deleted_at.is_(None),
                )
                .with_for_update(read=True)
            )
        )
        if len(known) < len(file_ids):
            rule = _("must be files of this organisation")
        elif "infected" in known:
            rule = _("did not pass the virus check: send another copy")
    if rule is not None:
        raise Invalid({"file_ids": [str(rule)]})
