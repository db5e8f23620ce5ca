"""Vetting passports: who was checked, for what, by whom, until when"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_load",
        sa.Column("register", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_load")),
    )
    with op.batch_alter_table("register_load", schema=None) as batch_op:
        batch_op.create_index("ix_register_load_register", ["register", "as_of"], unique=False)

    op.create_table(
        "register_entry",
        sa.Column("register", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("said", sa.String(length=100), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("load_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["load_id"], ["register_load.id"], name=op.f("fk_register_entry_load_id")
        ),
        sa.PrimaryKeyConstraint("register", "number", name=op.f("pk_register_entry")),
    )
    op.create_table(
        "scheme_version",
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("two_reviewers", sa.JSON(), nullable=False),
        sa.Column("appeal_route", sa.Text(), nullable=False),
        sa.Column("assurer_email", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("affected", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_scheme_version_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_version")),
        sa.UniqueConstraint(
            "locality_id", "number", name=op.f("uq_scheme_version_locality_id_number")
        ),
    )
    op.create_table(
        "evidence",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("update_service", sa.Boolean(), nullable=True),
        sa.Column("cover", sa.Integer(), nullable=True),
        sa.Column("cover_by", sa.String(length=10), nullable=False),
        sa.Column("stated_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("told_by_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewer_role", sa.String(length=20), nullable=False),
        sa.Column("reviewer_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("limits", sa.String(length=200), nullable=False),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('given', 'accepted', 'rejected', 'asked', 'superseded', 'taken_back')",
            name=op.f("ck_evidence_state"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_evidence_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_evidence_reviewer_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["evidence.id"], name=op.f("fk_evidence_superseded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_organisation_id", ["organisation_id", "check_key", "state"], unique=False
        )
        batch_op.create_index(
            "uq_evidence_accepted",
            ["organisation_id", "check_key"],
            unique=True,
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )
        batch_op.create_index(
            "uq_evidence_open",
            ["organisation_id", "check_key"],
            unique=True,
            sqlite_where=sa.text("state IN ('given', 'asked')"),
            postgresql_where=sa.text("state IN ('given', 'asked')"),
        )

    op.create_table(
        "expiry_notice",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("to_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_expiry_notice_to_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_notice")),
        sa.UniqueConstraint(
            "subject_id",
            "check_key",
            "to_organisation_id",
            "step",
            "until",
            name=op.f("uq_expiry_notice_once"),
        ),
    )
    with op.batch_alter_table("expiry_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expiry_notice_to_organisation_id"), ["to_organisation_id"], unique=False
        )

    op.create_table(
        "hosting",
        sa.Column("anchor_id", sa.Uuid(), nullable=False),
        sa.Column("hosted_id", sa.Uuid(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("limits", sa.String(length=400), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("anchor_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anchor_agreed_by", sa.Uuid(), nullable=True),
        sa.Column("hosted_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hosted_agreed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("anchor_id <> hosted_id", name=op.f("ck_hosting_another")),
        sa.ForeignKeyConstraint(
            ["anchor_id"], ["organisation.id"], name=op.f("fk_hosting_anchor_id")
        ),
        sa.ForeignKeyConstraint(
            ["hosted_id"], ["organisation.id"], name=op.f("fk_hosting_hosted_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosting")),
    )
    with op.batch_alter_table("hosting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hosting_anchor_id"), ["anchor_id"], unique=False)
        batch_op.create_index(
            "uq_hosting_live",
            ["hosted_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "stored_file",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("extension", sa.String(length=5), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scan", sa.String(length=12), nullable=False),
        sa.Column("scanner", sa.String(length=100), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "scan IN ('not_scanned', 'clean', 'infected')", name=op.f("ck_stored_file_scan")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_stored_file_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("name", name=op.f("uq_stored_file_name")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stored_file_organisation_id", ["organisation_id", "deleted_at"], unique=False
        )
        batch_op.create_index("ix_stored_file_scan", ["scan", "id"], unique=False)

    op.create_table(
        "vetted_organisation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vetted_organisation_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_vetted_organisation")),
    )
    op.create_table(
        "vetting_application",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.String(length=1), nullable=False),
        sa.Column("approved_tier", sa.String(length=1), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("reviewer_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("pending_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('invited', 'draft', 'submitted', 'second', 'approved', 'conditional', 'refused', 'suspended', 'withdrawn', 'left')",
            name=op.f("ck_vetting_application_status"),
        ),
        sa.CheckConstraint("tier IN ('S', 'G', 'V')", name=op.f("ck_vetting_application_tier")),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_vetting_application_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vetting_application_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vetting_application_reviewer_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_application")),
        sa.UniqueConstraint(
            "organisation_id",
            "locality_id",
            name=op.f("uq_vetting_application_organisation_id_locality_id"),
        ),
    )
    with op.batch_alter_table("vetting_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vetting_application_look_on"), ["look_on"], unique=False
        )
        batch_op.create_index(
            "ix_vetting_application_status", ["locality_id", "status", "id"], unique=False
        )
        batch_op.create_index(
            "ix_vetting_application_waiting", ["locality_id", "waiting_since", "id"], unique=False
        )

    op.create_table(
        "vetting_change",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("actor_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_vetting_change_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_vetting_change_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_change")),
    )
    with op.batch_alter_table("vetting_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_vetting_change_organisation_id", ["organisation_id", "id"], unique=False
        )
        batch_op.create_index("ix_vetting_change_subject_id", ["subject_id", "id"], unique=False)

    op.create_table(
        "evidence_file",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_file_evidence_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_file_id")
        ),
        sa.PrimaryKeyConstraint("evidence_id", "file_id", name=op.f("pk_evidence_file")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_file_id"), ["file_id"], unique=False)

    op.create_table(
        "vetted_service",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("tier", sa.String(length=1), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("entry_updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("tier IN ('S', 'G', 'V')", name=op.f("ck_vetted_service_tier")),
        sa.CheckConstraint(
            "way IN ('signpost', 'turn_up', 'referral')", name=op.f("ck_vetted_service_way")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_vetted_service_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_vetted_service_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_vetted_service_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_vetted_service")),
    )
    with op.batch_alter_table("vetted_service", schema=None) as batch_op:
        batch_op.create_index(
            "ix_vetted_service_locality_id", ["locality_id", "tier", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vetted_service_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "vetting_decision",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("of_id", sa.Uuid(), nullable=True),
        sa.Column("tier", sa.String(length=1), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("appeal_route", sa.Text(), nullable=False),
        sa.Column("scheme_number", sa.Integer(), nullable=False),
        sa.Column("scheme_base", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("application_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('approve', 'approve_with_conditions', 'refuse', 'suspend', 'reinstate', 'withdraw', 'agree', 'differ')",
            name=op.f("ck_vetting_decision_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["vetting_application.id"],
            name=op.f("fk_vetting_decision_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["of_id"], ["vetting_decision.id"], name=op.f("fk_vetting_decision_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vetting_decision_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_decision")),
    )
    with op.batch_alter_table("vetting_decision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_vetting_decision_application_id", ["application_id", "id"], unique=False
        )

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=12), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("tier", sa.String(length=1), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("way", sa.String(length=10), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("paused_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("passport", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_column("passport")
        batch_op.drop_column("paused_on")
        batch_op.drop_column("way")
        batch_op.drop_column("tier")
        batch_op.drop_column("state")

    with op.batch_alter_table("vetting_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_vetting_decision_application_id")

    op.drop_table("vetting_decision")
    with op.batch_alter_table("vetted_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vetted_service_organisation_id"))
        batch_op.drop_index("ix_vetted_service_locality_id")

    op.drop_table("vetted_service")
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_file_file_id"))

    op.drop_table("evidence_file")
    with op.batch_alter_table("vetting_change", schema=None) as batch_op:
        batch_op.drop_index("ix_vetting_change_subject_id")
        batch_op.drop_index("ix_vetting_change_organisation_id")

    op.drop_table("vetting_change")
    with op.batch_alter_table("vetting_application", schema=None) as batch_op:
        batch_op.drop_index("ix_vetting_application_waiting")
        batch_op.drop_index("ix_vetting_application_status")
        batch_op.drop_index(batch_op.f("ix_vetting_application_look_on"))

    op.drop_table("vetting_application")
    op.drop_table("vetted_organisation")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_file_scan")
        batch_op.drop_index("ix_stored_file_organisation_id")

    op.drop_table("stored_file")
    with op.batch_alter_table("hosting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hosting_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_hosting_anchor_id"))

    op.drop_table("hosting")
    with op.batch_alter_table("expiry_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expiry_notice_to_organisation_id"))

    op.drop_table("expiry_notice")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_evidence_open",
            sqlite_where=sa.text("state IN ('given', 'asked')"),
            postgresql_where=sa.text("state IN ('given', 'asked')"),
        )
        batch_op.drop_index(
            "uq_evidence_accepted",
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )
        batch_op.drop_index("ix_evidence_organisation_id")

    op.drop_table("evidence")
    op.drop_table("scheme_version")
    op.drop_table("register_entry")
    with op.batch_alter_table("register_load", schema=None) as batch_op:
        batch_op.drop_index("ix_register_load_register")

    op.drop_table("register_load")
