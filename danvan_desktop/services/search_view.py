"""What a search over all records shows of each one found: its name, and the place where the words stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..catalog import values
from ..catalog.model import Form, Privacy, ValueType
from ..catalog.privacy import privacy_of
from ..kernel.text import excerpt, marks
from .context import Context
from .records import RecordRow, RecordService

_NO_TEXT = (ValueType.FILES, ValueType.RECORD, ValueType.UNIT, ValueType.VILLAGE)


@dataclass(frozen=True, slots=True)
class Found:
    """A record found; ``place`` is a piece of its text around the words, "" where the label shows them already."""

    id: str
    label: str
    form_title: str
    day: date | None
    state: str
    place: str


def search(context: Context, records: RecordService, text: str, limit: int) -> list[Found]:
    """Records of every form that hold every word of ``text``, best first: those whose name holds all the words before
    those that say them elsewhere; of as many again as are shown, names further down the order count too."""
    told = []
    for hit in records.search_all(text, limit * 2):
        label = records.label(hit.record)
        told.append((hit.record, label, _holds_all(label, text)))
    told.sort(key=lambda item: not item[2])  # within both, the order of the search
    result = []
    for row, label, named in told[:limit]:
        form = context.catalog.forms.get(row.form)
        result.append(
            Found(
                row.id, label, form.short_title if form else row.form, row.event_date, row.state,
                "" if named else _place(form, row, text),
            )
        )  # fmt: skip
    return result


def _holds_all(label: str, text: str) -> bool:
    return all(marks(label, word) for word in text.split())


def _place(form: Form | None, row: RecordRow, text: str) -> str:
    """The piece of text that shows most of the words."""
    best, most = "", 0
    for title, part in _texts(form, row):
        shown = len({word for word in text.split() if marks(part, word)})
        if shown > most:
            best, most = f"{title}: {excerpt(part, text)}", shown
    return best


def _texts(form: Form | None, row: RecordRow) -> Iterator[tuple[str, str]]:
    """The texts of a record that may be shown in a list: identity numbers and protected values are not."""
    fields = form.fields if form is not None else ()
    for item in fields:
        if (
            form is None
            or item.type in _NO_TEXT
            or privacy_of(form, item, row.values) in (Privacy.SENSITIVE, Privacy.PROTECTED)
        ):
            continue
        yield item.title, values.display(item, row.values.get(item.key))
    yield "Ghi chú", row.note
