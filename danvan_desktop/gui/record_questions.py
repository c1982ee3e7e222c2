"""What a record form asks of the office while it is filled in: checks, derived values, other records, file names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from ..catalog.model import Choice, Form, Json
from ..services.office import Office
from ..services.records import Checked
from .form_context import CheckedLike, FormContext
from .record_data import OfficeLists
from .record_files import RecordFiles
from .runner import Failed, Progress, Runner

Deliver = Callable[[Sequence[Choice]], None]


class RecordQuestions(QObject):
    """Every answer comes from the database thread. ``whose`` tells the unit and the id of the record on screen."""

    def __init__(
        self,
        office: Office,
        runner: Runner,
        files: RecordFiles,
        on_error: Failed,
        whose: Callable[[], tuple[str, str | None]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._runner = runner
        self._files = files
        self._on_error = on_error
        self._whose = whose

    def context(self, lists: OfficeLists | None) -> FormContext:
        """The surroundings of a form."""
        areas = self._office.context.catalog.areas
        return FormContext(
            clock=self._office.context.clock,
            agencies=lists.agencies if lists else (),
            villages=lists.villages if lists else (),
            areas=tuple(Choice(str(area.number), f"{area.number}. {area.short_title}") for area in areas),
            search_records=self._search,
            record_title=self._title,
            derive=self._derive,
            file_titles=self._files.titles,
        )

    def _derive(self, form: Form, entered: dict[str, Json], deliver: Callable[[CheckedLike], None]) -> None:
        unit, record_id = self._whose()

        def work(_progress: Progress) -> Checked:
            return self._office.records.check(form, entered, unit=unit, record_id=record_id)

        self._runner.submit_db(work, deliver, self._on_error, "Đang kiểm tra", owner=self)

    def _search(self, form: str, text: str, deliver: Deliver) -> None:
        self._runner.submit_db(
            lambda _p: self._office.records.find(form, text),
            lambda found: deliver([Choice(key, title) for key, title in found]),
            self._on_error,
            "Đang tìm bản ghi",
            owner=self,
        )

    def _title(self, _form: str, record_id: str, deliver: Callable[[str], None]) -> None:
        records = self._office.records
        self._runner.submit_db(
            lambda _p: records.label(records.get(record_id)),
            deliver,
            lambda _error: deliver("(bản ghi không còn)"),
            "Đang đọc bản ghi",
            owner=self,
        )
