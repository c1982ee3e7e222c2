"""The draft journal of the entry forms: kept at every finished field, offered again after a crash, gone when saved.

A draft counts nowhere and is in no list; only its own account sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..catalog import privacy, values
from ..catalog.model import Form, Json, Privacy
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..store.record_drafts import DraftRow
from .context import Context


@dataclass(frozen=True, slots=True)
class TypedDraft:
    """What stands in an entry form. ``typed``: texts that are no values (yet), by field."""

    form: str
    record_id: str | None
    base_revision: int | None
    values: Mapping[str, Json]
    common: Mapping[str, Any]
    typed: Mapping[str, Any] = field(default_factory=dict)
    protected_shown: bool = False
    """The protected values of the record were before the officer's eyes (services.records.RecordInput)."""


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft that was never saved, as it is offered; stamps are UTC texts."""

    id: str
    form: Form
    record_id: str | None
    label: str
    changed_at: str


class DraftService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def new_id(self) -> str:
        return new_id(self._context.clock)

    def keep(self, draft_id: str, draft: TypedDraft) -> None:
        """Journal what stands in the form. Values that are, or may become, protected are kept sealed; an account
        without that right leaves protected ones out. Raises Refused ``no_right``, ``disk_full``."""
        self._context.require("record")
        form = self._context.form(draft.form)
        store = self._context.store
        secret = {
            item.key
            for item in form.fields
            if (item.privacy is Privacy.PROTECTED or item.class_when is not None)
            and (store.protected_unlocked or privacy.privacy_of(form, item, draft.values) is Privacy.PROTECTED)
        }
        body = {
            "values": {key: value for key, value in draft.values.items() if key not in secret},
            "typed": {key: text for key, text in draft.typed.items() if key not in secret},
            "common": dict(draft.common),
            "protected_shown": draft.protected_shown,
        }
        sealed: dict[str, Json] = {}
        if store.protected_unlocked:
            for part, given in (("values", draft.values), ("typed", draft.typed)):
                if found := {key: value for key, value in given.items() if key in secret}:
                    sealed[part] = found
        with store.unit() as uow:
            uow.drafts.put(draft_id, form.key, draft.record_id, draft.base_revision, body, sealed)

    def waiting(self, record_id: str | None = None) -> list[WaitingDraft]:
        """Drafts of the signed-in account that were not saved, the last one first; ``record_id``: of that record."""
        if not self._context.may("record"):
            return []
        forms = self._context.catalog.forms
        with self._context.store.read() as uow:
            rows = uow.drafts.list()
        return [
            self._offer(row, forms[row.form])
            for row in rows
            if row.form in forms and (record_id is None or row.record_id == record_id)
        ]

    def open(self, draft_id: str) -> TypedDraft:
        """A draft with its sealed values. Raises Refused ``not_found``, ``no_right``."""
        with self._context.store.unit() as uow:
            row = uow.drafts.get(draft_id)
            if row is None:
                raise Refused("not_found", "Bản nhập dở này không còn: đã được lưu hoặc đã bỏ.")
            sealed: dict[str, Any] = uow.drafts.protected(draft_id) if row.has_sealed else {}
        body = row.body
        return TypedDraft(
            form=row.form,
            record_id=row.record_id,
            base_revision=row.base_revision,
            values={**body["values"], **sealed.get("values", {})},
            common=body["common"],
            typed={**body["typed"], **sealed.get("typed", {})},
            protected_shown=body["protected_shown"],
        )

    def discard(self, draft_id: str) -> None:
        """Forget a draft."""
        with self._context.store.unit() as uow:
            uow.drafts.discard(draft_id)

    def _offer(self, row: DraftRow, form: Form) -> WaitingDraft:
        label = values.label_of(form, row.body["values"])
        return WaitingDraft(row.id, form, row.record_id, label, row.changed_at)
