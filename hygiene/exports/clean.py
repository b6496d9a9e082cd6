"""Everything that `hygiene clean` writes: lists, filters, tickets, the way back, and `clean.json`, which sums it up."""

from __future__ import annotations

import filecmp
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from hygiene.errors import OutputError
from hygiene.exports.cleanup_lists import write_cleanup_lists
from hygiene.exports.filters import CRMS
from hygiene.exports.filters.write import FILTERS, write_filters
from hygiene.exports.publish import CLEAN_FILE, OWN_FILES, own_files
from hygiene.exports.tickets import write_tickets
from hygiene.exports.undo import write_undo
from hygiene.exports.write import file_names, write_json
from hygiene.reports.cleanup_price import LEVEL, price_sentences
from hygiene.reports.cleanup_steps import LISTS, steps_of
from hygiene.reports.index import Index
from hygiene.reports.translate import Translator
from hygiene.settings import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hygiene.exports.cleanup_lists import Listed
    from hygiene.exports.filters.types import Crm
    from hygiene.gate.cleanup.learned import Learned
    from hygiene.gate.cleanup.price import Estimate, Price, Share
    from hygiene.gate.cleanup.types import Action, Plan
    from hygiene.reports.audit import Audit
    from hygiene.reports.cleanup_steps import Step

SCHEMA = "hygiene/clean/1"
CLEAN_FILES = ".hygiene-clean-files.json"
"""In the output folder: which files are a cleanup's. A report of `run` keeps another record."""
ALSO_BY_DEFAULT = "hubspot"
"""Whose filters are written where no CRM is named: they are the same for everybody and harm nobody."""


@dataclass(frozen=True)
class Cleanup:
    """All that the files of a cleanup are made from."""

    audit: Audit
    plan: Plan
    price: Price
    crm: str | None
    """As `--for` names it; None: not named."""
    learned: Sequence[Learned]
    """What the ledger learns; empty where it is left alone."""

    @property
    def tool(self) -> Crm:
        """Return how the upload files are written."""
        return CRMS[self.crm or "generic"]


class Written(NamedTuple):
    """What stands in the files, for those who are told of it."""

    listed: Mapping[Action, Listed]
    steps: Sequence[Step]


class Changes(NamedTuple):
    """What a cleanup would change in a folder that holds an earlier one; names of files, in order."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    before: Mapping[str, int]
    """Contacts by action in the earlier cleanup, as far as its `clean.json` can be read."""


def write_clean(folder: Path, cleanup: Cleanup) -> Written:
    """Write every file of docs/clean.md into an empty folder."""
    audit, plan, crm = cleanup.audit, cleanup.plan, cleanup.tool
    translator = Translator(audit.settings.lang)
    sentences = price_sentences(cleanup.price)
    listed = write_cleanup_lists(folder / LISTS, plan, crm, audit.facts.senders, sentences, translator)
    filters = dict(CRMS[cleanup.crm or ALSO_BY_DEFAULT].filters)
    if crm.script:
        name, text = crm.script(plan.decisions)
        filters[name] = text
    write_filters(folder / FILTERS, filters)
    write_tickets(folder, Index.of(audit), translator)
    write_undo(folder, plan, crm, cleanup.learned, translator)
    written = Written(listed, steps_of(crm.name, {action: row.uploads for action, row in listed.items()}))
    write_json(folder / CLEAN_FILE, _record(folder, cleanup, written), only_ascii=True)
    return written


def refuse_reports(out: Path) -> None:
    """Raise OutputError where the folder holds a report: its lists have the same names."""
    if (out / OWN_FILES).exists():
        raise OutputError(f"{out} holds a report of hygiene, whose lists have the same names. Name another folder.")


def holds_cleanup(out: Path) -> bool:
    """Tell whether a folder holds an earlier cleanup, which may not be written over unasked."""
    return bool(own_files(out, CLEAN_FILES))


def changes_of(folder: Path, out: Path) -> Changes:
    """Return what would change in `out`, were the files of `folder` put there."""
    fresh, old = set(file_names(folder)), own_files(out, CLEAN_FILES)
    both = sorted(fresh & old)
    return Changes(
        tuple(sorted(fresh - old)),
        tuple(name for name in both if not filecmp.cmp(folder / name, out / name, shallow=False)),
        tuple(sorted(old - fresh)),
        _counts_in(out / CLEAN_FILE),
    )


def _counts_in(path: Path) -> dict[str, int]:
    """Return the contacts by action of an earlier cleanup; a file that somebody has edited may say nothing."""
    try:
        actions = json.loads(path.read_text(encoding="utf-8"))["actions"]
        return {str(action): int(row["contacts"]) for action, row in actions.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _record(folder: Path, cleanup: Cleanup, written: Written) -> dict[str, Any]:
    plan = cleanup.plan
    translators = {lang: Translator(lang) for lang in LANGUAGES}
    return {
        "schema": SCHEMA,
        "as_of": cleanup.audit.facts.as_of,
        "data_hash": cleanup.audit.imported.data_hash,
        "crm": cleanup.tool.name,
        "contacts": plan.contacts,
        "actions": {
            action: {
                "contacts": row.contacts,
                "uploads": {f"{LISTS}/{action}.{file}.csv": count for file, count in row.uploads.items()},
                "quarantined": dict(row.held),
            }
            for action, row in written.listed.items()
        },
        "codes": _codes(plan),
        "price": _price(cleanup.price),
        "steps": [
            {
                "file": step.file,
                "rows": step.rows,
                "what": {lang: translator.text(step.sentence) for lang, translator in translators.items()},
            }
            for step in written.steps
        ],
        "exceptions": [
            {
                "name": row.entry.name,
                "owner": row.entry.owner,
                "evidence": row.entry.evidence,
                "expires": row.entry.expires.isoformat(),
                "state": row.state,
                "lifted": row.lifted,
            }
            for row in plan.exempted
        ],
        "ledger_entries": len(cleanup.learned),
        "files": [*file_names(folder), CLEAN_FILE],
    }


def _codes(plan: Plan) -> dict[str, int]:
    codes: dict[str, int] = {}
    for row in plan.decisions:
        codes[row.code] = codes.get(row.code, 0) + 1
    return codes


def _price(price: Price) -> dict[str, Any]:
    return {
        "level": LEVEL,
        "removed": _share(price.removed),
        "paused": _share(price.paused),
        "both": _share(price.both),
        "repeats": {"tried": price.repeats.tried, "again": price.repeats.again},
        "knows_replies": price.knows_replies,
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "contacts": share.contacts,
        "bounces_avoided": _estimate(share.bounces),
        "replies_lost": share.replies and _estimate(share.replies),
        "unjudged": share.unjudged,
    }


def _estimate(estimate: Estimate) -> dict[str, float]:
    return {name: round(value, 3) for name, value in estimate._asdict().items()}
