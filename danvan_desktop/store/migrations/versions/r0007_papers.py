"""Signed and scanned papers of reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_paper",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("issue_seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("signer", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["issue_seq"], ["report_issue.seq"], name="fk_report_paper_issue_seq"),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name="fk_report_paper_sha256"),
    )
    for verb in ("update", "delete"):
        name = f"report_paper_no_{verb}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON report_paper BEGIN SELECT RAISE(ABORT, '{name}'); END")
