"""The tables of the report desk: kept states of drafts, and comments on them. They are never printed and never sent."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from .schema_base import metadata, number, text

# What happened to a revision, in order; no foreign key: a discarded draft takes its moments along.
report_moment = Table(
    "report_moment",
    metadata,
    Column("seq", Integer, primary_key=True),
    text("report_id"),
    number("revision"),
    text("act"),  # made | saved | refreshed | submitted | looked | returned | approved
    text("remarks"),
    Column("draft", LargeBinary),  # compressed canonical bytes; none where they are those of an earlier moment
    text("sha256"),  # of the draft's canonical bytes
    text("at"),
    text("by"),
    Index("ix_report_moment_report", "report_id", "revision"),
)

report_comment = Table(
    "report_comment",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    text("report_id"),
    number("revision"),
    text("section"),
    text("quote"),  # the words of the section it is about; empty: the whole section
    text("body"),
    text("at"),
    text("by"),
    text("resolved_at", null=True),
    text("resolved_by", null=True),
    Index("ix_report_comment_report", "report_id", "revision"),
)
