"""Progress on stderr, for whoever waits more than a second at a terminal; silent in a pipe."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

    from hygiene.values import Message

READING = "Reading "
PATIENCE = 1.0
"""Seconds that a job may take without anything being shown."""


class Progress:
    """A context that is called with each step's name and, where it is known, the part done (0–1).

    Parameters
    ----------
    lang
        Language of the steps' names.
    """

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._bars: Any = None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._step: tuple[str, float | None] = ("", None)

    def __enter__(self) -> Progress:
        """Start the clock, if anybody watches."""
        if sys.stderr.isatty():
            self._timer = threading.Timer(PATIENCE, self._show)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __call__(self, step: str, fraction: float | None) -> None:
        """Say which step is under way."""
        self._step = (step, fraction)
        if self._bars is not None:
            self._bars.update(self._bars.task_ids[0], **self._state())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Take the bar away, so that the words that follow stand alone."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._bars is not None:
                self._bars.stop()

    def _state(self) -> dict[str, Any]:
        from hygiene.reports.translate import Translator

        step, fraction = self._step
        name = Translator(self._lang).text(step_message(step)) if step else ""
        return {"description": name, "total": None if fraction is None else 1.0, "completed": fraction or 0.0}

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        with self._lock:
            if self._timer is None:  # the job ended while rich was being loaded
                return
            columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
            bars = Bars(*columns, console=Console(stderr=True), transient=True)
            bars.add_task(**self._state())
            bars.start()
            self._bars = bars


def step_message(step: str) -> Message:
    """Return a step's name as a sentence; a file's name in it is data, whatever it holds."""
    from hygiene.values import Message, Text

    if step.startswith(READING):
        return Message("Reading %(file)s", {"file": Text(step.removeprefix(READING))})
    return Message(step)
