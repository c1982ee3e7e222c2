"""The self-test: everything loads, renders and verifies, also inside a frozen bundle."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..catalog.model import Catalog, ValueType
from ..catalog.periods import NAMES, THEMATIC, parse_period, window_of
from ..exchange.keys import AgeIdentity, generate_office_key, key_card
from ..exchange.package import JSON_TYPE, Member, PackageInfo, Party, build_package
from ..exchange.payloads import Recall, payload_bytes
from ..exchange.reasons import PackageRefused
from ..exchange.sealed import seal, unseal
from ..exchange.trust import TrustedKey, TrustView
from ..exchange.verify import verify
from ..kernel import clock, ids
from ..kernel.errors import DanvanError
from ..render import pdf as render_pdf
from ..render import xlsx as render_xlsx
from ..render.fonts import missing_glyphs
from ..render.preview import page_count
from ..render.sheet_read import read_workbook
from ..render.sheet_template import Template, TemplateColumn, TemplateTable, render_template
from ..reporting.draft import DraftInputs, make_draft
from ..reporting.freezing import to_document
from ..reporting.model import freeze, thaw
from ..reporting.office import OfficeIdentity, Signer
from ..store.home import KdfParameters, create_home, open_home
from .sheet_fields import import_fields
from .sheet_layout import template_layout

_DAYS = "2026-05-01..2026-05-20"
_MOMENT = datetime(2026, 5, 28, 1, 0, tzinfo=UTC)
_PASSWORD = "mật khẩu thử"  # noqa: S105  (of a home that lives for a second)
_LETTERS = "Ủy ban nhân dân xã, ẵ ễ ợ ữ ỹ Đ đ “Dân vận khéo” – …"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried. ``name`` for machines, ``title`` and ``detail`` for people."""

    name: str
    title: str
    ok: bool
    detail: str = ""


def run(catalog: Catalog, screens: Callable[[], str]) -> list[Check]:
    """Try every room once, in a temporary folder; never raises for a failed check. ``screens`` tries the windows."""
    with tempfile.TemporaryDirectory(prefix="danvan-") as folder:
        tries: list[tuple[str, str, Callable[[], str]]] = [
            ("catalog", "Danh mục biểu, chỉ tiêu, đề cương", lambda: _catalog(catalog)),
            ("fonts", "Phông chữ tiếng Việt", _fonts),
            ("screens", "Cửa sổ", screens),
            ("store", "Cơ sở dữ liệu mã hóa", lambda: _store(Path(folder) / "home")),
            ("report", "Báo cáo, PDF và bảng tính", lambda: _report(catalog)),
            ("sheets", "Mẫu nhập và đọc bảng tính", lambda: _sheets(catalog)),
            ("package", "Gói ký số, mã hóa", lambda: _package(catalog)),
        ]
        return [_try(name, title, action) for name, title, action in tries]


def _try(name: str, title: str, action: Callable[[], str]) -> Check:
    try:
        return Check(name, title, True, action())
    except DanvanError as error:
        return Check(name, title, False, error.message)
    except Exception as error:  # a self-test reports whatever is wrong, and goes on
        return Check(name, title, False, f"lỗi {type(error).__name__}")


def _catalog(catalog: Catalog) -> str:
    counted = sum(not item.retired for item in catalog.indicators.values())
    return f"{len(catalog.forms)} biểu, {counted} chỉ tiêu, {len(catalog.regimes)} chế độ báo cáo"


def _fonts() -> str:
    if missing := missing_glyphs(_LETTERS):
        raise ValueError(missing)
    return f"{len(_LETTERS)} ký tự thử"


def _store(home: Path) -> str:
    fixed = clock.FixedClock(_MOMENT)
    light = KdfParameters(memory_kib=1024, time_cost=1)
    store, _ = create_home(home, clock=fixed, account="a", label="A", password=_PASSWORD, roles=("admin",), kdf=light)
    with store.unit() as uow:
        uow.settings.set("probe", "đã ghi")
    store.close()
    again = open_home(home, clock=fixed, account="a", password=_PASSWORD)
    try:
        with again.read() as uow:
            if uow.settings.get("probe", None) != "đã ghi":
                raise ValueError("probe")
        if problems := again.check():
            raise ValueError(problems[0])
    finally:
        again.close()
    return "ghi, đóng, mở lại, kiểm tra toàn vẹn"


def _office() -> OfficeIdentity:
    return OfficeIdentity(
        id=ids.new_id(clock.FixedClock(_MOMENT)),
        name="Cơ quan thử",
        short_name="THU",
        profile="",
        superior_lines=(),
        issuer_lines=("CƠ QUAN THỬ",),
        symbol_suffix="THU",
        place="Vĩnh Thủy",
        parent_name="Cơ quan cấp trên",
    )


def _report(catalog: Catalog) -> str:
    pages = 0
    for regime in catalog.regimes.values():
        for cycle in regime.cycles:
            named = NAMES.get(cycle.period_kind)
            period = parse_period(
                f"2026{named[0]}" if named else _DAYS + ("+3" if cycle.period_kind == THEMATIC else "")
            )
            inputs = DraftInputs(
                catalog=catalog,
                regime=regime,
                cycle=cycle,
                outline=catalog.outlines[cycle.outline],
                period=period,
                window=window_of(regime, period),
                office=_office(),
                signers=(Signer(("GIÁM ĐỐC",), "Người Ký Thử"),),
                figures=(),
            )
            document = to_document(make_draft(inputs), report_id=ids.new_id(clock.FixedClock(_MOMENT)), revision=1)
            data = freeze(document)
            first, second = render_pdf.render_pdf(thaw(data)), render_pdf.render_pdf(document)
            if first != second:
                raise ValueError("pdf")
            render_xlsx.render_xlsx(document)
            pages += page_count(first)
    return f"{pages} trang, vẽ hai lần như nhau"


def _sheets(catalog: Catalog) -> str:
    """A template of one form of each area, read back."""
    forms = [form for area in catalog.areas for form in catalog.forms_of(area.number)[:1]]
    for form in forms:
        plain = tuple(TemplateColumn(item) for item in import_fields(catalog, form) if item.type is not ValueType.ROWS)
        table = TemplateTable("", form.short_title, plain)
        data = render_template(Template(form.key, form.version, catalog.version, form.title, form.help, (table,)))
        book = read_workbook(data, f"{form.key}.xlsx")
        layout = template_layout(book, form, import_fields(catalog, form))
        if layout is None or len(layout.columns) != len(plain):
            raise RuntimeError(form.key)
    return f"{len(forms)} mẫu tạo ra và đọc lại"


def _package(catalog: Catalog) -> str:
    fixed = clock.FixedClock(_MOMENT)
    sender, receiver, subject = (ids.new_id(fixed) for _ in range(3))
    key = generate_office_key(sender, "Cơ quan thử", datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
    identity = AgeIdentity.generate()
    info = PackageInfo(
        kind="recall",
        id=ids.new_id(fixed),
        sender=Party(sender, "Cơ quan thử"),
        receiver=Party(receiver, "Cơ quan nhận"),
        subject=subject,
        revision=1,
        replaces=None,
        created_at=clock.stamp(_MOMENT),
        catalog_version=catalog.version,
        catalog_hash=catalog.hash,
        audit_head=None,
    )
    payload = payload_bytes(Recall(subject, 1, "Thử", "Người thử"))
    data = build_package(info, [Member("recall.json", JSON_TYPE, payload)], key, _MOMENT)
    trust = TrustView((TrustedKey.of_card(key_card(sender, "Cơ quan thử", key, identity.recipient)),))
    verify(unseal(seal(data, [identity.recipient]), identity), trust=trust, at=_MOMENT)
    try:
        middle = len(data) // 2
        verify(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :], trust=trust, at=_MOMENT)
    except PackageRefused:
        return "ký, mã hóa, xác minh, từ chối gói bị sửa"
    raise ValueError("tampered package taken")
