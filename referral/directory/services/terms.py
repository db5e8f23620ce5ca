"""The editable table of what other people's terms mean here."""

from __future__ import annotations

from sqlalchemy import insert, select

from referral.accounts.permissions import Permission, permit
from referral.core import audit
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid, NotFound
from referral.directory.importing.taxonomy import Mapper, seed_rows
from referral.directory.models import (
    TaxonomyNeed,
)
from referral.directory.needs import NEEDS


def mapper() -> Mapper:
    """The mapping of this installation; filled from the seed while the table is empty."""
    rows = _stored()
    if not rows:
        made = [{"id": new_id(), **row} for row in seed_rows()]
        session().execute(insert(TaxonomyNeed), made)
        rows = _stored()
    return Mapper(rows)


def map_term(actor: Actor, taxonomy: str, term: str, need: str, *, remove: bool = False) -> None:
    """Add or remove one meaning of a taxonomy's term; raise ``Invalid`` for an unknown need."""
    permit(actor, Permission.KEEP_DIRECTORY)
    if need not in NEEDS:
        raise Invalid({"need": ["must be one of: " + ", ".join(NEEDS)]})
    mapper()
    same = (
        TaxonomyNeed.taxonomy == taxonomy,
        TaxonomyNeed.term == term,
        TaxonomyNeed.need == need,
    )
    found = session().scalar(select(TaxonomyNeed).where(*same))
    if found is None and remove:
        raise NotFound
    if found is None:
        found = TaxonomyNeed(id=new_id(), taxonomy=taxonomy, term=term, need=need)
        session().add(found)
    elif remove:
        session().delete(found)
    subject = found.id
    audit.record(actor, "taxonomy:mapped", ("taxonomy_need", subject), need=need, removed=remove)


def _stored() -> list[tuple[str, str, str]]:
    query = select(TaxonomyNeed.taxonomy, TaxonomyNeed.term, TaxonomyNeed.need)
    return [(taxonomy, term, need) for taxonomy, term, need in session().execute(query)]
