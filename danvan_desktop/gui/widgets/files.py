"""The files kept with a record: dropped, pasted or chosen; this widget only collects paths and shows names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ...catalog.model import Choice, Json
from ..loader import register_widget
from ..theme import icon
from .base import FieldWidget

_KEY = Qt.ItemDataRole.UserRole


class _FileList(QListWidget):
    """The names; files may be dropped on it."""

    dropped = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * 3 + 18)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDropEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := paths_of(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(paths)


def paths_of(data: QMimeData) -> list[Path]:
    """The local files among what was dropped or pasted."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]


@register_widget
class FileDrop(FieldWidget):
    """The value is a list of hashes; new files go out as ``paths_added`` and come back through :meth:`add_file`.

    Insert or the button chooses files, Ctrl+V pastes files or a screenshot, Delete takes one off the list,
    ``open_requested(hash)`` asks to show one.
    """

    paths_added = Signal(object)  # list[Path]
    image_pasted = Signal(object)  # QImage
    open_requested = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        titles: Callable[[Sequence[str], Callable[[Sequence[Choice]], None]], None] | None = None,
        choose: Callable[[], Sequence[Path]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._titles = titles
        self._choose = choose or self._choose_by_dialog
        self._read_only = False
        self.list = _FileList(self)
        self.add_button = QPushButton(icon("clip"), "Thêm tệp… (Insert)", self)
        self.open_button = QPushButton("Mở", self)
        self.remove_button = QPushButton("Bỏ tệp (Delete)", self)
        box = QVBoxLayout()
        box.setSpacing(3)
        buttons = QHBoxLayout()
        for button in (self.add_button, self.open_button, self.remove_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Insert, F2 or double click, Delete do the same
            button.setProperty("role", "link")
            buttons.addWidget(button)
        buttons.addStretch(1)
        box.addWidget(self.list)
        box.addLayout(buttons)
        self.row.addLayout(box)
        self.watch(self.list)
        self.list.dropped.connect(self._add)
        self.list.itemDoubleClicked.connect(lambda _item: self._open())
        self.list.itemSelectionChanged.connect(self._enable)
        self.add_button.clicked.connect(self.choose)
        self.open_button.clicked.connect(self._open)
        self.remove_button.clicked.connect(self._remove)
        self._enable()

    def value(self) -> Json:
        return list(self.hashes()) or None

    def set_value(self, value: Json) -> None:
        self.list.clear()
        hashes = [str(item) for item in value] if isinstance(value, list) else []
        for digest in hashes:
            self._show(digest, f"Tệp {digest[:8]}…")
        if hashes and self._titles is not None:
            self._titles(hashes, self._name)
        self._enable()

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self.list.setAcceptDrops(not read_only)
        self.add_button.setVisible(not read_only)
        self.remove_button.setVisible(not read_only)

    def hashes(self) -> list[str]:
        """The files on the list."""
        return [str(self.list.item(row).data(_KEY)) for row in range(self.list.count())]

    def accept_from(self, area: QWidget) -> None:
        """Take files that are dropped anywhere on ``area``."""
        area.setAcceptDrops(True)
        area.installEventFilter(self)

    def add_file(self, digest: str, title: str) -> None:
        """A file has been stored: show it, unless it is there already."""
        if digest not in self.hashes():
            self._show(digest, title)
            self.edited.emit()

    def name_files(self, names: Sequence[Choice]) -> None:
        """Show kept files (hash, title) under their names."""
        self._name(names)

    def choose(self) -> None:
        """Ask for files and send them out as ``paths_added``."""
        self._add(self._choose())

    def _choose_by_dialog(self) -> Sequence[Path]:
        from ..dialogs import choose_files

        return choose_files(self, "Chọn tệp kèm theo")

    def _show(self, digest: str, title: str) -> None:
        item = QListWidgetItem(title)
        item.setData(_KEY, digest)
        item.setToolTip(title)
        self.list.addItem(item)

    def _name(self, names: Sequence[Choice]) -> None:
        if not isValid(self):
            return
        titles = {item.key: item.title for item in names}
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setText(titles.get(str(item.data(_KEY)), item.text()))

    def _add(self, paths: Sequence[Path]) -> None:
        if paths and not self._read_only:
            self.paths_added.emit(list(paths))

    def _open(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self.open_requested.emit(str(item.data(_KEY)))

    def _remove(self) -> None:
        if self.list.currentRow() >= 0 and not self._read_only:
            self.list.takeItem(self.list.currentRow())
            self._enable()
            self.edited.emit()

    def _enable(self) -> None:
        chosen = self.list.currentRow() >= 0
        self.open_button.setEnabled(chosen)
        self.remove_button.setEnabled(chosen)

    def paste(self) -> None:
        """Take the files or the picture on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if paths := paths_of(data):
            self._add(paths)
        elif data.hasImage() and not self._read_only:
            self.image_pasted.emit(QGuiApplication.clipboard().image())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and watched not in (self.list, self.list.viewport()):
            if not event.mimeData().hasUrls() or self._read_only:
                return False
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._add(paths_of(event.mimeData()))
            return True
        if watched is self.list and event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_F2:  # shows the file here, whatever it does elsewhere on the page
                event.accept()
                return True
            return super().eventFilter(watched, event)
        if watched is self.list and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Paste):
                self.paste()
            elif event.key() == Qt.Key.Key_Insert:
                self.choose()
            elif event.key() == Qt.Key.Key_Delete:
                self._remove()
            elif event.key() == Qt.Key.Key_F2:
                self._open()
            else:
                return super().eventFilter(watched, event)
            return True
        return super().eventFilter(watched, event)
