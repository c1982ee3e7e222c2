"""What indicators may count beside records: tasks of the plan, and the units that owe a report (DOMAIN 1.12, 1.13).

Such a source has fields of its own, named here; an indicator over one is a plain ``count`` with filters. It is about
this office's own plan and own units, so it is never rolled up from reports.
"""

from __future__ import annotations

from collections.abc import Mapping

from .model import Field, ValueType

PLAN_TASK = "plan.task"
UNIT_REPORT = "unit.report"


def _fields(*fields: Field) -> Mapping[str, Field]:
    return {item.key: item for item in fields}


SOURCES: Mapping[str, Mapping[str, Field]] = {
    PLAN_TASK: _fields(
        Field("cancelled", "Không làm nữa", ValueType.YES_NO),
        Field("done", "Đã xong khi hết kỳ", ValueType.YES_NO),
        Field("done_on", "Ngày hoàn thành", ValueType.DATE),  # only up to the end of the window
        Field("due_on", "Hạn hoàn thành", ValueType.DATE),
        Field("lead_unit", "Đơn vị chủ trì", ValueType.UNIT),
        Field("area", "Nhóm nhiệm vụ", ValueType.INTEGER),
    ),
    UNIT_REPORT: _fields(
        Field("received_on", "Ngày nhận báo cáo đầu tiên", ValueType.DATE),
        Field("due_on", "Hạn gửi", ValueType.DATE),
        Field("accepted", "Đã chấp nhận", ValueType.YES_NO),
    ),
}
