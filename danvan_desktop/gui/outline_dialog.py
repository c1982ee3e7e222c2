"""The outline of a report in the office's own words: order, presence, titles, sentences, addressees, recipients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services.office import Office
from ..services.outlines import OutlineLine, OutlineSheet, OwnOutline, OwnSection
from . import dialogs
from .loader import load_ui
from .runner import Runner

_PLACE = Qt.ItemDataRole.UserRole
_FRAME = {"opening": "Phần mở đầu", "addressees": "Kính gửi", "closing": "Phần kết", "recipients": "Nơi nhận"}
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class OutlineDialog(QDialog):
    """Loads, edits and saves outlines one at a time; ``wrote`` after each save."""

    wrote = Signal(object)

    outline_combo: QComboBox
    state_label: QLabel
    misfit_label: QLabel
    tree: QTreeWidget
    up_button: QPushButton
    down_button: QPushButton
    when_label: QLabel
    text_edit: QPlainTextEdit
    shipped_label: QLabel
    error_label: QLabel
    save_button: QPushButton
    reset_button: QPushButton
    close_button: QPushButton

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "outline_dialog")
        self._office = office
        self._runner = runner
        self._sheet: OutlineSheet | None = None
        self._words = OwnOutline("")
        self._filling = False
        self._may = office.context.may("settings")
        self._outline = -1  # row of the one shown
        self.error_label.hide()
        self.misfit_label.hide()
        self.text_edit.setTabChangesFocus(True)
        self.text_edit.setReadOnly(not self._may)
        self.outline_combo.activated.connect(self._choose)
        self.tree.currentItemChanged.connect(lambda item, _before: self._show_part(item))
        self.tree.itemChanged.connect(self._checked)
        self.text_edit.textChanged.connect(self._typed)
        self.up_button.clicked.connect(lambda: self._move(-1))
        self.down_button.clicked.connect(lambda: self._move(1))
        self.save_button.clicked.connect(self._save)
        self.reset_button.clicked.connect(self._reset)
        self.close_button.clicked.connect(self.reject)
        self._read(office.outlines.all, self._offer)

    # -- loading --------------------------------------------------------------------------------

    def _read(self, ask: Callable[[], object], show: Callable[..., None]) -> None:
        self._runner.submit_db(lambda _p: ask(), show, self._failed, "Đang đọc đề cương", owner=self)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, DanvanError):
            self.error_label.setText(error.message)
            self.error_label.show()
        else:
            dialogs.show_error(self, error)

    def _offer(self, lines: tuple[OutlineLine, ...]) -> None:
        for line in lines:
            self.outline_combo.addItem(line.title, line.key)
        if lines:
            self._choose(0)

    def _choose(self, row: int) -> None:
        if row == self._outline:
            return
        if not self._may_leave():
            self.outline_combo.setCurrentIndex(self._outline)
            return
        self._outline = row
        self._reload()

    def _reload(self) -> None:
        key = str(self.outline_combo.itemData(self._outline))
        self._read(lambda: self._office.outlines.sheet(key), self._show)

    def _show(self, sheet: OutlineSheet) -> None:
        self._sheet, self._words = sheet, sheet.words
        line = sheet.line
        state = "Đang dùng lời của danh mục."
        if line.version:
            day = vi.day(clock.civil_date(clock.parse_stamp(line.at))) if line.at else ""
            state = f"Bản {line.version} của cơ quan, {line.by} lưu ngày {day}."
        self.state_label.setText(f"{state} Dự thảo lập sau khi lưu dùng lời mới; báo cáo đã chốt giữ nguyên.")
        self.misfit_label.setText("Danh mục mới: " + "; ".join(sheet.misfits) + ".")
        self.misfit_label.setVisible(bool(sheet.misfits))
        self.error_label.hide()
        self._fill("opening")
        self._enable()

    # -- the tree -------------------------------------------------------------------------------

    def _fill(self, chosen: str) -> None:
        """Draw the tree anew from the words; ``chosen``: the place to stand on."""
        assert self._sheet is not None
        self._filling = True
        open_before = {
            str(item.data(0, _PLACE)) for row in range(self.tree.topLevelItemCount())
            if (item := self.tree.topLevelItem(row)) is not None and item.isExpanded()
        }  # fmt: skip
        self.tree.clear()
        items: dict[str, QTreeWidgetItem] = {}
        for place in ("addressees", "opening"):
            items[place] = self._item(None, place, _FRAME[place], None)
        for section in self._words.sections:
            indent = "    " * (self._sheet.levels.get(section.key, 1) - 1)
            top = self._item(None, section.key, indent + (section.title or ""), section.shown)
            items[section.key] = top
            for sentence in section.sentences:
                place = f"{section.key}.{sentence.key}"
                text = " ".join((sentence.text or "").split())
                items[place] = self._item(top, place, text[:90], sentence.shown)
                items[place].setToolTip(0, text)
            top.setExpanded(section.key in open_before or chosen.startswith(section.key + "."))
        for place in ("closing", "recipients"):
            items[place] = self._item(None, place, _FRAME[place], None)
        self._filling = False
        self.tree.setCurrentItem(items.get(chosen, items["opening"]))

    def _item(self, parent: QTreeWidgetItem | None, place: str, text: str, shown: bool | None) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, _PLACE, place)
        if shown is not None:
            flags = item.flags()
            item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if self._may else flags)
            item.setCheckState(0, _CHECKED if shown else _UNCHECKED)
        if parent is None:
            self.tree.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    @property
    def _place(self) -> str:
        item = self.tree.currentItem()
        return str(item.data(0, _PLACE)) if item is not None else ""

    def _text_of(self, words: OwnOutline, place: str) -> str:
        if place in ("addressees", "recipients"):
            return "\n".join(getattr(words, place) or ())
        if place in ("opening", "closing"):
            return getattr(words, place) or ""
        key, dot, sentence = place.partition(".")
        section = next((item for item in words.sections if item.key == key), OwnSection(key))
        if not dot:
            return section.title or ""
        return next((item.text or "" for item in section.sentences if item.key == sentence), "")

    def _show_part(self, item: QTreeWidgetItem | None) -> None:
        if self._filling or item is None or self._sheet is None:
            return
        place = self._place
        self._filling = True
        self.text_edit.setPlainText(self._text_of(self._words, place))
        self._filling = False
        when = self._sheet.titles.get(place, "")
        kind = _FRAME.get(place) or ("Câu, dùng " + when if when else "Tên mục")
        lines = " (mỗi dòng một nơi)" if place in ("addressees", "recipients") else ""
        self.when_label.setText(f"{kind}{lines}:")
        self.shipped_label.setText(f"Lời của danh mục: {self._text_of(self._sheet.shipped, place)}")
        self._enable()

    # -- editing --------------------------------------------------------------------------------

    def _section(self, place: str) -> int:
        key = place.partition(".")[0]
        return next((row for row, item in enumerate(self._words.sections) if item.key == key), -1)

    def _put_section(self, row: int, section: OwnSection) -> None:
        sections = list(self._words.sections)
        sections[row] = section
        self._words = replace(self._words, sections=tuple(sections))

    def _typed(self) -> None:
        if self._filling:
            return
        place, text = self._place, self.text_edit.toPlainText()
        row = self._section(place)
        if place in ("addressees", "recipients"):
            lines = tuple(line.strip() for line in text.split("\n") if line.strip())
            to = place == "addressees"
            self._words = replace(self._words, addressees=lines) if to else replace(self._words, recipients=lines)
        elif place in ("opening", "closing"):
            first = place == "opening"
            self._words = replace(self._words, opening=text) if first else replace(self._words, closing=text)
        elif row >= 0:
            section, sentence = self._words.sections[row], place.partition(".")[2]
            if sentence:
                mine = tuple(replace(x, text=text) if x.key == sentence else x for x in section.sentences)
                self._put_section(row, replace(section, sentences=mine))
            else:
                self._put_section(row, replace(section, title=" ".join(text.split())))
        self._enable()

    def _checked(self, item: QTreeWidgetItem) -> None:
        place = str(item.data(0, _PLACE))
        row = self._section(place)
        if self._filling or row < 0:
            return
        shown = item.checkState(0) == _CHECKED
        section, sentence = self._words.sections[row], place.partition(".")[2]
        if sentence:
            mine = tuple(replace(x, shown=shown) if x.key == sentence else x for x in section.sentences)
            self._put_section(row, replace(section, sentences=mine))
        else:
            self._put_section(row, replace(section, shown=shown))
        self._enable()

    def _move(self, step: int) -> None:
        """One place up or down among its like; a section takes what is under it along."""
        place = self._place
        row = self._section(place)
        if row < 0:
            return
        sentence = place.partition(".")[2]
        if sentence:
            section = self._words.sections[row]
            entries = list(section.sentences)
            at = next(n for n, item in enumerate(entries) if item.key == sentence)
            if 0 <= at + step < len(entries):
                entries.insert(at + step, entries.pop(at))
                self._put_section(row, replace(section, sentences=tuple(entries)))
        else:
            self._words = replace(self._words, sections=self._moved(row, step))
        self._fill(place)

    def _moved(self, row: int, step: int) -> tuple[OwnSection, ...]:
        sections, ends = self._words.sections, self._end
        start, end = row, ends(row)
        if step > 0 and end < len(sections) and self._level(end) == self._level(row):
            return (*sections[:start], *sections[end : ends(end)], *sections[start:end], *sections[ends(end) :])
        if step < 0:
            before = next((n for n in range(row - 1, -1, -1) if self._level(n) <= self._level(row)), -1)
            if before >= 0 and self._level(before) == self._level(row):
                return (*sections[:before], *sections[start:end], *sections[before:start], *sections[end:])
        return sections

    def _level(self, row: int) -> int:
        assert self._sheet is not None
        return self._sheet.levels.get(self._words.sections[row].key, 1)

    def _end(self, row: int) -> int:
        """Where the section's block ends: the next one of its level or above."""
        size = len(self._words.sections)
        return next((n for n in range(row + 1, size) if self._level(n) <= self._level(row)), size)

    # -- saving ---------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        return self._sheet is not None and self._words != self._sheet.words

    def _enable(self) -> None:
        place = self._place
        if self._sheet is not None:  # beside the office's own words only
            same = self._text_of(self._words, place) == self._text_of(self._sheet.shipped, place)
            self.shipped_label.setVisible(not same)
        in_list = self._section(place) >= 0
        for button in (self.up_button, self.down_button):
            button.setEnabled(self._may and in_list)
        self.save_button.setEnabled(self._may and self.changed)
        self.reset_button.setEnabled(self._may and self._sheet is not None and self._sheet.line.version > 0)

    def _write(self, work: Callable[[], Changes]) -> None:
        def done(changes: Changes) -> None:
            self.wrote.emit(changes)
            self._reload()

        self._runner.submit_db(lambda _p: work(), done, self._failed, "Đang lưu đề cương", owner=self)

    def _save(self) -> None:
        key, words = str(self.outline_combo.itemData(self._outline)), self._words
        self._write(lambda: self._office.outlines.save(key, words))

    def _reset(self) -> None:
        if dialogs.ask(
            self,
            "Trả đề cương này về lời của danh mục?",
            detail="Lời của cơ quan được giữ trong lịch sử, không dùng cho dự thảo lập sau này.",
            yes="Trả về danh mục",
            no="Giữ lời của cơ quan",
            default=False,
        ):
            key = str(self.outline_combo.itemData(self._outline))
            self._write(lambda: self._office.outlines.reset(key))

    def _may_leave(self) -> bool:
        return not self.changed or dialogs.ask(
            self, "Đề cương có thay đổi chưa lưu. Bỏ các thay đổi này?",
            yes="Bỏ thay đổi", no="Ở lại để lưu", default=False,
        )  # fmt: skip

    def reject(self) -> None:
        if self._may_leave():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()
