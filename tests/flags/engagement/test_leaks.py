"""End to end: nothing that happened after `as_of` changes what is said of anybody."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.worlds import make_world
from benchmarks.worlds.world import write_parquet
from hygiene.flags.engagement import model, stack
from hygiene.pipeline import run
from hygiene.settings import Settings

CONTACTS = 1_200
AS_OF = pd.Timestamp("2026-03-15 12:00")


@cache
def tables():
    return make_world("steps_only", CONTACTS).tables


def flags_of(folder, events) -> list[tuple[str, ...]]:
    """Run everything and return id, flag, reason and p_reply as `contacts.csv` has them, to the byte."""
    (folder / "source").mkdir(parents=True)
    for name, table in {**tables(), "events": events}.items():
        write_parquet(table, folder / "source" / f"{name}.parquet")
    settings = Settings(as_of=AS_OF.to_pydatetime(), cache_dir=folder / "cache")
    run(folder / "source", folder / "out", settings)
    with (folder / "out" / "contacts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == CONTACTS
    names = ["contact_id", "p_reply", *(name for name in rows[0] if name in ("flag", "reason", "p_engaged"))]
    assert len(names) == 5
    return sorted(tuple(row[name] for name in names) for row in rows)


def later(events):
    """What came after; but for opt-outs, which the table of enrollments tells too, without their day."""
    return (events["at"] > AS_OF) & (events["type"] != "unsubscribe")


def without(events):
    return events[~later(events)]


def all_turned(events):
    """Whatever came later was a reply of a person, at once."""
    changed = later(events)
    at = events["at"].mask(changed, AS_OF + pd.Timedelta(seconds=1))
    kind = events["type"].astype(str).mask(changed, "reply")
    return events.assign(type=kind, at=at, detail=events["detail"].mask(changed))


def with_more(events):
    """Everybody replies, complains, bounces, and gets more mails, a day later."""
    more = events[events["at"] <= AS_OF].drop_duplicates("contact_id", keep="last")
    parts = [
        more.assign(type=kind, at=AS_OF + pd.Timedelta(days=days), is_machine=pd.NA, detail=pd.NA)
        for days, kind in ((1, "sent"), (2, "reply"), (3, "open"), (4, "sent"), (5, "complaint"), (6, "bounce"))
    ]
    joined = pd.concat([events, *parts], ignore_index=True)
    return joined.assign(event_id=np.arange(1, len(joined) + 1))


@pytest.fixture(scope="module", params=[False, True], ids=["BG/BB alone", "with the hazard"])
def known(request, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        if request.param:
            patch.setattr(model, "FEWEST_CONTACTS", 50)
            patch.setattr(model, "FEWEST_REPLIES", 20)
            patch.setattr(stack, "FEWEST_OUTCOMES", 3)
        rows = flags_of(tmp_path_factory.mktemp("known"), tables()["events"])
        chances = {row[1] for row in rows}
        assert len(chances) > 300 if request.param else len(chances) < 100
        yield rows


@pytest.mark.parametrize("change", [without, all_turned, with_more])
def test_what_comes_after_as_of_changes_no_flag_and_no_chance(known, change, tmp_path):
    events = tables()["events"]
    assert later(events).sum() > 500
    assert (events["at"] <= AS_OF).sum() > 500
    assert flags_of(tmp_path, change(events)) == known


def test_what_comes_before_does(known, tmp_path):
    events = tables()["events"]
    dropped = events[(events["at"] > AS_OF) | (events["type"] != "reply")]
    assert flags_of(tmp_path, dropped) != known


def test_contacts_are_paused_and_kept(known):
    assert {"keep", "pause", "remove", "never", "unlikely_to_reply"} <= {cell for row in known for cell in row}
