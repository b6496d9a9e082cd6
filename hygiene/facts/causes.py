"""Why enrollments bounced, with each contact's mail provider."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hygiene.facts.types import BounceCause

if TYPE_CHECKING:
    from hygiene.engine import Engine
    from hygiene.facts.queries import Questions


def bounce_causes(engine: Engine, questions: Questions) -> tuple[BounceCause, ...]:
    """Return the causes of all bounces, ordered; needs the views of `define_outcomes`."""
    from hygiene.mail.addresses import provider_of

    counts: Counter[tuple[Any, ...]] = Counter()
    for batch in engine.batches(questions.sql("bounce_causes")):
        for sender, sequence, month, source, domain, told, category, fault, ticket, bounced in batch:
            by_domain = provider_of(domain or "")
            provider = told if by_domain == "other" and told else by_domain
            counts[(sender, sequence, month, source, provider, category, fault, ticket)] += bounced
    return tuple(BounceCause._make((*key, bounced)) for key, bounced in counts.items())
