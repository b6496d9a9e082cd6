"""What the checks of the mail answer: findings on its tokens, its way out, its postal address and its subject."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hygiene.advice.qa.reading import links_in, reader_text
from hygiene.advice.rules.copy.subject_line import ANSWER, LEAST_CAPITALS, MOST_CHARACTERS, TOKEN
from hygiene.advice.ways_out import (
    asks_for_address,
    has_postal_address,
    has_way_out,
    links_out,
    paste_for,
    says_way_out,
    shows_address,
)
from hygiene.gate.types import Finding
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygiene.advice.qa import StepQuality
    from hygiene.gate.template import Mails
    from hygiene.values import Value

MOST_NAMED = 5
SHOWN = 80
"""Characters of a token or subject that a sentence shows."""
WAY_OUT = "Directive 2002/58/EC, article 13(4); CAN-SPAM, 15 U.S.C. 7704(a)(3); Google, Email sender guidelines"
POSTAL = "CAN-SPAM, 15 U.S.C. 7704(a)(5); CASL, SOR/2012-36, section 2"
SUBJECT = "CAN-SPAM, 15 U.S.C. 7704(a)(2); Google, Email sender guidelines"


class Sent(NamedTuple):
    """What a mail as the tool really sent it shows: tools add things that no template has."""

    has_way_out: bool
    has_address: bool


def look_at_sent(body: str) -> Sent:
    """Look at the body of a mail that was sent."""
    text = reader_text(body)
    return Sent(says_way_out(text) or links_out(links_in(body)), shows_address(text))


def mail_findings(mails: Mails | None, countries: Iterable[str | None], sent: Sent | None = None) -> list[Finding]:
    """Return the findings on a campaign's mail.

    Parameters
    ----------
    mails
        The steps, filled in; None: there is no template to look at, and what is required of it is `unknown`.
    countries
        Of the rows, as written.
    sent
        What one of the campaign's mails shows as it was sent; None: there is none to look at.
    """
    if mails is None:
        return [_no_template(check) for check in ("template.tokens", "template.opt_out", "template.subject")]
    countries = list(countries)
    abroad = asks_for_address(countries)
    return [
        _tokens(mails),
        _opt_out(mails.steps, sent),
        _postal(mails.steps, Counter(name for name in countries if name in abroad), sent),
        _subject(mails.steps),
    ]


def _no_template(check: str) -> Finding:
    return Finding(
        check=check,
        status="unknown",
        is_required=True,
        message=Message("The source holds no template of this sequence, so nobody looked at the email."),
        remedy=Message("Export the templates too, or name the text with --template."),
    )


def _tokens(mails: Mails) -> Finding:
    wrong = _wrong_tokens(mails.steps)
    if wrong:
        shown = ", ".join(wrong[:MOST_NAMED])
        return Finding(
            check="template.tokens",
            status="fail",
            effect="hold",
            message=Message(
                "%(n)s token is wrong, whoever gets the email: %(shown)s",
                {"n": Count(len(wrong)), "shown": Text(shown)},
                plural="%(n)s tokens are wrong, whoever gets the email: %(shown)s",
                n=len(wrong),
            ),
            remedy=Message("Correct them in the template; hygiene tokens shows each with its place."),
            evidence={"wrong": len(wrong), "first": wrong[0]},
            rows=max((step.mails for step in mails.steps), default=0),
        )
    if mails.unseen:
        shown = ", ".join(path[:SHOWN] for path in mails.unseen[:MOST_NAMED])
        return Finding(
            check="template.tokens",
            status="unknown",
            is_required=True,
            message=Message(
                "%(n)s token prints a field that neither the list nor the source holds: %(shown)s",
                {"n": Count(len(mails.unseen)), "shown": Text(shown)},
                plural="%(n)s tokens print fields that neither the list nor the source holds: %(shown)s",
                n=len(mails.unseen),
            ),
            remedy=Message("Add the column to the list, give the token a default, or take it out."),
            evidence={"unseen": len(mails.unseen), "first": mails.unseen[0][:SHOWN]},
        )
    tokens = len({token.path for step in mails.steps for token in step.tokens})
    return Finding(
        check="template.tokens",
        status="pass",
        message=Message(
            "The %(n)s token of the email is written correctly and known.",
            {"n": Count(tokens)},
            plural="All %(n)s tokens of the email are written correctly and known.",
            n=tokens,
        )
        if tokens
        else Message("The email has no token, so none can break."),
        evidence={"tokens": tokens},
    )


def _wrong_tokens(steps: Sequence[StepQuality]) -> list[str]:
    """Return what is wrong in the text itself: broken, left-over and unknown tokens, shortened."""
    found = [problem.text[:SHOWN] for step in steps for problem in step.problems]
    for step in steps:
        for token in step.tokens:
            if not token.binding.exists:
                near = f" → {token.binding.nearest}" if token.binding.nearest else ""
                found.append(f"{token.path[:SHOWN]}{near}")
    return list(dict.fromkeys(found))


def _opt_out(steps: Sequence[StepQuality], sent: Sent | None) -> Finding:
    without = [step for step in steps if step.has_body and not has_way_out(step)]
    if not without or (sent and sent.has_way_out):
        return Finding(
            check="template.opt_out",
            status="pass",
            message=Message("Each email shows its reader how to say no."),
            source=WAY_OUT,
        )
    sentence, _ = paste_for(without[0].language)
    return Finding(
        check="template.opt_out",
        status="fail",
        effect="hold",
        message=Message(
            "%(n)s of the %(all)s emails shows no way to say no: step %(steps)s.",
            _counted(without, steps),
            plural="%(n)s of the %(all)s emails show no way to say no: steps %(steps)s.",
            n=len(without),
        ),
        remedy=Message(
            "Paste this at its end: %(sentence)s If your tool adds a link when it sends, show one email that it sent"
            " with --eml.",
            {"sentence": Text(sentence)},
        ),
        evidence={"without": len(without), "steps": len(steps)},
        source=WAY_OUT,
    )


def _postal(steps: Sequence[StepQuality], asking: Counter[str | None], sent: Sent | None) -> Finding:
    rows = sum(asking.values())
    if not rows:
        return Finding(
            check="template.postal_address",
            status="not_applicable",
            message=Message("Nobody on the list is known to live where each email has to show a postal address."),
            source=POSTAL,
        )
    without = [step for step in steps if step.has_body and not has_postal_address(step)]
    if not without or (sent and sent.has_address):
        return Finding(
            check="template.postal_address",
            status="pass",
            message=Message("Each email shows a postal address."),
            source=POSTAL,
        )
    return Finding(
        check="template.postal_address",
        status="fail",
        effect="hold",
        message=Message(
            "%(n)s row is of a country where each email has to show a postal address, and step %(steps)s shows none.",
            {**_counted(without, steps), "n": Count(rows)},
            plural="%(n)s rows are of countries where each email has to show a postal address, and these steps show"
            " none: %(steps)s.",
            n=rows,
        ),
        remedy=Message(
            "Put your company's address into the signature. If your tool adds it, show one email with --eml."
        ),
        evidence={"rows": rows, "without": len(without)},
        rows=rows,
        source=POSTAL,
    )


def _counted(without: Sequence[StepQuality], steps: Sequence[StepQuality]) -> dict[str, Value]:
    named = ", ".join(str(step.step) for step in without[:MOST_NAMED]) + (" …" if len(without) > MOST_NAMED else "")
    return {"n": Count(len(without)), "all": Count(len(steps)), "steps": Text(named)}


def _subject(steps: Sequence[StepQuality]) -> Finding:
    first = min(steps, key=lambda step: step.step)
    told = first.subject is not None
    subject = (first.subject or "").strip()
    values = {"subject": Text(first.shown_subject.strip()[:SHOWN] or subject[:SHOWN])}
    if ANSWER.match(subject):
        return Finding(
            check="template.subject",
            status="fail",
            effect="hold",
            message=Message("The subject of the first email pretends to be an answer: %(subject)s", values),
            remedy=Message("Take the “Re:” or “Fwd:” away: it misleads, and laws and mailbox providers forbid it."),
            source=SUBJECT,
        )
    own = TOKEN.sub("", subject)
    if not subject:
        message = (
            Message("The first email has no subject.")
            if told
            else Message("The template says no subject, so nobody looked at it.")
        )
        remedy = Message("Give it one: a line “Subject: …” at the top of the file.")
    elif own.isupper() and sum(letter.isalpha() for letter in own) >= LEAST_CAPITALS:
        message = Message("The subject of the first email is all in capitals: %(subject)s", values)
        remedy = Message("Write it as a person would.")
    elif len(first.shown_subject.strip()) > MOST_CHARACTERS:
        message = Message("The subject of the first email is cut off on a phone: %(subject)s", values)
        remedy = Message("Say it in fewer than %(most)s characters.", {"most": Count(MOST_CHARACTERS)})
    else:
        message = Message("The subject is short, plain and honest.")
        return Finding(check="template.subject", status="pass", message=message, source=SUBJECT)
    return Finding(check="template.subject", status="warn", message=message, remedy=remedy, source=SUBJECT)
