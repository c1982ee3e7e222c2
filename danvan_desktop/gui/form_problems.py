"""What is wrong in a record form, gathered from its widgets and shown at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..catalog.model import Severity
from .form_context import FormProblem, ProblemLike
from .widgets import FieldWidget, RowsTable


def input_problems(widgets: Mapping[str, FieldWidget]) -> list[FormProblem]:
    """Fields in which stands something that is no value; a record must not be saved with them."""
    found = []
    for key, widget in widgets.items():
        if isinstance(widget, RowsTable):
            rows, columns = widget.model.rows, widget.model.columns
            for row, column, text in widget.model.input_errors():
                sentence = f"dòng {row + 1}, cột “{columns[column].title}”: {text}"
                found.append(FormProblem(key, sentence, row=rows[row].id, column=columns[column].key))
        elif error := widget.input_error():
            found.append(FormProblem(key, error))
    return found


def show_at(widgets: Mapping[str, FieldWidget], shown: Sequence[ProblemLike]) -> None:
    """Put the gravest problem of every field beneath it, and mark the cells of rows fields."""
    first: dict[str, ProblemLike] = {}
    cells: dict[str, dict[tuple[str, str], tuple[str, Severity]]] = {}
    for item in sorted(shown, key=lambda problem: list(Severity).index(problem.severity)):
        first.setdefault(item.field, item)
        if item.row and item.column:
            cells.setdefault(item.field, {}).setdefault((item.row, item.column), (item.message, item.severity))
    for key, widget in widgets.items():
        found = first.get(key)
        widget.set_problem(found.message if found else "", found.severity if found else Severity.ERROR)
        if isinstance(widget, RowsTable):
            widget.set_cell_problems(cells.get(key, {}))
