"""When each contact would be written to if nobody ever answered: enrollments, steps and moments up to `as_of`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.worlds.recipes import AS_OF, LONGEST_SEQUENCE, SENDERS, SEQUENCES, SHORTEST_SEQUENCE, SPAN_DAYS

if TYPE_CHECKING:
    from benchmarks.worlds.people import Office
    from benchmarks.worlds.recipes import Recipe

DAY = 86_400
WORKING_SPAN = SPAN_DAYS * 5 // 7
FITTING_RATE = 0.6
"""How often the last sequence is one that ends with the contact's last planned send."""
CUT_BY_HAND_RATE = 0.3
"""Of the enrollments that don't reach their last step: ended by the sender, not by the export's date."""
PAUSE_DAYS = (10, 40)
"""Working days between two enrollments of a contact: 2–8 weeks."""
SAME_SENDER_RATE = 0.8
"""Enrollments that the contact's owner sends."""
MONDAY = int(np.datetime64("2025-01-06").astype("datetime64[s]").astype(np.int64))
"""From which working days are counted."""
AS_OF_SECONDS = int(AS_OF.timestamp())


class Plan(NamedTuple):
    """Arrays [contact, send]; what lies behind a contact's last send means nothing."""

    sends: np.ndarray
    """Planned sends: [contact]."""
    owner: np.ndarray
    """The sender that the contact belongs to: [contact]."""
    enrollment: np.ndarray
    """From 0 within the contact."""
    sequence: np.ndarray
    step: np.ndarray
    """From 0."""
    sender: np.ndarray
    at: np.ndarray
    """UTC seconds."""
    is_running: np.ndarray
    """Whether the last enrollment waits for its next step at `as_of`: [contact]."""
    is_cut_by_hand: np.ndarray
    """Whether the sender ended the last enrollment before its last step: [contact]."""


def make_plan(recipe: Recipe, contacts: int, office: Office, random: np.random.Generator) -> Plan:
    """Draw the plan of each contact."""
    low, high = recipe.sends_range
    sends = random.integers(low, high + 1, contacts)
    owner = random.integers(0, SENDERS, contacts)
    shape = (contacts, high)
    enrollment, sequence, step, sender, day = (np.zeros(shape, dtype=np.int64) for _ in range(5))
    now = {"enrollment": np.full(contacts, -1), "step": np.zeros(contacts, dtype=np.int64)}
    current, writer, elapsed = (np.zeros(contacts, dtype=np.int64) for _ in range(3))
    for k in range(high):
        ended = (now["step"] >= office.steps[current]) if k else np.ones(contacts, dtype=bool)
        elapsed = elapsed + np.where(ended & (k > 0), random.integers(*PAUSE_DAYS, contacts), 0)
        current = np.where(ended, _next_sequence(sends - k, random), current)
        stranger = random.integers(0, SENDERS, contacts)
        writer = np.where(ended, np.where(random.random(contacts) < SAME_SENDER_RATE, owner, stranger), writer)
        now["step"] = np.where(ended, 0, now["step"])
        now["enrollment"] = now["enrollment"] + ended
        enrollment[:, k], sequence[:, k], step[:, k] = now["enrollment"], current, now["step"]
        sender[:, k], day[:, k] = writer, elapsed
        elapsed = elapsed + office.gaps[current, now["step"]]
        now["step"] = now["step"] + 1
    last = (np.arange(contacts), sends - 1)
    is_cut = step[last] + 1 < office.steps[sequence[last]]
    is_cut_by_hand = is_cut & (random.random(contacts) < CUT_BY_HAND_RATE)
    is_running = is_cut & ~is_cut_by_hand
    until_next = office.gaps[sequence[last], step[last]]
    spare = np.maximum(WORKING_SPAN - day[last], 1)
    idle = np.where(is_running, random.random(contacts) * until_next, random.beta(1, 2, contacts) * spare)
    start = _working_day(AS_OF_SECONDS) - idle.astype(np.int64) - day[last]
    at = _moment(start[:, None] + day, random)
    return Plan(sends, owner, enrollment, sequence, step, sender, at, is_running, is_cut_by_hand)


def _next_sequence(left: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Choose a sequence: often the one that `left` sends fill, else any."""
    fits = (left >= SHORTEST_SEQUENCE) & (left <= LONGEST_SEQUENCE) & (random.random(len(left)) < FITTING_RATE)
    fitting = 2 * (left - SHORTEST_SEQUENCE) + random.integers(0, 2, len(left))
    return np.where(fits, fitting, random.integers(0, SEQUENCES, len(left)))


def _working_day(seconds: int) -> int:
    """Return the number of a moment's working day since `MONDAY`."""
    days = (seconds - MONDAY) // DAY
    return days // 7 * 5 + min(days % 7, 4)


def _moment(working_day: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a moment between 8 and 17 o'clock of each working day."""
    days = working_day // 5 * 7 + working_day % 5
    return MONDAY + days * DAY + random.integers(8 * 3600, 17 * 3600, days.shape)
