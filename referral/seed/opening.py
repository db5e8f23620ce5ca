"""What a start of the demo asks before it serves; quick, because every start asks."""

from __future__ import annotations

from sqlalchemy import select, update

from referral.accounts import passwords
from referral.accounts.models import Organisation, User
from referral.core.database import session

DEMO_ADDRESS = "demo.example"


def is_empty() -> bool:
    """True when no organisation is there."""
    return session().scalar(select(Organisation.id).limit(1)) is None


def set_password(password: str) -> None:
    """Make ``password`` open every demo account; nothing happens when it does already."""
    one = session().scalar(
        select(User).where(User.email.endswith(DEMO_ADDRESS)).order_by(User.email).limit(1)
    )
    if one is not None and not passwords.fits(one.password_hash, password):
        session().execute(
            update(User)
            .where(User.email.endswith(DEMO_ADDRESS))
            .values(password_hash=passwords.hashed(password))
        )
