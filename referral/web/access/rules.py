"""The two rules that are no permission's key."""

from __future__ import annotations

PUBLIC = "public"
SIGNED_IN = "signed_in"
