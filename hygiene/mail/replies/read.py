"""Weighs what headers, subject and text say, and answers with one kind.

An opt-out wins over all: it must never be lost. Then come what only machines write, then an absence that nothing human
stands beside, then what a person says: somebody else, an interest, a no. An interest outweighs a no (“not the large
plan, but send me a quote for the small one”) and an absence that is only mentioned (“away on Thursday, Friday?”). Where
no rule speaks, the text's likeness to our phrases does.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from hygiene.mail.replies.evidence import MACHINES, Evidence, gather
from hygiene.mail.replies.language import language_of
from hygiene.mail.replies.likeness import likeness
from hygiene.mail.replies.returns import return_date
from hygiene.mail.replies.rules import languages
from hygiene.mail.replies.successor import successor_in
from hygiene.mail.replies.types import KINDS, Kind, ReplyReading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.mail.replies.matching import Hit

CONFIDENCE: Final = {"header": 0.97, "subject": 0.95, "line": 0.9, "automatic": 0.95, "body": 0.85, "default": 0.6}
"""How far each kind of evidence is trusted (assumed, not fitted)."""
AGREED: Final = 0.98
"""Confidence where a header or subject and the text say the same (assumed)."""
LIKENESS: Final = 0.8
"""Share of a likeness's probability that is believed: its words are not independent (assumed)."""
SILENT: Final = 0.3
"""Confidence in `human` where the sender wrote nothing of his own (assumed)."""
SURE: Final = 0.65
"""Probability from which a likeness decides where no rule does (assumed; by eye on our own cases)."""
SURE_OF_OPT_OUT: Final = 0.5
"""The same for an opt-out: one too many costs a prospect, one lost costs the sender's name."""
SURE_OF_QUESTION: Final = 0.9
"""The same where the text asks something: whoever asks is mostly a person who goes on."""

_SOME_DAY: Final = date(2000, 1, 1)  # a text is tried on it, to see whether it names a return at all


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
    evidence = gather(text, subject, headers)
    choice = _opt_out(evidence) or _machine(evidence) or _absent(evidence) or _person(evidence)
    among = _languages_heard(evidence, choice)
    language = language_of(evidence.scores, among)
    day = at.date() if at else None
    return ReplyReading(
        choice.kind,
        choice.is_machine,
        _returns_on(evidence, (language, *among), day) if choice.kind == "out_of_office" else None,
        successor_in(evidence.own, (*among, language)) if choice.kind in {"left_company", "referral"} else None,
        language,
        _signal(evidence, choice),
        _confidence(evidence, choice),
    )


def _opt_out(evidence: Evidence) -> _Choice | None:
    for source, hits in (("line", evidence.line), ("body", evidence.hits), ("subject", evidence.subject)):
        if "opt_out" in hits:
            return _Choice("opt_out", hits["opt_out"], source, is_machine=False)
    return None


def _machine(evidence: Evidence) -> _Choice | None:
    """Return what a machine says, where header, subject or a phrase that only machines write show one."""
    for kind in MACHINES[:2]:
        if kind in evidence.hits:
            # Whoever says that a colleague has left may well be a person.
            is_machine = evidence.is_machine or kind == "challenge" or bool(evidence.automatic)
            return _Choice(kind, evidence.hits[kind], "body", is_machine)
        if kind in evidence.subject:
            return _Choice(kind, evidence.subject[kind], "subject", is_machine=True)
    if not evidence.is_machine and not evidence.automatic:
        return None
    strong = {kind: hit for kind, hit in evidence.hits.items() if not hit.rule.weak}
    for source, hits in (("body", strong), ("body", evidence.hits), ("subject", evidence.subject)):
        for kind in MACHINES[2:]:
            if kind in hits:
                return _Choice(kind, hits[kind], source, is_machine=True)
    kind, probability = likeness(evidence.text, (*MACHINES, "opt_out"))
    if probability < (SURE_OF_OPT_OUT if kind == "opt_out" else SURE):
        return _Choice("auto_reply", None, "header", is_machine=True)
    return _Choice(kind, None, "likeness", kind != "opt_out", probability)


def _absent(evidence: Evidence) -> _Choice | None:
    """Return an absence or acknowledgement that only the text shows, unless a person's words stand beside it."""
    hits = evidence.hits
    if "human" in hits or ("negative" in hits and not hits["negative"].rule.mild):
        return None
    if away := hits.get("out_of_office"):
        # “I'm away on Thursday, Friday at 10?” asks and names no day of return: a person who plans.
        plans = "?" in evidence.text and not _returns_on(evidence, (away.rule.language,), _SOME_DAY)
        return None if plans else _Choice("out_of_office", away, "body", is_machine=True)
    if "auto_reply" in hits and "referral" not in hits:
        return _Choice("auto_reply", hits["auto_reply"], "body", is_machine=True)
    return None


def _person(evidence: Evidence) -> _Choice:
    kinds: tuple[Kind, ...] = ("referral", "human", "negative")
    for kind in kinds:
        if kind in evidence.hits:
            return _Choice(kind, evidence.hits[kind], "body", is_machine=False)
    for kind, hit in evidence.line.items():
        return _Choice(kind, hit, "line", is_machine=False)
    kind, probability = likeness(evidence.text, [kind for kind in KINDS if kind not in evidence.vetoed - {"human"}])
    needed = SURE_OF_QUESTION if "?" in evidence.text else SURE_OF_OPT_OUT if kind == "opt_out" else SURE
    if kind == "human" or probability < needed:
        return _Choice("human", None, "default", is_machine=False)
    return _Choice(kind, None, "likeness", kind in {"out_of_office", "auto_reply", "challenge"}, probability)


def _languages_heard(evidence: Evidence, choice: _Choice) -> tuple[str, ...]:
    """Return the languages of the rules that matched: the deciding one, then the text's others, then the subject's."""
    deciding = [choice.hit] if choice.hit else []
    hits = [*deciding, *evidence.line.values(), *evidence.hits.values(), *evidence.subject.values()]
    return tuple(dict.fromkeys(hit.rule.language for hit in hits))


def _returns_on(evidence: Evidence, likely: tuple[str | None, ...], day: date | None) -> date | None:
    known = languages()
    for said in (evidence.text, evidence.subject_text):
        for code in dict.fromkeys((*likely, "en", *known)):
            if code in known and (found := return_date(said, known[code], day)):
                return found
    return None


def _signal(evidence: Evidence, choice: _Choice) -> str:
    if choice.hit:
        return f"{choice.source}:{choice.hit.rule.id}"
    return f"header:{evidence.header_name}" if choice.source == "header" else choice.source


def _confidence(evidence: Evidence, choice: _Choice) -> float:
    if choice.source == "likeness":
        return round(choice.probability * LIKENESS, 2)
    if choice.source == "default":
        return CONFIDENCE["default"] if evidence.text else SILENT
    if choice.source == "body" and choice.is_machine and evidence.is_machine:
        return AGREED
    automatic = choice.hit is not None and choice.hit.rule.automatic
    return CONFIDENCE["automatic" if automatic else choice.source]
