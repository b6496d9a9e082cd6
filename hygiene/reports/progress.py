"""Progress on the terminal: on stderr, only where somebody watches, and only for work of more than a second."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from hygiene.reports.document import Message

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from hygiene.reports.translate import Translator

PATIENCE_SECONDS = 1.0


class Progress:
    """A call `progress(step, fraction)` a step; `fraction` None: the step's length is not known.

    Used as a context manager: leaving it wipes the bar, so that what stays on the terminal are results.
    """

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._step: tuple[str, float | None] = ("", None)
        self._bar: Any = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(PATIENCE_SECONDS, self._show)
        self._timer.daemon = True

    def __call__(self, step: str, fraction: float | None) -> None:
        """Name the step under way and the part of it that is done (0–1)."""
        with self._lock:
            self._step = (self._translator.text(Message(step)), fraction)
            self._draw()

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        with self._lock:
            self._bar = bar
            self._bar.add_task("", total=None)
            self._draw()
            self._bar.start()

    def _draw(self) -> None:
        if self._bar is not None:
            step, fraction = self._step
            total = None if fraction is None else 1.0
            self._bar.update(self._bar.task_ids[0], description=step, completed=fraction or 0.0, total=total)
