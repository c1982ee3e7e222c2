"""The tables of plans: their tasks, what was done of them, what proves it, the targets of the year."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text
from sqlalchemy import text as sql

from .schema_base import metadata, number, text

plan = Table(
    "plan",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    text("title"),
    text("number_symbol"),
    text("issued_on", null=True),
    number("year", null=True),
    text("issuer"),
    text("source_name"),
    text("source_sha256"),
    Column("body", JSON, nullable=False),
    text("created_at"),
    text("created_by"),
)

task = Table(
    "task",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    Column("plan_id", Text, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False, index=True),
    number("area", null=True),
    text("mark"),
    text("text"),
    text("lead_unit", null=True),
    Column("helpers", JSON, nullable=False),
    text("due_on", null=True),
    number("progress"),
    text("status"),
    number("position"),
    text("done_on", null=True),
    Column("recurrence", Text, nullable=False, server_default="none"),  # a word of planning.recurrence
    number("due_day", null=True),  # the day of the month a person set: 31 gives 28/02, then 31/03 again
    Column("note", Text, nullable=False, server_default=sql("''")),
    Column("evidence", JSON, nullable=False, server_default="[]"),  # blob hashes
)

plan_target = Table(
    "plan_target",
    metadata,
    text("indicator"),
    number("year"),
    number("value"),  # at the scale the figure is printed with
    text("source"),
    text("at"),
    text("by"),
    PrimaryKeyConstraint("indicator", "year"),
)

# Each time a task was done: one line an occurrence. One undone is marked and stays; what stood before it comes back.
task_occurrence = Table(
    "task_occurrence",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("task_id", Text, ForeignKey("task.id", ondelete="CASCADE"), nullable=False, index=True),
    text("due_on", null=True),  # the last day of this occurrence
    text("done_on"),
    text("note"),
    number("progress"),  # before it was done
    text("status"),  # before it was done
    text("at"),
    text("by"),
    text("undone_at", null=True),
    text("undone_by", null=True),
)

# Records that prove a task was done. A record in the bin keeps its link and is not shown.
task_record = Table(
    "task_record",
    metadata,
    Column("task_id", Text, ForeignKey("task.id", ondelete="CASCADE"), nullable=False),
    Column("record_id", Text, ForeignKey("record.id", ondelete="CASCADE"), nullable=False, index=True),
    text("at"),
    text("by"),
    PrimaryKeyConstraint("task_id", "record_id"),
)
