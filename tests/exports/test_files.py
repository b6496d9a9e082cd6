"""Single files beside those of others: whole or not at all, and never over a file of the user's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import OutputError
from hygiene.exports.files import write_files

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "ours"
OLD = {"a.md": "ours, 1", "b.json": "ours, 1"}
NEW = {"a.md": "ours, 2", "b.json": "ours, 2"}


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_files_are_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "er"
    write_files(out, OLD, MARK)
    assert contents(out) == OLD
    write_files(out, NEW, MARK)
    assert contents(out) == NEW


def test_line_ends_and_letters_are_the_same_everywhere(tmp_path: Path) -> None:
    write_files(tmp_path, {"a": "é ours\r\nx\n"}, MARK)
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9 ours\r\nx\n"


@pytest.mark.parametrize("name", list(OLD))
def test_a_file_of_the_user_is_named_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, OLD, MARK)
    (tmp_path / name).write_bytes(b"\xffmine\x00")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(OutputError) as error:
        write_files(tmp_path, NEW, MARK)
    assert str(error.value) == (
        f"{tmp_path} holds {name}, which hygiene did not write. Name another folder with -o, or move that file."
    )
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_empty_file_of_that_name_is_the_users_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    with pytest.raises(OutputError, match=r"holds a\.md"):
        write_files(tmp_path, OLD, MARK)
    assert contents(tmp_path) == {"a.md": ""}


def test_files_by_other_names_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_files(tmp_path, OLD, MARK)
    assert contents(tmp_path) == {**OLD, "notes.txt": "mine"}


def test_a_folder_by_the_name_of_a_file_is_named_and_stays(tmp_path: Path) -> None:
    (tmp_path / "b.json").mkdir()
    (tmp_path / "b.json" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written: Is a directory"):
        write_files(tmp_path, OLD, MARK)
    assert contents(tmp_path) == {"b.json/notes.txt": "mine"}


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    """Whoever links `a.md` to a file elsewhere keeps that file: the link is replaced, if it leads to one of ours."""
    elsewhere, out = tmp_path / "elsewhere.md", tmp_path / "out"
    out.mkdir()
    elsewhere.write_text("mine")
    (out / "a.md").symlink_to(elsewhere)
    with pytest.raises(OutputError, match=r"holds a\.md"):
        write_files(out, OLD, MARK)
    elsewhere.write_text("ours, elsewhere")
    write_files(out, OLD, MARK)
    assert elsewhere.read_text() == "ours, elsewhere"
    assert not (out / "a.md").is_symlink()
    assert contents(out) == OLD


def test_a_link_to_nowhere_is_the_users(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match=r"holds a\.md"):
        write_files(tmp_path, OLD, MARK)
    assert (tmp_path / "a.md").is_symlink()


def test_a_file_in_the_folders_place_and_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out, reason in ((tmp_path / "file", "File exists"), (tmp_path / "file" / "out", "Not a directory")):
        with pytest.raises(OutputError) as error:
            write_files(out, OLD, MARK)
        assert str(error.value) == (
            f"The folder {out} cannot be written: {reason}. Name another with -o, or mend its rights."
        )
    assert contents(tmp_path) == {"file": "mine"}


@pytest.fixture
def nobody_s() -> Iterator[Path]:
    """A folder of somebody who is not root, whom the rights of files do not hold."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    folder = Path(tempfile.mkdtemp())
    yield folder
    os.seteuid(was)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_folder_without_rights_is_named(nobody_s: Path) -> None:
    write_files(nobody_s, OLD, MARK)
    nobody_s.chmod(0o500)
    with pytest.raises(OutputError, match=r"cannot be written: Permission denied\. Name another with -o, or mend"):
        write_files(nobody_s, NEW, MARK)
    assert contents(nobody_s) == OLD


def test_a_file_that_cannot_be_read_is_not_written_over(nobody_s: Path) -> None:
    write_files(nobody_s, OLD, MARK)
    (nobody_s / "b.json").chmod(0)
    with pytest.raises(OutputError, match="cannot be written: Permission denied"):
        write_files(nobody_s, NEW, MARK)
    (nobody_s / "b.json").chmod(0o600)
    assert contents(nobody_s) == OLD


# --- what fails half way ----------------------------------------------------------------------------------------------
def fill_the_disk_at(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text

    def full(self: Path, text: str, **options: str) -> int:
        if name in self.name:
            write(self, text[:3])
            raise OSError(28, "No space left on device")
        return write(self, text, **options)

    monkeypatch.setattr(Path, "write_text", full)


@pytest.mark.parametrize("name", list(OLD))
def test_a_full_disk_leaves_each_file_whole_and_no_partial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_files(tmp_path, OLD, MARK)
    fill_the_disk_at(name, monkeypatch)
    with pytest.raises(OutputError, match=r"cannot be written: No space left on device\. Name another with -o"):
        write_files(tmp_path, NEW, MARK)
    found = contents(tmp_path)
    assert found.keys() == OLD.keys()
    assert found[name] == OLD[name]
    assert all(found[each] in (OLD[each], NEW[each]) for each in OLD)


def test_a_full_disk_leaves_the_old_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, OLD, MARK)
    fill_the_disk_at("b.json", monkeypatch)
    with pytest.raises(OutputError):
        write_files(tmp_path, NEW, MARK)
    assert contents(tmp_path) == OLD


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ZeroDivisionError, UnicodeEncodeError])
def test_an_interruption_leaves_the_old_ones_and_no_partial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    write_files(tmp_path, OLD, MARK)
    write = Path.write_text

    def interrupted(self: Path, text: str, **options: str) -> int:
        write(self, text[:3])
        raise kind(*(("utf-8", "x", 0, 1, "y") if kind is UnicodeEncodeError else ()))

    monkeypatch.setattr(Path, "write_text", interrupted)
    with pytest.raises(kind):
        write_files(tmp_path, NEW, MARK)
    monkeypatch.undo()
    assert contents(tmp_path) == OLD


KILLED = """
import os, pathlib
from hygiene.exports.files import write_files
{patch}
write_files(pathlib.Path({out!r}), {texts!r}, "ours")
"""
HALF_WRITTEN = """
write = pathlib.Path.write_text
def half(self, text, **options):
    write(self, text[:3])
    os.kill(os.getpid(), 9)
pathlib.Path.write_text = half
"""
BETWEEN = """
replace = pathlib.Path.replace
def once(self, target):
    replace(self, target)
    os.kill(os.getpid(), 9)
pathlib.Path.replace = once
"""


def killed(out: Path, patch: str) -> None:
    script = KILLED.format(patch=textwrap.dedent(patch), out=str(out), texts=NEW)
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9


def shown(folder: Path) -> dict[str, str]:
    return {name: text for name, text in contents(folder).items() if not name.startswith(".")}


def test_a_killed_write_leaves_the_old_ones_and_the_next_one_works(tmp_path: Path) -> None:
    write_files(tmp_path, OLD, MARK)
    killed(tmp_path, HALF_WRITTEN)
    assert shown(tmp_path) == OLD
    write_files(tmp_path, NEW, MARK)
    assert shown(tmp_path) == NEW


def test_the_rest_of_a_killed_write_is_swept_by_the_next(tmp_path: Path) -> None:
    killed(tmp_path, HALF_WRITTEN)
    assert contents(tmp_path) != {}
    write_files(tmp_path, NEW, MARK)
    assert contents(tmp_path) == NEW


def test_killed_between_two_files_each_is_whole(tmp_path: Path) -> None:
    write_files(tmp_path, OLD, MARK)
    killed(tmp_path, BETWEEN)
    found = shown(tmp_path)
    assert all(found[name] in (OLD[name], NEW[name]) for name in OLD)
    assert found["b.json"] == OLD["b.json"]  # the last vouches for the others
    write_files(tmp_path, NEW, MARK)
    assert contents(tmp_path) == NEW
