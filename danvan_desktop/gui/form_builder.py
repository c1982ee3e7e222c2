"""The inside of a record form, built from the form's definition; nothing here knows a form or a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from ..catalog.model import Field, Form, Json, Severity, ValueType
from .draft import DraftHistory, put_unfinished, unfinished
from .form_context import CheckedLike, FormContext, FormProblem, ProblemLike
from .form_frame import FormFrame
from .form_layout import (
    COMMON_AREAS,
    COMMON_EVIDENCE,
    COMMON_NOTE,
    COMMON_UNIT,
    COMMON_VILLAGES,
    HINTS,
    FieldCell,
    common_fields,
    common_to_fields,
    fill_common,
    mark_cells,
    sections_of,
)
from .form_problems import input_problems, show_at
from .widgets import DerivedField, FieldWidget, FileDrop, RowsTable

_DERIVE_DELAY_MS = 150


class FormView(FormFrame):
    """A record's form. Keys: Enter or Tab moves on, Ctrl+D repeats the previous record's value, Ctrl+Z and
    Ctrl+Y undo and redo the unsaved draft, F8 goes to the next problem.

    Problems of fields the officer has not been at yet stay hidden until :meth:`reveal_problems`.
    """

    edited = Signal(str)  # a field's key: at every change by the officer, undo included
    field_finished = Signal(str)  # a changed field was left: worth writing into the draft journal
    changed = Signal(bool)  # whether the draft differs from what was loaded or saved
    problems_changed = Signal()
    history_changed = Signal()  # can_undo or can_redo may be different now

    def __init__(self, form: Form, context: FormContext, parent: QWidget | None = None, *, common: bool = True) -> None:
        """``common``: also what every record has (unit, villages, other areas, note, evidence)."""
        super().__init__(parent)
        self.form = form
        self.context = context
        extra = common_fields(form, context) if common else ()
        self._fields: dict[str, Field] = {item.key: item for item in (*form.fields, *extra)}
        self._widgets: dict[str, FieldWidget] = {}
        self._cells: dict[str, FieldCell] = {}
        self._unknown: dict[str, Json] = {}  # values of fields this form does not have: kept, never dropped
        self._previous: dict[str, Json] = {}
        self._problems: tuple[ProblemLike, ...] = ()
        self._visited: set[str] = set()
        self._at = ""  # the field the cursor stands in
        self._unfinished: set[str] = set()
        self._revealed = False
        self._changed = False
        self._derive_number = 0
        self._build(extra)
        self._saved = self._state()
        self._history = DraftHistory(self._saved)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DERIVE_DELAY_MS)
        self._timer.timeout.connect(self.derive_now)
        for key, slot in (("F8", self.next_problem), ("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # values
    def values(self) -> dict[str, Json]:
        """What the officer entered, without derived fields and without empty ones; unknown values are kept."""
        result = dict(self._unknown)
        for item in self.form.fields:
            value = self._widgets[item.key].value()
            if item.derive is None and value not in (None, "", []):
                result[item.key] = value
        return result

    def load(self, values: Mapping[str, Json], common: Mapping[str, Any] | None = None) -> None:
        """Load a record, or nothing for a new one: no undo before this, nothing changed yet."""
        self._fill(values, common)
        self._start_anew()

    def apply(self, values: Mapping[str, Json], common: Mapping[str, Any] | None = None) -> None:
        """Put other values into the draft as one step that can be undone: a draft reopened, an old revision."""
        self._fill(values, common)
        key = self.form.fields[0].key
        self._history.edited(key, self._state(), typing=False)
        self._after_change(key)

    def resume(
        self,
        saved: tuple[Mapping[str, Json], Mapping[str, Any]],
        values: Mapping[str, Json],
        common: Mapping[str, Any],
        typed: Mapping[str, Any],
    ) -> None:
        """Go on with a journalled draft over what is ``saved`` (values, common): changed, with nothing to undo yet."""
        self._fill(*saved)
        before = self._state()
        self._fill(values, common)
        put_unfinished(self._widgets, typed)
        self._start_anew()
        self._saved = before
        self._note_changed()

    def unfinished(self) -> dict[str, Any]:
        """Texts that stand in the form and are no values, by field; as JSON."""
        return unfinished(self._widgets)

    def _fill(self, values: Mapping[str, Json], common: Mapping[str, Any] | None) -> None:
        for item in self.form.fields:
            self._widgets[item.key].set_value(values.get(item.key))
        self._unknown = {key: value for key, value in values.items() if not self.form.has_field(key)}
        if common is not None:
            fill_common(self._widgets, common)

    def common(self) -> dict[str, Any]:
        """``unit`` (id or None), ``villages`` (ids), ``secondary_areas`` (numbers), ``note``, ``evidence`` (hashes)."""

        def listed(key: str) -> list[Any]:
            value = self._widgets[key].value() if key in self._widgets else None
            return value if isinstance(value, list) else []

        return {
            "unit": self._widgets[COMMON_UNIT].value(),
            "villages": listed(COMMON_VILLAGES),
            "secondary_areas": [int(item) for item in listed(COMMON_AREAS)],
            "note": self._widgets[COMMON_NOTE].value() or "",
            "evidence": listed(COMMON_EVIDENCE),
        }

    def set_common(self, common: Mapping[str, Any]) -> None:
        """Load what :meth:`common` returns; absent keys are empty."""
        fill_common(self._widgets, common)
        self._start_anew()

    def set_previous(self, values: Mapping[str, Json], common: Mapping[str, Any] | None = None) -> None:
        """The record before this one: what Ctrl+D repeats, field by field."""
        self._previous = dict(values)
        if common is not None:
            given = common_to_fields(common)
            self._previous.update({key: value for key, value in given.items() if value not in (None, "", [])})

    def widget(self, key: str) -> FieldWidget:
        """The widget of a field (``@unit`` and so on for the common ones). Raises KeyError."""
        return self._widgets[key]

    def evidence(self) -> FileDrop:
        """The file list of the record."""
        found = self._widgets[COMMON_EVIDENCE]
        assert isinstance(found, FileDrop)
        return found

    def set_read_only(self, read_only: bool) -> None:
        for key, widget in self._widgets.items():
            if self._fields[key].derive is None:
                widget.set_read_only(read_only)

    # the draft
    def is_changed(self) -> bool:
        return self._changed

    def mark_saved(self) -> None:
        """What stands here has been saved; undo keeps its steps."""
        self.commit()
        self._saved = self._state()
        self._unfinished.clear()
        self._note_changed()

    def commit(self) -> None:
        """Take in the field being typed."""
        inside: QWidget | None = self.focusWidget()
        for widget in self._widgets.values():
            if inside is not None and widget.isAncestorOf(inside):
                widget.commit()

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def undo(self) -> None:
        """Take back the last step of the unsaved draft."""
        self._move(self._history.undo())

    def redo(self) -> None:
        """Do again what was taken back."""
        self._move(self._history.redo())

    def repeat_previous(self, key: str) -> None:
        """Put the previous record's value into field ``key``."""
        if key not in self._previous:
            self.help_bar.setText("Bản ghi trước không có giá trị ở ô này.")
            return
        value = self._previous[key]
        if self._fields[key].type is ValueType.ROWS and isinstance(value, list):
            value = [{**row, "row": self.context.new_row_id()} for row in value if isinstance(row, dict)]
        self._widgets[key].set_value(value)
        self._widget_edited(key, typing=False)

    # problems
    def input_problems(self) -> list[FormProblem]:
        """Fields in which stands something that is no value; a record must not be saved with them."""
        return input_problems(self._widgets)

    def problems(self) -> list[ProblemLike]:
        """All problems, shown or not yet: of the typing first, then those of the last derivation."""
        typed = self.input_problems()
        at = {(item.field, item.row, item.column) for item in typed}
        return [*typed, *(item for item in self._problems if (item.field, item.row, item.column) not in at)]

    def show_problems(self, problems: Sequence[ProblemLike], *, reveal: bool = True) -> None:
        """Show problems found elsewhere (by a refused save), all of them when ``reveal``."""
        self._problems = tuple(problems)
        self._revealed = self._revealed or reveal
        self._show_problems()

    def reveal_problems(self) -> None:
        """Show also the problems of fields the officer has not been at: on saving."""
        self._revealed = True
        self._show_problems()

    def next_problem(self) -> None:
        """Jump to the next problem shown."""
        self.problem_list.next()

    def focus_first(self) -> None:
        """Put the cursor into the first field that is typed; what stands there is marked, typing replaces it."""
        for key, widget in self._widgets.items():
            if not isinstance(widget, DerivedField):
                self.focus_field(key)
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                for part in widget.focus_parts[:1]:
                    if isinstance(part, QLineEdit):
                        part.selectAll()
                return

    def focus_field(self, key: str, row: str | None = None, column: str | None = None) -> None:
        """Put the cursor into a field, or into a cell of a rows field, and bring it into view."""
        widget = self._widgets[key]
        self.bring_into_view(self._cells[key])
        if isinstance(widget, RowsTable) and row:
            widget.go_to(row, column or "")
        else:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def derive_now(self) -> None:
        """Ask for derived values and problems at once (otherwise shortly after each change)."""
        self._timer.stop()
        if self.context.derive is None:
            self._show_problems()
            return
        self._derive_number += 1
        number = self._derive_number

        def deliver(checked: CheckedLike) -> None:
            if number == self._derive_number and isValid(self):
                self._take_derived(checked)

        self.context.derive(self.form, self.values(), deliver)

    # building
    def _build(self, extra: Sequence[Field]) -> None:
        for section in sections_of(self.form):
            self._section(section.title, [self._fields[key] for key in section.fields])
        if extra:
            self._section("Thông tin chung của bản ghi", list(extra))
            self.evidence().accept_from(self)
        self.finish(self._widgets.values())
        self.problem_list.jump.connect(self._jump)

    def _section(self, title: str, items: Sequence[Field]) -> None:
        cells = []
        for item in items:
            widget = self.context.widget(item)
            cell = FieldCell(item, widget, self.body)
            self._widgets[item.key], self._cells[item.key] = widget, cell
            cells.append(cell)
            widget.form_keys = True
            widget.edited.connect(lambda key=item.key: self._widget_edited(key))
            widget.committed.connect(lambda key=item.key: self._left(key))
            widget.focused.connect(lambda key=item.key: self._focused(key))
            widget.key_command.connect(lambda command, key=item.key: self._command(command, key))
        self.add_section(title, cells)

    # what happens
    def _state(self) -> dict[str, Any]:
        return {key: widget.state() for key, widget in self._widgets.items() if self._fields[key].derive is None}

    def _start_anew(self) -> None:
        self._saved = self._state()
        self._history = DraftHistory(self._saved)
        self._visited.clear()
        self._unfinished.clear()
        self._revealed = False
        self._problems = ()
        self._require()
        self._note_changed()
        self.history_changed.emit()
        self.derive_now()

    def _widget_edited(self, key: str, typing: bool | None = None) -> None:
        widget = self._widgets[key]
        joined = widget.typing if typing is None else typing
        self._history.edited(key, self._state(), typing=joined)
        self._unfinished.add(key)
        if widget.problem and not isinstance(widget, RowsTable):
            widget.set_problem("")
        self._after_change(key)
        if not joined:  # a tick, a row, a file: finished at once
            self._finish(key)

    def _finish(self, key: str) -> None:
        if key in self._unfinished:
            self._unfinished.discard(key)
            self.field_finished.emit(key)

    def _move(self, step: tuple[str, dict[str, Any]] | None) -> None:
        if step is None:
            self.help_bar.setText("Không còn bước nào.")
            return
        key, state = step
        for name, widget in self._widgets.items():
            if name in state and widget.state() != state[name]:
                widget.set_state(state[name])
        self._history.replace(self._state())
        self._unfinished.add(key)
        self.focus_field(key)
        self._after_change(key)

    def _after_change(self, key: str) -> None:
        self._require()
        self._note_changed()
        self.history_changed.emit()
        self.edited.emit(key)
        self._timer.start()

    def _note_changed(self) -> None:
        changed = self._state() != self._saved
        if changed != self._changed:
            self._changed = changed
            self.changed.emit(changed)

    def _require(self) -> None:
        """Marks that depend on what stands in other fields."""
        mark_cells(self.form, self._cells, {item.key: self._widgets[item.key].value() for item in self.form.fields})

    def _left(self, key: str) -> None:
        self._history.seal()
        self._visited.add(key)
        self._at = ""
        self._finish(key)
        self._show_problems()

    def _focused(self, key: str) -> None:
        item = self._fields[key]
        self._at = key
        if key in self._visited and not self._revealed:
            self._show_problems()
        self.bring_into_view(self._cells[key])
        self.help_bar.setText(" – ".join(part for part in (item.title, item.help or HINTS.get(item.type, "")) if part))
        self.help_bar.setToolTip(item.help)

    def _command(self, command: str, key: str) -> None:
        if command == "undo":
            self.undo()
        elif command == "redo":
            self.redo()
        elif command == "repeat":
            self.repeat_previous(key)
        elif COMMON_EVIDENCE in self._widgets:  # files or a picture pasted: whatever the field
            self.evidence().paste()

    def _take_derived(self, checked: CheckedLike) -> None:
        for item in self.form.fields:
            if item.derive is not None:
                self._widgets[item.key].set_value(checked.values.get(item.key))
        self._require()
        self._problems = tuple(checked.problems)
        self._show_problems()

    def _show_problems(self) -> None:
        shown = [item for item in self.problems() if self._is_shown(item)]
        show_at(self._widgets, shown)
        self.problem_list.set_problems(shown, {key: item.title for key, item in self._fields.items()})
        self.problem_list.setVisible(self._revealed and bool(shown))
        self.problems_changed.emit()

    def _is_shown(self, problem: ProblemLike) -> bool:
        """Before saving: notes, and what is wrong where the officer has been; not what is just being filled in."""
        if self._revealed or problem.severity is Severity.NOTE:
            return True
        key = problem.field
        filling_in = key == self._at and self._widgets[key].value() in (None, "", [])
        return key in self._visited and not (filling_in and not self._widgets[key].input_error())

    def _jump(self, key: str, row: str, column: str) -> None:
        if key in self._widgets:
            self.focus_field(key, row or None, column or None)
