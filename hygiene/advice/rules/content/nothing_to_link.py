"""CON-02: an industry that weighs much has no piece of content in its contacts' language.

What it checks
    Whether 15 % or more of the team's enrollments, or of one sender's, are of an industry for which the library owns
    nothing in their language. The team is told the largest gap; a sender, at most one that is not the team's.

Why it matters
    A gap that is known can be filled: one piece serves every sender who writes to that industry. It is the cheapest
    thing that content matching can say, and the surest.

What to do
    Have a short case study written, or an existing piece translated.

Limits
    “Nothing” means that no piece is filed under the industry and none speaks of it in title or summary. Where some do,
    but not clearly, nothing is said. Where pieces exist, but none with an address that an email may link, that is what
    is said, and which they are. An industry that a CRM names in an unknown way is left out.

Source
    The export itself. HubSpot, "Understand your sequences sender score" (read 2026-11): relevant content. 15 %:
    assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.content import match
from hygiene.advice.pieces import broken_library_of, groups_of, language_name, languages_of, library_of, unusable
from hygiene.advice.templates import answered
from hygiene.advice.types import Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.content import GroupCoverage, Library
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="CON-02",
    family="content",
    scope="team",
    severity="info",
    title=Message("The library has something for each industry that weighs much"),
    effort_minutes=240,
    owner="manager",
    needs=("content", "contacts.industry"),
)
GAPS = ("nothing", "other_language_only")
PIECES_NAMED = 3


def check(case: Case) -> Outcome:
    """Look for industries without a piece, of the team and of each sender."""
    library, broken, languages = library_of(case), broken_library_of(case), languages_of(case)
    senders = case.enrolled.rows["sender_key"].to_numpy()
    found, told = [], set()
    for key in (None, *case.facts.senders):
        at = np.ones(len(senders), dtype=bool) if key is None else senders == key
        for language, group in groups_of(case, library, at, languages):
            what = (language, group.group or group.industries[0])
            if group.status in GAPS and what not in told:
                pieces = match(group.industries[0], language, broken).candidates
                found.append(_suggestion(key, language, group, library, [row.piece.content_id for row in pieces]))
                if key is None:
                    told.add(what)
                break
    return answered(found, 1 + len(case.facts.senders))


def _suggestion(
    key: int | None, language: str, group: GroupCoverage, library: Library, broken: list[str]
) -> Suggestion:
    values: dict[str, Value] = {
        "industry": Text(group.industries[0]),
        "share": Percent(group.share, 0),
        "enrollments": Count(group.enrollments),
        "language": language_name(language),
        "other": language_name(group.match.other_languages[0] if group.match.other_languages else None),
    }
    if group.status == "other_language_only":
        advice = Message(
            "Have a piece for %(industry)s translated into %(language)s: %(share)s of the enrollments are in it, and"
            " what the library owns is in %(other)s.",
            values,
        )
    elif broken:
        advice = Message(
            "Mend the address of a piece for %(industry)s: %(share)s of the enrollments are in it, and the library"
            " owns nothing in %(language)s that an email may link, only %(n)s piece with an unusable address"
            " (%(pieces)s).",
            {**values, "pieces": Text(", ".join(broken[:PIECES_NAMED]))},
            plural="Mend the addresses of the pieces for %(industry)s: %(share)s of the enrollments are in it, and the"
            " library owns nothing in %(language)s that an email may link, only %(n)s pieces with unusable addresses"
            " (%(pieces)s).",
            n=len(broken),
        )
    else:
        advice = Message(
            "Have something written for %(industry)s in %(language)s: %(share)s of the enrollments are in it, and the"
            " library owns nothing that speaks of it.",
            values,
        )
    return Suggestion(
        rule=RULE,
        scope="team" if key is None else "sender",
        subject=f"industry:{group.industries[0]}",
        sender_key=key,
        evidence={
            "share": group.share,
            "enrollments": group.enrollments,
            "language": language,
            "pieces": group.match.found,
            **unusable(library),
        },
        advice=advice,
        steps=(Message("Two customers' words and one figure make a case study; a page is enough."),),
    )
