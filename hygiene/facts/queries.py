"""Loads the `.sql` files of this folder and fills in their parameters."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hygiene.engine.sql import fill

if TYPE_CHECKING:
    from hygiene.engine import Engine
    from hygiene.engine.sql import Parameter
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

FIRST_MOMENT = datetime(1, 1, 1)
LAST_MOMENT = datetime(9999, 12, 31)


@cache
def text(name: str) -> str:
    """Return the SQL of `NAME.sql`, without its comments."""
    lines = (files("hygiene.facts") / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


class Questions:
    """The `.sql` files with the parameters of one run.

    Parameters
    ----------
    settings
        Gives `:since`, `:until` and `:as_of`.
    report
        Gives the latest moment of the data, which is `:as_of` where the settings name none.
    """

    def __init__(self, settings: Settings, report: ImportReport) -> None:
        self.as_of = settings.as_of or report.data_until
        self._parameters: dict[str, Parameter] = {
            "as_of": self.as_of or LAST_MOMENT,
            "since": settings.since or FIRST_MOMENT,
            "until": settings.until or LAST_MOMENT,
        }

    def fill(self, query: str, **more: Parameter) -> str:
        """Return a query of a line or two, ready to run."""
        return fill(query, **self._parameters, **more)

    def sql(self, name: str, **more: Parameter) -> str:
        """Return the SQL of `NAME.sql`, ready to run."""
        return fill(text(name), **self._parameters, **more)


def define_outcomes(engine: Engine, questions: Questions) -> None:
    """Define the views that other questions start from: `outcomes` and `first_bounces`."""
    engine.define("outcomes", questions.sql("enrollment_outcomes"))
    engine.define("first_bounces", questions.sql("first_bounces"))
