"""The search engine: one interface, and what SQLite and PostgreSQL say differently behind it."""

from referral.directory.queries.searching.finding import Hit, Window, find, nearest
from referral.directory.queries.searching.scope import in_scope, needs_of
from referral.directory.queries.searching.vocabulary import forget, synonyms

__all__ = [
    "Hit",
    "Window",
    "find",
    "forget",
    "in_scope",
    "nearest",
    "needs_of",
    "synonyms",
]
