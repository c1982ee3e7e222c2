"""What a year of use leaves on a desk: targets, declared figures, corrections, the bin, a reminder put off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ..office import Office
from ..records import ListQuery, RecordInput
from .entries import Entry
from .offices import CENTRE_ID, CULTURE_ID

_SOURCE = "Kế hoạch công tác dân vận chính quyền năm 2026 (số liệu mẫu)"
# home → (indicator, target of 2026 as an officer types it)
_TARGETS = {
    "ttpvhcc": (("files_in_term_rate", "98"), ("satisfaction_rate", "95")),
    "vhxh": (
        ("files_in_term_rate", "98"), ("satisfaction_rate", "95"), ("models_registered", "10"), ("dialogues", "2"),
    ),
}  # fmt: skip
# home → a form whose newest record was corrected twice; what was added, and why
_CORRECTED = {
    "ttpvhcc": ("citizen_feedback", (("Đã gọi điện xác minh", "Bổ sung kết quả xác minh"),
                                     ("Đã gọi điện xác minh; công dân đồng ý", "Ghi thêm ý kiến công dân"))),
    "vhxh": ("mobilisation_model", (("Đã kiểm tra thực tế tại thôn", "Bổ sung sau buổi kiểm tra"),
                                    ("Đã kiểm tra thực tế tại thôn; đề nghị nhân rộng", "Theo kết luận giao ban"))),
}  # fmt: skip
_HOLDS = 5  # days for which a reminder is put off


def declared(unit: str) -> list[Entry]:
    """Figures that are known as a total only (DESIGN §8.2)."""
    said = {
        CENTRE_ID: (("signed_documents_rate", 10_000, "Sổ theo dõi văn bản của Trung tâm (số liệu mẫu)"),
                    ("staff_with_certificate_rate", 10_000, "Danh sách chứng thư chữ ký số (số liệu mẫu)")),
        CULTURE_ID: (("reform_rank", 1_200, "Công bố chỉ số cải cách hành chính của tỉnh (số liệu mẫu)"),),
    }  # fmt: skip
    day, since = date(2026, 5, 15), {"from": "2025-10-16"}  # the field is called by a word of the language
    return [
        Entry("declared_figure", day, RecordInput(unit, {**since, "to": day.isoformat(), "indicator": indicator,
                                                         "value": value, "source": source}))
        for indicator, value, source in said[unit]
    ]  # fmt: skip


def set_targets(office: Office, home: str) -> None:
    """What the year should reach, so that the figures have something to stand beside."""
    for indicator, text in _TARGETS.get(home, ()):
        office.targets.set(indicator, 2026, text, _SOURCE)


def correct(office: Office, home: str) -> None:
    """A record corrected twice, and one entered twice by mistake and thrown away."""
    if home not in _CORRECTED:
        return
    form, notes = _CORRECTED[home]
    row = office.records.page(form, ListQuery(states=("final",)), 0, 1)[0]
    same = RecordInput(
        unit=row.unit, values=row.values, villages=row.villages, secondary_areas=row.secondary_areas,
        evidence=row.evidence,
    )  # fmt: skip
    for note, why in notes:
        office.records.save(form, replace(same, note=note), final=True, record_id=row.id, why=why)
    twice = office.records.save(form, same, final=False)
    office.records.delete(twice.id, "Ghi trùng")


def put_off(office: Office, day: date) -> None:
    """The last term on the first screen waits a few days."""
    terms = [item for item in office.due.until() if item.kind == "term"]
    if terms:
        office.due.postpone(terms[-1], day + timedelta(days=_HOLDS), "Chờ ý kiến phòng Kinh tế")
