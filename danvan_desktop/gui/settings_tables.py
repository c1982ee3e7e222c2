"""How the tables of the settings page are set up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget


def columns(table: QTableWidget, titles: Sequence[str], *stretch: int) -> None:
    """Give a table its titles; the columns ``stretch`` share what is left."""
    table.setColumnCount(len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    for column in stretch:
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
