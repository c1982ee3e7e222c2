"""The questions of the report page: which report, where a number comes from, what number it gets, what to remark."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from ..catalog.periods import period_key
from ..kernel import vi
from ..kernel.text import squeeze
from ..services.report_desk import ReportChoice
from ..services.report_figures import FigureDetail, NumberOffer
from . import dialogs
from .loader import fit_height, load_ui
from .widgets import NullableDateEdit

_DATA = Qt.ItemDataRole.UserRole
_STATES = {"draft": "đang dự thảo", "submitted": "đã trình lãnh đạo", "frozen": "đã chốt; sẽ lập bản thay thế"}


class MakeDialog(QDialog):
    """Which report to make. ``regime`` and ``period`` (key) are the answer once accepted."""

    period_combo: QComboBox
    about_label: QLabel
    theme_check: QCheckBox
    areas_box: QWidget
    areas_grid: QGridLayout
    range_box: QWidget
    from_field: NullableDateEdit
    to_field: NullableDateEdit
    error_label: QLabel
    make_button: QPushButton
    give_up_button: QPushButton

    def __init__(
        self,
        choices: tuple[ReportChoice, ...],
        free: tuple[tuple[str, str], ...],
        today: date,
        parent: QWidget | None = None,
        areas: tuple[tuple[int, str], ...] = (),
    ) -> None:
        super().__init__(parent)
        load_ui(self, "report_make")
        self.area_checks = {number: QCheckBox(f"{number}. {title}", self.areas_box) for number, title in areas}
        for at, box in enumerate(self.area_checks.values()):
            self.areas_grid.addWidget(box, at // 2, at % 2)
        self.theme_check.setVisible(bool(areas))
        self.theme_check.toggled.connect(self._chosen)
        several = len({item.regime for item in choices} | {key for key, _ in free}) > 1
        for item in choices:
            text = f"Báo cáo {item.period_title}" + (f" – {item.regime_title}" if several else "")
            text += f" ({_STATES[item.stands]})" if item.stands in _STATES else ""
            self.period_combo.addItem(text)
        for _key, title in free:
            self.period_combo.addItem("Báo cáo đột xuất: chọn từ ngày, đến ngày" + (f" – {title}" if several else ""))
        self._offers: tuple[ReportChoice | str, ...] = (*choices, *(key for key, _ in free))
        self.regime = ""
        self.period = ""
        self.live_id = ""  # the draft that stands already: opened instead
        self.error_label.hide()
        for field in (self.from_field, self.to_field):
            field.set_today(lambda: today)
        self.period_combo.currentIndexChanged.connect(self._chosen)
        self.make_button.clicked.connect(self.accept)
        self.give_up_button.clicked.connect(self.reject)
        self._chosen()

    def choose(self, regime: str, period: str) -> bool:
        """Choose a report beforehand; False when it is not among those offered."""
        for row, item in enumerate(self._offers):
            if isinstance(item, ReportChoice) and (item.regime, item.period) == (regime, period):
                self.period_combo.setCurrentIndex(row)
                return True
        return False

    @property
    def _offer(self) -> ReportChoice | str | None:
        row = self.period_combo.currentIndex()
        return self._offers[row] if 0 <= row < len(self._offers) else None

    def _chosen(self) -> None:
        item = self._offer
        self.error_label.hide()
        thematic = self.theme_check.isChecked()
        self.areas_box.setVisible(thematic)
        self.range_box.setVisible(isinstance(item, str))
        self.make_button.setText("&Lập dự thảo")
        if isinstance(item, ReportChoice):
            due = f"Hạn gửi: chậm nhất {vi.day(item.due_on)}." if item.due_on else "Chế độ này không định sẵn hạn gửi."
            self.about_label.setText(
                f"{item.regime_title}.\nSố liệu tính từ {vi.day(item.first)} đến hết {vi.day(item.last)}. {due}"
            )
            if item.stands in ("draft", "submitted") and not thematic:
                self.make_button.setText("&Mở dự thảo")
        elif isinstance(item, str):
            self.about_label.setText("Số liệu tính trong những ngày anh/chị chọn, cả ngày đầu và ngày cuối.")
        else:
            self.about_label.setText("Cơ quan này không có chế độ báo cáo nào trong danh mục.")
            self.make_button.setEnabled(False)
        fit_height(self)

    def accept(self) -> None:
        item = self._offer
        areas = [number for number, box in self.area_checks.items() if box.isChecked()]
        thematic = self.theme_check.isChecked()
        if thematic and not areas:
            self.error_label.setText("Hãy đánh dấu ít nhất một nhóm nhiệm vụ của báo cáo chuyên đề.")
            self.error_label.show()
            next(iter(self.area_checks.values())).setFocus()
            return
        if isinstance(item, ReportChoice):
            self.regime, self.period = item.regime, item.period
            self.live_id = item.id if item.stands in ("draft", "submitted") and not thematic else ""
        else:
            first, last = self.from_field.value(), self.to_field.value()
            if not isinstance(first, str) or not isinstance(last, str) or last < first:
                self.error_label.setText("Hãy nhập từ ngày và đến ngày; ngày cuối không được trước ngày đầu.")
                self.error_label.show()
                (self.to_field if isinstance(first, str) else self.from_field).edit.setFocus()
                return
            self.regime, self.period = str(item), f"{first}..{last}"
        if thematic:
            self.period = period_key(self.period, areas)
        super().accept()


class FigureDialog(QDialog):
    """A number with its origin and the records behind it."""

    record_chosen = Signal(str)
    indicators_asked = Signal()
    reason_asked = Signal()
    nil_asked = Signal()
    estimate_asked = Signal()

    title_label: QLabel
    value_label: QLabel
    facts: QFormLayout
    records_label: QLabel
    record_list: QListWidget
    nil_button: QPushButton
    reason_button: QPushButton
    estimate_button: QPushButton
    record_button: QPushButton
    indicators_button: QPushButton
    close_button: QPushButton

    def __init__(self, detail: FigureDetail, *, may_edit: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_figure")
        self.title_label.setText(detail.title)
        self.value_label.setText(f"{detail.value} {detail.unit}".strip())
        for name, text in (
            ("Nguồn", detail.source),
            ("Cùng kỳ năm trước", detail.previous or "chưa có số liệu"),
            ("So sánh", detail.change),
            ("Chỉ tiêu kế hoạch", detail.target),
            ("Cách tính", detail.parts),
            ("Lý do", detail.reason),
            ("Ghi chú", detail.footnote),
        ):
            if text:
                label = QLabel(text, self)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(True)
                title = QLabel(name + ":", self)
                title.setProperty("role", "soft")
                self.facts.addRow(title, label)
        self._fill(detail)
        self.nil_button.setVisible(may_edit and detail.no_data)
        self.reason_button.setVisible(may_edit)
        self.estimate_button.setVisible(may_edit and detail.may_estimate)
        self.estimate_button.clicked.connect(lambda: self._leave(self.estimate_asked.emit))
        self.record_button.clicked.connect(self._open_record)
        self.record_list.itemActivated.connect(self._open_record)
        self.indicators_button.clicked.connect(lambda: self._leave(self.indicators_asked.emit))
        self.reason_button.clicked.connect(lambda: self._leave(self.reason_asked.emit))
        self.nil_button.clicked.connect(lambda: self._leave(self.nil_asked.emit))
        self.close_button.clicked.connect(self.reject)

    def _fill(self, detail: FigureDetail) -> None:
        several = len({record.form_title for record in detail.records}) > 1
        for record in detail.records:
            day = vi.day(record.day) if record.day else "chưa có ngày"
            title = record.title if record.title.startswith(day) else f"{day} – {record.title}"
            item = QListWidgetItem(f"{record.form_title}: {title}" if several else title)
            item.setData(_DATA, record.id)
            item.setToolTip(record.title)
            self.record_list.addItem(item)
        count = len(detail.records) + detail.more_records
        text = f"Hồ sơ phía sau con số ({vi.number(count)}):" if count else "Không có hồ sơ nào phía sau con số này."
        if detail.more_records:
            text = f"Hồ sơ phía sau con số ({vi.number(count)}, dưới đây là {len(detail.records)} hồ sơ đầu):"
        self.records_label.setText(text)
        self.record_list.setVisible(bool(count))
        self.record_button.setVisible(bool(count))
        if count:
            self.record_list.setCurrentRow(0)
        else:
            self.resize(self.width(), 0)

    def _open_record(self) -> None:
        item = self.record_list.currentItem()
        if item is not None:
            key = str(item.data(_DATA))
            self._leave(lambda: self.record_chosen.emit(key))

    def _leave(self, tell: object) -> None:
        self.accept()
        assert callable(tell)
        tell()


class NumberDialog(QDialog):
    """Number and date for a frozen report; ``number`` and ``day`` once accepted."""

    about_label: QLabel
    number_edit: QLineEdit
    symbol_label: QLabel
    date_field: NullableDateEdit
    error_label: QLabel
    take_button: QPushButton
    give_up_button: QPushButton

    def __init__(self, offer: NumberOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_number")
        self.number = offer.number
        self.day = offer.today
        self.number_edit.setText(str(offer.number))
        self.number_edit.selectAll()
        self.symbol_label.setText(f"/{offer.symbol}")
        self.date_field.set_today(lambda: offer.today)
        self.date_field.set_value(offer.today.isoformat())
        self.error_label.hide()
        self.take_button.clicked.connect(self.accept)
        self.give_up_button.clicked.connect(self.reject)

    def accept(self) -> None:
        day = self.date_field.value()
        typed = self.number_edit.text().strip()
        if not (typed.isascii() and typed.isdigit()) or int(typed) < 1:
            self._wrong("Số là một số nguyên từ 1 trở lên.", self.number_edit)
        elif not isinstance(day, str):
            self._wrong("Hãy nhập ngày ban hành theo dạng ngày/tháng/năm.", self.date_field.edit)
        else:
            self.number, self.day = int(typed), date.fromisoformat(day)
            super().accept()

    def _wrong(self, text: str, field: QWidget) -> None:
        self.error_label.setText(text)
        self.error_label.show()
        field.setFocus()


class RemarksDialog(QDialog):
    """Several lines typed: a leader's remarks, the reason of a figure. ``text`` once accepted.

    Enter makes a line, Ctrl+Enter ends.
    """

    title_label: QLabel
    text_edit: QPlainTextEdit
    error_label: QLabel
    ok_button: QPushButton
    give_up_button: QPushButton

    def __init__(self, title: str, yes: str, missing: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_remarks")
        self.title_label.setText(title)
        self.text_edit.setPlainText(text)
        self.text_edit.setTabChangesFocus(True)
        self.ok_button.setText(yes)
        self.text = ""
        self._missing = missing
        self.error_label.hide()
        self.ok_button.clicked.connect(self.accept)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.ok_button.click)
        self.give_up_button.clicked.connect(self.reject)

    def accept(self) -> None:
        self.text = squeeze(self.text_edit.toPlainText())
        if not self.text:
            self.error_label.setText(self._missing)
            self.error_label.show()
            self.text_edit.setFocus()
            return
        super().accept()


def ask_what_instead(parent: QWidget, *, issued: bool) -> str:
    """What is to be made for a frozen report that is wrong: ``replace`` | ``correct`` | "" (nothing).

    Content that is wrong needs a replacing report, layout alone a letter that corrects it (NĐ 30/2020, Điều 18.3); what
    has no number yet is never corrected by letter.
    """
    if issued:
        answers = ("Sai nội dung: lập bản thay thế", "Sai thể thức: công văn đính chính", "Hủy")
        detail = "Cả hai cách đều giữ nguyên bản đã ban hành để đối chiếu (Nghị định số 30/2020/NĐ-CP, Điều 18)."
        return ("replace", "correct", "")[
            dialogs.choose(parent, "Báo cáo đã ban hành sai ở đâu?", answers, detail=detail, default=2, escape=2)
        ]
    sure = dialogs.ask(
        parent,
        "Lập bản thay thế cho báo cáo đã chốt?",
        detail="Bản đã chốt vẫn được giữ nguyên. Bản mới bắt đầu từ lời của bản cũ, số liệu được tính lại, "
        "phần mở đầu ghi rõ số, ngày của báo cáo được thay thế.",
        yes="Lập bản thay thế",
        no="Hủy",
    )
    return "replace" if sure else ""
