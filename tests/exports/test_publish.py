from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import OutputError
from hygiene.exports.publish import STAGING, publish

if TYPE_CHECKING:
    from pathlib import Path


def write_run(out: Path, **files: str) -> None:
    names = {name.replace("__", "/").replace("_html", ".html"): text for name, text in files.items()}
    with publish(out) as folder:
        for name, text in names.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        (folder / "run.json").write_text(json.dumps({"files": [*names, "run.json"]}))


def contents(out: Path) -> dict[str, str]:
    return {str(path.relative_to(out)): path.read_text() for path in out.rglob("*") if path.is_file()}


def test_a_second_run_replaces_its_files_and_sweeps_the_old_ones(tmp_path: Path) -> None:
    write_run(tmp_path / "out", index_html="1", senders__a_html="a", senders__b_html="b")
    write_run(tmp_path / "out", index_html="2", senders__b_html="b2")
    kept = contents(tmp_path / "out")
    kept.pop("run.json")
    assert kept == {"index.html": "2", "senders/b.html": "b2"}


def test_files_that_no_run_wrote_are_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "senders").mkdir(parents=True)
    (out / "senders" / "notes.txt").write_text("mine")
    (tmp_path / "outside.txt").write_text("mine too")
    write_run(out, index_html="1")
    forged = {"files": ["../outside.txt", str(tmp_path / "outside.txt"), "senders", 3, "index.html"]}
    (out / "run.json").write_text(json.dumps(forged))
    write_run(out, other_html="2")
    assert (out / "senders" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "outside.txt").read_text() == "mine too"
    assert not (out / "index.html").exists()


def fail_half_way(out: Path) -> None:
    with publish(out) as folder:
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
        with publish(pathlib.Path({str(out)!r})) as folder:
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
    with pytest.raises(OutputError) as error, publish(tmp_path / "file" / "out"):
        pass
    assert str(error.value) == (
        f"The folder {tmp_path / 'file' / 'out'} cannot be written: Not a directory. Name another with -o, or mend its"
        " rights."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written: Permission denied"), publish(tmp_path / "out"):
        pass
