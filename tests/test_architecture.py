"""The arrow of the house: imports go one way, files stay short, `--help` loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parent.parent / "hygiene"
ARROW = (
    {"errors", "settings", "resources"},
    {"mail"},
    {"sources"},
    {"engine"},
    {"facts"},
    {"scores", "flags"},
    {"values"},
    {"advice"},
    {"gate"},
    {"reports"},
    {"exports"},
    {"pipeline"},
    {"campaign"},
    {"options"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
"""Rooms from left to right: a room may import itself and what lies left of it, never a neighbour of its own group.
Two remarks: in the first group, `settings` and `resources` stand on `errors`; `exports` comes after `reports`, which
words the sentences in its lists."""
RANK = {room: rank for rank, rooms in enumerate(ARROW) for room in rooms}
HEAVY = (
    *("duckdb", "pandas", "numpy", "scipy", "sklearn", "jinja2", "babel", "rich", "xlsxwriter", "python_calamine"),
    *("email_validator", "disposable_email_domains", "dns", "email.parser"),
)
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
LONGEST = 500
SOURCES = {".py", ".sql", ".toml", ".j2", ".html", ".css", ".js", ".mjs"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(source: str, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield (line, room) for each import of hygiene's own, wherever in the file it stands."""
    for node in ast.walk(ast.parse(source)):
        targets = []
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            targets = [[*base, alias.name] for alias in node.names]
        for target in targets:
            if target[0] == "hygiene" and len(target) > 1 and target[1] in RANK:
                yield node.lineno, target[1]


def breaks_the_arrow(room: str, imported: str) -> bool:
    if imported == room:
        return False
    foundations = room in ARROW[0] and imported == "errors"
    return RANK[imported] >= RANK[room] and not foundations


def test_every_room_has_its_place_on_the_arrow():
    rooms = {room_of(path) for path in MODULES}
    assert rooms <= set(RANK)
    assert {"errors", "settings", "mail", "sources", "facts", "scores", "flags", "pipeline", "cli"} <= rooms


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_leftwards_only(path):
    package = ("hygiene", *path.relative_to(PACKAGE).parent.parts)
    wrong = [
        f"{path.name}:{line} imports {imported}"
        for line, imported in imported_rooms(path.read_text(encoding="utf-8"), package)
        if breaks_the_arrow(room_of(path), imported)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "room", "broken"),
    [
        ("from hygiene.reports import html", "facts", True),
        ("import hygiene.flags.types", "scores", True),
        ("from hygiene.scores.types import Score", "flags", True),
        ("def f():\n    from ..reports import html", "facts", True),
        ("from .. import cli", "reports", True),
        ("from hygiene import pipeline", "exports", True),
        ("if TYPE_CHECKING:\n    from hygiene.pipeline import run", "scores", True),
        ("from hygiene.settings import Settings", "errors", True),
        ("from .types import Score", "scores", False),
        ("from hygiene.facts.types import Counts", "flags", False),
        ("from hygiene.errors import SettingsError", "settings", False),
        ("from hygiene import __version__", "reports", False),
        ("import json", "facts", False),
    ],
)
def test_the_check_finds_planted_violations(source, room, broken):
    found = [imported for _, imported in imported_rooms(source, ("hygiene", room))]
    assert any(breaks_the_arrow(room, imported) for imported in found) is broken


def test_no_file_is_longer_than_500_lines():
    places = ("hygiene", "templates", "models", "tests", "benchmarks", "examples")
    files = [path for place in places for path in (PACKAGE.parent / place).rglob("*") if path.suffix in SOURCES]
    ours = [path for path in files if "node_modules" not in path.parts]
    long = {
        str(path): count for path in ours if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_help_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from hygiene.cli import cli\n"
        "result = CliRunner().invoke(cli, ['--help'])\n"
        "assert result.exit_code == 0, result.output\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_only_the_command_line_catches_everything():
    """Anywhere else, `except Exception` would turn a bug into a wrong figure; there, it becomes exit code 1."""
    places = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else {""}
                places += [path.name] if caught & {"", "Exception", "BaseException"} else []
    assert places == ["cli.py"]
