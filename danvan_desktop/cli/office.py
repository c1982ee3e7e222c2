"""Commands about the office itself: demo, set-up, keys, trust, backup, self-test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..bootstrap import catalog, wire
from ..kernel import atomic
from ..kernel.clock import SystemClock, stamp
from ..kernel.errors import Refused, UsageError
from ..kernel.reading import read_file
from ..services import clock_guard, maintenance, selftest
from ..services import demo as demo_service
from ..services.reporting_dates import DatesOf, parse_day_of_year, parse_window
from ..services.setup import create_office, read_profile
from ..services.trust import grouped, read_card
from .session import Session

MAX_PROFILE_FILE = 2**20


def demo(session: Session) -> int:
    """Build the five offices of the demonstration and what passes between them."""
    if not session.home_named:
        raise UsageError("usage", "Hãy nêu thư mục cho dữ liệu mẫu: danvan demo --home THƯ_MỤC.")
    result = demo_service.build(
        session.home, wire, catalog(), SystemClock(), say=None if session.output.as_json else session.output.note
    )
    lines = [
        f"Đã dựng dữ liệu mẫu trong {session.home}",
        f"  Cơ quan: {', '.join(result.homes)}; tài khoản: {', '.join(result.accounts)}; mật khẩu: {result.password}",
        f"  Kết quả trong {result.out}:",
        *(f"    {path.name}" for path in result.files),
    ]
    session.output.result(
        {
            "home": str(session.home),
            "homes": list(result.homes),
            "accounts": list(result.accounts),
            "out": str(result.out),
            "files": [path.name for path in result.files],
        },
        lines,
    )
    return 0


def setup(session: Session) -> int:
    """First start, unattended: the profile from a file, the first account's password from a descriptor."""
    path = Path(session.options.profile)
    try:
        data = read_file(path, MAX_PROFILE_FILE)
        text = data.decode("utf-8-sig") if data is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "file_unreadable", f"Không đọc được tệp thiết lập “{path.name}” (cần là tệp chữ UTF-8)."
        ) from error
    if data is None:
        raise Refused("file_too_large", f"Tệp “{path.name}” quá lớn cho một tệp thiết lập. Chưa tạo gì.")
    profile = read_profile(text)
    password = session.secrets.get("password")
    store, recovery = create_office(
        session.home, profile, {profile.accounts[0].name: password}, clock=SystemClock(), catalog=catalog()
    )
    office = wire(store, SystemClock())
    try:
        card = office.trust.card()
    finally:
        office.close()
    session.output.result(
        {
            "home": str(session.home),
            "office": card.office_id,
            "fingerprint": card.fingerprint,
            "account": profile.accounts[0].name,
            "accounts_to_add": [account.name for account in profile.accounts[1:]],
            "recovery_code": recovery,
        },
        [
            f"Đã thiết lập “{profile.name}” tại {session.home}",
            f"Mã cơ quan: {card.office_id}",
            f"Dấu vân tay khóa ký: {grouped(card.fingerprint)}",
            *(
                f"Chưa tạo tài khoản “{account.name}” (chưa có mật khẩu): hãy thêm ở mục Thiết lập."
                for account in profile.accounts[1:]
            ),
            f"MÃ KHÔI PHỤC (chỉ hiện một lần, hãy chép ra giấy và cất nơi an toàn): {recovery}",
        ],
    )
    return 0


def self_test(session: Session) -> int:
    """Everything loads, renders and verifies."""
    from ..gui.selftest import screens  # Qt is loaded only when it is wanted

    checks = selftest.run(catalog(), screens)
    failed = [item for item in checks if not item.ok]
    session.output.result(
        {"ok": not failed, "checks": [{"name": item.name, "ok": item.ok, "detail": item.detail} for item in checks]},
        [
            f"{'ĐẠT ' if item.ok else 'HỎNG'}  {item.title}{': ' + item.detail if item.detail else ''}"
            for item in checks
        ],
    )
    return 1 if failed else 0


def show(session: Session) -> int:
    office = session.office()
    settings = office.settings.load()
    card = office.trust.card()
    session.output.result(
        {
            "office": settings.office.to_json(),
            "fingerprint": card.fingerprint,
            "agencies": [{"id": a.id, "name": a.name, "active": a.active} for a in settings.agencies],
            "villages": [{"id": v.id, "name": v.name, "active": v.active} for v in settings.villages],
            "accounts": [{"name": a.name, "label": a.label, "roles": list(a.roles)} for a in settings.accounts],
            "demo": office.context.store.demo,
        },
        [
            settings.office.name,
            f"Mã cơ quan: {settings.office.id}",
            f"Dấu vân tay khóa ký: {grouped(card.fingerprint)}",
            "Đơn vị:",
            *(f"  {a.id}  {a.name}" for a in settings.agencies),
            "Thôn, tổ dân phố:",
            *(f"  {v.id}  {v.name}" for v in settings.villages),
        ],
    )
    return 0


def export_key(session: Session) -> int:
    path = Path(session.options.out)
    card = session.office().trust.export(path)
    session.output.result(
        {"file": str(path), "office": card.office_id, "name": card.name, "fingerprint": card.fingerprint},
        [
            f"Đã ghi thẻ khóa công khai của “{card.name}” vào {path}",
            f"Mã cơ quan: {card.office_id}",
            f"Dấu vân tay (đọc qua điện thoại để bên nhận đối chiếu): {grouped(card.fingerprint)}",
        ],
    )
    return 0


def confirm_clock(session: Session) -> int:
    """The PC's clock ran ahead once and is right now: nothing is held up any longer."""
    context = session.office().context
    clock_guard.confirm_clock(context)
    now = stamp(context.clock.now())
    session.output.result({"now": now}, [f"Đã xác nhận đồng hồ máy nay đúng ({now})."])
    return 0


def _dates_json(item: DatesOf) -> dict[str, Any]:
    last = item.due_last_day
    return {
        "regime": item.regime,
        "cycle": item.period_kind,
        "from": f"{item.window[0][1]:02d}/{item.window[0][0]:02d}" if item.window else None,
        "to": f"{item.window[1][1]:02d}/{item.window[1][0]:02d}" if item.window else None,
        "last_day": f"{last[1]:02d}/{last[0]:02d}" if last else None,
        "own": item.own,
    }


def dates(session: Session) -> int:
    """The data window and last day of each report, as this office has them."""
    rows = session.office().dates.all()
    said = [_dates_json(item) for item in rows]
    session.output.result(
        {"dates": said},
        [
            f"{row['regime']}  {row['cycle']}: số liệu "
            + (f"từ {row['from']} đến {row['to']}" if row["from"] else "theo kỳ")
            + f"; ngày cuối phải gửi: {row['last_day'] or 'chưa đặt'}"
            + (" (cơ quan tự đặt)" if row["own"] else "")
            for row in said
        ],
    )
    return 0


def set_dates(session: Session) -> int:
    """Set what the parent body names otherwise than the catalogue."""
    options = session.options
    if options.default == bool(options.last_day or options.window):
        raise UsageError("usage", "Hãy nêu --last-day, --window (một hoặc cả hai), hoặc chỉ --default.")
    window = parse_window(options.window) if options.window else None
    none = options.last_day == "none"
    last_day = parse_day_of_year(options.last_day) if options.last_day and not none else None
    service = session.office().dates
    if options.default:
        service.reset(options.regime, options.cycle)
    else:
        service.save(options.regime, options.cycle, window=window, last_day=last_day, no_last_day=none)
    return dates(session)


def trust_add(session: Session) -> int:
    card = read_card(Path(session.options.file))
    session.office().trust.add(
        card,
        office_id=session.options.office,
        fingerprint=session.options.fingerprint,
        relation=session.options.relation,
    )
    session.output.result(
        {"office": card.office_id, "name": card.name, "fingerprint": card.fingerprint, "status": "trusted"},
        [f"Đã tin cậy thẻ khóa của “{card.name}”."],
    )
    return 0


def trust_list(session: Session) -> int:
    rows = session.office().trust.all()
    titles = {"parent": "cấp trên", "child": "cấp dưới"}
    session.output.result(
        {
            "offices": [
                {"office": r.office_id, "name": r.name, "relation": r.relation, "status": r.status,
                 "fingerprint": r.fingerprint} for r in rows
            ]
        },
        [f"{r.name} ({titles.get(r.relation, r.relation)}): {r.office_id}" for r in rows]
        or ["Chưa tin cậy cơ quan nào."],
    )  # fmt: skip
    return 0


def backup(session: Session) -> int:
    office = session.office()
    target = Path(session.options.out) if session.options.out else office.context.store.path / "backup"
    if session.options.out is None:
        atomic.make_folder(target)
    path = office.settings.backup(target)
    session.output.result({"file": str(path)}, [f"Đã sao lưu vào {path}"])
    return 0


def restore(session: Session) -> int:
    moved = maintenance.restore(Path(session.options.file), session.home, SystemClock())
    session.output.result(
        {"home": str(session.home), "old_home": str(moved) if moved else None},
        [
            f"Đã khôi phục dữ liệu vào {session.home}",
            *([f"Dữ liệu cũ được giữ tại {moved}"] if moved else []),
        ],
    )
    return 0


def check(session: Session) -> int:
    problems = session.office().settings.check()
    session.output.result({"ok": not problems, "problems": problems}, problems or ["Dữ liệu nguyên vẹn."])
    return 1 if problems else 0
