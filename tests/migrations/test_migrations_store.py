"""The tables that migrations make are the tables the program thinks there are; steps are all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from danvan_desktop.store import migrate
from danvan_desktop.store.engine import connect, make_engine
from danvan_desktop.store.schema import DATA_FORMAT, HEAD_REVISION, SEARCH_TABLES, TRIGGERS, metadata

KEY = bytes(range(32))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(tmp_path / "data.db", KEY)
    yield made
    made.dispose()


def test_models_equal_migrations(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.connect() as connection:
        options = {"include_object": migrate.owned_here, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert migrate.trigger_names(connection) == TRIGGERS
        tables = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert set(SEARCH_TABLES) | {table.name for table in metadata.sorted_tables} <= tables
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == DATA_FORMAT
        assert connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'format'").scalar_one() == str(
            DATA_FORMAT
        )
        assert connection.exec_driver_sql("SELECT * FROM alembic_version").scalar_one() == HEAD_REVISION


def test_one_head(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD_REVISION]
    assert (
        len(list(scripts.walk_revisions())) == len(list((migrate.MIGRATIONS / "versions").glob("r*.py"))) == DATA_FORMAT
    )


def test_second_upgrade_changes_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall() == before


def test_search_keeps_its_words_and_takes_them_out_wholly(engine: Engine) -> None:
    migrate.upgrade(engine, to="0008")
    with engine.begin() as connection:
        for name in SEARCH_TABLES:
            connection.exec_driver_sql(f"INSERT INTO {name} (rowid, words) VALUES (7, 'don thu {name}'), (9, 'dat')")
    migrate.upgrade(engine)
    with engine.begin() as connection:
        for name in SEARCH_TABLES:
            asked = f"SELECT rowid, words FROM {name} WHERE {name} MATCH ?"
            assert connection.exec_driver_sql(asked, ('"t"* AND "don"',)).fetchall() == [(7, f"don thu {name}")]
            kept = connection.exec_driver_sql(f"SELECT k, v FROM {name}_config").fetchall()
            assert ("secure-delete", 1) in [tuple(row) for row in kept]
            connection.exec_driver_sql(f"DELETE FROM {name} WHERE rowid = 7")
            assert connection.exec_driver_sql(asked, ('"d"*',)).fetchall() == [(9, "dat")]


def test_failed_upgrade_leaves_the_old_state(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(migrate, "TRIGGERS", TRIGGERS | {"one_more"})
    with pytest.raises(RuntimeError, match="one_more"):
        migrate.upgrade(engine)
    raw = connect(tmp_path / "data.db", KEY)
    assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert raw.execute("PRAGMA user_version").fetchone() == (0,)
    raw.close()


def test_connections_are_strict(engine: Engine) -> None:
    with engine.connect() as connection:
        expected = {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "trusted_schema": 0}
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected} == expected
