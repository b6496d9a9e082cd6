"""The engagement model's way on one screen: learn or load, judge every contact, set the thresholds, sum up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.flags.engagement.judge import judge, learn
from hygiene.flags.engagement.saved import read_model
from hygiene.flags.engagement.summary import EngagementSummary, summarize_engagement, with_budget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from hygiene.facts.engagement import EngagementReader
    from hygiene.flags.engagement.judged import Judged
    from hygiene.flags.engagement.model import EngagementModel
    from hygiene.settings import Settings

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Outlook:
    """What the model says, and all that its summary needs."""

    judged: Judged
    model: EngagementModel
    complaints: Mapping[int, tuple[int, int]]
    settings: Settings
    has_replies: bool

    def summary(self, open_keys: Iterable[int]) -> EngagementSummary:
        """Return the figures of the report; `open_keys` as `summarize_engagement` takes them."""
        return summarize_engagement(
            self.judged, open_keys, self.model, self.complaints, self.settings, has_replies=self.has_replies
        )


def outlook(
    reader: EngagementReader, as_of: datetime, settings: Settings, open_keys: Callable[[], Iterable[int]]
) -> Outlook:
    """Return what the engagement model says of every contact.

    Parameters
    ----------
    as_of
        Naive UTC.
    open_keys
        Gives the keys of the contacts that no stricter rule speaks about; asked only where a share of the lost replies
        is the limit, since it costs a look at each contact.

    Raises
    ------
    HygieneError
        If the model that the settings name cannot be used.
    """
    moment = days(as_of)
    model = read_model(Path(settings.model), reader.source_names) if settings.model else learn(reader, moment)
    judged = judge(reader, model, moment, settings)
    if settings.max_lost_replies is not None and reader.replies:
        judged = with_budget(judged, open_keys(), model, settings)
    return Outlook(judged, model, reader.complaints(), settings, reader.replies > 0)


def days(moment: datetime) -> float:
    """Return a naive UTC moment as days since 1970."""
    return moment.replace(tzinfo=UTC).timestamp() / SECONDS_A_DAY
