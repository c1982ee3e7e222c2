"""Kept states of drafts with what was done at them, and comments of colleagues on a draft."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_moment",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("report_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("remarks", sa.Text, nullable=False),
        sa.Column("draft", sa.LargeBinary),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_index("ix_report_moment_report", "report_moment", ["report_id", "revision"], unique=False)
    op.create_table(
        "report_comment",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("report_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("resolved_at", sa.Text),
        sa.Column("resolved_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_report_comment"),
    )
    op.create_index("ix_report_comment_report", "report_comment", ["report_id", "revision"], unique=False)
    name = "report_moment_no_update"
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON report_moment BEGIN SELECT RAISE(ABORT, '{name}'); END")
    for table in ("report_moment", "report_comment"):  # they go with a discarded draft, never with a frozen report
        name = f"{table}_no_delete"
        frozen = (
            "EXISTS (SELECT 1 FROM report_frozen f WHERE f.report_id = OLD.report_id AND f.revision = OLD.revision)"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN {frozen} BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
