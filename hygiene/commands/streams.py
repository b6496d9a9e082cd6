"""What commands do when the reader of their output has left."""

from __future__ import annotations

import os


def abandon_stdout() -> None:
    """Send what is still buffered nowhere, so that leaving does not fail on it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
