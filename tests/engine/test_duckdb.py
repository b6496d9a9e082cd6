from __future__ import annotations

import pytest

from hygiene.engine import open_engine
from hygiene.errors import SettingsError
from hygiene.sources.workspace import DEFAULT_LIMIT_MIB, memory_limit


def test_a_kept_result_survives_and_a_defined_one_follows_its_tables() -> None:
    with open_engine() as engine:
        engine.keep("numbers", "SELECT 1 AS n")
        engine.define("doubled", "SELECT 2 * n AS n FROM numbers")
        engine.keep("numbers", "SELECT 5 AS n")
        assert engine.rows("SELECT n FROM doubled") == [(10,)]


def test_batches_let_other_queries_run_between() -> None:
    with open_engine() as engine:
        engine.keep("numbers", "SELECT * FROM range(10) AS numbers(n)")
        sums = [
            (len(batch), engine.rows("SELECT SUM(n) FROM numbers")[0][0])
            for batch in engine.batches("SELECT n FROM numbers", size=4)
        ]
        assert sums == [(4, 45), (4, 45), (2, 45)]


def test_the_default_limit_is_at_most_one_gibibyte() -> None:
    assert memory_limit(300) == 300
    assert 0 < memory_limit(0) <= DEFAULT_LIMIT_MIB


def test_too_little_memory_names_the_setting() -> None:
    with open_engine(16) as engine:
        engine._connection.execute("SET max_temp_directory_size = '1MiB'")  # no room to spill either
        with pytest.raises(SettingsError) as error:
            engine.rows("SELECT n % 1000003 FROM range(20000000) AS numbers(n) ORDER BY 1")
    assert str(error.value) == (
        "The memory limit of 16 MiB is too low for this source. Raise memory_limit_mib in hygiene.toml, or "
        "HYGIENE_MEMORY_LIMIT_MIB."
    )
