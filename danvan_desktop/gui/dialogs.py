"""Questions, messages, files to choose, and what an officer sees when the program itself is at fault."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox, QPushButton, QWidget

from ..kernel.clock import Clock
from ..kernel.errors import Cancelled, DanvanError
from ..kernel.logs import write_crash
from ..kernel.text import squeeze

TITLE = "Dân vận chính quyền"


def _box(parent: QWidget | None, icon: QMessageBox.Icon, text: str, detail: str = "") -> QMessageBox:
    box = QMessageBox(icon, TITLE, text, QMessageBox.StandardButton.NoButton, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(detail)
    return box


def ask(
    parent: QWidget | None, question: str, *, detail: str = "", yes: str = "Có", no: str = "Không", default: bool = True
) -> bool:
    """A question with two answers; Escape is ``no``. ``yes`` and ``no`` name what happens (``Xóa``, ``Giữ lại``)."""
    return choose(parent, question, (yes, no), detail=detail, default=0 if default else 1, escape=1) == 0


def choose(
    parent: QWidget | None,
    question: str,
    answers: Sequence[str],
    *,
    detail: str = "",
    default: int = 0,
    escape: int | None = None,
) -> int:
    """A question with several answers; the number of the one chosen (Escape: ``escape``, else the last)."""
    box = _box(parent, QMessageBox.Icon.Question, question, detail)
    buttons: list[QPushButton] = []
    for number, answer in enumerate(with_mnemonics(answers)):
        role = QMessageBox.ButtonRole.AcceptRole if number == 0 else QMessageBox.ButtonRole.NoRole
        buttons.append(box.addButton(answer, role))
    box.setDefaultButton(buttons[default])
    box.setEscapeButton(buttons[len(answers) - 1 if escape is None else escape])
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    for number, button in enumerate(buttons):
        if button is clicked:
            return number
    return len(answers) - 1 if escape is None else escape


def with_mnemonics(texts: Sequence[str]) -> list[str]:
    """The texts of buttons with a letter of each underlined (``&``), no letter twice; letters with marks are left
    out, as Alt does not reach them on every keyboard."""
    taken: set[str] = set()
    result = []
    for text in texts:
        starts = [at for at, letter in enumerate(text) if at == 0 or text[at - 1] == " "]
        free = (
            at
            for at in (*starts, *range(len(text)))
            if text[at].isascii() and text[at].isalpha() and text[at].lower() not in taken
        )
        at = next(free, None) if "&" not in text else None
        if at is None:
            result.append(text)
        else:
            taken.add(text[at].lower())
            result.append(f"{text[:at]}&{text[at:]}")
    return result


def ask_text(parent: QWidget | None, question: str, *, text: str = "", required: bool = True) -> str | None:
    """A line typed (a reason, a name); None when given up. An empty one is asked for again, saying so."""
    asked = question
    while True:
        dialog = QInputDialog(parent)
        dialog.setWindowTitle(TITLE)
        dialog.setLabelText(asked)
        dialog.setTextValue(text)
        dialog.setOkButtonText("Đồn&g ý")
        dialog.setCancelButtonText("&Hủy")
        dialog.resize(460, dialog.sizeHint().height())
        accepted = bool(dialog.exec())
        answer = squeeze(dialog.textValue())
        dialog.deleteLater()
        if not accepted:
            return None
        if answer or not required:
            return answer
        asked = f"{question}\n\nÔ này đang để trống: hãy ghi rồi bấm Đồng ý, hoặc bấm Hủy để thôi."


def tell(parent: QWidget | None, message: DanvanError | str, *, detail: str = "") -> None:
    """Say what happened: an expected error (its sentence), or a plain text. A cancelled job is only a note."""
    failed = isinstance(message, DanvanError) and not isinstance(message, Cancelled)
    text = message.message if isinstance(message, DanvanError) else message
    box = _box(parent, QMessageBox.Icon.Warning if failed else QMessageBox.Icon.Information, text, detail)
    box.addButton("Đồng ý", QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    box.deleteLater()


def show_error(parent: QWidget | None, error: BaseException) -> None:
    """For errors that come back from the runner: expected ones are told, others go the way of crashes."""
    if isinstance(error, DanvanError):
        tell(parent, error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)


_LAST_FOLDER = "danvan_last_folder"  # a property of the application: the folder chosen last, while it runs


def _start_folder() -> str:
    app = QApplication.instance()
    last = app.property(_LAST_FOLDER) if app is not None else None
    if isinstance(last, str) and Path(last).is_dir():
        return last
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    # a folder that is not there would be taken by Qt for the name of a file
    return documents if Path(documents).is_dir() else str(Path.home())


def _chosen(name: str, *, folder: bool = False) -> Path | None:
    """The answer of a file dialog; its folder is where the next one opens (an officer works on one USB stick)."""
    if not name:
        return None
    app = QApplication.instance()
    if app is not None:
        app.setProperty(_LAST_FOLDER, str(Path(name) if folder else Path(name).parent))
    return Path(name)


def choose_file(parent: QWidget | None, title: str, filters: str = "Mọi tệp (*)") -> Path | None:
    """A file to open; ``filters`` as ``"Văn bản (*.docx *.pdf);;Mọi tệp (*)"``. None when given up."""
    name, _filter = QFileDialog.getOpenFileName(parent, title, _start_folder(), filters)
    return _chosen(name)


def choose_files(parent: QWidget | None, title: str, filters: str = "Mọi tệp (*)") -> list[Path]:
    """Files to open; empty when given up."""
    names, _filter = QFileDialog.getOpenFileNames(parent, title, _start_folder(), filters)
    return [path for path in map(_chosen, names) if path is not None]


def choose_folder(parent: QWidget | None, title: str) -> Path | None:
    """A folder; None when given up."""
    return _chosen(QFileDialog.getExistingDirectory(parent, title, _start_folder()), folder=True)


def save_file(parent: QWidget | None, title: str, suggested: str, filters: str = "Mọi tệp (*)") -> Path | None:
    """Where to write ``suggested`` (a file name); asks before replacing. None when given up."""
    name, _filter = QFileDialog.getSaveFileName(parent, title, str(Path(_start_folder()) / suggested), filters)
    path = _chosen(name)
    suffix = Path(suggested).suffix
    if path is None or path.suffix.lower() == suffix.lower():
        return path
    path = path.with_name(path.name + suffix)  # a name typed without its ending would open in no program
    replace = f"Tệp “{path.name}” đã có. Thay bằng tệp mới?"
    return path if not path.exists() or ask(parent, replace, yes="Thay", no="Không thay", default=False) else None


def crash_text(path: Path | None) -> str:
    """What the officer reads when the program itself failed."""
    kept = f"Chi tiết kỹ thuật (không có dữ liệu của cơ quan) đã ghi vào tệp {path}." if path else ""
    return (
        "Chương trình gặp lỗi ngoài dự kiến; việc vừa làm có thể chưa xong, dữ liệu đã lưu trước đó vẫn còn nguyên. "
        f"{kept} Hãy làm lại; nếu lỗi lặp lại, gửi tệp này cho người hỗ trợ."
    ).replace("  ", " ")


def install_excepthook(
    folder: Path, clock: Clock, show: Callable[[str], None] | None = None
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Unexpected errors end in a crash file under ``folder`` and a sentence, never in a traceback on screen.

    ``show`` replaces the dialog (tests). Returns the hook that stood before.
    """
    before = sys.excepthook
    showing = False

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        nonlocal showing
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, traceback)
            return
        try:
            path: Path | None = write_crash(folder, clock, error.with_traceback(traceback))
        except Exception:  # a full disk must not hide the first error
            path = None
        if showing:  # one dialog is enough for a fault that repeats while it stands
            return
        showing = True
        try:
            (show or (lambda text: tell(None, text)))(crash_text(path))
        finally:
            showing = False

    sys.excepthook = hook
    return before
