"""The tables of a home. Migrations make them; a test keeps both alike.

Two kinds of tables: living ones (records, plans, settings), and insert-only ones (revisions, frozen reports, issue
records, package bytes, the audit chain) whose rows the triggers of :data:`TRIGGERS` protect from UPDATE and DELETE.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from .schema_base import metadata as metadata
from .schema_base import number, text
from .schema_desk import report_comment as report_comment
from .schema_desk import report_moment as report_moment
from .schema_papers import paper as paper
from .schema_papers import paper_frozen as paper_frozen
from .schema_papers import paper_issue as paper_issue
from .schema_plans import plan as plan
from .schema_plans import plan_target as plan_target
from .schema_plans import task as task
from .schema_plans import task_occurrence as task_occurrence
from .schema_plans import task_record as task_record

DATA_FORMAT = 10
"""Version of the data format; also ``PRAGMA user_version``. A newer one is refused, an older one upgraded."""

HEAD_REVISION = "0010"
"""The newest migration; a test compares it with the migrations folder."""

meta = Table("meta", metadata, Column("key", Text, primary_key=True, nullable=False), text("value"))

record = Table(
    "record",
    metadata,
    Column("seq", Integer, primary_key=True),  # the rowid: what the full-text tables and side tables point at
    Column("id", Text, nullable=False, unique=True),
    text("form"),
    number("form_version"),
    text("unit"),
    text("state"),  # draft | final
    text("event_date", null=True),  # ISO; the last day of the month for month forms
    Column("data", JSON, nullable=False),  # the form's values; fields this program does not know stay inside
    Column("villages", JSON, nullable=False),
    Column("secondary_areas", JSON, nullable=False),
    text("note"),
    Column("evidence", JSON, nullable=False),
    number("revision"),
    text("created_at"),
    text("created_by"),
    text("changed_at"),
    text("changed_by"),
    Column("deleted", Boolean, nullable=False),
    Index("ix_record_list", "form", "deleted", "event_date", "seq"),
    Index("ix_record_state", "form", "deleted", "state", "event_date", "seq"),
    Index("ix_record_unit", "form", "deleted", "unit", "event_date", "seq"),
    Index("ix_record_changed", "form", "deleted", "changed_at", "seq"),
)

record_value = Table(
    "record_value",
    metadata,
    number("record_seq"),
    text("field"),
    text("form"),
    Column("deleted", Boolean, nullable=False),
    text("text_value", null=True),
    number("integer_value", null=True),
    text("date_value", null=True),
    Column("order_key", LargeBinary, nullable=True),  # bytes in the order of the value; NULL: empty
    PrimaryKeyConstraint("record_seq", "field"),
    ForeignKeyConstraint(["record_seq"], ["record.seq"], ondelete="CASCADE"),
    Index("ix_record_value_order", "form", "field", "deleted", "order_key", "record_seq"),
    Index("ix_record_value_text", "form", "field", "text_value", "record_seq"),
    sqlite_with_rowid=False,
)

record_village = Table(
    "record_village",
    metadata,
    number("record_seq"),
    text("village_id"),
    PrimaryKeyConstraint("record_seq", "village_id"),
    ForeignKeyConstraint(["record_seq"], ["record.seq"], ondelete="CASCADE"),
    Index("ix_record_village_village", "village_id", "record_seq"),
    sqlite_with_rowid=False,
)

record_revision = Table(
    "record_revision",
    metadata,
    text("record_id"),
    number("revision"),
    text("at"),
    text("by"),
    text("why"),
    text("action"),  # insert | update | delete | undelete
    Column("snapshot", JSON, nullable=False),
    PrimaryKeyConstraint("record_id", "revision"),
)

# While a row stands here (inside one transaction only) the triggers let earlier copies of that record be purged.
purge_permit = Table("purge_permit", metadata, Column("record_id", Text, primary_key=True, nullable=False))

protected_value = Table(
    "protected_value",
    metadata,
    Column("record_id", Text, primary_key=True, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # AES-256-GCM under the protected key, bound to the record id
    text("changed_at"),
)

# What an officer is typing and has not saved yet (services.drafts); the row goes when the record is saved.
record_draft = Table(
    "record_draft",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    text("account"),
    text("form"),
    text("record_id", null=True),  # NULL: a new record
    number("base_revision", null=True),
    text("started_at"),
    text("changed_at"),
    Column("body", JSON, nullable=False),
    Column("nonce", LargeBinary, nullable=True),
    Column("sealed", LargeBinary, nullable=True),  # protected values: as in protected_value, bound to the draft's id
    Index("ix_record_draft_account", "account", "changed_at"),
)

setting = Table(
    "setting", metadata, Column("key", Text, primary_key=True, nullable=False), Column("value", JSON, nullable=False)
)


def _place(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Text, primary_key=True, nullable=False),
        text("name"),
        text("short_name"),
        text("kind"),
        Column("active", Boolean, nullable=False),
        number("position"),
    )


agency = _place("agency")
village = _place("village")

# Dated links: a place goes into another on a day (merge), or has another name from a day on (rename). A mistaken one is
# marked as undone and stays.
place_event = Table(
    "place_event",
    metadata,
    Column("seq", Integer, primary_key=True),
    text("batch"),  # the rows of one merge
    text("action"),  # merge | rename
    text("place_kind"),  # agency | village
    text("place_id"),  # what it became
    text("old_id"),
    Column("created", Boolean, nullable=False),  # whether the merge made place_id
    text("old_name"),
    text("new_name"),
    text("old_short"),
    text("new_short"),
    text("on_day"),
    text("source"),
    text("at"),
    text("by"),
    text("undone_at", null=True),
    text("undone_by", null=True),
    Index("ix_place_event_place", "place_id", "old_id"),
)

nil_confirmation = Table(
    "nil_confirmation",
    metadata,
    Column("seq", Integer, primary_key=True),
    text("unit"),
    text("scope"),  # indicator key or form key
    text("first"),
    text("last"),
    text("at"),
    text("by"),
    text("revoked_at", null=True),
    text("revoked_by", null=True),
    Index("ix_nil_confirmation_window", "first", "last"),
)

report = Table(
    "report",
    metadata,
    text("id"),
    number("revision"),
    text("regime"),
    text("period"),
    text("state"),  # draft | submitted | frozen
    Column("draft", JSON, nullable=False),
    number("version"),
    text("created_at"),
    text("created_by"),
    text("changed_at"),
    text("changed_by"),
    text("remarks"),  # of the leader who sent the draft back
    PrimaryKeyConstraint("id", "revision"),
    Index("ix_report_regime_period", "regime", "period"),
)

report_frozen = Table(
    "report_frozen",
    metadata,
    text("report_id"),
    number("revision"),
    Column("data", LargeBinary, nullable=False),
    text("sha256"),
    text("at"),
    text("by"),
    PrimaryKeyConstraint("report_id", "revision"),
    ForeignKeyConstraint(["report_id", "revision"], ["report.id", "report.revision"]),
)

report_issue = Table(
    "report_issue",
    metadata,
    Column("seq", Integer, primary_key=True),
    text("report_id"),
    number("revision"),
    text("series"),
    number("year"),
    number("number"),
    text("date"),
    text("mode"),  # paper | electronic
    text("at"),
    text("by"),
    ForeignKeyConstraint(["report_id", "revision"], ["report_frozen.report_id", "report_frozen.revision"]),
    Index("ix_report_issue_series", "series", "year", "number"),
)

# A number reserved for an electronic signature that was abandoned (DESIGN §2.6): the issue stays, marked as released.
report_issue_release = Table(
    "report_issue_release",
    metadata,
    Column("issue_seq", Integer, ForeignKey("report_issue.seq"), primary_key=True, autoincrement=False),
    text("why"),
    text("at"),
    text("by"),
)

# A signed or scanned paper of a numbered report, its bytes in ``blob``; void once its issue is released.
report_paper = Table(
    "report_paper",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("issue_seq", Integer, ForeignKey("report_issue.seq"), nullable=False),
    text("kind"),  # person | agency | scan
    Column("sha256", Text, ForeignKey("blob.sha256"), nullable=False),
    text("signer"),
    text("at"),
    text("by"),
)

report_figure = Table(
    "report_figure",
    metadata,
    text("report_id"),
    number("revision"),
    text("figure"),
    Column("record_ids", JSON, nullable=False),
    PrimaryKeyConstraint("report_id", "revision", "figure"),
    ForeignKeyConstraint(["report_id", "revision"], ["report.id", "report.revision"]),
)

package = Table(
    "package",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    text("direction"),  # in | out
    text("kind"),
    Column("sha256", Text, nullable=False, index=True),
    text("office_id"),
    text("subject_id"),
    number("revision", null=True),
    text("verdict"),
    text("reason", null=True),
    text("status"),
    text("created_at"),
    Column("data", LargeBinary, nullable=False),
    Column("info", JSON, nullable=False),
    Index("ix_package_subject", "subject_id", "office_id"),
)

trust = Table(
    "trust",
    metadata,
    Column("fingerprint", Text, primary_key=True, nullable=False),
    Column("office_id", Text, nullable=False, index=True),
    text("name"),
    text("certificate_pem"),
    text("age_recipient"),
    text("status"),  # trusted | revoked | quarantine
    text("relation"),  # parent | child | ''
    text("confirmed_at", null=True),
    text("confirmed_by", null=True),
    number("position"),
)

# Which package answers which (a receipt its report), in either direction.
package_link = Table(
    "package_link",
    metadata,
    text("answer_id"),
    Column("package_id", Text, nullable=False, index=True),
    PrimaryKeyConstraint("answer_id", "package_id"),
)

received_report = Table(
    "received_report",
    metadata,
    Column("package_id", Text, primary_key=True, nullable=False),
    text("office_id"),
    text("unit"),
    text("subject_id"),  # the sender's report id
    text("regime"),
    text("period"),
    number("revision"),
    text("package_sha256"),
    Column("document", LargeBinary, nullable=False),
    text("state"),  # received | accepted | returned | superseded | recalled | undone
    Column("current", Boolean, nullable=False),
    text("received_at"),
    Index("ix_received_report_period", "regime", "period"),
    Index("ix_received_report_subject", "subject_id", "revision"),
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", Text, primary_key=True, nullable=False),
    text("name"),
    text("media_type"),
    Column("data", LargeBinary, nullable=False),
    text("created_at"),
)

# Records taken in from a spreadsheet, or a block pasted: one step, undone as one.
sheet_import = Table(
    "sheet_import",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    text("form"),
    text("source"),  # name of the file
    Column("sha256", Text, nullable=False, index=True),
    text("at"),
    text("by"),
    Column("record_ids", JSON, nullable=False),
    text("undone_at", null=True),
    text("undone_by", null=True),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("at"),
    text("account"),
    text("action"),
    text("subject"),
    Column("details", JSON, nullable=False),
    text("previous"),
    text("hash"),
    UniqueConstraint("hash"),
)

SEARCH_TABLES = ("search_open", "search_personal")
"""FTS5 tables over the folded words of a record: open values, and personal ones. Protected values are in neither."""

TRIGGERS = frozenset(
    f"{table}_no_{verb}"
    for table, verbs in {
        "audit_entry": ("update", "delete"),
        "record_revision": ("update", "delete"),
        "report_frozen": ("update", "delete"),
        "report_issue": ("update", "delete"),
        "report_issue_release": ("update", "delete"),
        "report_paper": ("update", "delete"),
        "report_moment": ("update", "delete"),
        "report_comment": ("delete",),
        "report_figure": ("update", "delete", "insert"),
        "paper_frozen": ("update", "delete"),
        "paper_issue": ("update", "delete"),
        "package": ("update", "delete"),
        "received_report": ("update", "delete"),
        "blob": ("update",),
    }.items()
    for verb in verbs
) | {"report_issue_taken", "report_frozen_draft"}
"""Names of the triggers that must exist in every home."""
