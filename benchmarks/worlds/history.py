"""What really happened at each send: who lived, who answered, what bounced, who had enough.

At each mail that arrives, in this order: the contact may leave its job, die or revive; if it lives, it may reply
(BG/BB: P. S. Fader, B. G. S. Hardie, J. Shang, "Customer-Base Analysis in a Discrete-Time Noncontractual Setting",
Marketing Science 29(6), 2010, section 3, with revival, senders, sequences, steps and drift on top).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.worlds.plans import AS_OF_SECONDS, DAY
from benchmarks.worlds.recipes import SPAN_DAYS, STEP_DECAY

if TYPE_CHECKING:
    from benchmarks.worlds.people import Office, People
    from benchmarks.worlds.plans import Plan
    from benchmarks.worlds.recipes import Recipe

NEVER = np.iinfo(np.int64).max
NO_BOUNCE, HARD, GONE, SOFT, BLOCKED = range(5)
"""Kinds of bounce: an invalid address, one whose owner left, a temporary trouble, the sender's reputation."""
POSITIVE, NEGATIVE, OPT_OUT = range(3)
"""Kinds of human reply."""
REPLY_KIND_SHARES = (0.66, 0.27, 0.07)
AGAIN_RATES = (0.8, 0.4, 0.0)
"""Contacts that are enrolled again after a reply of each kind."""
GONE_BOUNCE_RATE, GONE_NOTE_RATE = 0.3, 0.15
"""Mails to somebody who left: returned, or answered by a note."""
REPLY_DAYS, REPLY_SPREAD, REPLY_LONGEST_DAYS = 1.0, 1.1, 14.0
"""Median and logarithmic deviation of a reply's delay, and its limit."""
REFUSAL_DAYS, REFUSAL_SPREAD = 0.3, 1.2
"""The same for unsubscribes and complaints."""
BOUNCE_SECONDS = 60
"""Within which a mail comes back."""
NOTE_SECONDS = 60
"""Within which an automatic reply comes."""


@dataclass(frozen=True)
class Sends:
    """The mails that were really sent; arrays of one value a mail, by the number of the mail within its contact."""

    contact: np.ndarray
    slot: np.ndarray
    """Column in the plan."""
    at: np.ndarray
    bounce: np.ndarray
    is_alive: np.ndarray
    """Whether its reader was alive, and read."""
    has_reply: np.ndarray
    reply_kind: np.ndarray
    reply_at: np.ndarray
    has_ooo: np.ndarray
    has_note: np.ndarray
    """Whether a note says that the reader has left."""
    unsubscribe_at: np.ndarray
    complaint_at: np.ndarray
    """`NEVER`, where there is none."""


@dataclass
class State:
    """Where each contact stands."""

    is_alive: np.ndarray
    has_left: np.ndarray
    died_at: np.ndarray
    """The mail at which it last died; `NEVER` while alive."""
    quit_at: np.ndarray
    """Nothing is sent from then on."""
    stopped_at: np.ndarray
    stopped_enrollment: np.ndarray
    """The enrollment that a reply ends, and when."""
    out_at: np.ndarray
    """Moment from which no mail may go to it: hard bounce, unsubscribe, complaint, a demand to be left alone."""


def drift_at(recipe: Recipe, at: np.ndarray) -> np.ndarray:
    """Return what the world's drift adds to the logit of a reply; 0 in the middle of the span."""
    passed = ((at - AS_OF_SECONDS) / (SPAN_DAYS * DAY) + 1).clip(0, 1)
    return np.asarray(np.log(recipe.drift) * (passed - 0.5))


def reply_chance(theta: np.ndarray, effect: np.ndarray) -> np.ndarray:
    """Return theta moved by an effect on its logit."""
    return np.asarray(1 / (1 + (1 - theta) / theta * np.exp(-effect)))


def live(
    recipe: Recipe, people: People, office: Office, plan: Plan, random: np.random.Generator
) -> tuple[Sends, State]:
    """Send what is planned, as far as the answers allow, and tell what came of it."""
    count = len(people.source)
    state = State(
        ~people.is_invalid,
        np.zeros(count, dtype=bool),
        np.where(people.is_invalid, 0, NEVER),
        *(np.full(count, NEVER) for _ in range(3)),
        np.full(count, NEVER),
    )
    state.stopped_enrollment = np.full(count, -1)
    rounds = []
    for slot in range(plan.at.shape[1]):
        at = plan.at[:, slot]
        stopped = (plan.enrollment[:, slot] == state.stopped_enrollment) & (at >= state.stopped_at)
        contact = np.flatnonzero((slot < plan.sends) & (at < state.quit_at) & ~stopped)
        rounds.append(_send(recipe, people, office, plan, state, contact, slot, random))
    names = Sends.__dataclass_fields__
    return Sends(**{name: np.concatenate([each[name] for each in rounds]) for name in names}), state


def _send(
    recipe: Recipe,
    people: People,
    office: Office,
    plan: Plan,
    state: State,
    contact: np.ndarray,
    slot: int,
    random: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Send one mail to each of `contact`, and change their state."""
    at, count = plan.at[contact, slot], len(contact)
    bounce = _bounces(recipe, people, state, contact, random)
    arrives = bounce == NO_BOUNCE
    _live_or_die(recipe, people, state, contact[arrives], at[arrives], random)
    is_alive = state.is_alive[contact] & arrives
    effect = office.skill[plan.sender[contact, slot]] + office.appeal[plan.sequence[contact, slot]]
    effect = effect - STEP_DECAY * plan.step[contact, slot] + drift_at(recipe, at)
    has_reply = is_alive & (random.random(count) < reply_chance(people.theta[contact], effect))
    is_there = arrives & ~state.has_left[contact]
    luck = random.random((count, 4))
    done = {
        "contact": contact,
        "slot": np.full(count, slot),
        "at": at,
        "bounce": bounce,
        "is_alive": is_alive,
        "has_reply": has_reply,
        "reply_kind": random.choice(len(REPLY_KIND_SHARES), count, p=REPLY_KIND_SHARES),
        "reply_at": at + _delay(REPLY_DAYS, REPLY_SPREAD, count, random),
        "has_ooo": is_there & (luck[:, 0] < recipe.ooo_rate),
        "has_note": arrives & ~is_there & (luck[:, 0] < GONE_NOTE_RATE),
    }
    refusals = {
        "unsubscribe_at": is_there & (luck[:, 1] < np.where(is_alive, *recipe.unsubscribe_rate)),
        "complaint_at": is_there & (luck[:, 2] < people.complaint_rate[contact]),
    }
    for name, refuses in refusals.items():
        done[name] = np.where(refuses, at + _delay(REFUSAL_DAYS, REFUSAL_SPREAD, count, random), NEVER)
    _stop(recipe, plan, state, done, luck[:, 3])
    return done


def _bounces(
    recipe: Recipe, people: People, state: State, contact: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Return the kind of bounce of each mail."""
    draw = random.random((2, len(contact)))
    passing = np.where(draw[0] < recipe.block_rate, BLOCKED, NO_BOUNCE)
    passing = np.where(draw[0] > 1 - recipe.soft_bounce_rate, SOFT, passing)
    gone = state.has_left[contact] & (draw[1] < GONE_BOUNCE_RATE)
    return np.where(people.is_invalid[contact], HARD, np.where(gone, GONE, passing))


def _live_or_die(
    recipe: Recipe, people: People, state: State, contact: np.ndarray, at: np.ndarray, random: np.random.Generator
) -> None:
    """Let contacts that get a mail leave, die or revive."""
    draw = random.random((2, len(contact)))
    was_alive, stays = state.is_alive[contact], ~state.has_left[contact] & (draw[0] >= recipe.leave_rate)
    fate = np.where(was_alive, draw[1] >= people.death_rate[contact], draw[1] < recipe.revival_rate)
    now = stays & fate
    died_at = np.where(was_alive, at, state.died_at[contact])
    state.died_at[contact] = np.where(now, NEVER, died_at)
    state.has_left[contact], state.is_alive[contact] = ~stays, now


def _stop(recipe: Recipe, plan: Plan, state: State, done: dict[str, np.ndarray], luck: np.ndarray) -> None:
    """Let replies end their enrollment, and refusals everything."""
    contact, at = done["contact"], done["at"]
    answered_at = np.where(done["has_reply"], done["reply_at"], NEVER)
    again = luck < np.array(AGAIN_RATES)[done["reply_kind"]]
    asked_out = done["has_reply"] & (done["reply_kind"] == OPT_OUT)
    is_dead = np.isin(done["bounce"], (HARD, GONE))
    out_at = np.minimum.reduce(
        (
            np.where(is_dead, at + BOUNCE_SECONDS, NEVER),
            done["unsubscribe_at"],
            done["complaint_at"],
            np.where(asked_out, done["reply_at"], NEVER),
        )
    )
    state.out_at[contact] = np.minimum(state.out_at[contact], out_at)
    quit_at = np.where(done["has_reply"] & ~again, done["reply_at"], NEVER)
    state.quit_at[contact] = np.minimum.reduce((state.quit_at[contact], out_at, quit_at))
    if not recipe.ooo_is_marked:
        automatic = done["has_ooo"] | done["has_note"]
        answered_at = np.where(automatic, np.minimum(answered_at, at + NOTE_SECONDS), answered_at)
    enrollment = plan.enrollment[contact, done["slot"]]
    same = state.stopped_enrollment[contact] == enrollment
    earliest = np.where(same, np.minimum(state.stopped_at[contact], answered_at), answered_at)
    stops = answered_at < NEVER
    state.stopped_at[contact] = np.where(stops, earliest, state.stopped_at[contact])
    state.stopped_enrollment[contact] = np.where(stops, enrollment, state.stopped_enrollment[contact])


def _delay(median_days: float, spread: float, count: int, random: np.random.Generator) -> np.ndarray:
    """Draw lognormal delays in seconds, from a minute to two weeks."""
    days = median_days * np.exp(random.normal(0, spread, count))
    return (days.clip(60 / DAY, REPLY_LONGEST_DAYS) * DAY).astype(np.int64)
