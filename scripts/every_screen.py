"""Pictures of every screen, for looking at them: pages, tabs, forms empty and full, dialogs, the first start.

    PYTHONPATH=. python scripts/every_screen.py --demo DIR --out DIR [--size 910x480] [--points 10] [--home vhxh]
        [--account canbo] [--only NAME]

The dialogs are found by pressing every button of every page with something chosen in the lists; what a dialog would do
happens on a copy of the demonstration, and no dialog is answered with yes. Beside the pictures, ``faults.txt`` lists
what is cut off or outside (tests/gui/fits.py).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QMenu,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QTabBar,
    QWidget,
)

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "gui"))

from fits import faults  # noqa: E402  # beside the tests

from danvan_desktop.bootstrap import catalog, open_office  # noqa: E402  # after the path is set
from danvan_desktop.gui import theme  # noqa: E402
from danvan_desktop.gui.office_window import OfficeWindow  # noqa: E402
from danvan_desktop.gui.record_editor import RecordEditor  # noqa: E402
from danvan_desktop.gui.records_page import RecordsPage  # noqa: E402
from danvan_desktop.gui.runner import InlineRunner  # noqa: E402
from danvan_desktop.gui.sign_in import SignInDialog  # noqa: E402
from danvan_desktop.gui.wizard import FirstStartWizard  # noqa: E402
from danvan_desktop.kernel.clock import FixedClock  # noqa: E402
from danvan_desktop.kernel.text import fold  # noqa: E402
from danvan_desktop.services.office import Office  # noqa: E402

NOW = datetime(2026, 5, 28, 2, tzinfo=UTC)
NEVER = {"account_button", "cancel_button", "keys_button"}  # of the frame, pressed once elsewhere


def patch(kind: type, name: str, put: Any) -> None:
    """Nobody is there to answer: ``put`` stands for the method of Qt."""
    setattr(kind, name, put)


def settle() -> None:
    for _ in range(6):
        QApplication.processEvents()


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:48]


class Album:
    """Where the pictures go, each name once, and what was measured."""

    def __init__(self, folder: Path, size: QSize) -> None:
        self.folder, self.size = folder, size
        self.folder.mkdir(parents=True, exist_ok=True)
        self.seen: set[str] = set()
        self.lines: list[str] = []

    def take(self, screen: QWidget, name: str) -> None:
        if name in self.seen:
            return
        self.seen.add(name)
        settle()
        screen.grab().save(str(self.folder / f"{name}.png"))
        found = faults(screen)
        if screen.isWindow() and (screen.width() > self.size.width() or screen.height() > self.size.height()):
            found.insert(0, f"the window is {screen.width()}×{screen.height()}")
        self.lines += [f"{name}: {item}" for item in found]

    def close(self) -> None:
        (self.folder / "faults.txt").write_text("\n".join(self.lines) + "\n", encoding="utf-8")
        print(f"{len(self.seen)} pictures, {len(self.lines)} lines in {self.folder / 'faults.txt'}")


def choose_first(screen: QWidget) -> None:
    for view in screen.findChildren(QAbstractItemView):
        model = view.model()
        if not view.isVisible() or not model.rowCount() or view.objectName() == "navigation":
            continue
        if not view.selectionModel().hasSelection():
            view.setCurrentIndex(model.index(0, 0))
    settle()


def tabs(screen: QWidget) -> Iterator[QTabBar]:
    for bar in screen.findChildren(QTabBar):
        if bar.isVisible() and bar.isEnabled() and bar.count() > 1:
            yield bar


class Visitor:
    """Walks through one office."""

    def __init__(self, office: Office, album: Album, only: str) -> None:
        self.album, self.office, self.only = album, office, only
        self.at = ""
        self.pressing = True
        self.window = OfficeWindow(office, InlineRunner(), office.settings.load().office.name)
        self.window.resize(album.size)
        self.window.show()
        settle()
        self._catch()

    def _catch(self) -> None:
        album = self.album

        def run(dialog: QDialog) -> int:
            name = f"dlg-{self.at}-{type(dialog).__name__}"
            if isinstance(dialog, QMessageBox):
                name += "-" + slug(dialog.text())[:30]
            dialog.setModal(False)
            dialog.show()
            if isinstance(dialog, (QMessageBox, QInputDialog)):
                settle()
            else:
                settle()
                choose_first(dialog)
            album.take(dialog, name)
            for bar in list(tabs(dialog)):
                for at in range(bar.count()):
                    bar.setCurrentIndex(at)
                    album.take(dialog, f"{name}-{at}")
            dialog.hide()
            return 0

        def opened(dialog: QDialog) -> None:
            run(dialog)
            dialog.reject()

        def no_menu(menu: QMenu, *_at: Any) -> None:
            menu.show()
            album.take(menu, f"menu-{self.at}")
            menu.hide()

        patch(QDialog, "exec", run)
        patch(QMessageBox, "exec", run)
        patch(QInputDialog, "exec", run)
        patch(QDialog, "open", opened)
        patch(QMenu, "popup", no_menu)
        patch(QMenu, "exec", no_menu)
        for name in ("getOpenFileName", "getSaveFileName"):
            patch(QFileDialog, name, lambda *_all, **_more: ("", ""))
        patch(QFileDialog, "getOpenFileNames", lambda *_all, **_more: ([], ""))
        patch(QFileDialog, "getExistingDirectory", lambda *_all, **_more: "")

    def pages(self) -> None:
        for key in list(self.window._specs):
            if self.only and not any(part in key for part in self.only.split(",")):
                continue
            self.at = key
            self.window.open_page(key)
            settle()
            page = self.window.page(key)
            assert page is not None
            choose_first(page)
            if isinstance(page, RecordsPage):
                self.records(page, key)
            else:
                self.tabs_of(page, key)
                self.buttons(page, key)
        if not self.only:
            self.at = "keys"
            self.window.show_keys()
            self.at = "search"
            self.window.open_search()
            self.at = "password"
            self.window.change_password()
            self.at = "account"
            self.window.account_button.click()

    def tabs_of(self, page: QWidget, key: str, depth: int = 0) -> None:
        self.album.take(self.window, f"{key}")
        for bar in list(tabs(page)):
            for at in range(bar.count()):
                if not bar.isVisible() or not bar.isTabVisible(at) or not bar.isTabEnabled(at):
                    continue
                bar.setCurrentIndex(at)
                choose_first(page)
                name = f"{key}-{slug(bar.tabText(at))}"
                self.album.take(self.window, name)
                self.at = name
                self.buttons(page, name)

    def buttons(self, page: QWidget, name: str) -> None:
        for button in page.findChildren(QPushButton) if self.pressing else []:
            if not button.isVisible() or not button.isEnabled() or button.objectName() in NEVER:
                continue
            self.at = f"{name}-{button.objectName() or slug(button.text())}"
            if button.menu() is not None:
                continue  # its acts are pressed by nobody: they stand elsewhere too
            before = self.window.current_key
            try:
                button.click()
                settle()
            except Exception as error:  # a picture missing is worth a line, not the end
                self.album.lines.append(f"{self.at}: {type(error).__name__} {error}")
            if self.window.current_key != before:
                self.window.open_page(before)
            elif button.isCheckable() or "edit" in button.objectName() or "new" in button.objectName():
                self.album.take(self.window, f"{self.at}-pressed")
                if button.isCheckable() and button.isVisible():
                    button.click()

    def records(self, page: RecordsPage, key: str) -> None:
        for at in range(page.form_tabs.count()):
            page.form_tabs.setCurrentIndex(at)
            settle()
            form = page.form
            assert form is not None
            choose_first(page)
            self.at = f"list-{form.key}"
            self.album.take(self.window, self.at)
            if at == 0:
                self.buttons(page.list_page, f"list-{form.key}")
            page.new_record()
            settle()
            self.form_pictures(page.editor, f"form-{form.key}-empty")
            self.leave(page)
            if page.table.model().rowCount():
                page.table.setCurrentIndex(page.table.model().index(0, 0))
                page.open_current()
                settle()
                self.form_pictures(page.editor, f"form-{form.key}-full")
                if at == 0:
                    page.editor.history_button.setChecked(True)
                    self.album.take(self.window, f"form-{form.key}-history")
                    page.editor.history_button.setChecked(False)
                self.leave(page)

    def form_pictures(self, editor: RecordEditor, name: str) -> None:
        view = editor.view
        if view is None:
            return
        if name.endswith("empty"):
            view.reveal_problems()
            self.album.take(self.window, name + "-problems")
            view._revealed = False
            view._show_problems()
        bar = view.scroll_area.verticalScrollBar()
        bar.setValue(0)
        self.album.take(self.window, name)
        if bar.maximum():
            bar.setValue(bar.maximum())
            self.album.take(self.window, name + "-end")
            bar.setValue(0)

    def leave(self, page: RecordsPage) -> None:
        view = page.editor.view
        if view is not None:
            view.mark_saved()
        page.editor.leave()
        settle()

    def close(self) -> None:
        self.window.hide()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class _Gate:
    """Makes no office: the wizard is looked at, not ended."""

    catalog = catalog()

    def open(self, *_all: Any) -> Any:
        raise LookupError

    create = recover = open


def first_start(album: Album, folder: Path) -> None:
    for profile in range(5):
        gate: Any = _Gate()
        wizard = FirstStartWizard(folder / "none", gate, InlineRunner(), FixedClock(NOW))
        wizard.show()
        settle()
        buttons = wizard.findChildren(QRadioButton)
        buttons[profile].click()
        for page in range(wizard.stack.count()):
            wizard.stack.setCurrentIndex(page)
            if page < 6:
                wizard._show(page)
            album.take(wizard, f"wizard-{profile}-{page}")
        wizard.deleteLater()  # not closed: closing asks a question
    settle()


def sign_in(album: Album) -> None:
    from danvan_desktop.catalog.model import Choice

    accounts = [Choice("canbo", "Nguyễn Thị Mẫu (cán bộ tổng hợp)"), Choice("lanhdao", "Trần Văn Mẫu")]
    dialog = SignInDialog(accounts, lambda *_all: None, office="Ủy ban nhân dân xã Vĩnh Thủy", demo=True,
                          on_recover=lambda: None, on_setup=lambda: None, on_restore=lambda: None)  # fmt: skip
    dialog.show()
    album.take(dialog, "sign-in")
    dialog.hide()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True, help="folder made by danvan demo")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", default="910x480")
    parser.add_argument("--points", type=int, default=10)
    parser.add_argument("--home", default="vhxh")
    parser.add_argument("--account", default="canbo")
    parser.add_argument("--only", default="", help="pages whose keys have one of these (a,b) in them; start: sign-in")
    parser.add_argument("--quiet", action="store_true", help="press no buttons: pages, tabs and forms only")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    theme.prepare_high_dpi()
    app = QApplication([])
    theme.apply(app)
    if options.points != 10:
        font = QFont(app.font())
        font.setPointSize(options.points)
        app.setFont(font)
    sys.excepthook = sys.__excepthook__
    width, height = (int(part) for part in options.size.split("x"))
    album = Album(options.out, QSize(width, height))
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        if options.only in ("", "start"):
            sign_in(album)
            first_start(album, base)
        if options.only != "start":
            shutil.copytree(options.demo / options.home, base / options.home)
            office = open_office(base / options.home, account=options.account, password="demo")
            visitor = Visitor(office, album, options.only)
            visitor.pressing = not options.quiet
            try:
                visitor.pages()
            finally:
                visitor.close()
                office.close()
    album.close()
    os._exit(0)  # windows left open by dialogs that nobody answered


if __name__ == "__main__":
    sys.exit(main())
