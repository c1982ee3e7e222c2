"""An index of records by state, so that drafts are found and counted without a look at every record."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_record_state", "record", ["form", "deleted", "state", "event_date", "seq"], unique=False)
