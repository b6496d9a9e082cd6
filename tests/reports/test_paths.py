"""Page names are safe on every file system, whatever the ids are."""

from __future__ import annotations

import doctest
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.reports import paths
from hygiene.reports.paths import page_name, page_names

SAFE = set(string.ascii_letters + string.digits + "._@-")


@pytest.mark.parametrize("identifier", ["r1", "ana.diaz@acme.test", "A-1_b", "x" * 80, "1234567", "console", "com"])
def test_a_plain_id_is_its_own_page_name(identifier: str) -> None:
    assert page_name(identifier) == identifier


@pytest.mark.parametrize(
    ("identifier", "start"),
    [
        ("../../etc/passwd", "etc-passwd-"),
        ("..", "page-"),
        (".hidden", "hidden-"),
        ("a/b\\c", "a-b-c-"),
        ("ends.", "ends-"),
        ("Zoë Ünal", "Zo-nal-"),
        ("", "page-"),
        ("x" * 81, "x" * 71 + "-"),
        ("a\0b\n", "a-b-"),
        ("CON", "CON-"),
        ("nul.txt", "nul-txt-"),
        ("Lpt1", "Lpt1-"),
    ],
)
def test_any_other_id_keeps_its_safe_letters_and_gets_a_hash(identifier: str, start: str) -> None:
    name = page_name(identifier)
    assert name.startswith(start)
    assert len(name) == len(start) + 8
    assert set(name[-8:]) <= set("0123456789abcdef")


def test_ids_that_differ_in_case_only_get_names_that_differ_in_more() -> None:
    names = page_names(["Ana", "ana", "bo"])
    assert len({name.lower() for name in names.values()}) == 3
    assert names["bo"] == "bo"


def test_an_id_that_looks_like_the_hashed_name_of_another_is_told_apart() -> None:
    taken = page_names(["Ana", "ana"])["ana"]
    names = page_names(["Ana", "ana", taken])
    assert len({name.lower() for name in names.values()}) == 3


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["..", "CON", "con", "Ana", "ana", "a/b", "a\\b"]))))
@settings(max_examples=60, deadline=None)
def test_names_never_leave_the_folder_and_never_meet(identifiers: list[str]) -> None:
    names = page_names(identifiers)
    assert set(names) == set(identifiers)
    assert len({name.lower() for name in names.values()}) == len(names)
    for name in names.values():
        assert set(name) <= SAFE
        assert 1 <= len(name) <= 80
        assert not name.startswith(".")
    assert page_names(reversed(identifiers)) == names


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(paths).failed == 0
