"""What of a report cannot be printed as typed, and where it stands: asked before approval and before each page."""

from __future__ import annotations

from collections.abc import Iterator

from ..kernel.errors import Refused
from ..reporting.printable import Printable
from .fonts import missing_glyphs
from .head import annex_label


def _texts(document: Printable) -> Iterator[tuple[str, str, bool]]:
    """(where, text, printed in capitals) of everything that is printed."""
    head = document.head
    for text in head.superior_lines:
        yield "tên cơ quan chủ quản", text, True
    for text in head.issuer_lines:
        yield "tên cơ quan ban hành", text, True
    yield "ký hiệu văn bản", head.symbol, False
    yield "địa danh", head.place, False
    yield "tên loại văn bản", head.type_name, True
    yield "trích yếu", head.abstract, False
    yield "tên cơ quan", document.office_name, False
    for text in head.addressees:
        yield "Kính gửi", text, False
    for index, text in enumerate(document.bases, 1):
        yield f"căn cứ {index}", text, False
    for index, paragraph in enumerate(document.opening, 1):
        yield f"phần mở đầu, đoạn {index}", paragraph.text, False
    above: list[str] = []
    for section in document.sections:
        above = [*above[: max(section.level, 1) - 1], section.mark.strip(". )")]
        place = f"mục {'.'.join(mark for mark in above if mark)}"
        yield place, f"{section.mark} {section.title}", True
        for index, paragraph in enumerate(section.paragraphs, 1):
            yield f"{place}, đoạn {index}", paragraph.text, False
    for index, paragraph in enumerate(document.closing, 1):
        yield f"phần kết, đoạn {index}", paragraph.text, False
    for text in document.signature.authority_lines:
        yield "quyền hạn, chức vụ người ký", text, True
    yield "họ tên người ký", document.signature.name, False
    if document.countersignature is not None:
        for text in document.countersignature.authority_lines:
            yield "chức danh người ký bên trái", text, True
        yield "họ tên người ký bên trái", document.countersignature.name, False
    for index, text in enumerate(document.recipients, 1):
        yield f"Nơi nhận, dòng {index}", text, False
    for number, annex in enumerate(document.annexes, 1):
        label = annex_label(number, len(document.annexes))
        yield f"{label}, tên bảng", annex.title, True
        yield f"{label}, ghi chú", annex.note, False
        for chart in annex.charts:
            for text in (chart.title, chart.unit, *chart.labels, *(line.title for line in chart.series)):
                yield f"{label}, biểu đồ “{chart.title}”", text, False
        for column in annex.columns:
            yield f"{label}, đầu cột", column.title, False
        for index, row in enumerate(annex.rows, 1):
            for position, text in enumerate(row.cells):
                if text:
                    title = annex.columns[position].title if position < len(annex.columns) else ""
                    yield f"{label}, dòng {index}, cột “{title}”", text, False


def unprintable(document: Printable) -> list[tuple[str, str]]:
    """(place in Vietnamese, ``U+1F600 GRINNING FACE``) of every character that cannot be printed as typed."""
    found: list[tuple[str, str]] = []
    for where, text, capitals in _texts(document):
        names = dict.fromkeys(missing_glyphs(text))
        if capitals and not names:
            names = dict.fromkeys(missing_glyphs(text.upper()))
        found += [(where, name) for name in names]
    return found


def require_printable(document: Printable) -> None:
    """Raises Refused ``glyph_missing`` naming the first character and its place; details hold all of them."""
    found = unprintable(document)
    if found:
        where, name = found[0]
        more = f" (và {len(found) - 1} chỗ khác)" if len(found) > 1 else ""
        raise Refused(
            "glyph_missing",
            f"Ký tự {name} tại {where}{more} không in được bằng phông chữ của văn bản; chưa có tệp nào được tạo, "
            "nội dung giữ nguyên. Hãy xóa hoặc thay ký tự đó rồi làm lại.",
            found=found,
        )
