"""The filters over a list of records: words, state, time, unit, village, and every indexed choice of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from ..catalog.model import Choice, Form, Json, ValueType
from ..kernel import vi
from ..services.records import ListQuery
from .record_data import STATES, OfficeLists
from .widgets import NullableDateEdit

SEARCH_DELAY_MS = 250
_PER_LINE = 4
_ANY_TIME, _RUNNING, _RANGE = "", "running", "range"
_SHORTEST = 14  # letters a combo asks room for; longer titles are cut in the box, whole in the list


class RecordFilters(QObject):
    """Holds the widgets of the filter lines of a page. ``changed`` comes 250 ms after the last letter of a search,
    at once for everything else."""

    changed = Signal()

    def __init__(
        self,
        search: QLineEdit,
        state: QComboBox,
        period: QComboBox,
        range_box: QWidget,
        first: NullableDateEdit,
        last: NullableDateEdit,
        panel: QFrame,
        panel_button: QPushButton,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._search, self._state, self._period = search, state, period
        self._range_box, self._first, self._last = range_box, first, last
        self._panel, self._panel_button = panel, panel_button
        self._form: Form | None = None
        self._lists: OfficeLists | None = None
        self._unit = self._combo("Đơn vị")
        self._village = self._combo("Thôn, tổ dân phố")
        self._choices: dict[str, QComboBox] = {}
        self._labels: list[QLabel] = []
        self._quiet = False
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SEARCH_DELAY_MS)
        self._delay.timeout.connect(self._tell)
        search.textChanged.connect(lambda _text: self._delay.start())
        for key, title in (("", "Mọi trạng thái"), *STATES.items()):
            state.addItem(title, key)
        state.currentIndexChanged.connect(self._tell)
        period.currentIndexChanged.connect(self._period_chosen)
        for edit in (first, last):
            edit.committed.connect(self._tell)
        panel_button.toggled.connect(panel.setVisible)
        range_box.hide()
        panel.hide()

    # what is asked
    def query(self, *, sort: str, descending: bool, deleted: bool) -> ListQuery:
        """What the list shows now."""
        first, last = self._window()
        return ListQuery(
            search=self._search.text().strip(),
            states=(self._state.currentData(),) if self._state.currentData() else (),
            first=first,
            last=last,
            unit=self._unit.currentData() or None,
            village=self._village.currentData() or None,
            choices={key: combo.currentData() for key, combo in self._choices.items() if combo.currentData()},
            sort=sort,
            descending=descending,
            deleted=deleted,
        )

    def state(self) -> dict[str, Json]:
        """What is chosen, in words that :meth:`restore` takes back; a running period stays running."""
        chosen: dict[str, Json] = {
            "search": self._search.text().strip(),
            "state": self._state.currentData() or "",
            "period": self._period.currentData() or "",
            "first": self._first.value(),
            "last": self._last.value(),
            "unit": self._unit.currentData() or "",
            "village": self._village.currentData() or "",
            "choices": {key: combo.currentData() for key, combo in self._choices.items() if combo.currentData()},
        }
        return {key: value for key, value in chosen.items() if value}

    def restore(self, state: Mapping[str, Json]) -> None:
        """Choose what :meth:`state` said; what is no longer offered (a village that is gone) is left open. Tells
        nobody."""
        self._quiet = True
        words = state.get("search")
        self._search.setText(words if isinstance(words, str) else "")
        self._delay.stop()
        for key, combo in (("state", self._state), ("period", self._period), ("unit", self._unit),
                           ("village", self._village)):  # fmt: skip
            combo.setCurrentIndex(max(0, combo.findData(state.get(key) or "")))
        for key, edit in (("first", self._first), ("last", self._last)):
            edit.set_value(state.get(key))
        choices = state.get("choices")
        for key, combo in self._choices.items():
            combo.setCurrentIndex(max(0, combo.findData(choices.get(key) or "" if isinstance(choices, dict) else "")))
        self._quiet = False

    def is_set(self) -> bool:
        """Whether anything is left out of the list."""
        combos = (self._state, self._period, self._unit, self._village, *self._choices.values())
        return bool(self._search.text().strip()) or any(combo.currentIndex() > 0 for combo in combos)

    def clear(self) -> None:
        """Show everything again."""
        self._quiet = True
        self._search.clear()
        for combo in (self._state, self._period, self._unit, self._village, *self._choices.values()):
            combo.setCurrentIndex(0)
        for edit in (self._first, self._last):
            edit.set_value(None)
        self._quiet = False
        self._tell()

    def search_now(self) -> None:
        """Do not wait for more letters."""
        if self._delay.isActive():
            self._tell()

    # what can be asked
    def set_lists(self, lists: OfficeLists) -> None:
        """Units, villages and periods of the office."""
        self._quiet = True
        self._lists = lists
        for edit in (self._first, self._last):
            edit.set_today(lambda: lists.today)
        _fill(self._unit, "Mọi đơn vị", lists.agencies)
        _fill(self._village, "Mọi thôn, tổ", lists.villages)
        kept = self._period.currentData()
        self._period.clear()
        self._period.addItem("Mọi thời gian", _ANY_TIME)
        if lists.window:
            first, last = lists.window
            title = f"{lists.window_title} ({vi.day(first)} – {vi.day(last)})"
            self._period.addItem(title, _RUNNING)
        for year in range(lists.today.year, lists.today.year - 4, -1):
            self._period.addItem(f"Năm {year}", str(year))
        self._period.addItem("Từ ngày – đến ngày", _RANGE)
        self._period.setCurrentIndex(max(0, self._period.findData(kept)))
        self._quiet = False
        self._fit_period()

    def set_form(self, form: Form) -> None:
        """Another form: its own choices to filter by; the words and the rest stay."""
        self._form = form
        for combo in self._choices.values():
            combo.deleteLater()
        self._choices = {}
        for item in form.fields:
            if item.type is ValueType.MULTI_CHOICE or (item.indexed and item.type is ValueType.CHOICE):
                combo = self._combo(item.title)
                _fill(combo, "Tất cả", item.choices)
                self._choices[item.key] = combo
        self._lay_out()

    def _combo(self, title: str) -> QComboBox:
        combo = QComboBox(self._panel)
        combo.setAccessibleName(f"Lọc theo: {title}")
        combo.setProperty("title", title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(_SHORTEST)
        combo.setMaxVisibleItems(20)
        combo.currentIndexChanged.connect(self._tell)
        return combo

    def _lay_out(self) -> None:
        grid = self._panel.layout()
        assert isinstance(grid, QGridLayout)
        while grid.count():
            grid.takeAt(0)
        for label in self._labels:
            label.deleteLater()
        self._labels = []
        combos = [self._unit, self._village, *self._choices.values()]
        for place, combo in enumerate(combos):
            line, column = divmod(place, _PER_LINE)
            label = QLabel(str(combo.property("title")), self._panel)
            label.setProperty("role", "soft")
            label.setBuddy(combo)
            self._labels.append(label)
            grid.addWidget(label, 2 * line, column)
            grid.addWidget(combo, 2 * line + 1, column)
            label.show()
            combo.show()
        for column in range(_PER_LINE):
            grid.setColumnStretch(column, 1)
        for before, after in zip([self._panel_button, *combos], combos, strict=False):
            QWidget.setTabOrder(before, after)

    def _window(self) -> tuple[date | None, date | None]:
        chosen = self._period.currentData()
        if chosen == _RANGE:
            days = [edit.value() for edit in (self._first, self._last)]
            first, last = (date.fromisoformat(day) if isinstance(day, str) else None for day in days)
            return first, last
        if chosen == _RUNNING and self._lists is not None and self._lists.window:
            return self._lists.window
        if chosen:
            return date(int(chosen), 1, 1), date(int(chosen), 12, 31)
        return None, None

    def _period_chosen(self) -> None:
        self._range_box.setVisible(self._period.currentData() == _RANGE)
        self._fit_period()
        self._tell()

    def _fit_period(self) -> None:
        self._period.setToolTip(self._period.currentText())

    def _tell(self) -> None:
        self._delay.stop()
        if not self._quiet:
            self.changed.emit()


def _fill(combo: QComboBox, every: str, choices: Sequence[Choice]) -> None:
    kept = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    combo.addItem(every, "")
    for choice in choices:
        combo.addItem(choice.title, choice.key)
    combo.setCurrentIndex(max(0, combo.findData(kept)))
    combo.blockSignals(False)
