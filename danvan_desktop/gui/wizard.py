"""The first start: from the kind of office to the recovery sheet and the key card, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..kernel.clock import Clock
from ..kernel.errors import DanvanError
from ..services import recovery
from ..services.first_start import (
    Answers,
    Fault,
    ProfileHints,
    faults,
    hints,
    propose_account,
    propose_head,
    propose_place,
    propose_symbol,
    summary,
    to_profile,
)
from ..services.office import Gate, Office
from ..services.settings import ROLE_TITLES
from ..services.trust import grouped
from . import dialogs, theme
from .account_dialogs import one_person_roles
from .loader import load_ui
from .office_widgets import HeadPicture, SignersEditor, text_lines, two_lines
from .runner import Progress, Runner
from .widgets import SecretEdit

# key of services.first_start.STEPS (or of our own pages), short name, title, what to do
_PAGES = (
    ("profile", "Loại cơ quan", "Cơ quan của anh, chị là…", "Loại cơ quan quyết định màn hình nào được dùng."),
    ("office", "Tên cơ quan", "Tên cơ quan", "Ghi đúng như trên văn bản; các ô viết tắt được điền sẵn, sửa được."),
    ("head", "Đầu văn bản", "Tên cơ quan ở đầu văn bản",
     "Đề xuất theo Nghị định 30/2020/NĐ-CP; có thể sửa, mỗi dòng in thành một dòng. Ctrl+Enter: tiếp tục."),
    ("signers", "Người ký", "Người ký báo cáo", "Chọn hình thức ký, rồi nhập họ và tên."),
    ("places", "Đơn vị, thôn", "Đơn vị và thôn, tổ dân phố",
     "Bản ghi và số liệu được tách theo các danh sách này. Ctrl+Enter: tiếp tục."),
    ("account", "Tài khoản", "Tài khoản đầu tiên", "Dữ liệu được mã hóa; mật khẩu này mở dữ liệu."),
    ("summary", "Xem lại", "Xem lại và tạo dữ liệu", "Mọi mục đều sửa được sau này ở trang Thiết lập."),
    ("recovery", "Phiếu khôi phục", "Phiếu khôi phục", ""),
    ("key", "Khóa ký", "Khóa ký của cơ quan", ""),
)  # fmt: skip
_SUMMARY, _RECOVERY, _KEY = 6, 7, 8


class FirstStartWizard(QDialog):
    """Accepted once the office is made and the recovery sheet is kept; ``office`` is then open."""

    step_list: QListWidget
    step_title: QLabel
    step_hint: QLabel
    stack: QStackedWidget
    error_label: QLabel
    cancel_button: QPushButton
    back_button: QPushButton
    next_button: QPushButton
    profile_choices: QVBoxLayout
    name_edit: QLineEdit
    superior_edit: QLineEdit
    superior_edit_title: QLabel
    via_edit: QLineEdit
    via_edit_title: QLabel
    short_edit: QLineEdit
    place_edit: QLineEdit
    suffix_edit: QLineEdit
    drafting_edit: QLineEdit
    superior_lines_edit: QPlainTextEdit
    issuer_lines_edit: QPlainTextEdit
    propose_head_button: QPushButton
    head_picture: HeadPicture
    signers_editor: SignersEditor
    agencies_edit: QPlainTextEdit
    agencies_hint: QLabel
    villages_edit: QPlainTextEdit
    label_edit: QLineEdit
    account_edit: QLineEdit
    password_edit: SecretEdit
    again_edit: SecretEdit
    caps_label: QLabel
    roles_layout: QVBoxLayout
    summary_picture: HeadPicture
    summary_label: QLabel
    folder_label: QLabel
    create_bar: QProgressBar
    code_label: QLabel
    save_sheet_button: QPushButton
    sheet_label: QLabel
    kept_check: QCheckBox
    fingerprint_label: QLabel
    export_card_button: QPushButton
    card_label: QLabel

    def __init__(self, home: Path, gate: Gate, runner: Runner, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "wizard")
        self.setWindowIcon(theme.icon("danvan"))
        self.office: Office | None = None
        self._home = home
        self._gate = gate
        self._runner = runner
        self._clock = clock
        self._code = ""
        self._busy = False
        self._own: set[QWidget] = set()  # filled in by the officer: proposals stay away
        self._head_for = ("", "")
        for _key, short, _title, _hint in _PAGES:
            self.step_list.addItem(short)
        for widget in (self.error_label, self.caps_label, self.create_bar, self.sheet_label, self.card_label):
            widget.hide()
        self._profiles = QButtonGroup(self)
        self._radios: dict[str, QRadioButton] = {}
        self._fill_profiles()
        self._roles = one_person_roles(self.roles_layout, ROLE_TITLES, checked=True)
        self._connect()
        self._show(0)

    # answers
    def answers(self) -> Answers:
        """Everything typed so far."""
        profile = self._profile()
        return Answers(
            profile=profile.key if profile else "",
            name=self.name_edit.text(),
            short_name=self.short_edit.text(),
            place=self.place_edit.text(),
            symbol_suffix=self.suffix_edit.text(),
            drafting_unit=self.drafting_edit.text(),
            parent_name=self.superior_edit.text(),
            via_name=self.via_edit.text(),
            superior_lines=text_lines(self.superior_lines_edit.toPlainText()),
            issuer_lines=text_lines(self.issuer_lines_edit.toPlainText()),
            signers=self.signers_editor.signers(),
            agencies=self.agencies_edit.toPlainText(),
            villages=self.villages_edit.toPlainText(),
            account_name=self.account_edit.text().strip(),
            account_label=self.label_edit.text(),
            roles=tuple(role for role, box in self._roles.items() if box.isChecked()),
            password=self.password_edit.secret(),
            password_again=self.again_edit.secret(),
        )

    def choose_profile(self, key: str) -> None:
        """Choose the kind of office."""
        self._radios[key].setChecked(True)

    @property
    def step(self) -> int:
        """The number of the page shown."""
        return self.stack.currentIndex()

    def _profile(self) -> ProfileHints | None:
        return next((hints()[key] for key, radio in self._radios.items() if radio.isChecked()), None)

    def _fill_profiles(self) -> None:
        for key, item in hints().items():
            radio = QRadioButton(item.title)
            radio.setProperty("role", "choice")
            radio.setAccessibleDescription(item.sentence)
            radio.toggled.connect(lambda on: self._profile_chosen() if on else None)
            sentence = QLabel(item.sentence)
            sentence.setWordWrap(True)
            sentence.setProperty("role", "soft")
            sentence.setContentsMargins(28, 0, 0, 8)
            self._profiles.addButton(radio)
            self._radios[key] = radio
            self.profile_choices.addWidget(radio)
            self.profile_choices.addWidget(sentence)

    def _profile_chosen(self) -> None:
        profile = self._profile()
        if profile is None:
            return
        self.error_label.hide()
        self.name_edit.setPlaceholderText(f"Ví dụ: {profile.name_example}")
        self.superior_edit.setPlaceholderText(f"Ví dụ: {profile.superior_example}")
        self.superior_edit_title.setText(
            "Tên cơ quan cấp t&rên trực tiếp (nhận báo cáo)"
            if profile.needs_parent
            else "Tên cơ quan chủ quản (in ở dòng t&rên đầu văn bản)"
        )
        self._propose(self.via_edit, profile.via)
        self._propose(self.drafting_edit, profile.drafting_unit)
        for widget in (self.via_edit, self.via_edit_title):
            widget.setVisible(profile.needs_parent)
        self.signers_editor.set_forms(profile.signing)
        if self.agencies_edit not in self._own:
            self.agencies_edit.setPlainText("\n".join(profile.agencies))
        self.agencies_hint.setText(
            "Mỗi dòng một đơn vị: Tên đầy đủ; tên viết tắt."
            + ("" if profile.agencies else " Bỏ trống nếu chỉ ghi việc của chính cơ quan mình.")
        )

    def _connect(self) -> None:
        self.next_button.clicked.connect(self._next)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.next_button.click)  # Enter makes a line in the text boxes
        self.back_button.clicked.connect(lambda: self._show(self.step - 1))
        self.cancel_button.clicked.connect(self.reject)
        self.password_edit.caps_lock.connect(self.caps_label.setVisible)
        self.again_edit.caps_lock.connect(self.caps_label.setVisible)
        for line in self.findChildren(QLineEdit):
            line.textEdited.connect(lambda _text, widget=line: self._typed(widget))
        self.name_edit.textEdited.connect(lambda _text: self._propose_names())
        self.superior_edit.textEdited.connect(lambda _text: self._propose_names())
        self.label_edit.textEdited.connect(lambda text: self._propose(self.account_edit, propose_account(text)))
        for box in (self.superior_lines_edit, self.issuer_lines_edit):
            box.textChanged.connect(self._draw_head)
        self.agencies_edit.textChanged.connect(self._agencies_typed)
        self.propose_head_button.clicked.connect(self._propose_head)
        self.kept_check.toggled.connect(lambda on: self.next_button.setEnabled(on))
        self.save_sheet_button.clicked.connect(self._save_sheet)
        self.export_card_button.clicked.connect(self._export_card)

    # proposals
    def _typed(self, widget: QLineEdit) -> None:
        self.error_label.hide()
        if widget.text().strip():
            self._own.add(widget)
        else:
            self._own.discard(widget)

    def _agencies_typed(self) -> None:
        if self.agencies_edit.hasFocus():
            self._own.add(self.agencies_edit)

    def _propose(self, widget: QLineEdit, text: str) -> None:
        if widget not in self._own:
            widget.setText(text)

    def _propose_names(self) -> None:
        name, superior = self.name_edit.text(), self.superior_edit.text()
        symbol = propose_symbol(name)
        profile = self._profile()
        self._propose(self.suffix_edit, symbol)
        self._propose(self.short_edit, (profile.drafting_unit if profile else "") or symbol)
        self._propose(self.place_edit, propose_place(name, superior))

    def _propose_head(self) -> None:
        name, superior = self.name_edit.text(), self.superior_edit.text()
        above, own = propose_head(name, superior)
        self._head_for = (name, superior)
        self.superior_lines_edit.setPlainText("\n".join(above))
        self.issuer_lines_edit.setPlainText("\n".join(own))

    def _draw_head(self) -> None:
        self.error_label.hide()
        answers = self.answers()
        for picture in (self.head_picture, self.summary_picture):
            picture.set_head(
                answers.superior_lines, answers.issuer_lines, f"BC-{answers.symbol_suffix}", answers.place
            )  # fmt: skip

    # going on
    def _show(self, number: int) -> None:
        key, _short, title, hint = _PAGES[number]
        self.stack.setCurrentIndex(number)
        self.step_title.setText(title)
        self.step_hint.setText(hint)
        self.step_hint.setVisible(bool(hint))
        self.error_label.hide()
        made = self.office is not None
        self.back_button.setVisible(0 < number <= _SUMMARY)
        self.cancel_button.setVisible(not made)
        self.next_button.setText(
            {_SUMMARY: "Tạo dữ liệu cơ quan", _KEY: "Vào chương trình"}.get(number, "Tiếp tục")
        )  # fmt: skip
        self.next_button.setEnabled(number != _RECOVERY or self.kept_check.isChecked())
        for row in range(self.step_list.count()):
            item = self.step_list.item(row)
            mark = "✓ " if row < number else "➤ " if row == number else "     "
            item.setText(mark + _PAGES[row][1])
            font = item.font()
            font.setBold(row == number)
            item.setFont(font)
        if key == "head" and self._head_for != (self.name_edit.text(), self.superior_edit.text()):
            self._propose_head()
        if key == "signers":
            self.signers_editor.propose_form()
        if key == "summary":
            self._summarise()
        self._focus_first(number)

    def _focus_first(self, number: int) -> None:
        chosen = self._profiles.checkedButton() or next(iter(self._radios.values()))
        first: QWidget = (
            chosen, self.name_edit, self.issuer_lines_edit, self.signers_editor.signer_name_edit, self.agencies_edit,
            self.label_edit, self.next_button, self.save_sheet_button, self.next_button,
        )[number]  # fmt: skip
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _next(self) -> None:
        if self._busy:
            return
        key = _PAGES[self.step][0]
        if key == "summary":
            self._create()
        elif key == "key":
            self.accept()
        elif key == "recovery":
            self._code = ""
            self.code_label.clear()  # shown once
            self._show(_KEY)
        else:
            found = faults(self.answers(), key)
            if found:
                self._refuse(found[0])
            else:
                self._show(self.step + 1)

    def _refuse(self, fault: Fault) -> None:
        self.error_label.setText(fault.message)
        self.error_label.show()
        where: dict[str, QWidget] = {
            "profile": next(iter(self._radios.values())), "name": self.name_edit, "short_name": self.short_edit,
            "place": self.place_edit, "symbol_suffix": self.suffix_edit, "parent_name": self.superior_edit,
            "via_name": self.via_edit, "issuer_lines": self.issuer_lines_edit, "agencies": self.agencies_edit,
            "signers": self.signers_editor.signer_name_edit, "account_label": self.label_edit,
            "account_name": self.account_edit, "password": self.password_edit, "password_again": self.again_edit,
            "roles": next(iter(self._roles.values())),
        }  # fmt: skip
        where[fault.field].setFocus(Qt.FocusReason.TabFocusReason)  # the line is chosen whole: typing replaces it

    def _summarise(self) -> None:
        self.summary_label.setText("\n".join(summary(self.answers())))
        self.folder_label.setText(f"Dữ liệu được mã hóa và đặt tại: {self._home}")
        self._draw_head()

    # making the office
    def _create(self) -> None:
        self._busy = True
        answers = self.answers()
        self.create_bar.show()
        self.error_label.hide()
        for button in (self.next_button, self.back_button, self.cancel_button):
            button.setEnabled(False)
        gate, home = self._gate, self._home

        def work(_progress: Progress) -> tuple[Office, str, str]:
            office, code = gate.create(home, to_profile(answers), {answers.account_name: answers.password})
            return office, code, office.trust.card().fingerprint

        self._runner.submit_db(work, self._made, self._failed, "Đang tạo khóa và dữ liệu của cơ quan", owner=self)

    def _made(self, made: tuple[Office, str, str]) -> None:
        self.office, self._code, fingerprint = made
        self._ready()
        self.password_edit.clear()
        self.again_edit.clear()
        self.code_label.setText(two_lines(self._code.replace("-", " ")))
        self.fingerprint_label.setText(two_lines(grouped(fingerprint).upper()))
        self._show(_RECOVERY)

    def _failed(self, error: Exception) -> None:
        self._ready()
        if isinstance(error, DanvanError):
            self.error_label.setText(error.message)
            self.error_label.show()
        else:
            dialogs.show_error(self, error)

    def _ready(self) -> None:
        self._busy = False
        self.create_bar.hide()
        for button in (self.next_button, self.back_button, self.cancel_button):
            button.setEnabled(True)

    # afterwards
    def _save_sheet(self) -> None:
        path = dialogs.save_file(self, "Lưu phiếu khôi phục", "phieu-khoi-phuc-danvan.txt", "Tệp chữ (*.txt)")
        if path is None:
            return
        office, code, home, clock = self.name_edit.text(), self._code, self._home, self._clock
        self._write(
            lambda: recovery.write_sheet(path, office=office, code=code, home=home, moment=clock),
            self.sheet_label,
            f"Đã lưu phiếu tại {path}. Hãy in ra giấy, cất nơi an toàn rồi xóa tệp này khỏi máy.",
        )

    def _export_card(self) -> None:
        office = self.office
        path = dialogs.save_file(self, "Xuất thẻ khóa", "the-khoa.dvkey", "Thẻ khóa (*.dvkey)")
        if path is not None and office is not None:
            self._write(lambda: office.trust.export(path), self.card_label, f"Đã ghi thẻ khóa vào {path}.")

    def _write(self, act: Callable[[], object], label: QLabel, done: str) -> None:
        def say(_result: object) -> None:
            label.setText(done)
            label.show()

        self._runner.submit_db(lambda _progress: act(), say, self._failed, "Đang ghi tệp", owner=self)

    # leaving
    def reject(self) -> None:
        if self._busy:
            return
        if self.office is not None:
            dialogs.tell(
                self,
                "Dữ liệu của cơ quan đã tạo xong. Hãy cất phiếu khôi phục, đánh dấu vào ô xác nhận rồi bấm “Tiếp tục”.",
            )
            return
        typed = bool(self.name_edit.text().strip())
        if typed and not dialogs.ask(
            self, "Thoát khỏi phần thiết lập?", detail="Những gì vừa nhập sẽ không được giữ lại; chưa tạo dữ liệu nào.",
            yes="Thoát", no="Tiếp tục thiết lập", default=False,
        ):  # fmt: skip
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter presses the button it stands on, else goes on to the next page, wherever the cursor stands in a line
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focus = self.focusWidget()
        if isinstance(focus, QPushButton):
            focus.click()
        elif self.next_button.isEnabled():
            if self._profile() is None and isinstance(focus, QRadioButton) and focus in self._radios.values():
                focus.setChecked(True)  # arrows move the frame alone while nothing is chosen: Enter means what it marks
            self.next_button.click()
