"""What an engagement model can't see: who is alive, and what the next three sends would really bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.worlds.history import NEVER, drift_at, reply_chance
from benchmarks.worlds.people import contact_ids
from benchmarks.worlds.plans import AS_OF_SECONDS
from benchmarks.worlds.recipes import NEXT_SENDS, SOURCES, STEP_DECAY

if TYPE_CHECKING:
    from benchmarks.worlds.history import Sends, State
    from benchmarks.worlds.people import Office, People
    from benchmarks.worlds.plans import Plan
    from benchmarks.worlds.recipes import Recipe


def look_ahead(
    is_alive: np.ndarray, can_revive: np.ndarray, death_rate: np.ndarray, revival_rate: float, chances: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact probability of a reply to any of the next sends, and how many would be sent.

    The forward recursion of a hidden chain with the states alive and dead, both without a reply so far.

    Parameters
    ----------
    is_alive, can_revive, death_rate
        Of each contact, at `as_of`.
    revival_rate
        Of a dead contact that can revive; a send's.
    chances
        Probability of a reply to each next send while alive: [contact, send].

    Returns
    -------
    The probability, 0–1, and the expected sends of a sequence that stops on a reply (1 to the number of sends).

    Examples
    --------
    >>> one, no = np.array([True]), np.array([False])
    >>> p, sends = look_ahead(one, no, np.array([0.5]), 0.0, np.array([[0.5, 0.5]]))
    >>> float(p[0]), float(sends[0])
    (0.3125, 1.75)
    """
    alive, dead = is_alive.astype(float), 1.0 - is_alive
    revives = np.where(can_revive, revival_rate, 0.0)
    sends = np.zeros(len(alive))
    for chance in chances.T:
        sends += alive + dead
        alive, dead = alive * (1 - death_rate) + dead * revives, alive * death_rate + dead * (1 - revives)
        alive = alive * (1 - chance)
    return 1 - alive - dead, sends


def truth_table(
    recipe: Recipe,
    people: People,
    office: Office,
    plan: Plan,
    sends: Sends,
    state: State,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return the truth, one row a contact.

    The next sends are taken to be steps 1–3 of an average sequence of the contact's owner, just after `as_of`.
    """
    at = np.full(len(plan.owner), AS_OF_SECONDS)
    effect = office.skill[plan.owner] + drift_at(recipe, at)
    steps = np.arange(NEXT_SENDS)
    chances = reply_chance(people.theta[:, None], effect[:, None] - STEP_DECAY * steps)
    can_revive = ~state.has_left & ~people.is_invalid
    p_next, expected_sends = look_ahead(state.is_alive, can_revive, people.death_rate, recipe.revival_rate, chances)
    names = np.array([source.name for source in SOURCES], dtype=object)
    died_at = pd.to_datetime(np.where(state.died_at == NEVER, 0, state.died_at), unit="s")
    n_sends = np.bincount(sends.contact, minlength=len(at))
    return pd.DataFrame(
        {
            "contact_id": contact_ids(len(at)),
            "source": names[people.source],
            "alive": state.is_alive,
            "theta": people.theta,
            "death_rate": people.death_rate,
            "p_next3": p_next,
            "expected_sends": expected_sends,
            "y": random.random(len(at)) < p_next,
            "complaint_rate": people.complaint_rate,
            "n_sends": n_sends,
            "is_eligible": (n_sends > 0) & (state.out_at > AS_OF_SECONDS),
            "is_proxy": people.is_proxy,
            "is_scanner": people.is_scanner,
            "is_invalid": people.is_invalid,
            "has_left": state.has_left,
            "died_at": pd.Series(died_at).where(state.died_at != NEVER),
        }
    )
