"""The words people search by: kept by those who keep the directory, for the whole installation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _
from referral.directory.models import Synonym
from referral.directory.queries import searching
from referral.directory.services.locking import same_version


def add_synonym(actor: Actor, data: Mapping[str, Any]) -> Synonym:
    """A new word. ``data``: ``schemas.Synonym``; ``Invalid`` when it is there already."""
    permit(actor, Permission.KEEP_DIRECTORY)
    _is_free(data["word"], None)
    made = Synonym(id=new_id(), updated_at=clock.now(), **_said(data))
    session().add(made)
    _kept(actor, "synonym:added", made)
    return made


def edit_synonym(
    actor: Actor, synonym_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Synonym:
    """Change a word or what it also finds."""
    permit(actor, Permission.KEEP_DIRECTORY)
    found = _locked(synonym_id)
    same_version(actor, found.version, version)
    _is_free(data["word"], found.id)
    for name, value in _said(data).items():
        setattr(found, name, value)
    found.version += 1
    found.updated_at = clock.now()
    _kept(actor, "synonym:edited", found)
    return found


def remove_synonym(actor: Actor, synonym_id: uuid.UUID, version: int) -> None:
    """The word finds only itself again."""
    permit(actor, Permission.KEEP_DIRECTORY)
    found = _locked(synonym_id)
    same_version(actor, found.version, version)
    session().delete(found)
    _kept(actor, "synonym:removed", found)


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"word": data["word"], "means": data["means"]}


def _locked(synonym_id: uuid.UUID) -> Synonym:
    found = session().scalar(
        select(Synonym)
        .where(Synonym.id == synonym_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _is_free(word: str, own: uuid.UUID | None) -> None:
    other = session().scalar(select(Synonym.id).where(Synonym.word == word))
    if other is not None and other != own:
        raise Invalid({"word": [str(_("is in the list already"))]})


def _kept(actor: Actor, event: str, found: Synonym) -> None:
    session().flush()
    searching.forget()
    audit.record(actor, event, ("synonym", found.id))
