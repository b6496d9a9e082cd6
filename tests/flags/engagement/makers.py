"""Mails made from plain rows, and simulated contacts, for the tests of the engagement model."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from hygiene.facts.engagement import Sends

NEVER = float("inf")


class Mail(NamedTuple):
    contact: int
    sent_at: float
    replied_at: float = NEVER
    clicked_at: float = NEVER
    opened_at: float = NEVER
    sender: int = 1
    step: int = 1


def make_sends(mails: list[Mail], contacts: int, source: Any = None, domain: Any = None) -> Sends:
    """Return the mails as `EngagementReader` hands them out: contact k has the key 10 · (k + 1)."""
    rows = sorted(mails, key=lambda mail: (mail.contact, mail.sent_at))
    columns = list(zip(*rows, strict=True)) or [()] * len(Mail._fields)
    by_name = dict(zip(Mail._fields, columns, strict=True))
    return Sends(
        **{name: np.array(by_name[name], dtype=np.int64) for name in ("contact", "sender", "step")},
        **{name: np.array(by_name[name], dtype=float) for name in ("sent_at", "replied_at", "clicked_at", "opened_at")},
        keys=10 * np.arange(1, contacts + 1),
        source=np.zeros(contacts, dtype=np.int64) if source is None else np.asarray(source, dtype=np.int64),
        domain=np.zeros(contacts, dtype=np.int64) if domain is None else np.asarray(domain, dtype=np.int64),
    )


@st.composite
def mail_lists(draw: Any, contacts: int = 4, most: int = 25) -> list[Mail]:
    """Mails with answers before the contact's next mail, as last touch leaves them; moments are in half days."""
    moment = st.integers(0, 80).map(lambda half: half / 2)
    found = []
    for contact in range(contacts):
        times = sorted(draw(st.lists(moment, max_size=most // contacts)))
        for sent_at, following in zip(times, [*times, NEVER][1:], strict=True):
            answers = [
                sent_at + draw(st.sampled_from((0.5, 1.0, 3.0, 9.0))) if draw(st.integers(0, 3)) == 0 else NEVER
                for _ in range(3)
            ]
            answers = [at if at < following else NEVER for at in answers]
            found.append(Mail(contact, sent_at, *answers, draw(st.integers(1, 3)), draw(st.integers(0, 8))))
    return found


def simulated(
    contacts: int = 2_000, seed: int = 0, sources: int = 3, span: float = 300.0, opens: bool = True, reply: float = 4.0
) -> Sends:
    """Draw contacts that answer, die and are written to every few days; `span` is the last moment.

    A world that does not move: the chance depends on the contact alone. An answer comes within six days, before the
    next mail.
    """
    rng = np.random.default_rng(seed)
    source = rng.integers(1, sources + 1, contacts)
    chance = rng.beta(0.5 * source, reply, contacts)
    answering = rng.geometric(np.maximum(rng.beta(0.8, 6, contacts), 1e-9)) - 1
    count = rng.integers(1, 20, contacts)
    contact = np.repeat(np.arange(contacts), count)
    number = np.arange(len(contact)) - np.repeat(np.cumsum(count) - count, count) + 1
    first = rng.uniform(0, span, contacts)
    sent_at = first[contact] + 7.0 * (number - 1)
    alive = number <= answering[contact]
    replied = alive & (rng.random(len(contact)) < chance[contact])
    opened = alive & (rng.random(len(contact)) < 0.4) & opens
    clicked = opened & (rng.random(len(contact)) < 0.2)
    delay = rng.uniform(0.1, 5.9, len(contact))
    kept = sent_at <= span

    def times(happened: np.ndarray, after: float) -> np.ndarray:
        at = sent_at + delay * after
        return np.where(happened & (at <= span), at, np.inf)[kept]

    return Sends(
        contact=contact[kept],
        sender=rng.integers(1, 6, contacts)[contact][kept],
        step=np.minimum(number, 8)[kept],
        sent_at=sent_at[kept],
        replied_at=times(replied, 1.0),
        clicked_at=times(clicked, 0.6),
        opened_at=times(opened, 0.5),
        keys=10 * np.arange(1, contacts + 1),
        source=source,
        domain=rng.integers(0, contacts // 4 + 1, contacts),
    )


def reordered(sends: Sends, order: np.ndarray) -> Sends:
    """Return the same mails with the contacts in another order; contact `order[k]` becomes row k."""
    row_of = np.argsort(order)
    mails = np.argsort(row_of[sends.contact], kind="stable")
    by_contact = {name: getattr(sends, name)[order] for name in ("keys", "source", "domain")}
    by_mail = {name: getattr(sends, name)[mails] for name in ("sender", "step", "sent_at")}
    answers = {name: getattr(sends, name)[mails] for name in ("replied_at", "clicked_at", "opened_at")}
    return Sends(contact=row_of[sends.contact][mails], **by_mail, **answers, **by_contact)
