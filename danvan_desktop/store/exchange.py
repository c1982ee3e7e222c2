"""Packages sent and received (bytes never change), trusted offices, received reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from .schema import package, package_link, received_report, trust


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A signed package. ``office_id`` is the other side; ``at`` the stamp of building or receiving it."""

    id: str
    direction: str  # in | out
    kind: str
    sha256: str
    office_id: str
    subject_id: str
    revision: int
    verdict: str
    reason: str | None
    at: str
    data: bytes = field(repr=False)
    status: str = ""
    info: dict[str, Any] = field(default_factory=dict, repr=False)


class PackageRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, row: PackageRow) -> None:
        """Keep a package. A second one under the same id raises ValueError: verification refuses it before."""
        if self.get(row.id) is not None:
            raise ValueError(f"package {row.id} is kept already")
        body = asdict(row)
        body["created_at"] = body.pop("at")
        self._connection.execute(insert(package).values(**body))

    def get(self, package_id: str) -> PackageRow | None:
        return self._first(package.c.id == package_id)

    def by_sha(self, sha256: str) -> PackageRow | None:
        """The package with this hash of its signed container, or None."""
        return self._first(package.c.sha256 == sha256)

    def _first(self, where: Any) -> PackageRow | None:
        row = self._connection.execute(select(package).where(where).order_by(package.c.seq)).mappings().first()
        return _package(row) if row else None

    def heads(self, direction: str | None = None, kind: str | None = None) -> list[PackageRow]:
        """As :meth:`list`, but ``data`` is left empty: nothing big is read."""
        columns = [column for column in package.c if column.name != "data"]
        return [_package({**row, "data": b""}) for row in self._query(select(*columns), direction, kind)]

    def _query(self, query: Any, direction: str | None, kind: str | None) -> Any:
        if direction is not None:
            query = query.where(package.c.direction == direction)
        if kind is not None:
            query = query.where(package.c.kind == kind)
        return self._connection.execute(query.order_by(package.c.seq)).mappings()

    def find_prefix(self, prefix: str) -> list[str]:
        """The ids that start with ``prefix`` (at most 20)."""
        low = prefix.lower()
        query = select(package.c.id).where(package.c.id >= low, package.c.id < low + "\x7f")
        return [*self._connection.execute(query.order_by(package.c.id).limit(20)).scalars()]

    def current(self, subject_id: str, sender: str, kind: str = "report") -> PackageRow | None:
        """The received package of a subject with the highest revision that was verified, or None."""
        query = (
            select(package)
            .where(
                package.c.direction == "in",
                package.c.subject_id == subject_id,
                package.c.office_id == sender,
                package.c.kind == kind,
                package.c.verdict == "verified",
            )
            .order_by(package.c.revision.desc(), package.c.seq.desc())
        )
        row = self._connection.execute(query).mappings().first()
        return _package(row) if row else None

    def update_status(self, package_id: str, status: str) -> None:
        """What became of a package (sent, received, accepted, returned, ...)."""
        self._connection.execute(update(package).where(package.c.id == package_id).values(status=status))

    def link(self, answer_id: str, package_id: str) -> None:
        """Note that ``answer_id`` answers ``package_id``."""
        self._connection.execute(
            upsert(package_link).values(answer_id=answer_id, package_id=package_id).on_conflict_do_nothing()
        )

    def answers(self, package_id: str) -> list[PackageRow]:
        """The packages that answer ``package_id``, oldest first."""
        query = (
            select(package)
            .join(package_link, package_link.c.answer_id == package.c.id)
            .where(package_link.c.package_id == package_id)
            .order_by(package.c.seq)
        )
        return [_package(row) for row in self._connection.execute(query).mappings()]

    def answered_by(self, answer_id: str) -> list[PackageRow]:
        """The packages that ``answer_id`` answers."""
        query = (
            select(package)
            .join(package_link, package_link.c.package_id == package.c.id)
            .where(package_link.c.answer_id == answer_id)
            .order_by(package.c.seq)
        )
        return [_package(row) for row in self._connection.execute(query).mappings()]

    def list(self, direction: str | None = None, kind: str | None = None) -> list[PackageRow]:
        """Packages with their bytes, oldest first. For screens use :meth:`heads`."""
        return [_package(row) for row in self._query(select(package), direction, kind)]


def _package(row: Any) -> PackageRow:
    body = {key: value for key, value in row.items() if key not in ("seq", "created_at")}
    return PackageRow(**body, at=row["created_at"])


@dataclass(frozen=True, slots=True)
class TrustRow:
    """A certificate of another office. ``status`` trusted, revoked, quarantine; ``relation`` parent, child or ''."""

    office_id: str
    name: str
    certificate_pem: str
    fingerprint: str
    age_recipient: str
    status: str
    relation: str
    confirmed_at: str | None = None
    confirmed_by: str | None = None


class TrustRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: TrustRow) -> None:
        """Keep a certificate, or what is now said of it (one row per fingerprint)."""
        body = asdict(row)
        last = select(func.coalesce(func.max(trust.c.position), 0) + 1).scalar_subquery()
        self._connection.execute(
            upsert(trust)
            .values(**body, position=last)
            .on_conflict_do_update(
                index_elements=["fingerprint"], set_={key: body[key] for key in body if key != "fingerprint"}
            )
        )

    def get(self, office_id: str) -> TrustRow | None:
        """The newest certificate of an office, a trusted one before all others; None when none is known."""
        rows = [row for row in self.list() if row.office_id == office_id]
        trusted = [row for row in rows if row.status == "trusted"]
        best = trusted or rows
        return best[-1] if best else None

    def by_fingerprint(self, fingerprint: str) -> TrustRow | None:
        return next((row for row in self.list() if row.fingerprint == fingerprint), None)

    def list(self) -> list[TrustRow]:
        """Every certificate, in the order they were added."""
        rows = self._connection.execute(select(trust).order_by(trust.c.position)).mappings()
        return [TrustRow(**{key: value for key, value in row.items() if key != "position"}) for row in rows]

    def set_status(self, office_id: str, status: str, *, at: str, by: str, fingerprint: str | None = None) -> int:
        """Change what is said of the certificates of an office (or of one of them); returns how many changed."""
        query = update(trust).where(trust.c.office_id == office_id)
        if fingerprint is not None:
            query = query.where(trust.c.fingerprint == fingerprint)
        return self._connection.execute(query.values(status=status, confirmed_at=at, confirmed_by=by)).rowcount


@dataclass(frozen=True, slots=True)
class ReceivedReport:
    """A report of another office. ``subject_id``: the sender's report id; ``unit``: the agency here it counts for."""

    package_id: str
    office_id: str
    unit: str
    subject_id: str
    regime: str
    period: str
    revision: int
    package_sha256: str
    document: bytes = field(repr=False)
    state: str  # received | accepted | returned | superseded | recalled | undone
    current: bool
    received_at: str


class ReceivedRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_report(self, row: ReceivedReport) -> None:
        """Keep a received report. When ``current``, the office's earlier ones of the regime and period are so no more
        (and those not yet decided become ``superseded``)."""
        columns = received_report.c
        if row.current:
            same = (
                (columns.office_id == row.office_id) & (columns.regime == row.regime) & (columns.period == row.period)
            )
            waiting = same & columns.state.in_(("received", "accepted", "returned"))
            self._connection.execute(update(received_report).where(waiting).values(state="superseded"))
            self._connection.execute(update(received_report).where(same).values(current=False))
        self._connection.execute(insert(received_report).values(**asdict(row)))

    def get(self, subject_id: str, revision: int) -> ReceivedReport | None:
        columns = received_report.c
        query = select(received_report).where(columns.subject_id == subject_id, columns.revision == revision)
        row = self._connection.execute(query.order_by(columns.current.desc())).mappings().first()
        return ReceivedReport(**row) if row else None

    def by_package(self, package_id: str) -> ReceivedReport | None:
        query = select(received_report).where(received_report.c.package_id == package_id)
        row = self._connection.execute(query).mappings().first()
        return ReceivedReport(**row) if row else None

    def list(self, regime: str | None = None, period: str | None = None) -> list[ReceivedReport]:
        """Received reports, oldest first."""
        columns = received_report.c
        query = select(received_report).order_by(columns.received_at, columns.package_id)
        if regime is not None:
            query = query.where(columns.regime == regime)
        if period is not None:
            query = query.where(columns.period == period)
        return [ReceivedReport(**row) for row in self._connection.execute(query).mappings()]

    def set_state(self, subject_id: str, revision: int, state: str) -> bool:
        """What was decided of a revision; False when it is not known here."""
        columns = received_report.c
        query = update(received_report).where(columns.subject_id == subject_id, columns.revision == revision)
        return self._connection.execute(query.values(state=state)).rowcount > 0

    def set_state_of(self, package_id: str, state: str) -> None:
        """What became of the report that came in this package."""
        query = update(received_report).where(received_report.c.package_id == package_id)
        self._connection.execute(query.values(state=state))

    def set_current(self, package_id: str, current: bool) -> None:
        """Make a received report the one that counts, or not."""
        query = update(received_report).where(received_report.c.package_id == package_id)
        self._connection.execute(query.values(current=current))
