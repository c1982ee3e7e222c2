"""Evidence for a package: whether any goes along, then which files, one by one, each with its reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QTableWidget, QWidget

from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.text import fold
from ..services.package_evidence import Candidate, EvidenceOffer, Pick, require_room, tidy_reason
from . import dialogs
from .exchange_desk import choose_id, chosen_id, fill, prepare, size_words
from .loader import load_ui

_SHOWN = 300
_TITLES = ("Tệp", "Bản ghi, nhiệm vụ", "Dung lượng", "Lý do gửi kèm")
_WIDTHS = (260, 0, 90, 240)


class EvidenceDialog(QDialog):
    """Files that may go along; ``open_file`` shows one (by its hash) in the system's viewer before it is picked."""

    evidence_note: QLabel
    find_edit: QLineEdit
    evidence_table: QTableWidget
    reason_edit: QLineEdit
    add_button: QPushButton
    remove_button: QPushButton
    open_button: QPushButton
    evidence_problem: QLabel
    evidence_summary: QLabel
    choose_button: QPushButton
    close_button: QPushButton

    def __init__(self, offer: EvidenceOffer, open_file: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "exchange_evidence")
        self._files = {item.sha256: item for item in offer.files}
        self._words = {item.sha256: fold(f"{item.name} {item.title}") for item in offer.files}
        self._reasons: dict[str, str] = {}
        self.evidence_note.setText(
            "Chọn từng tệp thật sự cần gửi và ghi lý do. Gói kèm minh chứng được mã hóa: chỉ "
            f"“{offer.receiver}” và cơ quan ta mở được. Tệp của hồ sơ tố cáo không gửi kèm nên không có ở đây."
        )
        prepare(self.evidence_table, _TITLES, _WIDTHS)
        self.find_edit.textChanged.connect(lambda _text: self._fill())
        self.evidence_table.currentCellChanged.connect(lambda *_cells: self._show())
        self.evidence_table.itemActivated.connect(lambda _item: self._to_reason())
        self.reason_edit.returnPressed.connect(self._add)
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self.open_button.clicked.connect(lambda: open_file(chosen_id(self.evidence_table)))
        self.choose_button.clicked.connect(self._accept)
        self.close_button.clicked.connect(self.reject)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in the reason picks the file, no more
        self._fill()
        self.evidence_table.setFocus()

    @property
    def picks(self) -> tuple[Pick, ...]:
        """The files in the order they were picked."""
        return tuple(Pick(sha256, reason) for sha256, reason in self._reasons.items())

    def _fill(self) -> None:
        wanted = fold(self.find_edit.text()).split()
        found = [item for key, item in self._files.items() if all(word in self._words[key] for word in wanted)]
        rows = []
        for item in found[:_SHOWN]:
            reason = self._reasons.get(item.sha256, "")
            rows.append((item.sha256, (item.name, _place(item), size_words(item.size), reason), "ok" if reason else ""))
        fill(self.evidence_table, rows)
        self._say_summary(len(found))
        self._show()

    def _say_summary(self, found: int) -> None:
        size = sum(self._files[key].size for key in self._reasons)
        said = f"Đã chọn {len(self._reasons)} tệp, {size_words(size)}." if self._reasons else "Chưa chọn tệp nào."
        if found > _SHOWN:
            said += f" Đang hiện {vi.count(_SHOWN)} trong {vi.number(found)} tệp; hãy gõ vào ô Tìm."
        elif not found:
            said += " Không có tệp nào khớp với ô Tìm."
        self.evidence_summary.setText(said)

    def _show(self) -> None:
        key = chosen_id(self.evidence_table)
        for button in (self.add_button, self.open_button):
            button.setEnabled(bool(key))
        self.remove_button.setEnabled(key in self._reasons)
        if key in self._reasons:
            self.reason_edit.setText(self._reasons[key])
        self.evidence_problem.clear()

    def _to_reason(self) -> None:
        self.reason_edit.setFocus()
        self.reason_edit.selectAll()

    def _add(self) -> None:
        """Pick the chosen file, or give it another reason; the next one is then chosen with the arrow keys."""
        key = chosen_id(self.evidence_table)
        if not key:
            return
        if not self.reason_edit.text().strip():
            self._complain("Hãy ghi lý do gửi kèm tệp này.")
            return
        try:
            reason = tidy_reason(self.reason_edit.text())
            more = {**self._reasons, key: reason}
            require_room(sum(self._files[item].size for item in more), len(more))
        except Refused as error:
            self._complain(error.message)
            return
        self._reasons = more
        self._again(key)

    def _remove(self) -> None:
        key = chosen_id(self.evidence_table)
        if self._reasons.pop(key, None) is not None:
            self.reason_edit.clear()
            self._again(key)

    def _again(self, key: str) -> None:
        self._fill()
        choose_id(self.evidence_table, key)
        self.evidence_table.setFocus()

    def _complain(self, text: str) -> None:
        self.evidence_problem.setText(text)
        self._to_reason()

    def _accept(self) -> None:
        if self._reasons:
            self.accept()
        else:
            self.evidence_problem.setText("Chưa chọn tệp nào; hãy ghi lý do và bấm “Kèm tệp này” ở từng tệp cần gửi.")
            self.evidence_table.setFocus()


def _place(item: Candidate) -> str:
    """What the file is kept with."""
    if item.source == "task":
        return f"Nhiệm vụ {item.title}"
    return item.title


def ask_evidence(offer: EvidenceOffer, open_file: Callable[[str], None], parent: QWidget) -> tuple[Pick, ...] | None:
    """What the officer sends along: nothing, the files picked, or None when the export is given up."""
    if not offer.files:
        return ()
    answer = dialogs.choose(
        parent,
        "Gửi kèm tệp minh chứng trong gói này?",
        ("Không kèm", "Chọn tệp…", "Thôi xuất gói"),
        detail=f"Có {vi.number(len(offer.files))} tệp gắn với số liệu và nhiệm vụ của báo cáo. Nếu kèm, gói được mã "
        f"hóa cho “{offer.receiver}”. Gói chỉ được lập một lần nên sau này không kèm thêm được.",
    )
    if answer != 1:
        return () if answer == 0 else None
    dialog = EvidenceDialog(offer, open_file, parent)
    accepted = bool(dialog.exec())
    picks = dialog.picks
    dialog.deleteLater()
    return picks if accepted else None
