"""The tables: cases, worries, consents, coordination, guides, the trail."""
# ruff: noqa: E501 - generated once from the models, and kept as generated

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "done_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column(
            "fingerprint",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of what was asked, so a key cannot be used for something else",
        ),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_done_acts")),
        sa.UniqueConstraint("actor_id", "key", name=op.f("uq_done_acts_actor_id_key")),
    )
    op.create_index(op.f("ix_done_acts_at"), "done_acts", ["at"], unique=False)
    op.create_table(
        "municipalities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="four digits; 99xx is fictional"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("duty_phone", sa.Text(), nullable=False, comment="the child welfare emergency duty"),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="terms the municipality may choose, held to the legal floors by casework",
        ),
        sa.Column("case_counter", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipalities")),
        sa.UniqueConstraint("number", name=op.f("uq_municipalities_number")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_run", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("handovers", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_unfinished",
        "outbox",
        ["carried_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["not_before"],
        unique=False,
        postgresql_where=sa.text("carried_at IS NULL"),
    )
    op.create_table(
        "practitioners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="what the person is called at work"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "subject", sa.Text(), nullable=True, comment="issuer and subject from the sign-in provider"
        ),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioners")),
        sa.UniqueConstraint("email", name=op.f("uq_practitioners_email")),
        sa.UniqueConstraint("subject", name=op.f("uq_practitioners_subject")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_api_tokens_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index(op.f("ix_api_tokens_practitioner_id"), "api_tokens", ["practitioner_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("file_kind", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column(
            "body",
            sa.Text(),
            nullable=False,
            comment="canonical JSON the hash was taken over, codes and ids only",
        ),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_audit_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("file_id", "seq", name=op.f("uq_audit_file_id_seq")),
    )
    op.create_index("ix_audit_actor", "audit", ["actor_id", "at"], unique=False)
    op.create_table(
        "audit_anchors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("heads_hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_audit_anchors_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_anchors")),
        sa.UniqueConstraint("municipality_id", "day", name=op.f("uq_audit_anchors_municipality_id_day")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column(
            "file_kind",
            sa.Text(),
            nullable=False,
            comment="case, signal, concern_report, guide, staff, sign_in",
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_audit_heads_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    op.create_index(op.f("ix_audit_heads_changed_at"), "audit_heads", ["changed_at"], unique=False)
    op.create_index(op.f("ix_audit_heads_municipality_id"), "audit_heads", ["municipality_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "form", sa.Text(), nullable=False, comment="which form, with the opaque id of what it is about"
        ),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_drafts_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("practitioner_id", "form", name=op.f("uq_drafts_practitioner_id_form")),
    )
    op.create_table(
        "guides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="the YAML, as uploaded"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the source"),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_guides_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["practitioners.id"], name=op.f("fk_guides_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guides")),
        sa.UniqueConstraint(
            "municipality_id", "sector", "number", name=op.f("uq_guides_municipality_id_sector_number")
        ),
    )
    op.create_index(
        "uq_guides_published",
        "guides",
        ["municipality_id", "sector"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "indicator_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False, comment="a level, or empty for the whole"),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_indicator_figures_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_figures")),
    )
    op.create_index(
        "uq_indicator_figures",
        "indicator_figures",
        ["municipality_id", "indicator", "month", "part"],
        unique=True,
    )
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False, comment="where letters without names are sent"),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("reply_days", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["practitioners.id"], name=op.f("fk_services_leader_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_services_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    op.create_index(op.f("ix_services_leader_id"), "services", ["leader_id"], unique=False)
    op.create_index(op.f("ix_services_municipality_id"), "services", ["municipality_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_assignments_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_assignments_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_current", "assignments", ["practitioner_id", "service_id"], unique=False)
    op.create_index(op.f("ix_assignments_practitioner_id"), "assignments", ["practitioner_id"], unique=False)
    op.create_index(op.f("ix_assignments_service_id"), "assignments", ["service_id"], unique=False)
    op.create_table(
        "children",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False, comment="class or department"),
        sa.Column("language", sa.Text(), nullable=False, comment="home language; empty when Norwegian"),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("protected_address", sa.Boolean(), nullable=False),
        sa.Column(
            "identity_cipher",
            sa.LargeBinary(),
            nullable=True,
            comment="national number, encrypted by the application",
        ),
        sa.Column(
            "identity_index",
            sa.LargeBinary(),
            nullable=True,
            comment="keyed hash of the national number, for look-up only",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_children_municipality_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["services.id"], name=op.f("fk_children_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("identity_index", name=op.f("uq_children_identity_index")),
    )
    op.create_index(op.f("ix_children_municipality_id"), "children", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_children_unit_id"), "children", ["unit_id"], unique=False)
    op.create_index("ix_children_unit_name", "children", ["unit_id", "last_name", "first_name"], unique=False)
    op.create_table(
        "service_reaches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_service_reaches_municipality_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_service_reaches_service_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["services.id"], name=op.f("fk_service_reaches_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_reaches")),
        sa.UniqueConstraint(
            "service_id", "municipality_id", name=op.f("uq_service_reaches_service_id_municipality_id")
        ),
        sa.UniqueConstraint("service_id", "unit_id", name=op.f("uq_service_reaches_service_id_unit_id")),
    )
    op.create_index(
        op.f("ix_service_reaches_municipality_id"), "service_reaches", ["municipality_id"], unique=False
    )
    op.create_index(op.f("ix_service_reaches_service_id"), "service_reaches", ["service_id"], unique=False)
    op.create_index(op.f("ix_service_reaches_unit_id"), "service_reaches", ["unit_id"], unique=False)
    op.create_table(
        "bars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("barred_by_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["barred_by_id"], ["practitioners.id"], name=op.f("fk_bars_barred_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_bars_child_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_bars_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_bars_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bars")),
        sa.UniqueConstraint("practitioner_id", "child_id", name=op.f("uq_bars_practitioner_id_child_id")),
    )
    op.create_index(op.f("ix_bars_child_id"), "bars", ["child_id"], unique=False)
    op.create_index(op.f("ix_bars_practitioner_id"), "bars", ["practitioner_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column(
            "number", sa.Text(), nullable=False, comment="year and running number, the name people use"
        ),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("guide_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Text(), nullable=False, comment="the guide's level"),
        sa.Column("step_id", sa.Text(), nullable=False, comment="the guide's step"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("holder_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relay_state", sa.Text(), nullable=False),
        sa.Column("offered_to_id", sa.Uuid(), nullable=True),
        sa.Column("shared_log", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("log_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closing",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="reason, the child's and the parents' verdict, follow-up",
        ),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("child_view_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concern_reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(relay_state = 'offered') = (offered_to_id IS NOT NULL)",
            name=op.f("ck_cases_offer_has_receiver"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_cases_closed_has_time")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_cases_child_id")),
        sa.ForeignKeyConstraint(["guide_id"], ["guides.id"], name=op.f("fk_cases_guide_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["practitioners.id"], name=op.f("fk_cases_holder_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_cases_municipality_id")
        ),
        sa.ForeignKeyConstraint(["offered_to_id"], ["practitioners.id"], name=op.f("fk_cases_offered_to_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["services.id"], name=op.f("fk_cases_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("municipality_id", "number", name=op.f("uq_cases_municipality_id_number")),
    )
    op.create_index(op.f("ix_cases_child_id"), "cases", ["child_id"], unique=False)
    op.create_index(op.f("ix_cases_guide_id"), "cases", ["guide_id"], unique=False)
    op.create_index(
        "ix_cases_holder_open",
        "cases",
        ["holder_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index(op.f("ix_cases_municipality_id"), "cases", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_cases_offered_to_id"), "cases", ["offered_to_id"], unique=False)
    op.create_index(
        "ix_cases_one_open", "cases", ["child_id"], unique=True, postgresql_where=sa.text("state <> 'closed'")
    )
    op.create_index(op.f("ix_cases_unit_id"), "cases", ["unit_id"], unique=False)
    op.create_table(
        "concern_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("worry", sa.Text(), nullable=False),
        sa.Column("child_said", sa.Text(), nullable=False),
        sa.Column("guardians_told", sa.Boolean(), nullable=False),
        sa.Column("why_not_told", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("violence", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_concern_reports_child_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_concern_reports_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["practitioners.id"], name=op.f("fk_concern_reports_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["practitioners.id"], name=op.f("fk_concern_reports_reporter_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_concern_reports_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_reports")),
    )
    op.create_index(op.f("ix_concern_reports_child_id"), "concern_reports", ["child_id"], unique=False)
    op.create_index(
        op.f("ix_concern_reports_municipality_id"), "concern_reports", ["municipality_id"], unique=False
    )
    op.create_index(op.f("ix_concern_reports_reporter_id"), "concern_reports", ["reporter_id"], unique=False)
    op.create_index(op.f("ix_concern_reports_service_id"), "concern_reports", ["service_id"], unique=False)
    op.create_table(
        "guardians",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("protected_address", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_guardians_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_guardians_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
    )
    op.create_index(op.f("ix_guardians_child_id"), "guardians", ["child_id"], unique=False)
    op.create_index(op.f("ix_guardians_municipality_id"), "guardians", ["municipality_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_sign_ins_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_sign_ins_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_assignment_id"), "sign_ins", ["assignment_id"], unique=False)
    op.create_index(op.f("ix_sign_ins_practitioner_id"), "sign_ins", ["practitioner_id"], unique=False)
    op.create_table(
        "archive_packages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_archive_packages_case_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_archive_packages_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_packages")),
    )
    op.create_index(op.f("ix_archive_packages_case_id"), "archive_packages", ["case_id"], unique=False)
    op.create_table(
        "case_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("level_before", sa.Text(), nullable=False),
        sa.Column("level_after", sa.Text(), nullable=False),
        sa.Column("guide_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column(
            "findings",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the guide's reasons, as codes",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_by_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_moves_case_id")),
        sa.ForeignKeyConstraint(["guide_id"], ["guides.id"], name=op.f("fk_case_moves_guide_id")),
        sa.ForeignKeyConstraint(
            ["moved_by_id"], ["practitioners.id"], name=op.f("fk_case_moves_moved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_case_moves_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_moves")),
    )
    op.create_index(op.f("ix_case_moves_case_id"), "case_moves", ["case_id"], unique=False)
    op.create_table(
        "case_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Text(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("done_by_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["practitioners.id"], name=op.f("fk_case_steps_done_by_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_case_steps_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    )
    op.create_index(op.f("ix_case_steps_case_id"), "case_steps", ["case_id"], unique=False)
    op.create_table(
        "child_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why_not", sa.Text(), nullable=False),
        sa.Column("talked_by_id", sa.Uuid(), nullable=False),
        sa.Column("talked_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_child_views_case_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_child_views_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["talked_by_id"], ["practitioners.id"], name=op.f("fk_child_views_talked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_views")),
    )
    op.create_index(op.f("ix_child_views_case_id"), "child_views", ["case_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "shared", sa.Text(), nullable=False, comment="what is shared, in the words the family was given"
        ),
        sa.Column("not_shared", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["practitioners.id"], name=op.f("fk_consents_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consents_case_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardians.id"], name=op.f("fk_consents_guardian_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_consents_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["practitioners.id"], name=op.f("fk_consents_received_by_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_consents_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_guardian_id"), "consents", ["guardian_id"], unique=False)
    op.create_index(op.f("ix_consents_service_id"), "consents", ["service_id"], unique=False)
    op.create_index(
        "uq_consents_child",
        "consents",
        ["case_id", "service_id"],
        unique=True,
        postgresql_where=sa.text("guardian_id IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "uq_consents_guardian",
        "consents",
        ["case_id", "guardian_id", "service_id"],
        unique=True,
        postgresql_where=sa.text("guardian_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "coordinations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_coordinations_case_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_coordinations_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinations")),
    )
    op.create_index(
        "uq_coordinations_running",
        "coordinations",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Text(), nullable=False, comment="what the next holder must know first"),
        sa.Column("family_told_on", sa.Date(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_handovers_case_id")),
        sa.ForeignKeyConstraint(["from_id"], ["practitioners.id"], name=op.f("fk_handovers_from_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_handovers_municipality_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["practitioners.id"], name=op.f("fk_handovers_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_case_id"), "handovers", ["case_id"], unique=False)
    op.create_index(op.f("ix_handovers_to_id"), "handovers", ["to_id"], unique=False)
    op.create_table(
        "log_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "code", sa.Text(), nullable=True, comment="for entries the system writes: which text to show"
        ),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="values for the system's text, never free text",
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("for_family", sa.Boolean(), nullable=False),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
        sa.Column("hidden_until", sa.Date(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "for_family OR hidden_reason IS NOT NULL", name=op.f("ck_log_entries_hidden_has_reason")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["practitioners.id"], name=op.f("fk_log_entries_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_log_entries_case_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["log_entries.id"], name=op.f("fk_log_entries_corrects_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_log_entries_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entries")),
    )
    op.create_index("ix_log_entries_case_time", "log_entries", ["case_id", "written_at"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=True, comment="the person saw it inside Stafetten"
        ),
        sa.Column(
            "claimed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="somebody is sending it until then",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True, comment="a code, never an address"),
        sa.Column("transport_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardians.id"], name=op.f("fk_notices_guardian_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_notices_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_notices_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_notices_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_case_id"), "notices", ["case_id"], unique=False)
    op.create_index(op.f("ix_notices_practitioner_id"), "notices", ["practitioner_id"], unique=False)
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["written_at"],
        unique=False,
        postgresql_where=sa.text("state = 'written'"),
    )
    op.create_table(
        "participations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_participations_case_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_participations_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_participations_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_participations_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
    )
    op.create_index(op.f("ix_participations_case_id"), "participations", ["case_id"], unique=False)
    op.create_index(
        "ix_participations_current",
        "participations",
        ["practitioner_id", "case_id"],
        unique=False,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index(op.f("ix_participations_service_id"), "participations", ["service_id"], unique=False)
    op.create_table(
        "signals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("guide_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Text(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("talked_with", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("observation", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True, comment="the guide's outcome code"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["practitioners.id"], name=op.f("fk_signals_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signals_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_signals_child_id")),
        sa.ForeignKeyConstraint(["guide_id"], ["guides.id"], name=op.f("fk_signals_guide_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["practitioners.id"], name=op.f("fk_signals_leader_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_signals_municipality_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["services.id"], name=op.f("fk_signals_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
    )
    op.create_index(op.f("ix_signals_author_id"), "signals", ["author_id"], unique=False)
    op.create_index(op.f("ix_signals_case_id"), "signals", ["case_id"], unique=False)
    op.create_index(op.f("ix_signals_child_id"), "signals", ["child_id"], unique=False)
    op.create_index(op.f("ix_signals_decided_at"), "signals", ["decided_at"], unique=False)
    op.create_index(op.f("ix_signals_guide_id"), "signals", ["guide_id"], unique=False)
    op.create_index(op.f("ix_signals_leader_id"), "signals", ["leader_id"], unique=False)
    op.create_index(op.f("ix_signals_municipality_id"), "signals", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_signals_unit_id"), "signals", ["unit_id"], unique=False)
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("signal_id", sa.Uuid(), nullable=True),
        sa.Column(
            "subject_kind",
            sa.Text(),
            nullable=False,
            comment="case, signal, invitation, measure, meeting, handover, consent, report",
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False, comment="the guide's clock id, or a statute's code"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "due",
            sa.Text(),
            nullable=False,
            comment="what must have happened: decision, reply, acceptance, evaluation, meeting …",
        ),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="the instant it is missed: the end of the target day, local time",
        ),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "suspensions",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="pairs of dates during which the clock stood still",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (state IN ('running', 'missed'))",
            name=op.f("ck_deadlines_pending_until_settled"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deadlines_case_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_deadlines_municipality_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["practitioners.id"], name=op.f("fk_deadlines_owner_id")),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.id"], name=op.f("fk_deadlines_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
    )
    op.create_index(
        "ix_deadlines_case",
        "deadlines",
        ["case_id", "target_on"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(op.f("ix_deadlines_owner_id"), "deadlines", ["owner_id"], unique=False)
    op.create_index(
        "ix_deadlines_running",
        "deadlines",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(op.f("ix_deadlines_signal_id"), "deadlines", ["signal_id"], unique=False)
    op.create_index("ix_deadlines_subject", "deadlines", ["subject_id", "state"], unique=False)
    op.create_index(
        "ix_deadlines_town",
        "deadlines",
        ["municipality_id", "target_on"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("coordination_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("needed", sa.Text(), nullable=False, comment="what the case needs from the service"),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["practitioners.id"], name=op.f("fk_invitations_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["practitioners.id"], name=op.f("fk_invitations_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_invitations_case_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["practitioners.id"], name=op.f("fk_invitations_contact_id")),
        sa.ForeignKeyConstraint(
            ["coordination_id"], ["coordinations.id"], name=op.f("fk_invitations_coordination_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_invitations_municipality_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_invitations_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_case_id"), "invitations", ["case_id"], unique=False)
    op.create_index(op.f("ix_invitations_service_id"), "invitations", ["service_id"], unique=False)
    op.create_index(
        "uq_invitations_open",
        "invitations",
        ["coordination_id", "service_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("coordination_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("video_link", sa.Text(), nullable=False),
        sa.Column(
            "agenda",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="points in order: code or text",
        ),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column(
            "decisions",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what was decided, in order",
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meetings_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["practitioners.id"], name=op.f("fk_meetings_called_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_meetings_case_id")),
        sa.ForeignKeyConstraint(
            ["coordination_id"], ["coordinations.id"], name=op.f("fk_meetings_coordination_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_meetings_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_index(op.f("ix_meetings_case_id"), "meetings", ["case_id"], unique=False)
    op.create_index(op.f("ix_meetings_coordination_id"), "meetings", ["coordination_id"], unique=False)
    op.create_table(
        "signal_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["practitioners.id"], name=op.f("fk_signal_notes_author_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_signal_notes_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signals.id"], name=op.f("fk_signal_notes_signal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_notes")),
    )
    op.create_index(
        op.f("ix_signal_notes_municipality_id"), "signal_notes", ["municipality_id"], unique=False
    )
    op.create_index(op.f("ix_signal_notes_signal_id"), "signal_notes", ["signal_id"], unique=False)
    op.create_table(
        "attendances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("the_child", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardians.id"], name=op.f("fk_attendances_guardian_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_attendances_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_attendances_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_attendances_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
    )
    op.create_index(op.f("ix_attendances_meeting_id"), "attendances", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_attendances_practitioner_id"), "attendances", ["practitioner_id"], unique=False)
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("arena", sa.Text(), nullable=False),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_service_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("evaluate_on", sa.Date(), nullable=False),
        sa.Column("decided_in_id", sa.Uuid(), nullable=True),
        sa.Column("last_result", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_measures_case_id")),
        sa.ForeignKeyConstraint(["decided_in_id"], ["meetings.id"], name=op.f("fk_measures_decided_in_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_measures_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["practitioners.id"], name=op.f("fk_measures_responsible_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_service_id"], ["services.id"], name=op.f("fk_measures_responsible_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    op.create_index(op.f("ix_measures_case_id"), "measures", ["case_id"], unique=False)
    op.create_index(op.f("ix_measures_responsible_id"), "measures", ["responsible_id"], unique=False)
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("child_said", sa.Text(), nullable=False),
        sa.Column("child_not_asked", sa.Text(), nullable=False, comment="why the child was not asked"),
        sa.Column("guardians_said", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("onward", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("evaluated_by_id", sa.Uuid(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evaluations_case_id")),
        sa.ForeignKeyConstraint(
            ["evaluated_by_id"], ["practitioners.id"], name=op.f("fk_evaluations_evaluated_by_id")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_evaluations_measure_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_evaluations_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
    )
    op.create_index(op.f("ix_evaluations_measure_id"), "evaluations", ["measure_id"], unique=False)
    op.create_check_constraint(
        op.f("ck_municipalities_language"), "municipalities", "language IN ('nb', 'nn', 'en')"
    )
    op.create_check_constraint(
        op.f("ck_practitioners_language"), "practitioners", "language IN ('nb', 'nn', 'en')"
    )
    op.create_check_constraint(
        op.f("ck_guides_sector"),
        "guides",
        "sector IN ('school', 'kindergarten', 'health_station', 'culture', 'all')",
    )
    op.create_check_constraint(
        op.f("ck_guides_state"), "guides", "state IN ('draft', 'published', 'retired')"
    )
    op.create_check_constraint(
        op.f("ck_services_kind"),
        "services",
        "kind IN ('school', 'kindergarten', 'health_station', 'school_health', 'counselling_service', 'child_welfare', 'leisure', 'administration')",
    )
    op.create_check_constraint(
        op.f("ck_assignments_role"),
        "assignments",
        "role IN ('educator', 'health_nurse', 'counsellor', 'child_welfare_worker', 'unit_leader', 'coordinator', 'manager', 'administrator', 'operator')",
    )
    op.create_check_constraint(
        op.f("ck_cases_state"), "cases", "state IN ('level_0', 'level_1', 'level_2', 'level_3', 'closed')"
    )
    op.create_check_constraint(
        op.f("ck_cases_relay_state"), "cases", "relay_state IN ('held', 'offered', 'put_aside')"
    )
    op.create_check_constraint(
        op.f("ck_concern_reports_state"), "concern_reports", "state IN ('saved', 'delivered', 'opened')"
    )
    op.create_check_constraint(
        op.f("ck_guardians_relation"),
        "guardians",
        "relation IN ('mother', 'father', 'co_parent', 'foster_parent', 'other')",
    )
    op.create_check_constraint(
        op.f("ck_case_moves_verdict"),
        "case_moves",
        "verdict IN ('allowed', 'allowed_late', 'warned', 'not_in_guide')",
    )
    op.create_check_constraint(op.f("ck_case_steps_outcome"), "case_steps", "outcome IN ('done', 'skipped')")
    op.create_check_constraint(
        op.f("ck_case_steps_verdict"),
        "case_steps",
        "verdict IN ('allowed', 'allowed_late', 'warned', 'not_in_guide')",
    )
    op.create_check_constraint(
        op.f("ck_consents_state"),
        "consents",
        "state IN ('asked', 'given', 'limited', 'declined', 'withdrawn', 'expired')",
    )
    op.create_check_constraint(
        op.f("ck_consents_channel"), "consents", "channel IN ('portal', 'paper', 'oral')"
    )
    op.create_check_constraint(
        op.f("ck_coordinations_state"),
        "coordinations",
        "state IN ('inviting', 'gathering', 'meeting', 'acting', 'evaluating', 'ended')",
    )
    op.create_check_constraint(
        op.f("ck_handovers_outcome"),
        "handovers",
        "outcome IN ('offered', 'accepted', 'declined', 'lapsed', 'withdrawn', 'taken_over')",
    )
    op.create_check_constraint(
        op.f("ck_log_entries_kind"),
        "log_entries",
        "kind IN ('conversation', 'phone_call', 'meeting', 'observation', 'decision', 'child_view', 'consent', 'level', 'baton', 'invitation', 'measure', 'system')",
    )
    op.create_check_constraint(
        op.f("ck_notices_state"), "notices", "state IN ('written', 'sent', 'failed', 'dropped')"
    )
    op.create_check_constraint(
        op.f("ck_participations_kind"), "participations", "kind IN ('holder', 'leader', 'member', 'service')"
    )
    op.create_check_constraint(
        op.f("ck_signals_state"), "signals", "state IN ('noticed', 'discussed', 'resolved', 'raised')"
    )
    op.create_check_constraint(
        op.f("ck_signals_strength"), "signals", "strength IN ('wondering', 'worried', 'very_worried')"
    )
    op.create_check_constraint(
        op.f("ck_deadlines_source"), "deadlines", "source IN ('guide', 'statute', 'agreement')"
    )
    op.create_check_constraint(
        op.f("ck_deadlines_state"),
        "deadlines",
        "state IN ('running', 'met', 'missed', 'met_late', 'dropped')",
    )
    op.create_check_constraint(
        op.f("ck_invitations_state"),
        "invitations",
        "state IN ('queued', 'sent', 'needs_more', 'accepted', 'declined', 'expired', 'withdrawn')",
    )
    op.create_check_constraint(
        op.f("ck_meetings_kind"),
        "meetings",
        "kind IN ('joint', 'evaluation', 'resource_team', 'decision_forum')",
    )
    op.create_check_constraint(
        op.f("ck_meetings_state"), "meetings", "state IN ('planned', 'summoned', 'held', 'cancelled')"
    )
    op.create_check_constraint(
        op.f("ck_signal_notes_kind"),
        "signal_notes",
        "kind IN ('observation', 'talk_child', 'talk_guardians', 'talk_colleague', 'leader_note')",
    )
    op.create_check_constraint(
        op.f("ck_attendances_answer"), "attendances", "answer IN ('none', 'yes', 'no', 'maybe')"
    )
    op.create_check_constraint(
        op.f("ck_measures_state"), "measures", "state IN ('planned', 'running', 'ended')"
    )
    op.create_check_constraint(
        op.f("ck_measures_last_result"),
        "measures",
        "last_result IN ('reached', 'on_the_way', 'no_change', 'worse')",
    )
    op.create_check_constraint(
        op.f("ck_evaluations_result"),
        "evaluations",
        "result IN ('reached', 'on_the_way', 'no_change', 'worse')",
    )
    op.create_check_constraint(
        op.f("ck_evaluations_onward"), "evaluations", "onward IN ('continue', 'change', 'end')"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_evaluations_measure_id"), table_name="evaluations")
    op.drop_table("evaluations")
    op.drop_index(op.f("ix_measures_responsible_id"), table_name="measures")
    op.drop_index(op.f("ix_measures_case_id"), table_name="measures")
    op.drop_table("measures")
    op.drop_index(op.f("ix_attendances_practitioner_id"), table_name="attendances")
    op.drop_index(op.f("ix_attendances_meeting_id"), table_name="attendances")
    op.drop_table("attendances")
    op.drop_index(op.f("ix_signal_notes_signal_id"), table_name="signal_notes")
    op.drop_index(op.f("ix_signal_notes_municipality_id"), table_name="signal_notes")
    op.drop_table("signal_notes")
    op.drop_index(op.f("ix_meetings_coordination_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_case_id"), table_name="meetings")
    op.drop_table("meetings")
    op.drop_index(
        "uq_invitations_open", table_name="invitations", postgresql_where=sa.text("state <> 'withdrawn'")
    )
    op.drop_index(op.f("ix_invitations_service_id"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_case_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index("ix_deadlines_town", table_name="deadlines", postgresql_where=sa.text("settled_at IS NULL"))
    op.drop_index("ix_deadlines_subject", table_name="deadlines")
    op.drop_index(op.f("ix_deadlines_signal_id"), table_name="deadlines")
    op.drop_index(
        "ix_deadlines_running", table_name="deadlines", postgresql_where=sa.text("state = 'running'")
    )
    op.drop_index(op.f("ix_deadlines_owner_id"), table_name="deadlines")
    op.drop_index("ix_deadlines_case", table_name="deadlines", postgresql_where=sa.text("settled_at IS NULL"))
    op.drop_table("deadlines")
    op.drop_index(op.f("ix_signals_unit_id"), table_name="signals")
    op.drop_index(op.f("ix_signals_municipality_id"), table_name="signals")
    op.drop_index(op.f("ix_signals_leader_id"), table_name="signals")
    op.drop_index(op.f("ix_signals_guide_id"), table_name="signals")
    op.drop_index(op.f("ix_signals_decided_at"), table_name="signals")
    op.drop_index(op.f("ix_signals_child_id"), table_name="signals")
    op.drop_index(op.f("ix_signals_case_id"), table_name="signals")
    op.drop_index(op.f("ix_signals_author_id"), table_name="signals")
    op.drop_table("signals")
    op.drop_index(op.f("ix_participations_service_id"), table_name="participations")
    op.drop_index(
        "ix_participations_current", table_name="participations", postgresql_where=sa.text("until IS NULL")
    )
    op.drop_index(op.f("ix_participations_case_id"), table_name="participations")
    op.drop_table("participations")
    op.drop_index("ix_notices_waiting", table_name="notices", postgresql_where=sa.text("state = 'written'"))
    op.drop_index(op.f("ix_notices_practitioner_id"), table_name="notices")
    op.drop_index(op.f("ix_notices_case_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_index("ix_log_entries_case_time", table_name="log_entries")
    op.drop_table("log_entries")
    op.drop_index(op.f("ix_handovers_to_id"), table_name="handovers")
    op.drop_index(op.f("ix_handovers_case_id"), table_name="handovers")
    op.drop_table("handovers")
    op.drop_index(
        "uq_coordinations_running", table_name="coordinations", postgresql_where=sa.text("state <> 'ended'")
    )
    op.drop_table("coordinations")
    op.drop_index(
        "uq_consents_guardian",
        table_name="consents",
        postgresql_where=sa.text("guardian_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index(
        "uq_consents_child",
        table_name="consents",
        postgresql_where=sa.text("guardian_id IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index(op.f("ix_consents_service_id"), table_name="consents")
    op.drop_index(op.f("ix_consents_guardian_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("ix_child_views_case_id"), table_name="child_views")
    op.drop_table("child_views")
    op.drop_index(op.f("ix_case_steps_case_id"), table_name="case_steps")
    op.drop_table("case_steps")
    op.drop_index(op.f("ix_case_moves_case_id"), table_name="case_moves")
    op.drop_table("case_moves")
    op.drop_index(op.f("ix_archive_packages_case_id"), table_name="archive_packages")
    op.drop_table("archive_packages")
    op.drop_index(op.f("ix_sign_ins_practitioner_id"), table_name="sign_ins")
    op.drop_index(op.f("ix_sign_ins_assignment_id"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index(op.f("ix_guardians_municipality_id"), table_name="guardians")
    op.drop_index(op.f("ix_guardians_child_id"), table_name="guardians")
    op.drop_table("guardians")
    op.drop_index(op.f("ix_concern_reports_service_id"), table_name="concern_reports")
    op.drop_index(op.f("ix_concern_reports_reporter_id"), table_name="concern_reports")
    op.drop_index(op.f("ix_concern_reports_municipality_id"), table_name="concern_reports")
    op.drop_index(op.f("ix_concern_reports_child_id"), table_name="concern_reports")
    op.drop_table("concern_reports")
    op.drop_index(op.f("ix_cases_unit_id"), table_name="cases")
    op.drop_index("ix_cases_one_open", table_name="cases", postgresql_where=sa.text("state <> 'closed'"))
    op.drop_index(op.f("ix_cases_offered_to_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_municipality_id"), table_name="cases")
    op.drop_index("ix_cases_holder_open", table_name="cases", postgresql_where=sa.text("state <> 'closed'"))
    op.drop_index(op.f("ix_cases_guide_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_child_id"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_bars_practitioner_id"), table_name="bars")
    op.drop_index(op.f("ix_bars_child_id"), table_name="bars")
    op.drop_table("bars")
    op.drop_index(op.f("ix_service_reaches_unit_id"), table_name="service_reaches")
    op.drop_index(op.f("ix_service_reaches_service_id"), table_name="service_reaches")
    op.drop_index(op.f("ix_service_reaches_municipality_id"), table_name="service_reaches")
    op.drop_table("service_reaches")
    op.drop_index("ix_children_unit_name", table_name="children")
    op.drop_index(op.f("ix_children_unit_id"), table_name="children")
    op.drop_index(op.f("ix_children_municipality_id"), table_name="children")
    op.drop_table("children")
    op.drop_index(op.f("ix_assignments_service_id"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_practitioner_id"), table_name="assignments")
    op.drop_index("ix_assignments_current", table_name="assignments")
    op.drop_table("assignments")
    op.drop_index(op.f("ix_services_municipality_id"), table_name="services")
    op.drop_index(op.f("ix_services_leader_id"), table_name="services")
    op.drop_table("services")
    op.drop_index("uq_indicator_figures", table_name="indicator_figures")
    op.drop_table("indicator_figures")
    op.drop_index("uq_guides_published", table_name="guides", postgresql_where=sa.text("state = 'published'"))
    op.drop_table("guides")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_audit_heads_municipality_id"), table_name="audit_heads")
    op.drop_index(op.f("ix_audit_heads_changed_at"), table_name="audit_heads")
    op.drop_table("audit_heads")
    op.drop_table("audit_anchors")
    op.drop_index("ix_audit_actor", table_name="audit")
    op.drop_table("audit")
    op.drop_index(op.f("ix_api_tokens_practitioner_id"), table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_table("practitioners")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("carried_at IS NULL"))
    op.drop_index("ix_outbox_unfinished", table_name="outbox", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_table("outbox")
    op.drop_table("municipalities")
    op.drop_index(op.f("ix_done_acts_at"), table_name="done_acts")
    op.drop_table("done_acts")
