"""The page of indicators: a period's figures beside last year's, the records behind each, "không phát sinh"."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ..catalog.periods import parse_period
from ..kernel import vi
from ..kernel.changes import Changes
from ..kernel.clock import today
from ..services.figure_view import Behind, FigureLine, FigureView, PeriodOffer
from ..services.office import Office
from . import dialogs, theme
from .chart_dialog import show_charts
from .figure_tree import LINE, FigureTree, set_columns
from .keys_dialog import INDICATORS, Keys
from .loader import load_ui
from .pages import Page
from .runner import Runner
from .target_dialog import ask_target
from .widgets import NullableDateEdit, restyle

_RANGE = "range"
_ALL_THERE = "Không còn mục nào chưa có số liệu: mọi chỉ tiêu đã có số hoặc đã được xác nhận không phát sinh."
_NONE_FITS = "Không có chỉ tiêu nào khớp. Hãy bớt chữ tìm hoặc bỏ đánh dấu “Chỉ mục chưa có số liệu”."
_BEHIND_WIDTHS = (100, 170, 0, 240)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class IndicatorsPage(Page):
    """``show_target((regime, period[, figure]))`` shows that period; ``go_to("records", id)`` leads to a record."""

    title = "Chỉ tiêu"

    period_combo: QComboBox
    regime_combo: QComboBox
    range_box: QWidget
    first_edit: NullableDateEdit
    last_edit: NullableDateEdit
    window_label: QLabel
    filter_edit: QLineEdit
    missing_check: QCheckBox
    refresh_button: QPushButton
    copy_button: QPushButton
    banner_label: QLabel
    splitter: QSplitter
    tree: FigureTree
    formula_label: QLabel
    behind_panel: QWidget
    behind_label: QLabel
    behind_tree: QTreeWidget
    open_button: QPushButton
    close_button: QPushButton
    behind_button: QPushButton
    nil_button: QPushButton
    revoke_button: QPushButton
    all_button: QPushButton
    target_button: QPushButton
    chart_button: QPushButton
    sum_label: QLabel

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "indicators_page")
        self._office = office
        self._runner = runner
        self._offers: list[PeriodOffer] = []
        self._view: FigureView | None = None
        self._asked = 0
        self._stale = False
        self._figure = ""  # to stand on once the figures are here
        self._wanted: tuple[str, ...] | None = None  # what another page asked for before the periods were here
        self._areas = {area.number: area.title for area in office.context.catalog.areas}
        self._may_confirm = office.context.may("record")
        for edit in (self.first_edit, self.last_edit):
            edit.set_today(lambda: today(office.context.clock))
            edit.committed.connect(self._period_chosen)
        for hidden in (self.banner_label, self.behind_panel, self.range_box, self.regime_combo):
            hidden.hide()
        self.filter_edit.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        set_columns(self.behind_tree, _BEHIND_WIDTHS)
        self._connect()
        self._enable()
        runner.submit_db(
            lambda _p: office.figures.offers(), self._take_offers, self._fail, "Đang mở các kỳ báo cáo", owner=self
        )

    def _connect(self) -> None:
        for keys, slot in (("Ctrl+F", self._focus_filter), ("F5", self.compute), ("F8", self.show_charts)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.tree)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy_table)
        self.period_combo.currentIndexChanged.connect(lambda _at: self._period_chosen())
        self.regime_combo.currentIndexChanged.connect(lambda _at: self._regime_chosen())
        self.filter_edit.textChanged.connect(lambda _text: self._filter())
        self.filter_edit.installEventFilter(self)
        self.behind_tree.installEventFilter(self)
        self.missing_check.toggled.connect(lambda _on: self._filter())
        self.refresh_button.clicked.connect(self.compute)
        self.copy_button.clicked.connect(self.copy_table)
        self.tree.currentItemChanged.connect(lambda _now, _before: self._enable())
        self.tree.itemActivated.connect(lambda _item, _column: self.show_behind())
        self.behind_button.clicked.connect(self.show_behind)
        self.behind_tree.itemActivated.connect(lambda _item, _column: self._open_record())
        self.open_button.clicked.connect(self._open_record)
        self.close_button.clicked.connect(self._close_behind)
        self.nil_button.clicked.connect(self.confirm_current)
        self.revoke_button.clicked.connect(self.revoke_current)
        self.all_button.clicked.connect(self.confirm_all)
        self.target_button.clicked.connect(self.ask_target)
        self.chart_button.clicked.connect(self.show_charts)

    def _fail(self, error: Exception) -> None:
        dialogs.show_error(self, error)

    # the period
    def _take_offers(self, offers: list[PeriodOffer]) -> None:
        self._offers = offers
        self.regime_combo.blockSignals(True)
        self.regime_combo.clear()
        for key, title in {offer.regime: offer.regime_title for offer in offers}.items():
            self.regime_combo.addItem(title, key)
        self.regime_combo.blockSignals(False)
        self.regime_combo.setVisible(self.regime_combo.count() > 1)
        self._regime_chosen()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_target(wanted)

    def _regime_chosen(self) -> None:
        regime = self.regime_combo.currentData()
        self.period_combo.blockSignals(True)
        self.period_combo.clear()
        for offer in reversed([offer for offer in self._offers if offer.regime == regime]):
            self.period_combo.addItem(offer.title + (" (kỳ đang chạy)" if offer.running else ""), offer.period)
            if offer.running:
                self.period_combo.setCurrentIndex(self.period_combo.count() - 1)
        self.period_combo.addItem("Từ ngày – đến ngày…", _RANGE)
        self.period_combo.blockSignals(False)
        self._period_chosen()

    def _period(self) -> str:
        """The period asked for; "" while the days of a range are not complete."""
        chosen = str(self.period_combo.currentData() or "")
        if chosen != _RANGE:
            return chosen
        first, last = self.first_edit.value(), self.last_edit.value()
        return f"{first}..{last}" if isinstance(first, str) and isinstance(last, str) and first <= last else ""

    def _period_chosen(self) -> None:
        ranged = self.period_combo.currentData() == _RANGE
        self.range_box.setVisible(ranged)
        if self._period():
            self.compute()
        elif ranged:
            self._tell("Gõ ngày đầu và ngày cuối của kỳ cần tính (ngày cuối không trước ngày đầu).")

    # the figures
    def compute(self) -> None:
        """Count anew."""
        regime, period = str(self.regime_combo.currentData() or ""), self._period()
        if not regime or not period:
            return
        self._asked += 1
        number = self._asked
        self._stale = False
        self._tell("Đang tính số liệu…")

        def take(view: FigureView) -> None:
            if number == self._asked:
                self._take(view)

        def failed(error: Exception) -> None:
            if number == self._asked:
                self._tell("Chưa tính được số liệu của kỳ này.", "error")
                self._fail(error)

        self._runner.submit_db(
            lambda _p: self._office.figures.view(regime, period), take, failed, "Đang tính số liệu", owner=self
        )

    def _take(self, view: FigureView) -> None:
        self._view = view
        self._tell_window(view.offer)
        self.tree.fill(view.lines, self._areas)
        self._stand_on_figure()
        self._filter()

    def _tell_window(self, offer: PeriodOffer) -> None:
        words = f"Số liệu từ {vi.day(offer.window.first)} đến {vi.day(offer.window.last)}"
        if offer.due_on is not None:
            words += f" · hạn gửi cuối {vi.day(offer.due_on)}"
            if offer.last_working_day is not None and offer.last_working_day != offer.due_on:
                words += f" (ngày làm việc cuối: {vi.day(offer.last_working_day)})"
            elif offer.last_working_day is not None:
                words += " (là ngày làm việc)"
        self.window_label.setText(words)

    def _tell_sources(self, view: FigureView) -> None:
        parts = []
        if view.reported_units:
            parts.append("Đã gồm báo cáo được chấp nhận của: " + "; ".join(view.reported_units) + ".")
        if view.missing_units:
            parts.append("Chưa có báo cáo của: " + "; ".join(view.missing_units) + ".")
        self._tell(" ".join(parts), "warning" if view.missing_units else "note")

    def _tell(self, text: str, severity: str = "note") -> None:
        self.banner_label.setText(text)
        self.banner_label.setVisible(bool(text))
        restyle(self.banner_label, severity=severity)

    def _filter(self) -> None:
        text, only_missing = self.filter_edit.text(), self.missing_check.isChecked()
        shown, total, missing = self.tree.narrow(text, only_missing=only_missing)
        counted = f"{shown}/{total} chỉ tiêu" if shown != total else f"{total} chỉ tiêu"
        self.sum_label.setText(f"{counted} · {missing} chưa có số liệu" if missing else f"{counted} · đã đủ số liệu")
        if total and not shown:
            self._tell(_ALL_THERE if only_missing and not missing else _NONE_FITS)
        elif self._view is not None:
            self._tell_sources(self._view)
        self._enable()

    def _enable(self) -> None:
        line, view = self.tree.line(), self._view
        self.behind_button.setEnabled(line is not None)
        self.copy_button.setEnabled(view is not None)
        self.chart_button.setEnabled(line is not None)
        self.target_button.setEnabled(line is not None and self._office.context.may("plan"))
        waiting = line is not None and line.state == "no_data" and line.asked and view is not None
        self.formula_label.setText(f"Cách tính {line.code}: {line.formula}" if line is not None else "")
        self.nil_button.setEnabled(waiting and self._may_confirm)
        self.revoke_button.setEnabled(bool(self._confirmed(line)) and self._may_confirm)
        self.all_button.setEnabled(view is not None and bool(view.scope_titles) and self._may_confirm)

    def _focus_filter(self) -> None:
        self.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_edit.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.behind_tree and event.key() == Qt.Key.Key_Escape:
                self._close_behind()
                return True
            if watched is self.filter_edit and event.key() in (*_ENTER, Qt.Key.Key_Down):
                self.tree.choose_first()
                self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if watched is self.filter_edit and event.key() == Qt.Key.Key_Escape:
                self.filter_edit.clear()
                return True
        return super().eventFilter(watched, event)

    def copy_table(self) -> None:
        """Put the rows shown into the clipboard, columns parted by tabs."""
        text, count = self.tree.as_text()
        QGuiApplication.clipboard().setText(text)
        self.said.emit(f"Đã chép {count} dòng; dán vào bảng tính bằng Ctrl+V.")

    # the records behind
    def show_behind(self) -> None:
        """Show the records behind the figure chosen."""
        line, view = self.tree.line(), self._view
        if line is None or view is None:
            return
        regime, period = view.offer.regime, view.offer.period
        self._runner.submit_db(
            lambda _p: self._office.figures.behind(regime, period, line.key),
            lambda behind: self._take_behind(line, behind),
            self._fail,
            "Đang tìm bản ghi",
            owner=self,
        )

    def _take_behind(self, line: FigureLine, behind: Behind) -> None:
        title = line.title if not line.split else f"{self._total_title(line)}: {line.title}"
        words = f"{title}: {vi.number(behind.total)} bản ghi của cơ quan"
        if behind.total > len(behind.lines):
            words += f" (hiện {len(behind.lines)} bản ghi mới nhất)"
        if line.source_key in ("report", "mixed"):
            words += "; phần còn lại lấy từ báo cáo của đơn vị" if behind.total else "; số lấy từ báo cáo của đơn vị"
        self.behind_label.setText(words)
        self.behind_tree.clear()
        for record in behind.lines:
            day = vi.day(record.event_date) if record.event_date else ""
            item = QTreeWidgetItem(self.behind_tree, [day, record.form_title, record.label, record.unit])
            item.setData(0, LINE, record.id)
            item.setToolTip(2, record.label)
        self.open_button.setEnabled(bool(behind.lines))
        self.behind_panel.show()
        self.splitter.setSizes([max(self.splitter.height() - 210, 140), 210])
        if behind.lines:
            first = self.behind_tree.topLevelItem(0)
            if first is not None:
                self.behind_tree.setCurrentItem(first)
            self.behind_tree.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _total_title(self, line: FigureLine) -> str:
        lines = self._view.lines if self._view is not None else ()
        return next((item.title for item in lines if item.key == line.indicator), "")

    def _open_record(self) -> None:
        item = self.behind_tree.currentItem()
        if item is not None:
            self.go_to.emit("records", item.data(0, LINE))

    def _close_behind(self) -> None:
        self.behind_panel.hide()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # nothing happened
    def _confirmed(self, line: FigureLine | None) -> list[str]:
        """The confirmations that cover a figure: its own, or its form's."""
        view = self._view
        if line is None or view is None or line.state != "nil":
            return []
        indicator = self._office.context.catalog.indicators[line.indicator]
        return [scope for scope in (line.indicator, indicator.source.partition(".")[0]) if scope in view.confirmed]

    def confirm_current(self) -> None:
        """A person says: nothing of the figure chosen happened in the period."""
        line, view = self.tree.line(), self._view
        if line is None or view is None or line.state != "no_data" or not line.asked:
            return
        scope = view.scopes.get(line.indicator, "")
        if not scope:
            self._say_of_ratio()
            return
        covered = [item.title for item in view.lines if not item.split and view.scopes.get(item.indicator) == scope]
        self._confirm([scope], f"{view.scope_titles[scope]}: không phát sinh trong kỳ?", covered)

    def _say_of_ratio(self) -> None:
        dialogs.tell(
            self, "Chỉ tiêu này tính từ các chỉ tiêu khác. Hãy nhập số liệu hoặc xác nhận các chỉ tiêu thành phần."
        )

    def confirm_all(self) -> None:
        """Confirm everything that has no data, after showing the list."""
        view = self._view
        if view is not None and view.scope_titles:
            question = f"Xác nhận không phát sinh trong kỳ đối với {len(view.scope_titles)} mục chưa có số liệu?"
            self._confirm(list(view.scope_titles), question, list(view.scope_titles.values()))

    def _confirm(self, scopes: list[str], question: str, listed: list[str]) -> None:
        view = self._view
        if view is None:
            return
        shown = [f"– {title}" for title in listed[:12]]
        if len(listed) > 12:
            shown.append(f"– và {len(listed) - 12} mục khác")
        window = f"Từ {vi.day(view.offer.window.first)} đến {vi.day(view.offer.window.last)}:"
        if dialogs.ask(self, question, detail="\n".join([window, *shown]), yes="Xác nhận", no="Chưa xác nhận"):
            regime, period = view.offer.regime, view.offer.period
            self._runner.submit_db(
                lambda _p: self._office.indicators.confirm_nil(regime, period, *scopes),
                lambda changes: self._written(changes, f"Đã xác nhận không phát sinh: {len(scopes)} mục."),
                self._fail,
                "Đang ghi xác nhận",
                owner=self,
            )

    def revoke_current(self) -> None:
        """Take the confirmation of the figure chosen back."""
        line, view = self.tree.line(), self._view
        scopes = self._confirmed(line)
        if line is None or view is None or not scopes:
            return
        if dialogs.ask(self, f"Bỏ xác nhận không phát sinh của “{line.title}”?", yes="Bỏ xác nhận", no="Giữ lại"):
            regime, period = view.offer.regime, view.offer.period
            self._runner.submit_db(
                lambda _p: self._office.indicators.revoke_nil(regime, period, *scopes),
                lambda changes: self._written(changes, "Đã bỏ xác nhận không phát sinh."),
                self._fail,
                "Đang bỏ xác nhận",
                owner=self,
            )

    def ask_target(self) -> None:
        """The plan's target of the indicator chosen, for the year of the period shown."""
        line, view = self.tree.line(), self._view
        if line is not None and view is not None:
            year = parse_period(view.offer.period).year
            ask_target(self, self._office, self._runner, line.indicator, year, self._written)

    def show_charts(self) -> None:
        """The charts of the indicator chosen."""
        line, view = self.tree.line(), self._view
        if line is not None and view is not None:
            show_charts(self, self._office, self._runner, view.offer, line.indicator)

    def _written(self, changes: Changes, words: str) -> None:
        self.wrote.emit(changes)
        self.said.emit(words)
        self.compute()

    # the window
    def page_keys(self) -> tuple[str, Keys]:
        return "Chỉ tiêu", INDICATORS

    def refresh(self, changes: Changes) -> None:
        if changes.touches("record", "nil", "indicators", "package", "report", "settings", "agencies", "received"):
            if self.isVisible():
                self.compute()
            else:
                self._stale = True

    def shown(self) -> None:
        if self._stale:
            self.compute()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_target(self, target: Any) -> None:
        """Show a period: ``(regime, period)``, or with a third part: the figure to stand on."""
        if not self._offers:
            self._wanted = target
            return
        regime, period, *figure = target
        self._figure = str(figure[0]) if figure else ""
        at = self.regime_combo.findData(regime)
        if at >= 0 and at != self.regime_combo.currentIndex():
            self.regime_combo.setCurrentIndex(at)
        at = self.period_combo.findData(period)
        if at >= 0:
            self.period_combo.setCurrentIndex(at)
        if self._view is not None and (self._view.offer.regime, self._view.offer.period) == (regime, period):
            self._stand_on_figure()

    def _stand_on_figure(self) -> None:
        """Put the cursor on the figure another page asked for."""
        if self._figure and self.tree.choose(self._figure.partition("/")[0]):
            self._figure = ""
