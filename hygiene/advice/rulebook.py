"""The rules as a document, put together from their own docstrings: `python -m hygiene.advice.rulebook`."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from hygiene.advice.registry import HEADINGS, explained, load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.advice.registry import Explained
    from hygiene.advice.types import Rule

WIDTH = 120
INTRODUCTION = """\
# The rules of the recommender

Written by `python -m hygiene.advice.rulebook` from the rules' own docstrings: change them there. `hygiene rules` shows
the same in a terminal, with `--lang fr` in French. Ids are stable; the constants named in a rule stand in its module,
each with its source.

A rule answers in one of four ways: it suggests something, all is well, there is too little data to tell, or the
question does not arise (the export lacks what it needs). A *gain* is claimed only from the team's own data
(`association`), from a random split (`tested`) or by counting (`exact`). Published figures are cited with their
sample, year and grade, and never feed a gain. Grade A is a randomized trial, B a vendor's observation of more than a
million emails with its method stated, C second hand, D small or advocacy.
"""


def rulebook() -> str:
    """Return `docs/rules.md`."""
    rules = [explained(module) for module in load_rules()]
    index = ["| id | what it says | severity | about | basis |", "|---|---|---|---|---|"]
    index += [
        f"| [{rule.id}](#{rule.id.lower()}) | {_plain(summary)} | {rule.severity} | {rule.scope} | {rule.basis} |"
        for rule, summary, _ in rules
    ]
    return "\n".join([INTRODUCTION, *index, "", *(line for each in rules for line in _page(each))]).rstrip() + "\n"


def needs_of(rule: Rule) -> tuple[str, ...]:
    """Return what a rule needs, each need as it is read: one of several is enough."""
    return tuple(" or ".join(need.split("|")) for need in rule.needs)


def _page(each: Explained) -> Iterator[str]:
    rule, summary, sections = each
    needs = " and ".join(f"`{need}`" for need in needs_of(rule)).replace(" or ", "` or `")
    yield from (f"## {rule.id}", "", f"{_plain(summary)}", "")
    yield f"Family {rule.family} · severity {rule.severity} · about a {rule.scope} · basis {rule.basis}"
    yield f"· {rule.effort_minutes} minutes of work for: {rule.owner} · needs {needs or 'nothing in particular'}"
    for heading in HEADINGS:
        first, *more = sections[heading]
        for paragraph in (f"**{heading}.** {first}", *more):
            yield from ("", *wrap(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False))
    yield ""


def _plain(summary: str) -> str:
    return summary[:1].upper() + summary[1:]


def main() -> None:
    """Write the document into the source tree."""
    place = Path(__file__).parents[2] / "docs" / "rules.md"
    place.write_text(rulebook(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
