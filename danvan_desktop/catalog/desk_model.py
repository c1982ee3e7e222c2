"""A desk of the catalogue: what stands first on the screens of an office."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Desk:
    """Which forms stand first for an office: of these profiles, with one of the folded ``names`` in its name."""

    key: str
    title: str
    profiles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    first: tuple[str, ...] = ()  # form keys, or area_<number>
