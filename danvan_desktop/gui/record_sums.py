"""The sums under a list: asked for when the list is already there; an answer to an older question is dropped."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from ..catalog import values
from ..catalog.model import Form
from ..services.office import Office
from ..services.records import ListQuery, RecordRow
from .record_data import summed_fields
from .records_model import Column
from .runner import Runner
from .totals_row import TotalsRow


class RecordSums(QObject):
    """``failed(error)`` when the sums could not be read; the list itself stays."""

    failed = Signal(object)

    def __init__(self, office: Office, runner: Runner, row: TotalsRow, parent: QObject) -> None:
        super().__init__(parent)
        self._office, self._runner, self._row = office, runner, row
        self._asked = 0

    def ask(self, form: Form, columns: Sequence[Column[RecordRow]], query: ListQuery, total: int) -> None:
        """Add up the number columns of a list of ``total`` records."""
        self._asked += 1
        number = self._asked
        fields = summed_fields(form, columns)
        if not fields or not total:
            self._row.set_totals("", {})
            return
        at = {column.key: place for place, column in enumerate(columns)}

        def take(sums: dict[str, int]) -> None:
            if number == self._asked:
                texts = {at[item.key]: values.display(item, sums[item.key]) for item in fields if item.key in sums}
                self._row.set_totals("Cộng", texts)

        self._runner.submit_db(
            lambda _progress: self._office.records.totals(form.key, query, [item.key for item in fields]),
            take,
            self.failed.emit,
            "Đang cộng",
            owner=self,
        )
