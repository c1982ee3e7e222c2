"""Make the pictures of the README (docs/images/*.png) from a demonstration home, without a screen.

    PYTHONPATH=. python scripts/screenshots.py [--demo DIR]

``--demo`` names the folder made by ``danvan demo``; without it a demonstration is built in a temporary folder. The
home itself is not changed: the script works on a copy.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.gui import dialogs, theme
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock, StoryClock, SystemClock
from danvan_desktop.services import demo
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery
from danvan_desktop.store.home import open_home

ROOT = Path(__file__).resolve().parents[1]
SIZE = QSize(1366, 768)
NOW = datetime(2026, 5, 29, 2, tzinfo=UTC)
FORM = "dialogue_session"
OUT = ROOT / "docs" / "images"


def settle(app: QApplication) -> None:
    """Let everything asked for arrive and be painted."""
    for _ in range(20):
        app.processEvents()


def no_message(_parent: QWidget | None, message: object, **_more: object) -> None:
    """Nobody is there to read a message box: a picture with an error is no picture."""
    raise message if isinstance(message, Exception) else LookupError(str(message))


def home_page(window: OfficeWindow, _office: Office) -> None:
    window.open_page("home")


def record_form(window: OfficeWindow, office: Office) -> None:
    rows = office.records.page(FORM, ListQuery(states=("final",)), 0, 1)
    if not rows:
        raise LookupError(f"the demonstration has no record of {FORM}")
    window.open_page("records", rows[0].id)


def report_page(window: OfficeWindow, _office: Office) -> None:
    window.open_page("report", ("commune-to-province", "2026-H1"))


PICTURES: dict[str, Callable[[OfficeWindow, Office], None]] = {
    "viec-den-han.png": home_page,
    "bieu-ghi-chep.png": record_form,
    "bao-cao.png": report_page,
}


def picture(app: QApplication, office: Office, name: str, arrange: Callable[[OfficeWindow, Office], None]) -> None:
    """Draw one picture and say what it is."""
    window = OfficeWindow(office, InlineRunner(), office.settings.load().office.name)
    window.resize(SIZE)
    window.show()
    settle(app)
    arrange(window, office)
    settle(app)
    if not any(label.text().strip() for label in window.findChildren(QLabel) if label.isVisible()):
        raise LookupError(f"{name}: nothing to be seen")
    path = OUT / name
    window.grab().save(str(path))
    print(f"{path.relative_to(ROOT)}  {window.width()}×{window.height()}")
    window.hide()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, help="folder made by danvan demo")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    theme.prepare_high_dpi()
    app = QApplication([])
    theme.apply(app)
    for asking in ("tell", "show_error", "ask", "choose"):
        setattr(dialogs, asking, no_message)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        if options.demo:
            shutil.copytree(options.demo / "vhxh", base / "vhxh")
        else:
            demo.build(base, wire, catalog(), SystemClock(), say=print)
        clock = StoryClock(FixedClock(NOW), 0)
        store = open_home(base / "vhxh", clock=clock, account="canbo", password="demo")
        office = wire(store, clock)
        try:
            for name, arrange in PICTURES.items():
                picture(app, office, name, arrange)
        finally:
            for widget in QApplication.topLevelWidgets():
                _forget(widget)
            office.close()
    return 0


def _forget(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
    QApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    sys.exit(main())
