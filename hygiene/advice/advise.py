"""The recommender's way on one screen: every rule is asked, what fires is ranked for each reader."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hygiene.advice.content.urls import check_url
from hygiene.advice.follow import follow
from hygiene.advice.rank import Ranked, rank
from hygiene.advice.registry import load_rules
from hygiene.advice.types import Fired, NotApplicable
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from hygiene.advice.attribution.attribution import Attribution
    from hygiene.advice.case import Case
    from hygiene.advice.content.types import UrlProblem
    from hygiene.advice.follow import Followed
    from hygiene.advice.qa import StepQuality
    from hygiene.advice.types import Outcome, Rule, RuleModule, Suggestion
    from hygiene.facts.enrolled import Template
    from hygiene.facts.people import Person


@dataclass(frozen=True)
class Advice:
    """What the rules say of one run."""

    outcomes: Mapping[str, tuple[Rule, Outcome]]
    """By rule id, in the order of the registry."""
    team: tuple[Ranked, ...]
    """To nobody in particular."""
    senders: Mapping[int, tuple[Ranked, ...]]
    """By sender key; senders to whom nothing is said are missing."""
    attribution: Attribution | None
    """What explains the gaps; None where there is too little to compare."""
    templates: tuple[Template, ...] = ()
    steps: tuple[StepQuality, ...] = ()
    """The templates filled in for everybody enrolled."""
    followed: tuple[Followed, ...] = ()
    """What became of the last report's advice."""
    unlinkable: tuple[UrlProblem, ...] = ()
    """Pieces of content whose address no email may link."""
    looked_at: tuple[int, int] = (0, 0)
    """Enrollments that the rules looked at one by one, and how many there are."""
    previous_as_of: datetime | None = None
    """The moment of the last report's data, naive UTC; None: no earlier report was named."""
    people: Mapping[str, Person] = field(default_factory=dict)
    """By id, who the contacts to act on are, where the export says."""

    def only(self, keys: Iterable[int]) -> Advice:
        """Return what is said to some senders alone."""
        kept = set(keys)
        senders = {key: rows for key, rows in self.senders.items() if key in kept}
        followed = tuple(row for row in self.followed if row.sender_key in kept)
        return replace(self, team=(), senders=senders, followed=followed)

    def all(self) -> tuple[Ranked, ...]:
        """Return everything that is suggested: the team's, then the senders' by key."""
        return (*self.team, *(row for key in sorted(self.senders) for row in self.senders[key]))

    def contact_ids(self) -> set[str]:
        """Return the contacts that anybody is asked to act on."""
        return {row.contact_id for ranked in self.all() for row in ranked.suggestion.rows}


def advise(case: Case) -> Advice:
    """Ask every rule and rank what it suggests."""
    outcomes = {module.RULE.id: (module.RULE, answer(module, case)) for module in load_rules()}
    told: defaultdict[int | None, list[Suggestion]] = defaultdict(list)
    for _, outcome in outcomes.values():
        if isinstance(outcome, Fired):
            for suggestion in outcome.suggestions:
                told[suggestion.sender_key].append(suggestion)
    senders = {key: rank(told[key]) for key in sorted(key for key in told if key is not None)}
    followed = follow(case.previous, case, outcomes) if case.previous else ()
    return Advice(
        outcomes,
        rank(told[None]),
        senders,
        case.attribution,
        templates=case.enrolled.templates,
        steps=case.quality.steps,
        followed=followed,
        previous_as_of=case.previous.as_of if case.previous else None,
        unlinkable=tuple(problem for problem in _url_problems(case) if problem.blocks),
        looked_at=(len(case.enrolled.rows), case.enrolled.total),
    )


def _url_problems(case: Case) -> Iterator[UrlProblem]:
    for piece in case.enrolled.content:
        problem = check_url(piece.url)
        if problem:
            yield replace(problem, content_id=piece.content_id)


def answer(module: RuleModule, case: Case) -> Outcome:
    """Return a rule's answer; what it needs and the export lacks makes it not applicable."""
    for need in module.RULE.needs:
        if not case.enrolled.columns & set(need.split("|")):
            return NotApplicable(Message("The export holds no %(what)s.", {"what": Text(need.split("|")[0])}))
    return module.check(case)
