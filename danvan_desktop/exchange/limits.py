"""How much of a package is read at all: caps that hold before, and while, anything is unpacked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps in bytes (or counts) of format 1. Builder and verifier use the same ones."""

    package: int = 200 * 1024 * 1024  # the container as a file
    unpacked: int = 200 * 1024 * 1024  # all members together, unpacked
    members: int = 500  # without mimetype and META-INF
    manifest: int = 256 * 1024
    signature: int = 64 * 1024
    info: int = 192 * 1024  # package.json; room for 500 members
    payload: int = 32 * 1024 * 1024
    ratio: int = 200  # unpacked to packed, for members above ratio_floor
    ratio_floor: int = 1024 * 1024
    name: int = 80  # characters of a member's name
    evidence: int = 50  # files of evidence
    evidence_bytes: int = 100 * 1024 * 1024  # all of them together
    card: int = 16 * 1024  # a key card


LIMITS = Limits()
