"""What the tests of the store share: real homes on real files, with a light key derivation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from danvan_desktop.catalog.model import Choice, ClassWhen, Field, Form, Privacy, ValueType
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.store.home import KdfParameters, create_home
from danvan_desktop.store.store import Store

PASSWORD = "Mật khẩu 123"
LIGHT = KdfParameters(64, 1, 1)


def the_form() -> Form:
    """A form with a bit of everything; ``kind`` = denunciation makes ``person`` protected."""
    kinds = (Choice("complaint", "Khiếu nại"), Choice("denunciation", "Tố cáo"), Choice("proposal", "Kiến nghị"))
    groups = (Choice("far", "Vùng xa"), Choice("poor", "Khó khăn"), Choice("faith", "Tôn giáo"))
    return Form(
        key="matter",
        title="Vụ việc",
        short_title="Vụ việc",
        area=6,
        version=1,
        event_date="received_on",
        fields=(
            Field("received_on", "Ngày nhận", ValueType.DATE, required=True, indexed=True),
            Field("kind", "Loại", ValueType.CHOICE, choices=kinds, indexed=True),
            Field("title", "Nội dung", ValueType.TEXT, indexed=True),
            Field(
                "person",
                "Người gửi",
                ValueType.TEXT,
                privacy=Privacy.PERSONAL,
                class_when=ClassWhen("kind", ("denunciation",), Privacy.PROTECTED),
            ),
            Field("people", "Số người", ValueType.INTEGER, indexed=True),
            Field("minus", "Bớt", ValueType.INTEGER),
            Field("groups", "Nhóm", ValueType.MULTI_CHOICE, choices=groups),
            Field("urgent", "Gấp", ValueType.YES_NO),
            Field("due_on", "Hạn", ValueType.DATE),
            Field("done_on", "Xong", ValueType.DATE),
            Field("month", "Tháng", ValueType.MONTH),
            Field(
                "opinions",
                "Ý kiến",
                ValueType.ROWS,
                columns=(
                    Field("topic", "Chủ đề", ValueType.CHOICE, choices=kinds),
                    Field("words", "Lời", ValueType.TEXT),
                    Field("count", "Số", ValueType.INTEGER),
                    Field("answered_on", "Trả lời", ValueType.DATE),
                ),
            ),
        ),
        sections=(),
        label=("title",),
    )


def make_store(
    home: Path, clock: FixedClock, *, demo: bool = False, roles: tuple[str, ...] = ("entry",)
) -> tuple[Store, str]:
    """A new home of the account ``canbo`` and its recovery code."""
    return create_home(
        home, clock=clock, account="canbo", label="Cán bộ", password=PASSWORD, roles=roles, demo=demo, kdf=LIGHT
    )


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file of a folder with its hash: what "nothing touched" means."""
    return {
        str(item.relative_to(folder)): hashlib.sha256(item.read_bytes()).hexdigest() if item.is_file() else "folder"
        for item in sorted(folder.rglob("*"))
    }


def refused(code: str, act: Callable[[], object]) -> None:
    """``act`` is refused with ``code`` and a sentence for people."""
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code, caught.value
    assert caught.value.message.endswith((".", "?"))
