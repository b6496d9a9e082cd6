"""All that speaks for one kind or another: headers, subject, and the sender's own text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygiene.mail.replies.folding import flow
from hygiene.mail.replies.headers import deciding_header
from hygiene.mail.replies.language import language_scores
from hygiene.mail.replies.matching import Hit, body_hits, line_hits, subject_hits
from hygiene.mail.replies.own import own_text
from hygiene.mail.replies.subjects import Subject, read_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygiene.mail.replies.types import HeadersKind, Kind

MACHINES: Final[tuple[Kind, ...]] = ("challenge", "left_company", "out_of_office", "auto_reply")
"""Kinds that a subject may announce, in the order in which they win."""


class Evidence(NamedTuple):
    """What was found in one mail.

    Attributes
    ----------
    own, text : str
        The sender's own text, as written and folded.
    subject_text : str
        The subject, folded and without prefixes.
    scores : dict of str to float
        The text's `language_scores`.
    hits, automatic, line, subject : dict of Kind to Hit
        The first rule of each kind that the text meets and that counts here; of those only the ones that only machines
        write; the sentences that say this alone; what the subject announces.
    vetoed : frozenset of Kind
        Kinds that the text looks like and is not: a rule of theirs matched but for its veto.
    header : HeadersKind
        What the headers say, and in `header_name` which of them.
    is_machine : bool
        Header or subject show a machine, whatever the text says.
    """

    own: str
    text: str
    subject_text: str
    scores: dict[str, float]
    hits: dict[Kind, Hit]
    automatic: dict[Kind, Hit]
    line: dict[Kind, Hit]
    subject: dict[Kind, Hit]
    vetoed: frozenset[Kind]
    header: HeadersKind
    header_name: str
    is_machine: bool


def gather(text: str, subject: str, headers: Mapping[str, str] | None) -> Evidence:
    """Return what speaks in a mail; the parameters are those of `read_reply`.

    Examples
    --------
    >>> evidence = gather("Not interested, thanks.", "Re: idea", {"X-Loop": "yes"})
    >>> list(evidence.hits), evidence.header
    (['negative'], 'weak')
    """
    own = own_text(text)
    flowing = flow(own)
    header, header_name = deciding_header(headers)
    scores = language_scores(flowing)
    spoken, vetoed = body_hits(flowing, scores)
    title = read_subject(subject)
    announced = _announced(title, spoken, flowing)
    is_machine = header == "auto" or any(kind in announced for kind in MACHINES)
    # What is weak needs a machine beside it, and what is mild gives way: both come after all the rest.
    counted = [hit for hit in spoken if not hit.rule.weak and not hit.rule.mild]
    counted += [hit for hit in spoken if hit.rule.mild or (hit.rule.weak and (is_machine or header == "weak"))]
    return Evidence(
        own,
        flowing,
        title.text,
        scores,
        _first_of_each(counted),
        _first_of_each(hit for hit in counted if hit.rule.automatic),
        _first_of_each(line_hits(own)),
        announced,
        vetoed,
        header,
        header_name,
        is_machine,
    )


def _first_of_each(hits: Iterable[Hit]) -> dict[Kind, Hit]:
    first: dict[Kind, Hit] = {}
    for hit in hits:
        first.setdefault(hit.rule.kind, hit)
    return first


def _announced(subject: Subject, spoken: list[Hit], text: str) -> dict[Kind, Hit]:
    """Return what the subject announces: by its start, or, where it is the sender's own, by all of it."""
    found = subject_hits(subject.text)
    if subject.is_answered:
        # “Re: Automatic reply: …” is a person answering a machine, unless the text too speaks like one.
        is_believed = not text or any(hit.rule.kind in MACHINES for hit in spoken)
        return _first_of_each(found) if is_believed else {}
    if subject.text:
        own = body_hits(subject.text, language_scores(subject.text)).hits
        found += [hit for hit in own if hit.rule.kind in {*MACHINES, "opt_out"} and not hit.rule.weak]
    return _first_of_each(found)
