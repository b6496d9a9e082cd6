"""Writes saved filters: JSON where the name ends so, else the text as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILTERS = "filters"


def write_filters(folder: Path, filters: Mapping[str, Any]) -> None:
    """Write filters by file name into a folder, made if missing; nothing where there are none."""
    for name, content in filters.items():
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n" if name.endswith(".json") else content
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
