"""What the officers of the demonstration wrote themselves: assessment, tasks, proposals, per section of the outline."""

from __future__ import annotations

_CENTRE = {
    "*": "Trung tâm tiếp tục thực hiện theo Kế hoạch của Ủy ban nhân dân xã.",
}
_HUB = {
    "*": "Ủy ban nhân dân xã tiếp tục chỉ đạo thực hiện theo Kế hoạch đã ban hành.",
}
# home → section key → text; "*" where the outline asks for something not named here
MANUAL = {"ttpvhcc": _CENTRE, "vhxh": _HUB}
