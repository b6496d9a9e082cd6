"""How many address bounces, and how many replies, a set of contacts will bring (docs/sources.md).

`read_risk` counts a source's history, `fit` learns from it, and the `RiskModel` predicts.
"""

from hygiene.gate.risk.history import RiskFacts, RiskRow, SenderRow, batch_of, read_risk
from hygiene.gate.risk.model import RiskModel, fit
from hygiene.gate.risk.types import Group, Prediction, Removal

__all__ = [
    "Group",
    "Prediction",
    "Removal",
    "RiskFacts",
    "RiskModel",
    "RiskRow",
    "SenderRow",
    "batch_of",
    "fit",
    "read_risk",
]
