"""Why a provider's rules for bulk senders apply to a campaign, or do not: one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.rules.deliverability.bulk_sender import PROVIDERS
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.bulk_book import Provider
    from hygiene.values import Value


def why(
    provider: Provider, values: Mapping[str, Value], *, has_recipients: bool, is_bulk: bool, was_over: bool
) -> Message:
    """Say why a provider's rules for bulk senders apply, or do not."""
    if not has_recipients:
        return Message(
            "Nobody on this list has a private mailbox at %(provider)s, and companies' own domains are outside its"
            " rules.",
            values,
        )
    if provider == "yahoo":
        return _why_yahoo(values, is_bulk=is_bulk)
    if not is_bulk:
        return Message(
            "The domain sends at most %(sends)s emails a day to private mailboxes at %(provider)s, and its rules for"
            " bulk senders begin at %(limit)s.",
            values,
        )
    if was_over and provider == "google":
        return Message(
            "On %(day)s the domain sent %(most)s emails to private mailboxes at %(provider)s: who once reaches"
            " %(limit)s in a day is a bulk sender there for good.",
            values,
        )
    return Message(
        "With this campaign the domain sends up to %(sends)s emails a day to private mailboxes at %(provider)s, whose"
        " rules for bulk senders begin at %(limit)s.",
        values,
    )


def _why_yahoo(values: Mapping[str, Value], *, is_bulk: bool) -> Message:
    if is_bulk:
        return Message(
            "%(provider)s publishes no number from which its rules for bulk senders apply, so they are taken to apply"
            " here (recipients there: %(recipients)s).",
            values,
        )
    return Message(
        "%(provider)s publishes no number from which its rules for bulk senders apply; below %(limit)s emails a day"
        " they are taken not to.",
        values,
    )


def asked_of_everybody(provider: Provider) -> Message:
    """Say that a provider asks something of small senders too."""
    return Message(
        "%(provider)s asks it of everybody who writes to private mailboxes there.",
        {"provider": Text(PROVIDERS[provider])},
    )
