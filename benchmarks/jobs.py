"""What is measured, each in a fresh process: python -m benchmarks.jobs NAME ARGUMENTS. Prints one JSON object.

`seconds` is the part that matters without starting Python and importing; the caller measures the whole process.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from pathlib import Path

FLOOR_COLUMNS = ("enrollment_key", "sender_key", "sequence_key", 'epoch_us("at")', "length(type)")


def floor(events: str) -> dict[str, float]:
    """Scan and add up the five columns that any score needs: what the engine takes at the very least."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "1GiB"}) as connection:
        sums = ", ".join(f"sum({column})" for column in FLOOR_COLUMNS)
        start = time.perf_counter()
        connection.execute(f"SELECT {sums} FROM read_parquet('{events}')").fetchall()
        return {"seconds": time.perf_counter() - start}


def query(source: str) -> dict[str, float]:
    """Score a source whose cache is warm, without starting the command line and without printing."""
    import os

    from hygiene.engine import open_engine
    from hygiene.facts import read_score_facts
    from hygiene.scores.profile import load_profile
    from hygiene.scores.score import score_level
    from hygiene.settings import load_settings
    from hygiene.sources import load

    settings = load_settings({}, os.environ, Path(source))
    profile = load_profile(settings.profile)
    tables = load(source, settings)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        start = time.perf_counter()
        facts = read_score_facts(engine, tables.report, settings)
        read = time.perf_counter()
        team = score_level(facts, "team", profile, settings)[0].counts
        score_level(facts, "sender", profile, settings)
        scored = time.perf_counter()
    return {
        "seconds": read - start,
        "scoring": scored - read,
        "ended": team.ended,
        "replied": team.replied,
        "bounced": team.bounced,
    }


def pandas_script(source: str) -> dict[str, float]:
    """Do what somebody at home in pandas would write on a Friday: counts and rates by sender, nothing more."""
    import pandas as pd

    start = time.perf_counter()
    folder = Path(source)
    columns = ["enrollment_id", "type", "is_machine"]
    events = pd.read_parquet(folder / "events.parquet", columns=columns)
    enrollments = pd.read_parquet(folder / "enrollments.parquet")
    events["replied"] = (events["type"] == "reply") & ~events["is_machine"]
    events["bounced"] = events["type"] == "bounce"
    outcomes = events.groupby("enrollment_id")[["replied", "bounced"]].max()
    joined = enrollments.join(outcomes, on="enrollment_id")
    ended = joined[joined["ended_at"].notna()]
    table = ended.groupby("sender_id").agg(
        ended=("enrollment_id", "count"), replied=("replied", "sum"), bounced=("bounced", "sum")
    )
    table["reply_rate"] = table["replied"] / (table["ended"] - table["bounced"])
    table["bounce_rate"] = table["bounced"] / table["ended"]
    seconds = time.perf_counter() - start
    return {"seconds": seconds, **{name: int(table[name].sum()) for name in ("ended", "replied", "bounced")}}


def prepare_pages(source: str, audit_file: str) -> dict[str, float]:
    """Keep the result of the main path, so that the pages can be measured without the engine around them."""
    import os

    from hygiene.pipeline import audit
    from hygiene.settings import load_settings
    from hygiene.sources import load

    settings = load_settings({}, os.environ, Path(source))
    start = time.perf_counter()
    result = audit(load(source, settings), settings)
    seconds = time.perf_counter() - start
    Path(audit_file).write_bytes(pickle.dumps(result))
    return {"seconds": seconds}


def pages(audit_file: str, out: str) -> dict[str, float]:
    """Write the team page and every sender's page."""
    from hygiene.reports.pages import pages as all_pages
    from hygiene.reports.translate import Translator

    audit = pickle.loads(Path(audit_file).read_bytes())  # noqa: S301  written by prepare_pages a moment ago
    folder = Path(out)
    (folder / "senders").mkdir(parents=True, exist_ok=True)
    sizes = {}
    start = time.perf_counter()
    for name, page in all_pages(audit, Translator("en")):
        if name.startswith("sequences/"):
            break
        sizes[name] = (folder / name).write_bytes(page.encode())
    seconds = time.perf_counter() - start
    team = sizes.pop("index.html")
    return {"seconds": seconds, "pages": len(sizes), "team_bytes": team, "largest_page_bytes": max(sizes.values())}


def mails(folder: str) -> dict[str, float]:
    """Read the bounces among the evaluation mails ten times over on one core, beside the bare parse of the library."""
    from email.parser import BytesParser
    from email.policy import compat32

    from hygiene.mail.read import read_lines, read_mails

    raws = [path.read_bytes() for path in sorted(Path(folder).glob("mails-*/*.eml"))]
    bounces = [raw for raw, rows in zip(raws, read_mails(raws), strict=True) if any(row.is_bounce for row in rows)] * 10
    start = time.process_time()
    for place in range(0, len(bounces), 256):
        for _ in read_mails(bounces[place : place + 256]):
            pass
    read = time.process_time() - start
    start = time.process_time()
    for raw in bounces:
        BytesParser(policy=compat32).parsebytes(raw)
    parsed = time.process_time() - start
    lines = Path(folder, "lines.tsv").read_text(encoding="utf-8").splitlines()[1:] * 10
    start = time.process_time()
    for place in range(0, len(lines), 256):
        read_lines(lines[place : place + 256])
    said = time.process_time() - start
    return {
        "seconds": read,
        "per_mail_ms": read / len(bounces) * 1000,
        "parse": parsed,
        "per_line_ms": said / len(lines) * 1000,
    }


def prepare_histories(folder: str, contacts: str) -> dict[str, float]:
    """Draw histories from BG/BB itself (α .6, β 6, γ .4, δ 2.5; 1 to 24 mails) into three files of small integers."""
    import numpy as np

    size, rng = int(contacts), np.random.default_rng(1)
    sends = rng.integers(1, 25, size).astype(np.int16)
    chance, stop = rng.beta(0.6, 6.0, size), rng.beta(0.4, 2.5, size)
    life = np.minimum(np.floor(np.log(rng.random(size)) / np.log1p(-np.minimum(stop, 1 - 1e-12))), 1e6)
    replies, last = np.zeros(size, np.int16), np.zeros(size, np.int16)
    for number in range(1, 25):
        answered = (rng.random(size) < chance) & (number <= sends) & (number <= life)
        replies += answered
        last[answered] = number
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, values in (("replies", replies), ("last_reply", last), ("sends", sends)):
        np.save(Path(folder, f"{name}.npy"), values)
    return {"seconds": 0.0}


def bgbb(folder: str) -> dict[str, float]:
    """Fit BG/BB to histories and give each contact its chance of a reply and of being engaged."""
    import numpy as np

    from hygiene.flags.engagement.bgbb import BGBB
    from hygiene.flags.engagement.cells import collapse

    columns = [np.load(Path(folder, f"{name}.npy")) for name in ("replies", "last_reply", "sends")]
    start = time.perf_counter()
    cells, cell_of = collapse(*columns)
    model = BGBB().fit_cells(cells)
    fitted = time.perf_counter()
    history = (cells.replies, cells.last_reply, cells.sends)
    p_reply = model.predict_proba(*history)[:, 1].astype(np.float32)[cell_of]
    p_engaged = model.p_alive(*history).astype(np.float32)[cell_of]
    scored = time.perf_counter()
    if not (np.isfinite(p_reply).all() and np.isfinite(p_engaged).all()):
        sys.exit("A probability is no number.")
    return {"seconds": scored - start, "fit": fitted - start, "alpha": model.alpha_, "delta": model.delta_}


JOBS = {
    job.__name__: job for job in (floor, query, pandas_script, prepare_pages, pages, mails, prepare_histories, bgbb)
}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](*sys.argv[2:])))
