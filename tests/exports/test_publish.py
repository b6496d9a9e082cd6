from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import OutputError
from hygiene.exports.publish import OWN_FILES, STAGING, publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_run(out: Path, **files: str) -> None:
    names = {name.replace("__", "/").replace("_html", ".html"): text for name, text in files.items()}
    with publish(out, out.parent) as folder:
        for name, text in names.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)


def contents(out: Path) -> dict[str, str]:
    files = (path for path in out.rglob("*") if path.is_file() and path.name != OWN_FILES)
    return {str(path.relative_to(out)): path.read_text() for path in files}


def test_a_second_run_replaces_its_files_and_sweeps_the_old_ones(tmp_path: Path) -> None:
    write_run(tmp_path / "out", index_html="1", senders__a_html="a", senders__b_html="b")
    write_run(tmp_path / "out", index_html="2", senders__b_html="b2")
    assert contents(tmp_path / "out") == {"index.html": "2", "senders/b.html": "b2"}


def test_files_that_no_run_wrote_are_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "senders").mkdir(parents=True)
    (out / "senders" / "notes.txt").write_text("mine")
    (tmp_path / "outside.txt").write_text("mine too")
    write_run(out, index_html="1")
    forged = ["../outside.txt", str(tmp_path / "outside.txt"), "senders", 3, "index.html"]
    (out / OWN_FILES).write_text(json.dumps(forged))
    write_run(out, other_html="2")
    assert (out / "senders" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "outside.txt").read_text() == "mine too"
    assert not (out / "index.html").exists()


def write_other(out: Path, name: str) -> None:
    with publish(out, out.parent, record=".other.json") as folder:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("other")


def test_outputs_of_two_kinds_neither_sweep_nor_replace_each_other(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_run(out, index_html="1")
    write_other(out, "other.txt")
    write_run(out, senders__a_html="3")
    with pytest.raises(OutputError, match=r"holds senders/a\.html"):
        write_other(out, "senders/a.html")
    left = {name: text for name, text in contents(out).items() if name != ".other.json"}
    assert left == {"senders/a.html": "3", "other.txt": "other"}


def fail_half_way(out: Path) -> None:
    with publish(out, out.parent) as folder:
        (folder / "index.html").write_text("half")
        raise ZeroDivisionError


def test_a_run_that_fails_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_run(out, index_html="1")
    before = contents(out)
    with pytest.raises(ZeroDivisionError):
        fail_half_way(out)
    assert contents(out) == before


def test_a_killed_run_changes_nothing_and_the_next_one_sweeps_its_rest(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_run(out, index_html="1")
    script = textwrap.dedent(
        f"""
        import os, pathlib
        from hygiene.exports.publish import publish
        with publish(pathlib.Path({str(out)!r}), pathlib.Path({str(tmp_path)!r})) as folder:
            (folder / "index.html").write_text("half")
            os.kill(os.getpid(), 9)
        """
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -9
    assert (out / "index.html").read_text() == "1"
    assert list(out.glob(f"{STAGING}*"))
    write_run(out, index_html="2")
    assert (out / "index.html").read_text() == "2"
    assert not list(out.glob(f"{STAGING}*"))


def test_a_folder_that_cannot_be_made_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as error, publish(tmp_path / "file" / "out", tmp_path):
        pass
    assert str(error.value) == (
        f"The folder {tmp_path / 'file' / 'out'} cannot be written: Not a directory. Name another with -o, or mend its"
        " rights."
    )


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that cannot be written. Root may write everywhere, so for the length of the test it is nobody."""
    folder = tmp_path / "out"
    folder.mkdir(mode=0o500)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(was)


def test_a_folder_without_rights_is_named(locked: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: Permission denied"), publish(locked, locked.parent):
        pass


def test_a_file_of_the_user_is_never_written_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("mine")
    with pytest.raises(OutputError) as error:
        write_run(out, index_html="1", other_html="2")
    assert str(error.value) == (
        f"{out} holds index.html, which no run of hygiene wrote. Name another folder with -o, or move that file."
    )
    assert contents(out) == {"index.html": "mine"}


def test_the_folder_of_the_exports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as error, publish(tmp_path / "x" / "..", tmp_path):
        pass
    assert str(error.value) == (
        f"{tmp_path / 'x' / '..'} holds the exports themselves, and contacts.csv there would be written over. "
        "Name another folder with -o."
    )


def test_a_run_killed_while_its_files_are_moved_leaves_none_that_look_foreign(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = textwrap.dedent(
        f"""
        import os, pathlib
        from hygiene.exports.publish import publish
        moved = pathlib.Path.replace
        def once(self, target):
            moved(self, target)
            if target.name == "a.html":
                os.kill(os.getpid(), 9)
        pathlib.Path.replace = once
        with publish(pathlib.Path({str(out)!r}), pathlib.Path({str(tmp_path)!r})) as folder:
            for name in ("a.html", "b.html"):
                (folder / name).write_text("1")
        """
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    write_run(out, a_html="2", b_html="2")
    assert contents(out) == {"a.html": "2", "b.html": "2"}
