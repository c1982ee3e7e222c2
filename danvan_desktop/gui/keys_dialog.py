"""F1: the keys of what is on screen, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

Keys = Sequence[tuple[str, str]]
_KEY_IN_TEXT = re.compile(r" \([^()]*\)$")  # the key that stands on the button itself: "Thêm mới (Ctrl+N)"

EVERYWHERE: Keys = (
    ("Ctrl+L", "lịch thời hạn theo tháng"),
    ("Ctrl+1 … Ctrl+7", "đến trang: việc đến hạn, kế hoạch, ghi chép, chỉ tiêu, báo cáo, trao đổi, thiết lập"),
    ("Ctrl+8", "đến trang văn bản: kế hoạch, công văn, thông báo, biên bản, tờ trình"),
    ("Alt+1 … Alt+8", "đến mảng nhiệm vụ 1 … 8"),
    ("Ctrl+PgDn, Ctrl+PgUp", "trang sau, trang trước"),
    ("Ctrl+0", "thu gọn, mở rộng danh mục trang"),
    ("Ctrl+K", "tìm bản ghi ở mọi biểu, không cần dấu"),
    ("Tab, Shift+Tab", "ô sau, ô trước"),
    ("Alt+chữ gạch chân", "bấm nút có chữ đó"),
    ("F10", "tài khoản: tìm bản ghi, bản nhập dở, đổi mật khẩu, đăng xuất"),
    ("F1", "bảng phím tắt này"),
)
DUE_LIST: Keys = (
    ("Enter", "mở việc đang chọn"),
    ("F6", "nhắc lại sau: hoãn nhắc việc đang chọn"),
    ("Shift+F6", "việc đang hoãn nhắc, bỏ hoãn"),
    ("F7", "lịch theo tháng, ở ngày của việc đang chọn"),
)
CALENDAR: Keys = (
    ("← → ↑ ↓", "ngày trước, ngày sau, tuần trước, tuần sau"),
    ("PgUp, PgDn", "tháng trước, tháng sau"),
    ("Home, End", "ngày đầu, ngày cuối tháng"),
    ("H", "về hôm nay"),
    ("Enter", "mở việc của ngày; có nhiều việc: vào danh sách của ngày"),
    ("Esc", "từ danh sách của ngày trở lại lịch"),
    ("F6", "nhắc lại sau: hoãn nhắc việc đang chọn"),
    ("F7", "về danh sách việc đến hạn"),
)
RECORD_LIST: Keys = (
    ("Ctrl+N", "thêm mới"),
    ("Enter", "mở bản ghi đang chọn"),
    ("Ctrl+D", "nhân bản bản ghi đang chọn"),
    ("Delete", "xóa vào thùng rác, có hỏi lý do"),
    ("Ctrl+F, hoặc cứ gõ chữ", "tìm trong danh sách, không cần dấu"),
    ("F7", "bộ lọc"),
    ("F8", "chọn cột của danh sách"),
    ("F9", "in sổ, danh mục của mảng"),
    ("Ctrl+I, Ctrl+V", "nhập từ tệp Excel; dán khối ô chép từ Excel"),
    ("Ctrl+Tab, Ctrl+Shift+Tab", "biểu sau, biểu trước"),
)
RECORD_FORM: Keys = (
    ("Enter, Tab; Shift+Tab", "ô sau; ô trước"),
    ("Ctrl+Enter", "lưu chính thức (được tính vào số liệu)"),
    ("Ctrl+Shift+Enter", "lưu chính thức rồi thêm mới, giữ ngày và đơn vị"),
    ("Ctrl+N", "lưu dự thảo rồi thêm mới, giữ ngày và đơn vị"),
    ("Ctrl+S", "lưu dự thảo; bản ghi chính thức: lưu bản sửa, có hỏi lý do"),
    ("Ctrl+D", "lặp lại giá trị của bản ghi vừa lưu trước đó"),
    ("Ctrl+Z, Ctrl+Y", "hoàn tác, làm lại"),
    ("F8", "đến chỗ phải sửa tiếp theo"),
    ("F4, Alt+↓", "mở lịch, mở danh sách"),
    ("Ctrl+H", "lịch sử sửa đổi"),
    ("Esc", "quay lại danh sách"),
    ("5/6 · 05062026 · h · q", "ô ngày: gõ tắt, hôm nay, hôm qua"),
    ("C, K, Delete", "ô có/không: có, không, chưa nhập"),
    ("Ctrl+Enter, Ctrl+Delete", "trong bảng nhỏ: thêm dòng, xóa dòng"),
    ("Ctrl+V", "trong bảng nhỏ: dán từ bảng tính; ở ô khác: dán tệp, ảnh chụp làm minh chứng"),
)
PLAN: Keys = (
    ("Ctrl+Tab, Ctrl+Shift+Tab", "thẻ sau, thẻ trước"),
    ("↑, ↓", "nhiệm vụ trước, nhiệm vụ sau"),
    ("F2, Enter", "đến ô cơ quan chủ trì của nhiệm vụ đang chọn"),
    ("F8", "đánh dấu đã xong; sửa ngày, ghi nhận xét rồi Alt+G"),
    ("F3", "tìm bản ghi chứng minh nhiệm vụ, không cần dấu"),
    ("Alt+V, Alt+M, Alt+Q", "giao việc, minh chứng, quá trình của nhiệm vụ"),
    ("Enter, Delete", "trong danh sách bản ghi chứng minh: mở, bỏ gắn"),
    ("Insert, F2, Delete", "trong danh sách tệp: thêm, mở, bỏ tệp"),
    ("Enter", "trong thẻ Chỉ tiêu: ghi số của kế hoạch"),
)
PLAN_EDITOR: Keys = (
    ("Ctrl+S", "lưu kế hoạch"),
    ("Tab, Shift+Tab", "ô sau, ô trước"),
    ("Ctrl+Tab, Ctrl+Shift+Tab", "thẻ sau, thẻ trước"),
)
INDICATORS: Keys = (
    ("Enter", "xem các bản ghi đứng sau con số; Enter lần nữa đến bản ghi; Esc đóng"),
    ("→, ←", "mở, khép các dòng chi tiết của chỉ tiêu"),
    ("Ctrl+F", "tìm chỉ tiêu"),
    ("F5", "tính lại"),
    ("F8", "biểu đồ của chỉ tiêu: qua các năm, theo phân tổ"),
    ("Ctrl+C", "chép bảng để dán vào bảng tính"),
)
REPORT: Keys = (
    ("Ctrl+N", "lập báo cáo mới"),
    ("Ctrl+S", "lưu ngay (chữ vẫn tự lưu khi dừng tay)"),
    ("Alt+↓, Alt+↑", "mục sau, mục trước của đề cương"),
    ("F6, Shift+F6", "khung sau, khung trước"),
    ("F2", "nguồn của con số tại con trỏ"),
    ("F5", "tính lại số liệu"),
    ("F8", "tự chấm điểm, xếp loại của năm"),
    ("F9", "hiện, ẩn bản in bên cạnh"),
    ("Ctrl+F, F3, Shift+F3", "tìm, tìm tiếp, tìm ngược"),
    ("Ctrl+H", "thay, cả trong toàn báo cáo"),
    ("Ctrl+B, Ctrl+I", "chữ đậm, chữ nghiêng"),
    ("Ctrl+Shift+L", "gạch đầu dòng “- ”, “+ ”, thôi gạch"),
    ("Ctrl+Z, Ctrl+Y", "hoàn tác, làm lại, qua mọi mục"),
    ("Ctrl+D", "lịch sử, những chỗ thay đổi; Esc: về nội dung"),
    ("Ctrl+M", "ghi ý kiến về đoạn đang chọn, hoặc về mục"),
    ("F7", "các ý kiến"),
    ("Ctrl+P", "in"),
)
EXCHANGE: Keys = (
    ("Ctrl+Tab, Ctrl+Shift+Tab", "thẻ sau, thẻ trước: gửi đi, nhận về, thẻ khóa và tin cậy"),
    ("↑, ↓", "gói trước, gói sau"),
)
SETTINGS: Keys = (
    ("Ctrl+Tab, Ctrl+Shift+Tab", "thẻ sau, thẻ trước"),
    ("Tab, Shift+Tab", "ô sau, ô trước"),
)


def letters_of(page: QWidget) -> Keys:
    """The underlined letters that can be pressed on ``page`` now: ``Alt+I`` and the words of its button or label."""
    found: dict[str, str] = {}
    parts: list[QAbstractButton | QLabel] = [*page.findChildren(QAbstractButton), *page.findChildren(QLabel)]
    for part in parts:
        if not part.isVisible() or not part.isEnabled() or (isinstance(part, QLabel) and part.buddy() is None):
            continue
        key = QKeySequence.mnemonic(part.text()).toString(QKeySequence.SequenceFormat.NativeText)
        if key:
            found.setdefault(key, _KEY_IN_TEXT.sub("", part.text().replace("&", "")).strip(" ‹"))
    return tuple(sorted(found.items()))


class KeysDialog(QDialog):
    """Arrows scroll, Escape closes."""

    def __init__(self, title: str, keys: Keys, parent: QWidget | None = None, *, letters: Keys = ()) -> None:
        """``keys``: those of the page, shown above its underlined ``letters`` and those that work everywhere."""
        super().__init__(parent)
        self.setWindowTitle("Phím tắt")
        self.resize(780, min(540, self.screen().availableSize().height() - 60))
        layout = QVBoxLayout(self)
        self.tree = QTreeWidget(self)
        self.tree.setHeaderLabels(["Phím", "Việc"])
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName("Phím tắt")
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(True)
        for heading, found in ((title, keys), ("Chữ gạch chân ở trang này", letters), ("Ở mọi nơi", EVERYWHERE)):
            if found:
                self._group(heading, found)
        self.tree.expandAll()
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)
        layout.addWidget(self.tree)
        close = QPushButton("Đón&g (Esc)", self)
        close.clicked.connect(self.accept)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignRight)

    def _group(self, heading: str, keys: Keys) -> None:
        top = QTreeWidgetItem(self.tree, [heading])
        top.setFirstColumnSpanned(True)
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        for name, words in keys:
            item = QTreeWidgetItem(top, [name, words])
            item.setToolTip(1, words)

    def lines(self) -> list[str]:
        """What stands in the table, for tests."""
        found = []
        for at in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(at)
            assert top is not None
            children = [child for row in range(top.childCount()) if (child := top.child(row)) is not None]
            found += [top.text(0), *(f"{child.text(0)}: {child.text(1)}" for child in children)]
        return found
