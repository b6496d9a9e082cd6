"""How the figures were computed, in words: the folded end of every page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hygiene.reports.blocks import BOUNCE_RATE, REPLY_RATE
from hygiene.reports.document import Definitions, Section
from hygiene.reports.standing import LIMIT
from hygiene.reports.words import CERTAIN
from hygiene.scores.tracking import SUSPECT_ENDED
from hygiene.values import BandMark, Count, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.reports.index import Index
    from hygiene.scores.profile import Knots, Profile
    from hygiene.settings import Settings

    Definition = tuple[Message, Message]

REPLY_MEANINGS: Mapping[str, Message] = {
    "delivered": Message(
        "ended enrollments with at least one reply by a person, divided by the ended enrollments that did not bounce."
        " Out-of-office notes and other automatic replies are no replies."
    ),
    "ended": Message(
        "ended enrollments with at least one reply by a person, divided by all ended enrollments. Out-of-office"
        " notes and other automatic replies are no replies."
    ),
}
"""By the setting `reply_denominator`."""
BOUNCE_MEANINGS: Mapping[str, Message] = {
    "ended": Message(
        "ended enrollments whose contact never got an email because it was returned, divided by all ended enrollments."
    ),
    "enrolled": Message(
        "ended enrollments whose contact never got an email because it was returned, divided by all enrollments, ended"
        " and active."
    ),
}
"""By the setting `bounce_denominator`."""


def method_section(index: Index) -> Section:
    """Return the definitions of every figure of a page."""
    return _section(index.profile, index.audit.settings, has_engagement=index.audit.engagement is not None)


def short_method_section(index: Index) -> Section:
    """Return the definitions that a coaching page cannot do without; the team report has them all."""
    return _short_section(index.profile, index.audit.settings)


@lru_cache(maxsize=4)
def _short_section(profile: Profile, settings: Settings) -> Section:
    definitions = (
        (REPLY_RATE, REPLY_MEANINGS[settings.reply_denominator]),
        (BOUNCE_RATE, BOUNCE_MEANINGS[settings.bounce_denominator]),
        _score(profile),
        _intervals(),
        _gains(),
        _gaps(),
    )
    title = Message("How the figures are computed")
    return Section(id="method", title=title, blocks=(Definitions(definitions),), folded=True)


@lru_cache(maxsize=4)
def _section(profile: Profile, settings: Settings, *, has_engagement: bool) -> Section:
    definitions = (
        (
            Message("Ended"),
            Message(
                "an enrollment (one contact, once, in one sequence, by one sender) that has finished, with or without"
                " an answer. Only ended enrollments count: a running one may still be answered."
            ),
        ),
        (REPLY_RATE, REPLY_MEANINGS[settings.reply_denominator]),
        (BOUNCE_RATE, BOUNCE_MEANINGS[settings.bounce_denominator]),
        _score(profile),
        _bands(profile),
        _intervals(),
        _rounding(),
        _status(settings),
        _origins(),
        _unseen(),
        _chance(),
        _change(),
        _gains(),
        _gaps(),
        *((_engagement(),) if has_engagement else ()),
        _hubspot(),
        _assumed(profile),
    )
    title = Message("How the figures are computed")
    return Section(id="method", title=title, blocks=(Definitions(definitions),), folded=True)


def _score(profile: Profile) -> Definition:
    return (
        Message("Score"),
        Message(
            "points for the reply rate (%(reply)s) plus points for the bounce rate (%(bounce)s); between two of these"
            " marks the points follow a straight line. Opens and clicks never count.",
            {"reply": _marks(profile.reply), "bounce": _marks(profile.bounce)},
        ),
    )


def _marks(knots: Knots) -> Message:
    marks = [
        Message("%(rate)s gives %(points)s", {"rate": Percent(rate, 0), "points": Points(points)})
        for rate, points in zip(knots.rates, knots.points, strict=True)
    ]
    listed = marks[0]
    for mark in marks[1:]:
        listed = Message("%(before)s, %(mark)s", {"before": listed, "mark": mark})
    return listed


def _bands(profile: Profile) -> Definition:
    fair, good, excellent = (Points(edge) for edge in profile.edges)
    return (
        Message("Bands"),
        Message(
            "%(low)s below %(fair_edge)s, %(fair)s from %(fair_edge)s, %(good)s from %(good_edge)s, %(excellent)s from"
            " %(excellent_edge)s points.",
            {
                "low": BandMark("low"),
                "fair": BandMark("fair"),
                "good": BandMark("good"),
                "excellent": BandMark("excellent"),
                "fair_edge": fair,
                "good_edge": good,
                "excellent_edge": excellent,
            },
        ),
    )


def _intervals() -> Definition:
    return (
        Message("Intervals in brackets"),
        Message(
            "given the figure and the results of the whole team, the true rate lies inside with a probability of"
            " %(certain)s. They come from the Beta posterior of each rate; its prior is fitted on the whole team, so"
            " with few enrollments the interval leans towards the team, and the figure before it can lie outside.",
            {"certain": CERTAIN},
        ),
    )


def _rounding() -> Definition:
    return (
        Message("Rounding"),
        Message(
            "a score is shown rounded down, so that none seems to have reached a band it has not. The interval of a"
            " score is rounded outwards, to whole points."
        ),
    )


def _status(settings: Settings) -> Definition:
    return (
        Message("Enough evidence"),
        Message(
            "a band is named if at least 10 enrollments have ended and one of the bands, it or another, has a"
            " probability of at least %(certainty)s. It is the band of the score at the observed rates; where another"
            " band is likelier, the verdict says so. Otherwise the evidence is insufficient: an outcome, not a low"
            " mark.",
            {"certainty": Percent(settings.certainty, 0)},
        ),
    )


def _origins() -> Definition:
    return (
        Message("What a bounce came from"),
        Message(
            "as the server's answer says or, without one, the CRM's reason. “How we send”: the server refused our"
            " domain, server or text, whoever of us writes; the address is kept. The bounce rate counts all bounces"
            " alike."
        ),
    )


def _unseen() -> Definition:
    return (
        Message("Bounces that may not be seen"),
        Message(
            "no band for %(ended)s or more ended enrollments without a single bounce, unless the inbox is Google's or"
            " Microsoft's: in others, tools miss the bounces that come late.",
            {"ended": Count(SUSPECT_ENDED)},
        ),
    )


def _chance() -> Definition:
    return (
        Message("Within chance"),
        Message(
            "a sender is told apart from the team only beyond the %(limit)s limits of the funnel plot: if all"
            " senders were equal, no more than one in 500 would lie outside by chance.",
            {"limit": LIMIT},
        ),
    )


def _change() -> Definition:
    return (
        Message("Clearly higher, clearly lower"),
        Message(
            "the interval of the month and the interval of the whole period do not overlap. Anything less is no clear"
            " change."
        ),
    )


def _gains() -> Definition:
    return (
        Message("What would help"),
        Message(
            "a logistic model of all enrollments of the team tells what the list, the sequence, the industry, the time"
            " and the person each do. A gain is how your rate would probably have been, had your contacts of one list"
            " or sequence met the team's others; its interval is widened by what tests on made-up teams have shown."
            " That is an association: whoever chose the list may have had a reason that no column shows."
        ),
    )


def _gaps() -> Definition:
    return (
        Message("What a gap is made of"),
        Message(
            "the mean effect of each cause on your enrollments minus that on your peers', by the same model, turned"
            " into a rate; what is left is chance and what no column shows, so that the parts sum to the gap exactly."
        ),
    )


def _engagement() -> Definition:
    return (
        Message("Who will still answer"),
        Message(
            "the probability of a human reply to any of the next three sequence emails (%(column)s). The model BG/BB"
            " (%(source)s) reads how many emails a contact got, how many it answered and which one last; a logistic"
            " hazard on top adds the time since, the sender, the company and the opens and clicks of people. It is"
            " learned at earlier moments of the same history and calibrated on emails that came after them. What was"
            " validated on which data is in %(card)s.",
            {
                "column": Text("p_reply"),
                "source": Text("Fader, Hardie & Shang 2010, Marketing Science 29, 1086–1108"),
                "card": Text("models/engagement/"),
            },
        ),
    )


def _hubspot() -> Definition:
    return (
        Message("HubSpot's own score"),
        Message(
            "HubSpot publishes only that the reply rate and the bounce rate are each scored and the two added, from"
            " Low to Excellent; that good means %(reply_low)s to %(reply_high)s replies and less than %(bounce)s"
            " bounces; and that a score needs at least 100 ended enrollments of a user, and more than 100 of a user"
            " in a sequence (%(source)s). Its points are not published; those above are not HubSpot's.",
            {
                "reply_low": Percent(0.07, 0),
                "reply_high": Percent(0.13, 0),
                "bounce": Percent(0.03, 0),
                "source": Text("knowledge.hubspot.com/sequences/understand-your-sequences-sender-score"),
            },
        ),
    )


def _assumed(profile: Profile) -> Definition:
    assumed = [number.place for number in profile.numbers if number.source is None]
    return (
        Message("Assumed numbers"),
        Message(
            "of the %(total)s numbers of the profile %(profile)s, %(assumed)s are assumed, not published: %(places)s.",
            {
                "total": Count(len(profile.numbers)),
                "profile": Text(profile.name),
                "assumed": Count(len(assumed)),
                "places": Text(", ".join(assumed)),
            },
        ),
    )
