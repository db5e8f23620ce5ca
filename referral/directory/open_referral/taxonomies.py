"""Taxonomies and their terms; needs and access features are taxonomies of our own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from referral.directory.facets import ACCESS, access_keys
from referral.directory.importing.parts import SPACE
from referral.directory.importing.taxonomy import OWN_ACCESS, OWN_NEEDS
from referral.directory.needs import NEEDS
from referral.directory.open_referral.small import Made, address_of, filled, made_id


@dataclass(frozen=True)
class OwnTaxonomy:
    """Carries the columns of a ``Taxonomy``."""

    id: uuid.UUID
    name: str
    description: str
    uri: str = ""
    version: str = ""


@dataclass(frozen=True)
class OwnTerm:
    """Carries the columns of a ``TaxonomyTerm``; ``term`` is the key it is stored by here."""

    id: uuid.UUID
    name: str
    taxonomy: str
    taxonomy_id: uuid.UUID
    term: str
    description: str = ""
    term_uri: str = ""
    parent_id: uuid.UUID | None = None


NEEDS_TAXONOMY = OwnTaxonomy(
    uuid.uuid5(SPACE, "taxonomy/needs"), OWN_NEEDS, "What a service helps people with."
)
ACCESS_TAXONOMY = OwnTaxonomy(
    uuid.uuid5(SPACE, "taxonomy/access"), OWN_ACCESS, "What makes a service easy to use."
)
OWN_TAXONOMIES = (NEEDS_TAXONOMY, ACCESS_TAXONOMY)
# Words as they stand in the source: a feed has one language, whoever asks.
_NEEDS = {
    key: OwnTerm(uuid.uuid5(SPACE, key), label.message, OWN_NEEDS, NEEDS_TAXONOMY.id, key)
    for key, label in NEEDS.items()
}
_ACCESS = {
    key: OwnTerm(
        uuid.uuid5(SPACE, f"access/{key}"), label.message, OWN_ACCESS, ACCESS_TAXONOMY.id, key
    )
    for key, label in ACCESS.items()
}
OWN_TERMS = (*_NEEDS.values(), *_ACCESS.values())


def taxonomy(row: Any) -> Made:
    """A taxonomy without its terms."""
    return filled(
        {
            "id": str(row.id),
            "name": row.name,
            "description": row.description or row.name,
            "uri": address_of(row.uri),
            "version": row.version,
        }
    )


def term(row: Any) -> Made:
    """A term of any taxonomy."""
    return filled(
        {
            "id": str(row.id),
            "name": row.name or row.term or row.taxonomy,
            "description": row.description or row.name or row.term or row.taxonomy,
            "parent_id": str(row.parent_id) if row.parent_id else None,
            "taxonomy": row.taxonomy,
            "taxonomy_id": str(row.taxonomy_id) if row.taxonomy_id else None,
            "term_uri": address_of(row.term_uri),
            "term": row.term,
        }
    )


def own_attributes(service: str, needs: tuple[str, ...], access_mask: int) -> list[Made]:
    """Needs and access features of a service, as attributes of the standard."""
    told = [("need", _NEEDS[key]) for key in needs if key in _NEEDS]
    told += [("access", _ACCESS[key]) for key in access_keys(access_mask)]
    return [
        {
            "id": made_id(service, kind, one.term),
            "link_type": "service",
            "taxonomy_term": term(one),
        }
        for kind, one in told
    ]
