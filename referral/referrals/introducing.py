"""When a link worker may bring somebody to a group; pure."""

from __future__ import annotations

# The team has taken the person on.
WORKING = frozenset({"accepted", "contacting", "started"})
# The group has not met them yet: it was asked, or has said yes.
TOGETHER_IN = frozenset({"sent", "question_asked", "waiting_list", "accepted", "contacting"})
