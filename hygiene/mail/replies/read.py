"""Weighs what headers, subject and text say, and answers with one kind.

An opt-out wins over all: it must never be lost. Then come what only machines write, then an absence that nothing human
stands beside, then what a person says: somebody else, a no, an interest. An interest outweighs a no (“not the large
plan, but send me a quote for the small one”) and an absence that is only mentioned (“away on Thursday, Friday?”).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from hygiene.mail.replies.folding import flow
from hygiene.mail.replies.headers import deciding_header
from hygiene.mail.replies.language import language_of, language_scores, spoken_languages
from hygiene.mail.replies.likeness import likeness
from hygiene.mail.replies.matching import Hit, body_hits, line_hits, subject_hits
from hygiene.mail.replies.own import own_text
from hygiene.mail.replies.returns import return_date
from hygiene.mail.replies.rules import languages
from hygiene.mail.replies.subjects import Subject, read_subject
from hygiene.mail.replies.successor import successor_in
from hygiene.mail.replies.types import KINDS, HeadersKind, Kind, ReplyReading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MACHINES: Final[tuple[Kind, ...]] = ("challenge", "left_company", "out_of_office", "auto_reply")
"""Kinds that a subject may announce, in the order in which they win."""

CONFIDENCE: Final = {"header": 0.97, "subject": 0.95, "line": 0.9, "automatic": 0.95, "body": 0.85, "default": 0.6}
"""How far each kind of evidence is trusted (assumed, not fitted)."""
SURE: Final = 0.65
"""Probability from which a likeness to our phrases decides where no rule does (assumed; by eye on our own cases)."""
SURE_OF_QUESTION: Final = 0.9
"""The same where the text asks something: whoever asks is mostly a person who goes on."""
SURE_OF_OPT_OUT: Final = 0.5
"""The same for an opt-out: one too many costs a prospect, one lost costs the sender's name."""
AGREED: Final = 0.98
"""Confidence where a header or subject and the text say the same (assumed)."""
LIKENESS: Final = 0.8
"""Share of a likeness's probability that is believed: its words are not independent (assumed)."""
SILENT: Final = 0.3
"""Confidence in `human` where the sender wrote nothing of his own (assumed)."""


_SOME_DAY: Final = date(2000, 1, 1)  # a mail without a date is tried on it, to see whether it names a return at all


class _Evidence(NamedTuple):
    own: str
    text: str
    scores: dict[str, int]  # of the languages
    vetoed: frozenset[Kind]  # of which a rule matched but for its veto: what looks like the kind and is not
    hits: dict[Kind, Hit]  # the first body hit of a kind that counts
    automatic: dict[Kind, Hit]  # the first of those that only machines write
    line: dict[Kind, Hit]  # of sentences that say only this
    subject: dict[Kind, Hit]
    subject_text: str
    header: HeadersKind
    header_name: str
    is_machine: bool  # by header or subject, whatever the text says


class _Choice(NamedTuple):
    kind: Kind
    hit: Hit | None
    source: str
    is_machine: bool
    probability: float = 0.0  # of a likeness


def read_reply(
    text: str, subject: str = "", headers: Mapping[str, str] | None = None, at: datetime | None = None
) -> ReplyReading:
    """Return what a reply to our mail says, and whether a person wrote it.

    A bounce is to be ruled out before: nearly half of them carry the headers of an automatic reply.

    Parameters
    ----------
    text : str
        The mail's text, plain or HTML, with or without the quoted original. Any string is fine.
    subject : str
        Its subject, decoded or not.
    headers : mapping of str to str, optional
        Its headers, names in any case.
    at : datetime.datetime, optional
        When it came. Without it a return date needs its year.

    Returns
    -------
    ReplyReading

    Examples
    --------
    >>> from datetime import datetime
    >>> reply = read_reply("Je suis absente jusqu'au 5 mai inclus.", at=datetime(2026, 4, 20))
    >>> reply.kind, reply.is_machine, reply.returns_on.isoformat()
    ('out_of_office', True, '2026-05-06')
    >>> read_reply("I was out of the office last week, but yes, let's talk.").kind
    'human'
    >>> read_reply("Nicht mein Thema, bitte wenden Sie sich an eva.kern@nord.example").successor
    'eva.kern@nord.example'
    """
    evidence = _gathered(text, read_subject(subject), headers)
    day = at.date() if at else None
    choice = _chosen(evidence)
    among = tuple(dict.fromkeys(hit.rule.language for hit in _speaking(evidence, choice)))
    language = language_of(evidence.scores, among)
    return ReplyReading(
        choice.kind,
        choice.is_machine,
        _returns_on(evidence, among, language, day) if choice.kind == "out_of_office" else None,
        successor_in(evidence.own, (*among, language)) if choice.kind in {"left_company", "referral"} else None,
        language,
        _signal(evidence, choice),
        _confidence(evidence, choice),
    )


def _gathered(text: str, subject: Subject, headers: Mapping[str, str] | None) -> _Evidence:
    own = own_text(text)
    flowing = flow(own)
    header, header_name = deciding_header(headers)
    scores = language_scores(flowing)
    spoken, vetoed = body_hits(flowing, spoken_languages(scores))
    announced = {hit.rule.kind: hit for hit in reversed(subject_hits(subject.text))}
    if subject.is_answered and not any(hit.rule.kind in MACHINES for hit in spoken):
        # “Re: Automatic reply: …” is a person answering a machine, unless the text too speaks like one.
        announced = {}
    elif not subject.is_answered and subject.text:
        for hit in body_hits(subject.text, spoken_languages(language_scores(subject.text))).hits:
            if hit.rule.kind in {*MACHINES, "opt_out"} and not hit.rule.weak:
                announced.setdefault(hit.rule.kind, hit)
    is_machine = header == "auto" or any(kind in announced for kind in MACHINES)
    counted = [hit for hit in spoken if not hit.rule.weak and not hit.rule.mild]
    counted += [hit for hit in spoken if hit.rule.mild or (hit.rule.weak and (is_machine or header == "weak"))]
    return _Evidence(
        own,
        flowing,
        scores,
        vetoed,
        {hit.rule.kind: hit for hit in reversed(counted)},
        {hit.rule.kind: hit for hit in reversed(counted) if hit.rule.automatic},
        {hit.rule.kind: hit for hit in reversed(line_hits(own))},
        announced,
        subject.text,
        header,
        header_name,
        is_machine,
    )


def _chosen(evidence: _Evidence) -> _Choice:
    return _opt_out(evidence) or _machine(evidence) or _absent(evidence) or _person(evidence)


def _opt_out(evidence: _Evidence) -> _Choice | None:
    if "opt_out" in evidence.line:
        return _Choice("opt_out", evidence.line["opt_out"], "line", is_machine=False)
    if "opt_out" in evidence.hits:
        return _Choice("opt_out", evidence.hits["opt_out"], "body", is_machine=False)
    if "opt_out" in evidence.subject:
        return _Choice("opt_out", evidence.subject["opt_out"], "subject", is_machine=False)
    return None


def _machine(evidence: _Evidence) -> _Choice | None:
    """Return what a machine says, where header, subject or a phrase that only machines write show one."""
    hits, subject = evidence.hits, evidence.subject
    for kind in ("challenge", "left_company"):
        if kind in hits:
            # Whoever says that a colleague has left may well be a person.
            is_machine = evidence.is_machine or kind == "challenge" or bool(evidence.automatic)
            return _Choice(kind, hits[kind], "body", is_machine)
        if kind in subject:
            return _Choice(kind, subject[kind], "subject", is_machine=True)
    if not evidence.is_machine and not evidence.automatic:
        return None
    for weak in (False, True):
        for kind in ("out_of_office", "auto_reply"):
            if kind in hits and hits[kind].rule.weak is weak:
                return _Choice(kind, hits[kind], "body", is_machine=True)
    for kind in ("out_of_office", "auto_reply"):
        if kind in subject:
            return _Choice(kind, subject[kind], "subject", is_machine=True)
    kind, probability = likeness(evidence.text, MACHINES)
    if probability < SURE:
        return _Choice("auto_reply", None, "header", is_machine=True)
    return _Choice(kind, None, "likeness", is_machine=True, probability=probability)


def _absent(evidence: _Evidence) -> _Choice | None:
    """Return an absence or acknowledgement that only the text shows, unless a person's words stand beside it."""
    hits = evidence.hits
    if "human" in hits or ("negative" in hits and not hits["negative"].rule.mild):
        return None
    if "out_of_office" in hits:
        # “I'm away on Thursday, Friday at 10?” asks and names no day of return: a person who plans.
        if "?" in evidence.text and not _returns_on(evidence, (hits["out_of_office"].rule.language,), None, _SOME_DAY):
            return None
        return _Choice("out_of_office", hits["out_of_office"], "body", is_machine=True)
    if "auto_reply" in hits and "referral" not in hits:
        return _Choice("auto_reply", hits["auto_reply"], "body", is_machine=True)
    return None


def _person(evidence: _Evidence) -> _Choice:
    if "referral" in evidence.hits:
        return _Choice("referral", evidence.hits["referral"], "body", is_machine=False)
    if "human" in evidence.hits:
        return _Choice("human", evidence.hits["human"], "body", is_machine=False)
    if "negative" in evidence.hits:
        return _Choice("negative", evidence.hits["negative"], "body", is_machine=False)
    for kind, hit in evidence.line.items():
        return _Choice(kind, hit, "line", is_machine=False)
    kinds = [kind for kind in KINDS if kind not in evidence.vetoed or kind == "human"]
    kind, probability = likeness(evidence.text, kinds)
    needed = SURE_OF_QUESTION if "?" in evidence.text else SURE_OF_OPT_OUT if kind == "opt_out" else SURE
    if kind == "human" or probability < needed:
        return _Choice("human", None, "default", is_machine=False)
    return _Choice(kind, None, "likeness", kind in {"out_of_office", "auto_reply", "challenge"}, probability)


def _speaking(evidence: _Evidence, choice: _Choice) -> list[Hit]:
    """Return the hits that show the language: the deciding one, then the text's others, then the subject's."""
    deciding = [choice.hit] if choice.hit else []
    return [*deciding, *evidence.line.values(), *evidence.hits.values(), *evidence.subject.values()]


def _returns_on(evidence: _Evidence, among: tuple[str, ...], language: str | None, day: date | None) -> date | None:
    known = languages()
    codes = dict.fromkeys(code for code in (language, *among, "en", *known) if code in known)
    for said in (evidence.text, evidence.subject_text):
        for code in codes:
            if code and (found := return_date(said, known[code], day)):
                return found
    return None


def _signal(evidence: _Evidence, choice: _Choice) -> str:
    if choice.hit:
        return f"{choice.source}:{choice.hit.rule.id}"
    return f"header:{evidence.header_name}" if choice.source == "header" else choice.source


def _confidence(evidence: _Evidence, choice: _Choice) -> float:
    if choice.source == "likeness":
        return round(choice.probability * LIKENESS, 2)
    if choice.source == "default":
        return CONFIDENCE["default"] if evidence.text else SILENT
    if choice.source == "body" and choice.is_machine and evidence.is_machine:
        return AGREED
    automatic = choice.hit is not None and choice.hit.rule.automatic
    return CONFIDENCE["automatic" if automatic else choice.source]
