"""Reading ``[[paper]]`` tables; every place in every text checked.

A place ``{word}`` prints a word of the office, a field of the record, or a word of a row; ``{word:lower}`` begins in a
small letter. ``[a part]`` goes when a place in it has nothing to print; a place with nothing to print outside such a
part leaves a blank to be filled in. A field that is not open is printed only where ``personal`` names it, and a
protected one never.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from .model import Field, Form, Privacy, ValueType
from .paper_model import (
    ISSUED_WORDS,
    LATE_ROW_WORDS,
    LATE_WORDS,
    LAYOUTS,
    LIST_WORDS,
    OFFICE_WORDS,
    RECORD_WORDS,
    ROWS,
    SOURCES,
    PaperSection,
    PaperTemplate,
)
from .read_annexes import read_annex
from .read_forms import read_conditions
from .reader import Table

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(:lower)?\}")
_ABBREVIATION = re.compile(r"[A-ZĐ][A-Za-zyĐ]{0,4}")
_NO_PLACE = (ValueType.FILES, ValueType.ROWS)


class _Words:
    """The words that may stand in the texts of one paper."""

    def __init__(self, form: Form | None, source: str, personal: Collection[str]) -> None:
        self._form = form
        self._personal = personal
        self.used: set[str] = set()
        self.fixed = set(OFFICE_WORDS)
        if source in ("records", "late_reports", "late_tasks"):
            self.fixed |= set(LIST_WORDS)
        if source == "issued":
            self.fixed |= set(ISSUED_WORDS)
        if source.startswith("late"):
            self.fixed |= set(LATE_WORDS)

    def check(self, table: Table, key: str, text: str, rows: str | None = None, *, of_record: bool = True) -> str:
        """``text`` with every place known; ``rows`` names the rows a row's text speaks of."""
        if re.search(r"[{}]", PLACE.sub("", text)):
            table.fail(key, "dấu ngoặc nhọn không thành cặp hoặc viết sai")
        if text.count("[") != text.count("]"):
            table.fail(key, "dấu ngoặc vuông không thành cặp")
        for name, _lower in PLACE.findall(text):
            if not self._known(table, key, name, rows, of_record=of_record):
                table.fail(key, f"không có chỗ điền “{name[:60]}”")
        return text

    def _known(self, table: Table, key: str, name: str, rows: str | None, *, of_record: bool) -> bool:
        if rows is None:
            return name in self.fixed or (of_record and self._field(table, key, name))
        if rows != ROWS:  # a field of rows of the record
            if self._form is None or not self._form.has_field(rows):
                return False
            columns = {item.key: item for item in self._form.field(rows).columns}
            return name in columns and self._open(table, key, f"{rows}.{name}", columns[name])
        return self._field(table, key, name) if self._form is not None else name in LATE_ROW_WORDS

    def _field(self, table: Table, key: str, name: str) -> bool:
        if self._form is None or not self._form.has_field(name):
            return self._form is not None and name in RECORD_WORDS
        field = self._form.field(name)
        return field.type not in _NO_PLACE and self._open(table, key, name, field)

    def _open(self, table: Table, key: str, name: str, field: Field) -> bool:
        if field.privacy is Privacy.PROTECTED:
            table.fail(key, f"trường “{name}” được bảo vệ, không in vào văn bản")
        if field.privacy is not Privacy.OPEN or field.class_when is not None:
            if name not in self._personal:
                table.fail(key, f"trường “{name}” không phải loại công khai; phải nêu ở personal")
            self.used.add(name)
        return True


def read_paper(table: Table, forms: Mapping[str, Form]) -> PaperTemplate:
    """One ``[[paper]]`` with its ``[[paper.section]]`` and, for a list, its ``[[paper.annex]]``."""
    key = table.key()
    layout, source = table.word("layout", LAYOUTS), table.word("source", SOURCES)
    form_key = table.key("form", "")
    of_form = source in ("record", "records")
    if of_form != bool(form_key):
        table.fail("form", "chỉ văn bản lập từ bản ghi mới nêu biểu, và phải nêu")
    if of_form and form_key not in forms:
        table.fail("form", f"không có biểu “{form_key[:60]}”")
    form = forms[form_key] if of_form else None
    personal = table.texts("personal", ())
    words = _Words(form, source, personal)
    one = source == "record"

    def said(name: str) -> str:
        return words.check(table, name, table.text(name, "", empty=True), of_record=one)

    def all_said(name: str) -> tuple[str, ...]:
        return tuple(words.check(table, name, item, of_record=one) for item in table.texts(name, ()))

    abbreviation = table.text("abbreviation", "", empty=True)
    annexes = table.tables("annex")
    each = table.text("addressees_each", "", empty=True)
    if each:
        words.check(table, "addressees_each", f"{{{each}}}", ROWS)
    paper = PaperTemplate(
        key=key,
        title=table.text("title"),
        version=table.integer("version", 1, low=1, high=9999),
        layout=layout,
        source=source,
        form=form_key,
        type_name=table.text("type_name", "", empty=True),
        abbreviation=abbreviation,
        abstract=said("abstract"),
        addressees=all_said("addressees"),
        addressees_each=each,
        bases=all_said("bases"),
        opening=said("opening"),
        sections=tuple(_read_section(item, words, form, source) for item in table.tables("section")),
        annex=read_annex(annexes[0], forms, {}) if annexes else None,
        closing=said("closing"),
        recipients=all_said("recipients"),
        personal=personal,
        answer_days=table.integer("answer_days", 5, low=1, high=60),
        chair=table.text("chair", "", empty=True),
        secretary=table.text("secretary", "", empty=True),
    )
    table.finish()
    _check_whole(table, paper, words)
    return paper


def _check_whole(table: Table, paper: PaperTemplate, words: _Words) -> None:
    named = bool(paper.type_name and paper.abbreviation)
    if (paper.layout == "letter") == named or bool(paper.type_name) != bool(paper.abbreviation):
        table.fail("type_name", "văn bản có tên loại cần tên và chữ viết tắt; công văn không có cả hai")
    if paper.abbreviation and not _ABBREVIATION.fullmatch(paper.abbreviation):
        table.fail("abbreviation", "chữ viết tắt tên loại không đúng dạng")
    if (paper.layout == "minutes") != bool(paper.chair and paper.secretary):
        table.fail("secretary", "chỉ biên bản có thư ký và chủ tọa, và phải có cả hai")
    if not paper.abstract and paper.source != "plan":
        table.fail("abstract", "thiếu")
    if paper.annex is not None and (paper.source != "records" or paper.annex.form != paper.form):
        table.fail("annex", "chỉ văn bản lập từ danh sách bản ghi có phụ lục, của cùng biểu")
    if extra := set(paper.personal) - words.used:
        table.fail("personal", f"nêu trường không dùng đến: {', '.join(sorted(extra))[:100]}")
    keys = [item.key for item in paper.sections]
    if len(set(keys)) != len(keys):
        table.fail("section", "trùng khóa")


def _read_section(table: Table, words: _Words, form: Form | None, source: str) -> PaperSection:
    each = table.text("each", "", empty=True)
    if each and not _has_rows(each, form, source):
        table.fail("each", f"không có dòng “{each[:60]}”")
    section = PaperSection(
        key=table.key(),
        title=table.text("title", "", empty=True),
        level=table.integer("level", 1, low=1, high=3),
        label=table.text("label", "", empty=True),
        text=words.check(table, "text", table.text("text", "", empty=True), of_record=source == "record"),
        each=each,
        row=words.check(table, "row", table.text("row"), each) if each else "",
        where=read_conditions(table, "where") if each else (),
        none=words.check(table, "none", table.text("none", "", empty=True), of_record=source == "record"),
        optional=table.yes_no("optional"),
    )
    table.finish()
    if not section.shown:
        table.fail("label", "mục không có tên cần có nhãn để sửa trên màn hình")
    if not section.text and not each:
        table.fail("text", "mục trống")
    for condition in section.where:
        columns = {item.key for item in form.field(each).columns} if form is not None and each != ROWS else ()
        if condition.field not in columns:
            table.fail("where", f"không có cột “{condition.field[:60]}”")
    return section


def _has_rows(each: str, form: Form | None, source: str) -> bool:
    if source != "record":
        return each == ROWS and source not in ("plan", "issued")
    return form is not None and form.has_field(each) and form.field(each).type is ValueType.ROWS
