"""Following a kept plan: its tasks by area or by body in charge, what is overdue first; the plan to be read."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QTreeWidget, QTreeWidgetItem

from ..catalog.model import Area
from ..kernel import vi
from ..services.plan_view import STATUS_TITLES, DutyLine, PlanDesk, TaskLine
from . import theme
from .row_table import whole_rows

TASK_ROLE = Qt.ItemDataRole.UserRole
COLUMNS = ("Nhiệm vụ", "Chủ trì", "Hạn", "Trạng thái")
BY_AREA, BY_BODY, BY_STATE = "area", "body", "state"
STATES = ("doing", "open", "done", "cancelled")  # in this order, what is overdue before them all
NO_LEAD = "Chưa giao cơ quan chủ trì"
_LONGEST = 150
_NARROW = 500  # pixels


def prepare_tree(tree: QTreeWidget) -> None:
    """Columns of the board of tasks."""
    tree.setColumnCount(len(COLUMNS))
    tree.setHeaderLabels(list(COLUMNS))
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column, width in ((1, 128), (2, 126), (3, 98)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(column, width)


def fit_columns(tree: QTreeWidget) -> None:
    """Where there is little room (a large scale on a small screen) the words of the task go before who leads it; that
    stands in the tip and beside the board."""
    tree.setColumnHidden(1, tree.width() < _NARROW)


def due_words(line: TaskLine) -> str:
    """The last day of a task; beneath it how late it is, or how often it comes again."""
    if line.row.due_on is None:
        return "Chưa có hạn"
    if line.overdue:
        return f"{vi.day(line.row.due_on)}\nQUÁ HẠN {-(line.days_left or 0)} ngày"
    return f"{vi.day(line.row.due_on)}\n{line.recurrence}".rstrip()


def state_words(line: TaskLine) -> str:
    """``Đang làm`` and beneath it how far it is, or when it was finished."""
    row = line.row
    words = STATUS_TITLES.get(row.status, row.status)
    if row.status == "done":
        return f"{words}\n{vi.day(row.done_on)}" if row.done_on else words
    return f"{words}\n{row.progress} %" if row.progress else words


def _behind(line: TaskLine) -> str:
    """What stands behind a task, for its tip."""
    counts = ((line.times, "lần đã xong"), (line.records, "bản ghi chứng minh"), (len(line.row.evidence), "tệp"))
    parts = [f"{count} {words}" for count, words in counts if count]
    said = [", ".join(parts), f"Ghi chú: {line.row.note}" if line.row.note else ""]
    return "\n".join(part for part in said if part)


def groups(desk: PlanDesk, areas: Iterable[Area], by: str) -> list[tuple[str, list[TaskLine]]]:
    """The tasks in groups: overdue ones first, then by area, by body in charge or by state."""
    late = sorted((line for line in desk.tasks if line.overdue), key=lambda line: line.days_left or 0)
    rest = [line for line in desk.tasks if not line.overdue]
    found = [(f"Quá hạn ({len(late)})", late)] if late else []
    if by == BY_AREA:
        named = {area.number: f"{area.number}. {area.title}" for area in areas}
        found += [(title, [line for line in rest if line.row.area == number]) for number, title in named.items()]
        found.append(("Chưa rõ mảng", [line for line in rest if line.row.area not in named]))
    elif by == BY_STATE:
        found += [(STATUS_TITLES[state], [line for line in rest if line.row.status == state]) for state in STATES]
    else:
        leads = list(dict.fromkeys(line.lead for line in rest if line.lead))
        found += [(lead, [line for line in rest if line.lead == lead]) for lead in leads]
        found.append((NO_LEAD, [line for line in rest if not line.lead]))
    return [(title, lines) for title, lines in found if lines]


def fill_tree(tree: QTreeWidget, desk: PlanDesk, areas: Iterable[Area], by: str, chosen: str) -> None:
    """Show the board; ``chosen`` (a task id) stays current, else the first task is."""
    tree.clear()
    first: QTreeWidgetItem | None = None
    current: QTreeWidgetItem | None = None
    for title, lines in groups(desk, areas, by):
        group = QTreeWidgetItem(tree, [title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFirstColumnSpanned(True)
        group.setFont(0, _bold(tree.font()))
        group.setForeground(0, QBrush(QColor(theme.COLOURS.danger if lines[0].overdue else theme.COLOURS.accent_dark)))
        for line in lines:
            item = _task_item(group, line)
            first = first or item
            if line.row.id == chosen:
                current = item
    tree.expandAll()
    shown = current or first
    if shown is not None:
        tree.setCurrentItem(shown)


def _bold(font: QFont) -> QFont:
    result = QFont(font)
    result.setBold(True)
    return result


def _task_item(group: QTreeWidgetItem, line: TaskLine) -> QTreeWidgetItem:
    row = line.row
    words = (f"{row.mark}. " if row.mark else "") + row.text.replace("\n", " ")
    short = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
    lead = line.lead or "Chưa giao"
    if line.helpers:
        lead += f"\n(phối hợp: {len(line.helpers)})"
    cells = [short, lead, due_words(line), state_words(line)]
    item = QTreeWidgetItem(group, cells)
    item.setData(0, TASK_ROLE, row.id)
    item.setToolTip(0, f"{row.text}\nChủ trì: {line.lead or 'chưa giao'}")
    item.setToolTip(2, line.recurrence)
    item.setToolTip(3, _behind(line))
    item.setToolTip(1, "\n".join([f"Chủ trì: {line.lead or 'chưa giao'}", *(f"Phối hợp: {h}" for h in line.helpers)]))
    metrics = QFontMetrics(group.treeWidget().font())
    item.setSizeHint(0, QSize(0, 2 * metrics.lineSpacing() + 2))  # two lines: the text wraps, the rest is in the tip
    for column in range(len(COLUMNS)):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        if line.overdue and column:
            item.setForeground(column, QBrush(QColor(theme.COLOURS.danger)))
    return item


def summary(desk: PlanDesk) -> str:
    """``8 nhiệm vụ: 1 quá hạn, 2 đã xong, 3 chưa giao cơ quan chủ trì``."""
    late = sum(line.overdue for line in desk.tasks)
    done = sum(line.row.status == "done" for line in desk.tasks)
    nobody = sum(not line.lead for line in desk.tasks)
    return f"{len(desk.tasks)} nhiệm vụ: {late} quá hạn, {done} đã xong, {nobody} chưa giao cơ quan chủ trì"


def bodies_html(body: dict[str, Any]) -> str:
    """Bodies with all their duties, to be read. Everything is escaped."""
    parts = []
    for item in body.get("assignments", ()):
        parts.append(f"<h4>{escape(str(item['body']))}</h4>")
        parts += [f'<p style="margin-left:16px">– {escape(str(duty))}</p>' for duty in item.get("duties", ())]
    return "".join(parts) or "<p>Kế hoạch chưa giao việc cho cơ quan nào.</p>"


def fill_duties(table: QTableWidget, duties: Iterable[DutyLine]) -> None:
    """Reporting duties: from, to, cycle, last day."""
    titles = ("Cơ quan báo cáo", "Gửi đến", "Kỳ báo cáo", "Hạn theo kế hoạch", "Ngày cuối còn được gửi")
    rows = list(duties)
    table.setColumnCount(len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    whole_rows(table)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.setRowCount(len(rows))
    for number, line in enumerate(rows):
        to = f"{line.receiver}\n(qua {line.via})" if line.via else line.receiver
        last = line.last_day_words.replace(" (", "\n(")
        for column, text in enumerate((line.sender, to, line.cycle, line.due or "Không nêu ngày", last or "–")):
            cell = QTableWidgetItem(text)
            cell.setToolTip(line.quote)
            table.setItem(number, column, cell)


def plan_html(body: dict[str, Any]) -> str:
    """The plan to be read: head facts, bases, sections in order, signer. Everything is escaped."""
    parts = [f"<h3>{escape(body.get('title') or 'Kế hoạch')}</h3>"]
    facts = [
        ("Số, ký hiệu", body.get("number_symbol")),
        ("Ngày ban hành", "/".join(reversed(str(body.get("issued_on") or "").split("-")))),
        ("Cơ quan ban hành", body.get("issuer")),
        ("Năm", str(body["year"]) if body.get("year") else None),
    ]
    parts.append("<p>" + "<br>".join(f"{name}: <b>{escape(v or 'chưa ghi')}</b>" for name, v in facts) + "</p>")
    if body.get("bases"):
        parts += ["<p><b>Căn cứ</b></p>", *(f"<p>– {escape(text)}</p>" for text in body["bases"])]
    parts += _paragraphs(body.get("preamble"))
    for item in body.get("sections", ()):
        margin = 16 * len(str(item["parent"]).split(".")) if item.get("parent") else 0
        title = ". ".join(escape(part) for part in (item.get("mark"), item.get("title")) if part)
        if title:
            parts.append(f'<p style="margin-left:{margin}px"><b>{title}</b></p>')
        parts += _paragraphs(item.get("text"), margin)
    parts += _paragraphs(body.get("closing"))
    if body.get("recipients"):
        parts += ["<p><b>Nơi nhận</b></p>", "<p>" + "<br>".join(f"– {escape(r)}" for r in body["recipients"]) + "</p>"]
    signer = [text for text in (body.get("signer") or {}).values() if text]
    if signer:
        parts.append('<p align="right">' + "<br>".join(f"<b>{escape(text)}</b>" for text in signer) + "</p>")
    if body.get("unplaced"):
        lines = "<br>".join(escape(line) for line in body["unplaced"])
        parts += ["<p><b>Dòng chưa xếp vào mục nào</b></p>", f"<p>{lines}</p>"]
    return "".join(parts)


def _paragraphs(text: str | None, margin: int = 0) -> list[str]:
    lines = (text or "").split("\n")
    return [f'<p style="margin-left:{margin}px">{escape(line)}</p>' for line in lines if line]
