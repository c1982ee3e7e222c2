"""The forms in which a paper is signed (NĐ 30/2020, Điều 13; DOMAIN §1.4): what is offered, what typed lines are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..kernel import assets
from ..kernel.text import squeeze

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class SigningForm:
    """``lines`` hold places for posts; ``when`` is the sentence that tells an officer when the form is right;
    ``collective``: only for an office that decides together (True), only for others (False), for both (None)."""

    key: str
    title: str
    when: str
    lines: tuple[str, ...]
    collective: bool | None

    def filled(self, posts: Mapping[str, str]) -> tuple[str, ...] | None:
        """The lines as printed for the posts of an office; None where the form is not for it."""
        if self.collective is not None and self.collective != ("collective" in posts):
            return None
        if any(name not in posts for line in self.lines for name in _PLACE.findall(line)):
            return None
        return tuple(_PLACE.sub(lambda found: posts[found[1]], line) for line in self.lines)


@cache
def signing_forms() -> tuple[SigningForm, ...]:
    """All forms, in the order in which they are offered."""
    data: dict[str, Any] = tomllib.loads(
        (assets.resources() / "templates" / "signing.toml").read_text(encoding="utf-8")
    )
    return tuple(
        SigningForm(item["key"], item["title"], item["when"], tuple(item["lines"]), item.get("collective"))
        for item in data["form"]
    )


def offered(posts: Iterable[Mapping[str, str]]) -> tuple[tuple[str, ...], ...]:
    """The authority lines to choose from, for the posts an office may have, each once."""
    found = (form.filled(item) for item in posts for form in signing_forms())
    return tuple(dict.fromkeys(lines for lines in found if lines is not None))


def form_of(lines: Sequence[str]) -> SigningForm | None:
    """The form of authority lines as typed, known by their abbreviations; None where the decree has no such form.

    A post may take more than one line.
    """
    wanted = _shape(squeeze(line).upper() for line in lines)
    return next((form for form in signing_forms() if _shape(form.lines) == wanted), None)


def _shape(lines: Iterable[str]) -> tuple[str, ...]:
    """The abbreviations in their order; "" at the end where the last line has none: it is the signer's own post."""
    found = [next((mark for mark in _marks() if line.startswith(mark)), "") for line in lines if line]
    return (*(mark for mark in found if mark), *([""] if found and not found[-1] else []))


@cache
def _marks() -> tuple[str, ...]:
    heads = {line.partition("{")[0].strip() for form in signing_forms() for line in form.lines}
    return tuple(sorted((head for head in heads if head), key=len, reverse=True))
