"""Writes the files of a run into a folder: pages, scores, rows, lists, and `run.json`, which vouches for them."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.exports.actions import write_actions
from hygiene.exports.filters import CRMS
from hygiene.exports.filters.write import FILTERS, write_filters
from hygiene.exports.lists import write_address_list, write_lists
from hygiene.exports.publish import RUN_FILE
from hygiene.exports.recommendations import RECOMMENDATIONS, write_recommendations
from hygiene.exports.records import write_bounces, write_contacts, write_rejects
from hygiene.exports.tickets import write_tickets
from hygiene.flags.contacts import decide_all
from hygiene.flags.engagement.saved import MODEL_FILE
from hygiene.reports.address_rows import LIST_FILE
from hygiene.reports.index import Index
from hygiene.reports.pages import pages
from hygiene.reports.tables import write_scores_csv
from hygiene.reports.translate import Translator
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hygiene.engine import Engine
    from hygiene.facts import ContactReader
    from hygiene.reports.audit import Audit
    from hygiene.settings import Settings

RUN_SCHEMA = "hygiene/run/1"
UNHASHED_SETTINGS = ("cache_dir", "memory_limit_mib", "ledger", "ledger_key", "allow")
"""Settings that change no figure of a report; exceptions hold addresses too."""


def write_all(
    folder: Path,
    audit: Audit,
    contacts: ContactReader,
    engine: Engine,
    progress: Callable[[str, float | None], None],
) -> None:
    """Write every file of docs/output.md into an empty folder."""
    translator = Translator(audit.settings.lang)
    write_scores_csv(folder / "scores.csv", audit)
    write_contacts(folder / "contacts.csv", decide_all(contacts.contacts(), audit.judged), translator)
    write_bounces(folder / "bounces.csv", contacts.bounces(), translator)
    write_rejects(folder / "rejects.csv", _rejects(engine), translator)
    write_lists(folder / "lists", audit.flags, audit.facts.senders, translator)
    write_filters(folder / FILTERS, CRMS["hubspot"].filters)
    write_address_list(folder / LIST_FILE, audit.addresses, translator)
    if audit.advice:
        write_recommendations(folder / RECOMMENDATIONS, audit.advice, audit.facts)
        write_actions(folder, audit.advice, audit.facts, translator)
    write_json(folder / "import.json", asdict(audit.imported))
    index = Index.of(audit)
    write_tickets(folder, index, translator)
    total = 1 + len(audit.facts.senders) + len(audit.facts.sequences)
    for done, (name, page) in enumerate(pages(audit, translator, index)):
        progress("Writing the pages", done / total)
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")
    write_json(folder / RUN_FILE, run_record(folder, audit))


def _rejects(engine: Engine) -> Iterator[tuple[Any, ...]]:
    query = 'SELECT file, line, "column", "value", code FROM rejects ORDER BY file, line, "column", code'
    for batch in engine.batches(query):
        yield from batch


def run_record(folder: Path, audit: Audit) -> dict[str, Any]:
    """Return what `run.json` holds; equal data and settings give an equal record, `generated_at` aside."""
    from importlib.metadata import version

    from hygiene import __version__

    settings = _settings(audit.settings)
    return {
        "schema": RUN_SCHEMA,
        "generated_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": audit.facts.as_of,
        "data_hash": audit.imported.data_hash,
        "settings": settings,
        "settings_hash": _digest(json.dumps(settings, sort_keys=True, default=str).encode()),
        "ledger": _ledger(audit),
        "models": {
            f"score/{audit.settings.profile}": _digest(_profile_bytes(audit.settings.profile)),
            "bounces": _digest((resource("models") / "bounces" / "model.npz").read_bytes()),
            "engagement": _digest(_engagement_bytes(audit.settings.model)),
        },
        "versions": {
            "hygiene": __version__,
            "duckdb": version("duckdb"),
            "python": platform.python_version(),
        },
        "counts": {
            "tables": dict(audit.imported.tables),
            "rejected": audit.imported.rejected,
            "ended": audit.scores.team.counts.ended,
            "replied": audit.scores.team.counts.replied,
            "bounced": audit.scores.team.counts.bounced,
            "flags": dict(audit.flags.by_flag),
        },
        "files": [*file_names(folder), RUN_FILE],
    }


def _ledger(audit: Audit) -> dict[str, Any] | None:
    """Return which ledger the contacts were looked up in; None where there is none."""
    if audit.memory is None or audit.memory.digest is None:
        return None
    return {"entries": audit.memory.entries, "digest": audit.memory.digest}


def file_names(folder: Path) -> list[str]:
    """Return the paths of the files in a folder, relative to it, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _settings(settings: Settings) -> dict[str, Any]:
    return {key: value for key, value in asdict(settings).items() if key not in UNHASHED_SETTINGS}


def _profile_bytes(profile: str) -> bytes:
    if profile.endswith(".toml"):
        return Path(profile).read_bytes()
    return (resource("models") / "score" / f"{profile}.toml").read_bytes()


def _engagement_bytes(model: str | None) -> bytes:
    """Return the model that was given, else the prior from which each source's own is learned."""
    if model is None:
        return (resource("models") / "engagement" / "prior.json").read_bytes()
    return (Path(model) / MODEL_FILE if Path(model).is_dir() else Path(model)).read_bytes()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def write_json(path: Path, record: dict[str, Any], *, only_ascii: bool = False) -> None:
    """Write a record, its keys in order; times in UTC.

    With `only_ascii` every other character is escaped: for values that must stay as they are, hostile ones too.
    """
    text = json.dumps(record, indent=2, ensure_ascii=only_ascii, sort_keys=True, default=_plain)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _plain(value: object) -> str:
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else str(value)
