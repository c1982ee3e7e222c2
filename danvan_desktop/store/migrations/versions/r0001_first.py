"""The first data format."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INSERT_ONLY = ("audit_entry", "report_frozen", "report_issue", "report_issue_release")


def upgrade() -> None:
    _tables()
    _search()
    _triggers()


def _search() -> None:
    for name in ("search_open", "search_personal"):
        op.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5"
            "(words, tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\", prefix = '2 3')"
        )
        # what is taken out of the index is overwritten, not only marked
        op.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('secure-delete', 1)")  # noqa: S608 - own names


def _refuse(name: str, verb: str, table: str, condition: str = "") -> None:
    when = f"WHEN {condition} " if condition else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{name}'); END")


def _triggers() -> None:
    for table in _INSERT_ONLY:
        _refuse(f"{table}_no_update", "UPDATE", table)
        _refuse(f"{table}_no_delete", "DELETE", table)
    # revisions are insert-only, but values whose class was raised, or whose term has ended, can be purged
    unpermitted = "NOT EXISTS (SELECT 1 FROM purge_permit WHERE record_id = OLD.record_id)"
    kept = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in ("record_id", "revision", "at", "by", "action"))
    _refuse("record_revision_no_update", "UPDATE", "record_revision", f"{unpermitted} OR {kept}")
    _refuse("record_revision_no_delete", "DELETE", "record_revision")
    # package and document bytes never change; their states do
    fixed = " OR ".join(
        f"NEW.{column} IS NOT OLD.{column}"
        for column in ("id", "direction", "kind", "sha256", "office_id", "subject_id", "revision", "created_at", "data")
    )
    _refuse("package_no_update", "UPDATE", "package", fixed)
    _refuse("package_no_delete", "DELETE", "package")
    fixed = " OR ".join(
        f"NEW.{column} IS NOT OLD.{column}"
        for column in ("package_id", "office_id", "subject_id", "revision", "package_sha256", "document", "received_at")
    )
    _refuse("received_report_no_update", "UPDATE", "received_report", fixed)
    _refuse("received_report_no_delete", "DELETE", "received_report")
    _refuse("blob_no_update", "UPDATE", "blob")
    # the records behind the figures of a frozen report stay as they were
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        same = f"f.report_id = {row}.report_id AND f.revision = {row}.revision"
        frozen = f"EXISTS (SELECT 1 FROM report_frozen f WHERE {same})"  # noqa: S608 - own names
        _refuse(f"report_figure_no_{verb.lower()}", verb, "report_figure", frozen)
    frozen = "EXISTS (SELECT 1 FROM report_frozen f WHERE f.report_id = OLD.id AND f.revision = OLD.revision)"
    changed = " OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in ("id", "revision", "regime", "period", "draft"))
    _refuse("report_frozen_draft", "UPDATE", "report", f"{frozen} AND ({changed})")
    taken = (
        "EXISTS (SELECT 1 FROM report_issue i WHERE i.series = NEW.series AND i.year = NEW.year "
        "AND i.number = NEW.number AND NOT EXISTS (SELECT 1 FROM report_issue_release r WHERE r.issue_seq = i.seq))"
    )
    _refuse("report_issue_taken", "INSERT", "report_issue", taken)


def _tables() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agency"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_entry"),
        sa.UniqueConstraint("hash", name="uq_audit_entry_hash"),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blob"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "nil_confirmation",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_nil_confirmation"),
    )
    op.create_index("ix_nil_confirmation_window", "nil_confirmation", ["first", "last"], unique=False)
    op.create_table(
        "package",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("info", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_package"),
        sa.UniqueConstraint("id", name="uq_package_id"),
    )
    op.create_index("ix_package_sha256", "package", ["sha256"], unique=False)
    op.create_index("ix_package_subject", "package", ["subject_id", "office_id"], unique=False)
    op.create_table(
        "package_link",
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "package_id", name="pk_package_link"),
    )
    op.create_index("ix_package_link_package_id", "package_link", ["package_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number_symbol", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )
    op.create_table(
        "protected_value",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_protected_value"),
    )
    op.create_table(
        "purge_permit",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_purge_permit"),
    )
    op.create_table(
        "received_report",
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("package_sha256", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("package_id", name="pk_received_report"),
    )
    op.create_index("ix_received_report_period", "received_report", ["regime", "period"], unique=False)
    op.create_index("ix_received_report_subject", "received_report", ["subject_id", "revision"], unique=False)
    op.create_table(
        "record",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("event_date", sa.Text(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("villages", sa.JSON(), nullable=False),
        sa.Column("secondary_areas", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_record"),
        sa.UniqueConstraint("id", name="uq_record_id"),
    )
    op.create_index("ix_record_changed", "record", ["form", "deleted", "changed_at", "seq"], unique=False)
    op.create_index("ix_record_list", "record", ["form", "deleted", "event_date", "seq"], unique=False)
    op.create_index("ix_record_unit", "record", ["form", "deleted", "unit", "event_date", "seq"], unique=False)
    op.create_table(
        "record_revision",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "revision", name="pk_record_revision"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name="pk_report"),
    )
    op.create_index("ix_report_regime_period", "report", ["regime", "period"], unique=False)
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    op.create_table(
        "trust",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("certificate_pem", sa.Text(), nullable=False),
        sa.Column("age_recipient", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_trust"),
    )
    op.create_index("ix_trust_office_id", "trust", ["office_id"], unique=False)
    op.create_table(
        "village",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_village"),
    )
    op.create_table(
        "record_value",
        sa.Column("record_seq", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("text_value", sa.Text(), nullable=True),
        sa.Column("integer_value", sa.Integer(), nullable=True),
        sa.Column("date_value", sa.Text(), nullable=True),
        sa.Column("order_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["record_seq"], ["record.seq"], name="fk_record_value_record_seq", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_seq", "field", name="pk_record_value"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_record_value_order", "record_value", ["form", "field", "deleted", "order_key", "record_seq"], unique=False
    )
    op.create_index("ix_record_value_text", "record_value", ["form", "field", "text_value", "record_seq"], unique=False)
    op.create_table(
        "record_village",
        sa.Column("record_seq", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_seq"], ["record.seq"], name="fk_record_village_record_seq", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_seq", "village_id", name="pk_record_village"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_record_village_village", "record_village", ["village_id", "record_seq"], unique=False)
    op.create_table(
        "report_figure",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("record_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id", "revision"], ["report.id", "report.revision"], name="fk_report_figure_report_id_revision"
        ),
        sa.PrimaryKeyConstraint("report_id", "revision", "figure", name="pk_report_figure"),
    )
    op.create_table(
        "report_frozen",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id", "revision"], ["report.id", "report.revision"], name="fk_report_frozen_report_id_revision"
        ),
        sa.PrimaryKeyConstraint("report_id", "revision", name="pk_report_frozen"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=True),
        sa.Column("helpers", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_task_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index("ix_task_plan_id", "task", ["plan_id"], unique=False)
    op.create_table(
        "report_issue",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id", "revision"],
            ["report_frozen.report_id", "report_frozen.revision"],
            name="fk_report_issue_report_id_revision",
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_report_issue"),
    )
    op.create_index("ix_report_issue_series", "report_issue", ["series", "year", "number"], unique=False)
    op.create_table(
        "report_issue_release",
        sa.Column("issue_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issue_seq"], ["report_issue.seq"], name="fk_report_issue_release_issue_seq"),
        sa.PrimaryKeyConstraint("issue_seq", name="pk_report_issue_release"),
    )
