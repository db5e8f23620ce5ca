"""Telling the person of each step: by a channel that works, or by somebody, until a day."""

from referral.referrals.services.person_notices.keeping import (
    could_not_tell,
    mark_posted,
    mark_printed,
    told,
)
from referral.referrals.services.person_notices.making import (
    after,
    appointed,
    called_off,
    cancelled,
    drop,
    hold,
    ways_changed,
)
from referral.referrals.services.person_notices.releasing import again, lost, release, said
from referral.referrals.services.person_notices.watching import look_at, settle

__all__ = [
    "after",
    "again",
    "appointed",
    "called_off",
    "cancelled",
    "could_not_tell",
    "drop",
    "hold",
    "look_at",
    "lost",
    "mark_posted",
    "mark_printed",
    "release",
    "said",
    "settle",
    "told",
    "ways_changed",
]
