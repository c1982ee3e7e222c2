"""A report as files and on paper: written out, packed, opened in another program, printed."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QMenu

from ..kernel import atomic
from ..kernel.changes import Changes
from ..services import preview
from ..services.package_evidence import EvidenceOffer
from ..services.packages import remark_of
from ..services.report_desk import OpenReport
from ..services.signing import SigningState
from . import dialogs
from .exchange_evidence import ask_evidence
from .record_files import RecordFiles
from .report_print import make_printer, print_pages
from .runner import Progress

if TYPE_CHECKING:
    from .report_actions import ReportActions
    from .report_page import ReportPage


KINDS = {".pdf": "PDF", ".docx": "Word", ".xlsx": "Excel"}
_OFFERS = (
    (".pdf", "&PDF (bản in của báo cáo)"),
    (".docx", "&Word (bản chép để sửa ở nơi khác)"),
    (".xlsx", "&Excel (số liệu và phụ lục)"),
)
_INSTEAD = {
    ".pdf": "hãy dùng bản xem trước.",
    ".docx": "hãy ghi tệp bằng nút “Xuất tệp…” rồi mở ở máy khác.",
    ".xlsx": "hãy ghi tệp bằng nút “Xuất tệp…” rồi mở ở máy khác.",
}


class ReportPaper(QObject):
    """What leaves the program, for the page's buttons."""

    def __init__(self, page: ReportPage, actions: ReportActions) -> None:
        super().__init__(page)
        self._page = page
        self._actions = actions
        self._copies: QTemporaryDir | None = None  # gone with the page
        self._opened = 0
        menu = QMenu(page.preview_pane.open_button)
        for suffix, words in _OFFERS:
            menu.addAction(words).triggered.connect(lambda _on, suffix=suffix: self.open_copy(suffix))
        page.preview_pane.open_button.setMenu(menu)
        page.preview_pane.charts_check.hide()
        page.preview_pane.charts_check.clicked.connect(self.with_charts)

    @property
    def report(self) -> OpenReport:
        assert self._page.report is not None
        return self._page.report

    def shown(self) -> None:
        """Another report, or a new state of it, is on the page: whether it may be asked for charts, and was."""
        check, report = self._page.preview_pane.charts_check, self._page.report
        draft = report.view.draft if report is not None else None
        check.setVisible(draft is not None and self._page.office.context.may("report.write"))
        check.setChecked(draft is not None and draft.charts)

    def with_charts(self, wanted: bool) -> None:
        """Add the annex of charts to the draft, or take it away, when what was typed is stored."""
        page = self._page

        def work() -> tuple[bool, Changes]:
            return wanted, page.office.reports.with_charts(self.report.view.id, wanted)

        def done(_wanted: bool) -> None:
            found = sum(len(annex.charts) for annex in self.report.view.document.annexes)
            said = f"Đã kèm phụ lục có {found} biểu đồ." if found else "Chưa có số liệu để vẽ biểu đồ."
            page.said.emit(said if wanted else "Đã thôi kèm phụ lục biểu đồ.")

        self._actions.write(work, done, "Đang vẽ biểu đồ…")

    def render(self) -> None:
        """PDF and workbook into a folder."""
        page, view = self._page, self.report.view
        folder = dialogs.choose_folder(page.window(), "Chọn thư mục để ghi PDF, Word, Excel")
        if folder is None:
            return

        def done(paths: list[Path]) -> None:
            names = "\n".join(path.name for path in paths)
            dialogs.tell(page.window(), f"Đã ghi {len(paths)} tệp vào “{folder}”.", detail=names)

        page.runner.submit_db(
            lambda _progress: page.office.reports.render(view.id, folder), done, page.tell, "Đang ghi tệp…", owner=page
        )

    def export(self) -> None:
        """The signed package into a folder."""
        page, report = self._page, self.report
        if report.head.number is None and not dialogs.ask(
            page.window(),
            "Báo cáo chưa lấy số. Vẫn xuất gói ký số?",
            detail="Gói đã xuất không đổi được: bản gửi đi sẽ không có số và ngày.",
            yes="Vẫn xuất",
            no="Để lấy số trước",
            default=False,
        ):
            return
        office, report_id = page.office, report.view.id

        def found(answer: tuple[EvidenceOffer, SigningState]) -> None:
            offer, state = answer
            if (
                state.mode == "electronic"
                and state.next == "agency"
                and not state.sent
                and not dialogs.ask(
                    page.window(),
                    "Bản PDF chưa có chữ ký số của cơ quan. Vẫn xuất gói ký số?",
                    detail="Gói đã xuất không đổi được: bản gửi đi chỉ có chữ ký của người có thẩm quyền.",
                    yes="Vẫn xuất",
                    no="Để cơ quan ký trước",
                    default=False,
                )
            ):
                return
            self._export(report_id, offer)

        page.runner.submit_db(
            lambda _progress: (office.packages.offered(report_id), office.signing.state(report_id)),
            found,
            page.tell,
            "Đang tìm tệp minh chứng của báo cáo…",
            owner=page,
        )

    def _export(self, report_id: str, offer: EvidenceOffer) -> None:
        page = self._page
        files = RecordFiles(page.office, page.runner, page.tell, self)
        picks = ask_evidence(offer, files.open, page.window())
        files.deleteLater()
        folder = None
        if picks is not None:
            folder = dialogs.choose_folder(page.window(), "Chọn thư mục hoặc ổ USB để ghi gói ký số")
        if folder is None or picks is None:
            return

        def work() -> tuple[tuple[Path, str], Changes]:
            path, row = page.office.packages.export(report_id, folder, picks)
            sealed = remark_of(row) if picks else ""
            return (path, sealed), Changes.of("package", "report", ids=[row.id, report_id])

        def done(result: tuple[Path, str]) -> None:
            path, sealed = result
            told = "Hãy gửi tệp này cho cấp trên (ổ USB hoặc thư điện tử) và chờ biên nhận."
            dialogs.tell(
                page.window(), f"Đã ghi gói “{path.name}” vào “{folder}” và đọc lại để kiểm tra.",
                detail=f"{sealed} {told}".strip(),
            )  # fmt: skip

        self._actions.write(work, done, "Đang xuất gói ký số…")

    def _with_paper(self, done: Callable[[preview.Paper], Any]) -> None:
        """The paper as it stands stored, then ``done(paper)``."""
        page = self._page
        if page.report is None:
            return
        page.desk.save_now()

        def draw() -> None:
            view = self.report.view
            page.runner.submit_cpu(
                lambda _progress: preview.paper(view), done, page.tell, "Đang dựng bản in…", owner=page
            )

        page.desk.saver.when_saved(draw)

    def open_copy(self, suffix: str = ".pdf") -> None:
        """A copy in the program this computer has for it; read-only, and deleted when the program ends: what somebody
        writes into it must be saved under a name of its own."""
        page = self._page
        if page.report is None:
            return
        page.desk.save_now()

        def opened(path: str) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
                dialogs.tell(page.window(), f"Máy chưa có chương trình đọc tệp {KINDS[suffix]}; {_INSTEAD[suffix]}")

        def make() -> None:
            view, head = self.report.view, self.report.head
            if self._copies is None:
                self._copies = QTemporaryDir()
            self._opened += 1  # a folder each: a program may still hold the copy before
            folder = Path(self._copies.path()) / str(self._opened)
            path = folder / f"bao-cao-{head.period.replace('..', '_')}-ban-{head.revision}{suffix}"

            def write(_progress: Progress) -> str:
                atomic.make_folder(folder)
                atomic.write_bytes(path, preview.copy_of(view, suffix))
                path.chmod(stat.S_IREAD)
                return str(path)

            page.runner.submit_cpu(write, opened, page.tell, "Đang mở bản chép…", owner=page)

        page.desk.saver.when_saved(make)

    def print(self) -> None:
        """On the office's printer."""
        page = self._page

        def done(paper: preview.Paper) -> None:
            printer = make_printer(coloured=paper.signed)
            dialog = QPrintDialog(printer, page.window())
            dialog.setWindowTitle("In báo cáo")
            dialog.setMinMax(1, paper.pages)
            dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, True)
            accepted = bool(dialog.exec())
            dialog.deleteLater()
            if accepted:
                page.runner.submit_cpu(
                    lambda progress: print_pages(printer, paper, progress),
                    lambda count: page.said.emit(f"Đã gửi {count} trang tới máy in."),
                    page.tell,
                    "Đang in…",
                    owner=page,
                )

        self._with_paper(done)
