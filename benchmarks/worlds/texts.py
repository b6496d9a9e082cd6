"""The words in `detail`: what servers, people and machines say, and which links a mail holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.worlds.history import BLOCKED, GONE, HARD, NEGATIVE, OPT_OUT, POSITIVE, SOFT
from benchmarks.worlds.people import LINKS_A_MAIL
from benchmarks.worlds.recipes import LONGEST_SEQUENCE, SEQUENCES

BOUNCES = {
    HARD: (
        "550 5.1.1 The email account that you tried to reach does not exist",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "550 5.1.2 Host or domain name not found",
    ),
    GONE: ("550 5.1.1 <recipient>: Recipient address rejected: User unknown",),
    SOFT: (
        "452 4.2.2 The email account that you tried to reach is over quota",
        "451 4.7.1 Greylisting in action, please come back later",
    ),
    BLOCKED: ("550 5.7.1 Message rejected due to the reputation of the sending server",),
}
REPLIES = {
    POSITIVE: (
        "Yes, happy to talk. Does Tuesday at ten work?",
        "Interesting, could you send me some figures on this?",
        "Sure, call me tomorrow afternoon.",
        "Sounds good, let's meet next week.",
        "Who else in our field works with you?",
    ),
    NEGATIVE: (
        "Thanks, but this is not a priority for us this year.",
        "Not interested, thank you.",
        "We already have a tool for this, so no need.",
    ),
    OPT_OUT: ("Please remove me from your list.", "Stop writing to me."),
}
AWAY = (
    "I am out of the office until {} with limited access to email.",
    "Thank you for your message. I am on annual leave and will be back on {}.",
    "I am currently travelling and will return on {}.",
)
LEFT = ("Automatic reply: I no longer work here. This mailbox is not read any more.",)
LONGEST_ABSENCE_DAYS = 14

PROXY_AGENT = "Mozilla/5.0"
"""All that Apple's mail privacy proxy says of itself."""
SCANNER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/118.0.0.0 Safari/537.36",
)
OPEN_AGENTS = (
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.17328)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
)
CLICK_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
)
"""Browsers and mail programs of people; the first of `SCANNER_AGENTS` looks like one of them."""


def links() -> list[str]:
    """Return the address of each link: `link_index` numbers them."""
    return [
        f"https://seller.example/seq-{sequence + 1:02}/{step + 1}/{link + 1}"
        for sequence in range(SEQUENCES)
        for step in range(LONGEST_SEQUENCE)
        for link in range(LINKS_A_MAIL)
    ]


def link_index(sequence: np.ndarray, step: np.ndarray, link: np.ndarray) -> np.ndarray:
    """Return the position in `links` of a mail's link; step and link from 0."""
    return (sequence * LONGEST_SEQUENCE + step) * LINKS_A_MAIL + link


def choose(texts: dict[int, tuple[str, ...]], kinds: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a text of each kind."""
    chosen = np.empty(len(kinds), dtype=object)
    for kind, words in texts.items():
        rows = np.flatnonzero(kinds == kind)
        chosen[rows] = np.array(words, dtype=object)[random.integers(0, len(words), len(rows))]
    return chosen


def away_notes(at: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return an out-of-office note for each moment (UTC seconds), with a day of return."""
    days = pd.Series(pd.to_datetime(at + 86_400 * random.integers(1, LONGEST_ABSENCE_DAYS + 1, len(at)), unit="s"))
    day = days.dt.strftime("%d %B %Y").str.lstrip("0")
    kind = random.integers(0, len(AWAY), len(at))
    parts = [note.split("{}") for note in AWAY]
    before, after = (np.array([part[i] for part in parts], dtype=object)[kind] for i in (0, 1))
    return np.asarray(before + day.to_numpy(dtype=object) + after, dtype=object)
