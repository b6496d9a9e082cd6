"""Finds `models/` and `templates/`: inside the installed package, or beside it in a checkout.

Hatchling copies the two folders into the wheel as `hygiene/_models` and `hygiene/_templates`; an editable install and a
plain checkout have them one level above the package instead.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hygiene.errors import ModelError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def resource(kind: Literal["models", "templates"]) -> Traversable:
    """Return the folder of `kind` as a `Traversable`.

    Raises
    ------
    ModelError
        If neither the package nor the checkout holds the folder: the install is broken.
    """
    # In a checkout the folder beside the package is the live one; an editable wheel may hold a stale copy inside.
    checkout = Path(__file__).parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / kind).is_dir():
        return checkout / kind
    packaged = files("hygiene") / f"_{kind}"
    if packaged.is_dir():
        return packaged
    raise ModelError(f"The folder {kind}/ is missing from this install of hygiene. Reinstall it: pip install hygiene")
