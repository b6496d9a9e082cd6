"""`undo.csv` for people and `undo.json` for scripts: what to put back, in the CRM's terms, and what is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygiene.exports.sheets import write_people
from hygiene.exports.write import write_json
from hygiene.gate.cleanup.undo import changes
from hygiene.reports.cleanup_words import ONLY_LISTED, PUT_BACK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hygiene.exports.filters.types import Crm
    from hygiene.gate.cleanup.learned import Learned
    from hygiene.gate.cleanup.types import Decision, Plan
    from hygiene.gate.cleanup.undo import Change
    from hygiene.gate.ledger.types import Entry
    from hygiene.reports.translate import Translator

SCHEMA = "hygiene/undo/1"
COLUMNS = (
    *("contact_id", "email", "action", "code", "field", "before", "after"),
    *("ledger_reason", "ledger_key", "put_back"),
)


def write_undo(folder: Path, plan: Plan, crm: Crm, learned: Sequence[Learned], translator: Translator) -> None:
    """Write both files: a row a contact and change; a contact whose action changes nothing has one row without."""
    entries = {row.row.flag.facts.contact_key: row.entry for row in learned}
    touched = [row for row in plan.decisions if row.action in PUT_BACK]
    cells = (line for row in touched for line in _lines(row, crm, entries.get(row.flag.facts.contact_key), translator))
    write_people(folder / "undo.csv", COLUMNS, cells, translator.lang)
    records = [_record(row, crm, entries) for row in touched]
    write_json(folder / "undo.json", {"schema": SCHEMA, "crm": crm.name, "contacts": records}, only_ascii=True)


def _lines(row: Decision, crm: Crm, entry: Entry | None, translator: Translator) -> list[tuple[str, ...]]:
    contact = row.flag.facts
    who = (contact.contact_id, contact.email or "", row.action, row.code)
    remembered = (entry.reason, entry.key) if entry else ("", "")
    changed = [(_field(change, crm), change.before, change.after) for change in changes(row)]
    put_back = translator.text(PUT_BACK[row.action] if changed or entry else ONLY_LISTED)
    return [(*who, *values, *remembered, put_back) for values in changed or [("", "", "")]]


def _record(row: Decision, crm: Crm, entries: Mapping[int, Entry]) -> dict[str, Any]:
    contact = row.flag.facts
    entry = entries.get(contact.contact_key)
    return {
        "contact_id": contact.contact_id,
        "email": contact.email,
        "action": row.action,
        "code": row.code,
        "changes": [
            {"field": _field(change, crm), "before": change.before, "after": change.after} for change in changes(row)
        ],
        "ledger": entry and {"key": entry.key, "reason": entry.reason, "at": entry.at, "source": entry.source},
    }


def _field(change: Change, crm: Crm) -> str:
    return crm.fields.get(change.field, change.field)
