"""What a digital signature shows on the paper (NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.7-8): the blue image of the person's
signature between position and name; the agency's red seal in its real size, a third over that image from its left."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ..kernel.errors import Refused
from .fonts import REGULAR, register
from .layout import MM
from .lines import break_pieces
from .pdf import SignatureBox, drawing

BLUE, RED = (0, 32, 160), (200, 16, 24)
MAX_IMAGE_BYTES = 4 * 2**20
MAX_PIXELS = 12_000_000
KEPT_PIXELS = 1200  # the longer side: 600 dpi of 50 mm
PERSON_WIDTH_MM = 50.0  # the largest a person's image is drawn
PERSON_WORDS_MM, AGENCY_WORDS_MM = 40.0, 28.0  # words in place of images, side by side
_TEXT_SIZE = 9.0
_BACKGROUND = 200  # in a scan without transparency, what is brighter than this is paper


@dataclass(frozen=True, slots=True)
class Stamp:
    """A place on a page (points, from the lower left) and the one-page PDF drawn there."""

    page: int
    x: float
    y: float
    width: float
    height: float
    picture: bytes


def clean_image(data: bytes, colour: tuple[int, int, int]) -> bytes:
    """A PNG with transparent ground of a scanned signature or seal, small enough to keep.

    An image without transparency is taken for dark on white paper, and drawn in ``colour``; one with transparency
    keeps its colours. Raises Refused ``image_too_large``, ``image_invalid``.
    """
    if len(data) > MAX_IMAGE_BYTES:
        raise Refused("image_too_large", "Tệp ảnh lớn hơn 4 MB. Chưa nhận; hãy chọn ảnh nhỏ hơn.")
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if image.width * image.height > MAX_PIXELS:
            raise Refused("image_too_large", "Ảnh có quá nhiều điểm ảnh. Chưa nhận; hãy chọn ảnh nhỏ hơn.")
        image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(
            "image_invalid", "Tệp này không phải ảnh PNG hoặc JPEG đọc được. Chưa nhận; hãy chọn tệp khác."
        ) from error
    drawn = image.convert("RGBA")
    alpha = drawn.getchannel("A")
    if alpha.getextrema()[0] == 255:
        ink = drawn.convert("L").point([max(0, min(255, (_BACKGROUND - level) * 2)) for level in range(256)])
        drawn = Image.new("RGBA", drawn.size, (*colour, 0))
        drawn.putalpha(ink)
    box = drawn.getchannel("A").getbbox()
    if box is None:
        raise Refused("image_invalid", "Ảnh trắng, không thấy nét nào. Chưa nhận; hãy chọn tệp khác.")
    drawn = drawn.crop(box)
    drawn.thumbnail((KEPT_PIXELS, KEPT_PIXELS))
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def person_stamp(room: SignatureBox, image: bytes | None, lines: Sequence[str]) -> Stamp:
    """The person's mark in the ``room`` between position and name; ``lines`` stand where there is no image."""
    width, height = person_size(room, image)
    x, y = room.x + (room.width - width) / 2, room.y + (room.height - height) / 2
    return Stamp(room.page, x, y, width, height, _picture(width, height, image, lines, BLUE))


def person_size(room: SignatureBox, image: bytes | None) -> tuple[float, float]:
    """How wide and high (points) the person's mark is drawn in ``room``."""
    if image is None:
        return min(PERSON_WORDS_MM * MM, room.width), room.height
    most = (min(PERSON_WIDTH_MM * MM, room.width), room.height)
    width, height = ImageReader(io.BytesIO(image)).getSize()
    scale = min(most[0] / width, most[1] / height)
    return width * scale, height * scale


def agency_stamp(
    room: SignatureBox, person: bytes | None, image: bytes | None, diameter_mm: float, lines: Sequence[str]
) -> Stamp:
    """The agency's seal, ``diameter_mm`` wide, a third over the person's image from its left; ``lines`` where there is
    no image of the seal."""
    person_width, _ = person_size(room, person)
    left = room.x + (room.width - person_width) / 2
    if image is None:  # words would not be read over words: beside it
        width, height = AGENCY_WORDS_MM * MM, room.height
        return Stamp(room.page, left - width, room.y, width, height, _picture(width, height, None, lines, RED))
    side = diameter_mm * MM
    x = left + person_width / 3 - side
    y = room.y + (room.height - side) / 2
    return Stamp(room.page, max(0.0, x), max(0.0, y), side, side, _picture(side, side, image, lines, RED))


def _picture(
    width: float, height: float, image: bytes | None, lines: Sequence[str], colour: tuple[int, int, int]
) -> bytes:
    register()
    buffer = io.BytesIO()
    with drawing:
        canvas = Canvas(buffer, pagesize=(width, height), invariant=1, initialFontName=REGULAR, initialFontSize=9)
        if image is not None:
            canvas.drawImage(
                ImageReader(io.BytesIO(image)), 0, 0, width, height, mask="auto", preserveAspectRatio=True, anchor="c"
            )
        else:
            _write(canvas, width, height, lines, colour)
        canvas.save()
    return buffer.getvalue()


def _write(canvas: Canvas, width: float, height: float, lines: Sequence[str], colour: tuple[int, int, int]) -> None:
    canvas.setFillColorRGB(*(part / 255 for part in colour))
    canvas.setStrokeColorRGB(*(part / 255 for part in colour))
    canvas.setLineWidth(0.8)
    canvas.rect(0.8, 0.8, width - 1.6, height - 1.6)
    size = _TEXT_SIZE
    while True:
        broken = [line for text in lines for line in break_pieces([(REGULAR, text)], size, width - 8)]
        if len(broken) * size * 1.2 <= height - 6 or size <= 5:
            break
        size -= 0.5
    y = (height + len(broken) * size * 1.2) / 2 - size
    for line in broken:
        x = 4.0
        for font, text in line.pieces:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
            x += canvas.stringWidth(text, font, size)
        y -= size * 1.2
