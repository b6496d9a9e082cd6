"""The first sentence of a page, and what to do next."""

from __future__ import annotations

from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING

from hygiene.reports.blocks import UNSEEN, shown_band
from hygiene.reports.document import Verdict
from hygiene.reports.index import is_suspect
from hygiene.reports.standing import standings
from hygiene.reports.words import CERTAIN
from hygiene.values import BandMark, Count, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.flags.types import Flag
    from hygiene.reports.index import Index
    from hygiene.reports.standing import Standings
    from hygiene.scores.types import Score
    from hygiene.values import Value

WORKBOOK = Text("lists/cleanup.xlsx")


def to_clean(by_flag: Mapping[Flag, int]) -> int:
    """Return how many contacts must not get the next email."""
    return by_flag.get("never", 0) + by_flag.get("remove", 0) + by_flag.get("pause", 0)


# --- the team ---------------------------------------------------------------------------------------------------------
def team_verdict(index: Index) -> Verdict:
    """Return the verdict on a team: how many senders need help, whether the others differ, what to do next.

    Without an ended enrollment it is about the contacts.
    """
    found, team = standings(index), index.audit.scores.team
    next_step = _next_step(index, found)
    if all_bounced(team):
        return _alarm(team, next_step)
    if team.counts.ended == 0:
        return Verdict(_contacts_sentence(index), None, next_step, mark=Message("No score"))
    band = shown_band(team)
    mark = Message("Team: %(band)s", {"band": BandMark(band)})
    return Verdict(_team_sentence(index, found), band, next_step, mark)


def all_bounced(score: Score) -> bool:
    """Return whether every ended enrollment bounced."""
    return score.counts.bounced == score.counts.ended > 0


def _alarm(score: Score, next_step: Message | None = None) -> Verdict:
    sentence = Message(
        "The one enrollment that has ended bounced: stop and check the list before the next email.",
        plural="All %(n)s enrollments bounced: stop and check the list before the next email.",
        n=score.counts.ended,
    )
    return Verdict(sentence, None, next_step, mark=Message("Stop sending"), alarm=True)


def _contacts_sentence(index: Index) -> Message:
    contacts, cleaning = index.audit.facts.contacts, to_clean(index.audit.flags.by_flag)
    if contacts == 0:
        return Message("No enrollment has ended in this data, so there is no score.")
    if cleaning == 0:
        return Message("No contact has to be cleaned.")
    return Message(
        "%(n)s of %(contacts)s contacts must not get the next email.",
        {"contacts": Count(contacts)},
        plural="%(n)s of %(contacts)s contacts must not get the next email.",
        n=cleaning,
    )


def _team_sentence(index: Index, found: Standings) -> Message:
    suspects = sum(map(is_suspect, index.senders.values()))
    if found.scored == 0 and suspects:
        return Message(
            "No sender has a score that can be trusted: the enrollments of %(n)s sender have not one bounce.",
            plural="No sender has a score that can be trusted: the enrollments of %(n)s senders have not one bounce.",
            n=suspects,
        )
    if found.scored == 0:
        return Message(
            "No sender has enough evidence for a score: %(n)s enrollment has ended in all.",
            plural="No sender has enough evidence for a score: %(n)s enrollments have ended in all.",
            n=index.audit.scores.team.counts.ended,
        )
    if found.scored == 1 and found.below_good:
        return Message("The one sender with enough evidence is clearly below Good.")
    if found.scored == 1:
        return Message("The one sender with enough evidence is not clearly below Good.")
    if found.others == 0:
        return Message("All %(total)s senders are clearly below Good.", {"total": Count(found.scored)})
    return Message("%(below)s; %(others)s.", {"below": _below(found), "others": _others(found)})


def _below(found: Standings) -> Message:
    total = {"total": Count(found.scored)}
    if found.below_good == 0:
        return Message("None of %(total)s senders is clearly below Good", total)
    return Message(
        "%(n)s of %(total)s senders is clearly below Good",
        total,
        plural="%(n)s of %(total)s senders are clearly below Good",
        n=found.below_good,
    )


def _others(found: Standings) -> Message:
    if found.worse:
        return Message(
            "%(n)s other does worse than chance explains",
            plural="%(n)s others do worse than chance explains",
            n=found.worse,
        )
    if found.better:
        return Message(
            "%(n)s other does better than chance explains",
            plural="%(n)s others do better than chance explains",
            n=found.better,
        )
    if found.below_good == 0:
        return Message("the differences between them fit chance")
    return Message(
        "the %(n)s other fits chance",
        plural="the differences between the other %(n)s fit chance",
        n=found.others,
    )


def _next_step(index: Index, found: Standings) -> Message | None:
    flags = index.audit.flags
    if flags.still_active:
        return Message(
            "Next: unenroll %(n)s contact that said no or whose address is dead and that still sits in a sequence;"
            " %(file)s names it.",
            {"file": WORKBOOK},
            plural="Next: unenroll %(n)s contacts that said no or whose address is dead and that still sit in a"
            " sequence; %(file)s names them.",
            n=flags.still_active,
        )
    cleaning = to_clean(flags.by_flag)
    if cleaning:
        return Message(
            "Next: clean %(n)s contact with %(file)s before the next campaign.",
            {"file": WORKBOOK},
            plural="Next: clean %(n)s contacts with %(file)s before the next campaign.",
            n=cleaning,
        )
    if found.below_good:
        return Message("Next: open the pages of the senders at the top of the table.")
    if any(map(is_suspect, index.senders.values())):
        return Message("Next: check the inboxes of the senders without a single bounce.")
    return None


# --- one sender -------------------------------------------------------------------------------------------------------
def sender_verdict(score: Score | None) -> Verdict:
    """Return where a sender stands, in the second person and without blame."""
    if score is None or score.counts.ended == 0:
        return Verdict(Message("None of your enrollments has ended yet, so there is no score."), None)
    if all_bounced(score):
        return _alarm(score)
    if score.status == "scored":
        return Verdict(
            Message("Your score is %(band)s: %(score)s of 100.", _figures(score)), score.band, _certainty(score)
        )
    if is_suspect(score):
        return _suspect(score)
    return Verdict(*_insufficient(score))


def _suspect(score: Score) -> Verdict:
    return Verdict(
        Message("Not one of %(ended)s enrollments bounced.", {"ended": Count(score.counts.ended)}),
        None,
        Message(
            "Either the lists are spotless, or bounces are not seen: check the connected inbox before you trust a"
            " score."
        ),
        mark=UNSEEN,
    )


def sequence_verdict(score: Score | None) -> Verdict:
    """Return where a sequence stands."""
    if score is None or score.counts.ended == 0:
        return Verdict(Message("No enrollment in this sequence has ended yet, so there is no score."), None)
    if all_bounced(score):
        return _alarm(score)
    if score.status == "scored":
        return Verdict(
            Message("This sequence's score is %(band)s: %(score)s of 100.", _figures(score)),
            score.band,
            _certainty(score),
        )
    return Verdict(*_insufficient(score))


def _figures(score: Score) -> dict[str, Value]:
    return {"band": BandMark(score.band), "score": Points(score.score)}


def _certainty(score: Score) -> Message:
    probability = score.p_bands[score.band] if score.band else None
    likeliest, highest = max(score.p_bands.items(), key=itemgetter(1))
    args: dict[str, Value] = {
        **_figures(score),
        "low": Points(score.low),
        "high": Points(ceil(score.high)),  # outwards, as every interval
        "certain": CERTAIN,
        "probability": Percent(probability, 0),
        "likeliest": BandMark(likeliest),
        "highest": Percent(highest, 0),
    }
    if probability is not None and probability < highest:
        return Message(
            "The figures allow a score from %(low)s to %(high)s (%(certain)s interval); %(band)s has a probability of"
            " %(probability)s, %(likeliest)s %(highest)s: more enrollments will tell.",
            args,
        )
    if probability is not None and probability < 0.995:
        return Message(
            "The figures allow a score from %(low)s to %(high)s (%(certain)s interval); the band is %(band)s with a"
            " probability of %(probability)s.",
            args,
        )
    return Message("The figures allow a score from %(low)s to %(high)s (%(certain)s interval).", args)


def _insufficient(score: Score) -> tuple[Message, None, Message]:
    sentence = Message(
        "Too little evidence for a band: %(n)s enrollment has ended.",
        plural="Too little evidence for a band: %(n)s enrollments have ended.",
        n=score.counts.ended,
    )
    likely = [band for band, probability in score.p_bands.items() if probability >= 0.1]
    args: dict[str, Value] = {"low": BandMark(likely[0]), "high": BandMark(likely[-1])} if likely else {}
    if len(likely) > 1:
        return (
            sentence,
            None,
            Message("This is not a low mark: the figures allow anything from %(low)s to %(high)s.", args),
        )
    return (
        sentence,
        None,
        Message("This is not a low mark: more enrollments have to end before a score means anything."),
    )
