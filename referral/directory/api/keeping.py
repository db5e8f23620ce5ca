"""What is said of services and organisations, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.directory import queries, schemas
from referral.directory import services as verbs
from referral.directory.api.blueprint import bp
from referral.directory.api.moderating import change_shown
from referral.directory.api.reading import whole
from referral.web import paging
from referral.web.api import (
    PageArguments,
    answers,
    arguments,
    body,
    etag,
    idempotent,
    if_match,
    page_of,
    page_schema,
    versioned,
)
from referral.web.door import actor, commits

HISTORY = "history"


@bp.post("/services")
@body(schemas.NewService)
@answers(201, schemas.ServiceOut)
@idempotent
@commits
def add_service(data: dict[str, Any]) -> Any:
    """A new service of your organisation, or of ``organisation_id``.

    201 with the service, or 202 with the change where a link worker looks at it first.
    """
    organisation_id = data.pop("organisation_id") or actor().organisation
    if organisation_id is not None and verbs.needs_a_look(actor(), organisation_id):
        return change_shown(verbs.propose_service(actor(), data, organisation_id).id, 202)
    made = verbs.add_service(actor(), data, organisation_id)
    return whole(queries.service(actor(), made.id)), 201, etag(made.version)


@bp.put("/services/<uuid:service_id>")
@body(schemas.Service)
@answers(200, schemas.ServiceOut)
@versioned
@commits
def edit_service(data: dict[str, Any], service_id: uuid.UUID) -> Any:
    """Say anew what a service is. Lists that are left out stay as they are.

    200 with the service, or 202 with the change where a link worker looks at it first.
    """
    version = if_match()
    found = queries.service(actor(), service_id)
    if verbs.needs_a_look(actor(), found.organisation.id):
        return change_shown(verbs.propose_edit(actor(), service_id, version, data).id, 202)
    made = verbs.edit_service(actor(), service_id, version, data)
    return whole(queries.service(actor(), service_id)), 200, etag(made.version)


@bp.get("/services/<uuid:service_id>/history")
@arguments(PageArguments)
@answers(200, page_schema(schemas.HistoryLine))
def history(asked: dict[str, Any], service_id: uuid.UUID) -> Any:
    """What happened to a service's entry, newest first."""
    cursor = paging.decode(HISTORY, asked["cursor"]) if asked["cursor"] else None
    found = queries.service_history(actor(), service_id, asked["limit"], cursor)
    items = [
        {
            "id": line.id,
            "at": line.at,
            "how": line.how,
            "organisation": line.organisation,
            "by": line.person,
            "fields_": [vars(one) | {"label": str(one.label)} for one in line.told],
        }
        for line in found.items
    ]
    following = paging.encode(HISTORY, *found.next_cursor) if found.next_cursor else None
    return page_of(items, following)


@bp.get("/organisations/<uuid:organisation_id>")
@answers(200, schemas.OrganisationWhole)
def organisation(organisation_id: uuid.UUID) -> Any:
    """What the directory says of an organisation."""
    return _organisation(organisation_id)


@bp.put("/organisations/<uuid:organisation_id>")
@body(schemas.Organisation)
@answers(200, schemas.OrganisationWhole)
@versioned
@commits
def edit_organisation(data: dict[str, Any], organisation_id: uuid.UUID) -> Any:
    """Say anew what an organisation is. Lists that are left out stay as they are.

    200 with the organisation, or 202 with the change where a link worker looks at it first.
    """
    version = if_match()
    found = queries.organisation(actor(), organisation_id)
    if verbs.needs_a_look(actor(), found.id):
        return change_shown(
            verbs.propose_organisation(actor(), organisation_id, version, data).id, 202
        )
    verbs.edit_organisation(actor(), organisation_id, version, data)
    return _organisation(organisation_id)


def _organisation(organisation_id: uuid.UUID) -> Any:
    kept = queries.editable_organisation(actor(), organisation_id)
    found = kept.organisation
    shown = (kept.said or {}) | {
        "id": found.id,
        "kind": found.kind,
        "phone": found.phone,
        "trusted": kept.trusted,
        "version": found.version,
    }
    return shown, 200, etag(found.version)
