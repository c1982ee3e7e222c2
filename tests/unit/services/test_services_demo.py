"""The demonstration: invented people, numbers that add up, reports that nobody has to be ashamed of."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest
from services_office import LIGHT

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.text import nfc
from danvan_desktop.reporting.editing import problems
from danvan_desktop.reporting.model import ReportDocument
from danvan_desktop.services.demo import build, offices, year
from danvan_desktop.services.demo.entries import FIRST, LAST, Entry, early, open_day
from danvan_desktop.services.setup import create_office
from danvan_desktop.store.home import open_home

ENTRIES = {"ttpvhcc": year.centre(), "vhxh": year.hub()}
ALL = [entry for entries in ENTRIES.values() for entry in entries]
INVENTED = re.compile(r"^(Nguyễn|Trần|Lê|Phạm|Hoàng|Võ|Đặng|Bùi) (Văn|Thị) "
                      r"(Mẫu|Thử|Ví Dụ|Giả Định|Minh Họa|Thí Dụ) \d\d$")  # fmt: skip


def of(form: str) -> list[Entry]:
    return [entry for entry in ALL if entry.form == form]


def values_of(form: str) -> list[dict[str, object]]:
    return [dict(entry.data.values) for entry in of(form)]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ReportDocument]:
    """The half-year reports of the centre and of the commune, as frozen."""
    home = tmp_path_factory.mktemp("demo") / "mau"
    light = functools.partial(create_office, kdf=LIGHT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("danvan_desktop.services.demo.build"), "create_office", light)
        build(home, wire, catalog())
    result = {}
    for name in ENTRIES:
        clock = FixedClock(parse_stamp("2026-05-28T01:00:00Z"))
        office = wire(open_home(home / name, clock=clock, account="canbo", password=offices.PASSWORD), clock)
        [row] = office.reports.all()
        document = office.reports.view(row.id).document
        assert document is not None
        result[name] = document
        office.close()
    return result


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
    signers = [signer.name for profile in offices.HOMES.values() for signer in profile.signers]
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


def test_the_home_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "mau").mkdir()
    (tmp_path / "mau" / "gi-do.txt").write_text("x", encoding="utf-8")
    with pytest.raises(Refused, match="home_exists"):
        build(tmp_path / "mau", wire, catalog())
