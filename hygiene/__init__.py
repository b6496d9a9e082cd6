"""hygiene: honest scores, cleanup lists and coaching for sales email sequences, from plain exports, offline.

The public API. Everything else may change without notice.

>>> import hygiene
>>> tables = hygiene.load("examples/acme", hygiene.Settings())  # doctest: +SKIP
>>> audit = hygiene.audit(tables, hygiene.Settings())  # doctest: +SKIP
>>> hygiene.scores_frame(audit).query("level == 'sender'")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hygiene.errors import HygieneError
    from hygiene.pipeline import audit, run
    from hygiene.reports.audit import Audit
    from hygiene.reports.frame import scores_frame
    from hygiene.settings import Settings
    from hygiene.sources import load
    from hygiene.sources.tables import Tables

__version__ = "0.1.0"
__all__ = ["Audit", "HygieneError", "Settings", "Tables", "audit", "load", "run", "scores_frame"]

_HOMES = {
    "Audit": "hygiene.reports.audit",
    "HygieneError": "hygiene.errors",
    "Settings": "hygiene.settings",
    "Tables": "hygiene.sources.tables",
    "audit": "hygiene.pipeline",
    "load": "hygiene.sources",
    "run": "hygiene.pipeline",
    "scores_frame": "hygiene.reports.frame",
}
"""Imported when first asked for: `hygiene --help` must not wait for an engine."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'hygiene' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
