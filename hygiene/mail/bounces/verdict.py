"""The vote: codes, phrases and the text model → category, fault, action, confidence.

Each signal adds its weight, in units of log odds, to the categories it speaks for; the sum decides. A specific code
weighs more than all words together (on outside bounces such a code is right in 97 of 100, evidence of 2026). What is
asked for is then as much as the evidence carries: `remove`, the one action that loses a contact, needs two signals that
agree or a model that is nearly sure, and is never given for an answer of class 4 (“not now”).
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.bounces.codes import CodeRow, Codes, codes_in, specific_row, vague_row
from hygiene.mail.bounces.rules import Match, matches
from hygiene.mail.bounces.types import ADDRESS, BOUNCES, MEANINGS, Verdict
from hygiene.mail.normalize import Forms, forms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.mail.bounces.model import TextModel
    from hygiene.mail.bounces.types import Action, Category, Diagnostic

SPECIFIC_CODE = 9.0
TEMPORARY_CODE = 4.0
"""Reporting servers set codes of network and queue themselves; the words that they pass on can say more."""
PROVIDER_TOKEN = 5.0
VAGUE_CODE = 0.8
STRONG_PHRASE = 3.5
WEAK_PHRASE = 1.5
MODEL = 1.0
FLOOR = 0.002
"""Least probability that the model may give: one signal never rules the others out."""
UNANIMOUS = 0.98
"""How often a category is right on which all voices agree: 0.982 of 975 recipients of the evaluation sets."""
NEARLY_SURE = 0.95
"""From here the model alone may remove an address; calibrated (`TextModel.address_probability`)."""
AGREES = 0.02
"""The model is not against a code or a strong phrase where it gives the address's faults at least this much."""
AGREES_WITH_WEAK = 0.5
OUTWEIGHS = 0.8
"""Where a strong phrase speaks for another's fault, the model must be this sure of the address's."""
SAYS_SOMETHING = 0.3
"""Below this share of the vote, nothing is known."""
GUESSES = 0.4
"""From here the model's guess stands where nothing else speaks."""
SENDER_FAULTS = ("reputation", "authentication", "content", "policy")
DISABLED_SIGNALS = 2
"""A disabled mailbox may be enabled again: `remove` needs two signals (contract, section 5)."""


class _Signals(NamedTuple):
    """All that speaks about one diagnostic."""

    text: str
    codes: Codes
    specific: tuple[CodeRow, str] | None
    vague: CodeRow | None
    phrases: tuple[Match, ...]
    p: Mapping[str, float]
    p_address: float
    """Calibrated probability, by the words alone, that the address is at fault."""
    after_data: bool


def judge(diagnostics: Sequence[Diagnostic], model: TextModel | None = None) -> list[Verdict]:
    """Return what each diagnostic means, in order; the model (default: the one that ships) reads them all at once.

    Examples
    --------
    >>> from hygiene.mail.bounces.types import Diagnostic
    >>> [verdict] = judge([Diagnostic("550 5.1.1 <ann@example.com>: user unknown")])
    >>> verdict.category, verdict.action
    ('invalid_mailbox', 'remove')
    """
    if not diagnostics:
        return []
    if model is None:
        from hygiene.mail.bounces.model import text_model

        model = text_model()
    read = [forms(diagnostic.text) for diagnostic in diagnostics]
    distinct = list(dict.fromkeys(form.text for form in read))
    p = model.predict_proba(distinct)
    guesses = dict(zip(distinct, zip(p.tolist(), model.address_probability(p).tolist(), strict=True), strict=True))
    signals = []
    for diagnostic, form in zip(diagnostics, read, strict=True):
        shares, p_address = guesses[form.text]
        signals.append(_signals(diagnostic, form, dict(zip(model.classes, shares, strict=True)), p_address))
    return [_decide(signal) for signal in signals]


def _signals(diagnostic: Diagnostic, form: Forms, p: Mapping[str, float], p_address: float) -> _Signals:
    text = form.text
    codes = codes_in(text, diagnostic.status)
    return _Signals(
        text=text,
        codes=codes,
        specific=specific_row(codes, text, form.unmasked),
        vague=vague_row(codes, text),
        phrases=tuple(matches(text)),
        p=p,
        p_address=p_address,
        after_data=diagnostic.after_data,
    )


def _decide(signals: _Signals) -> Verdict:
    votes = _votes(signals)
    by_code = _decided_by_code(signals)
    category, share = (by_code, votes[by_code]) if by_code else max(votes.items(), key=lambda item: item[1])
    if signals.after_data and category == "invalid_mailbox" and not _is_own_word(signals):
        # The server took the recipient and refused the mail: whoever reads mail there has a filter.
        return _verdict(signals, "recipient_filter", share, "hold", "after DATA")
    if category in (ADDRESS - {"mailbox_disabled"}) and signals.codes.is_transient:
        # “Not now” never removes, however sure the words: the server itself may look again.
        return _verdict(signals, "temporary", share, "hold", "class 4")
    if (share < SAYS_SOMETHING and not by_code) or category == "unknown" or not _is_said(signals, category):
        return _unsaid(signals, share)
    return _verdict(signals, category, share, _action(signals, category))


def _decided_by_code(signals: _Signals) -> Category | None:
    """Return what a specific code of the answer itself says: it wins, whatever the words are (contract, section 5).

    A code that only the report's own `Status` field has is the reporting server's reading: of network and queue it
    often says less than the words that it passes on, so there it is one vote.
    """
    if signals.specific is None or signals.specific[0].token:
        return None
    row, code = signals.specific
    in_text = code in signals.codes.said
    return row.category if in_text or row.category != "temporary" else None


def _votes(signals: _Signals) -> dict[Category, float]:
    """Return each category's share of the vote; they sum to 1."""
    odds: dict[Category, float] = {
        category: MODEL * log(max(FLOOR, signals.p.get(category, 0.0))) for category in BOUNCES
    }
    if signals.specific:
        row, _ = signals.specific
        odds.setdefault(row.category, log(FLOOR))  # 2.x.x: said to be delivered after all
        odds[row.category] += _weight(row)
    elif signals.vague and signals.vague.category in odds:
        odds[signals.vague.category] += VAGUE_CODE
    weights: dict[Category, float] = {}
    for match in signals.phrases:
        weight = WEAK_PHRASE if match.rule.weak else STRONG_PHRASE
        category = match.rule.category
        weights[category] = max(weights.get(category, 0.0), weight)
    for category, weight in weights.items():
        odds[category] += weight
    highest = max(odds.values())
    total = sum(exp(value - highest) for value in odds.values())
    return {category: exp(value - highest) / total for category, value in odds.items()}


def _weight(row: CodeRow) -> float:
    if row.token:
        return PROVIDER_TOKEN
    return TEMPORARY_CODE if row.category == "temporary" else SPECIFIC_CODE


def _is_own_word(signals: _Signals) -> bool:
    """Yahoo checks recipients only after DATA: a provider's own word for it is no filter."""
    return signals.specific is not None and signals.specific[0].token is not None


def _is_said(signals: _Signals, category: Category) -> bool:
    """Tell whether anything but the model's guess speaks for a category, or the guess is a good one."""
    spoken = {match.rule.category for match in signals.phrases}
    if signals.specific:
        spoken.add(signals.specific[0].category)
    return category in spoken or signals.p.get(category, 0.0) >= GUESSES


def _unsaid(signals: _Signals, share: float) -> Verdict:
    """Nothing says why: an answer of class 4 asks to come back, any other is for a person to look at."""
    if signals.codes.is_transient:
        return _verdict(signals, "temporary", max(share, 0.5), "retry", "class 4")
    return _verdict(signals, "unknown", 0.0, "review", "nothing said")


def _action(signals: _Signals, category: Category) -> Action:
    if category in ADDRESS:
        return _address_action(signals, category)
    if category == "temporary" and signals.specific and signals.specific[1].startswith("4.1."):
        return "hold"  # about the address, but not now: perhaps dead
    if signals.specific and signals.specific[0].category == category and signals.specific[0].action:
        return signals.specific[0].action
    return MEANINGS[category].action


def _address_action(signals: _Signals, category: Category) -> Action:
    """`remove` only on evidence that carries it."""
    by_code = signals.specific is not None and signals.specific[0].category in ADDRESS
    asked = signals.specific[0].action if signals.specific and by_code else None
    strong = [match for match in signals.phrases if match.rule.category in ADDRESS and not match.rule.weak]
    against = [match for match in signals.phrases if match.rule.category not in ADDRESS and not match.rule.weak]
    p_address = signals.p_address
    weak = "hold" if category == "mailbox_disabled" else "review"
    if signals.codes.is_transient or asked in ("review", "hold"):
        return weak  # type: ignore[return-value]
    spoken = by_code or any(match.rule.category in ADDRESS for match in signals.phrases)
    least = AGREES if by_code or strong else AGREES_WITH_WEAK
    agree = spoken and p_address >= least and not (against and p_address < OUTWEIGHS)
    if category == "mailbox_disabled":
        count = by_code + bool(strong) + (signals.p.get(category, 0.0) >= 0.5)
        return "remove" if count >= DISABLED_SIGNALS and agree else "hold"
    return "remove" if agree or p_address >= NEARLY_SURE else "review"


def _ticket(row: CodeRow | None, phrases: list[Match], category: Category) -> str | None:
    """Return what has to be mended: by the code, else by the phrases that speak for the same."""
    if row and row.ticket and row.category == category:
        return row.ticket
    return next((match.rule.ticket for match in phrases if match.rule.ticket), None)


def _verdict(signals: _Signals, category: Category, share: float, action: Action, why: str = "") -> Verdict:
    meaning = MEANINGS[category]
    row = signals.specific[0] if signals.specific else None
    decided = [f"code {signals.specific[1]}"] if signals.specific else []
    best = [match for match in signals.phrases if match.rule.category == category]
    best.sort(key=lambda match: match.rule.weak)
    decided += [f"phrase {best[0].rule.id}"] if best else []
    decided += [why] if why else []
    return Verdict(
        category=category,
        fault=meaning.fault,
        action=action,
        owner=meaning.owner,
        confidence=min(round(share, 2), UNANIMOUS),
        status_code=signals.codes.shown,
        signal=" + ".join(decided) or "model",
        quote=best[0].words if best else "",
        ticket=_ticket(row, best, category),
        provider=row.provider if row else None,
    )
