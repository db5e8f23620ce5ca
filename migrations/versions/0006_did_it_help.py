"""Did it help: measures, what came of it, hearing back, the person's own page"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "status_attempt",
        sa.Column("what", sa.String(length=6), nullable=False),
        sa.Column("reference_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("what IN ('asked', 'wrong')", name=op.f("ck_status_attempt_what")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_attempt")),
    )
    with op.batch_alter_table("status_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_status_attempt_address", ["address_digest", "what", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_status_attempt_at"), ["at"], unique=False)
        batch_op.create_index(
            "ix_status_attempt_reference", ["reference_digest", "what", "at"], unique=False
        )

    op.create_table(
        "funding",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("funder", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_funding_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_funding_organisation_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_funding_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding")),
    )
    with op.batch_alter_table("funding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_funding_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "local_measure",
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'retired')", name=op.f("ck_local_measure_state")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_local_measure_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_local_measure_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_measure")),
    )
    with op.batch_alter_table("local_measure", schema=None) as batch_op:
        batch_op.create_index(
            "uq_local_measure_edition", ["locality_id", "key", "edition"], unique=True
        )

    op.create_table(
        "measure_licence",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_measure_licence_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_measure_licence_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_licence")),
    )
    with op.batch_alter_table("measure_licence", schema=None) as batch_op:
        batch_op.create_index(
            "uq_measure_licence_once", ["organisation_id", "measure"], unique=True
        )

    op.create_table(
        "service_result",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("said_so", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("story_by", sa.String(length=100), nullable=False),
        sa.Column("story_of", sa.Uuid(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_result_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service_result")),
    )
    op.create_index(op.f("ix_service_result_story_of"), "service_result", ["story_of"])
    op.create_table(
        "complaint",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("acknowledge_by", sa.Date(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('help', 'data', 'other')", name=op.f("ck_complaint_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'answered', 'taken_back')",
            name=op.f("ck_complaint_state"),
        ),
        sa.ForeignKeyConstraint(
            ["about_id"], ["organisation.id"], name=op.f("fk_complaint_about_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_complaint_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_complaint_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_complaint_owner_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_complaint_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user_account.id"], name=op.f("fk_complaint_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaint_reference")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_look_on"), ["look_on"], unique=False)
        batch_op.create_index(
            "ix_complaint_owner_id", ["owner_id", "state", "acknowledge_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_complaint_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "fit",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("right_person", sa.Boolean(), nullable=False),
        sa.Column("enough_said", sa.Boolean(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_contact_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_contact_id"], ["answer_contact.id"], name=op.f("fk_fit_by_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_fit_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fit_organisation_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_fit_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fit")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_fit_referral_id")),
    )
    op.create_table(
        "report",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_for", sa.String(length=8), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_contact_id", sa.Uuid(), nullable=True),
        sa.Column("person_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("commented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_contact_id"], ["answer_contact.id"], name=op.f("fk_report_by_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_report_by_user_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_report_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_report_referral_id")),
    )
    op.create_table(
        "status_ask",
        sa.Column("reference_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("typed_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_status_ask_locality_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_status_ask_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_status_ask_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_ask")),
    )
    with op.batch_alter_table("status_ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_status_ask_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "ix_status_ask_waiting", ["looked_at", "asked_at", "id"], unique=False
        )

    op.create_table(
        "status_card",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_status_card_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_status_card_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_status_card_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_status_card_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_card")),
    )
    with op.batch_alter_table("status_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_status_card_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_status_card_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "status_session",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(length=5), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("by IN ('code', 'card')", name=op.f("ck_status_session_by")),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_status_session_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_status_session_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_status_session_referral_id")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_status_session")),
    )
    with op.batch_alter_table("status_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_status_session_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_status_session_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "story",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shown_as", sa.String(length=10), nullable=False),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "shown_as IN ('nobody', 'age', 'first_name')", name=op.f("ck_story_shown_as")
        ),
        sa.CheckConstraint(
            "state IN ('given', 'shown', 'declined', 'withdrawn')", name=op.f("ck_story_state")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_story_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_story_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_story_referral_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_story_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_story_referral_id")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index(
            "ix_story_service_id", ["service_id", "state", "given_at"], unique=False
        )

    op.create_table(
        "supporter",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("may", sa.String(length=5), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("named_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("may IN ('hear', 'speak')", name=op.f("ck_supporter_may")),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_supporter_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_supporter_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_supporter_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_supporter_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter")),
    )
    with op.batch_alter_table("supporter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supporter_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "thanks",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_thanks_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_thanks_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_thanks_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_thanks_referral_id")),
    )
    op.create_table(
        "assessment",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=True),
        sa.Column("moment", sa.String(length=8), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entered", sa.String(length=6), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_contact_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("file_key", sa.String(length=120), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "entered IN ('staff', 'person', 'file')", name=op.f("ck_assessment_entered")
        ),
        sa.CheckConstraint(
            "moment IN ('baseline', 'review', 'end')", name=op.f("ck_assessment_moment")
        ),
        sa.ForeignKeyConstraint(
            ["by_contact_id"], ["answer_contact.id"], name=op.f("fk_assessment_by_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_assessment_by_user_id")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_assessment_goal_id")),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["measure_licence.id"], name=op.f("fk_assessment_licence_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_assessment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_assessment_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("file_key", name=op.f("uq_assessment_file_key")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_assessment_referral_id", ["referral_id", "measure", "answered_on"], unique=False
        )

    op.create_table(
        "result",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("told_by", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_contact_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('met', 'partly_met', 'not_met', 'not_known')",
            name=op.f("ck_result_outcome"),
        ),
        sa.CheckConstraint("told_by IN ('person', 'provider')", name=op.f("ck_result_told_by")),
        sa.ForeignKeyConstraint(
            ["by_contact_id"], ["answer_contact.id"], name=op.f("fk_result_by_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_result_by_user_id")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_result_goal_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_result_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_result_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_result_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index("uq_result_once", ["referral_id", "about", "told_by"], unique=True)

    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("chosen", sa.String(length=10), nullable=False, server_default="")
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_goal_chosen"), "chosen IN ('', 'person', 'together', 'suggested')"
        )

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("return_to_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("sees_first", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("summary_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("written_in", sa.String(length=5), nullable=False, server_default="en")
        )
        for name in ("brought", "said_so"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_return_to_id"), "team", ["return_to_id"], ["id"]
        )
    op.execute(
        "UPDATE referral SET said_so = true WHERE outcome = 'met' AND told_by IN ('person', 'both')"
    )
    op.execute(
        "UPDATE referral SET brought = true WHERE id IN (SELECT referral_id FROM brought_across)"
    )


def downgrade() -> None:
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_referral_return_to_id"), type_="foreignkey")
        batch_op.drop_column("said_so")
        batch_op.drop_column("brought")
        batch_op.drop_column("written_in")
        batch_op.drop_column("summary_from")
        batch_op.drop_column("sees_first")
        batch_op.drop_column("return_to_id")

    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_goal_chosen"), type_="check")
        batch_op.drop_column("chosen")

    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_index("uq_result_once")

    op.drop_table("result")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_referral_id")
        batch_op.drop_index(batch_op.f("ix_assessment_person_id"))

    op.drop_table("assessment")
    op.drop_table("thanks")
    with op.batch_alter_table("supporter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supporter_referral_id"))

    op.drop_table("supporter")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index("ix_story_service_id")

    op.drop_table("story")
    with op.batch_alter_table("status_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_status_session_referral_id"))
        batch_op.drop_index(batch_op.f("ix_status_session_expires_at"))

    op.drop_table("status_session")
    with op.batch_alter_table("status_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_status_card_referral_id"))
        batch_op.drop_index(batch_op.f("ix_status_card_expires_at"))

    op.drop_table("status_card")
    with op.batch_alter_table("status_ask", schema=None) as batch_op:
        batch_op.drop_index("ix_status_ask_waiting")
        batch_op.drop_index(batch_op.f("ix_status_ask_expires_at"))

    op.drop_table("status_ask")
    op.drop_table("report")
    op.drop_table("fit")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_referral_id"))
        batch_op.drop_index("ix_complaint_owner_id")
        batch_op.drop_index(batch_op.f("ix_complaint_look_on"))

    op.drop_table("complaint")
    op.drop_index(op.f("ix_service_result_story_of"), table_name="service_result")
    op.drop_table("service_result")
    with op.batch_alter_table("measure_licence", schema=None) as batch_op:
        batch_op.drop_index("uq_measure_licence_once")

    op.drop_table("measure_licence")
    with op.batch_alter_table("local_measure", schema=None) as batch_op:
        batch_op.drop_index("uq_local_measure_edition")

    op.drop_table("local_measure")
    with op.batch_alter_table("funding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funding_organisation_id"))

    op.drop_table("funding")
    with op.batch_alter_table("status_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_status_attempt_reference")
        batch_op.drop_index(batch_op.f("ix_status_attempt_at"))
        batch_op.drop_index("ix_status_attempt_address")

    op.drop_table("status_attempt")
