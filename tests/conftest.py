"""What every test shares: no screen, no unexpected errors in the log, a clock that stands still."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from prepared_homes import LIGHT, copied, stretched

from danvan_desktop.kernel.clock import FixedClock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The collector walks through everything that is alive, which in a long run is much: a tenth of the time at its default.
gc.set_threshold(50_000, 20, 50)

# No deadline: the machines are slow and shared. In CI the same examples every time: a red run can be repeated.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture
def fixed_clock() -> FixedClock:
    """08:00 on 28/5/2026 in Vietnam, a working day before the half-year report falls due."""
    return FixedClock(datetime(2026, 5, 28, 1, 0, tzinfo=UTC))


@pytest.fixture(scope="session", autouse=True)
def _quick_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Thousands of homes are made: see prepared_homes."""
    with stretched(LIGHT), copied(tmp_path_factory.mktemp("prepared")):
        yield


class _Errors(logging.Handler):
    """Collects what is logged as an error or worse."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_logged_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which anything logged an error, unless it is marked ``logs_errors``."""
    handler = _Errors()
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
    if handler.lines and request.node.get_closest_marker("logs_errors") is None:
        pytest.fail("errors were logged:\n" + "\n".join(handler.lines))


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["danvan-tests"]


@pytest.fixture(scope="session", autouse=True)
def _clipboard_emptied() -> Iterator[None]:
    """What a test left on the clipboard is a Python object that Qt would destroy after Python itself has ended."""
    yield
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def _dressed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Window tests: real widgets, dressed as the program dresses them; other tests never load Qt for it.

    The system's file dialogs wait for a person: one that a test did not replace fails it instead of waiting for ever.
    """
    if request.path.parent.name == "gui":
        from PySide6.QtWidgets import QFileDialog

        from danvan_desktop.gui import theme

        theme.apply(request.getfixturevalue("qapp"))

        def unanswered(_parent: object, title: str, *_rest: object) -> None:
            pytest.fail(f"a file dialog that nobody answers: {title}")

        for name in ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"):
            monkeypatch.setattr(QFileDialog, name, unanswered)
