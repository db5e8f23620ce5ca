"""Making what search looks through, from the entries as they are now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from referral.core.actor import Actor


def reindex(actor: Actor, service_ids: Sequence[uuid.UUID]) -> None:
    """Make the search rows of these services anew; every write to an entry ends with it."""
