"""Bring the database to the newest format: Alembic on our own connection, all or nothing.

Foreign keys are off meanwhile (rebuilding a parent table would silently delete its children) and checked before the
commit; the triggers are checked by name, for a rebuilt table loses them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from .schema import DATA_FORMAT, SEARCH_TABLES, TRIGGERS

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def owned_here(_item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Whether Alembic should compare this object: the full-text tables (and their shadows) are no plain tables."""
    return not (kind == "table" and name is not None and name.startswith(SEARCH_TABLES))


def upgrade(engine: Engine, *, to: str = "head") -> None:
    """Run the missing migrations in one transaction. Raises (and leaves the old state) when anything fails."""
    from alembic import command  # imported here: opening an up-to-date home does not pay for Alembic
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, to)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                missing = TRIGGERS - trigger_names(connection) if to == "head" else set()  # later steps make theirs
                if broken or missing:
                    raise RuntimeError(f"migration left {len(broken)} dangling rows, lost triggers {sorted(missing)}")
                connection.exec_driver_sql(f"PRAGMA user_version={DATA_FORMAT}")
                connection.exec_driver_sql(
                    "INSERT INTO meta (key, value) VALUES ('format', ?) "
                    "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (str(DATA_FORMAT),),
                )
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def trigger_names(connection: Any) -> set[str]:
    """Names of the triggers in the database."""
    rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {row[0] for row in rows}
