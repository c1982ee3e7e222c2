"""The words of deadlines, one by one."""

from __future__ import annotations

import pytest

from danvan_desktop.planning.bodies import Placed
from danvan_desktop.planning.due import last_day_text, scan
from danvan_desktop.planning.duties import reporting_of
from danvan_desktop.planning.model import Due

DUES = [
    ("chậm nhất ngày 17 tháng 12", Due("by", 17, 12), "12-17"),
    ("trước ngày 01/6", Due("before", 1, 6), "05-31"),
    ("trước 30/11/2026", Due("before", 30, 11, 2026), "2026-11-29"),
    ("trước ngày 05 tháng 12 hằng năm", Due("before", 5, 12), "12-04"),
    ("trước ngày 01 tháng 01 năm 2027", Due("before", 1, 1, 2027), "2026-12-31"),
    ("trước ngày 01/3/2028", Due("before", 1, 3, 2028), "2028-02-29"),
    ("trước 17h00 ngày 30/6", Due("by", 30, 6), "06-30"),
    ("chậm nhất 15h ngày 12/6/2026", Due("by", 12, 6, 2026), "2026-06-12"),
    ("chậm nhất là trước ngày 10/12", Due("before", 10, 12), "12-09"),
    ("từ ngày 10 đến ngày 15 tháng 12", Due("window", 15, 12, None, 10, 12), "12-15"),
    ("từ ngày 25/11 đến 05/12/2025", Due("window", 5, 12, 2025, 25, 11), "2025-12-05"),
    ("trước ngày 20 hằng tháng", Due("before", 20), None),
    ("ngày 15 của tháng cuối quý", Due("by", 15), None),
    ("trước ngày 14 tháng cuối quý", Due("before", 14), None),
    ("hoàn thành trong tháng 3/2026", Due("within", 31, 3, 2026, 1, 3), "2026-03-31"),
    ("trong Quý IV/2025", Due("within", 31, 12, 2025, 1, 10), "2025-12-31"),
    ("trong vòng 05 ngày làm việc kể từ ngày nhận", Due("within", 5), None),
    ("trước tháng 12", Due("before", 1, 12), "11-30"),
    ("vào ngày 28 hàng tháng", Due("by", 28), None),
    ("trước ngày 31/6", Due("before", 31, 6), "06-30"),
    ("chậm nhất ngày 31/6", Due("by", 31, 6), None),
    ("từ ngày 22 đến ngày 26 hằng tháng", Due("window", 26, None, None, 22), None),
    ("trong tuần đầu tháng 6", Due("within", 7, 6, None, 1, 6), "06-07"),
    ("trong ngày 15/3/2026", Due("by", 15, 3, 2026), "2026-03-15"),
    ("hằng tháng (ngày 24)", Due("by", 24), None),
]


@pytest.mark.parametrize(("words", "due", "last"), DUES, ids=[case[0] for case in DUES])
def test_a_deadline_is_read(words: str, due: Due, last: str | None) -> None:
    found = [item.due for item in scan(words) if item.due]
    assert found == [due]
    assert last_day_text(due) == last


@pytest.mark.parametrize(
    "words",
    [
        "ngày 45/6",
        "trước ngày 12/13",
        "(số liệu tính từ ngày 12/12 năm trước đến ngày 11/6)",
        "Chỉ thị số 33/CT-TTg ngày 26/11/2021 của Thủ tướng",
        "báo cáo 6 tháng từ ngày 14/12 năm trước đến ngày 13/6",
    ],
)
def test_no_deadline_is_made_up(words: str) -> None:
    assert [item.due for item in scan(words) if item.due] == []


# (sentence, [(from, to, via, cycle, last day)])
SENTENCES: list[tuple[str, list[tuple[str | None, str | None, str | None, str, str | None]]]] = [
    (
        "Báo cáo kết quả về UBND phường chậm nhất vào ngày 04 tháng 6 (báo cáo 6 tháng) và ngày 04 tháng 12 (báo cáo "
        "năm).",
        [
            (None, "UBND phường", None, "half_year", "06-04"),
            (None, "UBND phường", None, "year", "12-04"),
        ],
    ),
    (
        "Chế độ báo cáo: Định kỳ 6 tháng (trước 11/6), 01 năm (trước 11/12) và đột xuất (khi có yêu cầu) gửi về Sở.",
        [
            (None, "Sở", None, "half_year", "06-10"),
            (None, "Sở", None, "year", "12-10"),
            (None, "Sở", None, "ad_hoc", None),
        ],
    ),
    (
        "Báo cáo quý I (trước 14/3), quý II và 6 tháng (trước 14/6), quý III và 9 tháng (trước 14/9), quý IV và năm "
        "(trước 14/12) gửi về UBND thành phố.",
        [
            (None, "UBND thành phố", None, "quarter", "03-13"),
            (None, "UBND thành phố", None, "half_year", "06-13"),
            (None, "UBND thành phố", None, "nine_months", "09-13"),
            (None, "UBND thành phố", None, "year", "12-13"),
        ],
    ),
    (
        "Các trường lập kế hoạch gửi về Phòng Giáo dục trước ngày 20/02/2026; định kỳ báo cáo 6 tháng trước ngày 08/6.",
        [
            ("Các trường", "Phòng Giáo dục", None, "once", "2026-02-19"),
            ("Các trường", "Phòng Giáo dục", None, "half_year", "06-07"),
        ],
    ),
    (
        "Báo cáo UBND tỉnh kết quả (qua Ban Dân chủ, Giám sát và Phản biện xã hội) trước ngày 09/11.",
        [(None, "UBND tỉnh", "Ban Dân chủ, Giám sát và Phản biện xã hội", "year", "11-08")],
    ),
    (
        "Các đơn vị gửi báo cáo về Phòng Văn hóa - Xã hội trước ngày 15/6 và 15/12.",
        [("Các đơn vị", "Phòng Văn hóa - Xã hội", None, "half_year", "06-14"),
         ("Các đơn vị", "Phòng Văn hóa - Xã hội", None, "year", "12-14")],
    ),
    (
        "Báo cáo quý (trước ngày 15 tháng cuối quý), 6 tháng (trước ngày 15/6), năm (trước 30/11) gửi Sở Nội vụ.",
        [(None, "Sở Nội vụ", None, "quarter", None), (None, "Sở Nội vụ", None, "half_year", "06-14"),
         (None, "Sở Nội vụ", None, "year", "11-29")],
    ),
    (
        "Định kỳ 6 tháng, hằng năm báo cáo kết quả về UBND xã (thông qua Phòng Văn hóa - Xã hội).",
        [(None, "UBND xã", "Phòng Văn hóa - Xã hội", "half_year", None),
         (None, "UBND xã", "Phòng Văn hóa - Xã hội", "year", None)],
    ),
    (
        "Báo cáo đột xuất khi có yêu cầu của UBND tỉnh gửi về Sở Nội vụ.",
        [(None, "Sở Nội vụ", None, "ad_hoc", None)],
    ),
    (
        "Các thôn báo cáo UBND xã trước ngày 20/5; Phòng Văn hóa - Xã hội tổng hợp báo cáo Sở Nội vụ trước ngày 01/6.",
        [("Các thôn", "UBND xã", None, "half_year", "05-19"),
         ("Phòng Văn hóa - Xã hội", "Sở Nội vụ", None, "half_year", "05-31")],
    ),
    (
        "Gửi báo cáo 6 tháng trước ngày 25/5, báo cáo năm trước ngày 25/10 về Văn phòng Sở để tổng hợp báo cáo "
        "Sở Nội vụ trước ngày 05/6 và 05/11.",
        [(None, "Văn phòng Sở", None, "half_year", "05-24"), (None, "Văn phòng Sở", None, "year", "10-24"),
         ("Văn phòng Sở", "Sở Nội vụ", None, "half_year", "06-04"),
         ("Văn phòng Sở", "Sở Nội vụ", None, "year", "11-04")],
    ),
    (
        "Báo cáo 9 tháng trước ngày 05/9 gửi Sở Nội vụ.",
        [(None, "Sở Nội vụ", None, "nine_months", "09-04")],
    ),
    (
        "Phòng Kinh tế báo cáo Chủ tịch UBND xã kết quả trước ngày 30/11/2026.",
        [("Phòng Kinh tế", "Chủ tịch UBND xã", None, "once", "2026-11-29")],
    ),
    (
        "Gửi báo cáo về Sở Nội vụ trước ngày 15 của tháng cuối quý, riêng báo cáo năm gửi trước ngày 05/12.",
        [(None, "Sở Nội vụ", None, "quarter", None), (None, "Sở Nội vụ", None, "year", "12-04")],
    ),
    (
        "Báo cáo 6 tháng đầu năm (trước 05/6/2025), năm 2025 (trước ngày 05/11/2025) về Sở Nội vụ.",
        [(None, "Sở Nội vụ", None, "half_year", "2025-06-04"), (None, "Sở Nội vụ", None, "year", "2025-11-04")],
    ),
    (
        "Thực hiện báo cáo quý I, 6 tháng, 9 tháng và cả năm về UBND xã qua Phòng Văn hóa - Xã hội.",
        [(None, "UBND xã", "Phòng Văn hóa - Xã hội", cycle, None)
         for cycle in ("quarter", "half_year", "nine_months", "year")],
    ),
    (
        "Sở Nội vụ chủ trì theo dõi, tham mưu sơ kết 6 tháng, tổng kết năm, báo cáo Tỉnh ủy.",
        [("Sở Nội vụ", "Tỉnh ủy", None, "half_year", None), ("Sở Nội vụ", "Tỉnh ủy", None, "year", None)],
    ),
    (
        "Ủy ban nhân dân xã yêu cầu các thôn báo cáo Phòng Kinh tế trước ngày 10/6.",
        [("các thôn", "Phòng Kinh tế", None, "half_year", "06-09")],
    ),
    (
        "Gửi báo cáo quý I trước ngày 12/3, 6 tháng trước ngày 12/6, quý III trước ngày 12/9 về Phòng Kinh tế.",
        [(None, "Phòng Kinh tế", None, "quarter", "03-11"), (None, "Phòng Kinh tế", None, "half_year", "06-11"),
         (None, "Phòng Kinh tế", None, "quarter", "09-11")],
    ),
    (
        "Báo cáo (hằng tháng trước ngày 17; quý trước ngày 14 của tháng cuối quý; năm trước ngày 03/12) gửi Sở Y tế.",
        [(None, "Sở Y tế", None, "month", None), (None, "Sở Y tế", None, "quarter", None),
         (None, "Sở Y tế", None, "year", "12-02")],
    ),
    (
        "Các trường gửi báo cáo 6 tháng, 1 năm về Sở Văn hóa, Thể thao và Du lịch trước ngày 04/6 và 04/12 hằng năm.",
        [("Các trường", "Sở Văn hóa, Thể thao và Du lịch", None, "half_year", "06-03"),
         ("Các trường", "Sở Văn hóa, Thể thao và Du lịch", None, "year", "12-03")],
    ),
    (
        "Kết quả thực hiện báo cáo về Công an tỉnh (qua Phòng Tham mưu).",
        [(None, "Công an tỉnh", "Phòng Tham mưu", "unknown", None)],
    ),
    (
        "Nếu có khó khăn, vướng mắc, đề nghị các thôn kịp thời phản ánh về Phòng Kinh tế để tổng hợp.",
        [("các thôn", "Phòng Kinh tế", None, "event", None)],
    ),
    (
        "Chậm nhất ngày 19 tháng 11 hằng năm các phòng báo cáo kết quả về Văn phòng Sở.",
        [("các phòng", "Văn phòng Sở", None, "year", "11-19")],
    ),
    (
        "Yêu cầu các phòng, đơn vị; các buôn báo cáo UBND xã trước ngày 21/5 (báo cáo 6 tháng).",
        [("các phòng, đơn vị; các buôn", "UBND xã", None, "half_year", "05-20")],
    ),
    (
        "Gửi về Phòng Nội vụ báo cáo trước ngày 29 tháng 5 (đối với 6 tháng) và ngày 28 tháng 11 (đối với cả năm).",
        [(None, "Phòng Nội vụ", None, "half_year", "05-28"), (None, "Phòng Nội vụ", None, "year", "11-27")],
    ),
    (
        "Các đơn vị gửi kế hoạch về UBND xã trước ngày 27/02/2026; 6 tháng báo cáo UBND xã chậm nhất ngày 09/6.",
        [("Các đơn vị", "UBND xã", None, "once", "2026-02-26"), ("Các đơn vị", "UBND xã", None, "half_year", "06-09")],
    ),
    (
        "Sở Y tế báo cáo Tỉnh ủy, HĐND, UBND tỉnh trước ngày 17/5 hoặc khi có yêu cầu.",
        [("Sở Y tế", "Tỉnh ủy, HĐND, UBND tỉnh", None, "half_year", "05-16"),
         ("Sở Y tế", "Tỉnh ủy, HĐND, UBND tỉnh", None, "ad_hoc", None)],
    ),
    ("Báo cáo đột xuất khi có yêu cầu của cấp trên.", [(None, None, None, "ad_hoc", None)]),
    (
        "Lập dự toán báo cáo Sở Tài chính trình UBND tỉnh phê duyệt.",
        [(None, "Sở Tài chính", None, "unknown", None)],
    ),
    (
        "Báo cáo Ban Chỉ đạo các Chương trình mục tiêu quốc gia tỉnh kết quả trước ngày 02/12.",
        [(None, "Ban Chỉ đạo các Chương trình mục tiêu quốc gia tỉnh", None, "year", "12-01")],
    ),
    ("Thời gian báo cáo hằng năm tính từ ngày 16/11 năm trước đến ngày 15/11 năm sau.", []),
    ("Báo cáo về công tác dân vận cần ngắn gọn, có số liệu.", []),
    ("Thực hiện tốt công tác phối hợp với các đoàn thể trước ngày 15/6.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[case[0][:60] for case in SENTENCES])
def test_reporting_duties_of_a_sentence(
    sentence: str, expected: list[tuple[str | None, str | None, str | None, str, str | None]]
) -> None:
    found = reporting_of([Placed(sentence)], 2026)
    assert [(item.sender, item.receiver, item.via, item.cycle, item.last_day) for item in found] == expected
    assert all(item.quote == sentence for item in found)
