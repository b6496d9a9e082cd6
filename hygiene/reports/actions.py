"""What would help most, as blocks: a few actions, each with what it would change, how sure that is and how to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.attribution.claims import CERTAIN
from hygiene.advice.attribution.types import CLAIMED
from hygiene.facts.people import NOBODY
from hygiene.reports.blocks import BOUNCE_RATE, REPLY_RATE
from hygiene.reports.document import Action, Note
from hygiene.reports.row_values import FROM_DATA
from hygiene.reports.words import verbatim
from hygiene.scores.types import BANDS
from hygiene.values import BandMark, Count, Interval, Link, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hygiene.advice.attribution.types import Gain
    from hygiene.advice.rank import Ranked
    from hygiene.advice.types import Basis, ContactRow, Family, Owner, Suggestion
    from hygiene.facts.people import Person
    from hygiene.reports.document import ActionKind, Block
    from hygiene.scores.types import Score
    from hygiene.values import Value

NO_PEERS = Message(
    "No gain can be told from these data: it takes enrollments of at least two senders, 200 of them ended, and columns"
    " that tell the contacts apart (sequence, source, industry)."
)
CONTACTS_SHOWN = 5
"""Contacts that an action names on the page; all of them are in `ACTIONS_FILE`."""
ID_LIMIT, NAME_LIMIT, ADDRESS_LIMIT, VALUE_LIMIT = 40, 40, 60, 80
"""Characters of a contact's id, name, address and value that a page shows; the file has them whole."""
ACTIONS_FILE = "lists/actions.people.csv"
LEAST_CHANCE = 0.05
"""A better band less probable than this is not spoken of; assumed."""
LEAST_REPLIES = 0.05
MOST_SURE = 0.99

FAMILY_WORDS: Mapping[Family, Message] = {
    "token": Message("Personalization tokens"),
    "segment": Message("Segments"),
    "content": Message("Relevant content"),
    "copy": Message("The text"),
    "sequence": Message("Sequences"),
    "bounce": Message("Addresses"),
    "engagement": Message("Contacts who stay silent"),
    "opt_out": Message("Opt-outs and consent"),
    "deliverability": Message("How the mail is sent"),
    "honesty": Message("The figures themselves"),
    "experiment": Message("An experiment"),
}
BASIS_WORDS: Mapping[Basis, Message] = {
    "association": Message("your own data, not tested by a random split"),
    "tested": Message("a random split"),
    "published": Message("a published study, not your own data"),
    "exact": Message("a plain count"),
}
OWNER_WORDS: Mapping[Owner, Message] = {
    "rep": Message("you"),
    "ops": Message("sales operations"),
    "it": Message("whoever looks after the mail"),
    "manager": Message("the sales manager"),
    "legal": Message("whoever looks after data protection"),
}


def told(ranked: Iterable[Ranked]) -> list[Suggestion]:
    """Return what stands on the page."""
    return [row.suggestion for row in ranked if row.is_told]


def action_blocks(
    ranked: Sequence[Ranked],
    score: Score | None,
    people: Mapping[str, Person],
    *,
    has_peers: bool = True,
    up: bool = True,
    contacts: int = CONTACTS_SHOWN,
) -> Iterator[Block]:
    """Yield the actions of one page; where there is none, what would end the silence.

    Parameters
    ----------
    ranked
        What is suggested to the reader.
    score
        The reader's; None: the team reads.
    people
        Who the contacts are, by id.
    has_peers
        Whether there is anybody to compare with.
    up
        Whether the page lies a folder below the lists.
    contacts
        How many an action names.
    """
    said = told(ranked)
    for place, suggestion in enumerate(said, start=1):
        yield _action(place, suggestion, score, _contacts(suggestion, people, contacts, up=up))
    more = sum(1 for row in ranked if row.suggestion.weight == "gate" and not row.is_told)
    if more:
        yield Note(
            Message(
                "%(n)s more thing has to be settled before the next email; the team's report names it.",
                plural="%(n)s more things have to be settled before the next email; the team's report names them.",
                n=more,
            ),
            "warn",
        )
    if all(suggestion.gain is None and "p_either_largest" not in suggestion.evidence for suggestion in said):
        yield Note(_silence(score) if has_peers else NO_PEERS)


def _silence(score: Score | None) -> Message:
    return Message(
        "No effect of anything that you could change is sure enough on your %(ended)s ended enrollments (a probability"
        " of %(claimed)s for you and of %(certain)s for one of the team), so no gain is promised. More ended"
        " enrollments, or a random split, would tell more.",
        {
            "claimed": Percent(CLAIMED, 0),
            "certain": Percent(CERTAIN, 0),
            "ended": Count(score.counts.ended if score else 0),
        },
    )


def _action(place: int, said: Suggestion, score: Score | None, contacts: Message | None) -> Action:
    kind = _kind(said)
    words: dict[str, Value] = {"place": Count(place), "about": FAMILY_WORDS[said.rule.family]}
    if kind == "gate":
        title = Message("%(place)s. Before the next email: %(about)s", words)
    else:
        title = Message("%(place)s. %(about)s", words)
    facts = [*_facts(said, score), *([(Message("Contacts"), contacts)] if contacts else ())]
    return Action(kind, title, said.advice, tuple(facts), said.steps)


def _kind(said: Suggestion) -> ActionKind:
    if said.rule.family == "experiment":
        return "experiment"
    return "gate" if said.weight == "gate" else "advice"


def _facts(said: Suggestion, score: Score | None) -> Iterator[tuple[Message, Value]]:
    if said.gain is not None and score is not None:
        yield _rate_change(said, said.gain, score)
        yield Message("Sure that it helps"), _sure(said.gain.p)
    if said.p_better_band is not None and score is not None and said.p_better_band >= LEAST_CHANCE:
        yield from _band_change(said.p_better_band, score)
    if said.replies is not None and abs(said.replies) >= LEAST_REPLIES and said.metric != "reply_rate":
        replies = _about(abs(said.replies))
        yield (Message("Costs") if said.replies < 0 else Message("Brings too")), replies
    if said.minutes:
        yield Message("Takes"), Message("%(n)s minute", plural="%(n)s minutes", n=said.minutes)
    if said.rule.owner != "rep":
        yield Message("Done by"), OWNER_WORDS[said.rule.owner]
    basis = said.basis or said.rule.basis
    if basis != "exact":  # what is counted needs no word on what it rests on
        yield Message("Rests on"), BASIS_WORDS[basis]


def _about(replies: float) -> Message:
    # In French all below two is one; in English all but one is many, and 1.0 too is a figure with decimals.
    return Message(
        "about %(replies)s replies",
        {"replies": Points(replies, 1)},
        plural="about %(replies)s replies",
        n=int(round(replies, 1)),
    )


def _sure(probability: float) -> Value:
    """Return a probability that never reads as certainty."""
    if probability > MOST_SURE:
        return Message("over %(probability)s", {"probability": Percent(MOST_SURE, 0)})
    return Percent(probability, 0)


def _rate_change(said: Suggestion, gain: Gain, score: Score) -> tuple[Message, Value]:
    is_reply = said.metric == "reply_rate"
    before = (score.reply if is_reply else score.bounce).value or 0.0
    sign = 1 if is_reply else -1
    after, *ends = (min(max(before + sign * change, 0.0), 1.0) for change in (gain.value, gain.low, gain.high))
    change = Message(
        "%(before)s → %(after)s %(interval)s",
        {"before": Percent(before), "after": Percent(after), "interval": Interval(min(ends), max(ends))},
    )
    return (REPLY_RATE if is_reply else BOUNCE_RATE), change


def _band_change(probability: float, score: Score) -> Iterator[tuple[Message, Value]]:
    if score.band is None or score.band == BANDS[-1]:
        return
    better = BANDS[BANDS.index(score.band) + 1]
    yield (
        Message("Score"),
        Message(
            "%(band)s → %(better)s with a probability of %(probability)s",
            {"band": BandMark(score.band), "better": BandMark(better), "probability": _sure(probability)},
        ),
    )


def _contacts(said: Suggestion, people: Mapping[str, Person], most: int, *, up: bool) -> Message | None:
    """Return the first contacts to act on, with their values where these are for people, and where the others are."""
    if not said.rows:
        return None
    tells = said.rule.family in FROM_DATA
    words = [_contact(row, people.get(row.contact_id, NOBODY), tells=tells) for row in said.rows[:most]]
    names = words[0]
    for word in words[1:]:
        names = Message("%(before)s, %(next)s", {"before": names, "next": word})
    more = len(said.rows) - len(words)
    if not more:
        return names
    return Message(
        "%(names)s and %(n)s more in %(file)s",
        {"names": names, "file": Link(Text(ACTIONS_FILE), f"{'../' if up else ''}{ACTIONS_FILE}")},
        plural="%(names)s and %(n)s more in %(file)s",
        n=more,
    )


def _contact(row: ContactRow, person: Person, *, tells: bool) -> Message:
    """Return a contact by its id, its name and its address."""
    known = ", ".join(filter(None, (short(person.name, NAME_LIMIT), short(person.email, ADDRESS_LIMIT))))
    shown = short(row.contact_id, ID_LIMIT)
    contact = verbatim(f"{shown} ({known})" if known and known != shown else shown)
    if not (tells and row.value):
        return contact
    return Message("%(contact)s: %(value)s", {"contact": contact, "value": Text(short(row.value, VALUE_LIMIT))})


def short(text: str, most: int) -> str:
    """Return a text in at most so many characters.

    Examples
    --------
    >>> short("Maximilian", 5), short("Max", 5)
    ('Maxi…', 'Max')
    """
    return text if len(text) <= most else text[: most - 1] + "…"
