"""Settings: the office and its papers, who signs, agencies, villages, accounts, working days, backup and key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTabWidget,
    QWidget,
)

from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..kernel.text import squeeze
from ..services.first_start import hints
from ..services.office import Office
from ..services.settings import Agency, OfficeSettings, Signer, Village
from . import dialogs
from .keys_dialog import SETTINGS, Keys
from .loader import load_ui
from .office_widgets import HeadPicture, PlaceLine, PlacesEditor, SignersEditor, text_lines
from .outline_dialog import OutlineDialog
from .pages import Page
from .runner import Runner
from .settings_calendar import CalendarPart
from .settings_parts import AccountsPart, CarePart
from .settings_places import PlacesPart

T = TypeVar("T")
_AGENCY_HINT = (
    "Gõ để sửa chữ sai (F2), phím Cách để đổi dấu “Đang dùng”. Đơn vị thôi hoạt động thì bỏ dấu, không xóa: "
    "bản ghi và số liệu cũ vẫn mang tên đơn vị đó. Sáp nhập, đổi tên theo quyết định thì dùng nút bên dưới."
)
_VILLAGE_HINT = (
    "Gõ để sửa chữ sai (F2), phím Cách để đổi dấu “Đang dùng”. Sáp nhập, đổi tên theo nghị quyết thì dùng nút dưới: "
    "bản ghi cũ giữ tên của ngày đó, số liệu trước sáp nhập tính về nơi mới."
)


class SettingsPage(Page):
    """Everyone may look; saving needs the right ``settings`` (admin or leader)."""

    title = "Thiết lập"

    right_label: QLabel
    error_label: QLabel
    tabs: QTabWidget
    name_edit: QLineEdit
    short_edit: QLineEdit
    place_edit: QLineEdit
    parent_edit: QLineEdit
    via_edit: QLineEdit
    suffix_edit: QLineEdit
    symbol_edit: QLineEdit
    drafting_edit: QLineEdit
    superior_lines_edit: QPlainTextEdit
    issuer_lines_edit: QPlainTextEdit
    head_picture: HeadPicture
    own_series_radio: QRadioButton
    common_series_radio: QRadioButton
    office_save_button: QPushButton
    office_undo_button: QPushButton
    outline_button: QPushButton
    signers_editor: SignersEditor
    separate_check: QCheckBox
    signers_save_button: QPushButton
    signers_undo_button: QPushButton
    agencies_editor: PlacesEditor
    villages_editor: PlacesEditor
    account_table: QTableWidget
    add_account_button: QPushButton
    renew_account_button: QPushButton
    remove_account_button: QPushButton
    year_combo: QComboBox
    calendar_label: QLabel
    calendar_table: QTableWidget
    add_day_button: QPushButton
    edit_day_button: QPushButton
    confirm_day_button: QPushButton
    clear_day_button: QPushButton
    backup_button: QPushButton
    clock_button: QPushButton
    check_button: QPushButton
    care_label: QLabel
    fingerprint_label: QLabel
    export_card_button: QPushButton
    card_label: QLabel
    folder_label: QLabel

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "settings_page")
        self._office = office
        self._runner = runner
        self._loaded: OfficeSettings | None = None
        self._filling = False
        self._stale = True
        self._may = office.context.may("settings")
        self.error_label.hide()
        self.right_label.setVisible(not self._may)
        self.right_label.setText(
            "Tài khoản này chỉ xem được phần thiết lập; thay đổi cần vai trò quản trị hoặc lãnh đạo."
        )
        self.agencies_editor.prepare(_AGENCY_HINT, "agency", "Các đơn vị ghi việc")
        self.villages_editor.prepare(_VILLAGE_HINT, "thôn", "Các thôn, tổ dân phố")
        self.agencies_editor.on_save = self._save_agencies
        self.villages_editor.on_save = self._save_villages
        self.agency_history = PlacesPart(self, office, self.agencies_editor, "agency", self._may)
        self.village_history = PlacesPart(self, office, self.villages_editor, "village", self._may)
        self.accounts = AccountsPart(self, office, self._may)
        self.calendar = CalendarPart(self, office, self._may)
        self.care = CarePart(self, office, runner)
        self._connect()
        if not self._may:
            self._look_only()

    def _connect(self) -> None:
        for line in self._lines():
            line.textEdited.connect(lambda _text: self._touched())
        for box in (self.superior_lines_edit, self.issuer_lines_edit):
            box.textChanged.connect(self._touched)
        for choice in (self.common_series_radio, self.separate_check):
            choice.toggled.connect(lambda _on: self._touched())
        self.signers_editor.edited.connect(self._touched)
        self.outline_button.clicked.connect(self._outlines)
        for button in (self.office_save_button, self.signers_save_button):
            button.clicked.connect(self._save_office)
        for button in (self.office_undo_button, self.signers_undo_button):
            button.clicked.connect(self._undo)

    def _lines(self) -> tuple[QLineEdit, ...]:
        return (self.name_edit, self.short_edit, self.place_edit, self.parent_edit, self.via_edit, self.suffix_edit,
                self.symbol_edit, self.drafting_edit)  # fmt: skip

    def _look_only(self) -> None:
        for line in self._lines():
            line.setReadOnly(True)
        for box in (self.superior_lines_edit, self.issuer_lines_edit):
            box.setReadOnly(True)
        for widget in (self.own_series_radio, self.common_series_radio, self.signers_editor,
                       self.separate_check):  # fmt: skip
            widget.setEnabled(False)
        for editor in (self.agencies_editor, self.villages_editor):
            editor.set_read_only()

    # the page
    def shown(self) -> None:
        if self._stale:
            self._load()

    def page_keys(self) -> tuple[str, Keys]:
        return "Thiết lập", SETTINGS

    def refresh(self, changes: Changes) -> None:
        if changes.touches("settings", "agencies", "villages", "accounts", "trust"):
            if self.changed:
                return  # what the officer is typing stays; it is compared with what is stored when saved
            self._stale = True
            if self.isVisible():
                self._load()

    @property
    def changed(self) -> bool:
        """Whether something here is typed but not saved."""
        return self._may and (self._office_changed() or self.agencies_editor.changed or self.villages_editor.changed)

    def can_leave(self) -> bool:
        if not self.changed:
            return True
        left = dialogs.ask(
            self, "Có thay đổi ở trang Thiết lập chưa lưu. Bỏ các thay đổi này?",
            yes="Bỏ thay đổi", no="Ở lại để lưu", default=False,
        )  # fmt: skip
        if left and self._loaded is not None:
            self._fill(self._loaded)
        return left

    def _load(self) -> None:
        self._stale = False
        office = self._office

        def read(_progress: object) -> tuple[OfficeSettings, str]:
            return office.settings.load(), office.trust.card().fingerprint

        self._runner.submit_db(read, self._take, label="Đang đọc thiết lập", owner=self)

    def _take(self, found: tuple[OfficeSettings, str]) -> None:
        loaded, fingerprint = found
        self._fill(loaded)
        self.care.show_key(fingerprint)

    def _fill(self, loaded: OfficeSettings, part: str = "") -> None:
        """Show what is stored: all of it, or one part, so that what is typed in the others stays."""
        self._loaded = loaded
        if part in ("", "office"):
            self._fill_office(loaded)
        if part in ("", "agencies"):
            self.agencies_editor.set_places(_places(loaded.agencies))
        if part in ("", "villages"):
            self.villages_editor.set_places(_places(loaded.villages))
        if part in ("", "accounts"):
            self.accounts.show_accounts(loaded.accounts)
        self._touched()

    def _fill_office(self, loaded: OfficeSettings) -> None:
        self._filling = True
        office = loaded.office
        texts = (office.name, office.short_name, office.place, office.parent_name, office.via_name,
                 office.symbol_suffix, office.report_symbol, office.drafting_unit)  # fmt: skip
        for line, text in zip(self._lines(), texts, strict=True):
            line.setText(text)
            line.setCursorPosition(0)
        self.superior_lines_edit.setPlainText("\n".join(office.superior_lines))
        self.issuer_lines_edit.setPlainText("\n".join(office.issuer_lines))
        (self.common_series_radio if loaded.common_series else self.own_series_radio).setChecked(True)
        self.separate_check.setChecked(loaded.separate_approver)
        profile = hints().get(office.profile)
        self.signers_editor.set_forms(profile.signing if profile else ())
        self.signers_editor.set_signers([(signer.authority_lines, signer.name) for signer in loaded.signers])
        self._filling = False

    # the office and its signers
    def _typed_office(self) -> tuple[Any, tuple[Signer, ...], bool, bool]:
        assert self._loaded is not None
        name, short, place, parent, via, suffix, symbol, drafting = (squeeze(line.text()) for line in self._lines())
        office = replace(
            self._loaded.office, name=name, short_name=short, place=place, parent_name=parent, via_name=via,
            symbol_suffix=suffix, report_symbol=symbol, drafting_unit=drafting,
            superior_lines=text_lines(self.superior_lines_edit.toPlainText()),
            issuer_lines=text_lines(self.issuer_lines_edit.toPlainText()),
        )  # fmt: skip
        signers = tuple(Signer(lines, name) for lines, name in self.signers_editor.signers())
        return office, signers, self.common_series_radio.isChecked(), self.separate_check.isChecked()

    def _office_changed(self) -> bool:
        if self._loaded is None:
            return False
        known = self._loaded
        return self._typed_office() != (known.office, known.signers, known.common_series, known.separate_approver)

    def _touched(self) -> None:
        if self._filling or self._loaded is None:
            return
        office = self._typed_office()[0]
        self.head_picture.set_head(office.superior_lines, office.issuer_lines, office.symbol(), office.place)
        changed = self._may and self._office_changed()
        for button in (self.office_save_button, self.office_undo_button, self.signers_save_button,
                       self.signers_undo_button):  # fmt: skip
            button.setEnabled(changed)
        self.error_label.hide()

    def _undo(self) -> None:
        if self._loaded is not None:
            self._fill(self._loaded, "office")

    def _save_office(self) -> None:
        typed = self._typed_office()
        settings = self._office.settings
        self.do(lambda: settings.save_office(*typed), "Đã lưu thông tin cơ quan.", "office")

    def _outlines(self) -> None:
        dialog = OutlineDialog(self._office, self._runner, self.window())
        dialog.wrote.connect(self.wrote.emit)
        dialog.exec()
        dialog.deleteLater()

    # lists
    def _save_agencies(self, lines: list[PlaceLine]) -> None:
        made = [Agency(x.id, x.name, x.short_name, x.kind, x.active, x.position) for x in lines]
        self.do(lambda: self._office.settings.save_agencies(made), "Đã lưu danh sách đơn vị.", "agencies")

    def _save_villages(self, lines: list[PlaceLine]) -> None:
        made = [Village(x.id, x.name, x.short_name, x.kind, x.active, x.position) for x in lines]
        self.do(lambda: self._office.settings.save_villages(made), "Đã lưu danh sách thôn, tổ dân phố.", "villages")

    # what the parts share
    def do(
        self,
        act: Callable[[], Changes],
        said: str | Callable[[], str],
        part: str,
        answer: Callable[[str], None] | None = None,
        then: Callable[[str], None] | None = None,
    ) -> None:
        """Write on the database thread, tell everyone, show ``part`` anew. ``answer``: a dialog waiting for it;
        ``then``: called with what was said once all is shown."""
        settings = self._office.settings

        def work(_progress: object) -> tuple[Changes, OfficeSettings]:
            changes = act()
            return changes, settings.load()

        def done(found: tuple[Changes, OfficeSettings]) -> None:
            if answer is not None:
                answer("")
            self._fill(found[1], part)
            words = said if isinstance(said, str) else said()
            if then is not None:
                then(words)
            self.said.emit(words)
            self.wrote.emit(found[0])

        def failed(error: Exception) -> None:
            known = isinstance(error, DanvanError)
            if answer is not None:
                answer(error.message if isinstance(error, DanvanError) else "Chưa làm được.")
            elif isinstance(error, DanvanError):
                self.refuse(error.message)
            if not known:
                dialogs.show_error(self, error)

        self._runner.submit_db(work, done, failed, "Đang lưu", owner=self)

    def read(self, ask: Callable[[], T], show: Callable[[T], None], label: str) -> None:
        """Ask on the database thread, show the answer here."""
        self._runner.submit_db(lambda _p: ask(), show, lambda error: dialogs.show_error(self, error), label, owner=self)

    def refuse(self, sentence: str) -> None:
        """Say above the tabs why something was not done."""
        self.error_label.setText(sentence)
        self.error_label.show()


def _places(places: Sequence[Agency] | Sequence[Village]) -> list[PlaceLine]:
    return [
        PlaceLine(place.id, place.name, place.short_name, place.kind, place.active, position)
        for position, place in enumerate(places)
    ]
