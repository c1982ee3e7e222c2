"""A form with every value type, and what surrounds it, for the tests of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from danvan_desktop.catalog.model import (
    Choice,
    ClassWhen,
    Derivation,
    Field,
    Form,
    Json,
    Privacy,
    Section,
    Severity,
    ValueType,
)
from danvan_desktop.gui.form_context import CheckedLike, Derived, FormContext, FormProblem
from danvan_desktop.kernel.clock import FixedClock

V = ValueType
KINDS = (Choice("complaint", "Khiếu nại"), Choice("denunciation", "Tố cáo"), Choice("proposal", "Kiến nghị, phản ánh"))
TOPICS = tuple(
    Choice(f"t{number}", title)
    for number, title in enumerate(
        (
            "Nghị quyết Đại hội XIV",
            "Nghị quyết Đại hội Đảng bộ tỉnh",
            "Pháp luật",
            "Dân vận khéo",
            "Chuyển đổi số",
            "Khác",
        )
    )
)
VILLAGES = tuple(
    Choice(f"v{number}", f"Thôn {name}")
    for number, name in enumerate(
        (
            "Thủy Ba Đông",
            "Thủy Ba Tây",
            "Đức Xá",
            "Linh Hải",
            "Tiên Mỹ",
            "Tân Trại",
            "Đông Trường",
            "Hữu Phước",
            "Cổ Mỹ",
            "Hiền Lương",
            "Ủy Thủy",
        ),
        1,
    )
)
AGENCIES = (
    Choice("u1", "Phòng Văn hóa - Xã hội"),
    Choice("u2", "Trung tâm Phục vụ hành chính công"),
    Choice("u3", "Văn phòng HĐND và UBND"),
)
RECORDS = (Choice("r-1", "Đơn của ông Lê Văn Đức – 05/03/2026"), Choice("r-2", "Đơn của bà Trần Thị Ủy – 12/04/2026"))

COLUMNS = (
    Field("topic", "Nội dung ý kiến", V.LONG_TEXT, required=True, width="wide"),
    Field("group", "Nhóm", V.CHOICE, choices=KINDS, width="normal"),
    Field("due_on", "Hạn trả lời", V.DATE, width="short"),
    Field("people", "Số người", V.INTEGER, unit_text="người", width="short"),
    Field("at_once", "Trả lời tại chỗ", V.YES_NO, width="short"),
)


def sample_form() -> Form:
    fields = (
        Field("received_on", "Ngày tiếp nhận", V.DATE, required=True, width="short", help="Ngày ghi trên dấu đến."),
        Field("month", "Tháng", V.MONTH, width="short"),
        Field("kind", "Loại việc", V.CHOICE, required=True, choices=KINDS, width="normal"),
        Field("sender", "Họ và tên người gửi", V.TEXT, required=True, max_length=40, privacy=Privacy.PERSONAL,
              optional_when=ClassWhen("kind", ("denunciation",), Privacy.PROTECTED)),
        Field("identity_no", "Số định danh cá nhân", V.TEXT, privacy=Privacy.SENSITIVE),
        Field("content", "Nội dung", V.LONG_TEXT, required=True),
        Field("people", "Số người", V.INTEGER, width="short", unit_text="người"),
        Field("rate", "Điểm trung bình", V.DECIMAL, scale=2, width="short"),
        Field("share", "Tỷ lệ hài lòng", V.PERCENT, scale=1, width="short"),
        Field("money", "Kinh phí", V.MONEY, width="short"),
        Field("topics", "Chủ đề", V.MULTI_CHOICE, choices=TOPICS),
        Field("first_time", "Tiếp lần đầu", V.YES_NO, width="normal"),
        Field("handler", "Đơn vị giải quyết", V.UNIT, width="normal"),
        Field("places", "Thôn liên quan", V.VILLAGE),
        Field("case", "Vụ việc liên quan", V.RECORD, target_form="sample", width="normal"),
        Field("due_on", "Hạn giải quyết", V.DATE, width="short", derive=Derivation("sum", {})),
        Field("large_group", "Đoàn đông người", V.YES_NO, width="short", derive=Derivation("at_least", {})),
        Field("opinions", "Ý kiến và trả lời", V.ROWS, columns=COLUMNS),
        Field("papers", "Văn bản kèm theo", V.FILES),
    )  # fmt: skip
    return Form(
        key="sample",
        title="Sổ tiếp nhận thử",
        short_title="Tiếp nhận",
        area=6,
        version=1,
        event_date="received_on",
        fields=fields,
        sections=(
            Section("who", "Tiếp nhận", ("received_on", "month", "kind", "sender", "identity_no", "content")),
            Section(
                "numbers", "Số liệu", ("people", "rate", "share", "money", "topics", "first_time", "handler", "places")
            ),
            Section("handling", "Giải quyết", ("case", "due_on", "large_group", "opinions", "papers")),
        ),
    )


def sample_values() -> dict[str, Json]:
    return {
        "received_on": "2026-06-05",
        "month": "2026-06",
        "kind": "proposal",
        "sender": "Nguyễn Văn Ủy",
        "identity_no": "045099001234",
        "content": "Phản ánh việc thu phí ngoài quy định.\nĐề nghị xem xét.",
        "people": 6,
        "rate": 425,
        "share": 985,
        "money": 12500000,
        "topics": ["t0", "t3"],
        "first_time": True,
        "handler": "u2",
        "places": ["v1", "v3"],
        "case": "r-2",
        "opinions": [
            {"row": "row-1", "topic": "Đường thôn Đức Xá xuống cấp", "group": "proposal", "due_on": "2026-06-20",
             "people": 12, "at_once": False},
            {"row": "row-2", "topic": "Giá nước sinh hoạt", "group": "complaint", "people": 1200, "at_once": True},
        ],
        "papers": ["a" * 64],
    }  # fmt: skip


def derive(form: Form, values: dict[str, Json], deliver: Callable[[CheckedLike], None]) -> None:
    """Stands for the record service: one derived flag, one derived date, required fields."""
    people = values.get("people")
    derived: dict[str, Json] = {
        "large_group": people >= 5 if isinstance(people, int) else None,
        "due_on": "2026-07-05" if values.get("received_on") else None,
    }
    problems = [
        FormProblem(item.key, "Chưa nhập.")
        for item in form.fields
        if item.required and item.key not in values and item.derive is None
    ]
    if isinstance(people, int) and people > 100:
        problems.append(FormProblem("people", "Số người lớn khác thường; hãy kiểm tra lại.", Severity.WARNING))
    rows = values.get("opinions")
    for row in rows if isinstance(rows, list) else []:
        if "group" not in row:
            problems.append(FormProblem("opinions", "Chưa chọn nhóm.", row=row["row"], column="group"))
    deliver(Derived({**values, **derived}, problems))


def search_records(_form: str, text: str, deliver: Callable[[Sequence[Choice]], None]) -> None:
    from danvan_desktop.kernel.text import fold

    deliver([item for item in RECORDS if fold(text) in fold(item.title)])


def record_title(_form: str, record_id: str, deliver: Callable[[str], None]) -> None:
    deliver(next(item.title for item in RECORDS if item.key == record_id))


def sample_context() -> FormContext:
    return FormContext(
        clock=FixedClock(datetime(2026, 5, 28, 2, 0, tzinfo=UTC)),
        agencies=AGENCIES,
        villages=VILLAGES,
        areas=tuple(Choice(str(number), f"Mảng {number}") for number in range(1, 9)),
        search_records=search_records,
        record_title=record_title,
        derive=derive,
        file_titles=lambda hashes, deliver: deliver([Choice(item, f"Công văn {item[:4]}.pdf") for item in hashes]),
    )
