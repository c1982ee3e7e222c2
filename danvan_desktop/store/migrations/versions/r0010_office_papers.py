"""Papers other than reports: drafts, frozen bytes, numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("template", "title", "state")),
        sa.Column("draft", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("created_at", "created_by", "changed_at", "changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
    )
    op.create_table(
        "paper_frozen",
        sa.Column("paper_id", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("sha256", "at", "by")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_frozen_paper_id_paper"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_paper_frozen"),
    )
    op.create_table(
        "paper_issue",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("paper_id", sa.Text, nullable=False),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("date", "at", "by")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper_frozen.paper_id"], name="fk_paper_issue_paper_id_paper_frozen"),
        sa.PrimaryKeyConstraint("seq", name="pk_paper_issue"),
        sa.UniqueConstraint("paper_id", name="uq_paper_issue_paper_id"),
    )
    op.create_index("ix_paper_issue_series", "paper_issue", ["series", "year", "number"], unique=True)
    for table in ("paper_frozen", "paper_issue"):
        for verb in ("update", "delete"):
            name = f"{table}_no_{verb}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{name}'); END")
