"""Drafts are found and counted by an index of their state; a search for one letter has an index of first letters.

The full-text tables are made anew from the words they hold: what they index is fixed when they are made.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_record_state", "record", ["form", "deleted", "state", "event_date", "seq"], unique=False)
    for name in ("search_open", "search_personal"):
        made = f"{name}_made"
        op.execute(
            f"CREATE VIRTUAL TABLE {made} USING fts5"
            "(words, tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\", prefix = '1 2 3')"
        )
        # what is taken out of the index is overwritten, not only marked
        op.execute(f"INSERT INTO {made} ({made}, rank) VALUES ('secure-delete', 1)")  # noqa: S608 - own names
        op.execute(f"INSERT INTO {made} (rowid, words) SELECT rowid, words FROM {name}")  # noqa: S608 - own names
        op.execute(f"DROP TABLE {name}")
        op.execute(f"ALTER TABLE {made} RENAME TO {name}")
