"""Parts shared by the first-start wizard and the settings: the head of a paper drawn, who signs, lists of places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ..kernel import assets
from ..kernel.text import squeeze
from ..services.signing_forms import form_of
from . import theme
from .loader import load_ui, register_widget

_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_OWN_WORDS = "Khác (tự gõ)"
_CHOOSE = "Chọn một hình thức ký; dòng dưới cho biết khi nào dùng hình thức đó."
_NO_FORM = "Chữ viết tắt (TM., KT., Q., TL., TUQ.) chưa đúng thứ tự của Nghị định 30/2020/NĐ-CP. Hãy xem lại."


@cache
def paper_family() -> str:
    """The family of the shipped document font, made known to Qt on first use."""
    number = -1
    for name in ("Tinos_400Regular.ttf", "Tinos_400Regular_Italic.ttf", "Tinos_700Bold.ttf"):
        number = QFontDatabase.addApplicationFont(str(assets.resources() / "fonts" / name))
    return QFontDatabase.applicationFontFamilies(number)[0] if number >= 0 else "Times New Roman"


def text_lines(text: str) -> tuple[str, ...]:
    """The lines of a text box that hold something."""
    return tuple(line for line in squeeze(text).splitlines() if line)


def two_lines(groups: str) -> str:
    """Groups of four on two lines of the same length: easier to read over the telephone and to copy."""
    parts = groups.split()
    half = (len(parts) + 1) // 2
    return f"{'   '.join(parts[:half])}\n{'   '.join(parts[half:])}"


@register_widget
class HeadPicture(QWidget):
    """How the head of the office's papers will look (NĐ 30/2020, Phụ lục I), drawn small."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._superior: tuple[str, ...] = ()
        self._issuer: tuple[str, ...] = ()
        self._symbol = ""
        self._place = ""

    def set_head(self, superior: Sequence[str], issuer: Sequence[str], symbol: str, place: str) -> None:
        """Draw other lines; ``symbol`` as ``BC-UBND``."""
        self._superior, self._issuer, self._symbol, self._place = tuple(superior), tuple(issuer), symbol, place
        self.setAccessibleName("Đầu văn bản: " + "; ".join((*self._superior, *self._issuer, symbol, place)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 112)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paper = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.COLOURS.line), 1))
        painter.setBrush(QColor(theme.COLOURS.paper))
        painter.drawRect(paper)
        inner = paper.adjusted(14, 12, -14, -8)
        ink = QColor("#111111")
        left = QRectF(inner.left(), inner.top(), inner.width() * 0.42, inner.height())
        right = QRectF(left.right(), inner.top(), inner.width() * 0.58, inner.height())
        painter.setPen(ink)
        size = 10.5
        while size > 6 and QFontMetricsF(_font(size, bold=True)).horizontalAdvance(_NATION) > right.width() - 8:
            size -= 0.5
        plain, bold, italic = _font(size), _font(size, bold=True), _font(size, italic=True)
        y = left.top()
        for text in self._superior:
            y = _centred(painter, left, y, text, plain)
        for text in self._issuer:
            y = _centred(painter, left, y, text, bold)
        y = _rule(painter, left, y, self._issuer[-1] if self._issuer else "", bold, 0.45)
        left_end = _centred(painter, left, y + 6, f"Số:            /{self._symbol}", plain)
        y = _centred(painter, right, right.top(), _NATION, bold)
        y = _centred(painter, right, y, _MOTTO, bold)
        y = _rule(painter, right, y, _MOTTO, bold, 1.0)
        dated = f"{self._place}, ngày       tháng       năm"
        _centred(painter, right, max(y + 6, left_end - QFontMetricsF(plain).height()), dated, italic)
        painter.end()


def _font(size: float, *, bold: bool = False, italic: bool = False) -> QFont:
    font = QFont(paper_family())
    font.setPointSizeF(size)
    font.setBold(bold)
    font.setItalic(italic)
    return font


def _centred(painter: QPainter, box: QRectF, y: float, text: str, font: QFont) -> float:
    """Draw ``text`` wrapped and centred; the y below it."""
    painter.setFont(font)
    flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | Qt.TextFlag.TextWordWrap.value
    room = QRectF(box.left() + 4, y, box.width() - 8, 200)
    drawn = painter.boundingRect(room, flags, text)
    painter.drawText(room, flags, text)
    return y + drawn.height()


def _rule(painter: QPainter, box: QRectF, y: float, text: str, font: QFont, share: float) -> float:
    width = min(QFontMetricsF(font).horizontalAdvance(text), box.width() - 8) * share
    middle = box.center().x()
    painter.drawLine(QPointF(middle - width / 2, y + 2), QPointF(middle + width / 2, y + 2))
    return y + 4


@register_widget
class SignersEditor(QWidget):
    """Who signs, and as what: a list, and the person chosen in it."""

    edited = Signal()

    signer_list: QListWidget
    add_signer_button: QPushButton
    remove_signer_button: QPushButton
    signing_combo: QComboBox
    signing_hint_label: QLabel
    authority_edit: QPlainTextEdit
    signer_name_edit: QLineEdit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "signers_editor")
        self._signers: list[tuple[str, str]] = []  # (lines as typed, name)
        self.signer_list.currentRowChanged.connect(self._show)
        self.add_signer_button.clicked.connect(self._add)
        self.remove_signer_button.clicked.connect(self._remove)
        self.signing_combo.activated.connect(self._use_form)
        self.authority_edit.textChanged.connect(self._typed)
        self.signer_name_edit.textChanged.connect(lambda _text: self._typed())
        self.set_signers(())

    def set_forms(self, forms: Sequence[tuple[str, ...]]) -> None:
        """The signing forms to choose from."""
        self.signing_combo.clear()
        for lines in forms:
            self.signing_combo.addItem(" / ".join(lines), "\n".join(lines))
        self.signing_combo.addItem(_OWN_WORDS, None)
        self._mark_form()

    def set_signers(self, signers: Sequence[tuple[Sequence[str], str]]) -> None:
        """Show these; sends no ``edited``. Without any, one empty person is ready to be filled in."""
        self._signers = [("\n".join(lines), name) for lines, name in signers] or [("", "")]
        with QSignalBlocker(self.signer_list):
            self.signer_list.clear()
            for index in range(len(self._signers)):
                self.signer_list.addItem(self._title(index))
            self.signer_list.setCurrentRow(0)
        self._show(0)

    def signers(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """(authority lines, name) of everyone who has either."""
        read = [(text_lines(lines), squeeze(name)) for lines, name in self._signers]
        return tuple(item for item in read if item[0] or item[1])

    def propose_form(self) -> None:
        """Fill in the first signing form where the only person has none yet."""
        if len(self._signers) == 1 and not self._signers[0][0] and self.signing_combo.count() > 1:
            self.signing_combo.setCurrentIndex(0)
            self._use_form(0)

    def _title(self, index: int) -> str:
        lines, name = self._signers[index]
        last = (text_lines(lines) or ("",))[-1]
        return " – ".join(part for part in (squeeze(name), last) if part) or "(chưa có tên)"

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._signers):
            return
        lines, name = self._signers[row]
        with QSignalBlocker(self.authority_edit), QSignalBlocker(self.signer_name_edit):
            self.authority_edit.setPlainText(lines)
            self.signer_name_edit.setText(name)
        self.remove_signer_button.setEnabled(len(self._signers) > 1)
        self._mark_form()

    def _mark_form(self) -> None:
        found = self.signing_combo.findData("\n".join(text_lines(self.authority_edit.toPlainText())))
        self.signing_combo.setCurrentIndex(found if found >= 0 else self.signing_combo.count() - 1)
        self._tell_form()

    def _tell_form(self) -> None:
        """When the form of the lines may be used."""
        lines = text_lines(self.authority_edit.toPlainText())
        form = form_of(lines)
        self.signing_hint_label.setText(form.when if form else _NO_FORM if lines else _CHOOSE)

    def _use_form(self, index: int) -> None:
        lines = self.signing_combo.itemData(index)
        if lines:
            self.authority_edit.setPlainText(lines)
        else:
            self.authority_edit.setFocus()

    def _typed(self) -> None:
        row = self.signer_list.currentRow()
        self._signers[row] = (self.authority_edit.toPlainText(), self.signer_name_edit.text())
        item = self.signer_list.item(row)
        if item is not None:
            item.setText(self._title(row))
        self._mark_form()
        self.edited.emit()

    def _add(self) -> None:
        self._signers.append(("", ""))
        self.signer_list.addItem(self._title(len(self._signers) - 1))
        self.signer_list.setCurrentRow(len(self._signers) - 1)
        self.signing_combo.setFocus()
        self.edited.emit()

    def _remove(self) -> None:
        row = self.signer_list.currentRow()
        if len(self._signers) > 1:
            del self._signers[row]
            with QSignalBlocker(self.signer_list):
                self.signer_list.takeItem(row)
                self.signer_list.setCurrentRow(max(row - 1, 0))
            self._show(self.signer_list.currentRow())
            self.edited.emit()


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A line of :class:`PlacesEditor`; ``id`` empty: new."""

    id: str
    name: str
    short_name: str
    kind: str
    active: bool
    position: int


@register_widget
class PlacesEditor(QWidget):
    """Agencies or villages: edited in place, new lines at the end, out of use instead of deleted."""

    edited = Signal()

    places_hint_label: QLabel
    places_table: QTableWidget
    places_error_label: QLabel
    places_save_button: QPushButton
    places_add_button: QPushButton
    places_up_button: QPushButton
    places_down_button: QPushButton
    places_merge_button: QPushButton
    places_rename_button: QPushButton
    places_history_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "places_editor")
        self.on_save: Callable[[list[PlaceLine]], None] | None = None
        self._kind = ""
        self._read_only = False
        self._before: list[PlaceLine] = []
        self.places_error_label.hide()
        for button in (self.places_merge_button, self.places_rename_button, self.places_history_button):
            button.hide()  # only where there is a history: not at set-up
        table = self.places_table
        table.setColumnCount(3)
        table.setHorizontalHeaderLabels(["Tên", "Tên viết tắt", "Đang dùng"])
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        table.setColumnWidth(1, 200)
        table.setColumnWidth(2, 110)
        table.itemChanged.connect(lambda _item: self._touched())
        self.places_add_button.clicked.connect(self._add)
        self.places_up_button.clicked.connect(lambda: self._move(-1))
        self.places_down_button.clicked.connect(lambda: self._move(1))
        self.places_save_button.clicked.connect(self.save)
        self._touched()

    def prepare(self, hint: str, kind: str, what: str) -> None:
        """``kind`` of new lines; ``what`` names the list for a screen reader."""
        self._kind = kind
        self.places_hint_label.setText(hint)
        self.places_table.setAccessibleName(what)

    def set_read_only(self) -> None:
        """For who may look but not change."""
        self.places_table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._read_only = True
        for button in (self.places_add_button, self.places_up_button, self.places_down_button):
            button.setEnabled(False)

    def set_places(self, places: Sequence[PlaceLine]) -> None:
        """Show what is stored."""
        self._before = list(places)
        with QSignalBlocker(self.places_table):
            self.places_table.setRowCount(0)
            for place in places:
                self._append(place)
        if places:
            self.places_table.setCurrentCell(0, 0)
        self._refuse("")
        self._touched()

    def lines(self) -> list[PlaceLine]:
        """What stands in the table, in its order; lines without a name are left out."""
        found: list[PlaceLine] = []
        for row in range(self.places_table.rowCount()):
            first = self.places_table.item(row, 0)
            short = self.places_table.item(row, 1)
            used = self.places_table.item(row, 2)
            assert first is not None and short is not None and used is not None
            kept = first.data(Qt.ItemDataRole.UserRole)
            if name := squeeze(first.text()):
                active = used.checkState() == Qt.CheckState.Checked
                found.append(
                    PlaceLine(kept.id, name, squeeze(short.text()) or name, kept.kind, active, len(found))
                )  # fmt: skip
            elif kept.id:
                found.append(PlaceLine(kept.id, "", "", kept.kind, True, len(found)))
        return found

    @property
    def changed(self) -> bool:
        """Whether something here is not stored yet."""
        return self.lines() != self._before

    def save(self) -> None:
        """Hand what was changed to ``on_save``, or say what is wrong."""
        lines = self.lines()
        names = [line.name.casefold() for line in lines]
        if "" in names:
            self._refuse("Có dòng bị xóa trống tên. Đơn vị đã có bản ghi thì không xóa được; hãy bỏ dấu “Đang dùng”.")
            return
        twice = next((line.name for line in lines if names.count(line.name.casefold()) > 1), "")
        if twice:
            self._refuse(f"Tên “{twice}” có hai lần. Hãy sửa một dòng rồi lưu lại.")
            return
        self._refuse("")
        before = {line.id: line for line in self._before}
        if self.on_save is not None:
            self.on_save([line for line in lines if not line.id or before.get(line.id) != line])

    def _refuse(self, sentence: str) -> None:
        self.places_error_label.setText(sentence)
        self.places_error_label.setVisible(bool(sentence))

    def _append(self, place: PlaceLine) -> None:
        row = self.places_table.rowCount()
        self.places_table.insertRow(row)
        name = QTableWidgetItem(place.name)
        name.setData(Qt.ItemDataRole.UserRole, place)
        used = QTableWidgetItem()
        checkable = Qt.ItemFlag.NoItemFlags if self._read_only else Qt.ItemFlag.ItemIsUserCheckable
        used.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | checkable)
        used.setCheckState(Qt.CheckState.Checked if place.active else Qt.CheckState.Unchecked)
        used.setToolTip("Bỏ dấu: không còn hiện khi ghi việc mới; bản ghi cũ giữ nguyên.")
        self.places_table.setItem(row, 0, name)
        self.places_table.setItem(row, 1, QTableWidgetItem(place.short_name))
        self.places_table.setItem(row, 2, used)

    def _add(self) -> None:
        with QSignalBlocker(self.places_table):
            self._append(PlaceLine("", "", "", self._kind, True, 0))
        row = self.places_table.rowCount() - 1
        self.places_table.setCurrentCell(row, 0)
        self.places_table.setFocus()
        self.places_table.edit(self.places_table.model().index(row, 0))
        self._touched()

    def _move(self, by: int) -> None:
        table = self.places_table
        row, column = table.currentRow(), max(table.currentColumn(), 0)
        other = row + by
        if row < 0 or not 0 <= other < table.rowCount():
            return
        with QSignalBlocker(table):
            for place in range(table.columnCount()):
                mine, its = table.takeItem(row, place), table.takeItem(other, place)
                table.setItem(row, place, its)
                table.setItem(other, place, mine)
        table.setCurrentCell(other, column)
        self._touched()

    def _touched(self) -> None:
        self.places_save_button.setEnabled(self.changed)
        self.edited.emit()
