"""The cache: written in one step, never twice for the same data, of bounded size."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.errors import OutputError, SourceError
from hygiene.settings import Settings
from hygiene.sources import cache, fingerprint, load
from tests.sources.folder import CONTACTS, ENROLLMENTS, Loaded, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "source", {"contacts.csv": CONTACTS, "enrollments.csv": ENROLLMENTS})


@pytest.fixture
def options(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


def steps(source: Path, settings: Settings) -> tuple[Loaded, list[str]]:
    """Load, and return the steps that were reported."""
    seen: list[str] = []
    return Loaded(load(source, settings, lambda step, _: seen.append(step))), seen


def test_the_same_files_cost_no_second_ingest(source: Path, options: Settings) -> None:
    first, work = steps(source, options)
    second, none = steps(source, options)
    assert work == [
        "Looking for changes",
        "Reading enrollments.csv",
        "Reading contacts.csv",
        "Joining the tables",
        "Writing the cache",
    ]
    assert none == ["Looking for changes"]
    assert second.report == first.report
    assert second.tables.folder == first.tables.folder


def test_equal_files_in_another_folder_are_found_and_named_as_given(
    tmp_path: Path, source: Path, options: Settings
) -> None:
    steps(source, options)
    copy = write(tmp_path / "copy", {path.name: path.read_bytes() for path in source.iterdir()})
    loaded, work = steps(copy, options)
    assert work == ["Looking for changes"]
    assert loaded.report.source == str(copy)


@pytest.mark.parametrize("change", [{"timezone": "Europe/Paris"}, {"date_order": "DMY"}, {"silence_days": 7}])
def test_settings_that_change_the_reading_cost_an_ingest(
    source: Path, options: Settings, change: dict[str, Any]
) -> None:
    first, _ = steps(source, options)
    second, work = steps(source, Settings(cache_dir=options.cache_dir, **change))
    assert len(work) > 1
    assert second.report.data_hash == first.report.data_hash


def test_a_changed_file_is_seen_even_within_one_tick_of_the_clock(source: Path, options: Settings) -> None:
    steps(source, options)
    path = source / "contacts.csv"
    stamp = path.stat()
    path.write_text(CONTACTS.replace("Ann,false", "Eve,false"))  # as long as before
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    loaded, _ = steps(source, options)
    assert loaded.rows("contacts", "first_name") == ["Eve", "Bob"]


def test_an_old_unchanged_file_is_not_read_again(
    source: Path, options: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in source.iterdir():
        os.utime(path, ns=(0, time.time_ns() - 10**10))
    steps(source, options)

    def never(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr(fingerprint, "_hash", never)
    assert steps(source, options)[1] == ["Looking for changes"]


def test_a_damaged_index_is_passed_over(source: Path, options: Settings) -> None:
    steps(source, options)
    (options.cache_dir / fingerprint.INDEX).write_text('{"x": [')
    assert steps(source, options)[1] == ["Looking for changes"]


def test_an_entry_with_a_missing_file_is_made_again(source: Path, options: Settings) -> None:
    first, _ = steps(source, options)
    first.tables.path("contacts").unlink()
    second, work = steps(source, options)
    assert len(work) > 1
    assert second.rows("contacts", "contact_id") == ["c1", "c2"]


KILLED = """
import os, sys
from pathlib import Path
from hygiene.settings import Settings
from hygiene.sources import canonical, load

def die(con, folder):
    (folder / "senders.parquet").write_bytes(b"half")
    os._exit(9)

import hygiene.sources.ingest
hygiene.sources.ingest.write_tables = die
load(sys.argv[1], Settings(cache_dir=Path(sys.argv[2])))
"""


@pytest.mark.parametrize("damage", ["cut off", "zeroed", "emptied", "missing"])
def test_a_damaged_table_is_ingested_again(source: Path, options: Settings, damage: str) -> None:
    first, _ = steps(source, options)
    path = first.tables.path("contacts")
    whole = path.read_bytes()
    match damage:
        case "cut off":
            path.write_bytes(whole[: len(whole) // 2])
        case "zeroed":
            path.write_bytes(bytes(len(whole)))
        case "emptied":
            path.write_bytes(b"")
        case _:
            path.unlink()
    second, work = steps(source, options)
    assert "Writing the cache" in work
    assert path.read_bytes() == whole
    assert second.report == first.report


def test_a_killed_run_leaves_nothing_that_counts_and_is_swept(source: Path, options: Settings) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, source, options.cache_dir], check=False)
    assert run.returncode == 9
    left = [path.name for path in options.cache_dir.iterdir() if path.is_dir()]
    assert [name.startswith("unfinished-") for name in left] == [True]
    loaded, work = steps(source, options)
    assert "Writing the cache" in work
    assert loaded.rows("senders", "sender_id") == ["ann", "bob"]
    assert [path.name for path in options.cache_dir.iterdir() if path.is_dir()] == [loaded.tables.folder.name]


def test_a_killed_run_leaves_the_old_entry(source: Path, options: Settings) -> None:
    first, _ = steps(source, options)
    before = {path.name: path.read_bytes() for path in first.tables.folder.iterdir()}
    (source / "contacts.csv").write_text(CONTACTS + "c3,eve@x.example,Eve,no\n")
    subprocess.run([sys.executable, "-c", KILLED, source, options.cache_dir], check=False)
    assert {path.name: path.read_bytes() for path in first.tables.folder.iterdir()} == before


def test_a_failed_run_leaves_no_folder(source: Path, options: Settings) -> None:
    (source / "contacts.csv").write_text("nothing\nknown\n")
    with pytest.raises(SourceError):
        load(source, options)
    assert [path.name for path in options.cache_dir.iterdir() if path.is_dir()] == []


def test_the_folder_of_a_living_run_is_left_alone(source: Path, options: Settings) -> None:
    cache.prepare(options.cache_dir)
    with cache.new_entry(options.cache_dir, "0" * 32) as folder:
        steps(source, options)
        assert folder.is_dir()
        raised = SourceError("stop")
        with pytest.raises(SourceError), cache.new_entry(options.cache_dir, "1" * 32):
            raise raised


def test_the_faster_of_two_runs_wins_and_both_find_its_entry(source: Path, options: Settings) -> None:
    slow: list[Loaded] = []

    def meanwhile(step: str, _: float | None) -> None:
        if step == "Writing the cache" and not slow:
            slow.append(steps(source, options)[0])

    tables = load(source, options, meanwhile)
    assert tables.folder == slow[0].tables.folder
    assert Loaded(tables).rows("contacts") == slow[0].rows("contacts")
    assert len([path for path in options.cache_dir.iterdir() if path.is_dir()]) == 1


def test_only_the_newest_entries_are_kept_and_nothing_foreign_is_touched(
    source: Path, options: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "KEPT_ENTRIES", 2)
    write(options.cache_dir / "mine", {"report.json": "{}"})
    folders = []
    for days in (7, 8, 9):
        folders.append(load(source, Settings(cache_dir=options.cache_dir, silence_days=days)).folder)
        os.utime(folders[-1], (days, days))
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert (options.cache_dir / "mine" / "report.json").exists()


def test_a_cache_that_cannot_be_written_names_the_setting(tmp_path: Path, source: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as caught:
        load(source, Settings(cache_dir=tmp_path / "file" / "cache"))
    assert str(caught.value) == (
        f"The cache folder {tmp_path / 'file' / 'cache'} cannot be written (Not a directory): "
        "make room or give another folder in HYGIENE_CACHE_DIR."
    )


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, source: Path) -> None:
    one, two = (load(source, Settings(cache_dir=tmp_path / name)).folder for name in ("one", "two"))
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }
