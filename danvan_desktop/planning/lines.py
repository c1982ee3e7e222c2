"""From clean lines to paragraphs with their marks: wrapped lines are joined, every mark opens a new paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from .cleaning import Line
from .wording import fold_same, is_caps, starts_small, tidy

_BULLETS = "•●○▪■□◦‣⁃➢➤✓✔❖·∙♦◆"

# --- marks -----------------------------------------------------------------------------------------------------------

# Depth of each kind of mark; a smaller one closes all greater ones.
LEVEL = {
    "annex": 0, "part": 0, "chapter": 1, "upper": 2, "section": 3, "roman": 4, "article": 5, "number": 6,
    "number2": 7, "number3": 8, "letter": 9, "paren": 10, "star": 11, "dash": 12, "plus": 13, "text": 14, "row": 14,
    "flat": 14,
}  # fmt: skip
NUMBERED = frozenset({"roman", "article", "number", "number2", "number3", "letter", "paren"})
BULLETS = frozenset({"star", "dash", "plus"})
TABLE = frozenset({"row", "flat"})

_WORD_MARKS = (
    (
        "annex",
        re.compile(r"(phu luc|phu bieu|bieu mau)(?: +(?:so +)?([ivx]{1,5}|\d{1,2}|[a-h]))?(?= *[.:-]| *$|  | +[(])"),
    ),
    ("part", re.compile(r"phan +(?:thu +(?:nhat|hai|ba|tu|nam|sau)|[ivx]{1,4}|\d|[a-e])(?= *[.:)-]| *$| )")),
    ("chapter", re.compile(r"chuong +(?:[ivx]{1,4}|\d{1,2})(?= *[.:-]| *$| )")),
    ("section", re.compile(r"muc +(?:[ivx]{1,4}|\d{1,2})(?= *[.:]| *$)")),
    ("article", re.compile(r"dieu +\d{1,3}(?= *[.:])")),
)
_SIGN_MARKS = (
    ("roman", re.compile(r"(?!V/[Vv]\b)([IVX]{1,6}) *(?:[.)]|/(?![a-zà-ỹđ])|[-–](?= ))\s*(?=\S)")),
    ("roman", re.compile(r"([IVX]{1,5}) +(?=[A-ZĐÀ-Ỹ]{2})")),
    ("upper", re.compile(r"([A-HĐ]) *(?:[./)]|[-–](?= ))\s*(?=[^\W\d_])")),
    ("number3", re.compile(r"(\d{1,2}(?:\.\d{1,2}){2,4})(?:[.)]\s*|\s*[-–]\s+|\s+)(?=[^\W\d_]|[“\"(])")),
    ("number2", re.compile(r"(\d{1,2}\.\d{1,2})(?:[.)]\s*|\s*[-–]\s+|\s+)(?=[^\W\d_]|[“\"(])")),
    ("number", re.compile(r"(\d{1,2}) *(?:[.)]|/(?=\s|[A-ZĐÀ-Ỹ][a-zà-ỹđ]))\s*(?=[^\W\d_]|[“\"(])")),
    ("number", re.compile(r"(\d{1,2}) *[-–] *(?=[A-ZĐÀ-Ỹ])")),
    ("paren", re.compile(r"\((\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=\S)")),
    ("letter", re.compile(r"([a-zđ]) *[)/]\s*(?=\S)")),
    ("letter", re.compile(r"([a-zđ])\.\s*(?=[^\W\d_])")),
    ("star", re.compile(r"()\*\s+(?=\S)")),
    ("plus", re.compile(r"()[+]\s*(?=[^\W\d_]|[“\"(\d])")),
    ("dash", re.compile(r"()[-–—−" + _BULLETS + r"]+\s*(?=\S)")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph: its kind (see LEVEL), mark without stops, label as written, text without the mark."""

    kind: str
    mark: str | None
    label: str
    text: str
    heading: bool = False
    cells: tuple[str, ...] = ()
    lines: tuple[str, ...] = field(default=(), compare=False)

    @property
    def raw(self) -> str:
        """The paragraph as it stands, its mark before it."""
        return f"{self.label} {self.text}".strip()


_BARE_MARK = re.compile(r"(?:(\d{1,2}(?:\.\d{1,2}){0,3})[.)]|([a-zđ])\)|([IVX]{1,5})\.|[-–+])")


def _bare_mark(text: str) -> tuple[str, str | None] | None:
    """(kind, mark) of a line that holds a mark and nothing else; its text is the next line."""
    match = _BARE_MARK.fullmatch(text)
    if match is None:
        return None
    if match[1]:
        dots = match[1].count(".")
        return ("number", "number2", "number3")[min(dots, 2)], match[1]
    if match[2]:
        return "letter", match[2]
    return ("roman", match[3]) if match[3] else ("plus" if text == "+" else "dash", None)


def split_mark(text: str) -> tuple[str, str | None, str, str]:
    """(kind, mark, label, rest) of one line; kind ``text`` where it carries no mark."""
    if (bare := _bare_mark(text)) is not None:
        return bare[0], bare[1], text, ""
    folded = fold_same(text)
    if text[:1].isupper():
        for kind, pattern in _WORD_MARKS:
            match = pattern.match(folded)
            if match:
                rest = text[match.end() :]
                body = re.sub(r"^\s*[.:)–-]+\s*|^\s+", "", rest)
                if body and not (body[0].isupper() or not body[0].isalpha()):
                    continue  # "Phần a của ...", "Mục 1 và": running text
                return kind, tidy(text[: match.end()]), tidy(text[: len(text) - len(body)]), body
    for kind, pattern in _SIGN_MARKS:
        match = pattern.match(text)
        if match:
            rest = text[match.end() :]
            if kind in ("dash", "star"):
                inner = split_mark(rest) if rest else ("text", None, "", "")
                if inner[0] in NUMBERED or inner[0] == "plus":
                    return inner  # "- a) ...": the bullet is Markdown's
                return kind, None, "-", rest
            return kind, match[1] or None, tidy(match[0]), rest
    return "text", None, "", text


# --- joining ---------------------------------------------------------------------------------------------------------

_STOPS = (".", ";", ":", "!", "?", "…", "./.")
# Words after which a number at the line's start is no mark ("theo khoản / 2. ...").
_OPEN_WORDS = re.compile(r"(?:khoan|dieu|diem|muc|so|nam|thang|ngay|phan|quy|ky|khoa|lan thu|giai doan|tu|den|va)$")
# Words with which no line of its own ends ("... giữa / Ban Dân vận Tỉnh ủy với ...").
_DANGLING = re.compile(
    r"(?<![\w-])(?:giữa|của|và|về|với|tại|theo|cho|các|những|trong|trên|từ|do|là|để|bởi|hoặc|như|qua|bằng|cùng|"
    r"nhằm|khi|nếu|gồm|số|mỗi|đến)$"
)
_OPENERS = re.compile(
    r"(?:can cu |noi nhan|kinh gui|tren day la|trong qua trinh (?:trien khai|thuc hien|to chuc)|ke hoach nay |"
    r"t\.?m\s*[./]|k\.?t\s*[./]|tuq\s*\.|tl\s*\.)"
)
# Words with which the first duty under a numbered heading begins.
_DUTY_START = re.compile(
    r"(?:phoi hop|chu dong|chu tri|xay dung|gui|tham muu|tiep tuc|tang cuong|theo doi|trien khai|thuc hien|to chuc|"
    r"dinh ky|huong dan|can cu|nang cao|day manh|kip thoi|tong hop|bao cao|la (?:co quan|dau moi|don vi)|chi dao|"
    r"thuong xuyen|co trach nhiem|lanh dao|quan triet|tuyen truyen|kiem tra|bo tri|tren co so|van dong|moi )"
)
# "(qua Phòng Văn hóa / - Xã hội)": the dash of a name, broken over two lines.
_NAME_BROKEN = re.compile(
    r"(?:[Vv]ăn h(?:óa|oá)|[Kk]inh tế|[Cc]hính trị|[Qq]uốc phòng|[Tt]hương binh|[Tt]hống kê|[Hh]ành chính|[Tt]ài chính|"
    r"Tư pháp) / [-–] (?:[Xx]ã hội|[Aa]n ninh|[Tt]hông tin|[Hh]ộ tịch|[Tt]ổng hợp|[Kk]ế hoạch|"
    r"[Kk]ế toán|[Hh]ạ tầng|[Kk]ỹ thuật)"
)
_NEW_SENTENCE = re.compile(
    r"(?:yeu cau (?:cac|thu truong|nguoi|lanh dao)|de nghi (?:cac|thu truong|uy ban|ubmttq)|"
    r"giao (?:cac|phong|van phong|so))"
)


def join_lines(lines: list[Line]) -> list[Para]:
    """Paragraphs of ``lines``: wrapped lines joined, every mark opening a new one."""
    wrapped, width = _wrapping(lines)
    blocks = _in_blocks(lines)
    paras: list[_Open] = []
    for line in lines:
        if line.cells or line.flat:
            kind, mark, label, rest = "flat" if line.flat else "row", None, "", line.text
        else:
            kind, mark, label, rest = split_mark(line.text)
        current = paras[-1] if paras else None
        inside = blocks and not line.gap and kind not in TABLE  # of a paragraph that only a blank line ends
        if current is not None and (
            (inside and current.kind not in TABLE) or _continues(current, line, kind, wrapped, width)
        ):
            current.add(line.text)
        else:
            paras.append(_Open(kind, mark, label, [rest] if rest else [], line))
    return [item.close() for item in paras]


class _Open:
    """A paragraph still growing."""

    def __init__(self, kind: str, mark: str | None, label: str, parts: list[str], line: Line) -> None:
        self.kind, self.mark, self.label, self.parts, self.line = kind, mark, label, parts, line
        self.lines = [line.text]

    def add(self, text: str) -> None:
        text = f"-{text[1:]}" if text.startswith("* ") else text  # the star is Markdown's
        self.parts.append(text)
        self.lines.append(text)

    def close(self) -> Para:
        return Para(
            self.kind, self.mark, self.label, tidy(" ".join(self.parts)), self.line.heading, self.line.cells,
            tuple(self.lines),
        )  # fmt: skip


def _wrapping(lines: list[Line]) -> tuple[bool, int]:
    """Whether lines are broken at a page width, and that width in characters."""
    texts = [line.text for line in lines if not line.cells]
    long = sorted(len(text) for text in texts if len(text) > 40)
    if len(long) < 4:
        return False, 0
    small = sum(1 for text in texts if starts_small(text) and split_mark(text)[0] == "text")
    return small >= 0.15 * len(texts), long[int(len(long) * 0.9)]


def _in_blocks(lines: list[Line]) -> bool:
    """True where blank lines, and they alone, part the paragraphs (pages saved from the web)."""
    plain = [line for line in lines if not line.cells]
    parted = [line for line in plain if line.gap]
    running = [line for line in plain if not line.gap]
    if len(parted) < 8 or len(running) < 0.2 * len(plain):
        return False
    torn = sum(1 for line in parted if starts_small(line.text) and split_mark(line.text)[0] == "text")
    marked = sum(1 for line in running if split_mark(line.text)[0] not in ("text", "dash"))
    inside = sum(
        1 for before, line in pairwise(plain) if not line.gap and not before.text.rstrip('”")').endswith(_STOPS)
    )
    few = max(1, round(0.04 * len(running)))
    return torn <= 0.03 * len(parted) and marked <= few and inside >= 0.6 * len(running)


def _continues(current: _Open, line: Line, kind: str, wrapped: bool, width: int) -> bool:
    """True when ``line`` goes on with the open paragraph."""
    if kind in TABLE or current.kind in TABLE or line.heading:
        return False
    before = current.lines[-1]
    text = line.text
    ended = before.rstrip('”")').endswith(_STOPS)
    full = wrapped and len(before) >= 0.6 * width
    if kind != "text":
        return _false_mark(before, text, kind, ended, full, wrapped and len(before) >= 0.45 * width)
    if text[0].isupper() and _OPENERS.match(fold_same(text)) and (ended or line.gap or not full):
        return False
    if is_caps(current.parts[-1] if current.parts else current.label) and len(text) > 3:
        numbered = current.kind in ("roman", "upper", "annex") and len(current.lines) < 4
        return is_caps(text) and len(text) < 120 and (not line.gap or numbered or before.endswith((",", "-", "VÀ")))
    if not current.parts and current.kind not in ("part", "chapter", "section", "article", "annex"):
        return True  # the mark stood alone on its line
    if not current.parts:
        return not line.gap and is_caps(text)  # "Phần I" alone; its title is the next line in capitals
    if starts_small(text) or not text[0].isalpha():
        return not (ended and (line.gap or not full) and not text[0].isdigit())
    if not ended and _DANGLING.search(before) and not is_caps(text):
        return True
    if ended and _NEW_SENTENCE.match(fold_same(text)):
        return False
    if ended:
        return wrapped and not line.gap and len(before) >= 0.75 * width and not before.endswith(":")
    if wrapped:  # a line is broken only where its next word no longer fits; first lines are indented, so shorter
        heading = current.kind in NUMBERED and len(current.lines) == 1 and bool(_DUTY_START.match(fold_same(text)))
        return len(before) + 1 + len(text.split()[0]) >= (0.9 if heading else 0.75) * width
    return before.endswith((",", "-", " và", " của"))


def _false_mark(before: str, text: str, kind: str, ended: bool, full: bool, wrapped: bool) -> bool:
    """True when what looks like a mark is the wrapped rest of a sentence ("kinh tế / - xã hội")."""
    if ended or before.endswith("”"):
        return False
    if kind == "dash" and _NAME_BROKEN.search(f"{before} / {text}"):
        return True
    if kind == "dash":
        body = text.lstrip("-–—− ")
        return wrapped and text[0] in "-–—−" and (body[:1].islower() or body[:1].isdigit()) and before[-1:].isalnum()
    if kind in ("number", "number2", "letter", "roman", "upper"):
        return full and bool(_OPEN_WORDS.search(fold_same(before)))
    return False
