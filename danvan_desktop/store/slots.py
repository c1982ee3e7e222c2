"""home.json: what may be read without sign-in: format, demo mark, slots with wrapped keys; nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..kernel import atomic
from ..kernel.canonical import NotCanonical, canonical_bytes, parse_json
from ..kernel.errors import Refused
from . import keys
from .keys import KdfParameters, Keys

HOME_FILE = "home.json"
HOME_FORMAT = 1
_MAX_BYTES = 2**20
_MAX_STORY_DAYS = 36_525  # a century: more is a damaged file


@dataclass(frozen=True, slots=True)
class AccountSlot:
    """An account as the sign-in screen shows it."""

    name: str
    label: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    kind: str  # account | recovery
    account: AccountSlot
    kdf: KdfParameters
    salt: bytes
    nonce: bytes
    sealed: bytes
    protected: tuple[bytes, bytes] | None  # (nonce, sealed protected key)

    def bound_to(self, home_id: str, purpose: str) -> dict[str, Any]:
        # names, roles and costs are bound, so that an edited home.json opens nothing
        account = self.account
        return {
            "home": home_id,
            "purpose": purpose,
            "kind": self.kind,
            "name": account.name,
            "label": account.label,
            "roles": list(account.roles),
            "kdf": self.kdf.to_json(),
        }


def damaged(path: Path) -> Refused:
    """The refusal for a home that cannot be read."""
    return Refused(
        "home_damaged",
        f"Dữ liệu tại “{path}” bị hỏng hoặc thiếu tệp nên chưa mở; không có gì bị sửa đổi. "
        "Hãy chép thư mục này ra nơi khác để giữ lại, rồi khôi phục từ bản sao lưu gần nhất.",
        path=str(path),
    )


def newer(path: Path) -> Refused:
    """The refusal for a home written by a newer program."""
    return Refused(
        "format_newer",
        f"Dữ liệu tại “{path}” do phiên bản mới hơn của chương trình ghi nên chưa mở; không có gì bị sửa đổi. "
        "Hãy cài phiên bản mới nhất rồi mở lại.",
        path=str(path),
    )


@dataclass(frozen=True, slots=True)
class HomeFile:
    """The contents of home.json."""

    home_id: str
    demo: bool
    created_at: str
    slots: tuple[_Slot, ...] = field(repr=False)
    story_days: int = 0  # demonstration only: whole days its clock stands off the machine's
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys this program does not know are kept

    @property
    def accounts(self) -> list[AccountSlot]:
        return [slot.account for slot in self.slots if slot.kind == "account"]

    def with_slot(
        self, kind: str, account: AccountSlot, secret: str, opened: Keys, kdf: KdfParameters, *, protected: bool
    ) -> HomeFile:
        """This home with one more slot, or that of the same name replaced; ``protected`` adds the protected key."""
        empty = _Slot(kind, account, kdf, secrets.token_bytes(keys.SALT_BYTES), b"", b"", None)
        stretched = keys.stretch(secret, empty.salt, kdf)
        nonce, sealed = keys.seal(
            stretched[: keys.KEY_BYTES], opened.database, empty.bound_to(self.home_id, "database")
        )
        inner = None
        if protected:
            if opened.protected is None:
                raise no_protected_right()
            inner = keys.seal(stretched[keys.KEY_BYTES :], opened.protected, empty.bound_to(self.home_id, "protected"))
        made = replace(empty, nonce=nonce, sealed=sealed, protected=inner)
        same = [
            index for index, slot in enumerate(self.slots) if slot.kind == kind and slot.account.name == account.name
        ]
        slots = list(self.slots)
        if same:
            slots[same[0]] = made
        else:
            slots.append(made)
        return replace(self, slots=tuple(slots))

    def without_account(self, name: str) -> HomeFile:
        return replace(self, slots=tuple(s for s in self.slots if s.kind != "account" or s.account.name != name))

    def has_protected(self, name: str) -> bool:
        """Whether the account ``name`` has the right to protected values."""
        return any(s.kind == "account" and s.account.name == name and s.protected is not None for s in self.slots)

    def open(self, kind: str, name: str, secret: str) -> tuple[AccountSlot, Keys] | None:
        """The keys behind a slot, or None when the secret is wrong."""
        for slot in self.slots:
            if slot.kind != kind or slot.account.name != name:
                continue
            stretched = keys.stretch(secret, slot.salt, slot.kdf)
            database = keys.unseal(
                stretched[: keys.KEY_BYTES], slot.nonce, slot.sealed, slot.bound_to(self.home_id, "database")
            )
            if database is None or len(database) != keys.KEY_BYTES:
                return None
            protected = None
            if slot.protected is not None:
                protected = keys.unseal(
                    stretched[keys.KEY_BYTES :], *slot.protected, slot.bound_to(self.home_id, "protected")
                )
            return slot.account, Keys(database, protected)
        return None

    def to_bytes(self) -> bytes:
        slots = []
        protected = []
        for slot in self.slots:
            slots.append(
                {
                    "kind": slot.kind,
                    "name": slot.account.name,
                    "label": slot.account.label,
                    "roles": list(slot.account.roles),
                    "kdf": slot.kdf.to_json(),
                    "salt": keys.to_base64(slot.salt),
                    "nonce": keys.to_base64(slot.nonce),
                    "wrapped": keys.to_base64(slot.sealed),
                }
            )
            if slot.protected is not None:
                nonce, sealed = slot.protected
                protected.append(
                    {
                        "kind": slot.kind,
                        "name": slot.account.name,
                        "nonce": keys.to_base64(nonce),
                        "wrapped": keys.to_base64(sealed),
                    }
                )
        story = {"story_days": self.story_days} if self.demo and self.story_days else {}
        return canonical_bytes(
            {
                **self.extra,
                **story,
                "format": HOME_FORMAT,
                "home_id": self.home_id,
                "demo": self.demo,
                "created_at": self.created_at,
                "slots": slots,
                "protected_slots": protected,
            }
        )

    def write(self, folder: Path) -> None:
        """Write home.json into ``folder`` (atomically, readable by its owner only)."""
        atomic.write_bytes(folder / HOME_FILE, self.to_bytes(), private=True)


def no_protected_right() -> Refused:
    return Refused(
        "no_right",
        "Tài khoản đang dùng không có quyền với thông tin được bảo vệ (danh tính người tố cáo). Chưa làm gì; "
        "hãy đăng nhập bằng tài khoản có quyền này.",
    )


def parse_home_file(data: bytes, path: Path) -> HomeFile:
    """The home.json in ``data``. Raises Refused ``format_newer`` or ``home_damaged`` (naming ``path``)."""
    try:
        body = parse_json(data)
        if not isinstance(body, dict):
            raise ValueError("not an object")
        if type(body.get("format")) is int and body["format"] > HOME_FORMAT:
            raise newer(path)
        if body.get("format") != HOME_FORMAT:
            raise ValueError("unknown format")
        inner = {
            (item["kind"], item["name"]): (keys.from_base64(item["nonce"]), keys.from_base64(item["wrapped"]))
            for item in body["protected_slots"]
        }
        known = {"format", "home_id", "demo", "created_at", "slots", "protected_slots", "story_days"}
        return HomeFile(
            home_id=_string(body["home_id"]),
            demo=body["demo"] is True,
            created_at=_string(body["created_at"]),
            slots=tuple(_slot(item, inner.get((item["kind"], item["name"]))) for item in body["slots"]),
            story_days=_story_days(body.get("story_days", 0)) if body["demo"] is True else 0,
            extra={key: value for key, value in body.items() if key not in known},
        )
    except (NotCanonical, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def read_home_file(folder: Path) -> HomeFile:
    """The home.json of ``folder``. Raises Refused ``no_home``, ``format_newer``, ``home_damaged``."""
    path = folder / HOME_FILE
    if not path.is_file():
        raise Refused(
            "no_home",
            f"Chưa có dữ liệu của chương trình tại “{folder}”. Hãy chọn đúng thư mục, hoặc thiết lập lần đầu.",
            path=str(folder),
        )
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise damaged(folder)
        data = path.read_bytes()
    except OSError as error:
        raise damaged(folder) from error
    return parse_home_file(data, folder)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _story_days(value: Any) -> int:
    if type(value) is not int or abs(value) > _MAX_STORY_DAYS:
        raise ValueError("not a number of days")
    return value


def _slot(item: Mapping[str, Any], protected: tuple[bytes, bytes] | None) -> _Slot:
    return _Slot(
        _string(item["kind"]),
        AccountSlot(_string(item["name"]), _string(item["label"]), tuple(_string(role) for role in item["roles"])),
        KdfParameters.from_json(item["kdf"]),
        keys.from_base64(item["salt"]),
        keys.from_base64(item["nonce"]),
        keys.from_base64(item["wrapped"]),
        protected,
    )


def unknown_account(name: str) -> Refused:
    return Refused(
        "unknown_account", f"Không có tài khoản “{name}” ở dữ liệu này. Hãy kiểm tra tên tài khoản rồi đăng nhập lại."
    )


def wrong_password() -> Refused:
    return Refused(
        "wrong_password",
        "Mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi nhập lại; "
        "nếu quên mật khẩu, dùng mã khôi phục trên phiếu in lúc thiết lập.",
    )


def require_password(password: str) -> None:
    """Raises Refused ``password_weak`` for an empty password."""
    if not password.strip():
        raise Refused("password_weak", "Mật khẩu còn để trống. Chưa làm gì; hãy đặt mật khẩu.")


def with_recovery(home: HomeFile, opened: Keys, kdf: KdfParameters) -> tuple[HomeFile, str]:
    """``home`` with a fresh recovery slot, and its code. Raises Refused ``no_right`` without the protected key."""
    code = keys.new_recovery_code()
    account = AccountSlot("recovery", "Phiếu khôi phục", ("admin",))
    secret = keys.clean_recovery_code(code)
    return home.with_slot("recovery", account, secret, opened, kdf, protected=True), code
