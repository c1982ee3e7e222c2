"""A realistic half-year report for the tests of this room: three kinds of office, some eight pages."""

from __future__ import annotations

from danvan_desktop.reporting.model import (
    Annex,
    Figure,
    Head,
    Paragraph,
    ReportDocument,
    ReportSection,
    Run,
    Signature,
    TableColumn,
    TableRow,
)

COMMUNE_HEAD = Head(
    superior_lines=(),
    issuer_lines=("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"),
    symbol="BC-UBND",
    place="Vĩnh Thủy",
    type_name="BÁO CÁO",
    abstract=(
        "Kết quả thực hiện công tác dân vận chính quyền 6 tháng đầu năm 2026\n"
        "và phương hướng, nhiệm vụ 6 tháng cuối năm 2026"
    ),
    addressees=("Ủy ban nhân dân tỉnh Quảng Trị (qua Sở Nội vụ)",),
)
AGENCY_HEAD = Head(
    superior_lines=("UBND XÃ VĨNH THỦY",),
    issuer_lines=("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",),
    symbol="BC-TTPVHCC",
    place="Vĩnh Thủy",
    type_name="BÁO CÁO",
    abstract="Kết quả thực hiện công tác dân vận chính quyền 6 tháng đầu năm 2026",
    addressees=("Ủy ban nhân dân xã Vĩnh Thủy", "Phòng Văn hóa - Xã hội"),
)
DEPARTMENT_HEAD = Head(
    superior_lines=("ỦY BAN NHÂN DÂN", "TỈNH QUẢNG TRỊ"),
    issuer_lines=("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",),
    symbol="BC-SNNMT",
    place="Quảng Trị",
    type_name="BÁO CÁO",
    abstract="Kết quả công tác dân vận năm 2026",
    addressees=("Sở Nội vụ",),
)
COMMUNE_SIGNATURE = Signature(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Nguyễn Thị Minh Nguyệt")
AGENCY_SIGNATURE = Signature(("GIÁM ĐỐC",), "Trần Quốc Tuấn")
DEPARTMENT_SIGNATURE = Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Lê Thị Ngọc Ánh")

_AREAS = (
    (
        "Công tác lãnh đạo, chỉ đạo, triển khai thực hiện",
        "Trong kỳ đã ban hành 18 văn bản chỉ đạo, triển khai (gồm 05 kế hoạch, 11 công văn, "
        "02 thông báo), tăng 12,5 % "
        "so với cùng kỳ năm trước; 12/12 cơ quan, đơn vị trực thuộc xây dựng kế hoạch công tác dân vận năm 2026.",
    ),
    (
        "Công tác tuyên truyền, nâng cao nhận thức",
        "Tổ chức 64 cuộc tuyên truyền với 5.218 lượt người tham dự; đăng, phát 143 tin, bài "
        "trên hệ thống truyền thanh và "
        "trang thông tin điện tử của xã. Nội dung tập trung vào Chỉ thị số 33/CT-TTg ngày "
        "26/11/2021 của Thủ tướng Chính phủ.",
    ),
    (
        "Phong trào thi đua “Dân vận khéo”",
        "Đăng ký 14 mô hình (kinh tế 06, văn hóa - xã hội 04, quốc phòng - an ninh 02, xây "
        "dựng hệ thống chính trị 02); "
        "11 mô hình triển khai hiệu quả, công nhận 07 mô hình, nhân rộng 03 mô hình.",
    ),
    (
        "Cải cách hành chính, tổ chức bộ máy, chuyển đổi số",
        "Tiếp nhận 8.642 hồ sơ (trực tuyến 6.913 hồ sơ, đạt 79,99 %); đã giải quyết 8.507 hồ "
        "sơ, đúng và trước hạn 8.459 hồ sơ "
        "(99,44 %), quá hạn 48 hồ sơ; tỷ lệ hài lòng của người dân, tổ chức đạt 97,2 %.",
    ),
    (
        "Thực hiện dân chủ ở cơ sở; đạo đức, kiểm tra công vụ",
        "Công khai 15/15 nội dung theo Điều 11 Luật Thực hiện dân chủ ở cơ sở, đúng hạn 93,33 "
        "%; tổ chức 22 cuộc họp cộng đồng "
        "dân cư với 2.140 lượt hộ tham dự. Trong kỳ không phát sinh trường hợp cán bộ, công "
        "chức vi phạm đạo đức công vụ.",
    ),
    (
        "Tiếp công dân, đối thoại; giải quyết khiếu nại, tố cáo, kiến nghị, phản ánh",
        "Tiếp 96 lượt/118 người, 74 vụ việc (thường xuyên 61 lượt, Chủ tịch tiếp định kỳ 35 "
        "lượt); nhận 52 đơn, thuộc thẩm quyền "
        "41 đơn, đã giải quyết 39 đơn (95,12 %); đối thoại 02 cuộc, 310 lượt người, 47 ý "
        "kiến, giải quyết 45 ý kiến.",
    ),
    (
        "Nắm tình hình Nhân dân; đổi mới phương thức; tập huấn",
        "Nắm 09 vấn đề dư luận quan tâm, đã xử lý 08 vấn đề; cử 24 lượt cán bộ, công chức dự "
        "03 lớp bồi dưỡng nghiệp vụ dân vận.",
    ),
    (
        "Phối hợp với Mặt trận Tổ quốc và các tổ chức chính trị - xã hội",
        "Mặt trận Tổ quốc, các đoàn thể giám sát 06 cuộc, phản biện 04 dự thảo văn bản; tiếp "
        "thu, thực hiện 17/19 kiến nghị.",
    ),
)

_MORE = (
    "Ủy ban nhân dân xã đã chỉ đạo các cơ quan, đơn vị gắn việc thực hiện nhiệm vụ này với "
    "phong trào thi đua chào mừng Đại "
    "hội Đảng các cấp, phân công rõ người, rõ việc, rõ thời gian, rõ kết quả; hằng tháng "
    "kiểm điểm tiến độ tại phiên họp "
    "thường kỳ, kịp thời tháo gỡ khó khăn, vướng mắc của từng thôn, nhất là các thôn có dự án đi qua."
)


def body(key: str, text: str, style: str = "body") -> Paragraph:
    return Paragraph(key, (Run(text),), style)


def _area_sections() -> list[ReportSection]:
    out: list[ReportSection] = []
    for index, (title, text) in enumerate(_AREAS, 1):
        lead = Paragraph(f"area{index}.a", (Run("Kết quả nổi bật: ", bold=True), Run(text)))
        out.append(
            ReportSection(
                f"area{index}",
                2,
                f"{index}.",
                title,
                (
                    lead,
                    body(f"area{index}.b", _MORE),
                    body(
                        f"area{index}.c",
                        f"Mô hình tiêu biểu: “Chính quyền thân thiện, vì Nhân dân phục vụ” "
                        f"tại thôn Thủy Ba Tây, lĩnh vực {index}.",
                        "bullet",
                    ),
                    body(f"area{index}.d", "duy trì hằng tuần, có sự tham gia của 05 tổ dân vận cộng đồng.", "plus"),
                ),
            )
        )
    return out


def models_annex(rows: int, *, landscape: bool = False) -> Annex:
    """The list of "Dân vận khéo" models with a group title and a sum."""
    columns = (
        TableColumn("no", "TT", 8, "center"),
        TableColumn("name", "Tên mô hình", 52),
        TableColumn("village", "Thôn, đơn vị", 40),
        TableColumn("field", "Lĩnh vực", 26),
        TableColumn("people", "Số người hưởng lợi", 22, "right"),
        TableColumn("result", "Kết quả", 30),
    )
    lines = [TableRow("g1", ("I. Các mô hình đăng ký mới trong kỳ",), "group")]
    for index in range(1, rows + 1):
        lines.append(
            TableRow(
                f"r{index}",
                (
                    str(index),
                    f"Tuyến đường hoa kiểu mẫu số {index}",
                    "Thôn Thủy Ba Tây",
                    "Văn hóa - xã hội",
                    f"{1000 + index:,}".replace(",", "."),
                    "Triển khai hiệu quả",
                ),
            )
        )
    lines.append(TableRow("sum", ("", "Cộng", "", "", "12.345", ""), "total"))
    return Annex(
        "models", "Danh mục mô hình “Dân vận khéo”", columns, tuple(lines), landscape, "Ghi chú: số liệu đến 15/5/2026."
    )


def documents_annex(rows: int) -> Annex:
    columns = (
        TableColumn("no", "TT", 8, "center"),
        TableColumn("symbol", "Số, ký hiệu", 30),
        TableColumn("date", "Ngày ban hành", 22, "center"),
        TableColumn("abstract", "Trích yếu", 90),
        TableColumn("issuer", "Cơ quan ban hành", 40),
    )
    lines = tuple(
        TableRow(
            f"d{index}",
            (
                str(index),
                f"{index:02d}/KH-UBND",
                "03/02/2026",
                "Kế hoạch thực hiện công tác dân vận chính quyền năm 2026 trên địa bàn xã Vĩnh Thủy",
                "UBND xã",
            ),
        )
        for index in range(1, rows + 1)
    )
    return Annex("documents", "Danh mục văn bản đã ban hành", columns, lines, landscape=True)


def sample(
    head: Head = COMMUNE_HEAD,
    signature: Signature = COMMUNE_SIGNATURE,
    *,
    office: str = "Ủy ban nhân dân xã Vĩnh Thủy",
    annexes: tuple[Annex, ...] | None = None,
    sections: tuple[ReportSection, ...] | None = None,
    closing: tuple[Paragraph, ...] | None = None,
    opening: tuple[Paragraph, ...] | None = None,
    bases: tuple[str, ...] | None = None,
    recipients: tuple[str, ...] | None = None,
) -> ReportDocument:
    """The half-year report of 2026; parts may be replaced."""
    if sections is None:
        sections = (
            ReportSection("context", 1, "I.", "Đặc điểm, tình hình", (body("context.a", _MORE),)),
            ReportSection("results", 1, "II.", "Kết quả thực hiện"),
            *_area_sections(),
            ReportSection("assessment", 1, "III.", "Đánh giá chung"),
            ReportSection("good", 2, "1.", "Ưu điểm", (body("good.a", _MORE),)),
            ReportSection("bad", 2, "2.", "Tồn tại, hạn chế"),
            ReportSection("bad.own", 3, "a)", "Hạn chế thuộc trách nhiệm của xã", (body("bad.own.a", _MORE),)),
            ReportSection("bad.else", 3, "b)", "Hạn chế khác", ()),
            ReportSection(
                "tasks", 1, "IV.", "Phương hướng, nhiệm vụ trọng tâm 6 tháng cuối năm", (body("tasks.a", _MORE),)
            ),
            ReportSection("wishes", 1, "V.", "Kiến nghị, đề xuất", (body("wishes.a", "Không phát sinh."),)),
        )
    return ReportDocument(
        id="01928f00-0000-7000-8000-000000000001",
        revision=1,
        regime="commune-to-province",
        period="2026-H1",
        window_from="2025-10-16",
        window_to="2026-05-15",
        office_id="01928f00-0000-7000-8000-0000000000aa",
        office_name=office,
        head=head,
        bases=bases
        if bases is not None
        else (
            "Căn cứ Chỉ thị số 33/CT-TTg ngày 26 tháng 11 năm 2021 của Thủ tướng Chính phủ "
            "về tiếp tục tăng cường và đổi mới "
            "công tác dân vận của cơ quan hành chính nhà nước, chính quyền các cấp trong tình hình mới",
            "Căn cứ Kế hoạch số 450/KH-UBND ngày 03 tháng 02 năm 2026 của Ủy ban nhân dân tỉnh Quảng Trị",
        ),
        opening=opening
        if opening is not None
        else (
            body(
                "opening",
                "Ủy ban nhân dân xã Vĩnh Thủy báo cáo "
                "kết quả thực hiện công tác dân vận chính quyền 6 tháng "
                "đầu năm 2026 (số liệu từ ngày 16/10/2025 đến ngày 15/5/2026) như sau:",
            ),
        ),
        sections=sections,
        closing=closing
        if closing is not None
        else (
            body(
                "closing",
                "Trên đây là báo cáo kết quả thực hiện công tác dân vận chính "
                "quyền 6 tháng đầu năm 2026, Ủy ban nhân "
                "dân xã Vĩnh Thủy kính báo cáo Ủy ban nhân dân tỉnh (chi tiết tại Phụ lục "
                "I và Phụ lục II kèm theo).",
            ),
        ),
        annexes=annexes if annexes is not None else (documents_annex(18), models_annex(40)),
        signature=signature,
        recipients=recipients
        if recipients is not None
        else (
            "Như trên",
            "Sở Nội vụ",
            "TT Đảng ủy, TT HĐND xã",
            "CT, PCT UBND xã",
            "UBMTTQVN xã",
            "Ban Xây dựng Đảng",
            "Lưu: VT, VHXH",
        ),
        figures=(
            Figure(
                "documents_issued",
                "documents_issued",
                "0" * 64,
                "Số văn bản đã ban hành",
                "văn bản",
                0,
                None,
                18,
                "value",
                previous=16,
                source="records",
            ),
            Figure(
                "on_time_rate",
                "on_time_rate",
                "1" * 64,
                "Tỷ lệ đúng hạn",
                "%",
                2,
                None,
                9944,
                "value",
                numerator=8459,
                denominator=8507,
                source="records",
            ),
            Figure(
                "complaints",
                "complaints",
                "2" * 64,
                "Số vụ việc khiếu nại",
                "vụ việc",
                0,
                None,
                None,
                "nil",
                source="records",
            ),
        ),
        catalog_version="2026.1",
        catalog_hash="f" * 64,
        due_on="2026-06-04",
    )
