"""First start: an office, its people, its places, its keys."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..catalog.model import Catalog
from ..exchange.keys import AgeIdentity, generate_office_key
from ..kernel.clock import Clock
from ..kernel.errors import Refused
from ..kernel.ids import is_id, new_id
from ..kernel.text import bad_character, squeeze
from ..reporting.model import to_json
from ..reporting.office import OfficeIdentity, Signer
from ..store.home import KdfParameters, create_home
from ..store.places import Agency, Village
from ..store.store import Store
from .context import ROLE_TITLES
from .reporting_dates import SETTING as DATES_SETTING
from .reporting_dates import changed_dates, parse_day_of_year, parse_window

PROFILES = {
    "commune_agency": "Cơ quan, đơn vị thuộc xã",
    "commune_hub": "Phòng Văn hóa - Xã hội (đầu mối của xã)",
    "department_unit": "Đơn vị thuộc Sở",
    "department_hub": "Phòng Tổ chức cán bộ (đầu mối của Sở)",
    "parent": "Cơ quan cấp trên (tiếp nhận, tổng hợp)",
}
CERTIFICATE_YEARS = 10
LONGEST_NAME = 200  # letters of a name or of one line of a head
MOST_LINES = 6
ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class AccountSpec:
    name: str
    label: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An agency or a village as typed at set-up; ``id`` empty: made now."""

    name: str
    short_name: str = ""
    kind: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class DatesSpec:
    """Dates of a cycle other than the catalogue's: "31/5", "16/10..15/5"; "" as shipped."""

    regime: str
    period_kind: str
    last_day: str = ""
    window: str = ""


@dataclass(frozen=True, slots=True)
class SetupProfile:
    """Everything the first-start wizard asks, or ``danvan setup --profile`` reads."""

    profile: str
    name: str
    short_name: str
    place: str
    superior_lines: tuple[str, ...]
    issuer_lines: tuple[str, ...]
    symbol_suffix: str
    drafting_unit: str
    parent_name: str
    via_name: str
    signers: tuple[Signer, ...]
    agencies: tuple[Place, ...]
    villages: tuple[Place, ...]
    accounts: tuple[AccountSpec, ...]
    office_id: str = ""
    dates: tuple[DatesSpec, ...] = ()
    common_series: bool = False  # one number series for all types, or one per type (NĐ 30/2020 Đ15)


def _invalid(reason: str) -> Refused:
    return Refused("profile_invalid", f"Tệp thiết lập chưa dùng được: {reason}. Chưa tạo gì; hãy sửa rồi làm lại.")


class _Table:
    """A TOML table read strictly: a wrong type or an unknown key is named, never ignored."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise _invalid(f"“{where}” phải là một bảng")
        self._data: Mapping[str, Any] = data
        self._where = where
        self._seen: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        self._seen.add(key)
        value = self._data.get(key, default)
        if value is None or (default is None and value == ""):
            raise _invalid(f"thiếu “{key}” trong “{self._where}”")
        if not isinstance(value, str):
            raise _invalid(f"“{self._where}.{key}” phải là chữ")
        clean = squeeze(value)
        if bad := bad_character(clean):
            raise _invalid(f"“{self._where}.{key}” có ký tự không dùng được ({bad})")
        return clean

    def texts(self, key: str) -> tuple[str, ...]:
        self._seen.add(key)
        value = self._data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _invalid(f"“{self._where}.{key}” phải là danh sách chữ")
        lines = tuple(squeeze(item) for item in value)
        if bad := bad_character("".join(lines)):
            raise _invalid(f"“{self._where}.{key}” có ký tự không dùng được ({bad})")
        return lines

    def flag(self, key: str) -> bool:
        self._seen.add(key)
        value = self._data.get(key, False)
        if not isinstance(value, bool):
            raise _invalid(f"“{self._where}.{key}” phải là true hoặc false")
        return value

    def table(self, key: str) -> _Table:
        self._seen.add(key)
        return _Table(self._data.get(key, {}), key)

    def tables(self, key: str) -> list[_Table]:
        self._seen.add(key)
        value = self._data.get(key, [])
        if not isinstance(value, list):
            raise _invalid(f"“{key}” phải là danh sách bảng [[{key}]]")
        return [_Table(item, f"{key}[{index + 1}]") for index, item in enumerate(value)]

    def done(self) -> None:
        unknown = sorted(set(self._data) - self._seen)
        if unknown:
            raise _invalid(f"không hiểu “{', '.join(unknown)}” trong “{self._where}”")


def read_profile(text: str) -> SetupProfile:
    """The profile of a TOML text. Raises Refused ``profile_invalid`` naming what is wrong."""
    try:
        root = _Table(tomllib.loads(text), "tệp")
    except tomllib.TOMLDecodeError as error:
        raise _invalid(f"không đúng cú pháp TOML ({error})") from error
    office = root.table("office")
    parent = root.table("parent")
    result = SetupProfile(
        profile=root.text("profile"),
        name=office.text("name"),
        short_name=office.text("short_name"),
        place=office.text("place"),
        superior_lines=office.texts("superior_lines"),
        issuer_lines=office.texts("issuer_lines"),
        symbol_suffix=office.text("symbol_suffix"),
        drafting_unit=office.text("drafting_unit", ""),
        parent_name=parent.text("name", ""),
        via_name=parent.text("via", ""),
        signers=tuple(_signer(item) for item in root.tables("signers")),
        agencies=tuple(_place(item) for item in root.tables("agencies")),
        villages=tuple(_place(item) for item in root.tables("villages")),
        accounts=tuple(_account(item) for item in root.tables("accounts")),
        office_id=office.text("id", ""),
        dates=tuple(_dates(item) for item in root.tables("dates")),
        common_series=root.flag("common_series"),
    )
    for table in (office, parent, root):
        table.done()
    return checked_profile(result)


def _signer(table: _Table) -> Signer:
    signer = Signer(authority_lines=table.texts("authority_lines"), name=table.text("name"))
    table.done()
    return signer


def _place(table: _Table) -> Place:
    place = Place(table.text("name"), table.text("short_name", ""), table.text("kind", ""), table.text("id", ""))
    table.done()
    return place


def _account(table: _Table) -> AccountSpec:
    account = AccountSpec(table.text("name"), table.text("label", "") or table.text("name"), table.texts("roles"))
    table.done()
    return account


def _dates(table: _Table) -> DatesSpec:
    spec = DatesSpec(table.text("regime"), table.text("cycle"), table.text("last_day", ""), table.text("window", ""))
    table.done()
    return spec


def _own_dates(profile: SetupProfile, catalog: Catalog) -> dict[str, Any]:
    """The dates of the profile as they are kept. Raises Refused ``dates_invalid``."""
    kept: dict[str, Any] = {}
    for spec in profile.dates:
        regime = catalog.regimes.get(spec.regime)
        if regime is None or profile.profile not in regime.reporter_profiles:
            raise _invalid(f"“{spec.regime}” không phải chế độ báo cáo của loại cơ quan này")
        kept[f"{spec.regime}|{spec.period_kind}"] = changed_dates(
            regime,
            spec.period_kind,
            window=parse_window(spec.window) if spec.window else None,
            last_day=parse_day_of_year(spec.last_day) if spec.last_day else None,
        )
    return kept


def checked_profile(profile: SetupProfile) -> SetupProfile:
    """``profile`` when it can be used. Raises Refused ``profile_invalid``."""
    if profile.profile not in PROFILES:
        raise _invalid(f"loại cơ quan “{profile.profile}” không có; các loại: {', '.join(PROFILES)}")
    if not profile.issuer_lines:
        raise _invalid("chưa có tên cơ quan ban hành (issuer_lines)")
    _require_short(profile)
    if not profile.signers:
        raise _invalid("chưa có người ký báo cáo (signers)")
    if not profile.accounts:
        raise _invalid("chưa có tài khoản nào (accounts)")
    if profile.profile != "parent" and not profile.parent_name:
        raise _invalid("chưa có tên cơ quan cấp trên (parent.name)")
    for account in profile.accounts:
        unknown = sorted(set(account.roles) - set(ROLE_TITLES))
        if unknown or not account.roles:
            raise _invalid(f"vai trò của tài khoản “{account.name}” phải lấy trong: {', '.join(ROLE_TITLES)}")
    for account in profile.accounts:
        if not ACCOUNT_NAME.fullmatch(account.name):
            raise _invalid(f"tên tài khoản “{account.name}” phải gồm chữ thường không dấu, chữ số, dấu chấm")
    given = [profile.office_id, *(place.id for place in (*profile.agencies, *profile.villages))]
    for key in given:
        if key and not is_id(key):
            raise _invalid(f"mã “{key}” (id) phải là UUID, hoặc bỏ trống để chương trình tự cấp")
    names = [account.name for account in profile.accounts]
    if len(set(names)) != len(names):
        raise _invalid("hai tài khoản trùng tên")
    return profile


def _require_short(profile: SetupProfile) -> None:
    """Names and lines stand in heads, lists, certificates and key cards: none may be longer than a line or two."""
    texts = [profile.name, profile.short_name, profile.place, profile.symbol_suffix, profile.drafting_unit]
    texts += [profile.parent_name, profile.via_name, *profile.superior_lines, *profile.issuer_lines]
    for signer in profile.signers:
        texts += [signer.name, *signer.authority_lines]
    for place in (*profile.agencies, *profile.villages):
        texts += [place.name, place.short_name, place.kind]
    texts += [account.label for account in profile.accounts]
    for text in texts:
        if len(text) > LONGEST_NAME:
            raise _invalid(f"“{text[:30]}…” dài {len(text)} ký tự, mỗi tên, mỗi dòng tối đa {LONGEST_NAME}")
    for lines in (
        profile.superior_lines,
        profile.issuer_lines,
        *(signer.authority_lines for signer in profile.signers),
    ):
        if len(lines) > MOST_LINES:
            raise _invalid(f"tên cơ quan, quyền hạn người ký mỗi thứ tối đa {MOST_LINES} dòng")


def create_office(
    home: Path,
    profile: SetupProfile,
    passwords: Mapping[str, str],
    *,
    clock: Clock,
    catalog: Catalog,
    demo: bool = False,
    kdf: KdfParameters | None = None,
) -> tuple[Store, str]:
    """Make the home of an office and open it: (store signed in as the first account, recovery code).

    ``passwords``: one for each account name; accounts without one get none and cannot sign in yet.
    Certificates run 2020–2099 in demo homes, else ten years from now.
    Raises Refused ``home_exists``, ``profile_invalid``, ``password_weak``.
    """
    first = profile.accounts[0]
    dates = _own_dates(profile, catalog)
    office_id = profile.office_id or new_id(clock)
    now = clock.now()
    not_before = datetime(2020, 1, 1, tzinfo=UTC) if demo else now - timedelta(days=1)
    not_after = datetime(2099, 12, 31, tzinfo=UTC) if demo else now + timedelta(days=365 * CERTIFICATE_YEARS)
    key = generate_office_key(office_id, profile.name, not_before, not_after)
    store, recovery = create_home(
        home,
        clock=clock,
        account=first.name,
        label=first.label,
        password=passwords[first.name],
        roles=first.roles,
        demo=demo,
        kdf=kdf,
    )
    office = OfficeIdentity(
        id=office_id,
        name=profile.name,
        short_name=profile.short_name,
        profile=profile.profile,
        superior_lines=profile.superior_lines,
        issuer_lines=profile.issuer_lines,
        symbol_suffix=profile.symbol_suffix,
        place=profile.place,
        drafting_unit=profile.drafting_unit,
        parent_name=profile.parent_name,
        via_name=profile.via_name,
    )
    try:
        with store.unit() as uow:
            uow.settings.set("office", office.to_json())
            uow.settings.set("signers", [to_json(signer) for signer in profile.signers])
            uow.settings.set("common_series", profile.common_series)
            uow.settings.set(DATES_SETTING, dates)
            uow.settings.set("office_key", key.to_pem().decode("ascii"))
            uow.settings.set("age_identity", AgeIdentity.generate().secret)
            own = Place(profile.name, profile.short_name, "office", office_id)
            for position, place in enumerate(profile.agencies or (own,)):
                uow.agencies.upsert(_agency(place, position, clock))
            for position, place in enumerate(profile.villages):
                uow.villages.upsert(
                    Village(
                        place.id or new_id(clock),
                        place.name,
                        place.short_name or place.name,
                        place.kind or "thôn",
                        True,
                        position,
                    )
                )
            uow.audit.append("office_created", office_id, {"catalog": catalog.hash})
        for account in profile.accounts[1:]:
            if account.name in passwords:
                protected = "leader" in account.roles
                password = passwords[account.name]
                store.add_account(account.name, account.label, password, account.roles, protected, kdf=kdf)
    except BaseException:
        store.close()
        shutil.rmtree(home, ignore_errors=True)  # made a moment ago: a home is there whole or not at all
        raise
    return store, recovery


def _agency(place: Place, position: int, clock: Clock) -> Agency:
    return Agency(place.id or new_id(clock), place.name, place.short_name or place.name, place.kind, True, position)
