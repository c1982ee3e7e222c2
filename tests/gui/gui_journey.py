"""Officers who do their work in the window: what they press, what they answer, what they put where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from gui_gate import PASSWORD, LightGate
from gui_keys import press, settle, show, target, write
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.app import Desk
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.pages import Page
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import read_profile

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
_PRESSED_MS = 130  # a button reached by its letter is shown pressed for a moment before it acts
P = TypeVar("P", bound=Page)

_ACCOUNT = """
[[accounts]]
name = "motnguoi"
label = "Một Người"
roles = ["entry", "consolidation", "leader", "records_office", "admin"]
"""
CENTRE = """
profile = "commune_agency"
[office]
name = "Trung tâm Phục vụ hành chính công xã Mẫu"
short_name = "TTPVHCC"
place = "Xã Mẫu"
superior_lines = ["UBND XÃ MẪU"]
issuer_lines = ["TRUNG TÂM", "PHỤC VỤ HÀNH CHÍNH CÔNG"]
symbol_suffix = "TTPVHCC"
[parent]
name = "Ủy ban nhân dân xã Mẫu"
via = "phòng Văn hóa - Xã hội"
[[signers]]
authority_lines = ["GIÁM ĐỐC"]
name = "Trần Thị Thí Dụ"
""" + _ACCOUNT  # fmt: skip
PARENT = """
profile = "parent"
[office]
name = "Sở Nội vụ tỉnh Quảng Trị"
short_name = "SNV"
place = "Quảng Trị"
superior_lines = ["UBND TỈNH QUẢNG TRỊ"]
issuer_lines = ["SỞ NỘI VỤ"]
symbol_suffix = "SNV"
[[signers]]
authority_lines = ["GIÁM ĐỐC"]
name = "Lê Ví Dụ"
""" + _ACCOUNT  # fmt: skip

# What is typed into the required fields of a form, in the order of the form: ("pick", n) takes the n-th choice of a
# list, ("tick", n) marks the n-th box, text is typed. "{n}" is the number of the record.
ENTRIES: dict[str, dict[str, str | tuple[str, int]]] = {
    "directive_document": {
        "direction": ("pick", 2),
        "document_type": ("pick", 1),
        "number_symbol": "{n}/NQ-UBND",
        "issued_on": "{n}/3",
        "issuer": "Ủy ban nhân dân xã Mẫu",
        "abstract": "Nâng cao chất lượng công tác dân vận chính quyền, lần {n}",
    },
    "communication_activity": {
        "held_on": "{n}/3",
        "form": ("pick", 1),
        "topics": ("tick", 1),
        "sessions": "{n}",
    },
    "mobilisation_model": {
        "name": "Tuyến đường tự quản số {n}",
        "kind": ("pick", 1),
        "subject": ("pick", 1),
        "field": ("pick", 1),
        "continuing": ("pick", 1),
        "registered_on": "{n}/2",
        "owner": "Chi hội Phụ nữ thôn Mẫu Đông",
    },
    "procedure_month": {
        "month": "3/2026",
        "field": ("pick", 2),
        "carried_over": "4",
        "received_online": "30",
        "received_direct": "12",
        "resolved_early": "25",
        "resolved_on_time": "14",
        "resolved_late": "1",
        "pending_in_term": "6",
        "pending_overdue": "0",
    },
    "public_disclosure": {
        "item": ("pick", 1),
        "title": "Dự toán thu, chi ngân sách xã",
        "decided_on": "{n}/3",
    },
    "citizen_reception": {
        "received_on": "{n}/4",
        "kind": ("pick", 2),
        "receiver": "Chủ tịch Ủy ban nhân dân xã",
        "people": "3",
        "petition_kind": ("pick", 3),
        "visitor": "Nguyễn Thị Mẫu",
        "content": "Phản ánh đường liên thôn",
        "first_time": ("pick", 1),
    },
    "situation_report": {
        "observed_on": "{n}/5",
        "topic": ("pick", 1),
        "severity": ("pick", 1),
        "content": "Dư luận về giải phóng mặt bằng, ngày {n}",
    },
    "social_supervision": {
        "held_on": "{n}/4",
        "body": ("pick", 1),
        "kind": ("pick", 1),
        "subject": "Giám sát thu, chi quỹ lần {n}",
    },
}  # fmt: skip


def hit(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key the way the keyboard sends it, so that shortcuts of the window answer too."""
    if not widget.window().isActiveWindow():  # a dialog was closed just now
        show(widget.window())
    QTest.keyClick(target(widget), key, modifiers)
    if modifiers == ALT:
        QTest.qWait(_PRESSED_MS)
    settle()


class Answers:
    """What an officer answers when asked: yes, this file, this folder; and everything that was said and asked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.said: list[str] = []
        self.asked: list[str] = []
        self.path: Path = Path()  # the file or folder chosen next
        patch.setattr(dialogs, "tell", self._tell)
        patch.setattr(dialogs, "show_error", self._error)
        patch.setattr(dialogs, "ask", self._ask)
        patch.setattr(dialogs, "choose_files", lambda *_a, **_k: [self.path])
        for name in ("choose_file", "choose_folder", "save_file"):
            patch.setattr(dialogs, name, lambda *_a, **_k: self.path)

    def _tell(self, _parent: object, message: Any, *, detail: str = "") -> None:
        self.said.append(f"{getattr(message, 'message', message)} {detail}".strip())

    def _error(self, _parent: object, error: Exception) -> None:
        raise AssertionError(f"an error came up: {error!r}") from error

    def _ask(self, _parent: object, question: str, **more: Any) -> bool:
        self.asked.append(f"{question} {more.get('detail', '')}".strip())
        return True

    def in_dialog(self, dialog: type[QDialog], act: Callable[[Any], object]) -> list[QDialog]:
        """Each time ``dialog`` comes up the officer does ``act``."""
        seen: list[QDialog] = []

        def run(self: QDialog) -> int:
            seen.append(self)
            show(self)
            act(self)
            settle()
            return self.result()

        self._patch.setattr(dialog, "exec", run)
        return seen


class Officer:
    """Somebody at a desk: one office, one window."""

    def __init__(self, folder: Path, name: str, clock: FixedClock) -> None:
        self.home = folder / name
        self.card = folder / f"{name}.dvkey"
        self._gate = LightGate(clock)
        self.desk = Desk(self.home, self._gate, InlineRunner(), clock, folder / "new")

    def found(self, profile: str) -> None:
        """The office made beforehand, by its administrator."""
        office, _code = self._gate.create(self.home, read_profile(profile), {"motnguoi": PASSWORD})
        office.close()

    def sign_in(self, password: str = PASSWORD) -> None:
        """The password typed; the window opens."""
        if self.desk.sign_in is None:
            self.desk.start()
        asking = self.desk.sign_in
        assert asking is not None
        show(asking)
        asking.password_edit.setFocus()
        write(asking, password)
        press(asking, KEY.Key_Return)
        self.window.resize(1366, 768)
        show(self.window)

    @property
    def window(self) -> OfficeWindow:
        assert self.desk.window is not None
        return self.desk.window

    @property
    def office(self) -> Office:
        assert self.desk.office is not None
        return self.desk.office

    def go(self, page: type[P], key: Qt.Key, modifier: Qt.KeyboardModifier = CONTROL) -> P:
        """To a page by its key."""
        show(self.window)
        hit(self.window, key, modifier)
        shown = self.window.page(self.window.current_key)
        assert isinstance(shown, page), f"{key} leads to {self.window.current_key}"
        return shown

    def leave(self) -> None:
        """Close the window: the home is given back."""
        window = self.desk.window
        if window is not None:
            window.close()
            settle()
        if self.desk.office is not None:
            self.desk.office.close()
            self.desk.office = None


def close_everything() -> None:
    """Let no timer of a window ask an office that is closed."""
    for widget in QApplication.topLevelWidgets():
        widget.hide()
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def enter(page: RecordsPage, number: int, *, again: bool = False) -> None:
    """Fill in the open form by keys alone and save it as final; ``again``: the next empty form comes up."""
    view = page.editor.view
    assert view is not None
    for key, typed in ENTRIES[view.form.key].items():
        parts = view.widget(key).focus_parts
        for _ in range(80):
            if page.window().focusWidget() in parts:
                break
            press(page, KEY.Key_Tab)
        assert page.window().focusWidget() in parts, f"{view.form.key}.{key} is not reached by Tab"
        if isinstance(typed, str):
            write(page, typed.format(n=number))
            continue
        manner, place = typed
        for _ in range(place if manner == "pick" else place - 1):
            press(page, KEY.Key_Down)
        press(page, KEY.Key_Return if manner == "pick" else KEY.Key_Space)
    press(page, KEY.Key_Return, CONTROL | SHIFT if again else CONTROL)
    if not again:
        now = page.editor.view
        problems = [problem.message for problem in now.problems()] if now is not None else []
        assert page.editor.state_label.text() == "Chính thức", f"{page.form}: {problems}"


def enter_records(page: RecordsPage, count: int) -> None:
    """``count`` records of the form shown first, one after another without leaving the keyboard."""
    hit(page, KEY.Key_N, CONTROL)
    for number in range(1, count + 1):
        enter(page, number, again=number < count)
    hit(page, KEY.Key_Escape)
    assert page.stack.currentWidget() is page.list_page
