"""The zip container: one writer, one strict reader of our own.

General zip readers look at the central directory only and forgive the rest; what they forgive is where a
second, different content can hide. This reader knows exactly one layout: local entries without gaps from
the first byte, the central directory naming them in the same order with the same fields, the end record,
nothing after it. No comments, no extra fields, no encryption, no descriptors, no zip64, no folders.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .limits import Limits
from .reasons import PackageRefused
from .strict import is_member_name

MIMETYPE_NAME = "mimetype"
MIMETYPE = b"application/vnd.etsi.asic-e+zip"
MANIFEST_NAME = "META-INF/ASiCManifest001.xml"
SIGNATURE_NAME = "META-INF/signature001.p7s"
INFO_NAME = "package.json"
SERVICE_NAMES = (MIMETYPE_NAME, MANIFEST_NAME, SIGNATURE_NAME)

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_STORED, _DEFLATED = 0, 8
_TIME, _DATE = 0, (1 << 5) | 1  # 1980-01-01 00:00: the same bytes whenever built
_ALLOWED_FLAGS = 0x0806  # deflate effort hints and "names are UTF-8" (ours are ASCII)
_REGULAR, _KIND_MASK = 0o100000, 0o170000


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    version: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    offset: int


def write_container(files: Sequence[tuple[str, bytes, bool]], limits: Limits) -> bytes:
    """A zip of ``(name, data, compress)`` in the given order; the same input gives the same bytes.

    Data is stored when compressing does not help, or would help suspiciously well.
    """
    parts: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, data, compress in files:
        method, body = _STORED, data
        if compress:
            engine = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = engine.compress(data) + engine.flush()
            if len(packed) < len(data) and len(data) <= max(limits.ratio_floor, len(packed) * limits.ratio):
                method, body = _DEFLATED, packed
        raw = name.encode("ascii")
        common = (20, 0, method, _TIME, _DATE, zlib.crc32(data), len(body), len(data), len(raw), 0)
        parts += [_LOCAL.pack(_LOCAL_SIGN, *common), raw, body]
        directory += [_CENTRAL.pack(_CENTRAL_SIGN, 20, *common, 0, 0, 0, 0, offset), raw]
        offset += _LOCAL.size + len(raw) + len(body)
    central = b"".join(directory)
    end = _END.pack(_END_SIGN, 0, 0, len(files), len(files), len(central), offset, 0)
    return b"".join([*parts, central, end])


def _broken(why: str, **details: Any) -> PackageRefused:
    return PackageRefused("zip_structure", why=why, **details)


def read_container(data: bytes, limits: Limits, caps: Mapping[str, int]) -> dict[str, bytes]:
    """The members of a container by name, in order, each unpacked and checked against its CRC.

    ``caps`` gives smaller caps for named members. Raises PackageRefused ``too_large``, ``not_zip``,
    ``zip_structure``, ``mimetype``.
    """
    if len(data) > limits.package:
        raise PackageRefused("too_large", size=len(data), limit=limits.package)
    if not data.startswith(_LOCAL_SIGN):
        raise PackageRefused("not_zip")
    entries, directory_start = _directory(data, limits, caps)
    result: dict[str, bytes] = {}
    position = 0
    for entry in entries:
        result[entry.name], position = _member(data, entry, position, limits)
    if position != directory_start:
        raise _broken("bytes between the last member and the directory")
    first = entries[0]
    if first.name != MIMETYPE_NAME or first.method != _STORED or result[MIMETYPE_NAME] != MIMETYPE:
        raise PackageRefused("mimetype")
    return result


def _directory(data: bytes, limits: Limits, caps: Mapping[str, int]) -> tuple[list[_Entry], int]:
    if len(data) < _END.size:
        raise _broken("no end record")
    sign, disk, start_disk, here, total, size, start, comment = _END.unpack_from(data, len(data) - _END.size)
    if sign != _END_SIGN:
        raise _broken("no end record at the end: cut off, or something follows")
    if disk or start_disk or here != total or comment:
        raise _broken("several disks or a comment")
    if start + size + _END.size != len(data):
        raise _broken("the directory is not where the end record says")
    if total > limits.members + len(SERVICE_NAMES):
        raise PackageRefused("too_large", members=total, limit=limits.members)
    if not total:
        raise _broken("no members")
    entries: list[_Entry] = []
    position = start
    for _ in range(total):
        entry, position = _central(data, position, start + size, limits)
        entries.append(entry)
    if position != start + size:
        raise _broken("bytes after the directory")
    seen: set[str] = set()
    for entry in entries:
        if entry.name.lower() in seen:
            raise _broken("two members of one name", member=entry.name)
        seen.add(entry.name.lower())
        if entry.size > caps.get(entry.name, limits.unpacked):
            raise PackageRefused("too_large", member=entry.name, size=entry.size)
        if entry.size > max(limits.ratio_floor, entry.packed * limits.ratio):
            raise PackageRefused("too_large", member=entry.name, ratio=entry.size // max(entry.packed, 1))
    if sum(entry.size for entry in entries) > limits.unpacked:
        raise PackageRefused("too_large", size=sum(entry.size for entry in entries), limit=limits.unpacked)
    return entries, start


def _central(data: bytes, position: int, end: int, limits: Limits) -> tuple[_Entry, int]:
    if position + _CENTRAL.size > end:
        raise _broken("directory cut off")
    (sign, _made, version, flags, method, time, date, crc, packed, size, name_length, extra, comment, disk, _inside,
     outside, offset) = _CENTRAL.unpack_from(data, position)  # fmt: skip
    position += _CENTRAL.size
    raw = data[position : position + name_length]
    if sign != _CENTRAL_SIGN or position + name_length > end:
        raise _broken("directory entry damaged")
    name = raw.decode("latin-1")
    if not is_member_name(name, limits.name):
        raise _broken("name not allowed", member=name.encode("ascii", "backslashreplace").decode()[:100])
    if extra or comment or disk:
        raise _broken("extra field, comment or other disk", member=name)
    if flags & ~_ALLOWED_FLAGS:
        raise _broken("encrypted or streamed member", member=name, flags=flags)
    if version > 20 or method not in (_STORED, _DEFLATED):
        raise _broken("packing method not allowed", member=name, method=method)
    if method == _STORED and packed != size:
        raise _broken("stored size differs", member=name)
    if (outside >> 16) & _KIND_MASK not in (0, _REGULAR):
        raise _broken("not a plain file", member=name)
    return _Entry(name, version, flags, method, time, date, crc, packed, size, offset), position + name_length


def _member(data: bytes, entry: _Entry, position: int, limits: Limits) -> tuple[bytes, int]:
    """The unpacked bytes of the member whose local header must stand at ``position``, and where it ends."""
    raw = entry.name.encode("ascii")
    expected = _LOCAL.pack(_LOCAL_SIGN, entry.version, entry.flags, entry.method, entry.time, entry.date, entry.crc,
                           entry.packed, entry.size, len(raw), 0) + raw  # fmt: skip
    start = position + len(expected)
    if entry.offset != position or data[position:start] != expected:
        raise _broken("local header differs from the directory", member=entry.name)
    body = memoryview(data)[start : start + entry.packed]
    if len(body) != entry.packed:
        raise _broken("member cut off", member=entry.name)
    content = bytes(body) if entry.method == _STORED else _inflate(body, entry)
    if zlib.crc32(content) != entry.crc:
        raise _broken("checksum differs", member=entry.name)
    return content, start + entry.packed


def _inflate(body: memoryview, entry: _Entry) -> bytes:
    engine = zlib.decompressobj(-15)
    try:
        # one byte more than announced: enough to see a lie, never enough to fill the memory
        content = engine.decompress(body, entry.size + 1)
    except zlib.error as error:
        raise _broken("compressed data damaged", member=entry.name) from error
    if len(content) != entry.size or not engine.eof or engine.unused_data or engine.unconsumed_tail:
        raise _broken("unpacked size differs", member=entry.name)
    return content
