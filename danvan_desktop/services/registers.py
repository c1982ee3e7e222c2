"""Registers and lists as law and practice print them: on screen, as PDF, as workbook (DOMAIN §3.3, §6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..catalog import values
from ..catalog.model import Field, Form, Json, Privacy
from ..catalog.periods import Period
from ..catalog.privacy import masked, privacy_of
from ..catalog.register_model import NUMBER, Register, RegisterColumn, RegisterPart
from ..kernel import atomic, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..render.register import RegisterPaper, render_register
from ..render.xlsx import render_table
from ..reporting.model import Annex, TableColumn, TableRow
from ..store.rows import RecordRow
from .context import Context

PDF, XLSX = ".pdf", ".xlsx"


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A register as the screen shows it; ``widths`` are shares, ``centred`` the columns whose values stand centred."""

    titles: tuple[str, ...]
    widths: tuple[int, ...]
    centred: frozenset[int]
    rows: tuple[tuple[str, ...], ...]


class RegisterService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def of_area(self, area: int) -> tuple[Register, ...]:
        """The registers over the forms of an area."""
        catalog = self._context.catalog
        return tuple(item for item in catalog.registers.values() if catalog.forms[item.form].area == area)

    def get(self, key: str) -> Register:
        """The register ``key``. Raises Refused ``unknown_register``."""
        registers = self._context.catalog.registers
        if key not in registers:
            raise Refused("unknown_register", f"Danh mục không có sổ “{key}”. Các sổ: {', '.join(registers)}.")
        return registers[key]

    def table(self, key: str, period: Period, *, on_screen: bool) -> Annex:
        """The rows of a period (by event date, official records only, oldest first). ``on_screen``: identity numbers
        are covered. Protected values never stand in a register; a denunciation shows its code. Raises ``no_right``.
        """
        context = self._context
        register = self.get(key)
        if register.personal:
            context.require("record")
        form = context.catalog.forms[register.form]
        with context.store.read() as uow:
            names = {place.id: place.name for place in (*uow.agencies.list(), *uow.villages.list())}
            found = uow.records.page(
                form, offset=0, limit=1_000_000, sort="event_date", descending=False, states=("final",),
                window=(period.first, period.last),
            )  # fmt: skip
        rows = [
            TableRow(row.id, tuple(_cell(form, column, row, number, names, on_screen) for column in register.columns))
            for number, row in enumerate(found, 1)
        ]
        if register.numbered:
            rows.insert(
                0, TableRow("numbers", tuple(f"({at})" for at in range(1, len(register.columns) + 1)), "numbers")
            )
        return Annex(
            key=register.key,
            title=register.title,
            columns=tuple(
                TableColumn(str(at), column.title, column.width, column.align)
                for at, column in enumerate(register.columns, 1)
            ),
            rows=tuple(rows),
            landscape=True,
        )

    def view(self, key: str, period: Period) -> RegisterView:
        """The register for the screen. Raises as :meth:`table`."""
        found = self.table(key, period, on_screen=True)
        return RegisterView(
            titles=tuple(column.title for column in found.columns),
            widths=tuple(column.width for column in found.columns),
            centred=frozenset(at for at, column in enumerate(found.columns) if column.align == "center"),
            rows=tuple(row.cells for row in found.rows if row.kind == "row"),
        )

    def export(self, key: str, period: Period, path: Path) -> tuple[int, Changes]:
        """Write a register as ``.pdf`` or ``.xlsx``, identity numbers whole as the form wants them; the act is
        recorded. Returns the number of records.

        Raises Refused ``unknown_register``, ``no_right``, ``file_type``, ``glyph_missing``, ``cell_too_long``,
        ``write_failed``.
        """
        context = self._context
        kind = path.suffix.lower()
        if kind not in (PDF, XLSX):
            raise Refused("file_type", f"Tên tệp cần có đuôi {PDF} hoặc {XLSX}. Chưa ghi tệp nào.")
        register = self.get(key)
        table = self.table(key, period, on_screen=False)
        with context.store.read() as uow:
            office = context.office(uow)
        if kind == PDF:
            data = render_register(
                RegisterPaper(
                    table=table,
                    superior_lines=office.superior_lines,
                    issuer_lines=office.issuer_lines,
                    form_no=register.form_no,
                    basis=f"({register.basis})" if register.basis else "",
                    period=f"Từ ngày {vi.day(period.first)} đến ngày {vi.day(period.last)}",
                    office_name=office.name,
                    demo=context.store.demo,
                )
            )
        else:
            data = render_table(table, office.name)
        count = sum(1 for row in table.rows if row.kind == "row")
        atomic.write_bytes(path, data)
        with context.store.unit() as uow:
            uow.audit.append(
                "register_exported", register.key,
                {"rows": count, "from": period.first.isoformat(), "to": period.last.isoformat(), "kind": kind},
            )  # fmt: skip
        return count, Changes()


def _cell(
    form: Form, column: RegisterColumn, row: RecordRow, number: int, names: Mapping[str, str], on_screen: bool
) -> str:
    texts = (_part(form, part, row, number, names, on_screen) for part in column.parts)
    return column.separator.join(text for text in texts if text)


def _part(
    form: Form, part: RegisterPart, row: RecordRow, number: int, names: Mapping[str, str], on_screen: bool
) -> str:
    if part.field.startswith("@"):
        common = {
            NUMBER: str(number),
            "@unit": names.get(row.unit, ""),
            "@villages": "; ".join(names.get(item, "") for item in row.villages),
            "@note": row.note,
        }
        return common[part.field]
    item = form.field(part.field)
    privacy = privacy_of(form, item, row.values)
    if privacy is Privacy.PROTECTED:
        return ""
    value = row.values.get(item.key)
    if part.column:
        inner = item.column(part.column)
        cells = value if isinstance(value, list) else []
        texts = [_shown(inner, part, cell.get(inner.key), names) for cell in cells if isinstance(cell, dict)]
        text = "; ".join(item for item in texts if item)
    else:
        text = _shown(item, part, value, names)
    if text and on_screen and privacy is Privacy.SENSITIVE:
        text = masked(text)
    return part.prefix + (" " if part.prefix and not part.prefix.endswith(" ") else "") + text if text else ""


def _shown(item: Field, part: RegisterPart, value: Json, names: Mapping[str, str]) -> str:
    if part.mark:
        return "x" if value is True else ""
    if part.short:
        return next((choice.note or choice.title for choice in item.choices if choice.key == value), "")
    return values.display(item, value, names)
