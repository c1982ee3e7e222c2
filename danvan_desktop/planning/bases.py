"""What the preamble of a plan rests on, and the agency it says issues the plan."""

from __future__ import annotations

import re

from .wording import AGENCY, AGENCY_START, fold_same, tidy

_DECLARES = re.compile(
    r"(?:^|[;,.:]\s+|\n)(" + AGENCY + r"[^;:.\n]{0,110}?)\s*(?:\([^)]*\))?\s*"
    r"(?=\b(?:ban hanh|xay dung|de ra|to chuc trien khai|trien khai|lap)\s+(?:ke hoach|chuong trinh|noi dung|thuc hien|"
    r"cong tac|va|cac))"
)


def declared_issuer(preamble: str) -> tuple[str, int] | None:
    """The agency that says it issues the plan ("...; UBND xã A ban hành Kế hoạch"), and where its name begins."""
    found = list(_DECLARES.finditer(fold_same(preamble)))
    for match in reversed(found):
        name = tidy(preamble[match.start(1) : match.end(1)])
        name = re.split(r",\s", name)[-1] if not name.lower().startswith("ban") else name
        if name and AGENCY_START.match(fold_same(name)):
            return name, match.start(1)
    return None


_DOCUMENT = (
    r"(?:nghi quyet|quyet dinh|chi thi|ket luan|ke hoach|chuong trinh(?: hanh dong| phoi hop| cong tac)?|thong tri|"
    r"huong dan|cong van|nghi dinh|thong tu|quy che(?: phoi hop)?|quy dinh|de an|cong dien|thong bao|van ban|to trinh|"
    r"ke hoach phoi hop|bao cao|quy uoc)"
)
_BASE_START = re.compile(
    r"(?:(?<=^)|(?<=[;,.:\n] )|(?<=\n)|(?<= va )|(?<=can cu )|(?<=thuc hien )|(?<=theo )|(?<=trien khai )|"
    r"(?<=tinh than )|(?<=cac ))"
    r"(?:cac +)?(?:" + _DOCUMENT + r"[^;\n]{0,60}?\bso\b\s*:?\s*[\d.…]*\s*[-/]?[\w/.&-]*|"
    r"(?:bo luat|luat|phap lenh|hien phap|nghi quyet dai hoi|quy che|noi quy|chuong trinh|huong uoc)\b(?! phap))"
)
_LEADS = re.compile(r"(?:can cu|thuc hien|trien khai(?: thuc hien)?|xet|theo|tren co so|tiep tuc thuc hien)\s+")


def bases_of(preamble: str) -> tuple[str, ...]:
    """The documents the preamble cites, each as its own phrase, in order."""
    declared = declared_issuer(preamble)
    text = preamble
    if declared:
        text = preamble[: declared[1]] + "\n" + re.sub(r"[^\n]", " ", preamble[declared[1] :].split("\n", 1)[0])
        text += "\n" + "\n".join(preamble[declared[1] :].split("\n")[1:])
    bases: list[str] = []
    for paragraph in text.split("\n"):
        folded = fold_same(paragraph)
        starts = [match.start() for match in _BASE_START.finditer(folded) if not _inner(folded, match.start())]
        lead = _LEADS.match(folded)
        if not starts:
            if (
                lead
                and folded.startswith("can cu")
                and not re.match(
                    r"can cu (?:tinh hinh|chuc nang|ket qua|nhiem vu|dieu kien|yeu cau|thuc te|de nghi)", folded
                )
            ):
                bases.append(_phrase(paragraph[lead.end() :]))
            continue
        if lead and lead.end() < starts[0] and folded.startswith("can cu") and starts[0] - lead.end() < 80:
            starts[0] = lead.end()
        for start, end in zip(starts, [*starts[1:], len(paragraph)], strict=True):
            bases.append(_phrase(paragraph[start:end]))
    return tuple(dict.fromkeys(base for base in bases if len(base) > 5))


def _inner(folded: str, at: int) -> bool:
    """True when the document at ``at`` is cited inside the title of another ("Kế hoạch ... thực hiện Nghị quyết")."""
    before = folded[:at]
    if not re.search(r"(?:thuc hien|theo|trien khai|tinh than) $", before):
        return False
    clause = re.split(r"[;\n]", before)[-1]
    return bool(re.search(_DOCUMENT + r"\b[^;]*\bso\b", clause))


def _phrase(text: str) -> str:
    text = re.split(r"[;,.]\s+(?:[Tt]heo|[Xx]ét) đề nghị\b", tidy(text))[0].rstrip(" ;,.:-")
    text = re.sub(r"(?:;|,)?\s+(?:và|căn cứ|thực hiện)$", "", text, flags=re.IGNORECASE)
    text = text.rstrip(" ;,.:")
    return text[:-1].rstrip() if text.endswith(")") and text.count(")") > text.count("(") else text
