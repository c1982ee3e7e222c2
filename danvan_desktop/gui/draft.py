"""The unsaved draft: undo and redo of a hundred steps, typing in one field joined into one; unfinished texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QElapsedTimer

from .widgets import FieldWidget, LongTextField, RowsTable

LIMIT = 100
PAUSE_MS = 2000  # typing in one field goes into one step until it rests this long


class DraftHistory:
    """States of the whole draft. A step is (field edited, state before it)."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._current: dict[str, Any] = dict(state)
        self._undo: list[tuple[str, dict[str, Any]]] = []
        self._redo: list[tuple[str, dict[str, Any]]] = []
        self._open = ""  # the field whose typing may still join the last step
        self._rest = QElapsedTimer()

    def edited(self, key: str, state: Mapping[str, Any], *, typing: bool) -> None:
        """Field ``key`` was edited and the draft is now ``state``."""
        joins = typing and self._open == key and self._rest.isValid() and self._rest.elapsed() < PAUSE_MS
        if not joins or not self._undo:
            self._undo.append((key, self._current))
            del self._undo[:-LIMIT]
        self._redo.clear()
        self._current = dict(state)
        self._open = key if typing else ""
        self._rest.start()

    def seal(self) -> None:
        """The field was left: later typing is a step of its own."""
        self._open = ""

    def undo(self) -> tuple[str, dict[str, Any]] | None:
        """The field last edited and the state before that; None at the beginning."""
        return self._move(self._undo, self._redo)

    def redo(self) -> tuple[str, dict[str, Any]] | None:
        """The field whose edit was taken back and the state after it; None at the end."""
        return self._move(self._redo, self._undo)

    def _move(
        self, source: list[tuple[str, dict[str, Any]]], target: list[tuple[str, dict[str, Any]]]
    ) -> tuple[str, dict[str, Any]] | None:
        if not source:
            return None
        key, state = source.pop()
        target.append((key, self._current))
        self._current = state
        self.seal()
        return key, dict(state)

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        return bool(self._redo)

    def replace(self, state: Mapping[str, Any]) -> None:
        """The draft was filled in anew without the officer's doing (derived rows): no step."""
        self._current = dict(state)


def unfinished(widgets: Mapping[str, FieldWidget]) -> dict[str, Any]:
    """What is typed and is no value, by field, as JSON: a text, or the cells ``[row id, column, text]`` of rows."""
    found: dict[str, Any] = {}
    for key, widget in widgets.items():
        if isinstance(widget, RowsTable):
            if cells := widget.model.wrong_cells():
                found[key] = cells
        elif widget.input_error():
            state = widget.state()
            text = state[1] if isinstance(state, tuple) else state
            if isinstance(text, str):
                found[key] = text
    return found


def put_unfinished(widgets: Mapping[str, FieldWidget], typed: Mapping[str, Any]) -> None:
    """Put back what :func:`unfinished` told; fields that are no longer there are passed over."""
    for key, text in typed.items():
        widget = widgets.get(key)
        if isinstance(widget, RowsTable) and isinstance(text, list):
            widget.model.put_wrong_cells(text)
        elif widget is not None and isinstance(text, str):
            widget.set_state(text if isinstance(widget, LongTextField) else ("text", text))
