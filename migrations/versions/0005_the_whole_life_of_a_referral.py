"""The whole life of a referral: safe links, what the person is told, caseloads, plans"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_attempt",
        sa.Column("what", sa.String(length=6), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("address_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("what IN ('link', 'asked', 'wrong')", name=op.f("ck_link_attempt_what")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_attempt")),
    )
    with op.batch_alter_table("link_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_link_attempt_address", ["address_digest", "what", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_link_attempt_at"), ["at"], unique=False)
        batch_op.create_index("ix_link_attempt_contact", ["contact_id", "what", "at"], unique=False)

    op.create_table(
        "evaluation",
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("led_by", sa.String(length=200), nullable=False),
        sa.Column("approval", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_from", sa.Date(), nullable=False),
        sa.Column("asked_until", sa.Date(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_evaluation_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evaluation_locality_id"), ["locality_id"], unique=False
        )

    op.create_table(
        "answer_contact",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("link_by", sa.String(length=5), nullable=False),
        sa.Column("code_by", sa.String(length=5), nullable=False),
        sa.Column("pin_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code_by IN ('email', 'text', 'pin')", name=op.f("ck_answer_contact_code_by")
        ),
        sa.CheckConstraint("link_by IN ('email', 'text')", name=op.f("ck_answer_contact_link_by")),
        sa.CheckConstraint("link_by <> code_by", name=op.f("ck_answer_contact_two_channels")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_answer_contact_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_contact")),
    )
    with op.batch_alter_table("answer_contact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_contact_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "bundle_item",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_in", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bundle_item_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_item")),
        sa.UniqueConstraint("key", name=op.f("uq_bundle_item_key")),
    )
    with op.batch_alter_table("bundle_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bundle_item_waiting", ["sent_in", "organisation_id", "id"], unique=False
        )

    op.create_table(
        "clock_rule",
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["organisation.id"], name=op.f("fk_clock_rule_recipient_id")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["organisation.id"], name=op.f("fk_clock_rule_sender_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_rule")),
        sa.UniqueConstraint(
            "sender_id",
            "recipient_id",
            "status",
            "since",
            name=op.f("uq_clock_rule_sender_id_recipient_id_status_since"),
        ),
    )
    op.create_table(
        "paper_sheet",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_paper_sheet_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_paper_sheet_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
    )
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_sheet_look_on"), ["look_on"], unique=False)
        batch_op.create_index(
            "ix_paper_sheet_owner_id", ["owner_id", "printed_at", "due_on"], unique=False
        )
        batch_op.create_index("uq_paper_sheet_week", ["organisation_id", "week_of"], unique=True)

    op.create_table(
        "answer_contact_service",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_answer_contact_service_place")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["answer_contact.id"], name=op.f("fk_answer_contact_service_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_answer_contact_service_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "place", name=op.f("pk_answer_contact_service")),
        sa.UniqueConstraint(
            "service_id", "contact_id", name=op.f("uq_answer_contact_service_service_id_contact_id")
        ),
    )
    with op.batch_alter_table("answer_contact_service", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_contact_service_contact_id"), ["contact_id"], unique=False
        )

    op.create_table(
        "answer_session",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["answer_contact.id"], name=op.f("fk_answer_session_contact_id")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_answer_session")),
    )
    with op.batch_alter_table("answer_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_session_contact_id"), ["contact_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_answer_session_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "calendar_feed",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_calendar_feed_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_calendar_feed_user_id")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_calendar_feed")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_user_id"), ["user_id"], unique=False)

    op.create_table(
        "group_session",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_contact_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_contact_id"], ["answer_contact.id"], name=op.f("fk_group_session_by_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_group_session_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_group_session_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_group_session_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint(
            "service_id",
            "held_on",
            "starts",
            name=op.f("uq_group_session_service_id_held_on_starts"),
        ),
    )
    with op.batch_alter_table("group_session", schema=None) as batch_op:
        batch_op.create_index(
            "ix_group_session_organisation_id", ["organisation_id", "held_on"], unique=False
        )

    op.create_table(
        "handover",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("from_user_id", sa.Uuid(), nullable=False),
        sa.Column("to_user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("referrals", sa.Integer(), nullable=False),
        sa.Column("promises", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_handover_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_user_id"], ["user_account.id"], name=op.f("fk_handover_from_user_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["organisation.id"], name=op.f("fk_handover_team_id")),
        sa.ForeignKeyConstraint(
            ["to_user_id"], ["user_account.id"], name=op.f("fk_handover_to_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_to_user_id"), ["to_user_id"], unique=False)

    op.create_table(
        "link_code",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["answer_contact.id"], name=op.f("fk_link_code_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
    )
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_code_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_code_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "offer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("need", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_offer_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_offer_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_offer_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_offer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_offer_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_offer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "safe_link",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["answer_contact.id"], name=op.f("fk_safe_link_contact_id")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_safe_link")),
    )
    with op.batch_alter_table("safe_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safe_link_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safe_link_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "supervision_note",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_supervision_note_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["user_account.id"], name=op.f("fk_supervision_note_supervisor_id")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["user_account.id"], name=op.f("fk_supervision_note_worker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_note")),
    )
    with op.batch_alter_table("supervision_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supervision_note_supervisor_id"), ["supervisor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_supervision_note_worker_id"), ["worker_id"], unique=False
        )

    op.create_table(
        "worker_guide",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["organisation.id"], name=op.f("fk_worker_guide_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_worker_guide_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_guide")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_worker_guide_team_id_user_id")),
    )
    op.create_table(
        "brought_across",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_brought_across_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["organisation.id"], name=op.f("fk_brought_across_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought_across")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_brought_across_referral_id")),
        sa.UniqueConstraint(
            "team_id", "external_id", name=op.f("uq_brought_across_team_id_external_id")
        ),
    )
    with op.batch_alter_table("brought_across", schema=None) as batch_op:
        batch_op.create_index(
            "ix_brought_across_fingerprint", ["team_id", "fingerprint"], unique=False
        )

    op.create_table(
        "consent",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("refer", sa.Boolean(), nullable=False),
        sa.Column("feedback", sa.String(length=8), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=True),
        sa.Column("authority", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "how IN ('in_person', 'phone', 'video', 'letter', 'page', 'program')",
            name=op.f("ck_consent_how"),
        ),
        sa.CheckConstraint(
            "what IN ('given', 'changed', 'withdrawn')", name=op.f("ck_consent_what")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_consent_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_consent_evaluation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_consent_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_consent_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "enquiry",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("needs", sa.String(length=400), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("age_band", sa.Integer(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("fits", sa.String(length=8), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_contact_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'answered', 'converted', 'closed')", name=op.f("ck_enquiry_status")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_contact_id"],
            ["answer_contact.id"],
            name=op.f("fk_enquiry_answered_by_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_enquiry_answered_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_user_id"], ["user_account.id"], name=op.f("fk_enquiry_asked_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["organisation.id"], name=op.f("fk_enquiry_recipient_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_enquiry_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["organisation.id"], name=op.f("fk_enquiry_sender_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_enquiry_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("reference", name=op.f("uq_enquiry_reference")),
    )
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enquiry_look_on"), ["look_on"], unique=False)
        batch_op.create_index(
            "ix_enquiry_recipient", ["recipient_id", "status", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_enquiry_sender_id"), ["sender_id"], unique=False)

    op.create_table(
        "news",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_in", sa.String(length=120), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_news_organisation_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_news_referral_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_news_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.create_index("ix_news_waiting", ["told_in", "user_id", "id"], unique=False)
        batch_op.create_index("uq_news_once", ["user_id", "referral_id", "number"], unique=True)

    op.create_table(
        "note",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_contact_id", sa.Uuid(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('shared', 'internal')", name=op.f("ck_note_kind")),
        sa.ForeignKeyConstraint(
            ["by_contact_id"], ["answer_contact.id"], name=op.f("fk_note_by_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_note_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_note_organisation_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_note_referral_id")),
        sa.ForeignKeyConstraint(
            ["struck_by_user_id"], ["user_account.id"], name=op.f("fk_note_struck_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "person_notice",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("owner_user_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('text', 'email', 'letter', 'tell')", name=op.f("ck_person_notice_channel")
        ),
        sa.CheckConstraint(
            "state IN ('held', 'queued', 'waiting', 'done', 'dropped', 'lost')",
            name=op.f("ck_person_notice_state"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by_user_id"], ["user_account.id"], name=op.f("fk_person_notice_done_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_person_notice_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_user_id"], ["user_account.id"], name=op.f("fk_person_notice_owner_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_person_notice_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_person_notice_key")),
    )
    with op.batch_alter_table("person_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_notice_look_on"), ["look_on"], unique=False)
        batch_op.create_index(
            "ix_person_notice_owner_id", ["owner_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_person_notice_referral_id"), ["referral_id"], unique=False
        )
        batch_op.create_index("ix_person_notice_state", ["state", "not_before", "id"], unique=False)

    op.create_table(
        "person_said",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_person_said_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_person_said_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_person_said_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_said")),
    )
    with op.batch_alter_table("person_said", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_said_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "plan",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("about_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_authority", sa.String(length=16), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_person_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_plan_referral_id")),
        sa.ForeignKeyConstraint(["team_id"], ["organisation.id"], name=op.f("fk_plan_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_plan_referral_id")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_person_id"), ["person_id"], unique=False)

    op.create_table(
        "self_referral",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.String(length=12), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("exception", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("asked_by IN ('self', 'carer')", name=op.f("ck_self_referral_asked_by")),
        sa.CheckConstraint(
            "status IN ('waiting', 'taken', 'refused')", name=op.f("ck_self_referral_status")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_self_referral_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_self_referral_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["organisation.id"], name=op.f("fk_self_referral_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_referral")),
        sa.UniqueConstraint("reference", name=op.f("uq_self_referral_reference")),
    )
    with op.batch_alter_table("self_referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_self_referral_look_on"), ["look_on"], unique=False)
        batch_op.create_index("ix_self_referral_team_id", ["team_id", "status", "id"], unique=False)

    op.create_table(
        "unmet_need",
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("need", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("need <> ''", name=op.f("ck_unmet_need_need")),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_unmet_need_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_unmet_need_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unmet_need_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_unmet_need_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_need")),
    )
    with op.batch_alter_table("unmet_need", schema=None) as batch_op:
        batch_op.create_index("ix_unmet_need_locality_id", ["locality_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_unmet_need_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "appointment",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("joint_with_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("remind", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'kept', 'missed', 'moved', 'cancelled')",
            name=op.f("ck_appointment_state"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_appointment_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["joint_with_id"], ["organisation.id"], name=op.f("fk_appointment_joint_with_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_appointment_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_appointment_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_appointment_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_appointment_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_joint_with_id", ["joint_with_id", "state", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_appointment_look_on"), ["look_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_appointment_referral_id"), ["referral_id"], unique=False
        )
        batch_op.create_index("ix_appointment_user_id", ["user_id", "state", "at"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(note_id IS NULL) <> (thread_id IS NULL)", name=op.f("ck_attachment_belongs_to_one")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_attachment_note_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_attachment_referral_id")
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_attachment_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("file_id", name=op.f("uq_attachment_file_id")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_note_id"), ["note_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attachment_referral_id"), ["referral_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attachment_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "goal",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("need", sa.String(length=30), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'reached', 'partly', 'set_aside')", name=op.f("ck_goal_state")
        ),
        sa.CheckConstraint("confidence BETWEEN 1 AND 10", name=op.f("ck_goal_confidence")),
        sa.CheckConstraint("importance BETWEEN 1 AND 10", name=op.f("ck_goal_importance")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_goal_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_goal_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "who IN ('person', 'supporter', 'link_worker', 'service', 'practice')",
            name=op.f("ck_plan_action_who"),
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_plan_action_goal_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_action_plan_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_plan_action_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_plan_action_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_action_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(
            "ix_plan_action_user_id", ["user_id", "done_on", "due_on"], unique=False
        )

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=16), nullable=True))
        batch_op.add_column(
            sa.Column("fair", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("by_contact_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("group_session_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "uq_contact_group_session",
            ["group_session_id", "referral_id"],
            unique=True,
            sqlite_where=sa.text("group_session_id IS NOT NULL AND undone = 0"),
            postgresql_where=sa.text("group_session_id IS NOT NULL AND NOT undone"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_group_session_id"), "group_session", ["group_session_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_by_contact_id"), "answer_contact", ["by_contact_id"], ["id"]
        )

    with op.batch_alter_table("locality", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("safeguarding_adults", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("safeguarding_children", sa.Text(), nullable=False, server_default="")
        )

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("answers_by", sa.String(length=8), nullable=False, server_default="link")
        )
        batch_op.add_column(
            sa.Column("paper", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("open_weekdays", sa.String(length=7), nullable=False, server_default="01234")
        )
        batch_op.add_column(sa.Column("clinician_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("clinician_words", sa.String(length=400), nullable=False, server_default="")
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_answers_by"), "answers_by IN ('link', 'account')"
        )

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=30), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("reader", sa.String(length=12), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("reader_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_outbox_message_lost", ["failed_at", "handled_at", "id"], unique=False
        )

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_contact_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("consent_withdrawn_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "asked_by", sa.String(length=12), nullable=False, server_default="professional"
            )
        )
        batch_op.add_column(
            sa.Column("weight", sa.String(length=6), nullable=False, server_default="usual")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_owner_contact_id"),
            "answer_contact",
            ["owner_contact_id"],
            ["id"],
        )

    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_behalf_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_status_change_on_behalf_id"), "organisation", ["on_behalf_id"], ["id"]
        )

    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.add_column(sa.Column("raised_by_contact_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("answered_by_contact_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_thread_raised_by_contact_id"),
            "answer_contact",
            ["raised_by_contact_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_thread_answered_by_contact_id"),
            "answer_contact",
            ["answered_by_contact_id"],
            ["id"],
        )

    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "told_when", sa.String(length=10), nullable=False, server_default="exceptions"
            )
        )
        batch_op.add_column(
            sa.Column("told_by", sa.String(length=5), nullable=False, server_default="email")
        )
        batch_op.add_column(sa.Column("mobile_sealed", sa.LargeBinary(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_user_account_told_when"),
            "told_when IN ('exceptions', 'digest', 'at_once')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_user_account_told_by"), "told_by IN ('email', 'text')"
        )


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_user_account_told_by"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_user_account_told_when"), type_="check")
        batch_op.drop_column("mobile_sealed")
        batch_op.drop_column("told_by")
        batch_op.drop_column("told_when")

    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_thread_answered_by_contact_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_thread_raised_by_contact_id"), type_="foreignkey")
        batch_op.drop_column("answered_by_contact_id")
        batch_op.drop_column("raised_by_contact_id")

    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_column("sealed")

    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_status_change_on_behalf_id"), type_="foreignkey")
        batch_op.drop_column("on_behalf_id")

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_referral_owner_contact_id"), type_="foreignkey")
        batch_op.drop_column("weight")
        batch_op.drop_column("asked_by")
        batch_op.drop_column("consent_withdrawn_at")
        batch_op.drop_column("owner_contact_id")

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_lost")
        batch_op.drop_column("handled_at")
        batch_op.drop_column("reader_id")
        batch_op.drop_column("reader")
        batch_op.drop_column("kind")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_answers_by"), type_="check")
        batch_op.drop_column("clinician_words")
        batch_op.drop_column("clinician_id")
        batch_op.drop_column("open_weekdays")
        batch_op.drop_column("paper")
        batch_op.drop_column("answers_by")

    with op.batch_alter_table("locality", schema=None) as batch_op:
        batch_op.drop_column("safeguarding_children")
        batch_op.drop_column("safeguarding_adults")

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contact_by_contact_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_contact_group_session_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_contact_group_session",
            sqlite_where=sa.text("group_session_id IS NOT NULL AND undone = 0"),
            postgresql_where=sa.text("group_session_id IS NOT NULL AND NOT undone"),
        )
        batch_op.drop_column("group_session_id")
        batch_op.drop_column("by_contact_id")
        batch_op.drop_column("fair")
        batch_op.drop_column("reason")

    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_action_user_id")
        batch_op.drop_index(batch_op.f("ix_plan_action_plan_id"))

    op.drop_table("plan_action")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_plan_id"))

    op.drop_table("goal")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_thread_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_referral_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_note_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_user_id")
        batch_op.drop_index(batch_op.f("ix_appointment_referral_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_look_on"))
        batch_op.drop_index("ix_appointment_joint_with_id")

    op.drop_table("appointment")
    with op.batch_alter_table("unmet_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unmet_need_referral_id"))
        batch_op.drop_index("ix_unmet_need_locality_id")

    op.drop_table("unmet_need")
    with op.batch_alter_table("self_referral", schema=None) as batch_op:
        batch_op.drop_index("ix_self_referral_team_id")
        batch_op.drop_index(batch_op.f("ix_self_referral_look_on"))

    op.drop_table("self_referral")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_person_id"))

    op.drop_table("plan")
    with op.batch_alter_table("person_said", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_said_referral_id"))

    op.drop_table("person_said")
    with op.batch_alter_table("person_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_person_notice_state")
        batch_op.drop_index(batch_op.f("ix_person_notice_referral_id"))
        batch_op.drop_index("ix_person_notice_owner_id")
        batch_op.drop_index(batch_op.f("ix_person_notice_look_on"))

    op.drop_table("person_notice")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_referral_id"))

    op.drop_table("note")
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.drop_index("uq_news_once")
        batch_op.drop_index("ix_news_waiting")

    op.drop_table("news")
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enquiry_sender_id"))
        batch_op.drop_index("ix_enquiry_recipient")
        batch_op.drop_index(batch_op.f("ix_enquiry_look_on"))

    op.drop_table("enquiry")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_referral_id"))

    op.drop_table("consent")
    with op.batch_alter_table("brought_across", schema=None) as batch_op:
        batch_op.drop_index("ix_brought_across_fingerprint")

    op.drop_table("brought_across")
    op.drop_table("worker_guide")
    with op.batch_alter_table("supervision_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision_note_worker_id"))
        batch_op.drop_index(batch_op.f("ix_supervision_note_supervisor_id"))

    op.drop_table("supervision_note")
    with op.batch_alter_table("safe_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safe_link_expires_at"))
        batch_op.drop_index(batch_op.f("ix_safe_link_contact_id"))

    op.drop_table("safe_link")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_person_id"))
        batch_op.drop_index(batch_op.f("ix_offer_organisation_id"))

    op.drop_table("offer")
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_code_expires_at"))
        batch_op.drop_index(batch_op.f("ix_link_code_contact_id"))

    op.drop_table("link_code")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_to_user_id"))
        batch_op.drop_index(batch_op.f("ix_handover_team_id"))

    op.drop_table("handover")
    with op.batch_alter_table("group_session", schema=None) as batch_op:
        batch_op.drop_index("ix_group_session_organisation_id")

    op.drop_table("group_session")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_user_id"))

    op.drop_table("calendar_feed")
    with op.batch_alter_table("answer_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_answer_session_contact_id"))

    op.drop_table("answer_session")
    with op.batch_alter_table("answer_contact_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_contact_service_contact_id"))

    op.drop_table("answer_contact_service")
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.drop_index("uq_paper_sheet_week")
        batch_op.drop_index("ix_paper_sheet_owner_id")
        batch_op.drop_index(batch_op.f("ix_paper_sheet_look_on"))

    op.drop_table("paper_sheet")
    op.drop_table("clock_rule")
    with op.batch_alter_table("bundle_item", schema=None) as batch_op:
        batch_op.drop_index("ix_bundle_item_waiting")

    op.drop_table("bundle_item")
    with op.batch_alter_table("answer_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_contact_organisation_id"))

    op.drop_table("answer_contact")
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_locality_id"))

    op.drop_table("evaluation")
    with op.batch_alter_table("link_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_link_attempt_contact")
        batch_op.drop_index(batch_op.f("ix_link_attempt_at"))
        batch_op.drop_index("ix_link_attempt_address")

    op.drop_table("link_attempt")
