"""The words of the command line (DESIGN §4); global options stand before or after the command."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from ..kernel.errors import UsageError

LONGEST_WAIT = 24 * 3600.0


class VietnameseParser(argparse.ArgumentParser):
    """An argument parser whose words for people are Vietnamese and whose errors are ours."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        kwargs["add_help"] = False
        kwargs["allow_abbrev"] = False  # an option is what it is called; scripts outlive new options
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through untouched
        self._positionals.title = "Đối số"
        self._optionals.title = "Tùy chọn"
        self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help="hiện trợ giúp này")

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            "usage",
            f"Lệnh viết chưa đúng{_in_words(message)}. Xem cách dùng bằng “{self.prog} --help”.",
            technical=message,
            prog=self.prog,
        )

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "Cách dùng:", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "Cách dùng:", 1)


_WORDS = (  # the standard parser's sentences, where they say more than that something is wrong
    (r"unrecognized arguments: (.*)", "không có tùy chọn, đối số “{}”"),
    (r"the following arguments are required: (.*)", "còn thiếu {}"),
    (r"argument (.*): invalid choice: (.*) \(choose from .*", "{0} không có giá trị {1}"),
    (r"argument (.*): expected one argument", "{} cần một giá trị"),
    (r"argument (.*): invalid .* value: (.*)", "{0} không nhận giá trị {1}"),
)


def _in_words(message: str) -> str:
    for pattern, words in _WORDS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return ": " + words.format(*(part[:80] for part in match.groups()))
    return ""


def _descriptor(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= LONGEST_WAIT:  # also no NaN
        raise ValueError(text)
    return seconds


def _globals(parser: argparse.ArgumentParser) -> None:
    """The global options; SUPPRESS keeps a value given before the command from being reset after it."""
    group = parser.add_argument_group("Tùy chọn chung")
    nothing = argparse.SUPPRESS
    group.add_argument("--home", metavar="THƯ_MỤC", default=nothing, help="thư mục dữ liệu của cơ quan")
    group.add_argument("--json", action="store_true", default=nothing, help="in kết quả dạng JSON, một đối tượng")
    group.add_argument("--user", metavar="TÊN", default=nothing, help="tài khoản (mặc định: tài khoản duy nhất)")
    for name, what in (
        ("password", "mật khẩu"),
        ("key-password", "mật khẩu khóa ký"),
        ("pin", "mã PIN"),
        ("recovery", "mã khôi phục"),
    ):
        group.add_argument(
            f"--{name}-fd",
            type=_descriptor,
            metavar="N",
            default=nothing,
            help=f"đọc {what} từ kênh N (0: đầu vào chuẩn)",
        )
    group.add_argument("--wait", type=_seconds, metavar="GIÂY", default=nothing, help="chờ khi dữ liệu đang được dùng")


class _Commands:
    def __init__(self, parent: argparse.ArgumentParser, dest: str) -> None:
        self._sub = parent.add_subparsers(dest=dest, metavar="LỆNH", title="Các lệnh", parser_class=VietnameseParser)

    def add(self, name: str, summary: str) -> argparse.ArgumentParser:
        parser = self._sub.add_parser(name, help=summary, description=summary)
        _globals(parser)
        return parser

    def group(self, name: str, summary: str) -> _Commands:
        parser = self.add(name, summary)
        commands = _Commands(parser, "subcommand")
        commands._sub.required = True
        return commands


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = VietnameseParser(
        prog="danvan", description="Sổ công tác dân vận chính quyền: ghi chép, báo cáo, trao đổi."
    )
    _globals(parser)
    parser.add_argument("--version", action="store_true", help="in phiên bản")
    top = _Commands(parser, "command")
    _office_commands(top)
    _work_commands(top)
    _report_commands(top)
    _paper_commands(top)
    _package_commands(top)
    return parser


def _office_commands(top: _Commands) -> None:
    top.add("demo", "dựng năm cơ quan mẫu cùng dữ liệu và báo cáo trong thư mục nêu ở --home")
    setup = top.add("setup", "thiết lập cơ quan từ tệp khai báo (mật khẩu tài khoản đầu tiên qua --password-fd)")
    setup.add_argument("--profile", required=True, metavar="TỆP.toml")
    top.add("self-test", "tự kiểm tra: tải danh mục, vẽ PDF, ký và xác minh gói")
    top.add("backup", "sao lưu dữ liệu").add_argument("--out", metavar="TỆP_HOẶC_THƯ_MỤC")
    top.add("restore", "khôi phục từ bản sao lưu vào thư mục --home còn trống").add_argument("file", metavar="TỆP")
    top.add("check", "kiểm tra dữ liệu")
    office = top.group("office", "thông tin và thẻ khóa của cơ quan")
    office.add("show", "xem thông tin cơ quan")
    office.add("export-key", "xuất thẻ khóa công khai").add_argument("--out", required=True, metavar="TỆP")
    office.add("confirm-clock", "xác nhận đồng hồ máy nay đã đúng, sau khi từng chạy nhanh")
    office.add("calendar", "xem lịch ngày nghỉ, ngày làm bù của năm").add_argument("--year", type=int, metavar="NĂM")
    day = office.add("set-day", "ghi ngày nghỉ, ngày làm bù theo văn bản, hoặc bỏ ngày khỏi bảng")
    day.add_argument("day", metavar="NGÀY")
    day.add_argument("--until", metavar="NGÀY", help="ngày cuối của một đợt")
    day.add_argument("--as", dest="kind", required=True, choices=("off", "working", "usual"))
    day.add_argument("--title", default="", metavar="CHỮ")
    day.add_argument("--source", default="", metavar="VĂN_BẢN")
    day.add_argument("--unconfirmed", action="store_true", help="chưa có văn bản xác nhận")
    office.add("dates", "xem kỳ số liệu và ngày cuối phải gửi của các báo cáo")
    outline = office.add("outline", "đề cương báo cáo theo cách viết của cơ quan: xem, sửa, trả về danh mục")
    outline.add_argument("act", choices=("list", "show", "edit", "reset"))
    outline.add_argument("outline", nargs="?", metavar="ĐỀ_CƯƠNG")
    outline.add_argument("--file", metavar="TỆP", help="edit: tệp đã sửa; show: ghi ra tệp thay vì màn hình")
    outline.add_argument("--shipped", action="store_true", help="show: lời của danh mục")
    dates = office.add("set-dates", "đặt kỳ số liệu, ngày cuối phải gửi theo yêu cầu của cấp trên")
    dates.add_argument("--regime", required=True, metavar="CHẾ_ĐỘ")
    dates.add_argument(
        "--cycle",
        required=True,
        metavar="LOẠI_KỲ",
        help="half_year, nine_months, quarter, year; của quý: các ngày của quý I",
    )
    dates.add_argument("--last-day", metavar="NGÀY/THÁNG", help="ngày cuối phải gửi, ví dụ 31/5; none: chưa có")
    dates.add_argument("--window", metavar="TỪ..ĐẾN", help="kỳ số liệu, ví dụ 16/10..15/5")
    dates.add_argument("--default", action="store_true", help="trở lại ngày của danh mục")
    for name, what in (("village", "thôn, tổ dân phố"), ("agency", "đơn vị")):
        places = office.add(name, f"sáp nhập, đổi tên {what}; tên cũ giữ theo ngày")
        places.add_argument("action", choices=("list", "merge", "rename", "history", "undo"), metavar="VIỆC",
                            help="list, merge, rename, history hoặc undo")  # fmt: skip
        places.add_argument("names", nargs="*", metavar="TÊN_HOẶC_MÃ")
        places.add_argument("--into", metavar="TÊN_HOẶC_MÃ", help="nơi nhận đã có trong danh sách")
        places.add_argument("--name", default="", metavar="TÊN", help="tên mới")
        places.add_argument("--short", default="", metavar="TÊN", help="tên viết tắt mới")
        places.add_argument("--on", metavar="NGÀY", help="ngày có hiệu lực (mặc định: hôm nay)")
        places.add_argument("--source", default="", metavar="VĂN_BẢN")
    trust = top.group("trust", "các cơ quan được tin cậy")
    add = trust.add("add", "tin cậy thẻ khóa sau khi đã đối chiếu dấu vân tay qua điện thoại")
    add.add_argument("file", metavar="TỆP")
    add.add_argument("--office", required=True, metavar="MÃ")
    add.add_argument("--fingerprint", required=True, metavar="HEX")
    add.add_argument("--relation", choices=("parent", "child"))
    trust.add("list", "liệt kê các cơ quan được tin cậy")
    trust.add("pdf-add", "tin cậy nơi cấp chứng thư, hoặc nhận danh sách chứng thư bị thu hồi").add_argument(
        "file", metavar="TỆP"
    )
    trust.add("pdf-list", "liệt kê nơi cấp chứng thư và danh sách thu hồi")
    trust.add("pdf-remove", "thôi tin cậy").add_argument("id", metavar="MÃ")


def _work_commands(top: _Commands) -> None:
    due = top.add("due", "việc chưa xong đã quá hạn, sắp đến hạn: báo cáo, nhiệm vụ, thời hạn theo luật")
    due.add_argument("--until", metavar="NGÀY", help="đến hết ngày này (mặc định: như trang Việc đến hạn)")
    due.add_argument("--kind", choices=("report", "task", "term"), help="report báo cáo, task nhiệm vụ, term thời hạn")
    plan = top.group("plan", "kế hoạch")
    plan_import = plan.add("import", "đọc kế hoạch từ tệp txt, docx hoặc pdf")
    plan_import.add_argument("file", metavar="TỆP")
    how = plan_import.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="chỉ đọc thử, không lưu")
    how.add_argument("--replace", default="", metavar="MÃ", help="thay kế hoạch này, giữ việc đã ghi của nhiệm vụ cũ")
    plan.add("list", "liệt kê các kế hoạch đã lưu")
    printed = plan.add("print", "in kế hoạch theo thể thức văn bản hành chính")
    printed.add_argument("--out", required=True, metavar="TỆP.pdf")
    printed.add_argument("--docx", action="store_true", help="thêm tệp .docx cạnh tệp .pdf")
    printed.add_argument("--plan", default="", metavar="MÃ", help="mặc định: kế hoạch mới nhất")
    _task_commands(plan)
    targets = plan.add("targets", "xem chỉ tiêu kế hoạch của năm")
    targets.add_argument("--year", type=int, metavar="NĂM")
    targets.add_argument("--propose", action="store_true", help="chỉ tiêu tìm thấy trong lời kế hoạch, để xem xét")
    target = plan.add("set-target", "ghi chỉ tiêu kế hoạch của một chỉ tiêu (để trống giá trị là bỏ)")
    target.add_argument("indicator", metavar="CHỈ_TIÊU")
    target.add_argument("value", metavar="GIÁ_TRỊ")
    target.add_argument("--year", type=int, metavar="NĂM")
    target.add_argument("--source", default="", metavar="VĂN_BẢN")
    record = top.group("record", "ghi chép")
    add = record.add("add", "thêm bản ghi từ tệp JSON (dự thảo nếu không có --final)")
    add.add_argument("form", metavar="BIỂU")
    add.add_argument("file", metavar="TỆP.json")
    add.add_argument("--final", action="store_true", help="ghi chính thức")
    listing = record.add("list", "liệt kê bản ghi")
    listing.add_argument("form", metavar="BIỂU")
    listing.add_argument("--search", default="", metavar="CHỮ")
    listing.add_argument("--period", metavar="KỲ")
    export = record.add("export", "xuất danh sách bản ghi ra bảng tính (chỉ các trường công khai)")
    export.add_argument("form", metavar="BIỂU")
    export.add_argument("--out", required=True, metavar="TỆP.xlsx")
    export.add_argument("--period", metavar="KỲ")
    _import_commands(record)
    nil = record.add(
        "nil", "xác nhận “không phát sinh” trong kỳ của một biểu, một chỉ tiêu, hoặc mọi mục còn thiếu (all)"
    )
    nil.add_argument("scope", metavar="BIỂU|CHỈ_TIÊU|all")
    nil.add_argument("--period", required=True, metavar="KỲ")
    nil.add_argument("--regime", required=True, metavar="CHẾ_ĐỘ")
    register = top.group("register", "sổ theo mẫu và danh mục để in")
    register.add("list", "liệt kê các sổ, danh mục")
    book = register.add("export", "in một sổ của kỳ ra tệp .pdf hoặc .xlsx (việc xuất được ghi nhật ký)")
    book.add_argument("key", metavar="SỔ")
    book.add_argument("--period", required=True, metavar="KỲ")
    book.add_argument("--out", required=True, metavar="TỆP")
    indicators = top.add("indicators", "tính các chỉ tiêu của kỳ")
    _regime(indicators)
    indicators.add_argument("--check", action="store_true", help="kiểm tra chéo các số liệu, chỉ nêu điểm cần xem lại")
    _scoring_commands(top)
    excel = top.group("excel", "bảng tính")
    template = excel.add("template", "tạo mẫu nhập trống (.xlsx) của một biểu, có danh sách chọn và ghi chú")
    template.add_argument("form", metavar="BIỂU")
    template.add_argument("--out", required=True, metavar="TỆP.xlsx")
    _regime(top.add("consolidate", "tình hình gửi báo cáo và tổng hợp của cấp dưới"))


def _scoring_commands(top: _Commands) -> None:
    scoring = top.group("scoring", "tự chấm điểm, xếp loại")
    show = scoring.add("show", "xem điểm, xếp loại và điều còn thiếu")
    points = scoring.add("set", "chấm điểm một tiêu chí (để trống điểm là bỏ), ghi minh chứng")
    points.add_argument("place", metavar="TIÊU_CHÍ", help="mã tiêu chí; bonus: điểm thưởng; penalty: điểm trừ")
    points.add_argument("points", metavar="ĐIỂM", help="ví dụ 9,5")
    points.add_argument("--evidence", metavar="CHỮ", help="số, ngày văn bản làm minh chứng")
    happened = scoring.add("happened", "đánh dấu một việc hạn chế mức xếp loại")
    happened.add_argument("cap", metavar="VIỆC", help="khóa của việc, xem bằng scoring show")
    happened.add_argument("--no", action="store_true", help="bỏ đánh dấu")
    choose = scoring.add("choose", "chọn thang điểm của năm (none: không tự chấm)")
    choose.add_argument("scheme", metavar="THANG_ĐIỂM")
    for command in (show, points, happened, choose):
        command.add_argument("--year", type=int, metavar="NĂM", help="mặc định: năm nay")


def _task_commands(plan: _Commands) -> None:
    statuses = ("open", "doing", "done", "cancelled")
    board = plan.add("tasks", "nhiệm vụ của kế hoạch, quá hạn lên đầu")
    board.add_argument("--plan", default="", metavar="MÃ", help="mặc định: kế hoạch của năm nay")
    board.add_argument("--area", type=int, choices=range(1, 9), metavar="MẢNG", help="mảng công tác, 1 đến 8")
    board.add_argument("--body", metavar="TÊN_HOẶC_MÃ", help="cơ quan chủ trì")
    board.add_argument("--status", choices=statuses)
    board.add_argument("--overdue", action="store_true", help="chỉ nhiệm vụ quá hạn")
    task = plan.add("task", "xem một nhiệm vụ, ghi tiến độ, đánh dấu xong, gắn minh chứng")
    task.add_argument("id", metavar="MÃ")
    task.add_argument("--progress", type=int, metavar="PHẦN_TRĂM")
    task.add_argument("--status", choices=statuses)
    task.add_argument("--recurrence", choices=("none", "weekly", "monthly", "quarterly", "half_yearly", "yearly"))
    task.add_argument("--body", metavar="TÊN_HOẶC_MÃ", help="cơ quan chủ trì (để trống là bỏ)")
    task.add_argument("--helper", action="append", metavar="TÊN_HOẶC_MÃ", help="cơ quan phối hợp, lặp lại được")
    task.add_argument("--due", metavar="NGÀY", help="hạn (để trống là bỏ)")
    task.add_argument("--note", metavar="CHỮ")
    task.add_argument("--done", metavar="NGÀY", help="đã xong ngày này; nhiệm vụ lặp lại sang hạn tiếp theo")
    task.add_argument("--remark", default="", metavar="CHỮ", help="nhận xét của lần xong")
    task.add_argument("--undo-done", action="store_true", help="hoàn tác lần xong gần nhất")
    task.add_argument("--link", default="", metavar="BẢN_GHI", help="gắn bản ghi chứng minh")
    task.add_argument("--unlink", default="", metavar="BẢN_GHI", help="bỏ gắn")
    task.add_argument("--attach", default="", metavar="TỆP", help="thêm tệp minh chứng")
    task.add_argument("--detach", default="", metavar="TÊN_TỆP", help="bỏ tệp minh chứng")


def _import_commands(record: _Commands) -> None:
    take = record.add("import", "nhập bản ghi từ bảng tính: mẫu nhập hoặc bảng sẵn có (dự thảo nếu không có --final)")
    take.add_argument("file", metavar="TỆP.xlsx")
    take.add_argument("--form", metavar="BIỂU", help="mặc định: biểu của mẫu, hoặc biểu khớp tiêu đề nhất")
    take.add_argument("--sheet", default="", metavar="TRANG")
    take.add_argument("--head-row", type=int, metavar="DÒNG", help="dòng tiêu đề (dòng cuối nếu có hai dòng); 0: không")
    take.add_argument(
        "--map", action="append", default=[], metavar="TRƯỜNG=CỘT", help="sửa ghép cột, ví dụ held_on=C; note= bỏ cột"
    )
    take.add_argument("--unit", default="", metavar="ĐƠN_VỊ", help="đơn vị của các dòng không ghi đơn vị (tên hoặc mã)")
    how = take.add_mutually_exclusive_group()
    how.add_argument("--all-or-nothing", action="store_true", help="có lỗi thì không nhập dòng nào (mặc định)")
    how.add_argument("--good-rows", action="store_true", help="chỉ nhập các dòng không có lỗi")
    take.add_argument("--dry-run", action="store_true", help="chỉ đọc và kiểm tra, không lưu")
    take.add_argument("--annotated", metavar="TỆP.xlsx", help="ghi bản sao có ghi chú lỗi tại ô")
    take.add_argument("--final", action="store_true", help="ghi chính thức")
    take.add_argument("--again", action="store_true", help="nhập lại một tệp đã nhập")
    record.add("imports", "liệt kê các lần nhập từ bảng tính").add_argument("--form", metavar="BIỂU")
    record.add("undo-import", "hoàn tác cả một lần nhập").add_argument("id", metavar="MÃ")


def _regime(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--regime", required=True, metavar="CHẾ_ĐỘ")
    parser.add_argument("--period", required=True, metavar="KỲ")


def _report_commands(top: _Commands) -> None:
    report = top.group("report", "báo cáo")
    _regime(report.add("make", "dự thảo báo cáo của kỳ"))
    report.add("list", "liệt kê báo cáo")
    report.add("show", "xem nội dung báo cáo").add_argument("id", metavar="MÃ")
    edit = report.add("edit", "thay lời một mục bằng nội dung tệp")
    edit.add_argument("id", metavar="MÃ")
    edit.add_argument("--section", required=True, metavar="KHÓA")
    edit.add_argument("--file", required=True, metavar="TỆP")
    explain = report.add("explain", "ghi một dòng lý do cho số liệu (chưa có số liệu, tăng giảm bất thường)")
    explain.add_argument("id", metavar="MÃ")
    explain.add_argument("--figure", required=True, metavar="SỐ_LIỆU")
    explain.add_argument("--reason", required=True, metavar="LÝ_DO")
    estimate = report.add("estimate", "ước thực hiện cả năm của một số liệu trong báo cáo năm")
    estimate.add_argument("id", metavar="MÃ")
    estimate.add_argument("--figure", required=True, metavar="SỐ_LIỆU")
    estimate.add_argument("--more", required=True, metavar="SỐ", help="số ước thêm từ hết kỳ số liệu đến 31/12; 0: bỏ")
    report.add("refresh", "tính lại số liệu của dự thảo, giữ lời đã viết").add_argument("id", metavar="MÃ")
    charts = report.add("charts", "kèm phụ lục biểu đồ vào dự thảo")
    charts.add_argument("id", metavar="MÃ")
    charts.add_argument("--off", action="store_true", help="thôi kèm phụ lục biểu đồ")
    report.add("discard", "bỏ một dự thảo lập nhầm (bản đã chốt thì không bỏ được)").add_argument("id", metavar="MÃ")
    approve = report.add("approve", "phê duyệt và chốt báo cáo")
    approve.add_argument("id", metavar="MÃ")
    number = report.add("number", "lấy số, ngày cho báo cáo đã chốt")
    number.add_argument("id", metavar="MÃ")
    number.add_argument("--number", type=int, metavar="SỐ")
    number.add_argument("--date", metavar="NGÀY")
    number.add_argument("--electronic", action="store_true", help="giữ số để ký số (số trả lại được nếu thôi ký)")
    _signing_commands(report)
    render = report.add("render", "xuất PDF và bảng tính của báo cáo đã chốt")
    render.add_argument("id", metavar="MÃ")
    render.add_argument("--out", required=True, metavar="THƯ_MỤC")


def _signing_commands(report: _Commands) -> None:
    sign = report.add("sign", "ký số bản PDF của báo cáo đã chốt: người có thẩm quyền, rồi cơ quan")
    sign.add_argument("id", metavar="MÃ")
    key = sign.add_mutually_exclusive_group(required=True)
    key.add_argument("--key", metavar="TỆP", help="tệp khóa PKCS#12 (.p12, .pfx)")
    key.add_argument("--pkcs11", metavar="THƯ_VIỆN", help="thư viện PKCS#11 của thẻ ký")
    sign.add_argument("--as", dest="role", choices=("person", "agency"), default="person")
    sign.add_argument("--token", default="", metavar="TÊN", help="nhãn thẻ, khi cắm nhiều thẻ")
    sign.add_argument("--certificate", default="", metavar="TÊN", help="nhãn chứng thư, khi thẻ có nhiều chứng thư")
    sign.add_argument("--other-name", action="store_true", help="chứng thư mang tên khác văn bản, vẫn đúng người ký")
    stop = report.add("unsign", "thôi ký số, trả lại số đã giữ")
    stop.add_argument("id", metavar="MÃ")
    stop.add_argument("--reason", required=True, metavar="LÝ_DO")
    scan = report.add("scan", "đính kèm bản quét của báo cáo đã ký trên giấy")
    scan.add_argument("id", metavar="MÃ")
    scan.add_argument("file", metavar="TỆP")
    image = report.add("signature-image", "ghi nhớ ảnh chữ ký của người ký, hoặc ảnh con dấu")
    image.add_argument("file", metavar="TỆP")
    image.add_argument("--name", default="", metavar="HỌ_TÊN", help="người ký; để trống: con dấu cơ quan")
    image.add_argument("--seal-mm", type=int, default=36, metavar="MM", help="đường kính con dấu")
    check = report.add("signatures", "kiểm tra chữ ký số trong bản PDF")
    check.add_argument("id", metavar="MÃ_HOẶC_TỆP")


def _paper_commands(top: _Commands) -> None:
    paper = top.group("paper", "văn bản khác báo cáo: kế hoạch, công văn đôn đốc, thông báo, biên bản, tờ trình")
    paper.add("kinds", "liệt kê các loại văn bản lập được")
    make = paper.add("make", "lập dự thảo văn bản")
    make.add_argument("kind", metavar="LOẠI")
    make.add_argument("--record", action="append", default=[], metavar="MÃ", help="bản ghi, lặp lại được")
    make.add_argument("--regime", default="", metavar="CHẾ_ĐỘ")
    make.add_argument("--period", default="", metavar="KỲ")
    make.add_argument("--plan", default="", metavar="MÃ", help="kế hoạch (mặc định: kế hoạch mới nhất)")
    make.add_argument("--until", metavar="NGÀY", help="thời hạn mới ghi trong công văn đôn đốc")
    make.add_argument("--report", default="", metavar="MÃ", help="báo cáo đã ban hành cần đính chính")
    paper.add("list", "liệt kê văn bản")
    paper.add("show", "xem lời từng phần của văn bản").add_argument("id", metavar="MÃ")
    edit = paper.add("edit", "thay lời một phần bằng nội dung tệp")
    edit.add_argument("id", metavar="MÃ")
    edit.add_argument("--section", required=True, metavar="KHÓA")
    edit.add_argument("--file", required=True, metavar="TỆP")
    paper.add("approve", "phê duyệt văn bản: từ đó không sửa nữa").add_argument("id", metavar="MÃ")
    number = paper.add("number", "lấy số, ngày cho văn bản đã phê duyệt")
    number.add_argument("id", metavar="MÃ")
    number.add_argument("--number", type=int, metavar="SỐ")
    number.add_argument("--date", metavar="NGÀY")
    paper.add("discard", "bỏ một dự thảo lập nhầm").add_argument("id", metavar="MÃ")
    render = paper.add("render", "xuất PDF và DOCX của văn bản đã phê duyệt")
    render.add_argument("id", metavar="MÃ")
    render.add_argument("--out", required=True, metavar="THƯ_MỤC")


def _package_commands(top: _Commands) -> None:
    package = top.group("package", "gói ký số")
    export = package.add("export", "xuất gói của báo cáo (hoặc gói đã lập)")
    export.add_argument("id", metavar="MÃ")
    export.add_argument("--out", required=True, metavar="THƯ_MỤC")
    export.add_argument(
        "--evidence", action="append", default=[], metavar="MÃ_TỆP",
        help="tệp minh chứng gửi kèm (đầu mã SHA-256, xem “package evidence”); mỗi tệp một --reason; gói được mã hóa",
    )  # fmt: skip
    export.add_argument("--reason", action="append", default=[], metavar="LÝ_DO", help="lý do gửi kèm, theo thứ tự tệp")
    evidence = package.add("evidence", "liệt kê tệp minh chứng có thể gửi kèm một báo cáo")
    evidence.add_argument("id", metavar="MÃ")
    verify = package.add("verify", "xác minh gói")
    verify.add_argument("file", metavar="TỆP")
    verify.add_argument("--trust", metavar="TỆP", help="thẻ khóa để xác minh khi không có dữ liệu cơ quan")
    verify.add_argument("--at", metavar="THỜI_ĐIỂM", help="thời điểm xác minh, ví dụ 2026-05-29T08:00:00+07:00")
    take = package.add("import", "nhận một gói, hoặc mọi gói trong thư mục")
    take.add_argument("file", metavar="TỆP_HOẶC_THƯ_MỤC")
    take.add_argument("--dry-run", action="store_true", help="chỉ xác minh và xem trước")
    take.add_argument("--reply", metavar="THƯ_MỤC", help="ghi giấy biên nhận vào thư mục này")
    package.add("list", "liệt kê gói đã gửi và đã nhận")
    for name, summary in (("accept", "chấp nhận báo cáo đã nhận"), ("return", "trả lại báo cáo kèm nhận xét"),
                          ("recall", "thu hồi báo cáo đã gửi"),
                          ("undo", "hủy việc nhận một gói; gói vẫn được giữ")):  # fmt: skip
        parser = package.add(name, summary)
        parser.add_argument("id", metavar="MÃ")
        parser.add_argument("--out", metavar="THƯ_MỤC")
        if name != "accept":
            parser.add_argument("--reason", metavar="LÝ_DO", help="lý do, ghi trong phiếu gửi đi")
        if name == "return":
            parser.add_argument("--due", metavar="NGÀY", help="hạn gửi lại")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The parsed command line. Raises UsageError ``usage``."""
    if any("\0" in word for word in argv):  # no file, text or id has it; the system's calls choke on it
        raise UsageError("usage", "Lệnh có ký tự không dùng được (U+0000).")
    return build_parser().parse_args(argv)
