"""A model whose checksum is right and whose content is not: made by somebody who knows how, or by another version."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.errors import ModelError
from hygiene.flags.engagement.features import AHEAD, NAMES
from hygiene.flags.engagement.saved import read_model
from tests.flags.engagement.makers import simulated
from tests.flags.engagement.test_saved import AS_OF, SOURCES, changed, record_of, refusal, save, signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LACKS = "lacks a part, or holds a value that no training leaves"
NAN, INFINITY, HUGE = float("nan"), float("inf"), 10**400
NO_NUMBERS = (NAN, INFINITY, -INFINITY, HUGE, 1e300, "1", "", True, False, None, [], {}, [1.0])
PLACES: tuple[tuple[Any, ...], ...] = (
    ("delay_days",),
    ("learned", "contacts"),
    ("learned", "replies"),
    *((part, "pooled", "coordinates", 2) for part in ("replies", "signals")),
    *((part, "pooled", "covariance", 1, 1) for part in ("replies", "signals")),
    ("replies", "sources", "event", "coordinates", 0),
    ("signals", "sources", "event", "covariance", 0, 0),
    ("hazard", "coef", 5),
    ("hazard", "covariance", 4, 4),
    *(("hazard", name) for name in ("centre", "shift", "slope", "tail")),
)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_what_is_no_number_is_refused_in_every_place(tmp_path: Path, place: tuple[Any, ...]) -> None:
    for value in NO_NUMBERS:
        save(tmp_path, signed(changed(record_of(), *place, to=value)))
        assert refusal(tmp_path) == LACKS, value


def parts(record: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every part that is named."""
    for name, part in record.items():
        yield (*path, name)
        if isinstance(part, dict):
            yield from parts(part, *path, name)


def test_no_part_may_be_missing_or_be_something_else(tmp_path: Path) -> None:
    places = [
        place
        for place in parts(record_of())
        if place[0] not in ("schema", "features", "ahead", "checksum", "data_hash") and place[1:2] != ("sources",)
    ]
    assert len(places) > 15
    for place in places:
        record = record_of()
        part = record
        for name in place[:-1]:
            part = part[name]
        del part[place[-1]]
        save(tmp_path, signed(record))
        assert refusal(tmp_path) == LACKS, place
        for other in ([], "", "x", False, [1, 2], [[]], {}, {"a": 1}):
            save(tmp_path, signed(changed(record_of(), *place, to=other)))
            assert refusal(tmp_path) == LACKS, (place, other)


@pytest.mark.parametrize("shape", [(3,), (5,), (4, 1), (1, 4), ()])
def test_coordinates_of_another_shape(tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = np.ones(shape).tolist()
    save(tmp_path, signed(changed(record_of(), "replies", "pooled", "coordinates", to=values)))
    assert refusal(tmp_path) == LACKS


@pytest.mark.parametrize("values", [np.eye(3).tolist(), np.eye(5).tolist(), [[1.0], [1.0, 2.0], [], []], [1.0] * 16])
def test_covariances_of_another_shape(tmp_path: Path, values: Any) -> None:
    save(tmp_path, signed(changed(record_of(), "signals", "pooled", "covariance", to=values)))
    assert refusal(tmp_path) == LACKS


@pytest.mark.parametrize("delay", [-1, -1e-9, 0, 0.99, 14.01, 1e9])
def test_a_delay_that_no_training_leaves(tmp_path: Path, delay: float) -> None:
    save(tmp_path, signed(changed(record_of(), "delay_days", to=delay)))
    assert refusal(tmp_path) == LACKS


@pytest.mark.parametrize("delay", [1, 1.0, 14.0])
def test_a_delay_at_its_limits_is_one(tmp_path: Path, delay: float) -> None:
    save(tmp_path, signed(changed(record_of(), "delay_days", to=delay)))
    assert read_model(tmp_path, SOURCES).delay_ == delay


@pytest.mark.parametrize("place", [("learned", "contacts"), ("learned", "replies"), ("hazard", "tail")])
def test_what_was_counted_is_not_negative(tmp_path: Path, place: tuple[str, ...]) -> None:
    save(tmp_path, signed(changed(record_of(), *place, to=-1)))
    assert refusal(tmp_path) == LACKS


@pytest.mark.parametrize("coordinate", [-12.1, 12.1, 800.0])
def test_coordinates_beyond_their_bound_would_give_no_chance(tmp_path: Path, coordinate: float) -> None:
    """At 800 e^800 is infinite, and every chance is not a number."""
    for name in ("replies", "signals"):
        save(tmp_path, signed(changed(record_of(), name, "pooled", "coordinates", 1, to=coordinate)))
        assert refusal(tmp_path) == LACKS


MATRICES = ("not symmetric", "a negative variance", "correlated by more than 1")


@pytest.mark.parametrize("part", [("replies", "pooled"), ("replies", "sources", "event"), ("hazard",)], ids=str)
@pytest.mark.parametrize("kind", MATRICES)
def test_a_matrix_that_is_none_of_covariances(tmp_path: Path, part: tuple[str, ...], kind: str) -> None:
    size = AHEAD + len(NAMES) if part == ("hazard",) else 4
    matrix = np.eye(size)
    save(tmp_path, signed(changed(record_of(), *part, "covariance", to=matrix.tolist())))
    read_model(tmp_path, SOURCES)
    if kind == "not symmetric":
        matrix[0, 1] = 0.5
    elif kind == "a negative variance":
        matrix[2, 2] = -1.0
    else:
        matrix[0, 1] = matrix[1, 0] = 1.01
    save(tmp_path, signed(changed(record_of(), *part, "covariance", to=matrix.tolist())))
    assert refusal(tmp_path) == LACKS


def test_what_rounding_leaves_is_no_damage(tmp_path: Path) -> None:
    record = record_of()
    part = record["replies"]["pooled"]["covariance"]
    part[0][1] *= 1 + 1e-12
    save(tmp_path, signed(record))
    read_model(tmp_path, SOURCES)


def test_a_list_source_that_is_damaged_is_refused_even_where_nobody_comes_from_it(tmp_path: Path) -> None:
    save(tmp_path, signed(changed(record_of(), "replies", "sources", "event", to={})))
    for names in (SOURCES, {}):
        with pytest.raises(ModelError, match=LACKS):
            read_model(tmp_path, names)


simple = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    simple, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_one_part_becomes_the_model_is_refused_or_sound(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    places = [place for place in (*parts(record_of()), *PLACES) if place[0] not in ("schema", "checksum")]
    place = data.draw(st.sampled_from(places))
    folder = save(tmp_path_factory.mktemp("model"), signed(changed(record_of(), *place, to=data.draw(anything))))
    try:
        model = read_model(folder, SOURCES)
    except ModelError:
        return
    few = few_contacts()
    for chances in model.predict(few, AS_OF):
        assert ((chances >= 0) & (chances <= 1)).all()


@cache
def few_contacts():
    return simulated(60, seed=3, span=AS_OF)
