"""What became of one package file, as a person and the command line read it; and the bytes of such a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..exchange.reasons import VERDICTS, PackageRefused
from ..exchange.verify import VerifiedPackage, describe, describe_refusal
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..reporting.fingerprint import short_code
from ..reporting.model import ReportDocument

MAX_PACKAGE_BYTES = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one package file: the verdict as the command line prints it."""

    file: str
    verdict: str  # verified | refused | already_received | superseded
    reason: str | None
    message: str
    details: Mapping[str, Any]
    reply: Path | None = None
    changes: Changes = field(default_factory=Changes)

    def to_json(self) -> dict[str, Any]:
        """Verdict and reason first, then whatever is known of the package."""
        head = {"verdict": self.verdict, "reason": self.reason, "message": self.message, "file": self.file}
        return {**head, **self.details, **head, "reply": str(self.reply) if self.reply else None}

    @staticmethod
    def refused(path: Path, error: PackageRefused) -> Outcome:
        return Outcome(path.name, "refused", error.reason, error.message, describe_refusal(error))

    @staticmethod
    def of(path: Path, found: VerifiedPackage, reply: Path | None = None, changes: Changes | None = None) -> Outcome:
        details = describe(found)
        if isinstance(found.content, ReportDocument):
            code = short_code(found.document_sha256)
            details |= {"regime": found.content.regime, "period": found.content.period, "paper_code": code}
        return Outcome(path.name, found.verdict, None, VERDICTS[found.verdict], details, reply, changes or Changes())


def read_package(path: Path) -> bytes:
    """The bytes of a package file. Raises Refused ``file_unreadable``, PackageRefused ``too_large``."""
    try:
        data = read_file(path, MAX_PACKAGE_BYTES)
    except OSError as error:
        raise Refused(
            "file_unreadable", f"Không mở được tệp “{path.name}” ({reason(error)}). Hãy kiểm tra tên tệp hoặc ổ USB."
        ) from error
    if data is None:
        raise PackageRefused("too_large")
    return data
