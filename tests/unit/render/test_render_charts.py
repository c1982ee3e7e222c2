"""Charts: one drawing for paper and screen, every number in it, readable without colours."""

from __future__ import annotations

import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from docx import Document
from openpyxl import load_workbook
from pdf_reading import tool
from sample_document import models_annex, sample

from danvan_desktop.catalog.chart_model import ChartPlan
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.render.charts import ChartBlock, chart_drawing, chart_svg
from danvan_desktop.render.docx_paper import render_docx
from danvan_desktop.render.fonts import register
from danvan_desktop.render.pdf import new_canvas, render_pdf
from danvan_desktop.render.xlsx import render_xlsx
from danvan_desktop.reporting.charts import charts_annex, make_chart
from danvan_desktop.reporting.model import Chart, ChartSeries, Figure, freeze, thaw

YEARS = ("Năm 2024", "Năm 2025", "Năm 2026")
CHARTS = {
    "trend": Chart("a", "Buổi tuyên truyền", "trend", "cuộc", 0, YEARS,
                   (ChartSeries("Hội nghị", (3, None, 1234)), ChartSeries("Buổi", (3, 5, 1235)))),
    "share": Chart("b", "Mô hình “Dân vận khéo” <b>", "share", "mô hình", 0, ("Kinh tế", "Văn hóa - xã hội"),
                   (ChartSeries("Kỳ này", (2, 1)),)),
    "bar": Chart("c", "Tỷ lệ", "bar", "%", 1, ("Đúng hạn trong các lĩnh vực thuộc thẩm quyền của xã", "Trực tuyến"),
                 (ChartSeries("Kỳ này", (975, 0)), ChartSeries("Cùng kỳ năm trước", (1000, None)))),
}  # fmt: skip
PRINTED = {
    "trend": ("3", "1.234", "1.235", "Năm 2025", "Hội nghị", "Đơn vị tính: cuộc"),
    "share": ("Kinh tế: 2 (66,7%)", "Văn hóa - xã hội: 1 (33,3%)", "Mô hình “Dân vận khéo” <b>"),
    "bar": ("97,5%", "100%", "0%", "–", "Trực tuyến", "Cùng kỳ năm trước"),
}


def _pdf(chart: Chart) -> bytes:
    register()
    out = io.BytesIO()
    canvas = new_canvas(out, "t", "a")
    block = ChartBlock(chart, 468)
    block.draw(canvas, 60, 800, 468)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("kind", CHARTS)
def test_paper_and_screen_show_the_same(kind: str) -> None:
    chart = CHARTS[kind]
    pdf = _pdf(chart)
    assert pdf == _pdf(chart)
    printed = " ".join(tool(pdf, "pdftotext", "-layout").split())
    svg = ElementTree.fromstring(chart_svg(chart, 468))
    shown = " ".join(node.text or "" for node in svg.iter("{http://www.w3.org/2000/svg}text"))
    for words in PRINTED[kind]:
        assert words in printed
        assert words in shown
    fonts = tool(pdf, "pdffonts").splitlines()[2:]
    assert fonts and all("Tinos" in row and " yes yes yes " in row for row in fonts)
    greys = {shape.fillColor.rgb() for shape in chart_drawing(chart, 468).contents if getattr(shape, "fillColor", None)}
    assert all(red == green == blue for red, green, blue in greys)


def test_an_annex_of_charts_in_all_three_files_and_in_the_frozen_bytes() -> None:
    document = sample(annexes=(models_annex(2), charts_annex(tuple(CHARTS.values()))))
    data = freeze(document)
    assert thaw(data) == document
    assert b'"charts"' not in freeze(sample())  # what was frozen before reads and hashes as it did
    text = " ".join(tool(render_pdf(document), "pdftotext", "-layout").split())
    assert "Phụ lục II BIỂU ĐỒ" in text
    assert all(words in text for kind in CHARTS for words in PRINTED[kind] if "<b>" not in words)
    word = render_docx(document)
    assert word == render_docx(document)
    assert len(Document(io.BytesIO(word)).inline_shapes) == len(CHARTS)
    sheet = load_workbook(io.BytesIO(render_xlsx(document)))["Phụ lục II"]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {1234, 97.5, "Văn hóa - xã hội", "Năm 2025"} <= set(cells)
    odd = replace(document, annexes=(charts_annex((replace(CHARTS["bar"], title="Tốt \U0001f600"),)),))
    with pytest.raises(Refused, match="biểu đồ"):
        render_pdf(odd)


def _figure(key: str, value: int | None, previous: int | None = None, split: str | None = None) -> Figure:
    title = "Mô hình" if split is None else f"Mô hình: {split}"
    state = "no_data" if value is None else "value"
    return Figure(key, "models", "0" * 64, title, "mô hình", split=split, value=value, state=state, previous=previous)


def test_what_a_chart_is_made_of() -> None:
    figures = (_figure("models", 5, 4), _figure("models/a", 3, 0, "Kinh tế"), _figure("models/b", 2, None, "Xã hội"),
               _figure("models/c", 0, 0, "Khác"))  # fmt: skip
    bars = make_chart(ChartPlan("k", "Theo lĩnh vực", "bar", split="models"), figures, "Năm 2026", ())
    assert bars is not None
    assert (bars.labels, bars.series[1].values) == (("Kinh tế", "Xã hội"), (0, None))  # what nobody did takes no room
    trend = make_chart(ChartPlan("t", "Qua các năm", "trend", ("models",)), figures, "Năm 2026",
                       [("Năm 2024", {}), ("Năm 2025", {"models": 4})])  # fmt: skip
    assert trend is not None and trend.series[0].values == (None, 4, 5)
    assert make_chart(ChartPlan("t", "T", "trend", ("models",)), figures, "Năm 2026", ()) is None
    assert make_chart(ChartPlan("s", "S", "share", split="models"), figures[:1], "Năm 2026", ()) is None
    assert make_chart(ChartPlan("n", "N", "bar", ("models",)), (_figure("models", None),), "Năm 2026", ()) is None
