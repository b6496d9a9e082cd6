"""SEG-05: contacts get a sequence in another language than theirs.

What it checks
    Of a sender's running enrollments (of all, where none runs) those whose contact's language and whose sequence's
    language are both known and differ, where they are more than 2 % of them and at least three. The language of a
    sequence is the one that the export names, else the one that its templates are clearly written in.

Why it matters
    Such an email is answered rarely and looks like bulk mail to whoever reads it.

What to do
    Take these contacts out, enroll them in a sequence in their language, and put the language into the filter.

Limits
    A contact's language is what the CRM says, often read off the country or the browser; people read more than one. No
    gain is claimed.

Source
    The export itself, row by row. The line of 2 %: assumed. The language of a template is told by its frequent
    words, from 20 words on (docs/bounces.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="SEG-05",
    family="segment",
    scope="list",
    severity="medium",
    title=Message("Contacts get emails in their language"),
    effort_minutes=15,
    needs=("contacts.language",),
)
LEAST_SHARE = 0.02
LEAST_ROWS = 3
LEAST_WORDS = 20
"""Of a sequence's templates, from which on its language is told (evidence/recommender.md, 3.1)."""
CLEARLY = 2.0
"""How many times the next language's score the best one must have; assumed."""
_LISTED = re.compile(r"[;,/|+&]")
_TOKEN = re.compile(r"\{[^{}]*\}|<[^<>]*>|https?://\S+")


def check(case: Case) -> Outcome:
    """Look for contacts in a sequence of another language."""
    spoken = sequence_languages(case)
    if not spoken:
        return NotApplicable(Message("The language of no sequence is known."))
    rows = case.enrolled.rows
    running = rows[rows["ended_at"].isna()]
    is_running = not running.empty
    known = _known(running if is_running else rows, spoken)
    found = [
        _suggestion(int(str(key)), of_sender, is_running=is_running)
        for key, of_sender in known.groupby("sender_key", sort=True)
        if (others := int(of_sender["differs"].sum())) >= LEAST_ROWS and others > LEAST_SHARE * len(of_sender)
    ]
    return Fired(tuple(found)) if found else Clear(len(known))


def _known(rows: DataFrame, spoken: Mapping[int, str]) -> DataFrame:
    """Return the rows whose two languages are known, as columns `wanted`, `got` and `differs`."""
    codes = {text: codes_of(text) for text in rows["language"].dropna().unique()}
    got = rows["sequence_key"].map(spoken)
    wanted = rows["language"].map({text: "/".join(sorted(found)) for text, found in codes.items() if found})
    known = rows.assign(wanted=wanted, got=got)[wanted.notna() & got.notna()]
    pairs = known[["wanted", "got"]].drop_duplicates()
    apart = {(wanted, got) for wanted, got in pairs.itertuples(index=False, name=None) if got not in wanted.split("/")}
    differs = [pair in apart for pair in zip(known["wanted"], known["got"], strict=True)]
    return known.assign(differs=differs)


def _suggestion(key: int, rows: DataFrame, *, is_running: bool) -> Suggestion:
    others = rows[rows["differs"]].drop_duplicates("contact_id")
    wanted, got = others.groupby(["wanted", "got"]).size().sort_values(ascending=False, kind="stable").index[0]
    share = float(rows["differs"].mean())
    values: dict[str, Value] = {
        "known": Count(len(rows)),
        "share": Percent(share),
        "wanted": Text(str(wanted)),
        "got": Text(str(got)),
    }
    return Suggestion(
        rule=RULE,
        subject="contact-list:other-language",
        sender_key=key,
        evidence={
            "contacts": len(others),
            "enrollments": int(rows["differs"].sum()),
            "known": len(rows),
            "share": share,
            "most_often": f"{wanted} → {got}",
        },
        advice=_advice(values, len(others), is_running=is_running),
        steps=(
            Message(
                "Enroll this contact in a sequence in its language, and make the language part of the list's filter.",
                plural="Enroll them in a sequence in their language, and make the language part of the list's filter.",
                n=len(others),
            ),
        ),
        rows=tuple(
            ContactRow(contact, f"{wanted} → {got}")
            for contact, wanted, got in others[["contact_id", "wanted", "got"]].itertuples(index=False, name=None)
        ),
    )


def _advice(values: dict[str, Value], number: int, *, is_running: bool) -> Message:
    if is_running:
        return Message(
            "Take %(n)s contact out that gets a sequence in another language than its own (%(share)s of %(known)s"
            " running enrollments, most often %(got)s instead of %(wanted)s).",
            values,
            plural="Take %(n)s contacts out that get a sequence in another language than their own (%(share)s of"
            " %(known)s running enrollments, most often %(got)s instead of %(wanted)s).",
            n=number,
        )
    return Message(
        "Filter your next lists by language: %(n)s contact got a sequence in another language than its own (%(share)s"
        " of %(known)s enrollments, most often %(got)s instead of %(wanted)s).",
        values,
        plural="Filter your next lists by language: %(n)s contacts got a sequence in another language than their own"
        " (%(share)s of %(known)s enrollments, most often %(got)s instead of %(wanted)s).",
        n=number,
    )


def codes_of(text: str) -> frozenset[str]:
    """Return the ISO 639-1 codes of a contact's languages, as a CRM writes them.

    Examples
    --------
    >>> sorted(codes_of("Français; EN-us")), sorted(codes_of("German")), sorted(codes_of("?"))
    (['en', 'fr'], ['de'], [])
    """
    from hygiene.advice.content.words import language_code

    return frozenset(code for part in _LISTED.split(text) if (code := language_code(part)))


def sequence_languages(case: Case) -> Mapping[int, str]:
    """Return the language of each sequence (key), as far as it is known: named, else that of its templates."""
    spoken: dict[int, str] = {}
    for key, sequence in case.facts.sequences.items():
        named = codes_of(sequence.language or "")
        if len(named) == 1:
            spoken[key] = min(named)
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for template in case.enrolled.templates:
        texts[template.sequence_key] += [template.subject or "", template.body or ""]
    for key, parts in texts.items():
        if key not in spoken and (language := _language_of(" ".join(parts))):
            spoken[key] = language
    return spoken


def _language_of(text: str) -> str | None:
    from hygiene.mail.replies.folding import folded
    from hygiene.mail.replies.language import language_scores

    plain = _TOKEN.sub(" ", text)
    if len(plain.split()) < LEAST_WORDS:
        return None
    scores = sorted(language_scores(folded(plain)).items(), key=lambda item: (-item[1], item[0]))
    (best, score), (_, second) = scores[0], scores[1]
    return best if score and score >= CLEARLY * second else None
