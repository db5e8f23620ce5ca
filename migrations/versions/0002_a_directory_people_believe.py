"""A directory people believe"""

import re
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


AT = sa.table(
    "service_at_location",
    sa.column("id", sa.Uuid()),
    sa.column("service_id", sa.Uuid()),
    sa.column("location_id", sa.Uuid()),
)


def _give_ids() -> None:
    """Rows that were there before get an id of their own."""
    connection = op.get_bind()
    for service_id, location_id in connection.execute(
        sa.select(AT.c.service_id, AT.c.location_id)
    ).all():
        connection.execute(
            AT.update()
            .where(AT.c.service_id == service_id, AT.c.location_id == location_id)
            .values(id=uuid.uuid4())
        )


PLACE_NAMES = ("region", "town_folded", "region_folded")
CODES = sa.table(
    "outward_code",
    sa.column("code", sa.String()),
    sa.column("town", sa.String()),
    sa.column("town_folded", sa.String()),
)


def _fold_towns() -> None:
    """Towns that were there before are found by name too."""
    connection = op.get_bind()
    for code, town in connection.execute(
        sa.select(CODES.c.code, CODES.c.town).where(CODES.c.town != "")
    ).all():
        folded = " ".join(re.findall("[a-z0-9]+", town.lower().replace("'", "")))
        connection.execute(CODES.update().where(CODES.c.code == code).values(town_folded=folded))


def _start_the_clock() -> None:
    """What was confirmed before is looked at once, and from then on when its clock says so."""
    op.execute("UPDATE service SET look_on = checked_on WHERE checked_on IS NOT NULL")
    op.execute("UPDATE service SET capacity_on = checked_on WHERE capacity <> 'unknown'")
    op.execute(
        "UPDATE service SET look_on = '2026-01-01' WHERE checked_on IS NULL AND capacity <> 'unknown'"
    )


def upgrade() -> None:
    op.create_table(
        "entry_change",
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_change")),
    )
    with op.batch_alter_table("entry_change", schema=None) as batch_op:
        batch_op.create_index("ix_entry_change_subject_id", ["subject_id", "id"], unique=False)

    op.create_table(
        "gazetteer_load",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("terminated", sa.Integer(), nullable=False),
        sa.Column("pseudo", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_gazetteer_load")),
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "synonym",
        sa.Column("word", sa.String(length=100), nullable=False),
        sa.Column("means", sa.String(length=400), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
        sa.UniqueConstraint("word", name=op.f("uq_synonym_word")),
    )
    op.create_table(
        "taxonomy",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("uri", sa.String(length=400), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy")),
    )
    op.create_table(
        "unit_postcode",
        sa.Column("code", sa.String(length=7), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit_postcode")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("next_page", sa.Integer(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_feed_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("url", name=op.f("uq_feed_url")),
    )
    op.create_table(
        "search_miss",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("need", sa.String(length=100), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_search_miss_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_miss")),
    )
    with op.batch_alter_table("search_miss", schema=None) as batch_op:
        batch_op.create_index("ix_search_miss_locality_id", ["locality_id", "id"], unique=False)

    op.create_table(
        "taxonomy_term",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("taxonomy", sa.String(length=200), nullable=False),
        sa.Column("taxonomy_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("term_uri", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["taxonomy_term.id"], name=op.f("fk_taxonomy_term_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["taxonomy_id"], ["taxonomy.id"], name=op.f("fk_taxonomy_term_taxonomy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy_term")),
    )
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taxonomy_term_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_taxonomy_term_taxonomy_id"), ["taxonomy_id"], unique=False
        )

    op.create_table(
        "acquaintance",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("people", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_acquaintance_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["organisation.id"], name=op.f("fk_acquaintance_other_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "other_id", name=op.f("pk_acquaintance")),
    )
    with op.batch_alter_table("acquaintance", schema=None) as batch_op:
        batch_op.create_index("ix_acquaintance_other_id", ["other_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_claim_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_claim_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_claim_status", ["status", "id"], unique=False)

    op.create_table(
        "introduction",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("where", sa.String(length=200), nullable=False),
        sa.Column("people", sa.String(length=400), nullable=False),
        sa.Column("other_people", sa.String(length=400), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_introduction_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["organisation.id"], name=op.f("fk_introduction_other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_index(
            "ix_introduction_organisation_id_status", ["organisation_id", "status"], unique=False
        )
        batch_op.create_index(
            "ix_introduction_other_id_status", ["other_id", "status"], unique=False
        )

    op.create_table(
        "organisation_entry",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("logo", sa.String(length=400), nullable=False),
        sa.Column("uri", sa.String(length=400), nullable=False),
        sa.Column("parent_organization_id", sa.Uuid(), nullable=True),
        sa.Column("trusted_on", sa.Date(), nullable=True),
        sa.Column("trusted_by", sa.Uuid(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_entry_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_entry")),
    )
    op.create_table(
        "confirm_link",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_confirm_link_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_confirm_link_service_id")
        ),
        sa.PrimaryKeyConstraint("digest", "service_id", name=op.f("pk_confirm_link")),
    )
    with op.batch_alter_table("confirm_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_confirm_link_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_confirm_link_service_id"), ["service_id"], unique=False
        )

    op.create_table(
        "correction",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=30), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reply_to_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_correction_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_correction_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_service_id"), ["service_id"], unique=False)
        batch_op.create_index("ix_correction_status", ["status", "id"], unique=False)

    op.create_table(
        "feed_conflict",
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("ours", sa.JSON(), nullable=False),
        sa.Column("theirs", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_feed_conflict_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_feed_conflict_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_conflict")),
    )
    with op.batch_alter_table("feed_conflict", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feed_conflict_service_id"), ["service_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feed_conflict_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_feed_conflict_status", ["status", "id"], unique=False)

    op.create_table(
        "profile",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("can_do", sa.Text(), nullable=False),
        sa.Column("beyond_role", sa.Text(), nullable=False),
        sa.Column("ring_hours", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("photo", sa.String(length=80), nullable=False),
        sa.Column("photo_consent_on", sa.Date(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_profile_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_profile_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
    )
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_profile_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_profile_user_id"), ["user_id"], unique=False)

    op.create_table(
        "proposed_change",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_proposed_change_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_proposed_change_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_proposed_change_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_change")),
    )
    with op.batch_alter_table("proposed_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposed_change_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_proposed_change_service_id"), ["service_id"], unique=False
        )
        batch_op.create_index("ix_proposed_change_status", ["status", "id"], unique=False)

    op.create_table(
        "search_entry",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("name_words", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("placed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_search_entry_service_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("service_id", name=op.f("uq_search_entry_service_id")),
    )
    op.create_table(
        "search_spot",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_search_spot_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_search_spot_service_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_spot")),
    )
    with op.batch_alter_table("search_spot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_spot_location_id"), ["location_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_search_spot_service_id"), ["service_id"], unique=False)

    op.create_table(
        "signpost",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signpost_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_signpost_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
    )
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signpost_organisation_id", ["organisation_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_signpost_service_id"), ["service_id"], unique=False)
        batch_op.create_index("ix_signpost_user_id_at", ["user_id", "at"], unique=False)

    op.create_table(
        "profile_service",
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profile.id"], name=op.f("fk_profile_service_profile_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_profile_service_service_id")
        ),
        sa.PrimaryKeyConstraint("profile_id", "service_id", name=op.f("pk_profile_service")),
    )
    with op.batch_alter_table("profile_service", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_profile_service_service_id"), ["service_id"], unique=False
        )

    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feed_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("conflicts", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("set_aside", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_index(batch_op.f("ix_import_run_feed_id"), ["feed_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_import_run_feed_id"), "feed", ["feed_id"], ["id"]
        )

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("assurer_email", sa.String(length=254), nullable=False, server_default="")
        )

    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "location_type", sa.String(length=10), nullable=False, server_default="physical"
            )
        )
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "external_identifier", sa.String(length=100), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column(
                "external_identifier_type", sa.String(length=100), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column("parts", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("accreditations", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("alert", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("route", sa.String(length=10), nullable=False, server_default="referral")
        )
        batch_op.add_column(
            sa.Column("holds_risk", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column(
                "holds_mental_health", sa.String(length=20), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column("holds_mobility", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("holds_language", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("places_available", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("places_maximum", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("capacity_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("paused_reason", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("look_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("when_mask", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("access_mask", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("parts", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.add_column(
            sa.Column("provenance", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.create_index(batch_op.f("ix_service_look_on"), ["look_on"], unique=False)
        batch_op.create_index("ix_service_updated_at", ["updated_at", "id"], unique=False)

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("forget_to", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("outward_code", schema=None) as batch_op:
        for name in PLACE_NAMES:
            batch_op.add_column(
                sa.Column(name, sa.String(length=100), nullable=False, server_default="")
            )
        batch_op.create_index(batch_op.f("ix_outward_code_town_folded"), ["town_folded"])
        batch_op.create_index(batch_op.f("ix_outward_code_region_folded"), ["region_folded"])
    _fold_towns()

    with op.batch_alter_table("service_at_location") as batch_op:
        batch_op.add_column(sa.Column("id", sa.Uuid(), nullable=True))
    _give_ids()
    _start_the_clock()
    with op.batch_alter_table("service_at_location", schema=None) as batch_op:
        batch_op.alter_column("id", existing_type=sa.Uuid(), nullable=False)
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("parts", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.create_unique_constraint(batch_op.f("uq_service_at_location_id"), ["id"])


def downgrade() -> None:
    with op.batch_alter_table("service_at_location", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_service_at_location_id"), type_="unique")
        batch_op.drop_column("parts")
        batch_op.drop_column("description")
        batch_op.drop_column("id")

    with op.batch_alter_table("outward_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outward_code_region_folded"))
        batch_op.drop_index(batch_op.f("ix_outward_code_town_folded"))
        for name in reversed(PLACE_NAMES):
            batch_op.drop_column(name)

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_column("forget_to")

    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index("ix_service_updated_at")
        batch_op.drop_index(batch_op.f("ix_service_look_on"))
        batch_op.drop_column("provenance")
        batch_op.drop_column("parts")
        batch_op.drop_column("access_mask")
        batch_op.drop_column("when_mask")
        batch_op.drop_column("look_on")
        batch_op.drop_column("asked")
        batch_op.drop_column("paused_reason")
        batch_op.drop_column("paused_until")
        batch_op.drop_column("capacity_on")
        batch_op.drop_column("places_maximum")
        batch_op.drop_column("places_available")
        batch_op.drop_column("holds_language")
        batch_op.drop_column("holds_mobility")
        batch_op.drop_column("holds_mental_health")
        batch_op.drop_column("holds_risk")
        batch_op.drop_column("route")
        batch_op.drop_column("alert")
        batch_op.drop_column("accreditations")

    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_column("parts")
        batch_op.drop_column("external_identifier_type")
        batch_op.drop_column("external_identifier")
        batch_op.drop_column("description")
        batch_op.drop_column("location_type")

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_column("assurer_email")

    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_import_run_feed_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_import_run_feed_id"))
        batch_op.drop_column("set_aside")
        batch_op.drop_column("conflicts")
        batch_op.drop_column("finished_at")
        batch_op.drop_column("feed_id")

    with op.batch_alter_table("profile_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_service_service_id"))

    op.drop_table("profile_service")
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.drop_index("ix_signpost_user_id_at")
        batch_op.drop_index(batch_op.f("ix_signpost_service_id"))
        batch_op.drop_index("ix_signpost_organisation_id")

    op.drop_table("signpost")
    with op.batch_alter_table("search_spot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_spot_service_id"))
        batch_op.drop_index(batch_op.f("ix_search_spot_location_id"))

    op.drop_table("search_spot")
    op.drop_table("search_entry")
    with op.batch_alter_table("proposed_change", schema=None) as batch_op:
        batch_op.drop_index("ix_proposed_change_status")
        batch_op.drop_index(batch_op.f("ix_proposed_change_service_id"))
        batch_op.drop_index(batch_op.f("ix_proposed_change_organisation_id"))

    op.drop_table("proposed_change")
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_user_id"))
        batch_op.drop_index(batch_op.f("ix_profile_organisation_id"))

    op.drop_table("profile")
    with op.batch_alter_table("feed_conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_conflict_status")
        batch_op.drop_index(batch_op.f("ix_feed_conflict_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_feed_conflict_service_id"))

    op.drop_table("feed_conflict")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index("ix_correction_status")
        batch_op.drop_index(batch_op.f("ix_correction_service_id"))

    op.drop_table("correction")
    with op.batch_alter_table("confirm_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirm_link_service_id"))
        batch_op.drop_index(batch_op.f("ix_confirm_link_expires_at"))

    op.drop_table("confirm_link")
    op.drop_table("organisation_entry")
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_index("ix_introduction_other_id_status")
        batch_op.drop_index("ix_introduction_organisation_id_status")

    op.drop_table("introduction")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_status")
        batch_op.drop_index(batch_op.f("ix_claim_organisation_id"))

    op.drop_table("claim")
    with op.batch_alter_table("acquaintance", schema=None) as batch_op:
        batch_op.drop_index("ix_acquaintance_other_id")

    op.drop_table("acquaintance")
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taxonomy_term_taxonomy_id"))
        batch_op.drop_index(batch_op.f("ix_taxonomy_term_parent_id"))

    op.drop_table("taxonomy_term")
    with op.batch_alter_table("search_miss", schema=None) as batch_op:
        batch_op.drop_index("ix_search_miss_locality_id")

    op.drop_table("search_miss")
    op.drop_table("feed")
    op.drop_table("unit_postcode")
    op.drop_table("taxonomy")
    op.drop_table("synonym")
    op.drop_table("search_word")
    op.drop_table("gazetteer_load")
    with op.batch_alter_table("entry_change", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_change_subject_id")

    op.drop_table("entry_change")
