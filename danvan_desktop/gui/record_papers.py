"""Papers made from the list of records: a line of the menu of the list for each kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ..catalog.paper_model import PaperTemplate
from ..services.office import Office
from ..services.papers import PaperWish
from ..services.records import ListQuery
from . import dialogs
from .runner import Runner

if TYPE_CHECKING:
    from .records_page import RecordsPage

_MOST = 500  # records of one list


def paper_acts(
    page: RecordsPage, office: Office, runner: Runner, area: int, query: Callable[[], ListQuery]
) -> list[tuple[str, Callable[[], None]]]:
    """(words, what to do) for every paper made from a form of ``area``; ``query``: the list as it is filtered."""
    forms = office.context.catalog.forms
    if not office.context.may("report.write"):
        return []
    return [
        (f"Lập {item.title[:1].lower()}{item.title[1:]}…", partial(_wish, page, office, runner, item, query))
        for item in office.papers.templates()
        if item.form and forms[item.form].area == area
    ]


def _wish(
    page: RecordsPage, office: Office, runner: Runner, template: PaperTemplate, query: Callable[[], ListQuery]
) -> None:
    form, row = page.form, page.current()
    if form is None or form.key != template.form:
        wanted = office.context.catalog.forms[template.form].short_title
        dialogs.tell(page, f"Văn bản này lập từ biểu “{wanted}”. Hãy mở thẻ biểu đó, chọn bản ghi rồi làm lại.")
        return
    if row is None:
        dialogs.tell(page, "Hãy chọn một bản ghi trong danh sách rồi làm lại.")
        return
    if template.source == "records":
        answer = dialogs.choose(
            page, f"Lập {template.title[:1].lower()}{template.title[1:]} cho bản ghi nào?",
            ("Cả danh sách đang hiện", "Chỉ bản ghi đang chọn", "Thôi"),
        )  # fmt: skip
        if answer == 2:
            return
        if answer == 0:
            asked = query()
            runner.submit_db(
                lambda _p: tuple(item.id for item in office.records.page(form.key, asked, 0, _MOST)),
                lambda ids: page.go_to.emit("papers", PaperWish(template.key, ids)),
                lambda error: dialogs.show_error(page, error), "Đang đọc danh sách", owner=page,
            )  # fmt: skip
            return
    page.go_to.emit("papers", PaperWish(template.key, (row.id,)))
