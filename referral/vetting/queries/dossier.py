"""Everything about an organisation's checks in a locality, in five statements at most."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import Locality, Organisation
from referral.accounts.permissions import Permission, may
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory.models import ProposedChange, Service
from referral.vetting import passport, proportion
from referral.vetting.checks import TIERS, Check, Tier
from referral.vetting.judging import CANNOT_VOUCH
from referral.vetting.models import (
    Application,
    Evidence,
    Hosting,
    VettedOrganisation,
    VettedService,
)
from referral.vetting.passport import Given, Item, Standing
from referral.vetting.proportion import Does
from referral.vetting.queries.scheme import scheme_of
from referral.vetting.scheme import Scheme

# Nobody offers these any more.
ENDED = ("inactive", "defunct")
# What a dossier holds of the answers; replaced and taken back ones are history.
READ = ("accepted", "given", "asked", "rejected")
STILL_GOOD = ("current", "expiring", "waived")


@dataclass(frozen=True)
class Answer:
    """An answer, and the anchor whose own it is when it is held for a group."""

    evidence: Evidence
    held_by: Organisation | None = None

    @property
    def given(self) -> Given:
        one = self.evidence
        return Given(
            one.check_key,
            one.issued_on,
            one.expires_on,
            cover=one.cover,
            cover_by=one.cover_by,
            not_applicable=one.kind == "not_applicable",
        )


@dataclass(frozen=True)
class Offer:
    """A service and what it does; ``vetted`` is None until somebody said or wrote something.

    ``waits``: what its people want to change in the entry waits for a link worker.
    """

    service: Service
    does: Does
    vetted: VettedService | None
    waits: bool = False


@dataclass(frozen=True)
class Line:
    """One check of an organisation, where it is worst; with what counts and what is open."""

    item: Item
    answer: Answer | None
    open: Evidence | None


@dataclass(frozen=True)
class Dossier:
    """An organisation in a locality. ``being`` None = not said yet.

    ``accepted`` and ``open`` are its own answers by check; ``held`` its anchor's accepted ones,
    of the checks it holds, while both have agreed. ``rejected``: its last answer to a check, where
    that was not accepted and nothing has been given since.
    """

    organisation: Organisation
    locality: Locality
    application: Application | None
    scheme: Scheme
    about: VettedOrganisation | None
    services: tuple[Offer, ...]
    hosting: Hosting | None
    accepted: dict[str, Answer] = field(default_factory=dict)
    open: dict[str, Evidence] = field(default_factory=dict)
    held: dict[str, Answer] = field(default_factory=dict)
    rejected: dict[str, Evidence] = field(default_factory=dict)

    @property
    def being(self) -> frozenset[str]:
        return frozenset((self.about.facts if self.about else None) or ())

    @property
    def said_about(self) -> bool:
        """Has the one question about the organisation and its services been answered?"""
        said = self.about is not None and self.about.facts is not None
        return said and all(
            one.vetted is not None and one.vetted.facts is not None
            for one in self.services
            if one.does.tier != "S"
        )

    @property
    def tier(self) -> Tier:
        return proportion.highest(one.does.tier for one in self.services)

    def wanted(self, offer: Offer) -> tuple[Check, ...]:
        """The checks that one service needs here."""
        return proportion.wanted(self.scheme.checks, offer.does, self.being, self.locality.nation)

    def answer(self, check: Check) -> Answer | None:
        """The answer that counts: its own, or the anchor's."""
        held = self.held.get(check.key) if check.anchor_may_hold else None
        return self.accepted.get(check.key) or held

    def given(self, offer: Offer) -> dict[str, Given]:
        """What counts for one service, the directory's own two checks included."""
        found = {
            check.key: answer.given
            for check in self.wanted(offer)
            if (answer := self.answer(check)) is not None
        }
        entry = offer.service
        if entry.checked_on is not None:
            found["listing_accuracy"] = Given("listing_accuracy", entry.checked_on)
            if entry.accessibility or entry.access_mask:
                found["accessibility"] = Given("accessibility", entry.checked_on)
        return found

    @property
    def approved_tier(self) -> Tier | None:
        """What an approval that counts covers."""
        return _tier(self.application.approved_tier) if self.application else None

    def standing(self, offer: Offer, day: date) -> Standing:
        """The passport of one service on ``day``.

        One of which nobody has said what it does takes nobody: a new one may need more checks.
        """
        made = self.application
        found = passport.standing(
            self.wanted(offer),
            self.given(offer),
            day,
            does=offer.does,
            decision=made.status if made else "",
            approved=self.approved_tier,
            waived={key: date.fromisoformat(on) for key, on in made.waived.items()} if made else {},
        )
        if offer.vetted is not None and offer.vetted.facts is not None:
            return found
        return replace(found, accepts=False, state="missing") if found.accepts else found

    def checklist(self, day: date) -> tuple[Line, ...]:
        """Each check that any service needs, in the order of the register, where it is worst."""
        worst: dict[str, Item] = {}
        for offer in self.services:
            for item in self.standing(offer, day).items:
                before = worst.get(item.check.key)
                if before is None or passport.is_worse(item, before):
                    worst[item.check.key] = item
        return tuple(
            Line(worst[check.key], self.answer(worst[check.key].check), self.open.get(check.key))
            for check in self.scheme.checks
            if check.key in worst
        )

    def questions(self, day: date) -> tuple[str, ...]:
        """What the organisation is still asked; an answer that waits for a reviewer is one."""
        lines = self.checklist(day)
        answered = {
            line.item.check.key: line.open is not None
            or line.item.state in STILL_GOOD
            or (line.item.check.kind == "directory" and self._is_proposed(line.item.check, day))
            for line in lines
        }
        return proportion.questions(
            (line.item.check for line in lines),
            self.tier,
            held=self.held,
            answered=answered | {proportion.ABOUT: self.said_about},
        )

    def renewals(self, day: date) -> tuple[str, ...]:
        """What it may answer again now: what ends soon, ran out or waits, and nothing else."""
        lines = {line.item.check.key: line for line in self.checklist(day)}
        due = passport.to_renew(line.item for line in lines.values())
        return tuple(
            key
            for key in due
            if lines[key].open is None
            and key not in self.held
            and not (
                lines[key].item.check.kind == "directory"
                and self._is_proposed(lines[key].item.check, day)
            )
        )

    def _is_proposed(self, check: Check, day: date) -> bool:
        """Of what the entry answers: is all that is short proposed, and waits for a look?"""
        return all(
            one.waits
            for one in self.services
            for item in self.standing(one, day).items
            if item.check.key == check.key and item.state != "current"
        )


def _tier(said: str | None) -> Tier | None:
    return next((tier for tier in TIERS if tier == said), None)


def dossier(
    actor: Actor, organisation_id: uuid.UUID, locality_id: uuid.UUID, *, to_change: bool = False
) -> Dossier:
    """An organisation's checks in a locality; ``to_change`` locks the application first.

    ``NotFound`` out of scope: it is for the organisation's own people and, with
    ``Permission.REVIEW_CHECKS``, for those of the locality.
    """
    own = actor.organisation == organisation_id and may(actor, Permission.GIVE_EVIDENCE)
    near = actor.locality == locality_id and may(actor, Permission.REVIEW_CHECKS)
    if not (own or near or actor.kind == "system"):
        raise NotFound
    made = dossier_unscoped(organisation_id, locality_id, to_change=to_change)
    if not own and actor.kind != "system" and not _is_here(made):
        raise NotFound
    return made


def _is_here(made: Dossier) -> bool:
    """Does it belong to the locality, offer something there, or want to?"""
    at_home = made.organisation.locality_id == made.locality.id
    return at_home or bool(made.services) or made.application is not None


def dossier_unscoped(
    organisation_id: uuid.UUID,
    locality_id: uuid.UUID,
    *,
    to_change: bool = False,
    scheme: Scheme | None = None,
) -> Dossier:
    """The same for whoever has asked for scope already, and for the clock.

    ``scheme``: what the locality asks, where the caller has read it.
    """
    if to_change:
        session().execute(
            select(Application)
            .where(
                Application.organisation_id == organisation_id,
                Application.locality_id == locality_id,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    anchor, anchors_own = aliased(Organisation), aliased(Application)
    row = (
        session()
        .execute(
            select(
                Organisation,
                Locality,
                Application,
                VettedOrganisation,
                Hosting,
                anchor,
                anchors_own.status,
            )
            .select_from(Organisation)
            .join(Locality, Locality.id == locality_id)
            .outerjoin(
                Application,
                and_(
                    Application.organisation_id == Organisation.id,
                    Application.locality_id == locality_id,
                ),
            )
            .outerjoin(VettedOrganisation, VettedOrganisation.organisation_id == Organisation.id)
            .outerjoin(
                Hosting, and_(Hosting.hosted_id == Organisation.id, Hosting.ended_at.is_(None))
            )
            .outerjoin(anchor, anchor.id == Hosting.anchor_id)
            .outerjoin(
                anchors_own,
                and_(
                    anchors_own.organisation_id == Hosting.anchor_id,
                    anchors_own.locality_id == locality_id,
                ),
            )
            .where(Organisation.id == organisation_id, Organisation.kind == "provider")
        )
        .first()
    )
    if row is None:
        raise NotFound
    organisation, locality, application, about, hosting, host, host_is = row
    made = Dossier(
        organisation=organisation,
        locality=locality,
        application=application,
        scheme=scheme or scheme_of(locality_id),
        about=about,
        services=_offers(organisation, locality_id),
        hosting=hosting,
    )
    _put_answers(made, hosting, host, host_is)
    return made


def _offers(organisation: Organisation, locality_id: uuid.UUID) -> tuple[Offer, ...]:
    here = Service.locality_id == locality_id
    if organisation.locality_id == locality_id:
        here = or_(here, Service.locality_id.is_(None))
    waits = (
        select(ProposedChange.id)
        .where(ProposedChange.service_id == Service.id, ProposedChange.status == "waiting")
        .exists()
    )
    rows = session().execute(
        select(Service, VettedService, waits)
        .outerjoin(VettedService, VettedService.service_id == Service.id)
        .where(Service.organisation_id == organisation.id, here, Service.status.not_in(ENDED))
        .order_by(Service.name, Service.id)
    )
    return tuple(
        Offer(entry, does(entry, vetted), vetted, proposed) for entry, vetted, proposed in rows
    )


def does(entry: Service, vetted: VettedService | None) -> Does:
    """What a service does, from its entry and what was ticked of it."""
    return proportion.does_of(
        entry.route,
        home_visits=entry.home_visits,
        maximum_age=entry.maximum_age,
        way=vetted.way if vetted else "",
        facts=(vetted.facts if vetted else None) or (),
    )


def vouches(hosting: Hosting | None, anchor_is: str | None) -> bool:
    """Do the anchor's answers count for the group, whose own application here ``anchor_is``?"""
    agreed = hosting is not None and hosting.anchor_agreed_at and hosting.hosted_agreed_at
    return bool(agreed) and anchor_is not in CANNOT_VOUCH


def _put_answers(
    made: Dossier, hosting: Hosting | None, anchor: Organisation | None, anchor_is: str | None
) -> None:
    whose = [made.organisation.id]
    if hosting is not None and vouches(hosting, anchor_is):
        whose.append(hosting.anchor_id)
    rows = session().scalars(
        select(Evidence)
        .where(Evidence.organisation_id.in_(whose), Evidence.state.in_(READ))
        .order_by(Evidence.submitted_at)
    )
    for one in rows:
        own = one.organisation_id == made.organisation.id
        if own:
            made.rejected.pop(one.check_key, None)
        if own and one.state == "accepted":
            made.accepted[one.check_key] = Answer(one)
        elif own and one.state == "rejected":
            made.rejected[one.check_key] = one
        elif own:
            made.open[one.check_key] = one
        elif one.state == "accepted" and hosting is not None and one.check_key in hosting.checks:
            made.held[one.check_key] = Answer(one, anchor)
