"""Office files are zip files with stamps of the clock inside: here they lose them. Same values, same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

STAMP = datetime(2000, 1, 1)  # noqa: DTZ001  # a fixed mark, no moment
_ZIP_STAMP = (2000, 1, 1, 0, 0, 0)


def steady(raw: bytes) -> bytes:
    """The same zip file (a workbook, a Word document) without the hour it was written at."""
    out = io.BytesIO()
    stamp = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                text = data.decode("utf-8")
                text = re.sub(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", rf"\g<1>{stamp}\g<2>", text)
                data = text.encode("utf-8")
            info = zipfile.ZipInfo(name, _ZIP_STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            target.writestr(info, data)
    return out.getvalue()
