"""The recovery sheet: printed once at set-up, kept in a safe, never on the PC."""

from __future__ import annotations

from pathlib import Path

from ..kernel import atomic, clock, vi
from ..kernel.clock import Clock


def sheet_text(office: str, code: str, home: Path, moment: Clock) -> str:
    """The recovery sheet as a person reads it; ``code`` in groups of four, two lines of four groups."""
    groups = code.split("-") if "-" in code else code.split()
    half = (len(groups) + 1) // 2
    return "\n".join(
        [
            "PHIẾU KHÔI PHỤC DỮ LIỆU – DÂN VẬN CHÍNH QUYỀN",
            "",
            f"Cơ quan:           {office}",
            f"Ngày lập phiếu:    {vi.day(clock.today(moment))}",
            f"Thư mục dữ liệu:   {home}",
            "",
            "Mã khôi phục:",
            "",
            f"    {' - '.join(groups[:half])}",
            f"    {' - '.join(groups[half:])}",
            "",
            "Dùng khi mọi người đều quên mật khẩu: ở cửa sổ đăng nhập, chọn “Quên mật khẩu” rồi nhập mã này.",
            "Ai có mã này và bản sao dữ liệu thì đọc được toàn bộ dữ liệu của cơ quan.",
            "Hãy in ra giấy, cất nơi an toàn (két, phong bì niêm phong), rồi xóa tệp này khỏi máy.",
            "Mất cả mật khẩu lẫn phiếu này thì không ai mở được dữ liệu nữa.",
            "",
        ]
    )


def write_sheet(path: Path, *, office: str, code: str, home: Path, moment: Clock) -> Path:
    """Write the sheet to ``path`` (readable by its owner only). Raises Refused ``write_failed``."""
    atomic.write_bytes(path, ("\ufeff" + sheet_text(office, code, home, moment)).replace("\n", "\r\n").encode("utf-8"),
                       private=True)  # fmt: skip
    return path
