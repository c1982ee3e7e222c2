"""The outlines of this office's reports: what is shipped, what the office words otherwise, since when and by whom.

A layer is used by the next draft (and when a live draft is counted anew); frozen reports stay. Every layer is kept.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..catalog.model import Outline, Regime
from ..kernel import clock
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..reporting.own_outline import (
    OwnOutline,
    OwnSection,
    OwnSentence,
    Worded,
    changed_parts,
    layer_of,
    worded,
    wording,
)
from ..store.store import UnitOfWork
from .context import Context

__all__ = ["OutlineLine", "OutlineService", "OutlineSheet", "OwnOutline", "OwnSection", "OwnSentence", "from_toml",
           "own_words", "to_toml"]  # fmt: skip

SETTING = "outline_layers"  # outline → its layers, oldest first; null: back to the shipped words


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """An outline in the list; ``version`` 0: as shipped."""

    key: str
    title: str
    regime: str
    version: int
    at: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class OutlineSheet:
    """An outline as it is edited: every word in use, and the shipped ones beside them."""

    line: OutlineLine
    words: OwnOutline
    shipped: OwnOutline
    misfits: tuple[str, ...]
    levels: Mapping[str, int]  # section → level
    titles: Mapping[str, str]  # section.sentence → when it is used
    changed: Mapping[str, int]


_WHEN = {
    "any": "khi có số liệu",
    "all": "khi mọi số liệu đều có",
    "nil": "khi không phát sinh",
    "no_data": "khi chưa có số liệu",
    "always": "luôn dùng",
}


def own_words(context: Context, uow: UnitOfWork, outline: str, regime: Regime) -> Worded:
    """The outline and its regime as drafts of this office use them."""
    return worded(context.catalog, context.catalog.outlines[outline], regime, current_layer(uow, outline))


def current_layer(uow: UnitOfWork, outline: str) -> OwnOutline | None:
    """The layer in use; None where the shipped words stand."""
    layers = _layers(uow, outline)
    return OwnOutline.from_json(layers[-1]) if layers and layers[-1] is not None else None


def _layers(uow: UnitOfWork, outline: str) -> list[Any]:
    kept = uow.settings.get(SETTING, {})
    layers = kept.get(outline, []) if isinstance(kept, dict) else []
    return list(layers) if isinstance(layers, list) else []


class OutlineService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def all(self) -> tuple[OutlineLine, ...]:
        """The outlines of this office's reports, in the order of its regimes and their cycles."""
        with self._context.store.read() as uow:
            profile = self._context.office(uow).profile
            found: dict[str, OutlineLine] = {}
            for regime in self._context.catalog.regimes.values():
                if not regime.reporter_profiles or profile in regime.reporter_profiles:
                    for cycle in regime.cycles:
                        found.setdefault(cycle.outline, self._line(uow, cycle.outline, regime))
        return tuple(found.values())

    def _line(self, uow: UnitOfWork, key: str, regime: Regime) -> OutlineLine:
        layer = current_layer(uow, key)
        title = self._context.catalog.outlines[key].title
        if layer is None:
            return OutlineLine(key, title, regime.key, 0)
        return OutlineLine(key, title, regime.key, layer.version, layer.at, layer.by)

    def sheet(self, key: str) -> OutlineSheet:
        """An outline for editing. Raises Refused ``unknown_outline``."""
        outline, regime = self._known(key)
        with self._context.store.read() as uow:
            layer = current_layer(uow, key)
            line = self._line(uow, key, regime)
        return OutlineSheet(
            line=line,
            words=wording(outline, regime, layer),
            shipped=wording(outline, regime),
            misfits=worded(self._context.catalog, outline, regime, layer).misfits,
            levels={item.key: item.level for item in outline.sections},
            titles={
                f"{section.key}.{item.key}": _WHEN[item.when] for section in outline.sections
                for item in section.sentences
            },
            changed=changed_parts(outline, layer) if layer else {},
        )  # fmt: skip

    def save(self, key: str, typed: OwnOutline) -> Changes:
        """Keep ``typed`` (see :meth:`sheet`) as the office's words. Raises ``outline_invalid``, ``no_right``."""
        context = self._context
        context.require("settings")
        outline, regime = self._known(key)
        layer = layer_of(context.catalog, outline, regime, typed)
        now = clock.stamp(context.clock.now())
        with context.store.unit() as uow:
            version = 1 + len(_layers(uow, key))
            self._keep(uow, key, replace(layer, version=version, at=now, by=context.by).to_json())
            uow.audit.append("outline_changed", key, {"version": version})
        return Changes.of("settings", ids=[key])

    def reset(self, key: str) -> Changes:
        """Back to the shipped words; the office's own are kept as history. Raises Refused ``outline_shipped``."""
        context = self._context
        context.require("settings")
        self._known(key)
        with context.store.unit() as uow:
            if current_layer(uow, key) is None:
                raise Refused("outline_shipped", "Đề cương này đang dùng lời của danh mục; không có gì để trả về.")
            self._keep(uow, key, None)
            uow.audit.append("outline_reset", key)
        return Changes.of("settings", ids=[key])

    def _keep(self, uow: UnitOfWork, key: str, layer: dict[str, Any] | None) -> None:
        kept = uow.settings.get(SETTING, {})
        every = dict(kept) if isinstance(kept, dict) else {}
        every[key] = [*_layers(uow, key), layer]
        uow.settings.set(SETTING, every)

    def _known(self, key: str) -> tuple[Outline, Regime]:
        found = next((line for line in self.all() if line.key == key), None)
        if found is None:
            keys = ", ".join(line.key for line in self.all())
            raise Refused("unknown_outline", f"Cơ quan này không có đề cương “{key[:60]}”. Các đề cương: {keys}.")
        return self._context.catalog.outlines[key], self._context.catalog.regimes[found.regime]


# -- as a file ------------------------------------------------------------------------------------


def to_toml(words: OwnOutline) -> str:
    """The words of an outline as a file that people edit and :func:`from_toml` reads."""
    lines = [f"opening = {_quoted(words.opening or '')}", f"closing = {_quoted(words.closing or '')}"]
    for name, texts in (("addressees", words.addressees), ("recipients", words.recipients)):
        lines += [f"{name} = [", *(f"  {_quoted(text)}," for text in texts or ()), "]"]
    for section in words.sections:
        lines += ["", "[[section]]", f"key = {_quoted(section.key)}", f"title = {_quoted(section.title or '')}"]
        lines += [] if section.shown else ["shown = false"]
        for item in section.sentences:
            lines += ["", "[[section.sentence]]", f"key = {_quoted(item.key)}", f"text = {_quoted(item.text or '')}"]
            lines += [] if item.shown else ["shown = false"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def from_toml(text: str, key: str) -> OwnOutline:
    """The words of an edited file; what it does not name is as shipped. Raises Refused ``outline_invalid``."""
    try:
        value = tomllib.loads(text)
        return OwnOutline(
            key,
            opening=_text(value.pop("opening", None)),
            closing=_text(value.pop("closing", None)),
            addressees=_texts(value.pop("addressees", None)),
            recipients=_texts(value.pop("recipients", None)),
            sections=tuple(_section(item) for item in value.pop("section", ()))
            if not value.keys() - {"section"} else _strange(value),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(
            "outline_invalid", f"Tệp đề cương không đúng dạng ({str(error)[:100]}). Đề cương vẫn như trước."
        ) from error


def _section(value: dict[str, Any]) -> OwnSection:
    sentences = tuple(
        OwnSentence(_key(item), _text(item.pop("text", None)), _flag(item), *_strange(item))
        for item in value.pop("sentence", ())
    )
    return OwnSection(_key(value), _text(value.pop("title", None)), _flag(value), sentences, *_strange(value))


def _strange(value: dict[str, Any]) -> tuple[Any, ...]:
    if value:
        raise ValueError(f"không có từ “{next(iter(value))}”")
    return ()


def _key(value: dict[str, Any]) -> str:
    key = value.pop("key")
    if not isinstance(key, str):
        raise TypeError("key")
    return key


def _flag(value: dict[str, Any]) -> bool:
    shown = value.pop("shown", True)
    if not isinstance(shown, bool):
        raise TypeError("shown")
    return shown


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("cần chữ")
    return value


def _texts(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError("cần danh sách chữ")
    return tuple(value)
