"""Reading ``[[register]]`` tables."""

from __future__ import annotations

from collections.abc import Mapping

from .model import Field, Form, Privacy, ValueType
from .reader import Table
from .register_model import COMMON_PARTS, Register, RegisterColumn, RegisterPart

_NO_PART = (ValueType.FILES, ValueType.RECORD)


def read_register(table: Table, forms: Mapping[str, Form]) -> Register:
    """One ``[[register]]``; fields that the form does not have, and protected ones, are refused."""
    key = table.key()
    form = forms.get(table.key("form"))
    if form is None:
        table.fail("form", "không có biểu này")
    columns = tuple(_read_column(item, form) for item in table.tables("column"))
    if not columns:
        table.fail("column", "sổ cần có cột")
    register = Register(
        key=key,
        title=table.text("title"),
        form=form.key,
        columns=columns,
        form_no=table.text("form_no", "", empty=True),
        basis=table.text("basis", "", empty=True),
        numbered=table.yes_no("numbered"),
        personal=any(_personal(form, part) for column in columns for part in column.parts),
    )
    table.finish()
    return register


def _read_column(table: Table, form: Form) -> RegisterColumn:
    parts = tuple(_read_part(item, form) for item in table.tables("part"))
    if not parts:
        table.fail("part", "cột cần có nội dung")
    column = RegisterColumn(
        title=table.text("title"),
        width=table.integer("width", 10, low=1, high=100),
        parts=parts,
        align=table.word("align", ("left", "center", "right"), "left"),
        separator={"line": "\n", "semicolon": "; ", "comma": ", "}[
            table.word("separator", ("line", "semicolon", "comma"), "semicolon")
        ],
    )
    table.finish()
    return column


def _read_part(table: Table, form: Form) -> RegisterPart:
    name, inner = table.text("field"), table.text("column", "", empty=True)
    part = RegisterPart(
        field=name,
        prefix=table.text("prefix", "", empty=True),
        mark=table.yes_no("mark"),
        short=table.yes_no("short"),
        column=inner,
    )
    table.finish()
    if name.startswith("@"):
        if name not in COMMON_PARTS or inner or part.mark or part.short:
            table.fail("field", f"phần chung chỉ có: {', '.join(COMMON_PARTS)}")
        return part
    if not form.has_field(name):
        table.fail("field", f"biểu “{form.key}” không có trường “{name[:70]}”")
    shown: Field = form.field(name)
    if shown.type in _NO_PART or shown.privacy is Privacy.PROTECTED:
        table.fail("field", f"trường “{name}” không in vào sổ")
    if inner:
        if shown.type is not ValueType.ROWS or inner not in {column.key for column in shown.columns}:
            table.fail("column", f"trường “{name}” không có cột “{inner[:70]}”")
        shown = shown.column(inner)
    elif shown.type is ValueType.ROWS:
        table.fail("column", f"trường “{name}” là bảng, cần nêu cột")
    if part.mark and shown.type is not ValueType.YES_NO:
        table.fail("mark", "chỉ dùng cho trường có/không")
    if part.short and shown.type is not ValueType.CHOICE:
        table.fail("short", "chỉ dùng cho trường lựa chọn")
    return part


def _personal(form: Form, part: RegisterPart) -> bool:
    if part.field.startswith("@"):
        return part.field == "@note"
    found = form.field(part.field)
    shown = found.column(part.column) if part.column else found
    return shown.privacy is not Privacy.OPEN or found.privacy is not Privacy.OPEN
