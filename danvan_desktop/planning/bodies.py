"""Who does what: bodies and their duties under "Tổ chức thực hiện"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .lines import BULLETS, NUMBERED, TABLE
from .model import Assignment
from .tables import tables_below
from .tasks import is_form, is_organisation
from .tree import Node
from .wording import AGENCY, AGENCY_START, fold_same, is_caps, tidy

# Where the name of a body ends and its duty begins. Small first letters: names write them in capitals
# ("Phòng Tổ chức cán bộ", "Trung tâm Phục vụ hành chính công").
_VERB = re.compile(
    r"(?<![\w-])(?<!được )(?<!bị )(?<!lĩnh vực )(?<!phụ trách )(?<!công tác )(?<!về việc )"
    r"(?<!đầu mối )(?:căn cứ|chủ trì|chủ động|có trách nhiệm|có nhiệm vụ|chịu trách nhiệm|"
    r"thường xuyên|phối hợp|tham mưu|"
    r"tổ chức(?! chính trị| đoàn thể| xã hội| thành viên| hội| đảng| Đảng| cơ sở| liên quan| kinh tế| tôn giáo|,)|"
    r"triển khai|(?<!Ban )(?<!ban )xây dựng|theo dõi|"
    r"thực hiện|hướng dẫn|tăng cường|đẩy mạnh|nâng cao|tiếp tục|tập trung|"
    r"bố trí|làm tốt|là (?:cơ quan|đơn vị|đầu mối)|tổng hợp(?= báo cáo| kết quả| chung| và|, | tình hình)|"
    r"lồng ghép|quán triệt|báo cáo|rà soát|kịp thời|thông tin(?= về| kịp| đến)|tuyên truyền|giúp|vận động|phát huy|"
    r"đôn đốc|(?<!Đoàn )(?<!đoàn )(?<!Tổ )(?<!Ban )(?<!ban )kiểm tra|(?<!Ban )(?<!ban )chỉ đạo|"
    r"nghiêm túc|cụ thể hóa|đưa tin|đăng tải|đăng tin|cân đối|thẩm định|"
    r"tích cực|định kỳ|gửi|lập|đề xuất|quan tâm|tạo điều kiện|bám sát|trên cơ sở|xác định|nghiên cứu|lựa chọn|"
    r"hỗ trợ|đảm bảo|bảo đảm|(?<!Đoàn )(?<!đoàn )(?<!Tổ )(?<!Ban )giám sát|"
    r"(?<!phận )tiếp nhận|tham gia|căn cứ vào|hàng tháng|hằng tháng|"
    r"hàng quý|hằng quý|hàng năm|hằng năm|được giao|được phân công|thống nhất|nắm bắt|nắm|quản lý|duy trì|trực tiếp|"
    r"(?<!quá )(?<!chương )(?<!quy )trình|trong quá trình|trong trường hợp|nếu có|ban hành|chuẩn bị|phân công|"
    r"khẩn trương|trước ngày|(?<!và )giải quyết|cung cấp|niêm yết|công khai|tiến hành|xử lý|phản ánh|"
    r"phát động|nêu cao|động viên|huy động|củng cố|khắc phục|chấn chỉnh|sơ kết|tổng kết|kiện toàn|biên soạn|"
    r"theo (?:chức năng|thẩm quyền|nhiệm vụ|phân công|lĩnh vực)|(?<!Ban )(?<!phận )(?<!Phòng )tiếp công dân|"
    r"(?<!và )(?<!, )phản biện|đăng ký|khuyến khích|chấp hành|có văn bản|gương mẫu|đề cao|phải|cần|có kế hoạch|"
    r"(?<=[a-zà-ỹ] )(?:Chủ trì|Phối hợp|Tham mưu|Triển khai|Căn cứ|Chủ động|Tiếp tục|Tăng cường|Thực hiện|"
    r"Xây dựng(?= (?:kế hoạch|các|chương|chuyên))|Tổ chức(?= (?:triển khai|thực hiện|tuyên truyền))))(?!\w)"
)
_LEAD = re.compile(
    r"(?:giao(?: cho)?|de nghi|yeu cau|phan cong|doi voi|nhiem vu cua|trach nhiem cua|kinh de nghi|"
    r"uy quyen cho)\s*:?\s+"
)
# "Căn cứ Kế hoạch này," / "Trên cơ sở chức năng, nhiệm vụ được giao," before the body.
_GROUND = re.compile(
    r"(?:(?:can cu|tren co so|de (?:trien khai|thuc hien)|sau khi|ket thuc|dinh ky|"
    r"hang (?:nam|quy|thang)|trong qua trinh)\b"
    r"[^:;.()]{3,150}?|(?:hang (?:nam|quy|thang)|dinh ky)),\s+(?:(?:de nghi|yeu cau|giao)\s+)?(?=" + AGENCY + r"(?!\w))"
)
_NOT_BODY = re.compile(
    r"(?:che do|kinh phi|thoi gian|cong tac|ve |noi dung|nhiem vu(?! cua)|giai phap|to chuc|"
    r"phan cong nhiem vu|bao cao|thong tin|"
    r"muc|yeu cau$|cac noi dung|cac nhiem vu|doi tuong|quy trinh|phan cong thuc hien|so ket|tong ket|kiem tra)"
)
# "Đơn vị thực hiện: ..." below a task is the name of a column, no body.
_COLUMN_NAME = re.compile(r"(?:co quan|don vi|bo phan)\s+(?:chu tri|thuc hien|phoi hop)[^:;.]{0,20}:")
_LONGEST_BODY = 170
_SHORTEST_DUTY = 20  # characters; less, above a list, only opens it ("Đề nghị UBND xã phối hợp")
_LONGEST_LIST = 320  # characters of a list of bodies before their verb


@dataclass(slots=True)
class Placed:
    """A paragraph of the plan with the body it speaks to, for the reporting duties."""

    text: str
    body: str | None = None
    organised: bool = False
    quote: str | None = None
    group: int = 0  # the heading it stands under
    lead: str | None = None  # the words on reports, ending in a colon, under which it is listed


@dataclass(slots=True)
class _Found:
    body: str
    duties: list[str] = field(default_factory=list)


def split_body(text: str) -> tuple[str, str] | None:
    """(body, duty) of a sentence that begins with an agency ("Phòng A chủ trì ..."), or None.

    "Căn cứ Kế hoạch này, các phòng xây dựng ...": the body may stand behind what it acts upon.
    """
    folded = fold_same(text)
    ground = _GROUND.match(folded)
    start = ground.end() if ground else 0
    start = match.end() if (match := _LEAD.match(folded, start)) else start
    if not AGENCY_START.match(folded, start) or _COLUMN_NAME.match(folded, start):
        return None
    colon = text.find(":", start, start + _LONGEST_LIST)
    verb = _VERB.search(text, start + 2, start + _LONGEST_LIST + 20)
    if colon >= 0 and (verb is None or colon < verb.start() or _acts_behind(text, colon, verb)):
        return tidy(text[start:colon]), tidy(text[colon + 1 :])
    named_so = verb is not None and verb[0] == "chủ trì" and re.match(r"(?:cac|nhung|don vi|co quan)\b", folded[start:])
    if verb is not None and named_so and (more := _VERB.match(text, verb.end() + 1)):
        verb = more  # "Các đơn vị chủ trì căn cứ ...": the word belongs to the body
    if verb is not None and re.search(
        r"(?:liên quan|trách nhiệm) (?:tới|đến|trong) việc $", text[start : verb.start()]
    ):
        verb = _VERB.search(text, verb.end(), start + _LONGEST_LIST) or verb
    if verb is None or verb.start() - start > _LONGEST_LIST:
        return None
    body = tidy(text[start : verb.start()]).rstrip(" ,:-–")
    body = re.sub(r",?\s+(?:và|để|cần|phải|sẽ|được)$", "", body)
    body = re.split(r"\s(?:yêu cầu|đề nghị|giao)\s", body)[-1]  # "UBND xã yêu cầu các thôn ...": the thôn act
    if body.count("(") != body.count(")") or re.search(r"\.\s+[A-ZĐÀ-Ỹ]|\sthì\s", body):
        return None
    return (body, tidy(text[verb.start() :])) if len(body) > 3 else None


def _acts_behind(text: str, colon: int, verb: re.Match[str]) -> bool:
    """ "Trưởng Ban Xây dựng Đảng: Phụ trách chung ...": what stands behind the colon is what the body does."""
    behind = text[colon + 1 :].lstrip()
    acts = re.match(r"Phụ trách|Chịu trách nhiệm|Trực tiếp", behind) or (
        behind[:1].isupper() and _VERB.match(behind[:1].lower() + behind[1:])
    )
    return bool(acts) and not re.search(r"[;.]", text[verb.start() : colon]) and colon < _LONGEST_BODY


def begins_with_ground(text: str) -> bool:
    """True for "Căn cứ Kế hoạch này, các đơn vị ..."."""
    return _GROUND.match(fold_same(text)) is not None


def as_body(title: str) -> tuple[str, str] | None:
    """(body, first duty) of a heading that names a body, or None for one that names a matter."""
    folded = fold_same(title)
    start = match.end() if (match := _LEAD.match(folded)) else 0
    if _NOT_BODY.match(folded, start) or not AGENCY_START.match(folded, start) or _COLUMN_NAME.match(folded, start):
        return None
    split = split_body(title)
    if split is not None and not is_caps(title):
        names = split[1][:1].isupper() and ":" in title and _VERB.search(split[1].lower()) is None
        return split if not names else (tidy(title[start:]), "")  # "UBND các xã: Hải An, Hải Khê"
    return tidy(title[start:]), ""


def assignments_of(root: Node) -> tuple[Assignment, ...]:
    """Every body with its duties, in the order of the text; the rows of table plans after them."""
    found: list[_Found] = []
    for head in _heads(root):
        _collect(head, found)
    by_name = {item.body: item for item in reversed(found)}
    for node in root.children:
        for table in [] if is_form(node) else tables_below(node):
            if table.body is None:
                continue
            for row in table.rows:
                if row.body and row.text:
                    duty = f"{row.text} ({row.time})" if row.time else row.text
                    known = by_name.get(row.body)
                    if known is None:
                        known = by_name[row.body] = _Found(row.body)
                        found.append(known)
                    known.duties.append(duty)
    for body, duty in _labelled(root):
        known = by_name.get(body)
        if known is None:
            known = by_name[body] = _Found(body)
            found.append(known)
        known.duties.append(duty)
    return tuple(Assignment(item.body, tuple(item.duties)) for item in found)


_IN_CHARGE = re.compile(
    r"(?:(?:don vi|co quan|bo phan|ca nhan|nguoi) )?(?:chu tri|thuc hien chinh)(?: thuc hien| tham muu)?\s*:\s*"
)
_IN_CHARGE_INSIDE = re.compile(r"(?<=[.;(] )(?:don vi|co quan|bo phan) (?:chu tri|thuc hien)(?: thuc hien)?\s*:\s*")
_IN_TIME = re.compile(r"(?:thoi gian|thoi han|tien do)(?: (?:thuc hien|hoan thanh))?\s*:\s*")


def _labelled(root: Node) -> Iterator[tuple[str, str]]:
    """(body, work) of items with lines such as "Đơn vị chủ trì: Phòng A; Thời gian: Quý I" below them."""
    for top in root.children:
        if is_form(top):
            continue
        for node in top.walk():
            body = time = None
            for child in node.children:
                text = child.para.text
                if child.section or child.para.kind in TABLE:
                    continue
                if match := _IN_CHARGE.match(fold_same(text)):
                    body = re.split(r"[;.](?:\s|$)", text[match.end() :])[0]
                elif match := _IN_TIME.match(fold_same(text)):
                    time = text[match.end() :].rstrip(" .;")
            work = node.title if node.section else node.para.text
            if not node.section and body is None and (match := _IN_CHARGE_INSIDE.search(fold_same(work or ""))):
                text = work or ""
                body = re.split(r"[;.](?:\s|$)", text[match.end() :])[0]
                during = _IN_TIME.search(fold_same(text))
                time = re.split(r"[;.](?:\s|$)", text[during.end() :])[0] if during else None
                work = text[: min(match.start(), during.start() if during else match.start())]
            if body and work and 3 < len(body) <= _LONGEST_BODY:
                yield body, f"{work.rstrip(' .;:')} ({time})" if time else work.strip()


def _heads(root: Node) -> list[Node]:
    heads: list[Node] = []

    def visit(node: Node) -> None:
        for child in node.children:
            if is_form(child):
                continue
            if child.section and is_organisation(child) and not _lists_tasks(child):
                heads.append(child)
            else:
                visit(child)

    visit(root)
    return heads


def _lists_tasks(node: Node) -> bool:
    """True for "II. NỘI DUNG, TIẾN ĐỘ, PHÂN CÔNG TRÁCH NHIỆM" whose numbered items are matters, no bodies."""
    if not re.match(r"(?:noi dung|nhiem vu)\b", node.folded_title):
        return False
    numbered = [child for child in node.children if child.section or child.para.kind in NUMBERED]
    return bool(numbered) and sum(1 for child in numbered if _named(child)) < 0.5 * len(numbered)


def _collect(head: Node, found: list[_Found]) -> None:
    """Read the bodies below one heading; a heading that is none (mere "Phân công nhiệm vụ") is looked into."""
    open_body: _Found | None = None
    if head.rest:
        _sentence(head.rest, found)
    for node in head.children:
        kind = node.para.kind
        if kind in TABLE:
            continue
        if kind in NUMBERED or node.section:
            named = _named(node)
            if named and _names_all(node):
                named = None  # "Trách nhiệm của các đơn vị": the bodies stand one step deeper
            if named is None and not node.section and node.children:
                named = as_body(node.para.text.rstrip(" :"))
            if named is not None:
                first = "" if node.children and len(named[1]) < _SHORTEST_DUTY else named[1]
                open_body = _Found(named[0], [first] if first else [])
                open_body.duties += [node.rest] if node.rest else []
                found.append(open_body)
                inside, asked = _asked_apart(node)
                open_body.duties += inside
                found += asked
            else:
                open_body = None
                if node.section or node.children:
                    _collect(node, found)
            continue
        text = node.para.text
        if kind in BULLETS or kind == "text":
            named = split_body(text)
            short = as_body(text.rstrip(" :.")) if len(text) <= _LONGEST_BODY and not text.endswith(";") else None
            if named is None and short is not None and (text.endswith(":") or node.children or kind == "text"):
                named = short
            if named is not None:
                open_body = _Found(named[0], [named[1]] if named[1] else [])
                open_body.duties += _duties(node)
                found.append(open_body)
            elif open_body is not None and (kind in BULLETS or kind == "text"):
                open_body.duties.append(node.full_text())


def _asked_apart(node: Node) -> tuple[list[str], list[_Found]]:
    """The duties below a body, and the bodies asked in paragraphs of their own behind its list ("Đề nghị ...")."""
    asked: list[_Found] = []
    inside = list(node.children)
    bulleted = any(child.para.kind in BULLETS for child in inside)
    while bulleted and inside and inside[-1].para.kind == "text":
        text = inside[-1].para.text
        named = split_body(text) if re.match(r"(?:de nghi|yeu cau|giao) ", fold_same(text)) else None
        if named is None:
            break
        asked.insert(0, _Found(named[0], [named[1]]))
        inside.pop()
    return [child.full_text() for child in inside if child.para.kind not in TABLE], asked


def _named(node: Node) -> tuple[str, str] | None:
    """(body, first duty) of a numbered paragraph or a heading."""
    if not node.section:
        return split_body(node.para.text)
    named = as_body(node.title or "")
    return (tidy(node.title or ""), "") if named and named[1] and _is_whole_name(node) else named


def _is_whole_name(node: Node) -> bool:
    """True for a heading such as "2. Các phòng chủ trì nội dung thành phần": what they do tells which ones."""
    plural = re.match(r"(?:cac|nhung)\b", node.folded_title) is not None
    return plural and bool(node.children) and not node.para.text.rstrip().endswith((":", ".", ";"))


def _names_all(node: Node) -> bool:
    return re.match(r"(?:trach nhiem|nhiem vu) cua", node.folded_title) is not None and any(
        split_body(child.para.text) or child.section for child in node.children
    )


def _sentence(text: str, found: list[_Found]) -> None:
    named = split_body(text)
    if named is not None:
        found.append(_Found(named[0], [named[1]]))


def _duties(node: Node) -> list[str]:
    """The duties below a body: its direct items, each with what stands deeper joined to it."""
    return [child.full_text() for child in node.children if child.para.kind not in TABLE]


# Headings under which a plan tells what has been done: no duty stands there.
_LOOKS_BACK = re.compile(
    r"(?:danh gia|(?:mot so )?ket qua (?:dat duoc|thuc hien|chu yeu|noi bat|cong tac)|tinh hinh|dac diem|thuc trang|"
    r"(?:ton tai|han che)\b)"
)


def _opens_reports(text: str) -> bool:
    """ "Các đơn vị báo cáo về Phòng A như sau:": addressee and sender of the dates listed below."""
    return text.rstrip().endswith(":") and re.search(r"\bbao cao\b", fold_same(text)) is not None


def placed_paragraphs(root: Node) -> Iterator[Placed]:
    """Every paragraph with the body it stands under, in the order of the text."""

    def visit(
        node: Node, body: str | None, organised: bool, lead: str | None, home: tuple[int, bool]
    ) -> Iterator[Placed]:
        running = body  # a body named on a line of its own holds for the list after it
        opener = lead
        for child in node.children:
            if is_form(child) or (child.section and _LOOKS_BACK.match(child.folded_title)):
                continue
            inside = organised or (child.section and is_organisation(child))
            owner = running
            kind = child.para.kind
            if inside and (kind in NUMBERED or child.section) and not (child.section and is_organisation(child)):
                named = _named(child)
                running = owner = named[0] if named else (body if not child.section else None)
            elif inside and len(text := child.para.text) <= _LONGEST_BODY and (text.endswith(":") or kind == "text"):
                named = as_body(text.rstrip(" :."))
                if named and not named[1]:
                    running = owner = named[0]
            if kind in TABLE:
                continue
            own = child.rest if child.section else child.para.text
            under = opener if kind in BULLETS or kind in NUMBERED else None
            place = home
            if child.section and not home[1]:  # the items of a heading on reports speak together
                place = (id(child), "bao cao" in child.folded_title)
            yield Placed(own, owner, inside, group=place[0], lead=under)
            said = own if not child.section or child.rest else child.para.text
            opens = _opens_reports(said)
            if kind == "text":
                opener = own if opens else lead
            if child.section and child.title and "bao cao" in child.folded_title and len(child.title) > 60:
                yield Placed(said if opens else child.title, owner, inside)
            yield from visit(child, owner, inside, said if opens else None, place)

    yield from visit(root, None, False, None, (0, False))
    for node in root.children:
        for table in [] if is_form(node) else tables_below(node):
            for row in table.rows:
                sentence = f"{row.text}; thời hạn: {row.time}" if row.time else row.text
                yield Placed(sentence, row.body or None, False, row.raw)
