"""The options that commands share, and how those that are settings become one argument."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = ("en", "fr")
"""As `settings.LANGUAGES` (a test holds them equal): the settings are loaded when a command runs."""

SETTINGS_OPTIONS = (
    click.option("--lang", type=click.Choice(LANGUAGES), help="Language of reports and sentences. [default: en]"),
    click.option("--since", metavar="DATE", help="Count enrollments that ended on or after this day."),
    click.option("--until", metavar="DATE", help="Count enrollments that ended on or before this day."),
    click.option("--as-of", metavar="DATE", help="Know nothing later than this. [default: latest in the data]"),
    click.option("--timezone", metavar="ZONE", help="Zone of times without one, such as Europe/Paris. [default: UTC]"),
    click.option("--date-order", type=click.Choice(("auto", "DMY", "MDY")), help="Order of dates such as 03/04/2026."),
    click.option("--profile", metavar="NAME|FILE", help="Score profile. [default: default]"),
    click.option(
        "--reply-denominator",
        type=click.Choice(("delivered", "ended")),
        help="Replies over ended minus bounced, or over ended. [default: delivered]",
    ),
    click.option(
        "--bounce-denominator",
        type=click.Choice(("ended", "enrolled")),
        help="Bounces over ended, or over ended plus active. [default: ended]",
    ),
)
ENGAGEMENT_OPTIONS = (
    click.option("--reply-value", metavar="NUMBER", help="What a reply is worth, in any unit. [default: 200]"),
    click.option("--send-cost", metavar="NUMBER", help="What one more email costs, in the same unit. [default: 1]"),
    click.option("--complaint-cost", metavar="NUMBER", help="What a spam complaint costs. [default: 150]"),
    click.option(
        "--max-lost-replies",
        metavar="SHARE",
        help="Pause as many as lose at most this share of the replies, such as 0.05, instead of by the costs.",
    ),
    click.option("--pause-after", metavar="EMAILS", help="Never pause for silence before so many emails. [default: 3]"),
    click.option(
        "--control-share", metavar="SHARE", help="Share of the paused that is kept to measure. [default: 0.05]"
    ),
)
"""Of the commands that judge contacts."""


ADVICE_OPTIONS = (
    click.option(
        "--previous",
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        help="An earlier report: say what became of its advice.",
    ),
    click.option(
        "--pseudonymous", is_flag=True, default=None, help="Call senders sender-01, sender-02 … instead of by name."
    ),
)


def with_advice(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the recommender; `with_settings` takes up what is a setting."""
    for option in reversed(ADVICE_OPTIONS):
        command = option(command)
    return command


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the settings; it gets one `settings` argument instead of them."""

    @functools.wraps(command)
    def wrapped(**options: Any) -> None:
        from hygiene.settings import load_settings

        flags = {name: options.pop(name) for name in SETTINGS_FLAGS if name in options}
        command(settings=load_settings(flags, os.environ, Path.cwd()), **options)

    for option in reversed(SETTINGS_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def with_engagement(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the engagement model, for `with_settings` to take up."""
    for option in reversed(ENGAGEMENT_OPTIONS):
        command = option(command)
    return command


SETTINGS_FLAGS = (
    "lang",
    "since",
    "until",
    "as_of",
    "timezone",
    "date_order",
    "profile",
    "reply_denominator",
    "bounce_denominator",
    "reply_value",
    "send_cost",
    "complaint_cost",
    "max_lost_replies",
    "pause_after",
    "control_share",
    "model",
    "pseudonymous",
    "mode",
)


def not_empty(context: click.Context, parameter: click.Parameter, value: str) -> str:  # noqa: ARG001 — click's form
    """Refuse an empty name, which click would take for the current folder."""
    if not value:
        raise click.BadParameter("is empty; name a folder.")
    return value


def not_empty_if_given(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty name where one is given."""
    return None if value is None else not_empty(context, parameter, value)


def folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    """Return the path of a folder that is named."""
    return Path(not_empty(context, parameter, value))
