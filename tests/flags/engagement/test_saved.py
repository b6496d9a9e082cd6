"""A saved model says what it said before; a damaged one is refused in words, whatever the damage."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hygiene.errors import ModelError
from hygiene.flags.engagement.features import AHEAD, NAMES
from hygiene.flags.engagement.histories import histories
from hygiene.flags.engagement.model import EngagementModel
from hygiene.flags.engagement.saved import LARGEST, MODEL_FILE, RETRAIN, SCHEMA, read_model, to_record
from tests.flags.engagement.makers import make_sends, simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AS_OF = 300.0
SOURCES = {1: "event", 2: "inbound", 3: "purchased"}


@cache
def world():
    return simulated(2_000, seed=11, span=AS_OF)


@cache
def learned() -> EngagementModel:
    model = EngagementModel().fit(world(), AS_OF)
    assert model.stack_ is not None
    assert sorted(model.sources_.by_source) == sorted(model.signals_.by_source) == [1, 2, 3]
    return model


@cache
def alone() -> EngagementModel:
    model = EngagementModel().fit(simulated(900, seed=12, span=AS_OF, reply=30.0), AS_OF)
    assert model.stack_ is None
    assert len(model.sources_.by_source) == 3
    return model


@cache
def of_nobody() -> EngagementModel:
    return EngagementModel().fit(make_sends([], 0), AS_OF)


def save(folder: Path, record: Any, name: str = MODEL_FILE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(record), encoding="utf-8")
    return folder


def saved(folder: Path, model: EngagementModel, names: dict[int, str] = SOURCES) -> Path:
    return save(folder, to_record(model, names, "0f" * 16))


def same(one, two) -> None:
    for left, right in zip(one, two, strict=True):
        assert left.tolist() == right.tolist()


# --- the same as before -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model_of", [learned, alone, of_nobody])
def test_a_saved_model_predicts_to_the_last_digit_what_it_did(
    tmp_path: Path, model_of: Callable[[], EngagementModel]
) -> None:
    model, again = model_of(), read_model(saved(tmp_path, model_of()), SOURCES)
    same(model.predict(world(), AS_OF), again.predict(world(), AS_OF))
    now = histories(world(), AS_OF, model.delay_)
    assert model.hazards(world(), now, AS_OF).tolist() == again.hazards(world(), now, AS_OF).tolist()
    for name in ("delay_", "contacts_", "replies_"):
        assert getattr(again, name) == getattr(model, name)
    assert (model.is_given_, again.is_given_) == (False, True)
    if model.stack_ and again.stack_:
        assert again.stack_._asdict().keys() == model.stack_._asdict().keys()
        for one, two in zip(model.stack_, again.stack_, strict=True):
            assert np.array_equal(one, two)
    else:
        assert again.stack_ is model.stack_ is None


def test_a_model_saved_again_is_the_same_record(tmp_path: Path) -> None:
    again = read_model(saved(tmp_path, learned()), SOURCES)
    assert to_record(again, SOURCES, "0f" * 16) == to_record(learned(), SOURCES, "0f" * 16)


def test_the_file_itself_may_be_named_too(tmp_path: Path) -> None:
    model = read_model(saved(tmp_path, alone()) / MODEL_FILE, SOURCES)
    assert model.contacts_ == alone().contacts_


@pytest.mark.parametrize("model_of", [learned, alone])
def test_list_sources_are_known_by_their_names_whatever_their_numbers(
    tmp_path: Path, model_of: Callable[[], EngagementModel]
) -> None:
    """Another source of data has other list sources, so that the same name has another number there."""
    numbers = {1: 7, 2: 1, 3: 40}
    there = world()._replace(source=np.array([numbers[number] for number in world().source.tolist()]))
    names = {7: "event", 1: "inbound", 40: "purchased", 2: "bought elsewhere"}
    again = read_model(saved(tmp_path, model_of()), names)
    same(again.predict(there, AS_OF), model_of().predict(world(), AS_OF))
    assert sorted(again.sources_.by_source) == [1, 7, 40]


def test_a_list_source_that_was_not_learned_from_gets_the_pooled_model(tmp_path: Path) -> None:
    folder, model = saved(tmp_path, alone()), alone()
    stranger = world()._replace(source=np.full(len(world().keys), 5))
    again = read_model(folder, {5: "bought elsewhere"})
    assert again.sources_.by_source == {}
    pooled = EngagementModel().fit(world(), AS_OF)
    pooled.sources_, pooled.stack_, pooled.delay_ = type(model.sources_)(model.sources_.pooled), None, model.delay_
    same(again.predict(stranger, AS_OF), pooled.predict(stranger, AS_OF))
    same(again.predict(stranger, AS_OF), read_model(folder, {}).predict(stranger, AS_OF))
    known = read_model(folder, {5: "purchased"}).predict(stranger, AS_OF)
    assert (known.p_reply != again.predict(stranger, AS_OF).p_reply).all()


def test_contacts_without_a_list_source_keep_the_model_of_those_without_one(tmp_path: Path) -> None:
    """Number 0 has no name: it says “not told” in every source of data."""
    sends = simulated(900, seed=12, span=AS_OF, reply=30.0)
    sends = sends._replace(source=sends.source - 1)
    model = EngagementModel().fit(sends, AS_OF)
    assert sorted(model.sources_.by_source) == [0, 1, 2]
    folder = saved(tmp_path, model, {1: "event", 2: "inbound"})
    again = read_model(folder, {1: "inbound", 9: "event"})
    assert sorted(again.sources_.by_source) == [0, 1, 9]
    for number, there in ((0, 0), (1, 9), (2, 1)):
        one, two = model.sources_.by_source[number], again.sources_.by_source[there]
        assert one.coordinates_.tolist() == two.coordinates_.tolist()
    assert sorted(read_model(folder, {}).sources_.by_source) == [0]


def test_without_such_contacts_those_not_told_get_the_pooled_model(tmp_path: Path) -> None:
    assert 0 not in read_model(saved(tmp_path, alone()), SOURCES).sources_.by_source


@pytest.mark.parametrize("name", ["", "Liste « été » \u2028 \U0001f600", "\ud800", "pooled", "__class__", '"},{'])
def test_a_list_source_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = saved(tmp_path, alone(), {**SOURCES, 1: name})
    assert sorted(read_model(folder, {4: name}).sources_.by_source) == [4]


# --- what is refused --------------------------------------------------------------------------------------------------
def refusal(folder: Path, path: Path | None = None) -> str:
    """Return what is said of a model that cannot be used, without the place and the remedy, which must be there."""
    with pytest.raises(ModelError) as error:
        read_model(folder, SOURCES)
    said = str(error.value)
    found = re.fullmatch(rf"The model {re.escape(str(path or folder / MODEL_FILE))} (.+)\. {re.escape(RETRAIN)}", said)
    assert found, said
    assert said.isprintable()
    assert len(said) < 400
    return found[1]


def test_a_folder_without_a_model_and_no_folder_at_all(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "cannot be read: No such file or directory"
    nowhere = tmp_path / "nowhere"
    assert refusal(nowhere, nowhere) == "cannot be read: No such file or directory"
    too_long = tmp_path / ("x" * 300)
    with pytest.raises(ModelError, match=r"cannot be read: File name too long\. Train it again"):
        read_model(too_long, SOURCES)


def test_a_folder_in_the_files_place(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).mkdir()
    assert refusal(tmp_path) == "is no file"


@pytest.fixture
def nobody_s() -> Iterator[Path]:
    """A folder of somebody who is not root, whom the rights of files do not hold."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    folder = Path(tempfile.mkdtemp())
    yield folder
    os.seteuid(was)
    for locked in (folder, *folder.iterdir()):
        locked.chmod(0o700)
    shutil.rmtree(folder)


def test_a_model_without_rights(nobody_s: Path) -> None:
    (saved(nobody_s / "file", alone()) / MODEL_FILE).chmod(0)
    assert refusal(nobody_s / "file") == "cannot be read: Permission denied"
    saved(nobody_s / "folder", alone()).chmod(0)
    assert refusal(nobody_s / "folder") == "cannot be read: Permission denied"
    deeper = nobody_s / "folder" / "deeper"
    assert refusal(deeper, deeper) == "cannot be read: Permission denied"


NO_JSON = "is damaged: it is no JSON object"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"hello",
        b"{",
        b'{"schema": ',
        b"[]",
        b'[["schema", 1]]',
        b"null",
        b"3",
        b'"' + SCHEMA.encode() + b'"',
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf{}",
        b"[" * 200_000,
        b'{"schema": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"delay_days": 1' + b"0" * 5_000 + b"}",
    ],
    ids=lambda content: repr(content[:12]) + str(len(content)),
)
def test_what_is_no_json_object(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MODEL_FILE).write_bytes(content)
    assert refusal(tmp_path) == NO_JSON


def test_a_model_cut_short_anywhere(tmp_path: Path) -> None:
    whole = json.dumps(to_record(alone(), SOURCES, "")).encode()
    for end in range(0, len(whole), 97):
        (tmp_path / MODEL_FILE).write_bytes(whole[:end])
        assert refusal(tmp_path) == NO_JSON


def test_a_file_that_is_far_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / MODEL_FILE).open("wb") as file:
        file.write(b"{}")
        file.truncate(LARGEST + 10_000_000)
    assert refusal(tmp_path) == "is no engagement model: it is too large"


def test_a_file_without_an_end_is_not_read_to_it(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).symlink_to("/dev/zero")
    assert refusal(tmp_path) == "is no file"


def changed(record: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    """Return a deep copy with one part replaced, its checksum as it was."""
    copy = json.loads(json.dumps(record))
    part = copy
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = to
    return copy


def signed(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the checksum that its content should have: as a clever editor would leave it."""
    content = {name: part for name, part in record.items() if name != "checksum"}
    text = json.dumps(content, sort_keys=True)
    return {**content, "checksum": hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}


def test_the_editor_of_these_tests_signs_as_training_does() -> None:
    assert signed(record_of()) == record_of()


@cache
def _record() -> str:
    return json.dumps(to_record(learned(), SOURCES, "0f" * 16))


def record_of() -> dict[str, Any]:
    return json.loads(_record())  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("hygiene/engagement/0", ": it is hygiene/engagement/0"),
        ("hygiene/engagement-prior/1", ": it is hygiene/engagement-prior/1"),
        (None, ""),
        (1, ""),
        ("", ""),
        ("\x1b[2J", ""),
        ("\ud800", ""),
        ("x" * 1_000_000, ""),
        (SCHEMA + "\n", ""),
        ([SCHEMA], ""),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_another_version_is_named_only_where_it_looks_like_one(tmp_path: Path, schema: Any, said: str) -> None:
    save(tmp_path, signed({**record_of(), "schema": schema}))
    assert refusal(tmp_path) == f"is of another version than {SCHEMA}{said}"


def test_a_record_without_a_version_is_of_another(tmp_path: Path) -> None:
    save(tmp_path, {})
    assert refusal(tmp_path) == f"is of another version than {SCHEMA}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("features", list(NAMES)[:-1]),
        ("features", [*NAMES, "mood"]),
        ("features", list(NAMES)[::-1]),
        ("features", None),
        ("features", 3),
        ("ahead", AHEAD + 1),
        ("ahead", "3"),
    ],
)
def test_a_model_that_looks_at_something_else(tmp_path: Path, name: str, value: Any) -> None:
    save(tmp_path, signed({**record_of(), name: value}))
    assert refusal(tmp_path) == "looks at other features than this version of hygiene"


CHANGED = "was changed after it was trained: its checksum is wrong"


def test_any_digit_that_was_changed_is_seen(tmp_path: Path) -> None:
    text = json.dumps(to_record(alone(), SOURCES, "0f" * 16))
    start = text.index('"data_hash"')
    digits = [at for at, letter in enumerate(text) if letter.isdigit() and at > start]
    seen = set()
    for at in digits[::29]:
        other = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
        if json_or_none(other) in (None, json.loads(text)):  # 01 is no JSON; the 17th digit may say nothing
            continue
        (tmp_path / MODEL_FILE).write_text(other)
        seen.add(refusal(tmp_path))
    assert seen == {CHANGED}


def json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


@pytest.mark.parametrize("checksum", [None, "", 0, "0" * 32, ["x"], {"a": 1}, float("nan")])
def test_a_checksum_that_is_none(tmp_path: Path, checksum: Any) -> None:
    save(tmp_path, {**record_of(), "checksum": checksum})
    assert refusal(tmp_path) == CHANGED


def test_a_record_without_a_checksum(tmp_path: Path) -> None:
    record = record_of()
    del record["checksum"]
    save(tmp_path, record)
    assert refusal(tmp_path) == CHANGED
