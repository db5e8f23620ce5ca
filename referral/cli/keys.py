"""``referral keys``: the installation's wrapping key."""

from __future__ import annotations

import time
from typing import Any

import click

from referral.cli import boot

BATCH = 500


@click.group()
def keys() -> None:
    """Rotate the installation's key."""


@keys.command()
@click.option(
    "--resume", is_flag=True, help="Go on where a rotation was stopped: make no further key."
)
@click.option(
    "--grace",
    default=90,
    show_default=True,
    type=click.IntRange(0, 3600),
    help="Seconds to wait for requests that began under the old key, before it is forgotten.",
)
def rotate(resume: bool, grace: int) -> None:
    """Make a new wrapping key, wrap everything with it, then forget the old one.

    May be stopped at any moment and run again with --resume. Site and worker may go on running:
    they read the key file again when it changes.
    """
    from referral.core import encryption  # noqa: PLC0415 - keeps other commands quick

    with boot.opened() as settings:
        ring = encryption.keyring()
        if resume and len(ring.wrapping) > 1:
            click.echo("Going on with the newest key")
        else:
            ring.rotate(settings.key_file)
            click.echo("Made a new key")
        while True:
            done = _rewrap_all(ring)
            click.echo(f"Wrapped {done} anew")
            if not done:
                break
            if grace:
                click.echo(f"Waiting {grace} seconds for what began under the old key …")
                time.sleep(grace)
        click.echo(f"Forgot {ring.forget_old(settings.key_file)} old")


def _places() -> list[tuple[Any, Any, Any]]:
    """(table, its key, the column that begins with a wrapped key): all there are."""
    from referral.accounts.models import AnswerContact, StatusAsk, User  # noqa: PLC0415 - as above
    from referral.caseload.models import SupervisionNote  # noqa: PLC0415 - as above
    from referral.directory.models import Claim, Correction  # noqa: PLC0415 - as above
    from referral.outbox.models import BundleItem, OutboxMessage  # noqa: PLC0415 - as above
    from referral.people.models import PersonKey  # noqa: PLC0415 - as above
    from referral.referrals.models import Enquiry, SelfReferral  # noqa: PLC0415 - as above
    from referral.vetting.models import Evidence  # noqa: PLC0415 - as above
    from referral.web.models import IdempotencyRecord  # noqa: PLC0415 - as above

    return [
        (PersonKey, PersonKey.person_id, PersonKey.wrapped),
        (AnswerContact, AnswerContact.id, AnswerContact.details_sealed),
        (User, User.id, User.mobile_sealed),
        (StatusAsk, StatusAsk.id, StatusAsk.typed_sealed),
        (Enquiry, Enquiry.id, Enquiry.text_sealed),
        (SelfReferral, SelfReferral.id, SelfReferral.said_sealed),
        (SupervisionNote, SupervisionNote.id, SupervisionNote.text_sealed),
        (OutboxMessage, OutboxMessage.id, OutboxMessage.secret_sealed),
        (BundleItem, BundleItem.id, BundleItem.secret_sealed),
        (IdempotencyRecord, IdempotencyRecord.id, IdempotencyRecord.body),
        (Correction, Correction.id, Correction.text_sealed),
        (Correction, Correction.id, Correction.reply_to_sealed),
        (Claim, Claim.id, Claim.said_sealed),
        (Evidence, Evidence.id, Evidence.stated_sealed),
        (Evidence, Evidence.id, Evidence.told_by_sealed),
    ]


def _rewrap_all(ring: Any) -> int:
    total = 0
    for table, key, column in _places():
        last, done = None, 0
        while True:
            last, count = _rewrap_batch(ring, key, column, last)
            done += count
            if last is None:
                break
            click.echo(f"  {table.__tablename__}: {done} …")
        total += done
    return total


def _rewrap_batch(ring: Any, key: Any, column: Any, last: Any) -> tuple[Any, int]:
    """One batch in one transaction: the last key seen (None at the end) and how many changed."""
    from sqlalchemy import select, update  # noqa: PLC0415 - as above

    from referral.core import encryption  # noqa: PLC0415 - as above
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import transaction  # noqa: PLC0415 - as above

    with transaction(SYSTEM) as session:
        chosen = select(key, column).where(column.is_not(None)).order_by(key).limit(BATCH)
        if last is not None:
            chosen = chosen.where(key > last)
        rows = session.execute(chosen.with_for_update()).all()
        old = [(id_, wrapped) for id_, wrapped in rows if not ring.is_newest(wrapped)]
        for id_, wrapped in old:
            session.execute(
                update(key.class_).where(key == id_).values({column: encryption.rewrap(wrapped)})
            )
    return (rows[-1][0] if len(rows) == BATCH else None), len(old)
