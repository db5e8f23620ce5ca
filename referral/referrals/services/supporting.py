"""Somebody the person names: who may hear how it goes, or speak for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, StaleVersion
from referral.core.i18n import _, speaking
from referral.referrals import plain, queries
from referral.referrals.models import Referral, Supporter
from referral.referrals.services import access, agreeing
from referral.referrals.services.own import PAGE
from referral.referrals.services.saying import record_said

SUPPORTERS_MOST = 4
NAMED = ("name", "relation", "phone", "email")


def name_supporter(
    actor: Actor,
    referral_id: uuid.UUID,
    data: Mapping[str, Any],
    how: str = PAGE,
    spoken_by: str = "",
) -> Supporter:
    """Keep who it is (fields of ``schemas.own.SupporterForm``) and tell whoever holds the referral.

    Raise ``Conflict`` when there are as many as one may name.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    access.permit_to_hear(actor, found)
    if found.status in agreeing.NOT_SHARED:
        raise Conflict(str(_("Nothing can be written on this referral.")))
    if len(queries.supporters(actor, found.id)) >= SUPPORTERS_MOST:
        raise Conflict(str(_("You have named as many as you can. Take one off first.")))
    row = Supporter(
        id=new_id(),
        version=1,
        referral_id=found.id,
        person_id=found.person_id,
        may=data["may"],
        how=how,
        since=clock.now(),
        by_user_id=actor.user,
        organisation_id=actor.voice,
    )
    named = {name: data[name] for name in NAMED if data.get(name)}
    row.named_sealed = encryption.seal(access.key_of(actor, found), named, f"supporter:{row.id}")
    session().add(row)
    audit.record(actor, "supporter:named", ("referral", found.id), found.person_id, may=data["may"])
    session().flush()
    record_said(actor, found.id, "supporter", how, _told(found, data), spoken_by)
    return row


def no_supporter(
    actor: Actor, supporter_id: uuid.UUID, version: int | None, how: str = PAGE
) -> Supporter:
    """They do not speak for the person any more. Raise ``NotFound``, ``StaleVersion``."""
    referral_id = queries.referral_of_supporter(actor, supporter_id)
    found = queries.referral(actor, referral_id, to_change=True)
    access.permit_to_hear(actor, found)
    row = queries.supporter_to_change(actor, supporter_id)
    if version is not None and version != row.version:
        raise StaleVersion(version, row.version)
    row.until = clock.now()
    row.version += 1
    audit.record(actor, "supporter:taken_off", ("referral", found.id), found.person_id)
    session().flush()
    with speaking("en"):
        words = str(_("Not any more: somebody they had named was taken off."))
    record_said(actor, found.id, "supporter", how, words, "")
    return row


def _told(found: Referral, data: Mapping[str, Any]) -> str:
    """Who it is, for whoever holds it; a group that has not said yes is not told a name."""
    if found.owner_id == found.recipient_id and found.accepted_at is None:
        return ""
    relation = f"({data['relation']})" if data.get("relation") else ""
    with speaking("en"):
        may = f"“{plain.MAY[data['may']]}”"
    parts = (data["name"], relation, data.get("phone"), data.get("email"), may)
    return " ".join(str(part) for part in parts if part)
