"""Measures a screen as it is laid out: words cut off, parts outside, heads of columns cut short."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTabBar,
    QWidget,
)

from danvan_desktop.gui.widgets import FitLabel


def _name(widget: QWidget) -> str:
    at: QWidget | None = widget
    while at is not None and not at.objectName():
        at = at.parentWidget()
    return f"{type(widget).__name__} {at.objectName() if at else ''}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _labels(screen: QWidget) -> Iterator[str]:
    for label in screen.findChildren(QLabel):
        if not label.isVisibleTo(screen) or not label.text().strip() or label.width() <= 0:
            continue
        said = f"{_name(label)} “{_short(label.text())}”"
        if label.wordWrap():
            needed = label.heightForWidth(label.width())
            if needed > label.height() + 1:
                yield f"{said}: {needed} high, has {label.height()}"
        elif not label.toolTip() and not isinstance(
            label, FitLabel
        ):  # FitLabel ends in "…" and shows the whole as a tip
            needed = label.sizeHint().width()
            if needed > label.width() + 1:
                yield f"{said}: {needed} wide, has {label.width()}"
        if label.sizeHint().height() > label.height() + 2 and not label.wordWrap():
            yield f"{said}: {label.sizeHint().height()} high, has {label.height()}"


def _buttons(screen: QWidget) -> Iterator[str]:
    for kind in (QPushButton, QCheckBox, QRadioButton):
        for button in screen.findChildren(kind):
            if button.isVisibleTo(screen) and button.text():
                needed = button.minimumSizeHint()
                if needed.width() > button.width() + 1 or needed.height() > button.height() + 1:
                    has = f"{button.width()}×{button.height()}"
                    yield f"{_name(button)} “{button.text()}”: {needed.width()}×{needed.height()}, has {has}"


def _heads(screen: QWidget) -> Iterator[str]:
    for header in screen.findChildren(QHeaderView):
        model = header.model()
        if header.orientation() != Qt.Orientation.Horizontal or not header.isVisibleTo(screen) or model is None:
            continue
        for section in range(header.count()):
            if header.isSectionHidden(section):
                continue
            text = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
            tip = str(model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) or "")
            font = header.font()
            font.setBold(True)
            wide = header.fontMetrics().horizontalAdvance(text)
            if wide + 8 > header.sectionSize(section) and not tip:
                yield f"{_name(header)} head “{text}”: {wide + 8} wide, has {header.sectionSize(section)}"


def _tabs(screen: QWidget) -> Iterator[str]:
    for bar in screen.findChildren(QTabBar):
        if not bar.isVisibleTo(screen) or bar.count() == 0:
            continue
        needed = sum(bar.tabRect(at).width() for at in range(bar.count()))
        if needed > bar.width() + 1 and not bar.usesScrollButtons():
            yield f"{_name(bar)} tabs: {needed} wide, has {bar.width()}"
        for at in range(bar.count()):
            wide = bar.fontMetrics().horizontalAdvance(bar.tabText(at).replace("&", ""))
            if wide > bar.tabRect(at).width():
                yield f"{_name(bar)} tab “{bar.tabText(at)}”: {wide} wide, has {bar.tabRect(at).width()}"


def _outside(screen: QWidget) -> Iterator[str]:
    """Parts that stick out of what holds them, where nothing scrolls."""
    for child in screen.findChildren(QWidget):
        parent = child.parentWidget()
        if parent is None or child.isWindow() or not child.isVisibleTo(screen) or child.objectName().startswith("qt_"):
            continue
        if isinstance(parent, QAbstractScrollArea) or isinstance(parent.parentWidget(), QAbstractScrollArea):
            continue
        if not isinstance(child, (QPushButton, QLabel, QCheckBox, QRadioButton)) and not child.focusPolicy():
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(child.geometry()):
            g = child.geometry()
            place = f"at {g.x()},{g.y()} {g.width()}×{g.height()}"
            yield f"{_name(child)} {place} outside {parent.width()}×{parent.height()}"


def overlapping(screen: QWidget) -> list[str]:
    """Buttons and labels of one parent that lie over each other."""
    found = []
    holders: dict[QWidget, list[tuple[QWidget, QRect]]] = {}
    for child in screen.findChildren(QWidget):
        parent = child.parentWidget()
        if not isinstance(child, (QPushButton, QLabel)) or parent is None or not child.isVisibleTo(screen):
            continue
        if not child.geometry().isEmpty() and not isinstance(parent.parentWidget(), QAbstractScrollArea):
            holders.setdefault(parent, []).append((child, child.geometry().adjusted(1, 1, -1, -1)))
    for items in holders.values():
        for at, (first, here) in enumerate(items):
            for second, there in items[at + 1 :]:
                if here.intersects(there):
                    found.append(f"{_name(first)} over {_name(second)}")
    return found


def scrolled_sideways(screen: QWidget) -> list[str]:
    """Scroll areas whose content is wider than the screen: reading them takes a mouse."""
    found = []
    for area in screen.findChildren(QScrollArea):
        if area.isVisibleTo(screen) and area.horizontalScrollBar().maximum() > 0:
            found.append(f"{_name(area)} scrolls sideways by {area.horizontalScrollBar().maximum()}")
    return found


def faults(screen: QWidget) -> list[str]:
    """What is cut off or outside on ``screen`` as it is laid out now; empty when all can be read."""
    found: list[str] = []
    for look in (_labels, _buttons, _heads, _tabs, _outside):
        found += look(screen)
    return found + overlapping(screen) + scrolled_sideways(screen)


def reachable(screen: QWidget, widget: QWidget) -> bool:
    """Whether ``widget`` lies whole inside ``screen``."""
    return screen.rect().contains(QRect(widget.mapTo(screen, QPoint(0, 0)), widget.size()))
