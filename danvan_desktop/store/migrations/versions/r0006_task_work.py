"""What was done of a task of the plan, what proves it, and when it comes again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("recurrence", sa.Text(), nullable=False, server_default="none"))
    op.add_column("task", sa.Column("due_day", sa.Integer(), nullable=True))
    op.add_column("task", sa.Column("note", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("task", sa.Column("evidence", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "task_occurrence",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_task_occurrence_task_id_task", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seq", name="pk_task_occurrence"),
    )
    op.create_index("ix_task_occurrence_task_id", "task_occurrence", ["task_id"], unique=False)
    op.create_table(
        "task_record",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_task_record_task_id_task", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name="fk_task_record_record_id_record", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "record_id", name="pk_task_record"),
    )
    op.create_index("ix_task_record_record_id", "task_record", ["record_id"], unique=False)
