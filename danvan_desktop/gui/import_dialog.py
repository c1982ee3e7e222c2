"""A sheet of records on its way in: columns, faults, the choice, and back again. Keyboard only is enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ..catalog.model import Severity
from ..kernel import vi
from ..kernel.errors import Cancelled
from ..services.office import Office
from ..services.sheets import CheckedSheet, Imported, Layout, OpenedSheet, Undone, column_name
from . import dialogs
from .exchange_desk import fill, prepare
from .loader import load_ui
from .record_data import OfficeLists
from .runner import Job, Progress, Runner

_XLSX = "Bảng tính Excel (*.xlsx)"
_SHOWN = 500  # faults in the table; the annotated copy has them all
_EXAMPLES = 3
_LOOKED, _COLUMNS = 500, 60  # rows looked at for content, columns offered: a screen must not wait
_LEFT_OUT = "– không nhập –"


class ImportDialog(QDialog):
    """``wrote(changes)`` after records came in or went out again."""

    wrote = Signal(object)
    said = Signal(str)

    heading_label: QLabel
    steps: QStackedWidget
    columns_page: QWidget
    problems_page: QWidget
    done_page: QWidget
    form_combo: QComboBox
    sheet_combo: QComboBox
    unit_combo: QComboBox
    head_spin: QSpinBox
    note_label: QLabel
    column_table: QTableWidget
    final_check: QCheckBox
    remark_label: QLabel
    problem_table: QTableWidget
    all_radio: QRadioButton
    good_radio: QRadioButton
    annotate_button: QPushButton
    done_label: QLabel
    undo_button: QPushButton
    progress_bar: QProgressBar
    stop_button: QPushButton
    back_button: QPushButton
    next_button: QPushButton
    close_button: QPushButton

    def __init__(
        self, office: Office, runner: Runner, opened: OpenedSheet, form: str, lists: OfficeLists,
        unit: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        load_ui(self, "import_dialog")
        self._office, self._runner, self._opened = office, runner, opened
        self._layout: Layout | None = None
        self._checked: CheckedSheet | None = None
        self._done: Imported | None = None
        self._job: Job | None = None
        self._combos: list[QComboBox] = []
        prepare(self.column_table, ("Cột", "Tiêu đề trong tệp", "Ghi vào", "Ví dụ"), (50, 230, 260, 0))
        prepare(self.problem_table, ("Ô", "Mức", "Nội dung"), (190, 80, 0))
        for item in office.context.catalog.forms.values():
            if item.key in lists.forms or item.key == form:
                self.form_combo.addItem(item.short_title, item.key)
        self.form_combo.setCurrentIndex(max(0, self.form_combo.findData(form)))
        for sheet in opened.book.sheets:
            if not sheet.hidden and sheet.rows:
                self.sheet_combo.addItem(sheet.name, sheet.name)
        self.unit_combo.addItem("– chưa chọn –", "")
        for choice in lists.agencies:
            self.unit_combo.addItem(choice.title, choice.key)
        self.unit_combo.setCurrentIndex(max(0, self.unit_combo.findData(unit)))
        self._watch = QTimer(self)
        self._watch.setInterval(150)
        self._watch.timeout.connect(self._show_progress)
        self.form_combo.currentIndexChanged.connect(lambda _at: self._ask_layout(fresh=True))
        self.sheet_combo.currentIndexChanged.connect(lambda _at: self._ask_layout())
        self.head_spin.valueChanged.connect(lambda _row: self._ask_layout(head=True))
        self.next_button.clicked.connect(self.go_on)
        self.back_button.clicked.connect(self._back)
        self.close_button.clicked.connect(self.reject)
        self.stop_button.clicked.connect(self._stop)
        self.annotate_button.clicked.connect(self._annotate)
        self.undo_button.clicked.connect(self._undo)
        self.good_radio.toggled.connect(lambda _on: self._show_choice())
        self._busy(None)
        self._show_step(self.columns_page)
        self._ask_layout(fresh=True)

    # -- work off the GUI thread ----------------------------------------------------------------

    def _run(self, work: Callable[[Progress], Any], done: Callable[[Any], None], label: str) -> None:
        if self._job is not None:
            return

        def finished(result: Any) -> None:
            self._busy(None)
            done(result)

        def failed(error: Exception) -> None:
            self._busy(None)
            if isinstance(error, Cancelled):
                self.heading_label.setText("Đã dừng; chưa nhập gì.")
            else:
                dialogs.show_error(self, error)

        job = self._runner.submit_db(work, finished, failed, label, owner=self)
        if not job.over:
            self._busy(job)

    def _busy(self, job: Job | None) -> None:
        self._job = job
        self.progress_bar.setVisible(job is not None)
        self.stop_button.setVisible(job is not None)
        for widget in (self.steps, self.next_button, self.back_button):
            widget.setEnabled(job is None)
        if job is None:
            self._watch.stop()
        else:
            self.progress_bar.setRange(0, 0)
            self._watch.start()
            self.stop_button.setFocus()

    def _show_progress(self) -> None:
        if self._job is not None and self._job.progress.total:
            self.progress_bar.setRange(0, self._job.progress.total)
            self.progress_bar.setValue(self._job.progress.done)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # -- columns --------------------------------------------------------------------------------

    @property
    def form(self) -> str:
        """The form the sheet goes into."""
        return str(self.form_combo.currentData())

    def _ask_layout(self, *, fresh: bool = False, head: bool = False) -> None:
        """Guess again where the records stand: wholly, for the sheet chosen, or below the row of headings named."""
        sheets = self._office.sheets
        sheet = "" if fresh else str(self.sheet_combo.currentData())
        row = self.head_spin.value() - 1 if head else None
        form = self.form
        self._run(
            lambda _progress: sheets.layout(self._opened, form, sheet=sheet, head=row),
            self._take_layout,
            "Đang xem tệp",
        )

    def _take_layout(self, layout: Layout) -> None:
        self._layout = layout
        for widget in (self.sheet_combo, self.head_spin):
            widget.blockSignals(True)
        self.sheet_combo.setCurrentIndex(self.sheet_combo.findData(layout.sheet))
        self.head_spin.setValue(layout.head + 1)
        for widget in (self.sheet_combo, self.head_spin):
            widget.blockSignals(False)
        self._fill_columns()
        self._show_step(self.columns_page)

    def _fill_columns(self) -> None:
        layout, book = self._layout, self._opened.book
        grid = book.sheet(layout.sheet) if layout else None
        if layout is None or grid is None:
            return
        fields = self._office.sheets.fields(self.form)
        looked = grid.rows[max(layout.head, 0) : max(layout.head, 0) + _LOOKED]
        held = [at for at in range(grid.width) if any(row[at] is not None for row in looked)]
        shown = sorted({*layout.columns, *held[:_COLUMNS]} & set(range(grid.width)))
        self._combos = []
        self.column_table.setRowCount(len(shown))
        for number, at in enumerate(shown):
            values = [row[at] for row in grid.rows[layout.first : layout.first + _LOOKED] if row[at] is not None][
                :_EXAMPLES
            ]
            title = layout.headings.get(at, "") + (" (số thứ tự)" if at == layout.number else "")
            texts = (column_name(at), " ".join(title.split()), "", " | ".join(_short(value) for value in values))
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.column_table.setItem(number, column, item)
            combo = QComboBox(self.column_table)
            combo.setAccessibleName(f"Cột {column_name(at)} ghi vào")
            combo.addItem(_LEFT_OUT, "")
            for field in fields:
                combo.addItem(field.title + (" *" if field.required else ""), field.key)
            combo.setCurrentIndex(max(0, combo.findData(layout.columns.get(at, ""))))
            combo.currentIndexChanged.connect(lambda _at, column=at, box=combo: self._map(column, box))
            combo.setProperty("column", at)
            self._combos.append(combo)
            self.column_table.setCellWidget(number, 2, combo)
        self.column_table.resizeRowsToContents()
        self._show_note()

    def _map(self, column: int, combo: QComboBox) -> None:
        if self._layout is None:
            return
        self._layout = self._layout.with_column(column, str(combo.currentData()))
        for other in self._combos:  # a field stands in one column only
            held = self._layout.columns.get(int(other.property("column")), "")
            other.blockSignals(True)
            other.setCurrentIndex(max(0, other.findData(held)))
            other.blockSignals(False)
        self._show_note()

    def _show_note(self) -> None:
        layout = self._layout
        assert layout is not None
        missing = [
            field.title for field in self._office.sheets.fields(self.form)
            if field.required and field.key not in layout.columns.values()
            and all(table.field != field.key for table in layout.tables)
        ]  # fmt: skip
        lines = []
        if layout.template:
            lines.append("Đây là mẫu nhập của chương trình; các cột đã ghép sẵn.")
        if missing:
            lines.append("Chưa có cột cho mục bắt buộc: " + "; ".join(missing) + ".")
        old = self._opened.conversions
        if old:
            pairs = ", ".join(f"“{item.before[:24]}” → “{item.after[:24]}”" for item in old[:3])
            lines.append(f"Chữ phông cũ (TCVN3, VNI) đã đổi sang Unicode ở {vi.number(len(old))} ô: {pairs}.")
        self.note_label.setText("\n".join(lines))
        self.note_label.setVisible(bool(lines))
        self.next_button.setEnabled(bool(layout.columns))

    # -- faults and the choice ------------------------------------------------------------------

    def go_on(self) -> None:
        """The step that follows: check, keep, or close."""
        page = self.steps.currentWidget()
        if page is self.columns_page:
            self._check()
        elif page is self.problems_page:
            self._keep()
        else:
            self.accept()

    def _check(self) -> None:
        layout = self._layout
        if layout is None or not layout.columns:
            return
        sheets, final, unit = self._office.sheets, self.final_check.isChecked(), str(self.unit_combo.currentData())
        self._run(
            lambda progress: sheets.check(self._opened, layout, final=final, unit=unit, tick=progress.report),
            self._take_check,
            "Đang kiểm tra bảng tính",
        )

    def _take_check(self, checked: CheckedSheet) -> None:
        self._checked = checked
        problems, errors = checked.worst_first, len(checked.errors)
        fill(
            self.problem_table,
            [
                (str(number), (item.where, "Lỗi" if item.severity is Severity.ERROR else "Lưu ý", item.message),
                 "error" if item.severity is Severity.ERROR else "warning" if item.severity is Severity.WARNING else "")
                for number, item in enumerate(problems[:_SHOWN])
            ],
        )  # fmt: skip
        titles = {field.key: field.title for field in self._office.sheets.fields(checked.layout.form)}
        remarks = checked.remarks(titles)
        if len(problems) > _SHOWN:
            remarks.append(f"Chỉ hiện {_SHOWN} mục đầu trong {vi.number(len(problems))}; bản có ghi chú lỗi có đủ.")
        self.remark_label.setText("\n".join(remarks))
        self.remark_label.setVisible(bool(remarks))
        self.problem_table.setVisible(bool(problems))
        for widget in (self.all_radio, self.good_radio):
            widget.setVisible(bool(errors))
        self.annotate_button.setVisible(bool(problems))
        self.all_radio.setChecked(True)
        self._show_step(self.problems_page)
        self._show_choice()

    def _show_choice(self) -> None:
        checked = self._checked
        if checked is None or self.steps.currentWidget() is not self.problems_page:
            return
        errors, total = len(checked.errors), len(checked.rows)
        words = f"{vi.number(total)} dòng: {vi.number(checked.good)} dòng đúng"
        self.heading_label.setText(words + (f", {vi.number(errors)} chỗ phải sửa" if errors else ""))
        count = checked.good if self.good_radio.isChecked() or not errors else total
        self.next_button.setText(f"&Nhập {vi.number(count)} bản ghi")
        self.next_button.setEnabled(bool(checked.good) and (not errors or self.good_radio.isChecked()))
        if not self.next_button.isEnabled():
            self.all_radio.setFocus()

    def _annotate(self) -> None:
        checked = self._checked
        if checked is None:
            return
        stem = Path(self._opened.name).stem
        path = dialogs.save_file(self, "Lưu bản có ghi chú lỗi", f"{stem}-ghi-chu-loi.xlsx", _XLSX)
        if path is not None:
            sheets = self._office.sheets
            self._run(
                lambda _progress: sheets.write_annotated(checked, path),
                lambda _none: self.said.emit(f"Đã lưu {path.name}."),
                "Đang ghi bản có ghi chú lỗi",
            )

    def _keep(self, *, again: bool = False) -> None:
        checked, sheets = self._checked, self._office.sheets
        if checked is None:
            return
        good_rows = self.good_radio.isChecked() and bool(checked.errors)

        def work(progress: Progress) -> Imported | None:
            if not again and sheets.seen_before(checked) is not None:
                return None
            return sheets.bring_in(checked, good_rows=good_rows, again=again, tick=progress.report)

        self._run(work, self._kept, "Đang nhập bảng tính")

    def _kept(self, done: Imported | None) -> None:
        if done is None:
            question = f"Nội dung “{self._opened.name}” đã được nhập trước đó. Nhập thêm lần nữa?"
            if dialogs.ask(self, question, yes="Nhập lần nữa", no="Không nhập", default=False):
                self._keep(again=True)
            return
        self._done = done
        checked = self._checked
        assert checked is not None
        word = "chính thức" if checked.final else "dự thảo"
        words = f"Đã nhập {vi.number(len(done.record_ids))} bản ghi {word}."
        self.heading_label.setText(words)
        left = (
            f"Bỏ lại {vi.number(done.left_out)} dòng có lỗi; hãy sửa trong tệp rồi nhập riêng.\n"
            if done.left_out
            else ""
        )
        self.done_label.setText(
            f"{left}Nếu nhập nhầm, bấm “Hoàn tác lần nhập này”: các bản ghi vừa nhập chuyển vào thùng rác. "
            "Về sau vẫn hoàn tác được ở nút “Bảng tính” của danh sách, mục “Các lần đã nhập, hoàn tác”."
        )
        self._show_step(self.done_page)
        self.wrote.emit(done.changes)
        self.said.emit(words)

    def _undo(self) -> None:
        if self._done is not None:
            import_id, sheets = self._done.id, self._office.sheets
            self._run(lambda _progress: sheets.undo(import_id), self._undone, "Đang hoàn tác lần nhập")

    def _undone(self, undone: Undone) -> None:
        self.heading_label.setText(undone_words(undone))
        self.done_label.setText("Danh sách trở lại như trước khi nhập; các bản ghi nằm trong thùng rác.")
        self.undo_button.setEnabled(False)
        self.wrote.emit(undone.changes)
        self.said.emit(undone_words(undone))
        self.next_button.setFocus()

    # -- steps ----------------------------------------------------------------------------------

    def _show_step(self, page: QWidget) -> None:
        self.steps.setCurrentWidget(page)
        self.back_button.setVisible(page is self.problems_page)
        self.close_button.setVisible(page is not self.done_page)
        if page is self.columns_page:
            self.heading_label.setText(f"{self._opened.name}: ghép cột của tệp với biểu")
            self.next_button.setText("&Kiểm tra")
        elif page is self.done_page:
            self.next_button.setText("&Xong")
            self.next_button.setEnabled(True)
        self.next_button.setFocus()

    def _back(self) -> None:
        self._show_step(self.columns_page)
        self._show_note()

    def reject(self) -> None:
        if self._job is not None:
            self._stop()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None:
            self._stop()
            event.ignore()
        else:
            super().closeEvent(event)


def undone_words(undone: Undone) -> str:
    """The sentence after an import was taken back."""
    words = f"Đã hoàn tác: {vi.number(undone.moved)} bản ghi chuyển vào thùng rác"
    return words + (f", {vi.number(undone.kept)} bản ghi đã sửa sau khi nhập được giữ lại." if undone.kept else ".")


def _short(value: object) -> str:
    if isinstance(value, date):
        return vi.day(value)
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return " ".join(str(value).split())[:40]
