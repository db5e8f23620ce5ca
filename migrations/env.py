"""Alembic's environment: a connection is handed in by ``referral.core.migrate``."""

from importlib import import_module

from alembic import context

from referral.core.database import Base
from referral.core.migrate import is_ours

MODELS = (
    "core.audit",
    "core.tally",
    "web.models",
    "outbox.models",
    "files.models",
    "places.models",
    "accounts.models",
    "directory.models",
    "people.models",
    "referrals.models",
    "partnership.models",
    "vetting.models",
    "caseload.models",
    "outcomes.models",
)
for name in MODELS:
    import_module(f"referral.{name}")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
