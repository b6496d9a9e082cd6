"""Every sentence of ours, found in the source: what must have a translation.

One way to mark a sentence: it is written out as the first argument of `Message(…)` (with `plural=…` where it has two
forms), of a translator's `phrase`, or as the step's name in `progress(…)`; in the templates, of `_` or `ngettext`.
The rules' docstrings are read as such: `hygiene rules ID` shows them.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from babel.messages.extract import extract_from_file

from hygiene.advice.registry import load_rules, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
MARKERS = ("Message", "progress", "_progress")


class Found(NamedTuple):
    """A sentence and where it stands."""

    id: str
    plural: str | None
    place: str


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield the calls of `MARKERS` in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in MARKERS:
                yield node


def modules() -> list[Path]:
    return sorted((ROOT / "hygiene").rglob("*.py"))


def literal(node: ast.expr | None) -> str | None:
    """Return the text of a literal (adjacent literals are one); None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_python() -> Iterator[Found]:
    for path in modules():
        for call in calls(path):
            text = literal(call.args[0])
            plural = next((keyword.value for keyword in call.keywords if keyword.arg == "plural"), None)
            if text is not None:
                yield Found(text, literal(plural), f"{path.relative_to(ROOT)}:{call.lineno}")


def in_templates() -> Iterator[Found]:
    for path in sorted((ROOT / "templates").glob("*.j2")):
        for line, message, _, _ in extract_from_file("jinja2", path, keywords={"_": None, "ngettext": (1, 2)}):
            one, plural = message if isinstance(message, tuple) else (message, None)
            yield Found(one, plural, f"{path.relative_to(ROOT)}:{line}")


def in_rulebook() -> Iterator[Found]:
    for module in load_rules():
        yield from (Found(message.id, None, module.RULE.id) for message in sentences(module))


def all_messages() -> list[Found]:
    return [*in_python(), *in_templates(), *in_rulebook()]
