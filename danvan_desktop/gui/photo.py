"""Photos of a telephone are many times larger than a report needs: made smaller when the officer wishes so."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

LARGE_BYTES = 1_000_000
EDGE = 1920  # pixels of the longer side: a page of A4 at about 165 dots an inch
_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
_QUALITY = 85


def is_large_photo(path: Path) -> bool:
    """Whether a file is a picture worth making smaller; its pixels are not read."""
    try:
        if path.suffix.lower() not in _SUFFIXES or path.stat().st_size < LARGE_BYTES:
            return False
    except OSError:
        return False
    return QImageReader(str(path)).size().isValid()


def shrunk(path: Path) -> bytes | None:
    """The picture as a JPEG of at most :data:`EDGE` pixels, upright, without the camera's notes (place, time).

    None when it cannot be read or would not become smaller. Runs on any thread.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if max(size.width(), size.height()) > EDGE:
        reader.setScaledSize(size.scaled(QSize(EDGE, EDGE), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return None
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    data = encoded(plain, b"jpeg")
    return data if data and len(data) < path.stat().st_size else None


def encoded(image: QImage, kind: bytes) -> bytes:
    """The bytes of a picture file (``png``, ``jpeg``); empty when it cannot be written."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(kind))
    writer.setQuality(_QUALITY if kind == b"jpeg" else -1)
    return bytes(buffer.data().data()) if writer.write(image) else b""
