"""The whole scorecard of a source of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.facts.factors import read_factors
from hygiene.gate.lists.blame import divide
from hygiene.gate.lists.cards import holds, make_cards
from hygiene.gate.lists.claims import read_claims
from hygiene.gate.lists.stock import read_stock
from hygiene.gate.lists.types import Scorecard
from hygiene.gate.risk import fit, read_risk

if TYPE_CHECKING:
    from hygiene.engine import Engine
    from hygiene.facts.types import Facts
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport


def read_scorecard(engine: Engine, report: ImportReport, facts: Facts, settings: Settings) -> Scorecard:
    """Return the scorecard; needs the view `outcomes`, which `read_score_facts` defines.

    Parameters
    ----------
    engine
        With all tables attached.
    facts
        For the names of senders and sequences.
    report, settings
        Of the run.
    """
    history = read_risk(engine, report, settings)
    model = fit(history)
    stock = read_stock(engine, report, settings)
    limit = settings.bounce_limit
    team, cards = make_cards(stock, history, model, limit, history.as_of)
    languages = {row.sequence_id: row.language for row in facts.sequences.values()}
    return Scorecard(
        as_of=history.as_of,
        limit=limit,
        claim_days=settings.claim_days,
        team=team,
        cards=cards,
        holds=holds(stock, model, limit),
        blame=divide(read_factors(engine, report, facts, settings), languages),
        claims=read_claims(engine, report, settings),
    )
