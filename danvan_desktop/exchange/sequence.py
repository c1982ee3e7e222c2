"""The last step of verification: is this package new, known, an old revision, or in conflict (DESIGN §8.10)?

Nothing is ever decided by arrival time: a conflict is refused, and a person decides.
"""

from __future__ import annotations

from .package import PackageInfo
from .payloads import DOCUMENT_KINDS
from .reasons import PackageRefused
from .trust import Chain, SequenceView, TrustedKey

Judgement = tuple[str, tuple[str, ...]]


def judge(info: PackageInfo, sha256: str, signer: TrustedKey, sequence: SequenceView | None) -> Judgement:
    """``(verdict, notes)`` for a package whose container has the hash ``sha256``.

    Raises PackageRefused ``id_reused``, ``fork``, or ``sender_mismatch`` when the subject is another office's.
    """
    if sequence is None:
        return "verified", ()
    known = sequence.package_ids.get(info.id)
    if known is not None and known != sha256:
        raise PackageRefused("id_reused", id=info.id, received=known, offered=sha256)
    if info.subject is None or info.revision is None or info.kind not in (*DOCUMENT_KINDS, "recall"):
        return ("already_received" if known or sha256 in sequence.received else "verified"), ()
    chain = sequence.subjects.get(info.subject)
    if chain is not None and not signer.is_office(chain.owner):
        raise PackageRefused("sender_mismatch", named=chain.owner, owner=signer.office_id)
    if known is not None or sha256 in sequence.received:
        return "already_received", ()
    if info.kind == "recall":
        return "verified", (() if chain and info.revision in chain.revisions else ("subject_unknown",))
    return _judge_revision(info, info.revision, chain)


def _judge_revision(info: PackageInfo, revision: int, chain: Chain | None) -> Judgement:
    document = info.payload_sha256
    if chain is None or not chain.revisions:
        return "verified", (("predecessor_unknown",) if info.replaces else ())
    same = chain.revisions.get(revision)
    if same is not None:
        if (same.document_sha256, same.replaces) == (document, info.replaces):
            return "already_received", ("same_document",)
        raise _fork(info, revision)
    before, after = chain.revisions.get(revision - 1), chain.revisions.get(revision + 1)
    if before is not None and before.document_sha256 != info.replaces:
        raise _fork(info, revision - 1)
    if after is not None and after.replaces != document:
        raise _fork(info, revision + 1)
    for number, link in chain.revisions.items():
        if link.replaces == info.replaces and info.replaces is not None:
            raise _fork(info, number)  # two revisions of one predecessor
        if link.document_sha256 == document or (link.document_sha256 == info.replaces and number > revision):
            raise _fork(info, number)  # a document under two numbers, or one that replaces its successor
    notes = (
        () if info.replaces is None or before is not None or _knows(chain, info.replaces) else ("predecessor_unknown",)
    )
    older = chain.current is not None and revision < chain.current
    return ("superseded" if older else "verified"), notes


def _knows(chain: Chain, document: str) -> bool:
    return any(link.document_sha256 == document for link in chain.revisions.values())


def _fork(info: PackageInfo, number: int) -> PackageRefused:
    return PackageRefused("fork", subject=info.subject, revision=info.revision, conflicts_with=number)
