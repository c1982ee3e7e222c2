"""Correcting a plan, before and after it is kept: head facts, tasks, bodies, reports due, words, unplaced lines."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)

from ..catalog.model import Area
from ..services.office import Office
from ..services.plan_view import CYCLE_TITLES, RULE_TITLES, duty_line, last_day_of
from . import dialogs
from .loader import load_ui
from .plan_items import Field, Item, ItemsTab
from .widgets import NullableDateEdit, restyle

_TABS = ("Thông tin chung", "Nhiệm vụ", "Phân công", "Chế độ báo cáo", "Lời văn", "Dòng chưa xếp")
_SHORT = 70


class PlanEditor(QWidget):
    """The body of a plan (planning.model's JSON) on screen. ``saving`` carries the corrected body."""

    saving = Signal(object)
    cancelled = Signal()

    editor_title: QLabel
    save_button: QPushButton
    cancel_button: QPushButton
    note_label: QLabel
    tabs: QTabWidget
    title_edit: QLineEdit
    issuer_edit: QLineEdit
    number_edit: QLineEdit
    issued_edit: NullableDateEdit
    year_edit: QLineEdit
    bases_edit: QPlainTextEdit
    preamble_edit: QPlainTextEdit
    closing_edit: QPlainTextEdit
    recipients_edit: QPlainTextEdit
    authority_edit: QLineEdit
    position_edit: QLineEdit
    signer_edit: QLineEdit
    task_mark: QLineEdit
    task_area: QComboBox
    task_text: QPlainTextEdit
    areas_label: QLabel
    body_name: QLineEdit
    body_duties: QPlainTextEdit
    duty_from: QLineEdit
    duty_to: QLineEdit
    duty_via: QLineEdit
    duty_cycle: QComboBox
    duty_rule: QComboBox
    duty_from_day: QLineEdit
    duty_from_month: QLineEdit
    duty_day: QLineEdit
    duty_month: QLineEdit
    duty_year: QLineEdit
    duty_last_label: QLabel
    duty_quote: QPlainTextEdit
    section_mark: QLineEdit
    section_parent: QLineEdit
    section_title: QLineEdit
    section_text: QPlainTextEdit
    unplaced_list: QListWidget
    target_combo: QComboBox
    place_button: QPushButton
    drop_button: QPushButton

    def __init__(self, office: Office, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "plan_editor")
        self._calendar = office.context.calendar
        self._today = today
        self._areas: tuple[Area, ...] = tuple(office.context.catalog.areas)
        self._body: dict[str, Any] = {}
        self._followed: frozenset[str] = frozenset()
        self._begun: dict[str, Any] = {}
        self.issued_edit.set_today(today)
        self.issued_edit.set_name("Ngày ban hành")
        self._prepare_choices()
        self._head = (
            Field(self.title_edit, "title"),
            Field(self.issuer_edit, "issuer"),
            Field(self.number_edit, "number_symbol"),
            Field(self.issued_edit, "issued_on"),
            Field(self.year_edit, "year", kind="whole"),
            Field(self.bases_edit, "bases", kind="lines"),
            Field(self.preamble_edit, "preamble"),
            Field(self.closing_edit, "closing"),
            Field(self.recipients_edit, "recipients", kind="lines"),
            Field(self.authority_edit, "signer", "authority"),
            Field(self.position_edit, "signer", "position"),
            Field(self.signer_edit, "signer", "name"),
        )
        for field in self._head:
            field.on_edit(partial(self._head_edited, field))
        self._make_tabs()
        self.place_button.clicked.connect(self._place)
        self.drop_button.clicked.connect(self._drop)
        self.unplaced_list.itemSelectionChanged.connect(self._offer)
        self.save_button.clicked.connect(self._save)
        self.cancel_button.clicked.connect(self._cancel)
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._save)

    def _prepare_choices(self) -> None:
        self.task_area.addItem("(chưa rõ mảng)", None)
        for area in self._areas:
            self.task_area.addItem(f"{area.number}. {area.short_title}", area.number)
            self.task_area.setItemData(self.task_area.count() - 1, area.title, Qt.ItemDataRole.ToolTipRole)
        for key, title in CYCLE_TITLES.items():
            self.duty_cycle.addItem(title, key)
        for key, title in RULE_TITLES.items():
            self.duty_rule.addItem(title, key)
        for edit in (self.duty_day, self.duty_from_day):
            edit.setValidator(QIntValidator(1, 366, self))
        for edit in (self.duty_month, self.duty_from_month):
            edit.setValidator(QIntValidator(1, 12, self))
        for edit in (self.year_edit, self.duty_year):
            edit.setValidator(QIntValidator(1, 2199, self))

    def _make_tabs(self) -> None:
        shorts = {area.number: f"{area.number}. {area.short_title}" for area in self._areas}
        self.tasks = ItemsTab(
            self,
            "task",
            (
                ("Ký hiệu", lambda item: item.get("mark") or ""),
                ("Mảng", lambda item: shorts.get(item.get("area") or 0, "(chưa rõ)")),
                ("Nội dung", lambda item: item.get("text") or ""),
            ),
            (
                Field(self.task_text, "text"),
                Field(self.task_mark, "mark"),
                Field(self.task_area, "area", kind="choice"),
            ),
            lambda: {"id": "", "mark": None, "area": None, "text": ""},
            self._may_remove_task,
        )
        self.bodies = ItemsTab(
            self,
            "body",
            (
                ("Cơ quan", lambda item: item.get("body") or ""),
                ("Số việc", lambda item: str(len(item.get("duties") or ()))),
                ("Việc đầu tiên", lambda item: (item.get("duties") or [""])[0]),
            ),
            (Field(self.body_name, "body"), Field(self.body_duties, "duties", kind="paragraphs")),
            lambda: {"body": "", "duties": []},
        )
        self.duties = ItemsTab(
            self,
            "duty",
            (
                ("Cơ quan báo cáo", lambda item: item.get("from") or ""),
                ("Gửi đến", _to_words),
                ("Kỳ", lambda item: CYCLE_TITLES.get(item.get("cycle") or "unknown", "")),
                ("Hạn", lambda item: self._duty(item).last_day_words or self._duty(item).due),
            ),
            (
                Field(self.duty_from, "from"),
                Field(self.duty_to, "to"),
                Field(self.duty_via, "via"),
                Field(self.duty_cycle, "cycle", kind="choice"),
                Field(self.duty_rule, "due", "rule", kind="choice"),
                Field(self.duty_from_day, "due", "from_day", kind="whole"),
                Field(self.duty_from_month, "due", "from_month", kind="whole"),
                Field(self.duty_day, "due", "day", kind="whole"),
                Field(self.duty_month, "due", "month", kind="whole"),
                Field(self.duty_year, "due", "year", kind="whole"),
                Field(self.duty_quote, "quote"),
            ),
            lambda: {"from": None, "to": None, "via": None, "cycle": "half_year", "due": {"rule": "before"},
                     "last_day": None, "quote": None},
            even=True,
        )  # fmt: skip
        self.sections = ItemsTab(
            self,
            "section",
            (
                ("Mục", lambda item: ".".join(part for part in (item.get("parent"), item.get("mark")) if part)),
                ("Tên mục", lambda item: item.get("title") or ""),
                ("Lời văn", lambda item: item.get("text") or ""),
            ),
            (
                Field(self.section_title, "title"),
                Field(self.section_mark, "mark"),
                Field(self.section_parent, "parent"),
                Field(self.section_text, "text"),
            ),
            lambda: {"mark": None, "title": None, "text": None, "parent": None},
        )
        self.tasks.chosen.connect(self._show_areas)
        self.duties.edited.connect(self._duty_edited)
        self.duties.chosen.connect(self._show_last_day)
        for tab in (self.tasks, self.bodies, self.duties, self.sections):
            tab.edited.connect(self._count)

    # what is edited
    def begin(
        self, body: dict[str, Any], title: str, note: str, *, warn: bool = False, followed: frozenset[str] = frozenset()
    ) -> None:
        """Show ``body``; ``note`` says where it comes from; ``followed``: tasks with work noted on them."""
        self._body = copy.deepcopy(body)
        for duty in self._body.setdefault("reporting", []):
            duty.setdefault("due", {})
        self._body["unplaced"] = list(self._body.get("unplaced") or ())
        self._followed = followed
        self.editor_title.setText(title)
        self.note_label.setText(note)
        restyle(self.note_label, severity="warning" if warn else "note")
        for field in self._head:
            field.show(self._body)
        self.tasks.load(self._body.setdefault("tasks", []))
        self.bodies.load(self._body.setdefault("assignments", []))
        self.duties.load(self._body["reporting"])
        self.sections.load(self._body.setdefault("sections", []))
        self._fill_unplaced()
        self._count()
        self._begun = copy.deepcopy(self._body)
        self.tabs.setCurrentIndex(0)
        self.title_edit.setFocus()

    @property
    def changed(self) -> bool:
        """Whether something was corrected since :meth:`begin`."""
        return self._body != self._begun

    def body(self) -> dict[str, Any]:
        """The plan as it stands now, without the items left empty."""
        body = copy.deepcopy(self._body)
        body["tasks"] = [item for item in body["tasks"] if item.get("text")]
        body["assignments"] = [item for item in body["assignments"] if item.get("body")]
        body["reporting"] = [item for item in body["reporting"] if _said(item)]
        body["sections"] = [item for item in body["sections"] if any(item.values())]
        return body

    def _head_edited(self, field: Field) -> None:
        field.take(self._body)
        if field.widget is self.year_edit:
            self.duties.reload()

    def _count(self) -> None:
        counts = ("", len(self.tasks.items), len(self.bodies.items), len(self.duties.items), len(self.sections.items),
                  len(self._body["unplaced"]))  # fmt: skip
        for number, (title, count) in enumerate(zip(_TABS, counts, strict=True)):
            self.tabs.setTabText(number, title if count == "" else f"{title} ({count})")

    # tasks
    def _show_areas(self) -> None:
        found = {item.get("area") for item in self.tasks.items}
        missing = [f"{area.number}. {area.short_title}" for area in self._areas if area.number not in found]
        unknown = sum(item.get("area") is None for item in self.tasks.items)
        words = [f"{unknown} nhiệm vụ chưa rõ mảng."] if unknown else []
        words += ["Mảng chưa có nhiệm vụ: " + "; ".join(missing) + "."] if missing else []
        self.areas_label.setText(" ".join(words) or "Cả tám mảng đều có nhiệm vụ.")

    def _may_remove_task(self, item: Item) -> bool:
        if item.get("id") not in self._followed:
            return True
        return dialogs.ask(
            self,
            "Nhiệm vụ này đã được giao hoặc đã ghi tiến độ. Xóa khỏi kế hoạch?",
            detail="Phân công, tiến độ, quá trình và minh chứng của nhiệm vụ sẽ mất khi lưu kế hoạch.",
            yes="Xóa",
            no="Giữ lại",
            default=False,
        )

    # reporting duties
    def _duty(self, item: Item) -> Any:
        return duty_line(item, self._body.get("year") or self._today().year, self._calendar)

    def _duty_edited(self) -> None:
        item = self.duties.current
        if item is not None:
            item["last_day"] = last_day_of(item.get("due") or {}, self._body.get("year"))

    def _show_last_day(self) -> None:
        item = self.duties.current
        rule = (item.get("due") or {}).get("rule") if item is not None else "none"
        spans = rule in ("window", "within")
        for edit in (self.duty_from_day, self.duty_from_month):
            edit.setEnabled(spans)
        for edit in (self.duty_day, self.duty_month, self.duty_year):
            edit.setEnabled(rule not in (None, "none"))
        words = "Không nêu ngày cụ thể."
        if item is not None:
            line = self._duty(item)
            if line.last_day is not None:
                words = f"Ngày cuối còn được gửi: {line.last_day_words}."
            elif line.due:
                words = f"Hạn: {line.due}."
        self.duty_last_label.setText(words)

    # unplaced lines
    def _fill_unplaced(self) -> None:
        self.unplaced_list.clear()
        self.unplaced_list.addItems(self._body["unplaced"])
        if self._body["unplaced"]:
            self.unplaced_list.setCurrentRow(0)
        self._offer()

    def _offer(self) -> None:
        chosen = bool(self.unplaced_list.selectedItems())
        self.place_button.setEnabled(chosen)
        self.drop_button.setEnabled(chosen)
        before = self.target_combo.currentData()
        combo = self.target_combo
        combo.clear()
        combo.addItem("Nhiệm vụ mới", "task:-1")
        combo.addItem("Cơ quan mới trong phân công", "body:-1")
        combo.addItem("Căn cứ", "bases:-1")
        combo.addItem("Nơi nhận", "recipients:-1")
        for number, item in enumerate(self.tasks.items):
            mark = f"{item.get('mark')}. " if item.get("mark") else ""
            combo.addItem(f"Nối vào nhiệm vụ: {mark}{_short(item.get('text'))}", f"task:{number}")
        for number, item in enumerate(self.bodies.items):
            combo.addItem(f"Việc mới của: {_short(item.get('body'))}", f"body:{number}")
        for number, item in enumerate(self.sections.items):
            words = " ".join(part for part in (item.get("mark"), item.get("title")) if part)
            combo.addItem(f"Nối vào lời văn mục: {_short(words)}", f"section:{number}")
        combo.setCurrentIndex(max(0, combo.findData(before)))

    def _place(self) -> None:
        kind, _colon, place = str(self.target_combo.currentData()).partition(":")
        number = int(place)
        rows = sorted(self.unplaced_list.row(item) for item in self.unplaced_list.selectedItems())
        for row in rows:
            self._put(self._body["unplaced"][row], kind, number)
            if number < 0 and kind in ("task", "body"):
                number = len(self._items_of(kind)) - 1  # the lines chosen together become one
        self._forget(rows)
        self._begin_again()

    def _items_of(self, kind: str) -> list[Item]:
        return {"task": self.tasks, "body": self.bodies, "section": self.sections}[kind].items

    def _put(self, line: str, kind: str, number: int) -> None:
        if kind in ("bases", "recipients"):
            self._body.setdefault(kind, []).append(line)
        elif number < 0:
            blank: Item = {"id": "", "mark": None, "area": None, "text": line}
            self._items_of(kind).append(blank if kind == "task" else {"body": line, "duties": []})
        elif kind == "body":
            self.bodies.items[number].setdefault("duties", []).append(line)
        else:
            item = self._items_of(kind)[number]
            item["text"] = (f"{item['text']}{' ' if kind == 'task' else chr(10)}" if item.get("text") else "") + line

    def _drop(self) -> None:
        rows = sorted(self.unplaced_list.row(item) for item in self.unplaced_list.selectedItems())
        if rows and dialogs.ask(
            self,
            f"Bỏ {len(rows)} dòng đã chọn khỏi kế hoạch?",
            detail="Tệp gốc không bị thay đổi; dòng đã bỏ không còn trong kế hoạch sau khi lưu.",
            yes="Bỏ dòng",
            no="Giữ lại",
            default=False,
        ):
            self._forget(rows)
            self._begin_again()

    def _forget(self, rows: list[int]) -> None:
        for row in reversed(rows):
            del self._body["unplaced"][row]

    def _begin_again(self) -> None:
        for field in self._head:
            field.show(self._body)
        for tab in (self.tasks, self.bodies, self.sections):
            tab.reload()
        self._fill_unplaced()
        self._count()
        self.unplaced_list.setFocus()

    # leaving
    def _save(self) -> None:
        self.issued_edit.commit()
        if self.issued_edit.input_error():
            self.tabs.setCurrentIndex(0)
            self.issued_edit.setFocus()
            return
        if not self._body.get("title"):
            self.tabs.setCurrentIndex(0)
            self.note_label.setText("Hãy ghi tên kế hoạch trước khi lưu. Nội dung đã sửa vẫn còn trên màn hình.")
            restyle(self.note_label, severity="error")
            self.title_edit.setFocus()
            return
        self.saving.emit(self.body())

    def refuse(self, sentence: str) -> None:
        """Say why the plan was not kept; everything stays on screen."""
        self.note_label.setText(sentence)
        restyle(self.note_label, severity="error")

    def may_leave(self) -> bool:
        """Ask before corrections are thrown away."""
        return not self.changed or dialogs.ask(
            self, "Kế hoạch chưa lưu. Bỏ những gì đã sửa?", yes="Bỏ", no="Ở lại", default=False
        )

    def _cancel(self) -> None:
        if self.may_leave():
            self.cancelled.emit()


def _to_words(item: Item) -> str:
    to, via = item.get("to") or "", item.get("via")
    return f"{to} (qua {via})" if via else to


def _said(item: Item) -> bool:
    return any(item.get(key) for key in ("from", "to", "via", "quote", "last_day"))


def _short(text: str | None) -> str:
    words = (text or "").replace("\n", " ")
    return words if len(words) <= _SHORT else words[: _SHORT - 1].rstrip() + "…"
