"""What programs are shown of checks: the register, applications, answers, decisions, passports."""

from __future__ import annotations

import marshmallow
from marshmallow import fields

from referral.directory.schemas import OrganisationOut


class RenewalOut(marshmallow.Schema):
    """How long an answer counts; nothing set = for good. ``every``: a day of the year, MM-DD."""

    months = fields.Integer(required=True, allow_none=True)
    to_end_date = fields.Boolean(required=True)
    every = fields.String(required=True, allow_none=True)


class CheckOut(marshmallow.Schema):
    """One check as a locality asks it. ``required``, ``optional``: the fields of an answer."""

    key = fields.String(required=True)
    title = fields.String(required=True)
    tiers = fields.List(fields.String(), required=True)
    kind = fields.String(required=True)
    renewal = fields.Nested(RenewalOut, required=True)
    ask = fields.String(required=True)
    evidence = fields.String(required=True)
    limits = fields.String(required=True)
    only_if = fields.List(fields.String(), required=True)
    judge = fields.String(required=True)
    mandatory = fields.Boolean(required=True)
    pauses = fields.Boolean(required=True)
    anchor_may_hold = fields.Boolean(required=True)
    may_wait = fields.Boolean(required=True)
    may_not_apply = fields.Boolean(required=True)
    minimum = fields.Integer(required=True, allow_none=True)
    required = fields.List(fields.String(), required=True)
    optional = fields.List(fields.String(), required=True)


class RegisterOut(marshmallow.Schema):
    """The register of checks in force in a locality; ``number`` 0 = the national default."""

    locality_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    two_reviewers = fields.List(fields.String(), required=True)
    appeal_route = fields.String(required=True)
    items = fields.List(fields.Nested(CheckOut), required=True)


class SchemeOut(marshmallow.Schema):
    """What a locality changes in the national register: whole, as it was set last."""

    locality_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    base = fields.Integer(required=True)
    rules = fields.List(fields.Dict(), required=True)
    two_reviewers = fields.List(fields.String(), required=True)
    appeal_route = fields.String(required=True)
    assurer_email = fields.String(required=True)
    reason = fields.String(required=True)
    affected = fields.Integer(required=True)
    made_at = fields.AwareDateTime(required=True, allow_none=True)
    made_by = fields.String(required=True, allow_none=True)


class AffectedOut(OrganisationOut):
    """An organisation that a change of the scheme touches, and with which checks."""

    gains = fields.List(fields.String(), required=True)
    loses = fields.List(fields.String(), required=True)
    otherwise = fields.List(fields.String(), required=True)
    would_pause = fields.Boolean(required=True)


class EffectOut(marshmallow.Schema):
    """What a change of the scheme would do; nothing is saved."""

    changed = fields.List(fields.String(), required=True)
    organisations = fields.List(fields.Nested(AffectedOut), required=True)
    total = fields.Integer(required=True)


class PassportItemOut(marshmallow.Schema):
    """One check of a passport. ``until``: the last day it counts; ``limits``: what it is not."""

    check = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    seen_on = fields.Date(required=True, allow_none=True)
    seen_by = fields.String(required=True)
    until = fields.Date(required=True, allow_none=True)
    limits = fields.List(fields.String(), required=True)
    held_by = fields.String(required=True)


class PassportOut(marshmallow.Schema):
    """A service's checks, judged today. ``state`` "" = nobody has applied for it."""

    service_id = fields.UUID(required=True)
    service = fields.String(required=True)
    organisation = fields.Nested(OrganisationOut, required=True)
    accepts_referrals = fields.Boolean(required=True)
    not_accepting_because = fields.String(required=True, allow_none=True)
    accepts_until = fields.Date(required=True, allow_none=True)
    state = fields.String(required=True)
    tier = fields.String(required=True)
    way = fields.String(required=True)
    headline = fields.String(required=True)
    decided_on = fields.Date(required=True, allow_none=True)
    conditions = fields.String(required=True)
    assured_date = fields.Date(required=True, allow_none=True)
    paused_on = fields.Date(required=True, allow_none=True)
    items = fields.List(fields.Nested(PassportItemOut), required=True)


class PassportsOut(marshmallow.Schema):
    """The passports of an organisation's services."""

    items = fields.List(fields.Nested(PassportOut), required=True)


class EvidenceFileOut(marshmallow.Schema):
    """A file of an answer. ``scan``: ``not_scanned``, ``clean`` or ``infected``."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True)
    scan = fields.String(required=True)


class EvidenceOut(marshmallow.Schema):
    """An organisation's answer to a check. ``reviewed_by``: role and organisation, no name."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    check = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    issued_on = fields.Date(required=True)
    expires_on = fields.Date(required=True, allow_none=True)
    level = fields.String(required=True)
    count = fields.Integer(required=True, allow_none=True)
    update_service = fields.Boolean(required=True, allow_none=True)
    cover = fields.Integer(required=True, allow_none=True)
    cover_by = fields.String(required=True)
    number = fields.String(required=True)
    issuer = fields.String(required=True)
    lead_name = fields.String(required=True)
    lead_phone = fields.String(required=True)
    note = fields.String(required=True)
    told_by = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    reviewed_at = fields.AwareDateTime(required=True, allow_none=True)
    reviewed_by = fields.String(required=True)
    reason = fields.String(required=True)
    limits = fields.String(required=True)
    files = fields.List(fields.Nested(EvidenceFileOut), required=True)
    version = fields.Integer(required=True)


class EvidencesOut(marshmallow.Schema):
    """The answers of an organisation that count or wait to be looked at."""

    items = fields.List(fields.Nested(EvidenceOut), required=True)


class ChecklistLineOut(marshmallow.Schema):
    """One check, where it is worst; the answer that counts and the one that waits."""

    check = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    until = fields.Date(required=True, allow_none=True)
    mandatory = fields.Boolean(required=True)
    evidence_id = fields.UUID(required=True, allow_none=True)
    held_by = fields.Nested(OrganisationOut, required=True, allow_none=True)
    open_id = fields.UUID(required=True, allow_none=True)
    open_state = fields.String(required=True, allow_none=True)


class OfferOut(marshmallow.Schema):
    """A service in the eyes of vetting. ``doing`` None = nobody has said what it does."""

    service_id = fields.UUID(required=True)
    name = fields.String(required=True)
    way = fields.String(required=True)
    doing = fields.List(fields.String(), required=True, allow_none=True)
    tier = fields.String(required=True)
    state = fields.String(required=True)
    accepts = fields.Boolean(required=True)
    until = fields.Date(required=True, allow_none=True)


class AboutOut(marshmallow.Schema):
    """What was said of the whole organisation (``being``, None = nothing yet) and its services."""

    organisation_id = fields.UUID(required=True)
    being = fields.List(fields.String(), required=True, allow_none=True)
    services = fields.List(fields.Nested(OfferOut), required=True)
    version = fields.Integer(required=True)


class SeenOut(marshmallow.Schema):
    """A line of the checklist that a decider had before them."""

    check = fields.String(required=True)
    state = fields.String(required=True)
    until = fields.String(required=True, allow_none=True)
    evidence_id = fields.String(required=True, allow_none=True)
    evidence_version = fields.Integer(required=True, allow_none=True)
    held_by = fields.String(required=True, allow_none=True)


class DecisionOut(marshmallow.Schema):
    """What was decided. ``decided_by`` None = the installation (removed from a register)."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    of_id = fields.UUID(required=True, allow_none=True)
    tier = fields.String(required=True)
    status = fields.String(required=True)
    counts = fields.Boolean(required=True)
    reason = fields.String(required=True)
    conditions = fields.String(required=True)
    waived = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    appeal_route = fields.String(required=True)
    scheme_number = fields.Integer(required=True)
    scheme_base = fields.Integer(required=True)
    seen = fields.List(fields.Nested(SeenOut), required=True)
    decided_at = fields.AwareDateTime(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    role = fields.String(required=True)
    application_version = fields.Integer(required=True)


class ApplicationItemOut(marshmallow.Schema):
    """An application in a list."""

    id = fields.UUID(required=True)
    organisation = fields.Nested(OrganisationOut, required=True)
    locality_id = fields.UUID(required=True)
    status = fields.String(required=True)
    tier = fields.String(required=True)
    approved_tier = fields.String(required=True, allow_none=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    waiting_since = fields.AwareDateTime(required=True, allow_none=True)
    paused_on = fields.Date(required=True, allow_none=True)
    answers_waiting = fields.Integer(required=True)
    version = fields.Integer(required=True)


class HostingOut(marshmallow.Schema):
    """Who answers for whom. ``in_force``: both have agreed, and nobody has ended it."""

    id = fields.UUID(required=True)
    anchor_id = fields.UUID(required=True)
    hosted_id = fields.UUID(required=True)
    other = fields.Nested(OrganisationOut, required=True)
    checks = fields.List(fields.String(), required=True)
    limits = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    in_force = fields.Boolean(required=True)
    waits_for_us = fields.Boolean(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True)
    version = fields.Integer(required=True)


class HostingsOut(marshmallow.Schema):
    """Those of an organisation that have not ended."""

    items = fields.List(fields.Nested(HostingOut), required=True)


class ApplicationOut(ApplicationItemOut):
    """An application whole. ``questions``: keys of checks still to be answered (``about`` first).

    ``renewals``: what may be answered again now. ``allowed_actions``: decisions that fit.
    """

    conditions = fields.String(required=True)
    waived = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    scheme_number = fields.Integer(required=True)
    about = fields.Nested(AboutOut, required=True)
    questions = fields.List(fields.String(), required=True)
    renewals = fields.List(fields.String(), required=True)
    checklist = fields.List(fields.Nested(ChecklistLineOut), required=True)
    held_by = fields.Nested(OrganisationOut, required=True, allow_none=True)
    decisions = fields.List(fields.Nested(DecisionOut), required=True)
    allowed_actions = fields.List(fields.String(), required=True)


class VettingChangeOut(marshmallow.Schema):
    """A line of the history: the fields of the subject that changed, as they became."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    subject_kind = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    what = fields.String(required=True)
    after = fields.Dict(required=True)
    actor_kind = fields.String(required=True)
    by = fields.String(required=True, allow_none=True)
    role = fields.String(required=True)


class OverviewOut(marshmallow.Schema):
    """How many organisations of a locality stand where, by tier. No names."""

    locality_id = fields.UUID(required=True)
    as_at = fields.Date(required=True)
    tiers = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
    )
    definitions = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
