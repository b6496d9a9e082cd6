"""How well machines' opens and clicks are found where the truth is known: python -m benchmarks.machines WORLDS.

Each of them is a folder that `python -m benchmarks.worlds NAME WORLD` wrote; `--minutes` reads its times by
the minute alone. Prints a Markdown table, as in docs/machines.md.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import duckdb

HEAD = "| world | signal | by people | by machines | precision | recall | people kept | precision by sign |\n|---" + (
    "|---:" * 6 + "|---|"
)

# An event is known again by its contact, kind and moment; where two share them, the machines' come first in both.
MATCHED = """
WITH known AS (
    SELECT e.contact_id, e.type, {at} AS moment, m.is_machine_true AS is_machine,
        row_number() OVER (PARTITION BY e.contact_id, e.type, {at} ORDER BY m.is_machine_true) AS place
    FROM read_parquet('{world}/source/events.parquet') AS e
    JOIN read_parquet('{world}/machine_truth.parquet') AS m USING (event_id)
    WHERE e.type IN ('open', 'click')
),
found AS (
    SELECT c.contact_id, s.type, s."at" AS moment, s.sign,
        row_number() OVER (PARTITION BY c.contact_id, s.type, s."at" ORDER BY s.sign IS NOT NULL) AS place
    FROM signals AS s JOIN contacts AS c USING (contact_key)
)
SELECT type, sign, is_machine, count(*) FROM known JOIN found USING (contact_id, type, moment, place)
GROUP BY ALL ORDER BY ALL
"""


def measure(world: Path, *, by_minute: bool) -> list[str]:
    """Return a row of the table for opens and one for clicks."""
    from hygiene.engine import open_engine
    from hygiene.facts import read_facts
    from hygiene.settings import Settings
    from hygiene.sources import load

    with tempfile.TemporaryDirectory() as folder:
        source, at = world / "source", 'e."at"'
        if by_minute:
            source, at = _by_minute(world, Path(folder)), "date_trunc('minute', e.\"at\")"
        settings = Settings(cache_dir=Path(folder) / "cache")
        tables = load(source, settings)
        with open_engine() as engine:
            engine.attach(tables)
            read_facts(engine, tables.report, settings)
            counts = engine.rows(MATCHED.format(world=world, at=at))
    name = world.name + (", by the minute" if by_minute else "")
    return [_row(name, kind, [row[1:] for row in counts if row[0] == kind]) for kind in ("open", "click")]


def _row(name: str, kind: str, counts: list[tuple[str | None, bool, int]]) -> str:
    cells = {(sign, truth): count for sign, truth, count in counts}
    signs = sorted({sign for sign, _ in cells if sign})
    hits = sum(cells.get((sign, True), 0) for sign in signs)
    false = sum(cells.get((sign, False), 0) for sign in signs)
    machines, people = hits + cells.get((None, True), 0), false + cells.get((None, False), 0)
    by_sign = ", ".join(
        f"{sign} {_share(cells.get((sign, True), 0), cells.get((sign, True), 0) + cells.get((sign, False), 0))}"
        for sign in signs
    )
    figures = (_share(hits, hits + false), _share(hits, machines), _share(people - false, people))
    return f"| {name} | {kind} | {people:,} | {machines:,} | {' | '.join(figures)} | {by_sign} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _by_minute(world: Path, folder: Path) -> Path:
    source = folder / "source"
    source.mkdir()
    with duckdb.connect() as con:
        for file in sorted((world / "source").glob("*.parquet")):
            whole = '* REPLACE (date_trunc(\'minute\', "at") AS "at")' if file.stem == "events" else "*"
            con.execute(f"COPY (SELECT {whole} FROM '{file}') TO '{source / file.name}' (FORMAT parquet)")
    return source


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.machines")
    parser.add_argument("worlds", nargs="+", type=Path)
    parser.add_argument("--minutes", action="store_true", help="as if the export kept whole minutes")
    options = parser.parse_args()
    print(HEAD)
    for world in options.worlds:
        print("\n".join(measure(world, by_minute=options.minutes)))


if __name__ == "__main__":
    main()
