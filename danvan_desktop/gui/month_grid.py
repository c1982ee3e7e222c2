"""A month, painted: what falls due on each day, days off and make-up days, today; moved through by keyboard."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..catalog.model import DayMark
from ..kernel import vi
from ..services.due import DueEntry
from . import theme
from .loader import register_widget

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
KIND_WORDS = {"report": "BC", "task": "NV", "term": "TH"}  # a colour never speaks alone
KIND_TITLES = {"report": "Báo cáo", "task": "Nhiệm vụ", "term": "Thời hạn"}
_HEAD = 26
_PAD = 5
_MAKE_UP = "Làm bù"
_TIP_LINES = 12


def kind_colour(kind: str) -> QColor:
    """The colour of the bar before an item."""
    c = theme.COLOURS
    return QColor({"report": c.accent, "task": c.ok, "term": c.warn}.get(kind, c.soft_ink))


def weeks_of(month: date) -> tuple[date, int]:
    """(the Monday the month begins with, how many weeks it needs)."""
    first = month.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return monday, (last - monday).days // 7 + 1


def month_after(day: date, by: int) -> date:
    """The same day of another month, its last one where that month is shorter."""
    at = day.year * 12 + day.month - 1 + by
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def mark_words(mark: DayMark) -> str:
    """``Nghỉ: Quốc khánh``; ``Làm bù``; ``?`` before what no published paper confirms yet."""
    words = _MAKE_UP if mark.working else f"Nghỉ: {mark.title}"
    return words if mark.confirmed else f"? {words}"


@register_widget
class MonthGrid(QWidget):
    """Arrows move by day, PgUp and PgDn by month, Home and End within it; Enter opens. Nothing but one widget: a month
    is painted in one go."""

    day_changed = Signal(object)  # date
    month_changed = Signal(object)  # date, the first of the month now shown
    opened = Signal(object)  # date: Enter, or a double click

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = self._day = date(2026, 1, 1)
        self._entries: dict[date, list[DueEntry]] = {}
        self._marks: Mapping[date, DayMark] = {}
        self._small = QFont(self.font())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Lịch tháng")

    # -- what is shown --------------------------------------------------------------------------

    @property
    def day(self) -> date:
        """The day chosen."""
        return self._day

    def span(self) -> tuple[date, date]:
        """The first and the last day shown: whole weeks."""
        monday, weeks = weeks_of(self._day)
        return monday, monday + timedelta(days=7 * weeks - 1)

    def begin(self, today: date) -> None:
        """Show the month of ``today``, without telling anybody."""
        self._today = self._day = today
        self._describe()

    def fill(self, today: date, entries: Sequence[DueEntry], marks: Mapping[date, DayMark]) -> None:
        """What falls due on the days shown."""
        self._today = today
        self._entries = {}
        for entry in entries:
            self._entries.setdefault(entry.due_on, []).append(entry)
        self._marks = marks
        self._describe()
        self.update()

    def entries_of(self, day: date) -> list[DueEntry]:
        return self._entries.get(day, [])

    def choose(self, day: date) -> None:
        """Go to ``day``; another month is asked for by ``month_changed``."""
        if day == self._day or not 1900 <= day.year <= 2199:
            return
        turned = (day.year, day.month) != (self._day.year, self._day.month)
        self._day = day
        self._describe()
        if turned:
            self._entries = {}
            self.month_changed.emit(day.replace(day=1))
        self.day_changed.emit(day)
        self.update()

    def _describe(self) -> None:
        count = len(self.entries_of(self._day))
        self.setAccessibleDescription(
            f"{WEEKDAYS[self._day.weekday()]}, {vi.day(self._day)}: {count or 'không có'} việc đến hạn"
        )

    # -- keys and mouse -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self.choose(self._day + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Home:
            self.choose(self._day.replace(day=1))
        elif key == Qt.Key.Key_End:
            self.choose(self._day.replace(day=calendar.monthrange(self._day.year, self._day.month)[1]))
        elif key == Qt.Key.Key_H:
            self.choose(self._today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._day)
        else:
            super().keyPressEvent(event)

    def turn(self, by: int) -> None:
        """``by`` months on."""
        self.choose(month_after(self._day, by))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position().toPoint())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._day_at(event.position().toPoint()) == self._day:
            self.opened.emit(self._day)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.turn(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self._day_at(event.pos())
            QToolTip.showText(event.globalPos(), self._tip(day) if day is not None else "", self)
            return True
        return super().event(event)

    def _tip(self, day: date) -> str:
        entries = self.entries_of(day)
        mark = self._marks.get(day)
        lines = [f"{WEEKDAYS[day.weekday()]}, {vi.day(day)}"]
        lines += [f"{mark_words(mark)} ({mark.source})"] if mark is not None else []
        lines += [f"• {KIND_TITLES.get(entry.kind, '')}: {entry.title}" for entry in entries[:_TIP_LINES]]
        lines += [f"… và {len(entries) - _TIP_LINES} việc nữa"] if len(entries) > _TIP_LINES else []
        return "\n".join(lines) if len(lines) > 1 else ""

    # -- painting -------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(700, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 260)

    def _cell(self, place: int, weeks: int) -> QRect:
        row, column = divmod(place, 7)
        width, height = self.width() - 1, self.height() - _HEAD - 1
        left, right = width * column // 7, width * (column + 1) // 7
        top, bottom = height * row // weeks, height * (row + 1) // weeks
        return QRect(left, _HEAD + top, right - left, bottom - top)

    def cell_of(self, day: date) -> QRect:
        """Where a shown day stands."""
        monday, weeks = weeks_of(self._day)
        return self._cell((day - monday).days, weeks)

    def _day_at(self, point: QPoint) -> date | None:
        monday, weeks = weeks_of(self._day)
        for place in range(7 * weeks):
            if self._cell(place, weeks).contains(point):
                return monday + timedelta(days=place)
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme.COLOURS
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._small = QFont(self.font())
        self._small.setPointSizeF(max(self.font().pointSizeF() - 1, 7.5))
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        monday, weeks = weeks_of(self._day)
        for column, name in enumerate(WEEKDAYS):
            cell = self._cell(column, weeks)
            head = QRect(cell.left(), 0, cell.width(), _HEAD)
            painter.fillRect(head, QColor("#e6ecf2"))
            painter.setPen(QColor(c.danger if column == 6 else c.ink))
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, head.width() - 4)
            painter.drawText(head, Qt.AlignmentFlag.AlignCenter, shown)
        for place in range(7 * weeks):
            self._paint_day(painter, monday + timedelta(days=place), self._cell(place, weeks), bold)
        chosen = self.cell_of(self._day)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.SolidLine if self.hasFocus() else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(c.accent), 2, style))
        painter.drawRect(QRectF(chosen).adjusted(1.5, 1.5, -0.5, -0.5))
        painter.end()

    def _ground(self, day: date, mark: DayMark | None, inside: bool) -> QColor:
        c = theme.COLOURS
        if mark is not None:
            return QColor(c.ok_soft if mark.working else c.danger_soft)
        if day.weekday() > 4:
            return QColor("#eef1f5")
        return QColor(c.paper if inside else "#f8f9fb")

    def _paint_day(self, painter: QPainter, day: date, cell: QRect, bold: QFont) -> None:
        c = theme.COLOURS
        inside = (day.year, day.month) == (self._day.year, self._day.month)
        mark = self._marks.get(day)
        painter.fillRect(cell, self._ground(day, mark, inside))
        painter.setPen(QColor(c.accent_soft if day == self._day else c.line))
        painter.drawRect(cell)
        if day == self._day:
            painter.fillRect(cell.adjusted(2, 2, -2, -2), QColor(c.accent_soft))
        off = mark is not None and not mark.working
        metrics = QFontMetrics(bold)
        number = str(day.day) if inside or day.day > 1 else f"{day.day}/{day.month}"
        box = QRect(cell.left() + 3, cell.top() + 3, max(metrics.horizontalAdvance(number) + 8, 22), metrics.height())
        painter.setFont(bold if inside else self._small)
        if day == self._today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent))
            painter.drawRoundedRect(box, 4, 4)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(c.paper))
        else:
            painter.setPen(QColor(c.danger if off else c.ink if inside else c.soft_ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)
        said = [mark_words(mark).replace("Nghỉ: ", "")] if mark is not None else []
        words = " · ".join([*said, *(["hôm nay"] if day == self._today else [])])
        painter.setFont(self._small)
        small = painter.fontMetrics()
        beside = QRect(box.right() + 4, box.top(), cell.right() - box.right() - 8, box.height())
        painter.setPen(QColor(c.danger if off else c.ok if mark is not None else c.accent_dark))
        painter.drawText(
            beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            small.elidedText(words, Qt.TextElideMode.ElideRight, beside.width()),
        )  # fmt: skip
        self._paint_entries(painter, day, cell, box.bottom() + 2, inside)

    def _paint_entries(self, painter: QPainter, day: date, cell: QRect, top: int, inside: bool) -> None:
        c = theme.COLOURS
        entries = self.entries_of(day)
        height = QFontMetrics(self._small).lineSpacing()
        room = max((cell.bottom() - 2 - top) // height, 0)
        shown = entries if len(entries) <= room else entries[: max(room - 1, 0)]
        tall = 2 if 2 * len(shown) <= room else 1  # a title may run on where there is room
        line = QRect(cell.left() + _PAD, top, cell.width() - 2 * _PAD, tall * height)
        wrap = Qt.TextFlag.TextWordWrap.value if tall == 2 else 0
        width = (line.width() - 7) * (17 if tall == 2 else 10) // 10  # a broken first line leaves some room
        for entry in shown:
            colour = kind_colour(entry.kind)
            ink = c.danger if entry.overdue else c.soft_ink if entry.done or not inside else c.ink
            painter.fillRect(QRect(line.left(), line.top() + 2, 3, line.height() - 3), colour)
            font = QFont(self._small)
            font.setStrikeOut(entry.done)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            text = f"{'! ' if entry.overdue else ''}{KIND_WORDS.get(entry.kind, '')} {short_title(entry)}"
            painter.drawText(
                line.adjusted(7, 0, 0, 0), int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | wrap,
                painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width),
            )  # fmt: skip
            line.translate(0, line.height())
        if len(shown) < len(entries) and room:
            painter.setFont(self._small)
            painter.setPen(QColor(c.accent_dark))
            rest = f"+ {len(entries) - len(shown)} việc" + (" nữa" if shown else "")
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, rest)


def short_title(entry: DueEntry) -> str:
    """The title without the word its letters already say."""
    word = f"{KIND_TITLES.get(entry.kind, '')} "
    text = entry.title.removeprefix(word) if entry.kind != "term" else entry.title
    return text[:1].upper() + text[1:]
