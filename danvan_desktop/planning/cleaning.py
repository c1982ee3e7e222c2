"""From the raw text of a plan to clean lines; what belongs to the page, not to the plan, is set apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from .flat import flat_tables
from .markup import BREAK, prepared
from .wording import fold_same, tidy

_PAGE_NUMBER = re.compile(r"[-–—\s\[(|]*\d{1,3}[-–—\s\])|]*")
_PAGE_WORDS = re.compile(
    r"-?\s*(?:trang|page)(?:\s+so)?\s*:?\s*\d{1,3}(?:\s*[/|]\s*\d{1,3}|\s+(?:of|tren)\s+\d{1,3})?\s*-?"
)
_PAGE_OF = re.compile(r"\d{1,3}\s*/\s*\d{1,3}")
_STAMP = re.compile(
    r"(?:nguoi ky|ky boi|thoi gian ky|ngay ky|email|co quan|chuc vu)\s*:.*|"
    r"(?:signature not verified|digitally signed|signed by|dau trang:|chan trang:|chu thich:).*|!\[[^\]]*\]\([^)]*\)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without markup. ``gap``: blank lines or a rule stood before it; ``heading``: a Markdown ``#`` did."""

    text: str
    gap: bool = False
    heading: bool = False
    cells: tuple[str, ...] = ()  # of a table row
    page: int = 0
    flat: bool = False  # of a table without lines


def read_lines(text: str) -> tuple[list[Line], list[str]]:
    """The lines of ``text`` and, apart, its page artefacts (page numbers, repeated page heads, signing stamps)."""
    lines: list[Line] = []
    gap = False
    page = 0
    for raw in _unbroken(prepared(text)):
        if not raw:
            gap = True
            continue
        page += raw.count("\f")
        line = _clean(raw.replace("\f", " "))
        if line is None:
            gap = True
        else:
            lines.append(replace(line, gap=gap, page=page))
            gap = False
    kept: list[Line] = []
    lines, artefacts = _undoubled(lines)
    gap = False
    for line in _with_tables(lines):
        if _is_artefact(line.text) and not line.cells and not line.flat:
            artefacts.append(line.text)  # a page may end in the middle of a sentence: it makes no gap
            gap = gap or line.gap
        else:
            kept.append(replace(line, gap=True) if gap else line)
            gap = False
    return _without_page_heads(kept, artefacts), artefacts


_LAYOUT = re.compile(r"noi nhan\b|cong hoa xa hoi|doc lap *-|\b(?:tm|kt)\. ")


def _unbroken(text: str) -> list[str]:
    """The lines of ``text``; cells of a layout table (head, signature) with breaks inside give lines of their own."""
    if BREAK not in text:
        return text.split("\n")
    out: list[str] = []
    for line in text.split("\n"):
        if BREAK not in line:
            out.append(line)
        elif "|" not in line or (len(line) < 3000 and _LAYOUT.search(fold_same(line))):
            out += [piece for cell in line.split("|") for piece in cell.split(BREAK)]
        else:
            out.append(line.replace(BREAK, " "))
    return out


def _undoubled(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """The lines without their doubles where a bold print made each line twice, and those doubles."""
    twice = [index for index in range(1, len(lines)) if lines[index].text == lines[index - 1].text]
    if len(lines) < 8 or len(twice) < 0.4 * len(lines):
        return lines, []
    doubles: set[int] = set()
    for index in twice:
        if index - 1 not in doubles:
            doubles.add(index)
    kept = [line for index, line in enumerate(lines) if index not in doubles]
    return kept, [lines[index].text for index in sorted(doubles)]


def _with_tables(lines: list[Line]) -> list[Line]:
    """``lines`` with the tables among them that lost their lines as rows, or marked as ``flat``."""
    texts = ["" if line.cells else line.text for line in lines]
    out: list[Line] = []
    at = 0
    for table in flat_tables(texts):
        out += lines[at : table.start]
        inside = lines[table.start : table.end]
        if table.rows:
            out += [Line(" | ".join(row).strip(" |"), cells=row, page=inside[0].page) for row in table.rows]
        else:
            out += [
                line if line.cells else replace(line, flat=True, text=line.text.replace("* ", "- ")) for line in inside
            ]
        at = table.end
    return out + lines[at:]


def _clean(raw: str) -> Line | None:
    text = raw.strip()
    heading = False
    if match := re.match(r"#{1,6}(?=\s|\*|[^\W\d_])\s*", text):
        heading, text = True, text[match.end() :]
    text = re.sub(r"^(?:>\s*)+", "", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|>~])", r"\1", text)
    star = re.match(r"\*\s+(?=\S)", text)
    text = re.sub(r"(?<=\w)\*{3,}(?=\w)", " ", text)  # two bold runs side by side
    text = text.replace("*", "").replace("`", "").replace("__", "")
    text = tidy(text)
    if not any(char.isalnum() for char in text):
        return None  # blank, or a drawn rule
    if text.count("|") >= 2 or (text.count("|") == 1 and "\t" not in raw and re.search(r"\S\s\|\s\S", text)):
        cells = tuple(tidy(cell) for cell in text.strip("| ").split("|"))
        if text.startswith("||") or re.match(r"\|\s+\|", text):
            cells = ("", *cells)
        if sum(1 for cell in cells if cell) > 1:
            return Line(" | ".join(cells), heading=False, cells=cells)
        text = tidy(" ".join(cells))
    text = text.strip("| ")
    if star:
        text = "* " + text
    return Line(text, heading=heading)


def _is_artefact(text: str) -> bool:
    if _PAGE_NUMBER.fullmatch(text) or _PAGE_OF.fullmatch(text):
        return True
    folded = fold_same(text)
    return bool(_PAGE_WORDS.fullmatch(folded) or _STAMP.fullmatch(folded))


def _without_page_heads(lines: list[Line], artefacts: list[str]) -> list[Line]:
    """Take out what stands at the top or foot of most pages (pages are parted by form feeds)."""
    pages = {line.page for line in lines}
    if len(pages) < 3:
        return lines
    edges: Counter[str] = Counter()
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for index, line in enumerate(lines):
        first.setdefault(line.page, index)
        last[line.page] = index
    edge_rows = {index for page in pages for index in (first[page], last[page])}
    for index in edge_rows:
        edges[_same_head(lines[index].text)] += 1
    repeated = {text for text, count in edges.items() if len(text) < 100 and count >= max(3, len(pages) // 2 + 1)}
    kept = []
    for index, line in enumerate(lines):
        if index in edge_rows and _same_head(line.text) in repeated:
            artefacts.append(line.text)
        else:
            kept.append(line)
    return kept


def _same_head(text: str) -> str:
    return re.sub(r"^\d+(?=\s)|(?<=\s)\d+$", "#", fold_same(text))
