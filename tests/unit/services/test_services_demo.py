"""The demonstration: invented people, numbers that add up, reports that nobody has to be ashamed of."""

from __future__ import annotations

import functools
import re
import subprocess
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from danvan_desktop.bootstrap import catalog, open_office, wire
from danvan_desktop.catalog.own_facts import SOURCES as OWN_FACTS
from danvan_desktop.kernel import vi
from danvan_desktop.kernel.clock import FixedClock, in_world, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.text import nfc
from danvan_desktop.reporting.editing import problems
from danvan_desktop.reporting.figures import source_form
from danvan_desktop.reporting.model import ReportDocument
from danvan_desktop.services.clock_guard import require_clock
from danvan_desktop.services.demo import build, offices, year
from danvan_desktop.services.demo.build import HOMES, STORY_DAY
from danvan_desktop.services.demo.entries import FIRST, LAST, Entry, early, open_day
from danvan_desktop.services.indicator_count import nothing_of
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery
from danvan_desktop.services.verification import verify_with_card
from danvan_desktop.store.home import open_home

BUILT = "2026-11-28T01:30:00Z"
ENTRIES = {"ttpvhcc": year.centre(), "vhxh": year.hub()}
ALL = [entry for entries in ENTRIES.values() for entry in entries]
NUMBER = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?")
INVENTED = re.compile(r"^(Nguyễn|Trần|Lê|Phạm|Hoàng|Võ|Đặng|Bùi) (Văn|Thị) "
                      r"(Mẫu|Thử|Ví Dụ|Giả Định|Minh Họa|Thí Dụ) \d\d$")  # fmt: skip


def of(form: str) -> list[Entry]:
    return [entry for entry in ALL if entry.form == form]


def values_of(form: str) -> list[dict[str, object]]:
    return [dict(entry.data.values) for entry in of(form)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one demonstration of these tests."""
    home = tmp_path_factory.mktemp("demo") / "mau"
    build(home, wire, catalog(), FixedClock(parse_stamp(BUILT)))
    return home


@pytest.fixture(scope="module")
def reports(demo: Path) -> dict[str, ReportDocument]:
    """The half-year reports of the centre and of the commune, as frozen."""
    result = {}
    for name in ENTRIES:
        clock = FixedClock(parse_stamp("2026-05-28T01:00:00Z"))
        office = wire(open_home(demo / name, clock=clock, account="canbo", password=offices.PASSWORD), clock)
        [row] = office.reports.all()
        document = office.reports.view(row.id).document
        assert document is not None
        result[name] = document
        office.close()
    return result


def opened(demo: Path, name: str) -> Office:
    clock = FixedClock(parse_stamp(BUILT))
    return open_office(demo / name, account="canbo", password=offices.PASSWORD, clock=clock)


def number(report: ReportDocument, key: str) -> int:
    figure = report.figure(key)
    assert figure is not None, key
    return figure.value or 0


def text_of(report: ReportDocument) -> str:
    paragraphs = [*report.opening, *(p for section in report.sections for p in section.paragraphs), *report.closing]
    return "\n".join(item.text for item in paragraphs)


def test_everything_happens_within_the_span_and_in_order() -> None:
    for entries in ENTRIES.values():
        days = [entry.entered_on for entry in entries]
        assert days == sorted(days)
        assert days[0] >= FIRST
        assert days[-1] <= LAST


def test_the_same_demonstration_is_made_every_time() -> None:
    assert [entry.data.values for entry in year.hub()] == [entry.data.values for entry in ENTRIES["vhxh"]]


def test_all_persons_are_invented_and_denunciations_have_none() -> None:
    for form, field, kind in (("citizen_reception", "visitor", "petition_kind"), ("petition", "sender", "kind")):
        for values in values_of(form):
            if values[kind] == "denunciation":
                assert field not in values
                assert values["file_no"]
            else:
                assert INVENTED.match(str(values[field])), values[field]
    signers = [signer.name for profile in HOMES.values() for signer in profile.signers]
    assert all(any(word in name for word in ("Mẫu", "Ví Dụ", "Thí Dụ")) for name in signers)


def test_files_of_every_month_add_up_and_follow_on() -> None:
    waiting: dict[object, int] = {}
    for values in values_of("procedure_month"):
        n = {key: value for key, value in values.items() if isinstance(value, int)}
        received = n["received_online"] + n["received_direct"]
        done = n["resolved_early"] + n["resolved_on_time"] + n["resolved_late"]
        pending = n["pending_in_term"] + n["pending_overdue"]
        assert n["carried_over"] + received == done + pending + n["returned"]
        assert waiting.get(values["field"], n["carried_over"]) == n["carried_over"]
        waiting[values["field"]] = pending
        assert n["paid_online"] <= n["files_with_fee"] <= received
        assert n["digitised"] <= received
        assert n["electronic_results"] <= done
        assert n["apology_letters"] == n["resolved_late"]


def test_papers_are_numbered_in_the_order_of_their_days() -> None:
    numbers: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for values in values_of("directive_document"):
        first, _, symbol = str(values["number_symbol"]).partition("/")
        issued = str(values["issued_on"])
        if values["direction"] == "issued":
            numbers[(f"{values['issuer']} {symbol}", issued[:4])].append((issued, int(first)))
    for found in numbers.values():
        ordered = [number for _, number in sorted(found)]
        assert ordered == sorted(set(ordered))


def test_citizens_are_received_on_open_days() -> None:
    assert all(open_day(entry.entered_on) for entry in of("citizen_reception"))
    assert early(2025, 5)
    assert not early(2025, 6)


@pytest.mark.parametrize("name", list(ENTRIES))
def test_the_reports_have_no_open_question(reports: dict[str, ReportDocument], name: str) -> None:
    found = problems(reports[name])
    assert [item.message for item in found if item.severity != "note"] == []


@pytest.mark.parametrize("name", list(ENTRIES))
def test_the_figures_keep_the_identities(reports: dict[str, ReportDocument], name: str) -> None:
    n = functools.partial(number, reports[name])
    for total in ("models_registered", "models_by_subject", "models_by_continuing", "receptions", "petitions_received",
                  "dialogues", "directive_documents_issued", "files_received"):  # fmt: skip
        parts = [figure.value or 0 for figure in reports[name].figures if figure.indicator == total and figure.split]
        assert sum(parts) == n(total), total
    assert n("models_by_subject") == n("models_by_continuing") == n("models_registered")
    assert n("files_received") == n("files_received_online") + n("files_received_direct")
    assert n("files_resolved") == n("files_resolved_in_term") + n("files_resolved_late")
    assert n("files_resolved_in_term") == n("files_resolved_early") + n("files_resolved_on_time")
    assert n("petitions_received") == n("petitions_in_jurisdiction") + n("petitions_outside_jurisdiction")
    assert n("petitions_to_resolve") == n("petitions_carried_over") + n("petitions_in_jurisdiction")
    assert n("petitions_to_resolve") == n("petitions_resolved") + n("petitions_pending")
    assert n("petitions_resolved_on_time") <= n("petitions_resolved_with_term") <= n("petitions_resolved")
    assert n("disclosures_on_time") <= n("disclosures_published") <= n("disclosures_due")
    assert n("reception_cases") <= n("receptions") <= n("reception_people")
    for part in ("legal_education_sessions", "congress_sessions", "special_area_sessions", "resolution_18_sessions"):
        assert n(part) <= n("communication_sessions")
    assert n("dialogue_opinions_resolved") + n("dialogue_opinions_beyond") <= n("dialogue_opinions")
    for figure in reports[name].figures:
        if figure.unit == "%" and figure.value is not None:
            assert 0 <= figure.value <= 100 * 10**figure.scale, figure.key


def test_the_commune_behaves_like_a_real_one(reports: dict[str, ReportDocument]) -> None:
    report = reports["vhxh"]
    n = functools.partial(number, report)
    assert 900 <= n("files_received") <= 1_600
    assert 980 <= n("files_in_term_rate") < 1_000
    assert 950 <= n("satisfaction_rate") <= 995
    assert n("leader_reception_months") >= 5
    assert n("reception_cases") > 20
    assert 2 <= n("dialogues") <= 4
    for key in ("directive_documents_issued", "communication_sessions", "files_received", "models_registered",
                "receptions", "petitions_received", "disclosures_due", "survey_answers"):  # fmt: skip
        figure = report.figure(key)
        assert figure is not None
        assert figure.previous, key
        assert abs((figure.value or 0) - figure.previous) * 4 <= figure.previous * 3, key


@pytest.mark.parametrize("name", list(ENTRIES))
def test_the_reports_read_like_an_officer_wrote_them(reports: dict[str, ReportDocument], name: str) -> None:
    text = text_of(reports[name])
    assert text == nfc(text)
    assert "chưa có số liệu" not in text
    assert not re.search(r"(?<![\d.,])0 (văn bản|cuộc|lượt|mô hình|hồ sơ|đơn|vụ việc|ý kiến|triệu|thư|nơi|m²)", text)
    assert not re.search(r"[a-zà-ỹ] không phát sinh (văn bản|triệu|lượt) ", text.replace("Trong kỳ không", "K"))
    assert not re.search(r" [,.;:)]|[,;:(] ?[,;)]|, \(|  |\[|\]|\{|\}", text)
    assert not re.search(r"\btăng \d{3,}", text)
    assert not re.search(r"(?i)thực hiện kế hoạch thực hiện", text)


def test_the_centre_stands_under_its_commune_and_is_brief_where_it_has_nothing(
    reports: dict[str, ReportDocument],
) -> None:
    centre = reports["ttpvhcc"]
    assert centre.head.superior_lines == ("UBND XÃ VĨNH THỦY",)
    assert reports["vhxh"].head.superior_lines == ()
    for key in ("results_area_5", "results_area_6", "results_area_7", "results_area_8"):
        [section] = [item for item in centre.sections if item.key == key]
        assert len(section.paragraphs) <= 3, key
        assert section.paragraphs[-1].text.startswith("Trong kỳ không phát sinh "), key
    rows = {row.key: row for row in centre.annexes[0].rows}
    assert rows["area_8"].cells[0].endswith(": không phát sinh")
    assert "supervisions" not in rows


def test_the_homes_live_in_their_story(demo: Path) -> None:
    """Half a year later the day after the last act is today, and a week on, a week later."""
    for built, day in ((BUILT, date(2026, 5, 29)), ("2026-12-05T01:30:00Z", date(2026, 6, 5))):
        machine = FixedClock(parse_stamp(built))
        for name in HOMES:
            office = open_office(demo / name, account="quantri", password=offices.PASSWORD, clock=machine)
            assert office.context.story_day == day
            with office.context.store.unit() as uow:
                require_clock(office.context, uow)
                latest = uow.audit.latest_stamp(after=0)
            assert latest is not None and parse_stamp(latest) < office.context.clock.now()
            reports = [entry for entry in office.due.home().due if entry.kind == "report"]
            assert not [entry.key for entry in reports if entry.overdue or entry.due_on.year < 2026]
            assert in_world(office.context.clock, office.context.clock.now()) == machine.now()
            office.close()


def test_the_department_counts_its_unit_and_no_share_passes_the_whole(demo: Path) -> None:
    for name in ("chicuc", "so"):
        office = open_office(
            demo / name, account="canbo", password=offices.PASSWORD, clock=FixedClock(parse_stamp(BUILT))
        )
        [row] = office.reports.all()
        document = office.reports.view(row.id).document
        assert document is not None
        assert [item.message for item in problems(document) if item.severity != "note"] == []
        for figure in document.figures:
            if figure.unit == "%":
                assert max(figure.value or 0, figure.previous or 0) <= 100 * 10**figure.scale, figure.key
        assert number(document, "staff_conferences") == {"chicuc": 1, "so": 2}[name]
        office.close()


def test_the_desks_look_used(demo: Path) -> None:
    office = open_office(
        demo / "vhxh", account="canbo", password=offices.PASSWORD, clock=FixedClock(parse_stamp(BUILT))
    )
    assert {item.indicator for item in office.targets.of_year(2026)} >= {"files_in_term_rate", "models_registered"}
    assert office.due.put_off()
    assert any(item.kind == "task" and item.due_on < STORY_DAY for item in office.due.until())
    assert office.records.count("declared_figure", ListQuery(states=("final",))) == 1
    form = "mobilisation_model"
    assert office.records.count(form, ListQuery(deleted=True)) == 1
    assert max(row.revision for row in office.records.page(form, ListQuery(), 0, 50)) == 3
    office.close()
    parent = opened(demo, "snv")
    with parent.context.store.read() as uow:
        assert sorted(row.state for row in uow.received.list(period="2026-H1")) == ["accepted", "received"]
    parent.close()


def test_packages_hold_in_the_story_and_today(demo: Path) -> None:
    out = demo / "out"
    for name in ENTRIES:
        [package] = out.glob(f"bao-cao-{name}-*.dvpkg")
        for moment in (f"{STORY_DAY}T02:00:00Z", BUILT, "2031-01-01T00:00:00Z"):
            outcome = verify_with_card(package, out / f"the-khoa-{name}.dvkey", parse_stamp(moment))
            assert outcome.verdict == "verified", (name, moment, outcome.message)


def test_what_no_record_can_change_is_known_without_asking(demo: Path) -> None:
    """The shortcut for empty forms says what counting says, for every indicator of the catalogue."""
    clock = FixedClock(parse_stamp(BUILT))
    store = open_home(demo / "snv", clock=clock, account="canbo", password=offices.PASSWORD)
    known = catalog()
    with store.read() as uow:
        for indicator in known.indicators.values():
            told = nothing_of(indicator)
            if told is not None and indicator.source not in OWN_FACTS:
                form = source_form(known, indicator)
                assert form is not None
                counted = uow.indicators.evaluate(indicator, form, FIRST, LAST, units=("x",), catalog=known)
                assert told == counted, indicator.key
    store.close()


def test_the_home_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "mau").mkdir()
    (tmp_path / "mau" / "gi-do.txt").write_text("x", encoding="utf-8")
    with pytest.raises(Refused, match="home_exists"):
        build(tmp_path / "mau", wire, catalog(), FixedClock(parse_stamp(BUILT)))


@pytest.mark.parametrize("name", ["ttpvhcc", "vhxh", "cctl", "snnmt"])
def test_a_real_report_says_the_same_in_pdf_word_and_excel(demo: Path, name: str) -> None:
    stem = demo / "out" / f"bao-cao-{name}-2026-H1"
    pdf = subprocess.run(
        ["pdftotext", "-layout", f"{stem}.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    word: Any = Document(f"{stem}.docx")
    texts = [item.text for item in word.element.body.iter() if item.tag.endswith("}t") and item.text]
    printed, copied = Counter(NUMBER.findall(pdf)), Counter(NUMBER.findall("\n".join(texts)))
    assert not {number: count for number, count in copied.items() if printed[number] < count}
    assert sum(printed.values()) - sum(copied.values()) < 60  # page numbers and repeated heads, nothing else

    book = load_workbook(f"{stem}.xlsx", data_only=True)
    tables = word.tables[2:]  # after the head and the signatures
    assert len(tables) == len(book.sheetnames) - 1
    for table, sheet in zip(tables, book.worksheets[1:], strict=True):
        shown = [[cell.text for cell in row.cells] for row in table.rows]
        held = [list(row) for row in sheet.iter_rows(min_row=3, max_row=2 + len(shown), values_only=True)]
        for row, cells in zip(shown, held, strict=True):
            for text, value in zip(row, cells, strict=False):
                if isinstance(value, int | float):
                    places = len(text.partition(",")[2])
                    assert vi.parse_number(text, places) == round(value * 10**places), (sheet.title, text, value)
