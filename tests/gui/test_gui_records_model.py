from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from gui_keys import settle
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from danvan_desktop.gui.records_model import PLACEHOLDER, WINDOW, Column, RowRole, WindowModel
from danvan_desktop.gui.runner import InlineRunner, Job, Progress, ThreadRunner

COLUMNS: Sequence[Column[int]] = (
    Column("no", "Số", str, right=True, sort="no"),
    Column("title", "Trích yếu", lambda row: f"Bản ghi {row}"),
)


class Source:
    def __init__(self, total: int) -> None:
        self.total = total
        self.asked: list[tuple[int, int]] = []

    def fetch(self, offset: int, limit: int) -> list[int]:
        self.asked.append((offset, limit))
        return list(range(offset, min(offset + limit, self.total)))

    def count(self) -> int:
        return self.total


class HeldRunner(InlineRunner):
    """Keeps the work until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Callable[[], Any]] = []

    def submit_db(
        self, fn: Any, on_done: Any, on_error: Any = None, label: str = "", *, owner: QObject | None = None
    ) -> Job:
        self.held.append(lambda: InlineRunner.submit_db(self, fn, on_done, on_error, label, owner=owner))
        return Job(label, Progress())

    def release(self) -> None:
        held, self.held = self.held, []
        for work in held:
            work()


def test_a_list_of_100_000_rows_opens_with_a_screenful(qtbot: QtBot) -> None:
    runner = ThreadRunner()
    source = Source(100_000)
    model = WindowModel(runner, COLUMNS)
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(model)
    table.resize(600, 400)
    table.show()
    started = time.perf_counter()
    model.set_source(source.fetch, source.count)
    qtbot.waitUntil(lambda: model.total == 100_000, timeout=5000)
    assert time.perf_counter() - started < 2
    assert model.rowCount() == 100_000
    assert model.data(model.index(0, 1)) == "Bản ghi 0"
    table.scrollToBottom()
    qtbot.waitUntil(lambda: model.data(model.index(99_999, 1)) == "Bản ghi 99999", timeout=5000)
    assert len(source.asked) <= 6
    runner.shutdown()


def test_rows_on_their_way_show_a_placeholder(qtbot: QtBot) -> None:
    runner = HeldRunner()
    source = Source(1000)
    model = WindowModel(runner, COLUMNS)
    model.set_source(source.fetch, source.count)
    assert not model.rowCount()
    runner.release()
    assert model.total == 1000
    assert model.data(model.index(5, 0)) == "5" and model.data(model.index(5, 0), RowRole) == 5
    assert model.data(model.index(500, 0)) == PLACEHOLDER and model.row_at(500) is None
    settle()
    runner.release()
    assert model.data(model.index(500, 0)) == "500"


def test_scrolling_past_rows_does_not_load_them_all(qtbot: QtBot) -> None:
    runner = HeldRunner()
    source = Source(100_000)
    model = WindowModel(runner, COLUMNS)
    model.set_source(source.fetch, source.count)
    runner.release()
    for row in range(0, 100_000, WINDOW):
        model.data(model.index(row, 0))
    for _ in range(20):
        settle()
        runner.release()
    assert len(source.asked) < 12
    assert model.row_at(99_900) == 99_900  # what was looked at last is there


def test_answers_to_an_earlier_source_are_dropped(qtbot: QtBot) -> None:
    runner = HeldRunner()
    model = WindowModel(runner, COLUMNS)
    old, new = Source(50), Source(3)
    model.set_source(old.fetch, old.count)
    model.set_source(new.fetch, new.count)
    runner.release()
    assert model.total == 3 and model.rowCount() == 3


def test_reload_keeps_the_place_and_follows_the_total(qtbot: QtBot) -> None:
    source = Source(250)
    model = WindowModel(InlineRunner(), COLUMNS)
    model.set_source(source.fetch, source.count)
    assert model.rowCount() == 250
    source.total = 120
    model.reload()
    assert model.rowCount() == 120
    source.total = 300
    model.reload()
    assert model.rowCount() == 300


def test_sorting_is_asked_for_and_errors_are_told(qtbot: QtBot) -> None:
    model = WindowModel(InlineRunner(), COLUMNS)
    asked: list[tuple[str, bool]] = []
    model.sort_requested.connect(lambda key, down: asked.append((key, down)))
    model.sort(0, Qt.SortOrder.DescendingOrder)
    model.sort(1)
    assert asked == [("no", True)]
    failed: list[Exception] = []
    model.failed.connect(failed.append)
    model.set_source(lambda _offset, _limit: _raise(), lambda: 0)
    assert isinstance(failed[0], ValueError)


def _raise() -> list[int]:
    raise ValueError("hỏng")
