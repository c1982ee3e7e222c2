"""Three offices for journeys, set up through the command line as an administrator would."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from danvan_desktop.cli.main import run

PASSWORD = "mật khẩu của hành trình"

CENTRE = """
profile = "commune_agency"
[office]
name = "Trung tâm Phục vụ hành chính công xã Mẫu"
short_name = "TTPVHCC"
place = "Xã Mẫu"
superior_lines = ["UBND XÃ MẪU"]
issuer_lines = ["TRUNG TÂM", "PHỤC VỤ HÀNH CHÍNH CÔNG"]
symbol_suffix = "TTPVHCC"
[parent]
name = "Ủy ban nhân dân xã Mẫu"
via = "phòng Văn hóa - Xã hội"
[[signers]]
authority_lines = ["GIÁM ĐỐC"]
name = "Trần Thị Thí Dụ"
[[accounts]]
name = "motnguoi"
roles = ["entry", "consolidation", "leader", "records_office", "admin"]
"""

HUB = """
profile = "commune_hub"
[office]
name = "Ủy ban nhân dân xã Mẫu"
short_name = "UBND"
place = "Xã Mẫu"
issuer_lines = ["ỦY BAN NHÂN DÂN", "XÃ MẪU"]
symbol_suffix = "UBND"
drafting_unit = "VHXH"
[parent]
name = "Ủy ban nhân dân tỉnh Quảng Trị"
via = "Sở Nội vụ"
[[signers]]
authority_lines = ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
name = "Nguyễn Văn Mẫu"
[[agencies]]
name = "Phòng Văn hóa - Xã hội"
[[agencies]]
name = "Trung tâm Phục vụ hành chính công xã Mẫu"
[[villages]]
name = "Thôn Mẫu Đông"
[[accounts]]
name = "motnguoi"
roles = ["entry", "consolidation", "leader", "records_office", "admin"]
"""

PARENT = """
profile = "parent"
[office]
name = "Sở Nội vụ tỉnh Quảng Trị"
short_name = "SNV"
place = "Quảng Trị"
superior_lines = ["UBND TỈNH QUẢNG TRỊ"]
issuer_lines = ["SỞ NỘI VỤ"]
symbol_suffix = "SNV"
[[signers]]
authority_lines = ["GIÁM ĐỐC"]
name = "Lê Ví Dụ"
[[accounts]]
name = "motnguoi"
roles = ["entry", "consolidation", "leader", "records_office", "admin"]
"""


class CommandLine:
    """Runs ``danvan`` in this process: the password through a pipe, the answer as the JSON it printed."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self._capture = capture

    def __call__(self, home: Path | None, *words: object, code: int = 0, password: str = PASSWORD) -> Any:
        arguments = [str(word) for word in words] + ["--json"]
        reader, writer = os.pipe()
        os.write(writer, password.encode("utf-8") + b"\n")
        os.close(writer)
        if home is not None:
            arguments += ["--home", str(home), "--password-fd", str(reader)]
        self._capture.readouterr()
        try:
            found = run(arguments)
        finally:
            os.close(reader)
        out, err = self._capture.readouterr()
        assert found == code, (arguments, found, out.decode(), err.decode())
        return json.loads(out)


def record_of(form: str) -> dict[str, Any]:
    """One complete record of some forms, as an administrator writes it into a file."""
    records: dict[str, dict[str, Any]] = {
        "procedure_month": {
            "month": "2026-03",
            "field": "land",
            "carried_over": 4,
            "received_online": 30,
            "received_direct": 12,
            "resolved_early": 25,
            "resolved_on_time": 14,
            "resolved_late": 1,
            "pending_in_term": 6,
            "pending_overdue": 0,
            "apology_letters": 1,
        },
        "satisfaction_survey": {
            "held_on": "25/3/2026",
            "valid_answers": 50,
            "very_satisfied": 30,
            "satisfied": 19,
            "dissatisfied": 1,
        },
        "directive_document": {
            "direction": "issued",
            "document_type": "Kế hoạch",
            "number_symbol": "12/KH-UBND",
            "issued_on": "2026-02-10",
            "issuer": "Ủy ban nhân dân xã Mẫu",
            "abstract": "Thực hiện công tác dân vận chính quyền năm 2026 <b>&amp; =1+1",
        },
        "citizen_reception": {
            "received_on": "2026-04-02",
            "kind": "periodic",
            "receiver": "Chủ tịch UBND xã",
            "people": 6,
            "petition_kind": "feedback",
            "visitor": "Nguyễn Thị Mẫu 07",
            "content": "Phản ánh đường liên thôn",
            "first_time": "first",
        },
    }
    return records[form]
