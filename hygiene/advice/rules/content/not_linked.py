"""CON-01: an industry has pieces of content that suit it, and the sender's templates link none of the library's.

What it checks
    Whether 15 % or more of a sender's enrollments are of one industry (and language) for which the library holds a
    matching piece that is not stale, while no template of the sender's sequences in that language links any piece of
    the library. Up to three candidates are named with the words that match.

Why it matters
    HubSpot names relevant content among its tips. What a case study of the same industry brings has not been measured
    by anybody that we found, so no gain is claimed.

What to do
    Link one piece in a follow-up, with a sentence that says why it concerns the reader.

Limits
    A piece found by its text “speaks of” the industry: read it before you link it. In our own test one query in six to
    which nothing fits still gets a neighbor's piece. URLs that are malformed, or no web page (`javascript:`), are never
    named as a link.

Source
    HubSpot, "Understand your sequences sender score" (read 2026-11). The matching and its figures:
    hygiene/advice/content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.pieces import groups_of, languages_of, library_of, links_of, unusable
from hygiene.advice.templates import answered, with_text
from hygiene.advice.types import NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.content import Candidate, GroupCoverage, Library
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="CON-01",
    family="content",
    scope="sender",
    severity="info",
    title=Message("Templates link pieces of content that suit the contacts' industries"),
    basis="exact",
    effort_minutes=20,
    needs=("content", "templates", "contacts.industry"),
)


def check(case: Case) -> Outcome:
    """Compare each sender's industries with the library and with what the templates link."""
    steps = with_text(case)
    if isinstance(steps, NotApplicable):
        return steps
    library, languages = library_of(case), languages_of(case)
    senders = case.enrolled.rows["sender_key"].to_numpy()
    found = []
    for key in case.facts.senders:
        used = [step for step in steps if key in case.quality.users.get(step.sequence_key, ())]
        for language, group in groups_of(case, library, senders == key, languages) if used else []:
            spoken = [step for step in used if step.language in (language, None)]
            if group.status == "matched" and spoken and not links_of(library, spoken):
                found.append(_suggestion(key, language, group, library))
                break
    return answered(found, len(case.facts.senders))


def _suggestion(key: int, language: str, group: GroupCoverage, library: Library) -> Suggestion:
    candidates = [candidate for candidate in group.match.candidates if not candidate.is_stale]
    values: dict[str, Value] = {
        "industry": Text(group.industries[0]),
        "share": Percent(group.share, 0),
        "n": Count(len(candidates)),
        "title": Text(candidates[0].piece.title),
    }
    return Suggestion(
        rule=RULE,
        subject=f"industry:{group.industries[0]}",
        sender_key=key,
        evidence={
            "share": group.share,
            "enrollments": group.enrollments,
            "language": language,
            "pieces": group.match.found,
            **{f"piece_{at}": candidate.piece.content_id for at, candidate in enumerate(candidates, start=1)},
            **unusable(library),
        },
        advice=Message(
            "Link “%(title)s” in a follow-up: %(share)s of your enrollments are in %(industry)s, and your templates"
            " link nothing of the library yet.",
            values,
        ),
        steps=tuple(map(_piece, candidates)),
    )


def _piece(candidate: Candidate) -> Message:
    values: dict[str, Value] = {
        "title": Text(candidate.piece.title),
        "url": Text(candidate.piece.url.strip()),
        "words": Text(", ".join(candidate.words)),
    }
    if candidate.how == "industry":
        return Message("“%(title)s” (%(url)s) is filed under %(words)s.", values)
    return Message("“%(title)s” (%(url)s) speaks of %(words)s.", values)
