"""What goes wrong with files and keys: each a clear sentence, and nothing is lost."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import EXIT_UNUSABLE, LedgerError
from hygiene.gate.ledger import disk, lines, open_ledger
from hygiene.gate.ledger.disk import locked
from hygiene.gate.ledger.repair import repair
from tests.gate.ledger.stock import DAY, holding, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PEOPLE = ("ann@acme.com", "bob@acme.com", "eve@acme.com")
NOT_ROOT = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(LedgerError) as raised:
        action()
    assert raised.value.exit_code == EXIT_UNUSABLE
    text = str(raised.value)
    assert text.endswith(".")
    return text


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".lock"}


def test_a_lost_key_is_said_and_no_new_one_is_made(tmp_path: Path) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    ledger.key_path.unlink()
    before = contents(tmp_path)
    for create in (False, True):
        said = refusal(lambda: open_ledger(ledger.path, ledger.key_path, create=create))  # noqa: B023
        assert said.startswith(f"The key of the ledger {ledger.path} is lost: {ledger.key_path} does not exist.")
    refusal(lambda: ledger.add([ledger.entry("new@acme.com", "opt_out")]))
    assert contents(tmp_path) == before


def test_a_wrong_key_is_said_at_once_and_nothing_changes(tmp_path: Path) -> None:
    ledger, other = holding(tmp_path, *PEOPLE), opened(tmp_path, "other")
    before = contents(tmp_path)
    for create in (False, True):
        said = refusal(lambda: open_ledger(ledger.path, other.key_path, create=create))  # noqa: B023
        assert said.startswith(f"{other.key_path} is not the key of the ledger {ledger.path}")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"\n", b"0" * 63, b"g" * 64, b"0" * 64 + b"x", bytes(range(200, 232))])
def test_a_file_that_holds_no_key_is_said_and_kept(tmp_path: Path, content: bytes) -> None:
    key = tmp_path / "ledger.key"
    key.write_bytes(content)
    said = refusal(lambda: open_ledger(tmp_path / "ledger.jsonl", key, create=True))
    assert said.startswith(f"{key} holds no ledger key")
    assert contents(tmp_path) == {"ledger.key": content}


@pytest.mark.parametrize("place", range(0, 800, 7))
def test_a_changed_byte_anywhere_in_a_line_is_damage_and_named(tmp_path: Path, place: int) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    content = bytearray(ledger.path.read_bytes())
    start = content.index(b"\n") + 1
    at = start + place % (len(content) - start)
    if content[at] == ord("\n"):
        at -= 1
    content[at] ^= 1
    ledger.path.write_bytes(content)
    number = content[:at].count(b"\n") + 1
    reader = open_ledger(ledger.path, ledger.key_path)
    for action in (
        lambda: reader.find(["stranger@acme.com"], DAY),
        lambda: list(reader.entries()),
        lambda: reader.add([reader.entry("new@acme.com", "opt_out")]),
    ):
        assert refusal(action).startswith(f"{ledger.path}, line {number} is damaged: the checksum does not fit.")
    assert ledger.path.read_bytes() == content


def test_many_damaged_lines_are_counted_and_five_named(tmp_path: Path) -> None:
    ledger = holding(tmp_path, *(f"p{n}@acme.com" for n in range(9)))
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b'"source":"HubSpot"', b'"source":"Hubspot"'))
    said = refusal(lambda: list(open_ledger(ledger.path, ledger.key_path).entries()))
    assert f"{ledger.path}, lines 2, 3, 4, 5, 6 and 4 more are damaged" in said


def test_a_line_of_a_ledger_with_another_key_is_damage(tmp_path: Path) -> None:
    ledger, other = holding(tmp_path, *PEOPLE), opened(tmp_path, "other")
    other.add([other.entry("ann@acme.com", "opt_out")])
    with ledger.path.open("ab") as file:
        file.write(other.path.read_bytes().splitlines(keepends=True)[1])
    assert "line 5 is damaged" in refusal(lambda: ledger.add([ledger.entry("x@acme.com", "opt_out")]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"email\nann@acme.com\n", "is no ledger of hygiene"),
        (b"\n\n\n", "is no ledger of hygiene"),
        (b"\x00" * 100 + b"\n", "is no ledger of hygiene"),
        (b"[]\n", "is no ledger of hygiene"),
        (lines.header("0" * 32).replace(b"0", b"1", 1), "line 1 is damaged"),
    ],
)
def test_another_file_is_never_added_to(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(content)
    assert said in refusal(lambda: open_ledger(path, tmp_path / "ledger.key", create=True))
    assert contents(tmp_path) == {"ledger.jsonl": content}


def test_a_newer_ledger_asks_for_a_newer_hygiene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr(lines, "FORMAT", "hygiene-ledger/2")
        ledger = opened(tmp_path)
    assert "Update hygiene" in refusal(lambda: open_ledger(ledger.path, ledger.key_path))


def test_an_unknown_kind_of_line_is_no_silent_hole(tmp_path: Path) -> None:
    ledger = holding(tmp_path, "ann@acme.com")
    assert ledger.hasher is not None
    odd = ledger.entry("eve@acme.com", "opt_out")._replace(reason="curse")  # type: ignore[arg-type]
    with ledger.path.open("ab") as file:
        file.write(lines.encode(odd, datetime(2026, 1, 1), lines.seed_of(ledger.hasher.key_id)))
    again = open_ledger(ledger.path, ledger.key_path)
    assert "Update hygiene" in refusal(lambda: again.find(["eve@acme.com"], DAY))


@pytest.mark.parametrize("cut", [1, 5, 150, 300])
def test_a_torn_last_line_is_passed_over_and_then_set_aside(tmp_path: Path, cut: int) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    whole = ledger.path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    torn = last[:-cut] if cut < len(last) else last[:1]
    ledger.path.write_bytes(whole + torn)
    reader = open_ledger(ledger.path, ledger.key_path)
    assert set(reader.find(PEOPLE, DAY)) == {0, 1, 2}
    assert ledger.path.read_bytes() == whole + torn
    reader.add([reader.entry("new@acme.com", "opt_out")])
    assert set(reader.find([*PEOPLE, "new@acme.com"], DAY)) == {0, 1, 2, 3}
    assert ledger.path.read_bytes().startswith(whole)
    assert (tmp_path / "ledger.jsonl.torn").read_bytes() == torn + b"\n"


def test_a_torn_header_is_no_ledger_yet(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.path.write_bytes(ledger.path.read_bytes()[:20])
    again = open_ledger(ledger.path, ledger.key_path)
    assert not again.is_there
    again.add([again.entry("ann@acme.com", "opt_out")])
    assert set(open_ledger(ledger.path, ledger.key_path).find(PEOPLE, DAY)) == {0}


@pytest.mark.parametrize("left", [None, b""])
def test_a_lost_ledger_is_no_empty_one(tmp_path: Path, left: bytes | None) -> None:
    ledger = opened(tmp_path)
    ledger.path.unlink()
    if left is not None:
        ledger.path.write_bytes(left)
    for create in (False, True):
        said = refusal(partial(open_ledger, ledger.path, ledger.key_path, create=create))
        assert said.startswith(f"The ledger {ledger.path} is lost: its key")
    elsewhere = ledger.key_path.rename(tmp_path / "team.key")
    assert not open_ledger(ledger.path, elsewhere).is_there
    assert open_ledger(ledger.path, elsewhere, create=True).is_there


@NOT_ROOT
def test_a_file_that_may_only_be_read_is_read_and_not_written(tmp_path: Path) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    ledger.path.chmod(0o400)
    assert set(open_ledger(ledger.path, ledger.key_path).find(PEOPLE, DAY)) == {0, 1, 2}
    said = refusal(lambda: ledger.add([ledger.entry("new@acme.com", "opt_out")]))
    assert said.startswith(f"The ledger {ledger.path} cannot be written: Permission denied.")


def refused_by_the_system(name: str, number: int) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_file_that_may_not_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, for those who run the tests as root."""
    ledger = holding(tmp_path, *PEOPLE)
    before = ledger.path.read_bytes()
    monkeypatch.setattr(disk.os, "write", refused_by_the_system("write", errno.EROFS))
    said = refusal(lambda: ledger.add([ledger.entry("new@acme.com", "opt_out")]))
    assert said.startswith(f"The ledger {ledger.path} cannot be written: Read-only file system.")
    assert ledger.path.read_bytes() == before


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    before = ledger.path.read_bytes()
    write = os.write
    sizes = iter((10, None))

    def some(descriptor: int, content: bytes) -> int:
        size = next(sizes)
        if size is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, bytes(content)[:size])

    monkeypatch.setattr(disk.os, "write", some)
    said = refusal(lambda: ledger.add([ledger.entry("new@acme.com", "opt_out")]))
    assert "No space left on device" in said
    assert said.endswith("nothing was added.")
    assert ledger.path.read_bytes() == before


def test_a_ledger_that_was_put_back_while_it_is_read_is_no_shorter_ledger(tmp_path: Path) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    reader = open_ledger(ledger.path, ledger.key_path)
    content = ledger.path.read_bytes()
    for cut in (content[: content.index(b"\n") + 1], content[:-200]):
        ledger.path.write_bytes(cut)
        assert "was changed while it was read" in refusal(lambda: reader.find(PEOPLE, DAY))


def test_a_file_system_without_locks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    monkeypatch.setattr(disk, "_take", refused_by_the_system("flock", errno.ENOLCK))
    said = refusal(lambda: ledger.add([ledger.entry("new@acme.com", "opt_out")]))
    assert "has no locks" in said
    assert "on a disk of this machine" in said


def test_a_writer_waits_for_another_and_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"

    def hold_twice() -> None:
        with locked(path), locked(path, wait_seconds=0.1):
            pass

    assert refusal(hold_twice).startswith(f"Another run has been writing to {path}")
    with locked(path, wait_seconds=0):
        pass


def test_repair_keeps_whole_lines_and_sets_damaged_ones_aside(tmp_path: Path) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    whole = ledger.path.read_bytes().splitlines(keepends=True)
    damaged = whole[2].replace(b"opt_out", b"opt_ouT")
    ledger.path.write_bytes(b"".join([whole[0], whole[1], damaged, whole[3], b"torn"]))
    ledger.path.chmod(0o640)
    done = repair(ledger.path, ledger.key_path)
    assert (done.kept, done.set_aside, done.into) == (2, 1, tmp_path / "ledger.jsonl.damaged")
    assert done.into.read_bytes() == damaged
    assert (tmp_path / "ledger.jsonl.torn").read_bytes() == b"torn\n"
    assert ledger.path.read_bytes() == b"".join([whole[0], whole[1], whole[3]])
    assert ledger.path.stat().st_mode & 0o777 == 0o640
    assert set(open_ledger(ledger.path, ledger.key_path).find(PEOPLE, DAY)) == {0, 2}


def test_repair_of_a_whole_ledger_changes_nothing(tmp_path: Path) -> None:
    ledger = holding(tmp_path, *PEOPLE)
    before, inode = contents(tmp_path), ledger.path.stat().st_ino
    assert repair(ledger.path, ledger.key_path)[:2] == (3, 0)
    assert contents(tmp_path) == before
    assert ledger.path.stat().st_ino == inode


def test_a_damaged_header_is_written_anew_from_the_right_key_only(tmp_path: Path) -> None:
    ledger, other = holding(tmp_path, *PEOPLE), opened(tmp_path, "other")
    content = ledger.path.read_bytes()
    ledger.path.write_bytes(content.replace(b'"key_id":"', b'"key_id":"!', 1))
    damaged = ledger.path.read_bytes()
    assert "line 1 is damaged" in refusal(lambda: open_ledger(ledger.path, ledger.key_path))
    assert "is not the key of its lines" in refusal(lambda: repair(ledger.path, other.key_path))
    assert "does not exist" in refusal(lambda: repair(ledger.path, tmp_path / "none.key"))
    assert ledger.path.read_bytes() == damaged
    assert repair(ledger.path, ledger.key_path)[:2] == (3, 1)
    assert ledger.path.read_bytes() == content


def test_repair_touches_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(b"email\nann@acme.com\n")
    assert "is no ledger" in refusal(lambda: repair(path, tmp_path / "ledger.key"))
    assert path.read_bytes() == b"email\nann@acme.com\n"
    assert "nothing is to be repaired" in refusal(lambda: repair(tmp_path / "none.jsonl", tmp_path / "ledger.key"))
