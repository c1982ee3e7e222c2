"""Reports: drafts that change, frozen bytes and issue records that never do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from ..kernel.canonical import sha256_hex
from ..kernel.clock import Clock, stamp
from ..kernel.errors import Refused
from .schema import (
    paper_issue,
    report,
    report_comment,
    report_figure,
    report_frozen,
    report_issue,
    report_issue_release,
    report_moment,
)

LIVE = ("draft", "submitted")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One revision of a report. ``version`` counts the savings of its draft; stamps are UTC texts."""

    id: str
    regime: str
    period: str
    revision: int
    state: str  # draft | submitted | frozen
    draft: dict[str, Any] = field(repr=False)
    version: int
    created_at: str
    created_by: str
    changed_at: str
    changed_by: str
    remarks: str = ""  # of the leader who sent it back


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """The canonical bytes of an approved report; insert-only."""

    report_id: str
    revision: int
    data: bytes = field(repr=False)
    sha256: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class IssueRow:
    """Number and date of a frozen report; insert-only. ``date`` ISO, ``mode`` paper or electronic."""

    report_id: str
    revision: int
    number: int
    date: str
    series: str
    mode: str
    at: str
    by: str
    released: bool = False


class ReportRepository:
    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    # -- drafts ---------------------------------------------------------------------------------

    def insert_draft(self, row: ReportRow) -> None:
        self._connection.execute(insert(report).values(**asdict(row)))

    def get(self, report_id: str, revision: int | None = None) -> ReportRow | None:
        """A revision of a report; the latest when none is named."""
        query = select(report).where(report.c.id == report_id).order_by(report.c.revision.desc()).limit(1)
        if revision is not None:
            query = query.where(report.c.revision == revision)
        row = self._connection.execute(query).mappings().first()
        return ReportRow(**row) if row else None

    def find_prefix(self, prefix: str) -> list[str]:
        """The report ids that start with ``prefix`` (at most 20)."""
        low = prefix.lower()
        query = select(report.c.id).distinct().where(report.c.id >= low, report.c.id < low + "\x7f")
        return [*self._connection.execute(query.order_by(report.c.id).limit(20)).scalars()]

    def _live(self, report_id: str) -> ReportRow:
        row = self.get(report_id)
        if row is None:
            raise Refused("not_found", f"Không tìm thấy báo cáo có mã “{report_id}”.")
        if row.state not in LIVE:
            raise Refused(
                "report_frozen", "Báo cáo đã chốt nên không sửa được nữa. Hãy lập bản thay thế nếu cần sửa nội dung."
            )
        return row

    def update_draft(self, report_id: str, draft: dict[str, Any], expected_version: int, *, by: str) -> int:
        """Replace the draft of the latest revision; returns its new version.

        Raises Refused ``report_changed`` when somebody saved meanwhile, ``report_frozen``, ``not_found``.
        """
        row = self._live(report_id)
        if row.version != expected_version:
            raise Refused(
                "report_changed",
                f"Dự thảo đã được “{row.changed_by}” sửa trong lúc anh/chị đang soạn. Chưa ghi đè; "
                "hãy mở bản mới nhất để đối chiếu rồi ghi lại.",
                id=report_id,
                version=row.version,
            )
        self._touch(report_id, row.revision, by, draft=draft, version=row.version + 1)
        return row.version + 1

    def set_state(self, report_id: str, revision: int, state: str, *, by: str, remarks: str = "") -> None:
        """Move a live revision between ``draft`` and ``submitted``. Freezing has its own way: :meth:`freeze`."""
        if state not in LIVE:
            raise ValueError(state)
        row = self._live(report_id)
        if row.revision != revision:
            raise Refused("report_changed", "Báo cáo đã có bản mới hơn. Chưa thay đổi gì; hãy mở bản mới nhất.")
        self._touch(report_id, revision, by, state=state, remarks=remarks)

    def remove_draft(self, report_id: str) -> ReportRow:
        """Take the live latest revision away; frozen ones stay. Raises Refused ``report_frozen``, ``not_found``."""
        row = self._live(report_id)
        for table in (report_figure, report_moment, report_comment):
            mine = (table.c.report_id == row.id) & (table.c.revision == row.revision)
            self._connection.execute(delete(table).where(mine))
        self._connection.execute(delete(report).where(report.c.id == row.id, report.c.revision == row.revision))
        return row

    def _touch(self, report_id: str, revision: int, by: str, **columns: Any) -> None:
        self._connection.execute(
            update(report)
            .where(report.c.id == report_id, report.c.revision == revision)
            .values(**columns, changed_at=stamp(self._clock.now()), changed_by=by)
        )

    # -- frozen ---------------------------------------------------------------------------------

    def freeze(self, report_id: str, revision: int, frozen_bytes: bytes, sha256: str, by: str) -> None:
        """Keep the approved bytes for ever. Raises Refused ``report_frozen`` when they are kept already."""
        if sha256_hex(frozen_bytes) != sha256:
            raise ValueError("the hash is not that of the bytes")
        row = self._live(report_id)
        if row.revision != revision:
            raise Refused("report_changed", "Báo cáo đã có bản mới hơn. Chưa chốt; hãy mở bản mới nhất.")
        self._touch(report_id, revision, by, state="frozen")
        self._connection.execute(
            insert(report_frozen).values(
                report_id=report_id,
                revision=revision,
                data=frozen_bytes,
                sha256=sha256,
                at=stamp(self._clock.now()),
                by=by,
            )
        )

    def frozen(self, report_id: str, revision: int | None = None) -> FrozenRow | None:
        """The frozen bytes of a revision (latest frozen one when none is named), or None."""
        columns = report_frozen.c
        query = select(report_frozen).where(columns.report_id == report_id).order_by(columns.revision.desc()).limit(1)
        if revision is not None:
            query = query.where(columns.revision == revision)
        row = self._connection.execute(query).mappings().first()
        return FrozenRow(**row) if row else None

    # -- numbers --------------------------------------------------------------------------------

    def issue(
        self, report_id: str, revision: int, number: int, date: str | date, series: str, mode: str, by: str
    ) -> IssueRow:
        """Give a frozen revision its number. Raises Refused ``number_taken``, ``already_numbered``."""
        day = date if isinstance(date, str) else date.isoformat()
        year = int(day[:4])
        if any(item.revision == revision for item in self.issues(report_id)):
            raise Refused("already_numbered", "Báo cáo này đã có số; số đã cấp không thay đổi.")
        self.require_free(series, year, number)
        row = IssueRow(report_id, revision, number, day, series, mode, stamp(self._clock.now()), by)
        body = {key: value for key, value in asdict(row).items() if key != "released"}
        self._connection.execute(insert(report_issue).values(**body, year=year))
        return row

    def release_issue(self, report_id: str, revision: int, *, why: str, by: str) -> bool:
        """Give back a number whose (electronic) signing was abandoned; the issue stays on record."""
        standing = self._standing().where(report_issue.c.report_id == report_id, report_issue.c.revision == revision)
        row = self._connection.execute(standing).mappings().first()
        if row is None:
            return False
        self._connection.execute(
            insert(report_issue_release).values(issue_seq=row["seq"], why=why, at=stamp(self._clock.now()), by=by)
        )
        return True

    def _standing(self) -> Any:
        released = select(report_issue_release.c.issue_seq)
        return select(report_issue).where(report_issue.c.seq.not_in(released)).order_by(report_issue.c.seq)

    def issues(self, report_id: str) -> list[IssueRow]:
        """The numbers of a report's revisions that stand, in the order given (released ones left out)."""
        rows = self._connection.execute(self._standing().where(report_issue.c.report_id == report_id)).mappings()
        return [_issue(row) for row in rows]

    def require_free(self, series: str, year: int, number: int) -> None:
        """Raises Refused ``number_taken`` where a report or another paper has this number."""
        if number in self._taken(series, year):
            raise Refused(
                "number_taken",
                f"Số {number} năm {year} đã cấp cho văn bản khác. Chưa cấp số; hãy lấy số kế tiếp "
                f"({self.next_number(series, year)}).",
                next=self.next_number(series, year),
            )

    def _taken(self, series: str, year: int) -> set[int]:
        return {item.number for item in self.standing(series, year)}

    def standing(self, series: str, year: int) -> tuple[IssueRow, ...]:
        """The numbers of a series and year that stand, of reports and of the papers that share the series."""
        columns = report_issue.c
        query = self._standing().where(columns.series == series, columns.year == year)
        others = select(paper_issue).where(paper_issue.c.series == series, paper_issue.c.year == year)
        return (
            *(_issue(row) for row in self._connection.execute(query).mappings()),
            *(
                IssueRow(row["paper_id"], 1, row["number"], row["date"], series, "paper", row["at"], row["by"])
                for row in self._connection.execute(others.order_by(paper_issue.c.seq)).mappings()
            ),
        )

    def next_number(self, series: str, year: int) -> int:
        """The number after the highest one that stands in a series of a year."""
        return max(self._taken(series, year), default=0) + 1

    # -- sources --------------------------------------------------------------------------------

    def save_figure_records(self, report_id: str, revision: int, figure: str, record_ids: Iterable[str]) -> None:
        """Keep which records stand behind a figure; refused (by trigger) once the revision is frozen."""
        ids = list(record_ids)
        self._connection.execute(
            upsert(report_figure)
            .values(report_id=report_id, revision=revision, figure=figure, record_ids=ids)
            .on_conflict_do_update(index_elements=["report_id", "revision", "figure"], set_={"record_ids": ids})
        )

    def figure_records(self, report_id: str, revision: int, figure: str) -> list[str]:
        """The ids of the records behind a figure of a revision."""
        columns = report_figure.c
        row = self._connection.execute(
            select(columns.record_ids).where(
                columns.report_id == report_id, columns.revision == revision, columns.figure == figure
            )
        ).first()
        return list(row[0]) if row else []

    def records_behind(self, report_id: str, revision: int) -> list[str]:
        """The ids of the records behind any figure of a revision, each once."""
        columns = report_figure.c
        query = select(columns.record_ids).where(columns.report_id == report_id, columns.revision == revision)
        return list(dict.fromkeys(item for ids in self._connection.execute(query).scalars() for item in ids))

    def reports_using(self, record_id: str) -> list[tuple[str, int]]:
        """(report id, revision) of the frozen revisions with this record behind a figure."""
        each = func.json_each(report_figure.c.record_ids).table_valued("value", joins_implicitly=True)
        query = (
            select(report_figure.c.report_id, report_figure.c.revision)
            .distinct()
            .join(
                report_frozen,
                (report_frozen.c.report_id == report_figure.c.report_id)
                & (report_frozen.c.revision == report_figure.c.revision),
            )
            .where(each.c.value == record_id)
        )
        return [(row[0], row[1]) for row in self._connection.execute(query)]

    def list(self) -> list[ReportRow]:
        """Every revision of every report, newest report first, newest revision first."""
        query = select(report).order_by(report.c.id.desc(), report.c.revision.desc())
        return [ReportRow(**row) for row in self._connection.execute(query).mappings()]


def _issue(row: Any) -> IssueRow:
    return IssueRow(
        row["report_id"], row["revision"], row["number"], row["date"], row["series"], row["mode"], row["at"], row["by"]
    )
