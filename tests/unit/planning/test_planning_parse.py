"""Plan texts of many makes are read whole: heads, sections, tasks, duties, dates; and nothing is dropped."""

from __future__ import annotations

import json
import re
import textwrap
import time
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.model import Area
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.planning.model import CYCLES, RULES, Plan, plan_from_json, plan_to_json
from danvan_desktop.planning.parse import parse_plan

DATA = Path(__file__).parent / "data"
PLANS = sorted(path.stem for path in DATA.glob("*.txt"))
EXPECTED: dict[str, dict[str, Any]] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))


def read(name: str) -> str:
    return (DATA / f"{name}.txt").read_text(encoding="utf-8")


def texts(value: Any) -> list[str]:
    """Every string of a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []


def held_words(plan: Plan) -> Counter[str]:
    """Words of the fields that hold the text itself (tasks, duties, quotes and bases are read out of them)."""
    value = plan_to_json(plan)
    for derived in ("tasks", "assignments", "reporting", "bases"):
        del value[derived]
    for section in value["sections"]:
        del section["parent"]
    return Counter(word.lower() for text in texts(value) for word in re.findall(r"\w+", text))


def test_the_set_is_large_enough() -> None:
    assert len(PLANS) >= 36
    assert set(PLANS) == set(EXPECTED)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_read(name: str) -> None:
    plan, expected = parse_plan(read(name)), EXPECTED[name]
    assert plan.title == expected["title"]
    assert plan.number_symbol == expected["number_symbol"]
    assert (plan.issued_on.isoformat() if plan.issued_on else None) == expected["issued_on"]
    assert (plan.year, plan.issuer) == (expected["year"], expected["issuer"])
    assert len(plan.bases) == expected["bases"]
    assert [".".join(part for part in (s.parent, s.mark) if part) for s in plan.sections] == expected["sections"]
    assert [task.area for task in plan.tasks] == expected["areas"]
    assert {item.body: len(item.duties) for item in plan.assignments} == expected["bodies"]
    found = [[r.sender, r.receiver, r.via, r.cycle, r.due.rule, r.last_day] for r in plan.reporting]
    assert found == expected["reporting"]
    assert len(plan.recipients) == expected["recipients"]
    assert [plan.signer.authority, plan.signer.position, plan.signer.name] == expected["signer"]
    assert bool(plan.closing) == expected["closing"]


@pytest.mark.parametrize("name", PLANS)
def test_every_word_ends_up_somewhere(name: str) -> None:
    source = Counter(word.lower() for word in re.findall(r"\w+", re.sub(r"<!--.*?-->|<br>", " ", read(name))))
    missing = source - held_words(parse_plan(read(name)))
    assert not missing


@pytest.mark.parametrize("name", PLANS)
def test_the_json_holds_the_closed_words_and_reads_back(name: str) -> None:
    plan = parse_plan(read(name))
    value = json.loads(json.dumps(plan_to_json(plan)))
    assert plan_from_json(value) == plan
    assert all(item["cycle"] in CYCLES and item["due"]["rule"] in RULES for item in value["reporting"])
    assert not any("*" in text or text.startswith("#") or "\t" in text for text in texts(value))
    assert "" not in texts(value)


# --- the two real plans, word by word --------------------------------------------------------------------------------


def test_the_commune_plan() -> None:
    plan = parse_plan(read("seed_commune"))
    assert plan.title == "Thực hiện công tác dân vận chính quyền năm 2026"
    assert [task.area for task in plan.tasks] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert plan.tasks[0].text.endswith("về công cuộc xây dựng, phát triển địa phương.")
    assert plan.tasks[6].text.startswith(
        "Chú trọng làm tốt công tác nắm tình hình, tuyên truyền, vận động tạo sự đồng thuận"
    )
    assert plan.bases[0].startswith("Chỉ thị số 33/CT-TTg ngày 26/11/2021 của Thủ tướng Chính phủ về tiếp tục")
    assert plan.bases[1].startswith("Kế hoạch số 450/KH-UBND ngày 03/02/2026 của UBND tỉnh Quảng Trị")
    assert [len(item.duties) for item in plan.assignments] == [4, 3, 2, 2, 1]
    assert (
        plan.assignments[2]
        .duties[1]
        .endswith("đối thoại với người đứng đầu cơ quan hành chính nhà nước với Nhân dân trên địa bàn xã.")
    )
    found = [(r.sender, r.receiver, r.via, r.cycle, r.last_day) for r in plan.reporting]
    agencies, office = "Thủ trưởng các cơ quan, đơn vị", "Phòng Văn hoá - Xã hội"
    assert found == [
        (agencies, "UBND xã", "phòng Văn hóa - Xã hội", "half_year", "05-31"),
        (agencies, "UBND xã", "phòng Văn hóa - Xã hội", "year", "10-31"),
        (office, "Ủy ban nhân dân tỉnh", "Sở Nội vụ", "half_year", "06-04"),
        (office, "Ủy ban nhân dân tỉnh", "Sở Nội vụ", "year", "11-04"),
        (office, "Ủy ban nhân dân tỉnh", "Sở Nội vụ", "ad_hoc", None),
    ]
    assert plan.recipients[-1] == "Lưu: VT, VHXH"
    assert plan.unplaced == ("KẾ HOẠCH", "Nơi nhận:")


def test_the_department_plan() -> None:
    plan = parse_plan(read("seed_department"))
    assert (plan.number_symbol, plan.issued_on, plan.year) == ("/KH-SNNMT", None, 2026)
    assert plan.issuer == "Sở Nông nghiệp và Môi trường"
    assert [task.area for task in plan.tasks] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert "nhằm nâng cao nhận thức" in plan.tasks[1].text
    assert [(item.body, len(item.duties)) for item in plan.assignments] == [
        ("Các đơn vị thuộc Sở", 1),
        ("Phòng Tổ chức cán bộ", 1),
    ]
    found = [(r.sender, r.receiver, r.via, r.cycle, r.last_day) for r in plan.reporting]
    assert found == [
        ("Các đơn vị thuộc Sở", "Sở", "phòng Tổ chức cán bộ", "half_year", "05-19"),
        ("Các đơn vị thuộc Sở", "Sở", "phòng Tổ chức cán bộ", "year", "11-24"),
        ("Phòng Tổ chức cán bộ", "Sở Nội vụ", None, "unknown", None),
    ]


def test_the_words_of_the_catalogue_join_in() -> None:
    areas = (Area(8, "Phối hợp", "Phối hợp", ("hiến đất",)),)
    text = "Kế hoạch làm đường\n1. Vận động 12 hộ hiến đất mở rộng đường ngõ."
    assert [task.area for task in parse_plan(text).tasks] == [None]
    assert [task.area for task in parse_plan(text, areas).tasks] == [8]


# --- whatever comes in -----------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            "KẾ HOẠCH",
            "Nơi nhận:",
            "TM. ỦY BAN NHÂN DÂN",
            "CHỦ TỊCH",
            "I. MỤC ĐÍCH",
            "II. NỘI DUNG",
            "1. Việc",
            "a) Việc",
        ),
        *(
            "- việc;",
            "+ việc.",
            "III. TỔ CHỨC THỰC HIỆN",
            "1. Phòng Kinh tế",
            "Báo cáo UBND xã trước ngày 31/6",
            "| a | b |",
        ),
        *(
            "Số: /KH",
            "ngày tháng năm 2026",
            "PHỤ LỤC I",
            "Điều 1. Việc",
            "Phần I",
            "\f",
            "",
            " ",
            "12",
            "Trang 2/3",
            "***",
        ),
        *("# x", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "từ ngày 10 đến 45/13", "quý IV/2025", "Lưu: VT. Nguyễn Văn An"),
        *("7.", "a)", "I.", "-", "a) Việc", "| a | b |", "***"),
    ]
)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=25), st.sampled_from(["\n", "\n\n", " ", "\r\n"]))
def test_no_text_crashes_it_and_no_word_is_lost(parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    plan = parse_plan(text)
    value = plan_to_json(plan)
    json.dumps(value).encode()
    plain = re.sub(r"[\W\d_]", " ", re.sub(r"[<>&]", " ", text))  # tags and entities are markup
    if "<" not in text and "&" not in text:
        letters = {word.lower() for word in plain.split() if word.isascii()}
        held = " ".join(texts(value)).lower()
        assert all(word in held for word in letters)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PLANS), st.integers(0, 10_000), st.integers(0, 400), st.sampled_from(["", "\n", " 3 ", "\n- \n"])
)
def test_mutilated_plans_keep_every_word(name: str, at: int, length: int, patch: str) -> None:
    text = read(name)
    text = text[: at % len(text)] + patch + text[at % len(text) + length :]
    if "<" in text:
        text = re.sub(r"<!--|-->|<br>|[<>]", " ", text)
    source = Counter(word.lower() for word in re.findall(r"\w+", text))
    assert not source - held_words(parse_plan(text))


def test_a_plan_can_be_typed_from_nothing() -> None:
    assert plan_from_json({}) == Plan()
    plan = plan_from_json(
        {"title": "Kế hoạch thôn", "tasks": [{"text": "Dọn đường"}], "reporting": [{"cycle": "month"}]}
    )
    assert (plan.tasks[0].id, plan.reporting[0].due.rule) == ("task-1", "none")


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"title": 5}, "title"),
        ({"year": "2026"}, "year"),
        ({"issued_on": "31/12/2026"}, "issued_on"),
        ({"tasks": [{"text": "x", "area": 9}]}, "tasks[0].area"),
        ({"tasks": [{}]}, "tasks[0].text"),
        ({"tasks": "x"}, "tasks"),
        ({"reporting": [{"cycle": "weekly"}]}, "reporting[0].cycle"),
        ({"reporting": [{"due": {"rule": "soon"}}]}, "reporting[0].due.rule"),
        ({"signer": "An"}, "signer"),
        ({"recipients": [1]}, "recipients"),
    ],
)
def test_a_wrong_plan_is_refused_by_its_field(value: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        plan_from_json(value)
    assert caught.value.code == "plan_invalid"
    assert caught.value.details["field"] == field


@pytest.mark.parametrize(
    "piece",
    [
        "- việc\n",
        "1. a\n",
        "báo cáo gửi UBND xã ",
        "TM. A ",
        "<!--",
        "a\n\n",
        "| a | b |\n",
        "Căn cứ Luật số 1; ",
        "(",
        "<tr>",
        "<tr><td>1</td><td>việc",
        "STT\nNội dung\nChủ trì\n",
        "báo cáo gửi UBND xã:\n- trước ngày 1/6\n",
        "KẾ HOẠCH ",
    ],
)
def test_monstrous_texts_are_read_in_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.perf_counter()
    parse_plan("KẾ HOẠCH\nLàm việc\n" + text)
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("width", [60, 75, 90, 110])
@pytest.mark.parametrize("blanks", [True, False])
def test_the_page_width_does_not_matter(width: int, blanks: bool) -> None:
    lines = [part for line in read("seed_department").split("\n") for part in textwrap.wrap(line, width) or [""]]
    text = "\r\n".join(line for line in lines if blanks or line)
    plan, whole = parse_plan(unicodedata.normalize("NFD", text)), parse_plan(read("seed_department"))
    for field in ("title", "issuer", "bases", "tasks", "recipients", "signer"):
        assert getattr(plan, field) == getattr(whole, field)
    assert [(item.body, len(item.duties)) for item in plan.assignments] == [
        (item.body, len(item.duties)) for item in whole.assignments
    ]
    assert [(r.sender, r.receiver, r.via, r.cycle, r.last_day) for r in plan.reporting] == [
        (r.sender, r.receiver, r.via, r.cycle, r.last_day) for r in whole.reporting
    ]


def test_a_lost_table_stops_at_a_table_with_lines_and_no_star_is_left() -> None:
    text = (
        "KẾ HOẠCH\n* Công tác năm 2026\nI. NỘI DUNG\nSTT Nội dung Chủ trì Thời gian\n1 Làm đường Phòng A Quý I\n"
        "| TT | Nội dung | Chủ trì |\n| 1 | Trồng cây | Phòng B |\n* Ý kiến khác:\n**II. A****III. B**"
    )
    plan = parse_plan(text)
    assert [task.text for task in plan.tasks] == ["Trồng cây"]
    assert not Counter(re.findall(r"\w+", text.lower())) - held_words(plan)
    assert not any("*" in item for item in texts(plan_to_json(plan)))


def test_a_bold_print_of_every_line_twice_reads_the_same() -> None:
    whole = parse_plan(read("seed_commune"))
    lines = [line for line in read("seed_commune").split("\n") if line.strip()]
    plan = parse_plan("\n".join(part for line in lines for part in (line, line)))
    assert [task.area for task in plan.tasks] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (plan.title, plan.recipients, plan.signer) == (whole.title, whole.recipients, whole.signer)
    assert len(plan.unplaced) > 100  # the doubles


def test_an_html_table_is_a_table() -> None:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td><td>{c}</td><td>{d}</td></tr>\n"
        for a, b, c, d in (
            ("TT", "Nội dung", "Cơ quan chủ trì", "Thời gian"),
            ("I", "Chỉ đạo", "", ""),
            ("1", "Xây dựng <b>kế hoạch</b><br>công tác dân vận", "Phòng Kinh tế", "Quý I"),
            ("2", "Báo cáo kết quả về Sở Nội vụ", "Phòng Kinh tế", "Trước ngày 14/11"),
        )
    )
    plan = parse_plan(f"KẾ HOẠCH\nCông tác năm 2026\nI. NỘI DUNG\n<table>{rows}</table>\nII. KINH PHÍ\nTheo quy định.")
    assert [(task.mark, task.text) for task in plan.tasks] == [
        ("1", "Xây dựng kế hoạch công tác dân vận"),
        ("2", "Báo cáo kết quả về Sở Nội vụ"),
    ]
    assert [(item.body, len(item.duties)) for item in plan.assignments] == [("Phòng Kinh tế", 2)]
    assert [(r.sender, r.receiver, r.last_day) for r in plan.reporting] == [("Phòng Kinh tế", "Sở Nội vụ", "11-13")]


def test_a_plan_of_one_paragraph_a_line_reads_the_same() -> None:
    whole = parse_plan(read("seed_commune"))
    lines = ["KẾ HOẠCH", whole.title or "", whole.preamble or ""]
    for section in whole.sections:
        lines += [f"{section.mark}. {section.title}", *([section.text] if section.text else [])]
    lines += [whole.closing or "", "Nơi nhận:", *(f"- {name};" for name in whole.recipients)]
    lines += [whole.signer.authority or "", whole.signer.position or "", whole.signer.name or ""]
    assert parse_plan("\n".join(lines)) == whole
