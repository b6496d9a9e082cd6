"""What always comes together cannot be told apart."""

from __future__ import annotations

from hygiene.advice.attribution.separable import rival_of, without_lone_batches
from tests.advice.attribution.tables import table_of


def test_a_sender_alone_on_a_sequence_is_its_rival() -> None:
    table = table_of([0] * 20, sender=[0] * 10 + [1] * 10, sequence=[0] * 10 + [1] * 5 + [2] * 5)
    assert rival_of(table, "sequence", 0) == ("sender", "sender-0")
    assert rival_of(table, "sequence", 1) is None  # the sender has another one to compare with


def test_nine_in_ten_together_is_together_and_less_is_not() -> None:
    table = table_of([0] * 20, sender=[0] * 10 + [1] * 10, sequence=[0] * 9 + [1] * 11)
    assert rival_of(table, "sequence", 0) == ("sender", "sender-0")
    table = table_of([0] * 20, sender=[0] * 10 + [1] * 10, sequence=[0] * 8 + [1] * 12)
    assert rival_of(table, "sequence", 0) is None


def test_a_batch_that_is_all_of_its_source_has_no_effect_of_its_own() -> None:
    table = table_of([0] * 30, source=[0] * 10 + [1] * 20, import_batch=[0] * 10 + [1] * 10 + [2] * 10)
    assert without_lone_batches(table).codes["import_batch"].tolist() == [-1] * 10 + [1] * 10 + [2] * 10


def test_a_batch_of_untold_source_stays() -> None:
    table = table_of([0] * 10, source=[-1] * 10, import_batch=[0] * 5 + [1] * 5)
    assert without_lone_batches(table).codes["import_batch"].tolist() == [0] * 5 + [1] * 5
