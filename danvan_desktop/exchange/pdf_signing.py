"""A signature in a PDF: PAdES baseline B-B (ETSI EN 319 142-1), always as an incremental update (DOMAIN §10.3)."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..kernel.errors import Refused
from .pdf_keys import PdfKey

PERSON, AGENCY = "NguoiKy", "CoQuan"  # names of the fields: who signed first, who second


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature shows: page from 0, lower left corner and size in points, and a one-page PDF of that size."""

    page: int
    x: float
    y: float
    width: float
    height: float
    picture: bytes = field(repr=False)


def sign_pdf(pdf: bytes, key: PdfKey, place: Place, name: str, moment: datetime) -> bytes:
    """``pdf`` with one more signature in the field ``name``; every earlier byte stays where it was.

    Raises Refused ``pdf_not_signable`` for a file that is no whole PDF, ``already_signed`` for a field that is taken,
    and the errors of :meth:`.pdf_keys.PdfKey.require_usable`.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

    if moment.tzinfo is None:
        raise ValueError("a signature needs a timezone-aware moment")
    key.require_usable(moment)
    whole = moment.replace(microsecond=0)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
        if name in field_names(pdf):
            raise Refused("already_signed", "Văn bản đã có chữ ký này; chưa ký thêm.")
        metadata = signers.PdfSignatureMetadata(
            field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, embed_validation_info=False
        )
        corners: Any = (place.x, place.y, place.x + place.width, place.y + place.height)  # fractions are fine in PDF
        signer = _signer_at(whole)(
            metadata,
            key.engine,
            stamp_style=_stamp(place.picture),
            new_field_spec=SigFieldSpec(name, on_page=place.page, box=corners),
        )
        signed: bytes = signer.sign_pdf(writer).getvalue()
        return signed
    except PdfError as error:
        raise Refused(
            "pdf_not_signable", "Tệp PDF này không nguyên vẹn nên không ký được. Chưa ký; hãy xuất lại văn bản."
        ) from error


def field_names(pdf: bytes) -> list[str]:
    """The names of the signatures in ``pdf``, in the order they were made."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    return [str(item.field_name) for item in PdfFileReader(io.BytesIO(pdf)).embedded_signatures]


def _signer_at(moment: datetime) -> Any:
    """The library's signer with our own clock: it would ask the machine's."""
    from pyhanko.sign import signers

    class At(signers.PdfSigner):
        def init_signing_session(self, *args: Any, **options: Any) -> Any:
            session = super().init_signing_session(*args, **options)
            session.system_time = moment
            return session

    return At


def _stamp(picture: bytes) -> Any:
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import StaticStampStyle

    class Page(ImportedPdfPage):
        def render(self) -> bytes:
            page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(picture)), page_ix=0)
            self.resources.xobject["/Stamp"] = page
            left, bottom, right, top = page.get_object()["/BBox"]
            self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
            return b"/Stamp Do"

    rule = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID,
        y_align=AxisAlignment.ALIGN_MID,
        margins=Margins(0, 0, 0, 0),
        inner_content_scaling=InnerScaling.NO_SCALING,
    )
    page: Any = Page
    return StaticStampStyle(background=page(""), border_width=0, background_opacity=1.0, background_layout=rule)
