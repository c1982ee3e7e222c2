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
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

DATA_FORMAT = 5
"""Version of the data format; also ``PRAGMA user_version``. A newer one is refused, an older one upgraded."""

HEAD_REVISION = "0005"
"""The newest migration; a test compares it with the migrations folder."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


meta = Table("meta", metadata, Column("key", Text, primary_key=True, nullable=False), _text("value"))

record = Table(
    "record",
    metadata,
    Column("seq", Integer, primary_key=True),  # the rowid: what the full-text tables and side tables point at
    Column("id", Text, nullable=False, unique=True),
    _text("form"),
    _number("form_version"),
    _text("unit"),
    _text("state"),  # draft | final
    _text("event_date", null=True),  # ISO; the last day of the month for month forms
    Column("data", JSON, nullable=False),  # the form's values; fields this program does not know stay inside
    Column("villages", JSON, nullable=False),
    Column("secondary_areas", JSON, nullable=False),
    _text("note"),
    Column("evidence", JSON, nullable=False),
    _number("revision"),
    _text("created_at"),
    _text("created_by"),
    _text("changed_at"),
    _text("changed_by"),
    Column("deleted", Boolean, nullable=False),
    Index("ix_record_list", "form", "deleted", "event_date", "seq"),
    Index("ix_record_unit", "form", "deleted", "unit", "event_date", "seq"),
    Index("ix_record_changed", "form", "deleted", "changed_at", "seq"),
)

record_value = Table(
    "record_value",
    metadata,
    _number("record_seq"),
    _text("field"),
    _text("form"),
    Column("deleted", Boolean, nullable=False),
    _text("text_value", null=True),
    _number("integer_value", null=True),
    _text("date_value", null=True),
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
    _number("record_seq"),
    _text("village_id"),
    PrimaryKeyConstraint("record_seq", "village_id"),
    ForeignKeyConstraint(["record_seq"], ["record.seq"], ondelete="CASCADE"),
    Index("ix_record_village_village", "village_id", "record_seq"),
    sqlite_with_rowid=False,
)

record_revision = Table(
    "record_revision",
    metadata,
    _text("record_id"),
    _number("revision"),
    _text("at"),
    _text("by"),
    _text("why"),
    _text("action"),  # insert | update | delete | undelete
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
    _text("changed_at"),
)

# What an officer is typing and has not saved yet (services.drafts); the row goes when the record is saved.
record_draft = Table(
    "record_draft",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    _text("account"),
    _text("form"),
    _text("record_id", null=True),  # NULL: a new record
    _number("base_revision", null=True),
    _text("started_at"),
    _text("changed_at"),
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
        _text("name"),
        _text("short_name"),
        _text("kind"),
        Column("active", Boolean, nullable=False),
        _number("position"),
    )


agency = _place("agency")
village = _place("village")

# Dated links: a place goes into another on a day (merge), or has another name from a day on (rename). A mistaken one is
# marked as undone and stays.
place_event = Table(
    "place_event",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("batch"),  # the rows of one merge
    _text("action"),  # merge | rename
    _text("place_kind"),  # agency | village
    _text("place_id"),  # what it became
    _text("old_id"),
    Column("created", Boolean, nullable=False),  # whether the merge made place_id
    _text("old_name"),
    _text("new_name"),
    _text("old_short"),
    _text("new_short"),
    _text("on_day"),
    _text("source"),
    _text("at"),
    _text("by"),
    _text("undone_at", null=True),
    _text("undone_by", null=True),
    Index("ix_place_event_place", "place_id", "old_id"),
)

plan_target = Table(
    "plan_target",
    metadata,
    _text("indicator"),
    _number("year"),
    _number("value"),  # at the scale the figure is printed with
    _text("source"),
    _text("at"),
    _text("by"),
    PrimaryKeyConstraint("indicator", "year"),
)

nil_confirmation = Table(
    "nil_confirmation",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("unit"),
    _text("scope"),  # indicator key or form key
    _text("first"),
    _text("last"),
    _text("at"),
    _text("by"),
    _text("revoked_at", null=True),
    _text("revoked_by", null=True),
    Index("ix_nil_confirmation_window", "first", "last"),
)

plan = Table(
    "plan",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    _text("title"),
    _text("number_symbol"),
    _text("issued_on", null=True),
    _number("year", null=True),
    _text("issuer"),
    _text("source_name"),
    _text("source_sha256"),
    Column("body", JSON, nullable=False),
    _text("created_at"),
    _text("created_by"),
)

task = Table(
    "task",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    Column("plan_id", Text, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False, index=True),
    _number("area", null=True),
    _text("mark"),
    _text("text"),
    _text("lead_unit", null=True),
    Column("helpers", JSON, nullable=False),
    _text("due_on", null=True),
    _number("progress"),
    _text("status"),
    _number("position"),
    _text("done_on", null=True),
)

report = Table(
    "report",
    metadata,
    _text("id"),
    _number("revision"),
    _text("regime"),
    _text("period"),
    _text("state"),  # draft | submitted | frozen
    Column("draft", JSON, nullable=False),
    _number("version"),
    _text("created_at"),
    _text("created_by"),
    _text("changed_at"),
    _text("changed_by"),
    _text("remarks"),  # of the leader who sent the draft back
    PrimaryKeyConstraint("id", "revision"),
    Index("ix_report_regime_period", "regime", "period"),
)

report_frozen = Table(
    "report_frozen",
    metadata,
    _text("report_id"),
    _number("revision"),
    Column("data", LargeBinary, nullable=False),
    _text("sha256"),
    _text("at"),
    _text("by"),
    PrimaryKeyConstraint("report_id", "revision"),
    ForeignKeyConstraint(["report_id", "revision"], ["report.id", "report.revision"]),
)

report_issue = Table(
    "report_issue",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("report_id"),
    _number("revision"),
    _text("series"),
    _number("year"),
    _number("number"),
    _text("date"),
    _text("mode"),  # paper | electronic
    _text("at"),
    _text("by"),
    ForeignKeyConstraint(["report_id", "revision"], ["report_frozen.report_id", "report_frozen.revision"]),
    Index("ix_report_issue_series", "series", "year", "number"),
)

# A number reserved for an electronic signature that was abandoned (DESIGN §2.6): the issue stays, marked as released.
report_issue_release = Table(
    "report_issue_release",
    metadata,
    Column("issue_seq", Integer, ForeignKey("report_issue.seq"), primary_key=True, autoincrement=False),
    _text("why"),
    _text("at"),
    _text("by"),
)

report_figure = Table(
    "report_figure",
    metadata,
    _text("report_id"),
    _number("revision"),
    _text("figure"),
    Column("record_ids", JSON, nullable=False),
    PrimaryKeyConstraint("report_id", "revision", "figure"),
    ForeignKeyConstraint(["report_id", "revision"], ["report.id", "report.revision"]),
)

package = Table(
    "package",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _text("direction"),  # in | out
    _text("kind"),
    Column("sha256", Text, nullable=False, index=True),
    _text("office_id"),
    _text("subject_id"),
    _number("revision", null=True),
    _text("verdict"),
    _text("reason", null=True),
    _text("status"),
    _text("created_at"),
    Column("data", LargeBinary, nullable=False),
    Column("info", JSON, nullable=False),
    Index("ix_package_subject", "subject_id", "office_id"),
)

trust = Table(
    "trust",
    metadata,
    Column("fingerprint", Text, primary_key=True, nullable=False),
    Column("office_id", Text, nullable=False, index=True),
    _text("name"),
    _text("certificate_pem"),
    _text("age_recipient"),
    _text("status"),  # trusted | revoked | quarantine
    _text("relation"),  # parent | child | ''
    _text("confirmed_at", null=True),
    _text("confirmed_by", null=True),
    _number("position"),
)

# Which package answers which (a receipt its report), in either direction.
package_link = Table(
    "package_link",
    metadata,
    _text("answer_id"),
    Column("package_id", Text, nullable=False, index=True),
    PrimaryKeyConstraint("answer_id", "package_id"),
)

received_report = Table(
    "received_report",
    metadata,
    Column("package_id", Text, primary_key=True, nullable=False),
    _text("office_id"),
    _text("unit"),
    _text("subject_id"),  # the sender's report id
    _text("regime"),
    _text("period"),
    _number("revision"),
    _text("package_sha256"),
    Column("document", LargeBinary, nullable=False),
    _text("state"),  # received | accepted | returned | superseded | recalled | undone
    Column("current", Boolean, nullable=False),
    _text("received_at"),
    Index("ix_received_report_period", "regime", "period"),
    Index("ix_received_report_subject", "subject_id", "revision"),
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", Text, primary_key=True, nullable=False),
    _text("name"),
    _text("media_type"),
    Column("data", LargeBinary, nullable=False),
    _text("created_at"),
)

# Records taken in from a spreadsheet, or a block pasted: one step, undone as one.
sheet_import = Table(
    "sheet_import",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    _text("form"),
    _text("source"),  # name of the file
    Column("sha256", Text, nullable=False, index=True),
    _text("at"),
    _text("by"),
    Column("record_ids", JSON, nullable=False),
    _text("undone_at", null=True),
    _text("undone_by", null=True),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("at"),
    _text("account"),
    _text("action"),
    _text("subject"),
    Column("details", JSON, nullable=False),
    _text("previous"),
    _text("hash"),
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
        "report_figure": ("update", "delete", "insert"),
        "package": ("update", "delete"),
        "received_report": ("update", "delete"),
        "blob": ("update",),
    }.items()
    for verb in verbs
) | {"report_issue_taken", "report_frozen_draft"}
"""Names of the triggers that must exist in every home."""
