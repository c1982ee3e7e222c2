"""The dialog "Ký số": who has signed, sign with a file or a token, give up, attach a scan; and whom to believe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QListWidget, QPushButton, QWidget

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.clock import parse_stamp
from ..kernel.errors import DanvanError, Refused
from ..kernel.reading import read_file
from ..services.office import Office
from ..services.signing import DEFAULT_SEAL_MM, SigningState, file_key, open_token
from . import dialogs
from .loader import load_ui
from .runner import Progress, Runner
from .widgets import SecretEdit

_ROLES = {"person": "Người có thẩm quyền", "agency": "Cơ quan", "scan": "Bản quét đã ký tay"}
_KINDS = {"root": "Nơi cấp được tin cậy", "between": "Chứng thư trung gian", "crl": "Danh sách thu hồi"}
_MAX_IMAGE = 4 * 2**20
_FILE, _TOKEN = "file", "token"


class SigningDialog(QDialog):
    """``changes`` once closed: what was written meanwhile."""

    about_label: QLabel
    paper_list: QListWidget
    key_box: QWidget
    source_combo: QComboBox
    path_title: QLabel
    path_edit: QLineEdit
    path_button: QPushButton
    secret_title: QLabel
    secret_edit: SecretEdit
    error_label: QLabel
    image_button: QPushButton
    seal_button: QPushButton
    trust_button: QPushButton
    scan_button: QPushButton
    abandon_button: QPushButton
    sign_button: QPushButton
    close_button: QPushButton

    def __init__(
        self,
        office: Office,
        runner: Runner,
        report_id: str,
        state: SigningState,
        lines: list[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        load_ui(self, "report_sign")
        self._office, self._runner, self._report = office, runner, report_id
        self.changes = Changes()
        self._busy = False
        self.source_combo.addItem("Tệp khóa (.p12, .pfx)", _FILE)
        self.source_combo.addItem("Thẻ ký (USB token)", _TOKEN)
        self.source_combo.currentIndexChanged.connect(self._source_chosen)
        self.secret_edit.caps_lock.connect(self._caps_lock)
        self.path_button.clicked.connect(self._choose_path)
        self.sign_button.clicked.connect(lambda: self._sign())
        self.sign_button.setDefault(True)
        self.image_button.clicked.connect(lambda: self._choose_image("person"))
        self.seal_button.clicked.connect(lambda: self._choose_image("agency"))
        self.trust_button.clicked.connect(self._trust)
        self.scan_button.clicked.connect(self._scan)
        self.abandon_button.clicked.connect(self._abandon)
        self.close_button.clicked.connect(self.accept)
        self._source_chosen()
        self.show_state(state, lines)

    # -- what stands ----------------------------------------------------------------------------

    @staticmethod
    def read(office: Office, report_id: str) -> tuple[SigningState, list[str]]:
        """The state of signing and a line for each paper kept; for the database's thread."""
        state = office.signing.state(report_id)
        verdicts = {}
        if any(item.kind != "scan" for item in state.papers):
            verdicts = {item.signer: item.sentence for item in office.pdf_trust.check(office.reports.pdf(report_id))}
        lines = []
        for item in state.papers:
            moment = parse_stamp(item.at).astimezone(clock.VIETNAM)
            line = f"{_ROLES[item.kind]}: {item.signer}, lúc {moment:%H:%M} ngày {vi.day(moment.date())}"
            said = verdicts.get(item.signer) if item.kind != "scan" else None
            lines.append(f"{line}. {said}." if said else f"{line}.")
        return state, lines

    def show_state(self, state: SigningState, lines: list[str]) -> None:
        """What may be done now."""
        self._state = state
        may = self._office.context.may
        if state.mode == "paper":
            text = f"Báo cáo đã lấy số {vi.count(state.number or 0)} để ký trên giấy. Có thể đính kèm bản quét đã ký."
        elif state.mode == "electronic":
            text = f"Số {vi.count(state.number or 0)} đã được giữ cho báo cáo này để ký số."
        else:
            text = "Chưa lấy số: khi người có thẩm quyền ký, số kế tiếp được giữ cho báo cáo này."
        steps = {
            "person": f" Chờ chữ ký của {state.signer}.",
            "agency": f" Chờ chữ ký của cơ quan ({state.office}) do văn thư ký.",
            "": " Đã đủ chữ ký số." if state.mode == "electronic" else "",
        }
        self.about_label.setText(text + steps[state.next])
        self.paper_list.clear()
        self.paper_list.addItems(lines or ["Chưa có chữ ký hoặc bản quét nào."])
        allowed = bool(state.next) and may("report.sign" if state.next == "person" else "report.seal")
        self.key_box.setVisible(allowed)
        self.sign_button.setVisible(allowed)
        self.sign_button.setText("&Ký số" if state.next != "agency" else "&Ký số của cơ quan")
        self.scan_button.setVisible(state.mode == "paper" and may("report.number"))
        self.abandon_button.setVisible(state.mode == "electronic" and not state.sent and may("report.number"))
        for button in (self.image_button, self.seal_button):
            button.setVisible(may("settings") and state.mode != "paper")
        self.error_label.hide()
        self.secret_edit.clear()

    @property
    def _token(self) -> bool:
        return bool(self.source_combo.currentData() == _TOKEN)

    def _source_chosen(self) -> None:
        self.path_title.setText("&Trình điều khiển thẻ" if self._token else "&Tệp khóa")
        self.secret_title.setText("&Mã PIN" if self._token else "&Mật khẩu")
        self.path_edit.setAccessibleName(self.path_title.text().replace("&", ""))
        self.secret_edit.setAccessibleName(self.secret_title.text().replace("&", ""))
        self.path_edit.setText(self._office.signing.driver() if self._token else "")
        self.error_label.hide()

    def _choose_path(self) -> None:
        filters = "Thư viện PKCS#11 (*.so *.dll);;Mọi tệp (*)" if self._token else "Tệp khóa (*.p12 *.pfx);;Mọi tệp (*)"
        path = dialogs.choose_file(self, self.path_title.text().replace("&", ""), filters)
        if path is not None:
            self.path_edit.setText(str(path))
            self.secret_edit.setFocus()

    def _caps_lock(self, on: bool) -> None:
        if on:
            self._say("Phím Caps Lock đang bật.")
        else:
            self.error_label.hide()

    def _say(self, error: BaseException | str) -> None:
        if isinstance(error, BaseException) and not isinstance(error, DanvanError):
            dialogs.show_error(self, error)
            return
        self.error_label.setText(error.message if isinstance(error, DanvanError) else str(error))
        self.error_label.show()

    # -- acts -----------------------------------------------------------------------------------

    def _run(self, work: Callable[[], Changes], done: Callable[[], Any], failed: Any = None) -> None:
        """Do ``work`` on the database's thread, show what stands then."""
        if self._busy:
            return
        self._busy = True
        self.setEnabled(False)

        def job(_progress: Progress) -> tuple[Changes, SigningState, list[str]]:
            changes = work()
            return changes, *self.read(self._office, self._report)

        def finished(answer: tuple[Changes, SigningState, list[str]]) -> None:
            self._free()
            self.changes = self.changes | answer[0]
            self.show_state(answer[1], answer[2])
            done()

        def wrong(error: BaseException) -> None:
            self._free()
            (failed or self._say)(error)

        self._runner.submit_db(job, finished, wrong, "Đang ký số…", owner=self)

    def _free(self) -> None:
        self._busy = False
        self.setEnabled(True)

    def _sign(self, *, other_name: bool = False, token: str = "", certificate: str = "") -> None:
        path, secret = self.path_edit.text().strip(), self.secret_edit.secret()
        if not path or not secret:
            self._say("Hãy chọn tệp và nhập mật khẩu hoặc mã PIN.")
            (self.secret_edit if path else self.path_edit).setFocus()
            return
        office, report, role, by_token = self._office, self._report, self._state.next, self._token

        def work() -> Changes:
            if not by_token:
                return office.signing.sign(report, role, file_key(Path(path), secret), other_name=other_name)[1]
            with open_token(Path(path), secret, token=token, certificate=certificate) as key:
                changes = office.signing.sign(report, role, key, other_name=other_name)[1]
            office.signing.keep_driver(path)
            return changes

        def failed(error: BaseException) -> None:
            code = error.code if isinstance(error, Refused) else ""
            if code == "signer_other" and dialogs.ask(self, str(error), yes="Vẫn ký", no="Không ký", default=False):
                self._sign(other_name=True, token=token, certificate=certificate)
            elif code == "token_which" and isinstance(error, Refused):
                chosen = self._which("Ký bằng thẻ nào?", error.details["tokens"])
                if chosen:
                    self._sign(other_name=other_name, token=chosen)
            elif code == "token_which_key" and isinstance(error, Refused):
                chosen = self._which("Ký bằng chứng thư nào?", error.details["certificates"])
                if chosen:
                    self._sign(other_name=other_name, token=token, certificate=chosen)
            else:
                self._say(error)
                self.secret_edit.setFocus()
                self.secret_edit.selectAll()

        self._run(work, self.close_button.setFocus, failed)

    def _which(self, question: str, names: Any) -> str:
        answers = [*map(str, names), "Không ký"]
        number = dialogs.choose(self, question, answers)
        return "" if number == len(answers) - 1 else answers[number]

    def _choose_image(self, role: str) -> None:
        title = "Chọn ảnh chữ ký (PNG, JPEG)" if role == "person" else "Chọn ảnh con dấu (PNG, JPEG)"
        path = dialogs.choose_file(self, title, "Ảnh (*.png *.jpg *.jpeg)")
        if path is None:
            return
        size = DEFAULT_SEAL_MM
        if role == "agency":
            typed = dialogs.ask_text(self, "Đường kính con dấu (mm):", text=str(DEFAULT_SEAL_MM))
            if typed is None:
                return
            size = int(typed) if typed.isascii() and typed.isdigit() else 0
        office, name = self._office, self._state.signer

        def work() -> Changes:
            data = read_file(path, _MAX_IMAGE)
            if data is None:
                raise Refused("image_too_large", "Tệp ảnh lớn hơn 4 MB. Chưa nhận; hãy chọn ảnh nhỏ hơn.")
            return office.signing.keep_image(role, data, name, diameter_mm=size)

        self._run(work, lambda: self.about_label.setText("Đã ghi nhớ ảnh; ảnh hiện trên văn bản ký từ bây giờ."))

    def _scan(self) -> None:
        path = dialogs.choose_file(self, "Chọn bản quét đã ký", "PDF và ảnh (*.pdf *.png *.jpg *.jpeg)")
        if path is not None:
            self._run(lambda: self._office.signing.attach_scan(self._report, path)[1], self.close_button.setFocus)

    def _abandon(self) -> None:
        why = dialogs.ask_text(self, "Lý do thôi ký số (số đã giữ được trả lại):")
        if why:
            self._run(lambda: self._office.signing.abandon(self._report, why), self.close_button.setFocus)

    def _trust(self) -> None:
        dialog = PdfTrustDialog(self._office, self._runner, self)
        dialog.exec()
        dialog.deleteLater()
        self._run(lambda: dialog.changes, self.trust_button.setFocus)


class PdfTrustDialog(QDialog):
    """Whose certificates are believed, and which were revoked."""

    about_label: QLabel
    trust_list: QListWidget
    error_label: QLabel
    add_button: QPushButton
    remove_button: QPushButton
    close_button: QPushButton

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "pdf_trust")
        self._office, self._runner = office, runner
        self.changes = Changes()
        self.about_label.setText(
            "Chữ ký số chỉ được coi là hợp lệ khi nơi cấp chứng thư có ở đây và danh sách thu hồi còn hạn. "
            "Hãy lấy các tệp này từ nơi cấp (với cơ quan nhà nước: Ban Cơ yếu Chính phủ)."
        )
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self.close_button.clicked.connect(self.accept)
        may = office.context.may("trust")
        self.add_button.setVisible(may)
        self.remove_button.setVisible(may)
        self._ids: list[str] = []
        self._fill()

    def _fill(self, _none: object = None) -> None:
        self.error_label.hide()
        self._runner.submit_db(lambda _progress: self._office.pdf_trust.items(), self._put, self._say, owner=self)

    def _put(self, items: Any) -> None:
        self._ids = [item.sha256 for item in items]
        self.trust_list.clear()
        for item in items:
            until = vi.day(clock.civil_date(parse_stamp(item.until)))
            self.trust_list.addItem(f"{_KINDS[item.kind]}: {item.subject}, dùng đến {until}")
        if not items:
            self.trust_list.addItem("Chưa nhập nơi cấp nào; mọi chữ ký đều ghi là chưa biết nơi cấp.")
        self.remove_button.setEnabled(bool(items))

    def _say(self, error: BaseException) -> None:
        if isinstance(error, DanvanError):
            self.error_label.setText(error.message)
            self.error_label.show()
        else:
            dialogs.show_error(self, error)

    def _write(self, work: Callable[[], Changes]) -> None:
        def done(changes: Changes) -> None:
            self.changes = self.changes | changes
            self._fill()

        self._runner.submit_db(lambda _progress: work(), done, self._say, owner=self)

    def _add(self) -> None:
        path = dialogs.choose_file(
            self, "Chọn tệp chứng thư hoặc danh sách thu hồi", "Chứng thư, danh sách thu hồi (*.cer *.crt *.pem *.crl)"
        )
        if path is not None:
            self._write(lambda: self._office.pdf_trust.add(path)[1])

    def _remove(self) -> None:
        row = self.trust_list.currentRow()
        if 0 <= row < len(self._ids):
            self._write(lambda: self._office.pdf_trust.remove(self._ids[row]))
