"""What changed in a report between two moments, word by word, and what was done to it until now."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTextBrowser, QWidget

from ..services.report_history import Change, Comparison, Moment
from . import theme
from .loader import load_ui, register_widget

_KEPT = 160  # characters shown at each end of a long stretch that did not change
_KINDS = {
    "section_added": "mục mới", "section_removed": "mục đã bỏ", "title": "tên mục", "annex": "phụ lục",
}  # fmt: skip


@register_widget
class ChangesPane(QWidget):
    """Stands in place of the text; Escape goes back to it."""

    asked = Signal(int, int)  # numbers of the two moments; 0: what stands now
    left = Signal()

    title_label: QLabel
    since_combo: QComboBox
    until_combo: QComboBox
    remarks_label: QLabel
    changes_view: QTextBrowser
    back_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_changes")
        self._moments: tuple[Moment, ...] = ()
        self.since_combo.activated.connect(self._ask)
        self.until_combo.activated.connect(self._ask)
        self.back_button.clicked.connect(self.left.emit)
        self.changes_view.setTabChangesFocus(True)
        self.changes_view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def show_history(self, moments: Sequence[Moment]) -> None:
        """Offer the moments of a report; the last one of weight before now is chosen, and asked for."""
        self._fill(moments)
        heavy = ("submitted", "returned", "approved")
        row = next((row for row, item in enumerate(self._moments) if row and item.act in heavy), None)
        self.since_combo.setCurrentIndex(row if row is not None else len(self._moments) - 1)
        self.title_label.setText("Lịch sử và những thay đổi")
        self._ask()

    def show_news(self, moments: Sequence[Moment], found: Comparison) -> None:
        """What a leader has not seen yet."""
        self._fill(moments)
        titles = [item.title for item in self._moments]
        self.since_combo.setCurrentIndex(titles.index(found.since) if found.since in titles else -1)
        self.title_label.setText("Những thay đổi từ lần xem trước")
        self.show_comparison(found)

    def _fill(self, moments: Sequence[Moment]) -> None:
        self._moments = tuple(moments)
        self.since_combo.clear()
        self.until_combo.clear()
        self.until_combo.addItem("hiện nay")
        for item in self._moments:
            text = item.title + (f": {item.remarks}" if item.remarks else "")
            for combo in (self.since_combo, self.until_combo):
                combo.addItem(text.replace("\n", " "))
                combo.setItemData(combo.count() - 1, text, Qt.ItemDataRole.ToolTipRole)

    def _ask(self) -> None:
        since, until = self.since_combo.currentIndex(), self.until_combo.currentIndex()
        if 0 <= since < len(self._moments):
            self.asked.emit(self._moments[since].seq, self._moments[until - 1].seq if until > 0 else 0)

    def show_comparison(self, found: Comparison) -> None:
        """List what changed; the remarks of the moment compared with stand above."""
        row = self.since_combo.currentIndex()
        remarks = self._moments[row].remarks if 0 <= row < len(self._moments) else ""
        self.remarks_label.setText(f"Nhận xét khi đó: {remarks}")
        self.remarks_label.setVisible(bool(remarks))
        self.changes_view.setHtml(page_of(found))

    def go_to(self, key: str) -> None:
        """Scroll to the changes of a section."""
        self.changes_view.scrollToAnchor(key)


def page_of(found: Comparison) -> str:
    """The comparison as a page; every text of it escaped, every change marked by more than its colour."""
    if found.empty:
        return "<p>Không có chữ hay số liệu nào thay đổi.</p>"
    parts = [_entry(item) for item in found.texts]
    if found.figures:
        lines = "".join(f"<p>{escape(item.title)}: {_values(item)}</p>" for item in found.figures)
        parts.append(f'<h4><a name="figures"></a>Số liệu thay đổi ({len(found.figures)})</h4>{lines}')
    return "".join(parts)


def _entry(item: Change) -> str:
    kind = f" ({_KINDS[item.kind]})" if item.kind in _KINDS else ""
    words = ""
    for before, word in zip((None, *item.words), item.words, strict=False):
        replaced = before is not None and before.op == "removed" and word.op == "added"
        gap = " " if replaced and not words.endswith(" ") else ""  # "12 14", never "1214"
        words += gap + _word(word.op, word.text)
    return f'<h4><a name="{escape(item.key)}"></a>{escape(item.title)}{kind}</h4><p>{words or "(mục trống)"}</p>'


def _values(item: Change) -> str:
    return " → ".join(_word(word.op, word.text) for word in item.words)


def _word(op: str, text: str) -> str:
    colours = theme.COLOURS
    if op == "same" and len(text) > 2 * _KEPT + 20:
        text = f"{text[:_KEPT].rsplit(' ', 1)[0]} […] {text[-_KEPT:].split(' ', 1)[-1]}"
    shown = escape(text).replace("\n", "<br>")
    if op == "removed":
        return f'<s style="color:{colours.danger};background-color:{colours.danger_soft}">{shown}</s>'
    if op == "added":
        return f'<b><u style="color:{colours.ok};background-color:{colours.ok_soft}">{shown}</u></b>'
    return shown
