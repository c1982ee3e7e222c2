"""The charts of one indicator, as they look in print."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtSvgWidgets import QSvgWidget
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from ..services.charts import ShownChart
from ..services.figure_view import PeriodOffer
from ..services.office import Office
from . import dialogs
from .loader import load_ui
from .office_widgets import paper_family
from .pages import Page
from .runner import Runner

_WIDTH = 700


class ChartDialog(QDialog):
    """Charts one below the other; without any it says why."""

    chart_box: QWidget
    empty_label: QLabel
    close_button: QPushButton

    def __init__(self, title: str, charts: Sequence[ShownChart], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "chart_dialog")
        paper_family()  # the drawings are set in it
        self.setWindowTitle(f"Biểu đồ: {title}")
        layout = self.chart_box.layout()
        assert layout is not None
        for chart in charts:
            picture = QSvgWidget(self.chart_box)
            picture.load(QByteArray(chart.svg))
            picture.setFixedSize(_scaled(picture.renderer()))
            picture.setAccessibleName(f"Biểu đồ {chart.title}")
            picture.setAccessibleDescription(chart.words)
            picture.setToolTip(chart.words)
            layout.addWidget(picture)
        self.empty_label.setVisible(not charts)
        self.close_button.clicked.connect(self.reject)
        self.close_button.setFocus()


def _scaled(renderer: QSvgRenderer) -> QSize:
    size = renderer.defaultSize()
    return size.scaled(_WIDTH, 10_000, Qt.AspectRatioMode.KeepAspectRatio)


def show_charts(page: Page, office: Office, runner: Runner, offer: PeriodOffer, indicator: str) -> None:
    """Make the charts of ``indicator`` on the pool and show them."""
    title = office.context.catalog.indicators[indicator].title

    def show(charts: tuple[ShownChart, ...]) -> None:
        dialog = ChartDialog(title, charts, page.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    runner.submit_db(
        lambda _p: office.charts.of_indicator(offer.regime, offer.period, indicator),
        show,
        lambda error: dialogs.show_error(page, error),
        "Đang vẽ biểu đồ",
        owner=page,
    )
