"""Reading finished papers back with poppler's tools: what a records office would measure and copy."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

MM = 72 / 25.4


@dataclass(frozen=True)
class TextLine:
    """A printed line, in millimetres from the left and from the top of its page."""

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def tool(pdf: bytes, name: str, *options: str) -> str:
    """Output of a poppler tool; the test fails where the tool is missing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        tail = ["-"] if name == "pdftotext" else []
        done = subprocess.run([name, *options, str(path), *tail], capture_output=True, check=True)
        return done.stdout.decode("utf-8")


def lines(pdf: bytes) -> list[TextLine]:
    tree = ElementTree.fromstring(tool(pdf, "pdftotext", "-bbox-layout"))
    space = "{http://www.w3.org/1999/xhtml}"
    out: list[TextLine] = []
    for number, page in enumerate(tree.iter(f"{space}page"), 1):
        for line in page.iter(f"{space}line"):
            box = [float(line.attrib[key]) / MM for key in ("xMin", "xMax", "yMin", "yMax")]
            words = [word.text or "" for word in line.iter(f"{space}word")]
            out.append(TextLine(number, " ".join(words), box[0], box[1], box[2], box[3]))
    return out


def find(pdf: bytes, text: str) -> TextLine:
    """The first line holding ``text``."""
    for line in lines(pdf):
        if text in line.text:
            return line
    raise AssertionError(f"not printed: {text}")


def rules(pdf: bytes, page: int) -> list[tuple[float, float, float]]:
    """(left, right, distance from the top) in mm of the horizontal rules of ``page`` (from 0)."""
    import pypdfium2
    import pypdfium2.raw as raw

    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[page]
        height = sheet.get_height()
        out = []
        for item in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = item.get_bounds()
            if top - bottom < 2.5 and right - left > 10:
                left, right = left + 0.6, right - 0.6  # PDFium's bounds are wider by the stroke on each side
                out.append((left / MM, right / MM, (height - (top + bottom) / 2) / MM))
        sheet.close()
        return sorted(out, key=lambda rule: rule[2])
    finally:
        document.close()


def page_text(pdf: bytes, page: int) -> str:
    """The text of one page (from 1) without its margins (portrait pages)."""
    left, top, width, height = (round(value * MM) for value in (27, 19, 183, 259))
    return tool(
        pdf, "pdftotext", "-raw", "-f", str(page), "-l", str(page),
        "-x", str(left), "-y", str(top), "-W", str(width), "-H", str(height),
    )  # fmt: skip


def all_text(pdf: bytes, pages: int) -> str:
    return "\n".join(page_text(pdf, page) for page in range(1, pages + 1))


def bare(text: str) -> str:
    """Without any blank: what must be equal however lines are broken."""
    return re.sub(r"\s+", "", text)


@dataclass(frozen=True)
class Print:
    """A printed piece of a line with its letters: millimetres from the left and from the top, size in points."""

    page: int
    text: str
    left: float
    right: float
    top: float
    size: float
    face: str  # Regular | Bold | Italic | BoldItalic

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


_ZOOM = 3  # the most there is: poppler rounds to a third of a point


def prints(pdf: bytes, last: int = 0) -> list[Print]:
    """Everything printed, with the letters it is printed in (to page ``last``)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        pages = ["-l", str(last)] if last else []
        done = subprocess.run(
            ["pdftohtml", "-xml", "-i", "-zoom", str(_ZOOM), "-fontfullname", "-stdout", *pages, str(path)],
            capture_output=True, check=True,
        )  # fmt: skip
    fonts: dict[str, tuple[float, str]] = {}
    out: list[Print] = []
    for page in ElementTree.fromstring(done.stdout).iter("page"):
        for font in page.iter("fontspec"):
            face = font.attrib["family"].rpartition("-")[2]
            fonts[font.attrib["id"]] = (float(font.attrib["size"]) / _ZOOM, face)
        for item in page.iter("text"):
            left, top, width = (float(item.attrib[key]) / _ZOOM / MM for key in ("left", "top", "width"))
            text = "".join(item.itertext()).strip()
            if text:
                out.append(
                    Print(int(page.attrib["number"]), text, left, left + width, top, *fonts[item.attrib["font"]])
                )
    return out
