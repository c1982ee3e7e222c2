"""Key cards: our own fingerprint to be read over the telephone, the offices whose packages are believed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QPlainTextEdit, QPushButton, QTableWidget, QWidget

from ..kernel import vi
from ..kernel.changes import Changes
from ..kernel.clock import civil_date, parse_stamp
from ..services.office import Office
from ..services.reports import slug
from ..services.trust import KeyCard, TrustRow, grouped, read_card, same_fingerprint
from . import dialogs
from .exchange_desk import Part, chosen_id, fill, leave, prepare
from .loader import load_ui
from .pages import Page
from .runner import Runner
from .widgets import restyle

CARDS = "Thẻ khóa (*.dvkey);;Mọi tệp (*)"
RELATIONS = {"parent": "Cơ quan cấp trên", "child": "Cơ quan, đơn vị cấp dưới"}
_STATES = {"trusted": "Đang tin cậy", "revoked": "Đã thôi tin cậy", "quarantine": "Chờ xác nhận"}
_HALF = 40  # characters of a grouped fingerprint on one line: eight groups of four


def large(fingerprint: str) -> str:
    """A fingerprint in groups of four, capitals, on two lines, to be read out."""
    text = grouped(fingerprint).upper()
    return f"{text[:_HALF].strip()}\n{text[_HALF:].strip()}"


class CardDialog(QDialog):
    """Comparing a key card by telephone before it is believed. ``fingerprint`` and ``relation`` after accepting."""

    card_name: QLabel
    card_id: QLabel
    card_note: QLabel
    typed_edit: QPlainTextEdit
    match_label: QLabel
    show_check: QCheckBox
    card_fingerprint: QLabel
    relation_combo: QComboBox
    trust_button: QPushButton
    close_button: QPushButton

    def __init__(self, card: KeyCard, relation: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "exchange_card")
        self._card = card
        self.card_name.setText(card.name)
        self.card_id.setText(f"Mã cơ quan: {card.office_id}")
        self.card_fingerprint.setText(large(card.fingerprint))
        self.card_fingerprint.hide()
        for key, title in RELATIONS.items():
            self.relation_combo.addItem(title, key)
        self.relation_combo.setCurrentIndex(self.relation_combo.findData(relation))
        self.show_check.toggled.connect(self.card_fingerprint.setVisible)
        self.typed_edit.textChanged.connect(self._compare)
        self.trust_button.clicked.connect(self.accept)
        self.close_button.clicked.connect(self.reject)
        self._compare()
        self.typed_edit.setFocus()

    @property
    def fingerprint(self) -> str:
        return self.typed_edit.toPlainText()

    @property
    def relation(self) -> str:
        return str(self.relation_combo.currentData())

    def _compare(self) -> None:
        digits = [letter for letter in self.fingerprint if letter.isalnum()]
        same = same_fingerprint(self._card, self.fingerprint)
        if same:
            text, severity = "Khớp: dấu vân tay nghe qua điện thoại đúng là của thẻ trong tệp.", "ok"
        elif len(digits) < len(self._card.fingerprint):
            text, severity = f"Đã gõ {len(digits)} trong {len(self._card.fingerprint)} ký tự.", "note"
        else:
            text = "KHÔNG KHỚP với thẻ trong tệp. Đề nghị đọc lại; nếu vẫn không khớp thì không được tin cậy thẻ này."
            severity = "error"
        self.match_label.setText(text)
        restyle(self.match_label, severity=severity)
        self.trust_button.setEnabled(same)


class TrustPart(Part):
    def __init__(self, page: Page, office: Office, runner: Runner) -> None:
        super().__init__(page, office, runner)
        self._card: KeyCard | None = None
        self._rows: list[TrustRow] = []
        self.own_name = self.child(QLabel, "own_name")
        self.own_fingerprint = self.child(QLabel, "own_fingerprint")
        self.card_button = self.child(QPushButton, "card_button")
        self.add_button = self.child(QPushButton, "add_button")
        self.revoke_button = self.child(QPushButton, "revoke_button")
        self.table = self.child(QTableWidget, "trust_table")
        self.empty = self.child(QLabel, "trust_empty")
        self._may = office.context.may("trust")
        prepare(self.table, ("Cơ quan", "Quan hệ", "Trạng thái", "Xác nhận", "Dấu vân tay"), (0, 170, 120, 130, -372))
        self.empty.hide()
        self.table.currentCellChanged.connect(lambda *_cells: self._show())
        self.card_button.clicked.connect(self.export_card)
        self.add_button.clicked.connect(self.add)
        self.revoke_button.clicked.connect(self.revoke)
        self.add_button.setEnabled(self._may)
        if not self._may:
            for button in (self.add_button, self.revoke_button):
                button.setToolTip("Chỉ lãnh đạo hoặc người quản trị được đổi danh sách tin cậy.")

    def load(self) -> None:
        trust = self.office.trust
        self.run(lambda: (trust.card(), trust.all()), self._take, "Đang đọc danh sách tin cậy")

    def _take(self, found: tuple[KeyCard, list[TrustRow]]) -> None:
        self._card, self._rows = found
        self.own_name.setText(self._card.name)
        self.own_fingerprint.setText(large(self._card.fingerprint))
        rows = []
        for row in self._rows:
            day = vi.day(civil_date(parse_stamp(row.confirmed_at))) if row.confirmed_at else ""
            by = f"\n({row.confirmed_by})" if row.confirmed_by else ""
            relation = RELATIONS.get(row.relation, "Chưa rõ")
            texts = (row.name, relation, _STATES.get(row.status, row.status), day + by, large(row.fingerprint))
            rows.append((row.fingerprint, texts, "" if row.status == "trusted" else "soft"))
        fill(self.table, rows)
        if not rows:
            leave(self.table, self.add_button)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._show()

    @property
    def current(self) -> TrustRow | None:
        key = chosen_id(self.table)
        return next((row for row in self._rows if row.fingerprint == key), None)

    def _show(self) -> None:
        row = self.current
        self.revoke_button.setEnabled(row is not None and row.status == "trusted" and self._may)

    def export_card(self) -> None:
        """Write our public key card for the other side."""
        if self._card is None:
            return
        suggested = f"the-khoa-{slug(self._card.name)[:40].strip('-')}.dvkey"
        path = dialogs.save_file(self.page, "Xuất thẻ khóa của cơ quan ta", suggested, CARDS)
        if path is not None:
            trust = self.office.trust
            self.run(
                lambda: trust.export(path),
                lambda _card: self.page.said.emit(
                    f"Đã ghi thẻ khóa “{path.name}”. Gửi tệp này đi, rồi đọc dấu vân tay qua điện thoại để đối chiếu."
                ),
                "Đang ghi thẻ khóa",
            )

    def add(self) -> None:
        """Read a card, let the officer compare it by telephone."""
        path = dialogs.choose_file(self.page, "Chọn thẻ khóa nhận được", CARDS)
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Show the card in ``path``."""
        trust = self.office.trust

        def work() -> tuple[KeyCard, str]:
            card = read_card(path)
            return card, trust.relation_of(card)

        self.run(work, self._ask, "Đang đọc thẻ khóa")

    def _ask(self, found: tuple[KeyCard, str]) -> None:
        card, relation = found
        dialog = CardDialog(card, relation, self.page)
        accepted = bool(dialog.exec())
        typed, chosen = dialog.fingerprint, dialog.relation
        dialog.deleteLater()
        if accepted:
            trust = self.office.trust
            self.run(
                lambda: trust.add(card, office_id=card.office_id, fingerprint=typed, relation=chosen),
                lambda changes: self.announce(changes, f"Đã tin cậy thẻ khóa của “{card.name}”."),
                "Đang ghi danh sách tin cậy",
            )

    def revoke(self) -> None:
        """Stop believing an office from now on."""
        row = self.current
        if row is None or not dialogs.ask(
            self.page,
            f"Thôi tin cậy khóa của “{row.name}”?",
            detail="Từ nay gói ký bằng khóa này bị từ chối. Các gói đã nhận trước đây vẫn giữ nguyên giá trị.",
            yes="Thôi tin cậy",
            no="Giữ lại",
            default=False,
        ):
            return
        trust = self.office.trust
        self.run(lambda: trust.revoke(row.office_id), self._revoked, "Đang ghi danh sách tin cậy")

    def _revoked(self, changes: Changes) -> None:
        self.announce(changes, "Đã thôi tin cậy khóa này.")
