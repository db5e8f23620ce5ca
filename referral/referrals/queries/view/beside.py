"""What stands beside a referral's course: days set, what was made of it, how each was told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import aliased

from referral.accounts.models import Organisation, User
from referral.core.database import session
from referral.directory.models import Service
from referral.outbox.models import OutboxMessage
from referral.referrals import introducing, lifecycle
from referral.referrals.disclosure import Level
from referral.referrals.models import Appointment, PersonNotice, Referral
from referral.referrals.queries.view.reading import Reader

Onward = aliased(Referral, name="onward")
With, Tells = (aliased(Organisation, name=n) for n in ("comes_along", "tells"))
Teller = aliased(User, name="teller")


class Beside(Reader):
    """Everything a referral's own page shows beside its course, in one statement."""

    def beside(self) -> dict[str, list[dict[str, Any]]]:
        """``{onward, appointments, notices, deliveries}``, each oldest first.

        Days for who set them and for who comes along. How the person and the others were told for
        the sender's side and the link workers, never for a group.
        """
        own, voice = self.referral.id, self.actor.voice
        parts = [
            select(Appointment.id.label("id")).where(
                Appointment.referral_id == own,
                or_(Appointment.organisation_id == voice, Appointment.joint_with_id == voice),
            )
        ]
        if self.row.recipient_kind == "link_worker_team":
            parts.append(select(Referral.id).where(Referral.based_on_id == own))
        if not self.provider:
            parts.append(select(PersonNotice.id).where(PersonNotice.referral_id == own))
            parts.append(select(OutboxMessage.id).where(OutboxMessage.subject_id == own))
        part = union_all(*parts).subquery("beside")
        found: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("onward", "appointments", "notices", "deliveries")
        }
        for row in session().execute(
            select(
                Appointment,
                Onward,
                PersonNotice,
                OutboxMessage,
                Service.name.label("service"),
                With.name.label("organisation"),
                User.name.label("by"),
                Tells.name.label("teller_team"),
                Teller.name.label("teller"),
            )
            .select_from(part)
            .outerjoin(Appointment, Appointment.id == part.c.id)
            .outerjoin(Onward, Onward.id == part.c.id)
            .outerjoin(PersonNotice, PersonNotice.id == part.c.id)
            .outerjoin(OutboxMessage, OutboxMessage.id == part.c.id)
            .outerjoin(
                Service, Service.id == func.coalesce(Appointment.service_id, Onward.service_id)
            )
            .outerjoin(
                With,
                With.id
                == func.coalesce(
                    Appointment.joint_with_id, Onward.recipient_id, OutboxMessage.organisation_id
                ),
            )
            .outerjoin(User, User.id == Appointment.user_id)
            .outerjoin(Tells, Tells.id == PersonNotice.owner_id)
            .outerjoin(Teller, Teller.id == PersonNotice.owner_user_id)
            .order_by(part.c.id)
        ):
            if row.Appointment is not None:
                if self.seen != Level.NONE:
                    found["appointments"].append(self._appointment(row))
            elif row.onward is not None:
                found["onward"].append(self._onward(row))
            elif row.PersonNotice is not None:
                found["notices"].append(_notice(row))
            elif row.OutboxMessage is not None:
                found["deliveries"].append(_delivery(row))
        return found

    def _appointment(self, row: Any) -> dict[str, Any]:
        one: Appointment = row.Appointment
        readable = self.clinical and self.seen == Level.IDENTIFIED
        said = self.opened(one.said_sealed, f"appointment:{one.id}") if readable else {}
        return {
            "id": one.id,
            "kind": one.kind,
            "place": one.place,
            "at": one.at,
            "minutes": one.minutes,
            "state": one.state,
            "holds": introducing.holds(one.kind, self.referral.status),
            "version": one.version,
            "service": row.service if one.service_id else None,
            "with": row.organisation if one.joint_with_id else None,
            "by": row.by,
            "where": said.get("where"),
            "note": said.get("note"),
            "mine": one.organisation_id == self.actor.voice,
        }

    def _onward(self, row: Any) -> dict[str, Any]:
        one: Referral = row.onward
        own = self.actor.organisation
        known = own in (one.sender_id, one.practice_id, one.recipient_id)
        return {
            "id": one.id,
            "reference": one.reference,
            "status": one.status,
            "status_label": lifecycle.STATUSES[one.status].label,
            "to": (row.service or row.organisation) if known else None,
        }


def _notice(row: Any) -> dict[str, Any]:
    one: PersonNotice = row.PersonNotice
    return {
        "id": one.id,
        "event": one.event,
        "channel": one.channel,
        "state": one.state,
        "due_on": one.due_on,
        "at": one.done_at or one.made_at,
        "how": one.how,
        "owner": {"organisation": row.teller_team, "user": row.teller},
    }


def _delivery(row: Any) -> dict[str, Any]:
    one: OutboxMessage = row.OutboxMessage
    lost, sent = one.failed_at, one.sent_at
    return {
        "kind": one.kind,
        "reader": one.reader,
        "organisation": row.organisation,
        "channel": one.channel,
        "state": "lost" if lost else "sent" if sent else "waiting",
        "at": lost or sent or one.created_at,
    }
