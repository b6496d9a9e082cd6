"""Token QA: every step filled in for every enrolled contact, and what would go out broken.

`Case.quality` holds the answer, worked out once:

- `Quality.steps`: a `StepQuality` for each template, by sequence and step: `mails`, `broken` and `ugly` mails, mails by
  `defects`, `tokens` with their `coverage`, `problems` of the text, the first `rows`;
- `paths`: what a token's name stands for: a column of the contacts, the sender's own, a field that the export does not
  hold, or nothing that exists;
- `values`: what is wrong with a contact's value.

Templates are hostile: they are read by `advice/tokens`, never run, and the work on each is bounded.
"""

from __future__ import annotations

from hygiene.advice.qa.paths import Binding, bind
from hygiene.advice.qa.quality import Quality, judge
from hygiene.advice.qa.types import BREAKING, Defect, Flaw, StepProblem, StepQuality, StepRow, TokenQuality
from hygiene.advice.qa.values import defect_of

__all__ = [
    "BREAKING",
    "Binding",
    "Defect",
    "Flaw",
    "Quality",
    "StepProblem",
    "StepQuality",
    "StepRow",
    "TokenQuality",
    "bind",
    "defect_of",
    "judge",
]
