"""What a verifier's word is worth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from hygiene.gate.risk import Group
from hygiene.gate.risk.verification import fit_shifts
from tests.gate.risk.making import learned, row


def lists(number: int, shift: float, seed: int = 2) -> list[object]:
    """Batches in which the good vendor has verified most and the bad one little: by eye, verifying does all."""
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(number):
        odds = logit(0.01 if place % 2 else 0.10)
        for kind, share, own in (("valid", 0.8 if place % 2 else 0.2, shift), ("none", 0.2 if place % 2 else 0.8, 0.0)):
            tried = int(300 * share)
            rows.append(row(f"s{place % 2}", f"b{place}", tried, int(rng.binomial(tried, expit(odds + own))), kind))
    return rows


@pytest.mark.parametrize("shift", [0.0, -1.0, 1.0])
def test_the_shift_is_that_within_batches(shift: float) -> None:
    found = fit_shifts(lists(60, shift))  # type: ignore[arg-type]
    assert found.means["valid"] - found.means["none"] == pytest.approx(shift, abs=0.25)


def test_little_data_draws_the_shift_towards_none() -> None:
    rows = [row("a", "1", 5, 3, "invalid"), row("a", "1", 100, 2)]
    found = fit_shifts(rows)
    assert 0.3 < found.means["invalid"] - found.means["none"] < logit(0.6) - logit(0.02)


def test_one_class_alone_and_a_class_never_seen_have_no_shift() -> None:
    assert not fit_shifts([row("a", "1", 50, 2, "valid")]).means
    model = learned(row("a", "1", 50, 2, "valid"))
    draws = model.draws([Group("a", "2", "valid"), Group("a", "2", "invalid"), Group("a", "2")])
    assert (draws[:, :1] == draws).all()


def test_a_class_that_a_batch_has_no_history_of_is_less_sure() -> None:
    model = learned(*lists(6, -1.0), row("a", "plain", 400, 12))  # type: ignore[arg-type]
    draws = np.log(model.draws([Group("a", "plain"), Group("a", "plain", "valid")]))
    assert draws[:, 1].std() > draws[:, 0].std()
