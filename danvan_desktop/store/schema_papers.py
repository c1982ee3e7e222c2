"""The tables of papers other than reports: drafts that change, frozen bytes and numbers that never do."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from .schema_base import metadata, number, text

paper = Table(
    "paper",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    text("template"),  # key in the catalogue
    text("title"),
    text("state"),  # draft | frozen
    Column("draft", JSON, nullable=False),
    number("version"),
    text("created_at"),
    text("created_by"),
    text("changed_at"),
    text("changed_by"),
)

paper_frozen = Table(
    "paper_frozen",
    metadata,
    Column("paper_id", Text, ForeignKey("paper.id"), primary_key=True, nullable=False),
    Column("data", LargeBinary, nullable=False),
    text("sha256"),
    text("at"),
    text("by"),
)

# Numbers of papers stand in the same series as those of reports (store.reports.ReportRepository.standing).
paper_issue = Table(
    "paper_issue",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("paper_id", Text, ForeignKey("paper_frozen.paper_id"), nullable=False, unique=True),
    text("series"),
    number("year"),
    number("number"),
    text("date"),
    text("at"),
    text("by"),
    Index("ix_paper_issue_series", "series", "year", "number", unique=True),
)
