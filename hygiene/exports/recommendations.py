"""`recommendations.json`: a row a suggestion, numbers as numbers and each sentence in both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hygiene.reports.translate import Translator
from hygiene.settings import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    from hygiene.advice.advise import Advice
    from hygiene.advice.rank import Ranked
    from hygiene.facts.types import Facts

RECOMMENDATIONS = "recommendations.json"
ROWS_NAMED = 200
"""Contacts that a row names; `contacts` says how many there are, the lists have all."""


def write_recommendations(path: Path, advice: Advice, facts: Facts) -> None:
    """Write every suggestion, told on a page or not, the team's first."""
    rows = recommendation_rows(advice, facts)
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def recommendation_rows(advice: Advice, facts: Facts) -> list[dict[str, Any]]:
    """Return the rows of `recommendations.json` (docs/output.md), the team's first, then by sender and rank."""
    translators = {lang: Translator(lang) for lang in LANGUAGES}
    rows = [_row(ranked, facts, translators) for ranked in advice.all()]
    # By name, not by key: pseudonyms must not keep the ids' order.
    return sorted(rows, key=lambda row: row["sender_id"] or "")


def _row(ranked: Ranked, facts: Facts, translators: dict[str, Translator]) -> dict[str, Any]:
    said = ranked.suggestion
    sender = facts.senders.get(said.sender_key) if said.sender_key is not None else None
    gain = said.gain
    return {
        "id": said.id,
        "rule": said.rule.id,
        "scope": said.scope or said.rule.scope,
        "sender_id": sender.sender_id if sender else None,
        "subject": said.subject,
        "metric": said.metric,
        "gain": gain and _rounded(gain.value),
        "gain_low": gain and _rounded(gain.low),
        "gain_high": gain and _rounded(gain.high),
        "p_gain": gain and _rounded(gain.p),
        "basis": said.basis or said.rule.basis,
        "effort_minutes": said.minutes,
        "rank": ranked.rank,
        "is_told": ranked.is_told,
        "severity": said.weight,
        "owner": said.rule.owner,
        "points": _rounded(said.points),
        "p_better_band": said.p_better_band and _rounded(said.p_better_band),
        "replies": said.replies and _rounded(said.replies),
        "evidence": {name: _rounded(number) for name, number in said.evidence.items()},
        "advice": _both([said.advice], translators),
        "steps": _both(said.steps, translators),
        "contacts": len(said.rows),
        "contact_ids": [row.contact_id for row in said.rows[:ROWS_NAMED]],
    }


def _both(sentences: Iterable[Any], translators: dict[str, Translator]) -> dict[str, str]:
    said = list(sentences)
    return {lang: " ".join(translator.text(sentence) for sentence in said) for lang, translator in translators.items()}


def _rounded(number: float | str) -> float | str:
    return round(number, 6) if isinstance(number, float) else number
