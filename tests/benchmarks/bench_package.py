"""How much building and verifying a package costs beside hashing the same bytes once.

``python tests/benchmarks/bench_package.py [MEGABYTES]``: prints milliseconds and ratios, best of five.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from danvan_desktop.exchange.keys import generate_office_key
from danvan_desktop.exchange.package import Member, PackageInfo, Party, build_package
from danvan_desktop.exchange.trust import TrustedKey, TrustView
from danvan_desktop.exchange.verify import verify
from danvan_desktop.kernel.canonical import canonical_bytes

CHILD, PARENT = "0197a000-0000-7000-8000-000000000001", "0197a000-0000-7000-8000-000000000002"
AT = datetime(2026, 5, 28, tzinfo=UTC)


def best(work: Callable[[], object]) -> float:
    """Milliseconds of the fastest of five runs."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times) * 1000


def measure(megabytes: int) -> dict[str, float]:
    """Milliseconds for raw hashing, building and verifying a report with that much evidence, and the ratios."""
    key = generate_office_key(CHILD, "Xã A", datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
    info = PackageInfo(
        kind="report", id=PARENT, sender=Party(CHILD, "Xã A"), receiver=Party(PARENT, "Sở Nội vụ"), subject=CHILD,
        revision=1, replaces=None, created_at="2026-05-28T00:00:00Z", catalog_version="1", catalog_hash=None,
        audit_head=None,
    )  # fmt: skip
    head = {"format": 1, "kind": "report", "id": CHILD, "revision": 1, "replaces": None, "office_id": CHILD}
    size = megabytes * 1024 * 1024 // 10
    members = [Member("report.json", "application/json", canonical_bytes(head))]
    members += [Member(f"evidence/{index}.pdf", "application/pdf", os.urandom(size)) for index in range(10)]
    data = build_package(info, members, key, AT)
    trust = TrustView((TrustedKey(CHILD, "Xã A", key.certificate_der, "child"),))
    raw = best(lambda: hashlib.sha256(data).hexdigest())
    build = best(lambda: build_package(info, members, key, AT))
    check = best(lambda: verify(data, trust=trust, at=AT, receiver_id=PARENT))
    return {
        "hash_ms": raw,
        "build_ms": build,
        "verify_ms": check,
        "build_ratio": build / raw,
        "verify_ratio": check / raw,
    }


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{megabytes} MB", *(f"{name}={value:.1f}" for name, value in measure(megabytes).items()))


if __name__ == "__main__":
    main()
