"""The loader refuses every kind of wrong catalogue, naming file, key and reason, and never crashes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.loader import load_catalog, load_catalog_texts
from danvan_desktop.catalog.model import Catalog, Privacy
from danvan_desktop.kernel import assets
from danvan_desktop.kernel.errors import Refused

HEAD = 'version = "9"\nformat = 1\n[[area]]\nnumber = 6\ntitle = "Sáu"\nshort_title = "Sáu"\n'
FORM = """
[[form]]
key = "visit"
title = "Lượt đến"
area = 6
event_date = "came_on"
[[form.field]]
key = "came_on"
title = "Ngày"
type = "date"
required = true
[[form.field]]
key = "how"
title = "Cách"
type = "choice"
enum = [{ key = "foot", title = "Đi bộ" }, { key = "car", title = "Xe" }]
[[form.field]]
key = "people"
title = "Người"
type = "integer"
[[form.field]]
key = "story"
title = "Chuyện"
type = "long_text"
[[form.field]]
key = "stops"
title = "Chặng"
type = "rows"
[[form.field.column]]
key = "place"
title = "Nơi"
type = "text"
[[form.field.column]]
key = "days"
title = "Ngày"
type = "integer"
"""
COUNT = """
[[indicator]]
key = "visits"
code = "6.01"
area = 6
title = "Lượt"
unit = "lượt"
kind = "count"
source = "visit"
split = "how"
"""


def load(*parts: str, head: str = HEAD) -> Catalog:
    return load_catalog_texts({"a.toml": head + "".join(parts)})


def refused(*parts: str, head: str = HEAD) -> Refused:
    with pytest.raises(Refused) as caught:
        load(*parts, head=head)
    error = caught.value
    assert error.code == "catalog_invalid"
    assert error.details["file"] == "a.toml" or error.details["file"] == "catalog.toml"
    assert error.details["key"] and error.details["reason"]
    assert error.details["reason"] in error.message
    return error


def rule(kind: str, rest: str) -> str:
    return f'[[form.rule]]\nkey = "r"\nkind = "{kind}"\nmessage = "Sai."\n{rest}\n'


def test_a_small_catalogue_loads_with_its_defaults() -> None:
    form = load(FORM, COUNT).forms["visit"]
    assert [s.key for s in form.sections] == ["main"]
    assert [f.key for f in form.list_fields] == ["came_on", "how", "people"]
    assert form.label == ("came_on",) and form.short_title == form.title
    assert form.field("story").privacy is Privacy.PERSONAL
    assert form.field("stops").column("place").privacy is Privacy.PERSONAL
    assert form.field("how").indexed and not form.field("story").indexed
    with pytest.raises(KeyError):
        form.field("stops").column("x")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('key = "visit"', 'key = "Visit"', "không đúng dạng"),
        ('key = "visit"', 'key = "' + "v" * 64 + '"', "không đúng dạng"),
        ('title = "Lượt đến"', "", "thiếu"),
        ('title = "Lượt đến"', 'title = " "', "để trống"),
        ('title = "Lượt đến"', "title = 5", "phải là chữ"),
        ('title = "Lượt đến"', 'title = "a\\u202Eb"', "ký tự không dùng được"),
        ('title = "Lượt đến"', 'title = "x"\ncolour = "red"', "không có từ khóa này"),
        ("area = 6\nevent", "area = 9\nevent", "khoảng"),
        ("area = 6\nevent", "area = 5\nevent", "chưa khai nhóm"),
        ("area = 6\nevent", "area = true\nevent", "số nguyên"),
        ('event_date = "came_on"', 'event_date = "people"', "kiểu"),
        ('event_date = "came_on"', 'event_date = "gone"', "không có trường"),
        ('key = "how"', 'key = "people"', "trùng khóa"),
        ('key = "how"', 'key = "unit"', "trường chung"),
        ('key = "place"', 'key = "row"', "trường chung"),
        ('type = "integer"', 'type = "float"', "không thuộc"),
        ('type = "integer"', 'type = "integer"\nmaxLength = 5', "trường chữ"),
        ('type = "integer"', 'type = "integer"\nscale = 1', "decimal"),
        ('type = "integer"', 'type = "integer"\nminimum = 0.5', "số nguyên"),
        ('type = "long_text"', 'type = "long_text"\nminimum = 1', "trường số"),
        ('type = "long_text"', 'type = "record"', "chỉ tới một biểu"),
        ('type = "long_text"', 'type = "record"\ntarget_form = "nothing"', "không có biểu"),
        ('type = "long_text"', 'type = "choice"', "enum"),
        ('{ key = "car", title = "Xe" }', '{ key = "foot", title = "Xe" }', "trùng khóa"),
        ('{ key = "car", title = "Xe" }', '"car"', "phải là một bảng"),
        ("required = true", "required = 1", "true hoặc false"),
        ('type = "long_text"', 'type = "text"\nprivacy = "secret"', "không thuộc"),
        ('key = "people"', 'key = "people"\nclass_when = { field = "came_on", values = ["x"], privacy = "protected" }',
         "kiểu"),
        ('key = "people"', 'key = "people"\nclass_when = { field = "how", values = ["x"], privacy = "protected" }',
         "không có lựa chọn"),
        ('key = "place"', 'key = "place"\nprivacy = "protected"', "lớp bảo vệ riêng"),
        ('key = "people"', 'key = "people"\nderive = { kind = "magic" }', "không thuộc"),
        ('key = "people"', 'key = "people"\nderive = { kind = "at_least", field = "people", minimum = 1 }', "yes_no"),
        ('key = "people"', 'key = "people"\nrequired = true\nderive = { kind = "sum", fields = ["people"] }',
         "bắt buộc"),
        ('event_date = "came_on"', 'event_date = "came_on"\nlabel = ["gone"]', "không có trường"),
        ('event_date = "came_on"', 'event_date = "came_on"\nreport_columns = ["story"]', "công khai"),
    ],
)  # fmt: skip
def test_a_wrong_form_is_refused_with_its_reason(old: str, new: str, reason: str) -> None:
    assert old in FORM
    assert reason in refused(FORM.replace(old, new, 1)).details["reason"]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ('[[form.section]]\nkey = "s"\ntitle = "S"\nfields = ["came_on"]', "chưa thuộc phần nào"),
        ('[[form.section]]\nkey = "s"\ntitle = "S"\nfields = ["gone"]', "không có trường"),
        (rule("magic", ""), "không thuộc"),
        (rule("not_before", 'field = "came_on"'), "thiếu"),
        (rule("not_before", 'field = "came_on"\nother = "people"'), "kiểu"),
        (rule("at_most", 'left = ["people"]\nright = "people"'), "danh sách"),
        (rule("required_when", 'field = "people"\nwhen = [{ field = "how", op = "like", value = 1 }]'), "không thuộc"),
        (rule("required_when", 'field = "people"\nwhen = [{ field = "how", op = "eq", value = "boat" }]'), "lựa chọn"),
        (rule("required_when", 'field = "people"\nwhen = [{ field = "how", op = "gt", value = 1 }]'), "lớn nhỏ"),
        (rule("required_when", 'field = "people"\nwhen = [{ field = "how", op = "in", value = "foot" }]'), "danh sách"),
        (rule("required_when", 'field = "people"\nwhen = [{ field = "people", op = "true" }]'), "có/không"),
        (rule("required_when", 'field = "people"\nwhen = [{ field = "how", op = "contains", value = "foot" }]'),
         "contains"),
        (rule("required_when", 'field = "people"\nwhen = [{ field = "people", op = "eq", value = { f = "x" } }]'),
         "field"),
        (rule("row_sequence", 'rows = "people"\nstage = "a"\ndate = "b"\nstart = []\ntransitions = {}'), "kiểu"),
        (rule("row_sequence", 'rows = "stops"\nstage = "a"\ndate = "b"\nstart = []\ntransitions = {}'), "cột"),
        (rule("sum_equals", 'left = ["people"]\nright = ["people"]\nfields = ["gone"]'), "không có trường"),
        (rule("sum_equals", 'left = ["people"]\nright = ["people"]').replace("Sai.", "Sai {gone}."), "không có trường"),
        ('[[form]]\nkey = "visit"\ntitle = "x"\narea = 6\nevent_date = "d"\n'
         '[[form.field]]\nkey = "d"\ntitle = "d"\ntype = "date"\n', "trùng khóa"),
    ],
)  # fmt: skip
def test_wrong_sections_and_rules_are_refused(extra: str, reason: str) -> None:
    assert reason in refused(FORM, extra).details["reason"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('source = "visit"', 'source = "nothing"', "không có biểu"),
        ('source = "visit"', 'source = "visit.people"', "không có biểu"),
        ('source = "visit"', "", "thiếu"),
        ('split = "how"', 'split = "people"', "kiểu"),
        ('split = "how"', 'split = "how"\nfilters = [{ field = "gone", op = "is_set" }]', "không có trường"),
        ('split = "how"', 'split = "how"\nfilters = [{ field = "record.how", op = "is_set" }]', "không có trường"),
        ('split = "how"', 'split = "how"\nfields = ["people"]', "không dùng"),
        ('split = "how"', 'split = "how"\nat = "start"', "không dùng"),
        ('split = "how"', 'split = "how"\ndate_field = "people"', "kiểu"),
        ('split = "how"', 'split = "how"\nrollup = "weighted"', "tử số"),
        ('split = "how"', 'split = "how"\nprofiles = ["village"]', "loại cơ quan"),
        ('kind = "count"', 'kind = "sum"', "cần từ khóa này"),
        ('kind = "count"', 'kind = "sum"\nfields = ["how"]', "kiểu"),
        ('kind = "count"', 'kind = "sum"\nfields = ["people"]\nscale = 2', "thập phân"),
        ('kind = "count"', 'kind = "distinct"\nfields = ["how", "people"]', "đúng một"),
        ('kind = "count"', 'kind = "distinct"\nfields = ["how"]\nrollup = "sum"', "cộng dồn"),
        ('kind = "count"', 'kind = "open_at"\nat = "noon"\ndone_field = "came_on"', "không thuộc"),
        ('kind = "count"', 'kind = "months_meeting_minimum"\nfields = ["came_on"]\nminimum = { term = "x" }',
         "mức tối thiểu"),
    ],
)  # fmt: skip
def test_a_wrong_indicator_is_refused(old: str, new: str, reason: str) -> None:
    assert reason in refused(FORM, COUNT.replace(old, new)).details["reason"]


RATIO = """
[[indicator]]
key = "rate"
code = "6.02"
area = 6
title = "Tỷ lệ"
unit = "%"
kind = "ratio"
numerator = "visits"
denominator = "visits"
"""


def test_ratios_divide_counts_only() -> None:
    assert load(FORM, COUNT, RATIO).indicators["rate"].scale == 1
    by_village = load(FORM, COUNT, RATIO.replace('denominator = "visits"', 'denominator = "villages"'))
    assert by_village.indicators["rate"].denominator == "villages"
    for wrong in ("rate", "nothing", "context:"):
        refused(FORM, COUNT, RATIO.replace('denominator = "visits"', f'denominator = "{wrong}"'))
    refused(FORM, COUNT, RATIO.replace('numerator = "visits"', 'numerator = "rate"'))
    refused(FORM, COUNT, RATIO, 'rollup = "sum"\n')


def test_definition_hash_follows_meaning_not_wording() -> None:
    base = load(FORM, COUNT, RATIO).indicators
    renamed = load(FORM, COUNT.replace("Lượt", "Số lượt"), RATIO).indicators
    filtered = load(FORM, COUNT + 'filters = [{ field = "how", op = "eq", value = "foot" }]\n', RATIO).indicators
    assert base["visits"].definition_hash == renamed["visits"].definition_hash
    assert base["visits"].definition_hash != filtered["visits"].definition_hash
    assert base["rate"].definition_hash != filtered["rate"].definition_hash  # what it divides has changed


REPORT = """
[[section]]
key = "s"
title = "Mục"
level = 1
[[section.sentence]]
key = "t"
text = "Có {visits} lượt, {change:visits}; đi bộ {visits/foot}."
[[annex]]
key = "a"
title = "Bảng {period}"
kind = "records"
form = "visit"
[[annex.column]]
key = "how"
title = "Cách"
width = 5
[[outline]]
key = "o"
title = "Đề cương"
opening = "{office}:"
closing = "Hết./."
sections = ["s"]
annexes = ["a"]
[[regime]]
key = "up-wards"
title = "Gửi lên"
reporter_profiles = ["parent"]
addressees = ["{parent}"]
[[regime.cycle]]
period_kind = "year"
window_from = [-1, 10, 16]
window_to = [0, 10, 15]
due = { rule = "before", day = 1, month = 6 }
abstract = "Kết quả {period}"
outline = "o"
"""


def test_outlines_and_regimes_load() -> None:
    catalog = load(FORM, COUNT, REPORT)
    assert catalog.outlines["o"].sections[0].sentences[0].requires == ("visits", "visits/foot")
    cycle = catalog.regimes["up-wards"].cycle("year")
    assert cycle is not None and cycle.window_from == (-1, 10, 16)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{visits} lượt", "{nothing} lượt", "không có chỉ tiêu"),
        ("{visits/foot}", "{visits/boat}", "không có phần"),
        ("{change:visits}", "{change:visits/foot}", "cả chỉ tiêu"),
        ("{visits} lượt", "{visits lượt", "ngoặc nhọn"),
        ('title = "Mục"', 'title = "Mục {visits}"', "chỗ điền"),
        ("Có {visits} lượt, {change:visits}; đi bộ {visits/foot}.", "Không có gì.", "không có số liệu"),
        ('key = "t"', 'key = "t"\nwhen = "sometimes"', "không thuộc"),
        ('key = "t"', 'key = "t"\nrequires = ["nothing"]', "không có chỉ tiêu"),
        ("level = 1", "level = 2", "sâu hơn"),
        ('form = "visit"', 'form = "nothing"', "không có biểu"),
        ('key = "how"\ntitle = "Cách"\nwidth', 'key = "story"\ntitle = "Cách"\nwidth', "công khai"),
        ('kind = "records"', 'kind = "indicators"', "không có cột"),
        ('sections = ["s"]', 'sections = ["s", "s"]', "trùng"),
        ('sections = ["s"]', 'sections = ["x"]', "không có mục"),
        ('key = "up-wards"', 'key = "Up_wards"', "không đúng dạng"),
        ("window_from = [-1, 10, 16]", "window_from = [-1, 13, 16]", "không có ngày"),
        ("window_from = [-1, 10, 16]", "window_from = [1, 10, 16]", "trước ngày đầu"),
        ("window_from = [-1, 10, 16]", 'window_from = "16/10"', "chênh năm"),
        ("window_to = [0, 10, 15]\n", "", "cả ngày đầu"),
        ("day = 1, month = 6", "day = 29, month = 2", "mọi năm"),
        ("day = 1, month = 6", "day = 1", "đủ ngày và tháng"),
        ('outline = "o"', 'outline = "x"', "không có đề cương"),
        ('reporter_profiles = ["parent"]', 'reporter_profiles = ["x"]', "loại cơ quan"),
        ('addressees = ["{parent}"]', 'addressees = ["{visits}"]', "chỗ điền"),
        ('period_kind = "year"', 'period_kind = "week"', "không thuộc"),
    ],
)  # fmt: skip
def test_wrong_outlines_and_regimes_are_refused(old: str, new: str, reason: str) -> None:
    assert old in REPORT
    assert reason in refused(FORM, COUNT, REPORT.replace(old, new, 1)).details["reason"]


TERM = '[[term]]\nkey = "t"\ntitle = "T"\nvalue = 5\nunit = "day"\nvalid_from = 2020-01-01\nsource = "Luật"\n'
DAY = '[[day]]\nday = 2026-01-01\ntitle = "Tết"\nsource = "Luật"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TERM + TERM, "chồng thời gian"),
        (TERM.replace("2020-01-01", '"2020-01-01"'), "phải là ngày"),
        (TERM + "valid_to = 2019-01-01\n", "trước valid_from"),
        (TERM + "when = { complex = 1.5 }\n", "số thập phân"),
        (TERM + "when = { complex = 1 }\n", "đúng/sai"),
        (TERM.replace('unit = "day"', 'unit = "fortnight"'), "không thuộc"),
        (DAY + DAY, "hai lần"),
        (DAY + "until = 2025-12-31\n", "khoảng ngày"),
        (DAY + "until = 2036-12-31\n", "khoảng ngày"),
        ("[[nothing]]\nkey = 1\n", "không có từ khóa này"),
        ("form = 5\n", "danh sách bảng"),
        ("form = [5]\n", "phải là một bảng"),
        ("x = [", "cú pháp"),
        ("x = " + "[" * 5000 + "]" * 5000, "cú pháp"),
        ("x = 1e400\n", "số thập phân|không có từ khóa này"),
        ("# " + "x" * 2_000_001, "quá lớn"),
    ],
)
def test_wrong_terms_days_and_files_are_refused(text: str, reason: str) -> None:
    found = refused(text, head=HEAD.split("[[area]]")[0]).details["reason"]
    assert any(part in found for part in reason.split("|"))


def test_head_is_needed_once_and_a_newer_format_is_left_alone() -> None:
    refused(FORM, head="")
    with pytest.raises(Refused) as twice:
        load_catalog_texts({"a.toml": HEAD, "b.toml": 'version = "2"\n'})
    assert "tệp khác" in twice.value.details["reason"]
    with pytest.raises(Refused) as newer:
        load(head='version = "9"\nformat = 2\nsomething_new = 5\n')
    assert newer.value.code == "format_newer"


def test_derived_terms_must_exist() -> None:
    derived = 'derive = { kind = "legal_term", cases = [{ if = [], term = "t", from = "came_on" }] }\n'
    extra = f'[[form.field]]\nkey = "due"\ntitle = "Hạn"\ntype = "date"\n{derived}'
    assert "không có thời hạn" in refused(FORM, extra).details["reason"]
    assert load(FORM, extra, TERM).forms["visit"].field("due").derive is not None


def test_a_folder_is_read_whole_and_a_bad_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        load_catalog(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "head.toml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "sub" / "form.toml").write_text(FORM, encoding="utf-8")
    assert list(load_catalog(tmp_path).forms) == ["visit"]
    (tmp_path / "sub" / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Refused) as caught:
        load_catalog(tmp_path)
    assert caught.value.details["file"] == "sub/bad.toml"


LINES = (HEAD + FORM + COUNT + RATIO + REPORT).split("\n")
WRONG = ['""', "[]", "{}", "1.5", "nan", "2026-01-01", '["a"]', "[{}]", "[[]]", '{ key = "a" }', '"came_on"', '"{"',
         '"visits"', '"\\u0000"', "99999999999999999999"]  # fmt: skip
VALUES = st.one_of(st.integers().map(str), st.booleans().map(lambda b: str(b).lower()), st.sampled_from(WRONG))


@settings(max_examples=250, deadline=None)
@given(st.integers(0, len(LINES) - 1), VALUES, st.booleans())
def test_any_single_damage_is_refused_or_harmless_never_a_crash(at: int, value: str, drop: bool) -> None:
    lines = list(LINES)
    name, equals, _ = lines[at].partition(" = ")
    lines[at : at + 1] = [] if drop else [f"{name} = {value}" if equals else lines[at] + value]
    try:
        catalog: Any = load_catalog_texts({"a.toml": "\n".join(lines)})
    except Refused as error:
        assert error.code in ("catalog_invalid", "format_newer")
    else:
        assert isinstance(catalog, Catalog)


def test_shipped_files_stay_small_enough_to_read() -> None:
    for path in (assets.resources() / "catalog").rglob("*.toml"):
        assert len(path.read_text(encoding="utf-8")) < 60_000, path.name
