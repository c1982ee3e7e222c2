"""Papers other than reports: made from what is recorded, edited, approved, frozen, numbered, printed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from services_office import ALL_ROLES, make, profile

from danvan_desktop.bootstrap import wire
from danvan_desktop.catalog.model import Json
from danvan_desktop.cli.main import run
from danvan_desktop.cli.session import Session
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.papers import BLANK
from danvan_desktop.services.office import Office
from danvan_desktop.services.paper_inputs import PaperWish
from danvan_desktop.services.papers import PaperView
from danvan_desktop.services.records import RecordInput
from danvan_desktop.services.setup import AccountSpec
from danvan_desktop.store.exchange import TrustRow
from danvan_desktop.store.home import open_home

CLOCK = FixedClock(parse_stamp("2026-06-10T01:00:00Z"))
ACCOUNTS = (
    AccountSpec("motnguoi", "Một Người", ALL_ROLES),
    AccountSpec("quantri", "Quản trị", ("admin",)),
    AccountSpec("vanthu", "Văn thư", ("records_office",)),
)
PLAN = """KẾ HOẠCH
Thực hiện công tác dân vận chính quyền năm 2026

Thực hiện Kế hoạch số 450/KH-UBND ngày 03/02/2026 của UBND tỉnh Mẫu về Thực hiện công tác dân vận năm 2026; \
UBND xã Mẫu ban hành Kế hoạch thực hiện công tác dân vận chính quyền năm 2026 với các nội dung như sau:

I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Nâng cao hiệu quả công tác dân vận.
2. Yêu cầu
- Triển khai đồng bộ, thiết thực.
II. NỘI DUNG NHIỆM VỤ
1. Tiếp tục đẩy mạnh các hoạt động tuyên truyền, giáo dục về công tác dân vận.
2. Nâng cao hiệu quả công tác tiếp dân, đối thoại với Nhân dân; giải quyết kịp thời những kiến nghị.
III. TỔ CHỨC THỰC HIỆN
1. Thủ trưởng các cơ quan, đơn vị
- Định kỳ báo cáo 6 tháng đầu năm trước ngày 01/6, báo cáo năm trước ngày 01/11 về UBND xã.
Trên đây là Kế hoạch thực hiện công tác dân vận chính quyền năm 2026, yêu cầu các cơ quan, đơn vị thực hiện./.

Nơi nhận:
- Thường trực Đảng ủy;
- Lưu: VT, VHXH.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn Mẫu
"""
OPINIONS: list[dict[str, Json]] = [
    {"topic": "land", "content": "Đề nghị cấp giấy chứng nhận cho 12 hộ.", "answered_at_once": True},
    {"topic": "infrastructure", "content": "Sửa tuyến mương nội đồng", "unit": "@", "due_on": "2026-06-30",
     "speaker_group": "Các hộ thôn Mẫu Đông", "status": "in_progress"},
    {"topic": "environment", "content": "Xử lý điểm tập kết rác", "status": "beyond_jurisdiction"},
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers") / "home"
    make(path, CLOCK, profile(accounts=ACCOUNTS)).close()
    return path


@pytest.fixture(scope="module")
def office(home: Path) -> Iterator[Office]:
    opened = wire(open_home(home, clock=CLOCK, account="motnguoi", password="x"), CLOCK)
    yield opened
    opened.close()


def record(office: Office, form: str, given: dict[str, Json], *, final: bool = True) -> str:
    unit = office.settings.load().agencies[0].id
    text = json.dumps(given).replace('"@"', f'"{unit}"')
    return office.records.save(form, RecordInput(unit, json.loads(text)), final=final).id


@pytest.fixture(scope="module")
def dialogue(office: Office) -> str:
    return record(
        office,
        "dialogue_session",
        {"held_on": "2026-06-05", "kind": "periodic", "chair": "Chủ tịch Nguyễn Văn Mẫu",
         "place": "Hội trường xã", "attendees": 120, "notice_on": "2026-05-25", "opinions": OPINIONS},
    )  # fmt: skip


@pytest.fixture(scope="module")
def plan(office: Office, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("plan") / "ke-hoach.txt"
    path.write_text(PLAN, encoding="utf-8")
    preview = office.plans.preview(path)
    key, _ = office.plans.save(preview.to_json(), source_name=path.name)
    return key


def made(office: Office, template: str, *records: str, **more: Any) -> PaperView:
    key, _ = office.papers.make(PaperWish(template, records, **more))
    return office.papers.view(key)


def text_of(view: PaperView) -> str:
    return "\n".join(part.text for part in view.parts)


def printed(pdf: bytes, folder: Path) -> str:
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode("utf-8").split())


def test_a_conclusion_says_who_answers_what_by_when_and_goes_its_whole_way(
    office: Office, dialogue: str, tmp_path: Path
) -> None:
    view = made(office, "dialogue_conclusion", dialogue)
    text = text_of(view)
    assert "có 120 người" in text and "tiếp nhận 03 ý kiến" in text and BLANK not in text
    assert [f"{s.mark} {s.title}" for s in view.document.sections][
        1
    ] == "II. Các ý kiến giao cơ quan, đơn vị giải quyết"
    assert (
        "- Sửa tuyến mương nội đồng (hạ tầng, xây dựng; ý kiến của các hộ thôn Mẫu Đông). "
        "Giao Phòng Văn hóa - Xã hội giải quyết, trả lời chậm nhất ngày 30/06/2026." in text
    )
    assert view.document.head.symbol == "TB-UBND" and view.problems == ()

    office.papers.edit(view.id, {"carrying_out": "Giao Văn phòng theo dõi.\n- Công khai kết quả"}, expected_version=1)
    with pytest.raises(Refused, match="Chưa ghi đè") as late:
        office.papers.edit(view.id, {"opening": "Khác"}, expected_version=1)
    assert late.value.code == "paper_changed"
    with pytest.raises(Refused) as early:
        office.papers.number(view.id)
    assert early.value.code == "paper_not_frozen"

    sha256, _ = office.papers.approve(view.id)
    with office.context.store.read() as uow:
        frozen = uow.office_papers.frozen(view.id)
    assert frozen is not None and hashlib.sha256(frozen.data).hexdigest() == sha256
    with pytest.raises(Refused) as shut:
        office.papers.edit(view.id, {"opening": "Khác"})
    assert shut.value.code == "paper_frozen"
    issue, _ = office.papers.number(view.id)
    assert (issue.number, issue.date, issue.series) == (1, "2026-06-10", "TB-UBND")
    first = [path.read_bytes() for path in office.papers.render(view.id, tmp_path / "one")]
    again = office.papers.render(view.id, tmp_path / "two")
    assert [path.name for path in again] == [
        "thong-bao-ket-luan-doi-thoai-01-2026-06-10.pdf", "thong-bao-ket-luan-doi-thoai-01-2026-06-10.docx",
    ]  # fmt: skip
    assert first == [path.read_bytes() for path in again]
    said = printed(first[0], tmp_path)
    assert "Số: 01/TB-UBND" in said and "Giao Văn phòng theo dõi." in said and "- Công khai kết quả" in said
    assert office.papers.all()[0].number == "01/TB-UBND"


def test_minutes_wait_for_what_only_those_present_know(office: Office, dialogue: str, tmp_path: Path) -> None:
    view = made(office, "dialogue_minutes", dialogue)
    assert {item.key for item in view.problems} == {"begin", "closing", "signer", "secretary"}
    with pytest.raises(Refused, match="còn chỗ trống") as early:
        office.papers.approve(view.id)
    assert early.value.code == "paper_incomplete"
    parts = {part.key: part.text for part in view.parts}
    texts = {key: parts[key].replace(BLANK, "8") for key in ("begin", "closing")}
    office.papers.edit(view.id, {**texts, "signer": "CHỦ TỌA\nNguyễn Văn Mẫu", "secretary": "THƯ KÝ\nTrần Thị Thử"})
    office.papers.approve(view.id)
    said = printed(office.papers.pdf(office.papers.view(view.id)), tmp_path)
    assert "BIÊN BẢN" in said and "THƯ KÝ CHỦ TỌA" in said and "Trần Thị Thử Nguyễn Văn Mẫu" in said
    assert said.count("./.") == 1


def test_a_reception_of_a_denunciation_has_no_name_on_it(office: Office) -> None:
    given: dict[str, Json] = {
        "received_on": "2026-06-03", "kind": "regular", "receiver": "Bùi Mẫu Tiếp", "people": 1, "first_time": "first",
        "content": "Trình bày sự việc", "visitor": "Người Phải Giữ Kín", "address": "Xóm Kín", "file_no": "TC-07",
    }  # fmt: skip
    open_one = made(
        office, "reception_minutes", record(office, "citizen_reception", {**given, "petition_kind": "feedback"})
    )
    assert "Công dân được tiếp: Người Phải Giữ Kín, địa chỉ: Xóm Kín." in text_of(open_one)
    secret = made(
        office, "reception_minutes", record(office, "citizen_reception", {**given, "petition_kind": "denunciation"})
    )
    with office.context.store.read() as uow:
        row = uow.office_papers.get(secret.id)
    assert row is not None
    assert "Kín" not in json.dumps(row.draft, ensure_ascii=False)
    assert "Mã người gửi, số hồ sơ giấy: TC-07." in text_of(secret)


def test_a_reminder_names_who_is_late_since_when_and_until_when(office: Office, tmp_path: Path) -> None:
    with office.context.store.unit() as uow:
        for number, name in enumerate(("Trung tâm Dịch vụ tổng hợp", "Trường Tiểu học Mẫu"), 1):
            uow.trust.add(
                TrustRow(f"0192a000-0000-7000-8000-00000000000{number}", name, "", f"{number}", "", "trusted", "child")
            )
    view = made(office, "reminder_reports", regime="agency-to-commune", period="2026-H1", until=date(2026, 6, 15))
    assert view.document.head.addressees == ("Trung tâm Dịch vụ tổng hợp", "Trường Tiểu học Mẫu")
    text = text_of(view)
    assert "- Trung tâm Dịch vụ tổng hợp: chưa gửi, quá hạn 10 ngày;" in text
    assert "chậm nhất ngày 31/05/2026" in text and "chậm nhất ngày 15/06/2026" in text
    assert view.document.head.symbol == "UBND-VHXH"
    with pytest.raises(Refused) as past:
        made(office, "reminder_reports", regime="agency-to-commune", period="2026-H1", until=date(2026, 6, 10))
    assert past.value.code == "date_wrong"
    office.papers.approve(view.id)
    issue, _ = office.papers.number(view.id, number=12)
    assert issue.number == 12, "the first one follows the register on paper"
    said = printed(office.papers.pdf(office.papers.view(view.id)), tmp_path)
    assert "Số: 12/UBND-VHXH" in said and "V/v đôn đốc gửi báo cáo" in said and "Kính gửi:" in said


def test_late_tasks_are_chased_and_the_letters_share_one_series(office: Office, plan: str) -> None:
    with pytest.raises(Refused) as nobody:
        made(office, "reminder_tasks", plan=plan)
    assert nobody.value.code == "nobody_late"
    task, unit = office.plans.tasks(plan)[1], office.settings.load().agencies[1].id
    office.tasks.save(replace(task, lead_unit=unit, due_on=date(2026, 6, 1), progress=40, status="doing"))
    view = made(office, "reminder_tasks", plan=plan)
    assert (
        "- Văn phòng HĐND và UBND: Nâng cao hiệu quả công tác tiếp dân, đối thoại với Nhân dân "
        "(hạn ngày 01/06/2026, quá hạn 09 ngày; đã đạt 40%)." in text_of(view)
    )
    assert "chậm nhất ngày 17/06/2026" in text_of(view), "five working days"
    office.papers.approve(view.id)
    with pytest.raises(Refused) as taken:
        office.papers.number(view.id, number=12)
    assert taken.value.code == "number_taken"
    issue, _ = office.papers.number(view.id)
    assert issue.number == 13


def test_a_submission_has_its_list_as_an_annex(office: Office, tmp_path: Path) -> None:
    ids = [
        record(office, "commendation",
               {"decided_on": "2026-06-01", "form": "merit_paper", "level": "commune", "subject": "individual",
                "name": name})
        for name in ("Lê Mẫu An", "Đỗ Mẫu Bình <b>")
    ]  # fmt: skip
    view = made(office, "commendation_submission", *ids)
    assert view.document.head.addressees == ("Ủy ban nhân dân tỉnh Mẫu",)
    assert "khen thưởng 02 tập thể, cá nhân" in text_of(view)
    said = printed(office.papers.pdf(view), tmp_path)
    assert "TỜ TRÌNH" in said and "Phụ lục" in said and said.count("Đỗ Mẫu Bình <b>") == 2
    by_period = made(office, "commendation_submission", period="2026-06")
    assert by_period.document.subjects == tuple(ids)
    with pytest.raises(Refused) as nothing:
        made(office, "commendation_submission", period="2026-01")
    assert nothing.value.code == "nothing_to_print"


def test_the_plan_is_printed_back(office: Office, plan: str, tmp_path: Path) -> None:
    pdf, word = office.papers.print_plan(plan)
    said = printed(pdf, tmp_path)
    for words in (
        "KẾ HOẠCH Thực hiện công tác dân vận chính quyền năm 2026",
        "I. MỤC ĐÍCH, YÊU CẦU 1. Mục đích - Nâng cao hiệu quả",
        "III. TỔ CHỨC THỰC HIỆN 1. Thủ trưởng các cơ quan, đơn vị",
        "/KH-UBND",
        "Nguyễn Văn Mẫu",
        "- Thường trực Đảng ủy;",
    ):
        assert words in said
    assert said.count("Kế hoạch số 450/KH-UBND") == 1, "a basis told in the preamble is not told twice"
    assert said.count("./.") == 1 and word.startswith(b"PK")
    body = json.loads(json.dumps(office.plans.get(plan).body))
    body["tasks"].append({"id": "", "mark": "3", "area": 3, "text": "Nhiệm vụ thêm sau."})
    office.plans.save(body, plan_id=plan)
    assert "IV. NHIỆM VỤ BỔ SUNG 1. Nhiệm vụ thêm sau." in printed(office.papers.print_plan(plan)[0], tmp_path)


def test_one_common_series_holds_papers_and_reports(office: Office) -> None:
    """Numbers of papers stand in the way of those of reports, and the other way round."""
    with office.context.store.read() as uow:
        assert uow.reports.next_number("TB-UBND", 2026) == 2
        assert [row.number for row in uow.reports.standing("letters", 2026)] == [12, 13]
        assert uow.reports.next_number("BC-UBND", 2026) == 1


def test_a_draft_can_be_thrown_away_and_wrong_wishes_are_refused(office: Office, dialogue: str, plan: str) -> None:
    view = made(office, "plan", plan=plan)
    office.papers.discard(view.id)
    with pytest.raises(Refused) as gone:
        office.papers.view(view.id)
    assert gone.value.code == "not_found"
    for wish, code in (
        (PaperWish("no_such"), "unknown_paper"),
        (PaperWish("dialogue_minutes"), "record_needed"),
        (PaperWish("reception_minutes", (dialogue,)), "wrong_form"),
        (PaperWish("dialogue_minutes", ("ffff",)), "not_found"),
    ):
        with pytest.raises(Refused) as refused:
            office.papers.make(wish)
        assert refused.value.code == code


def test_the_command_line_goes_the_whole_way(
    office: Office, home: Path, dialogue: str, plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(Session, "office", lambda _self: office)
    monkeypatch.setattr(Session, "close", lambda _self: None)

    def danvan(*words: str) -> Any:
        assert run([*words, "--json", "--home", str(home)]) == 0, capsys.readouterr().out
        return json.loads(capsys.readouterr().out)

    assert {item["key"] for item in danvan("paper", "kinds")["kinds"]} == set(office.context.catalog.papers)
    key = danvan("paper", "make", "dialogue_conclusion", "--record", dialogue)["id"]
    words = tmp_path / "loi.txt"
    words.write_text("Lời mở đầu mới\n", encoding="utf-8")
    parts = danvan("paper", "edit", key, "--section", "opening", "--file", str(words))["parts"]
    assert {part["key"]: part["text"] for part in parts}["opening"] == "Lời mở đầu mới"
    danvan("paper", "approve", key)
    assert danvan("paper", "number", key, "--date", "10/06/2026")["symbol"] == "TB-UBND"
    assert [Path(name).suffix for name in danvan("paper", "render", key, "--out", str(tmp_path))["files"]] == [
        ".pdf", ".docx",
    ]  # fmt: skip
    assert key in {item["id"] for item in danvan("paper", "list")["papers"]}
    assert danvan("paper", "show", key)["state"] == "frozen"
    spare = danvan("paper", "make", "plan", "--plan", plan)["id"]
    danvan("paper", "discard", spare)
    out = tmp_path / "kh.pdf"
    assert len(danvan("plan", "print", "--out", str(out), "--docx", "--plan", plan)["files"]) == 2
    assert out.read_bytes().startswith(b"%PDF")
    assert run(["paper", "make", "reminder_reports", "--json", "--home", str(home)]) == 2


def test_personal_papers_are_hidden_from_who_only_looks_after_the_machine(office: Office, home: Path) -> None:
    assert any(line.template == "dialogue_minutes" for line in office.papers.all())
    office.close()
    for account, sees in (("quantri", False), ("vanthu", True)):
        other = wire(open_home(home, clock=CLOCK, account=account, password="x"), CLOCK)
        shown = {line.template for line in other.papers.all()}
        assert ("dialogue_minutes" in shown) is sees and "reminder_reports" in shown
        with pytest.raises(Refused) as refused:
            other.papers.make(PaperWish("reminder_reports", regime="agency-to-commune", period="2026-H1"))
        assert refused.value.code == "no_right"
        other.close()
