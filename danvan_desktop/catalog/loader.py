"""The catalogue from its TOML files: read strictly, checked whole, frozen (DESIGN §3.1).

Any file may hold any of these tables; adding a form is adding a file with one ``[[form]]``:
``version``, ``format`` (once), ``[[area]]``, ``[[form]]``, ``[[indicator]]``, ``[[section]]``, ``[[annex]]``,
``[[outline]]``, ``[[regime]]``, ``[[term]]``, ``[[day]]``, ``[[check]]``,
``[[desk]]``, ``[[register]]``, ``[[declared]]``, ``[[paper]]``, ``[[scoring]]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from ..kernel import assets
from ..kernel.canonical import NotCanonical, hash_of
from ..kernel.errors import Refused
from ..kernel.text import fold
from .desks import read_desk
from .model import Area, Catalog, DayMark, Form, Indicator, LegalTerm, Outline, ValueType
from .read_annexes import identity_checks, read_annex
from .read_charts import read_chart
from .read_checks import read_check
from .read_declared import read_declared, with_choices
from .read_forms import CHOICES, check_counted, read_form
from .read_indicators import read_indicator, seal, source_fields
from .read_papers import read_paper
from .read_registers import read_register
from .read_reports import read_outline, read_regime, read_section
from .read_scoring import read_scoring
from .reader import Table, parse_toml, refuse

FORMAT = 1
_TABLES = ("area", "form", "indicator", "section", "annex", "outline", "regime", "term", "day", "check", "desk",
           "register", "declared", "paper", "chart", "scoring")  # fmt: skip
_UNITS = ("day", "working_day", "month", "count_per_week", "count_per_month")
_LONGEST_RANGE = 31
_Keyed = TypeVar("_Keyed")


def load_shipped(extra: Mapping[str, str] | None = None) -> Catalog:
    """The catalogue shipped with the program; ``extra`` adds TOML texts by name (a form of an ad hoc request)."""
    return load_catalog_texts(_read_folder(assets.resources() / "catalog") | dict(extra or {}))


def load_catalog(folder: Path) -> Catalog:
    """The catalogue of all ``*.toml`` under ``folder``. Raises Refused ``catalog_invalid``, ``format_newer``."""
    return load_catalog_texts(_read_folder(folder))


def _read_folder(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.rglob("*.toml")):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(
                "catalog_invalid",
                f"Không đọc được tệp danh mục “{name}”. Chương trình có thể thiếu tệp; hãy cài đặt lại.",
                file=name,
                key="-",
                reason=type(error).__name__,
            ) from error
    if not texts:
        refuse(folder.name, "-", "không có tệp danh mục nào")
    return texts


def load_catalog_texts(texts: Mapping[str, str]) -> Catalog:
    """The catalogue of TOML ``texts`` by file name, read in the order of the names.

    Raises Refused ``catalog_invalid`` (details: file, key, reason) or ``format_newer``.
    """
    return _Build(texts).catalog()


class _Build:
    """One reading of a set of files; tables are read in the order of what rests on what."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._found: dict[str, list[Table]] = {name: [] for name in _TABLES}
        self._head: dict[str, Any] = {}
        self._sources: dict[str, Any] = {}
        for file in sorted(texts):
            data = parse_toml(file, texts[file])
            self._take(Table(file, file, data))
            self._sources[file] = _plain(file, data)

    def _take(self, top: Table) -> None:
        for name in ("version", "format"):
            if top.has(name):
                if name in self._head:
                    top.fail(name, "đã khai ở một tệp khác")
                self._head[name] = top.text(name) if name == "version" else top.integer(name, low=1)
        if self._head.get("format", FORMAT) > FORMAT:
            raise Refused(
                "format_newer",
                "Danh mục biểu mẫu này dành cho phiên bản mới hơn của chương trình; danh mục cũ vẫn được giữ. "
                "Hãy cập nhật chương trình rồi làm lại.",
                file=top.file,
            )
        for name in _TABLES:
            for at, item in enumerate(top.tables(name), 1):
                key = item.raw("key", "") if name not in ("area", "day") else at
                item.where = f"{name} {str(key)[:70] or at}"
                self._found[name].append(item)
        top.finish()

    def _all(self, name: str, read: Callable[[Table], _Keyed]) -> dict[str, _Keyed]:
        """The things of one kind by key, in reading order; twins refused."""
        result: dict[str, _Keyed] = {}
        for table in self._found[name]:
            item = read(table)
            key = str(getattr(item, "key"))  # noqa: B009 - the kinds share no base class, only this name
            if key in result:
                table.fail("key", "trùng khóa")
            result[key] = item
        return result

    def catalog(self) -> Catalog:
        for name in ("version", "format"):
            if name not in self._head:
                refuse("catalog.toml", name, "thiếu")
        areas = self._areas()
        forms = self._forms({area.number for area in areas})
        terms = self._terms()
        self._check_derived(forms, terms)
        tables = {str(item.raw("key", "")): item for item in self._found["indicator"]}
        indicators = seal(self._all("indicator", lambda t: read_indicator(t, forms)), tables, terms)
        forms = with_choices(forms, indicators)
        figures = {key: _choices(item, forms) for key, item in indicators.items()}
        sections = self._all("section", lambda t: read_section(t, figures, forms))
        annexes = self._all("annex", lambda t: read_annex(t, forms, figures))
        read: dict[str, Outline] = {}  # an outline may be like one before it

        def outline_of(table: Table) -> Outline:
            outline = read_outline(table, sections, annexes, figures, read)
            read[outline.key] = outline
            return outline

        outlines = self._all("outline", outline_of)
        regimes = self._all("regime", lambda t: read_regime(t, outlines))
        checks = self._all("check", lambda t: read_check(t, indicators, figures, forms)) | identity_checks(annexes)
        return Catalog(
            version=self._head["version"],
            format=self._head["format"],
            areas=areas,
            forms=MappingProxyType(forms),
            indicators=MappingProxyType(indicators),
            outlines=MappingProxyType(outlines),
            regimes=MappingProxyType(regimes),
            terms=terms,
            calendar=self._calendar(),
            hash=hash_of(self._sources),
            checks=tuple(checks.values()),
            registers=MappingProxyType(self._all("register", lambda t: read_register(t, forms))),
            papers=MappingProxyType(self._all("paper", lambda t: read_paper(t, forms))),
            scoring=MappingProxyType(self._all("scoring", read_scoring)),
            declared=tuple(self._all("declared", lambda t: read_declared(t, forms)).values()),
            charts=tuple(self._all("chart", lambda t: read_chart(t, indicators)).values()),
            desks=tuple(self._all("desk", lambda t: read_desk(t, forms)).values()),
        )

    def _areas(self) -> tuple[Area, ...]:
        areas: dict[int, Area] = {}
        for table in self._found["area"]:
            area = Area(
                number=table.integer("number", low=1, high=8),
                title=table.text("title"),
                short_title=table.text("short_title"),
                plan_words=tuple(fold(item) for item in table.texts("plan_words", ())),
            )
            table.finish()
            if area.number in areas:
                table.fail("number", "trùng số")
            areas[area.number] = area
        return tuple(areas[number] for number in sorted(areas))

    def _forms(self, numbers: set[int]) -> dict[str, Form]:
        forms = self._all("form", read_form)
        for table in self._found["form"]:
            form = forms[str(table.raw("key"))]
            if form.area not in numbers:
                table.fail("area", f"chưa khai nhóm nhiệm vụ {form.area}")
            links = [item for field in form.fields for item in (field, *field.columns)]
            for field in links:
                if field.type is ValueType.RECORD and field.target_form not in forms:
                    table.fail(f"field {field.key}", f"không có biểu “{field.target_form}”")
        return dict(sorted(forms.items(), key=lambda item: item[1].area))  # stable: file order within an area

    def _terms(self) -> tuple[LegalTerm, ...]:
        terms: list[LegalTerm] = []
        for table in self._found["term"]:
            when = table.table("when", None)
            term = LegalTerm(
                key=table.key(),
                title=table.text("title"),
                value=table.integer("value", low=0, high=1000),
                unit=table.word("unit", _UNITS),
                valid_from=table.day("valid_from"),
                valid_to=table.day("valid_to", None),
                source=table.text("source"),
                when=MappingProxyType({name: when.raw(name) for name in when.names()} if when else {}),
                direction=table.word("direction", ("after", "before"), "after"),
            )
            table.finish()
            if any(not isinstance(value, bool | str) for value in term.when.values()):
                table.fail("when", "chỉ nhận đúng/sai hoặc khóa lựa chọn")
            if term.valid_to is not None and term.valid_to < term.valid_from:
                table.fail("valid_to", "trước valid_from")
            for other in terms:
                if other.key == term.key and dict(other.when) == dict(term.when) and _overlap(other, term):
                    table.fail("valid_from", "hai quy định cùng điều kiện chồng thời gian hiệu lực")
            terms.append(term)
        return tuple(terms)

    def _check_derived(self, forms: Mapping[str, Form], terms: tuple[LegalTerm, ...]) -> None:
        known = {term.key for term in terms}
        tables = {str(item.raw("key")): item for item in self._found["form"]}
        for form in forms.values():
            for field in form.fields:
                if field.derive is None:
                    continue
                if field.derive.kind == "legal_term":
                    for case in field.derive.args["cases"]:
                        if case["term"] not in known:
                            tables[form.key].fail(f"field {field.key}", f"không có thời hạn “{case['term']}”")
                if field.derive.kind == "count_records":
                    check_counted(tables[form.key], form, field, field.derive, forms)

    def _calendar(self) -> tuple[DayMark, ...]:
        marks: dict[date, DayMark] = {}
        for table in self._found["day"]:
            first = table.day("day")
            last = table.day("until", first)
            working, confirmed = table.yes_no("working"), table.yes_no("confirmed", True)
            title, source = table.text("title"), table.text("source")
            table.finish()
            if not 0 <= (last - first).days < _LONGEST_RANGE:
                table.fail("until", "khoảng ngày không hợp lệ")
            for step in range((last - first).days + 1):
                day = first + timedelta(days=step)
                if day in marks:
                    table.fail("day", f"ngày {day.isoformat()} khai hai lần")
                marks[day] = DayMark(day, working, title, source, confirmed)
        return tuple(marks[day] for day in sorted(marks))


def _overlap(one: LegalTerm, two: LegalTerm) -> bool:
    return (one.valid_to is None or two.valid_from <= one.valid_to) and (
        two.valid_to is None or one.valid_from <= two.valid_to
    )


def _choices(indicator: Indicator, forms: Mapping[str, Form]) -> tuple[str, ...]:
    fields = source_fields(indicator, forms) if indicator.split else None
    if not fields or fields[indicator.split].type not in CHOICES:
        return ()
    return tuple(fields[indicator.split].choice_titles)


def _plain(file: str, data: Any) -> Any:
    """The source data as canonical JSON (dates as ISO texts). Refused when it holds floats or times."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value.isoformat() if isinstance(value, date) else value

    result = plain(data)
    try:
        hash_of(result)
    except NotCanonical:
        refuse(file, "-", "chỉ nhận chữ, số nguyên, đúng/sai, ngày; không nhận số thập phân hay giờ")
    return result
