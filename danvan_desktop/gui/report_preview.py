"""The report as it will look on paper, beside the text: drawn on the pool, one page at a time, as wide as the pane."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QScrollArea, QToolButton, QWidget

from ..kernel.errors import DanvanError
from ..services import preview
from .loader import load_ui, register_widget
from .runner import Progress, Runner

WAIT_MS = 500
_KEPT_PAGES = 12
_MARGIN = 10


@register_widget
class PaperArea(QScrollArea):
    """Shows one page; PgUp and PgDn scroll, and turn the page at its ends."""

    turn = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sheet = QLabel(self)
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.sheet.setWordWrap(True)
        self.sheet.setMargin(_MARGIN)
        self.setWidget(self.sheet)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else the width would hunt its tail

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        if key == Qt.Key.Key_PageDown and bar.value() >= bar.maximum():
            self.turn.emit(1)
        elif key == Qt.Key.Key_PageUp and bar.value() <= bar.minimum():
            self.turn.emit(-1)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            bar.setValue(bar.value() + (bar.pageStep() - 40) * (1 if key == Qt.Key.Key_PageDown else -1))
        elif key == Qt.Key.Key_Home:
            self.turn.emit(-10_000)
        elif key == Qt.Key.Key_End:
            self.turn.emit(10_000)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


@register_widget
class PreviewPane(QWidget):
    """Give it a report with :meth:`show_report`; it draws when nothing newer comes for half a second."""

    area: PaperArea
    page_label: QLabel
    previous_page_button: QToolButton
    next_page_button: QToolButton
    open_button: QPushButton
    print_button: QPushButton
    charts_check: QCheckBox

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_preview")
        self._runner: Runner | None = None
        self._view: Any = None
        self._paper: preview.Paper | None = None
        self._asked = 0  # counts reports asked for: an older answer is dropped
        self._page = 0
        self._follow = ""  # the section whose page is wanted when the paper is there
        self._pictures: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self.draw_now)
        self._sized = QTimer(self)
        self._sized.setSingleShot(True)
        self._sized.setInterval(150)
        self._sized.timeout.connect(self._show_page)
        self.area.turn.connect(self.turn)
        self.area.resized.connect(self._sized.start)
        self.previous_page_button.clicked.connect(lambda: self.turn(-1))
        self.next_page_button.clicked.connect(lambda: self.turn(1))
        self.area.installEventFilter(self)
        self._tell()

    def use(self, runner: Runner) -> None:
        self._runner = runner

    @property
    def paper(self) -> preview.Paper | None:
        """The paper drawn last; None while there is none."""
        return self._paper

    @property
    def page(self) -> int:
        """The page shown, from 0."""
        return self._page

    def clear(self) -> None:
        self._asked += 1
        self._wait.stop()
        self._view, self._paper, self._page, self._follow = None, None, 0, ""
        self._pictures.clear()
        self.area.sheet.clear()
        self._tell()

    def show_report(self, view: Any, *, at_once: bool = False) -> None:
        """Draw ``view``: at once, or when nothing newer comes for half a second."""
        self._view = view
        if self.isHidden():
            return  # drawn when it is opened
        if at_once:
            self.draw_now()
        else:
            self._wait.start()

    def draw_now(self) -> None:
        self._wait.stop()
        if self._view is None or self._runner is None or self._runner.closed:
            return
        self._asked += 1
        asked, view = self._asked, self._view

        def work(_progress: Progress) -> preview.Paper | None:
            return preview.paper(view) if asked == self._asked else None  # a newer one was asked for meanwhile

        self._runner.submit_cpu(
            work, lambda paper: self._drawn(asked, paper), lambda error: self._failed(asked, error), owner=self
        )

    def _drawn(self, asked: int, paper: preview.Paper | None) -> None:
        if asked != self._asked or paper is None:
            return
        self._paper = paper
        self._pictures.clear()
        self._page = min(self._page, paper.pages - 1)
        if self._follow:
            self.follow(self._follow)
        self._show_page()

    def _failed(self, asked: int, error: Exception) -> None:
        if asked != self._asked:
            return
        if not isinstance(error, DanvanError):
            raise error
        self._paper = None
        self._pictures.clear()
        self.area.sheet.setPixmap(QPixmap())
        self.area.sheet.setText(f"Chưa xem trước được bản in.\n{error.message}")
        self._tell()

    def follow(self, section: str) -> None:
        """Turn to the page on which a section begins."""
        self._follow = section
        if self._paper is not None and section:
            page = self._paper.key_pages.get(section)
            if page is None and section == "closing":
                page = next((p for key, p in self._paper.key_pages.items() if key.startswith("closing")), None)
            if page is None and section == "opening":
                page = 0
            self._follow = ""
            if page is not None and page != self._page:
                self._go(page)

    def turn(self, by: int) -> None:
        """Turn ``by`` pages, as far as there are any."""
        if self._paper is not None:
            page = max(0, min(self._paper.pages - 1, self._page + by))
            if page != self._page:
                self._go(page)
                bar = self.area.verticalScrollBar()
                bar.setValue(bar.maximum() if by == -1 else bar.minimum())

    def _go(self, page: int) -> None:
        self._page = page
        self.area.verticalScrollBar().setValue(0)
        self._show_page()

    def _width(self) -> int:
        return max(120, self.area.viewport().width() - 2 * _MARGIN)

    def _show_page(self) -> None:
        self._tell()
        if self._paper is None or self._runner is None:
            return
        width = round(self._width() * self.devicePixelRatioF())
        known = self._pictures.get((self._page, width))
        if known is not None:
            self._put(known)
            return
        asked, page, pdf = self._asked, self._page, self._paper.pdf

        def work(_progress: Progress) -> QImage:
            return as_image(preview.page_picture(pdf, page, width))

        def done(image: QImage) -> None:
            if asked == self._asked:
                image.setDevicePixelRatio(self.devicePixelRatioF())
                self._pictures[(page, width)] = QPixmap.fromImage(image)
                while len(self._pictures) > _KEPT_PAGES:
                    self._pictures.popitem(last=False)
                if page == self._page:
                    self._put(self._pictures[(page, width)])

        self._runner.submit_cpu(work, done, owner=self)

    def _put(self, picture: QPixmap) -> None:
        self.area.sheet.setPixmap(picture)

    def _tell(self) -> None:
        pages = self._paper.pages if self._paper is not None else 0
        self.page_label.setText(f"Trang {self._page + 1}/{pages}" if pages else "Chưa có trang")
        self.previous_page_button.setEnabled(self._page > 0)
        self.next_page_button.setEnabled(self._page + 1 < pages)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.area and event.type() == QEvent.Type.Show and self._paper is None and self._view is not None:
            self._wait.start()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return QSize(430, 500)


def as_image(picture: preview.Picture) -> QImage:
    """The picture as Qt paints it; owns its pixels."""
    shown = QImage(picture.pixels, picture.width, picture.height, picture.width * 3, QImage.Format.Format_BGR888)
    return shown.copy()
