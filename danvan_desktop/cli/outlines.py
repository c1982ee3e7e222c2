"""``office outline``: the outlines as this office words them."""

from __future__ import annotations

from pathlib import Path

from ..kernel import atomic
from ..kernel.errors import Refused, UsageError
from ..kernel.reading import read_file
from ..services.outlines import OutlineSheet, from_toml, to_toml
from .session import Session

MAX_FILE = 2**20


def outline(session: Session) -> int:
    """List, show, edit or reset outlines."""
    options = session.options
    if options.act == "list":
        return _list(session)
    if not options.outline:
        raise UsageError("usage", "Hãy nêu khóa của đề cương (xem: office outline list).")
    service = session.office().outlines
    if options.act == "edit":
        if not options.file:
            raise UsageError("usage", "Hãy nêu --file: tệp đề cương đã sửa (lấy bằng office outline show).")
        service.save(options.outline, from_toml(_read(Path(options.file)), options.outline))
    elif options.act == "reset":
        service.reset(options.outline)
    return _show(session, service.sheet(options.outline))


def _read(path: Path) -> str:
    try:
        data = read_file(path, MAX_FILE)
        if data is not None:
            return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "file_unreadable", f"Không đọc được tệp “{path.name}” (cần là tệp chữ UTF-8). Đề cương vẫn như trước."
        ) from error
    raise Refused("file_too_large", f"Tệp “{path.name}” quá lớn cho một đề cương. Đề cương vẫn như trước.")


def _list(session: Session) -> int:
    lines = session.office().outlines.all()
    session.output.result(
        {"outlines": [{"key": item.key, "title": item.title, "version": item.version, "by": item.by, "at": item.at}
                      for item in lines]},
        [f"{item.key}: {item.title}" + (f" (bản {item.version} của cơ quan)" if item.version else "")
         for item in lines],
    )  # fmt: skip
    return 0


def _show(session: Session, sheet: OutlineSheet) -> int:
    options = session.options
    text = to_toml(sheet.shipped if options.shipped else sheet.words)
    line = sheet.line
    said = f"# {line.title}: " + (
        f"bản {line.version} của cơ quan, {line.by}, {line.at}" if line.version else "danh mục"
    )
    if options.act == "show" and options.file:
        atomic.write_bytes(Path(options.file), text.encode("utf-8"))
    session.output.result(
        {"key": line.key, "version": line.version, "by": line.by, "at": line.at, "misfits": list(sheet.misfits),
         "changed": dict(sheet.changed), "text": text},
        [said, *(f"# Lưu ý: {item}." for item in sheet.misfits)]
        + ([text] if options.act == "show" and not options.file else []),
    )  # fmt: skip
    return 0
