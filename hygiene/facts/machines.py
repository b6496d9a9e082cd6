"""What tells a machine's open or click from a person's: the thresholds of `machine_signs.sql`, with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INSTANT_SECONDS = 5
"""Opened or clicked sooner after the mail arrived than a person can have read it.

"<5 s after delivery" is the sign that suped.com and support.arternal.com give (read 2026-10)."""
PROMPT_SECONDS = 60
"""So soon that a person seldom does it, and a gateway always: the next mail tells them apart. assumed"""
HABIT_LEAD = 3
"""By how many mails those with a habit must outnumber those without, of a contact or of all contacts of its domain.

Habits are the prompt open or click, and the click on several links of one mail. With a person who does so in 10 % of
mails and a gateway in 90 % (both assumed), each mail more weighs 9 : 1, three weigh 729 : 1 (Wald's sequential test,
1945): where one contact in ten is behind a gateway, 99 % sure."""
LINKS_SECONDS = 5
"""Clicks within this time belong together. assumed"""
ALL_LINKS = 3
"""Different links that nobody clicks within `LINKS_SECONDS`, each opening a page. assumed"""
CHOIR_CONTACTS = 3
"""Contacts of one domain that act within one second. 30 colleagues with 150 opens in the working hours of 60 days do so
by chance once in some 5 million such companies; two do so in one of 150."""
CHOIR_PERCENT = 10
"""Their least share of the domain's contacts: at a free mail provider, three of thousands do by chance. assumed"""
EVERYTHING_LEAD = 8
"""Mails opened exactly once, less `EVERYTHING_COST` for each other mail, from which no person is believed.

A keen reader who opens 60 % of mails and looks again at one in five (all assumed) opens 48 % exactly once: eight of
eight in 1 case of 350, and hardly ever without a click or a reply; a reader of 40 %, in 1 of 9,000. Apple's proxy opens
95 % (assumed). The weights are the log likelihood ratio of 95 % against 48 %, +0.7 and -2.3, so that the least lead
stands for some 100 : 1 against even the keen reader."""
EVERYTHING_COST = 3
"""See `EVERYTHING_LEAD`."""

THRESHOLDS: Mapping[str, int] = {
    "instant_seconds": INSTANT_SECONDS,
    "prompt_seconds": PROMPT_SECONDS,
    "habit_lead": HABIT_LEAD,
    "links_seconds": LINKS_SECONDS,
    "all_links": ALL_LINKS,
    "choir_contacts": CHOIR_CONTACTS,
    "choir_percent": CHOIR_PERCENT,
    "everything_lead": EVERYTHING_LEAD,
    "everything_cost": EVERYTHING_COST,
}
"""The parameters of `machine_signs.sql`."""
