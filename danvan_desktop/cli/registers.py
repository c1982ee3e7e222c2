"""Commands about registers: which there are, and one of a period as a file."""

from __future__ import annotations

from pathlib import Path

from ..bootstrap import catalog
from ..catalog.periods import parse_period
from ..kernel import vi
from .session import Session


def listing(session: Session) -> int:
    """The registers of the catalogue; needs no home."""
    found = catalog()
    session.output.result(
        {
            "registers": [
                {"key": item.key, "title": item.title, "form": item.form, "form_no": item.form_no or None,
                 "columns": [column.title for column in item.columns], "personal": item.personal}
                for item in found.registers.values()
            ]
        },
        [f"{item.key}  {item.title}" + (f" ({item.form_no})" if item.form_no else "")
         for item in found.registers.values()],
    )  # fmt: skip
    return 0


def export(session: Session) -> int:
    """Write a register of a period as .pdf or .xlsx."""
    path = Path(session.options.out)
    period = parse_period(session.options.period)
    rows, _ = session.office().registers.export(session.options.key, period, path)
    session.output.result(
        {"file": str(path), "rows": rows, "period": period.key}, [f"Đã ghi {vi.number(rows)} dòng vào {path}"]
    )
    return 0
