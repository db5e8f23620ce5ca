"""A referral as it is answered: what ``queries.view`` and ``queries.listing`` make, as JSON."""

from __future__ import annotations

from marshmallow import Schema, fields

from referral.people.schemas import HealthNumberOut


class Named(Schema):
    id = fields.UUID()
    name = fields.String()


class Owner(Schema):
    organisation = fields.Nested(Named)
    user = fields.Nested(Named, allow_none=True)


class NextStep(Schema):
    key = fields.String()
    text = fields.String()


class PersonShown(Schema):
    """The person at the viewer's level of disclosure: what may not be seen is not there."""

    id = fields.UUID()
    name = fields.String()
    title = fields.String()
    given_name = fields.String()
    family_name = fields.String()
    date_of_birth = fields.Date(allow_none=True)
    health_number = fields.Nested(HealthNumberOut, allow_none=True)
    address = fields.String()
    postcode = fields.String()
    phone = fields.String()
    email = fields.String()
    safe_to_leave_message = fields.Boolean()
    contact_notes = fields.String()
    area = fields.String()
    sex = fields.String()
    age_band = fields.Integer(allow_none=True)
    language = fields.String()
    interpreter = fields.Boolean()
    reach_by = fields.List(fields.String())
    access_needs = fields.List(fields.String())


class RiskShown(Schema):
    known = fields.Boolean(allow_none=True)
    text = fields.String(allow_none=True)


class ConsentShown(Schema):
    refer = fields.Boolean()
    feedback = fields.String()
    evaluation = fields.Boolean()
    told = fields.Boolean()
    authority = fields.String()


class ResultShown(Schema):
    """The outcome by one word: ``told_by`` person, provider, or both where they agree."""

    outcome = fields.String()
    told_by = fields.String()
    reason = fields.String()


class Outcome(Schema):
    """``results``: by each word, the person's first; ``told_apart``: they say different things."""

    overall = fields.String(allow_none=True)
    told_by = fields.String(allow_none=True)
    actions_for_practice = fields.List(fields.String())
    summary = fields.String(allow_none=True)
    end_reason = fields.String(allow_none=True)
    # The person reads first; the practice has the words from that day.
    goes_on = fields.Date(allow_none=True)
    results = fields.List(fields.Nested(ResultShown))
    told_apart = fields.Boolean()


class ActorShown(Schema):
    kind = fields.String()
    name = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)


class Change(Schema):
    number = fields.Integer()
    verb = fields.String()
    from_ = fields.String(attribute="from", data_key="from", allow_none=True)
    to = fields.String()
    actor = fields.Nested(ActorShown)
    at = fields.AwareDateTime()
    reason = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    suggestion = fields.String(allow_none=True)
    undone = fields.Boolean()
    # Who said it there, of what was written down for a group; and which group.
    told_by = fields.String(allow_none=True)
    on_behalf = fields.String(allow_none=True)


class ThreadShown(Schema):
    id = fields.UUID()
    kind = fields.String()
    text = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    raised_by = fields.Nested(Named)
    by = fields.String(allow_none=True)
    raised_at = fields.AwareDateTime()
    owner = fields.Nested(Named)
    named = fields.String(allow_none=True)
    due_on = fields.Date()
    answered_at = fields.AwareDateTime(allow_none=True)
    answered_by = fields.String(allow_none=True)
    mine = fields.Boolean()


class ContactShown(Schema):
    at = fields.AwareDateTime()
    channel = fields.String()
    result = fields.String()
    reason = fields.String(allow_none=True)
    fair = fields.Boolean()
    note = fields.String(allow_none=True)
    by = fields.String(allow_none=True)


class Link(Schema):
    id = fields.UUID()
    reference = fields.String()
    status = fields.String()


class Flags(Schema):
    deceased_on = fields.Date(allow_none=True)
    do_not_contact = fields.String(allow_none=True)


class ReferralOut(Schema):
    """The whole referral, as the viewer may see it."""

    id = fields.UUID()
    reference = fields.String()
    status = fields.String()
    from_ = fields.Nested(Named, attribute="from", data_key="from")
    to = fields.Nested(Named, allow_none=True)
    practice = fields.Nested(Named, allow_none=True)
    service = fields.Nested(Named, allow_none=True)
    triage = fields.Boolean()
    person = fields.Nested(PersonShown)
    needs = fields.List(fields.String())
    reason = fields.String(allow_none=True)
    risk = fields.Nested(RiskShown)
    urgency = fields.String()
    consent = fields.Nested(ConsentShown)
    if_not = fields.String()
    owner = fields.Nested(Owner, allow_none=True)
    next_step = fields.Nested(NextStep, allow_none=True)
    due_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()
    holds = fields.String()
    allowed_actions = fields.List(fields.String())
    expected_on = fields.Date(allow_none=True)
    outcome = fields.Nested(Outcome, allow_none=True)
    decline_reason = fields.String(allow_none=True)
    based_on = fields.UUID(allow_none=True)
    replaced_by = fields.UUID(allow_none=True)
    onward = fields.List(fields.Nested(Link))
    threads = fields.List(fields.Nested(ThreadShown))
    contacts = fields.List(fields.Nested(ContactShown))
    flags = fields.Nested(Flags)
    version = fields.Integer()
    created_at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True)
    history = fields.List(fields.Nested(Change))


class ReferralRow(Schema):
    """One line of a list."""

    id = fields.UUID()
    reference = fields.String()
    status = fields.String()
    person = fields.String()
    from_ = fields.Nested(Named, attribute="from", data_key="from")
    to = fields.Nested(Named, allow_none=True)
    service = fields.Nested(Named, allow_none=True)
    owner = fields.Nested(Owner, allow_none=True)
    next_step = fields.Nested(NextStep, allow_none=True)
    due_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()
    urgency = fields.String()
    needs = fields.List(fields.String())
    sent_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()
