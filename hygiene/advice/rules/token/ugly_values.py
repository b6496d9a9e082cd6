"""TOK-08: values that the templates print look careless: capitals, legal forms, signs, “N/A”.

What it checks
    Whether more than 1 % of a sender's contacts (and three of them) have a value, in a column that the sender's
    templates print, in capitals or in small letters throughout, with a company's legal form at its end, with an emoji,
    a title or two names in the first name, or one that stands for nothing. The list is there to be normalized; what
    breaks a mail is told by TOK-03 as well.

Why it matters
    “Hi JEAN, I saw that DUPONT LOGISTIQUE SAS …” is how a database writes, and no colleague. Nobody has measured what
    it costs; it is cheap to mend.

What to do
    Normalize the values once in the CRM with the list, and at each import from then on.

Limits
    A brand may be written in capitals: a company's name counts from nine letters on, a title as well. Industries are
    left alone, for HubSpot prints their labels. A value that a filter mends (`|capitalize`) counts all the same: it is
    the list that is looked at.

Source
    The export itself, counted exactly. Words and limits: models/tokens/values.toml and hygiene/advice/qa/values.py
    (assumed).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.qa.states import FINE, defect_at
from hygiene.advice.templates import answered, rows_at
from hygiene.advice.types import Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.advice.case import Case
    from hygiene.advice.qa import Defect
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

    Integers = NDArray[np.int64]

RULE = Rule(
    id="TOK-08",
    family="token",
    scope="list",
    severity="info",
    title=Message("The values that templates print look as if written by hand"),
    effort_minutes=30,
    owner="ops",
    needs=("templates", "contacts", "enrollments|events"),
)
LEAST_SHARE = 0.01
LEAST_CONTACTS = 3
WORDS: dict[Defect, Message] = {
    "placeholder": Message("stands for nothing"),
    "markup": Message("holds code"),
    "emoji": Message("holds a sign that is no letter"),
    "whitespace": Message("holds invisible spaces"),
    "title": Message("begins with a title"),
    "two_names": Message("is two names"),
    "legal_form": Message("ends with a legal form"),
    "capitals": Message("is all in capitals"),
    "small_letters": Message("is all in small letters"),
}
"""How a value that cannot be left as it is, is; the order is that of the harm."""


def check(case: Case) -> Outcome:
    """Look at the values of each sender's contacts in the columns that the sender's templates print."""
    rows = case.enrolled.rows
    if rows.empty:
        return answered([], 0)
    printed: dict[int, set[str]] = {}
    for step in case.quality.steps:
        columns = {token.binding.column for token in step.tokens if token.is_printed and token.usable is not None}
        for key in case.quality.users.get(step.sequence_key, ()):
            printed.setdefault(key, set()).update(columns - {"email"})
    senders = rows["sender_key"].to_numpy()
    # A contact counts once for a sender, with the first of its rows.
    first = ~rows.duplicated(["sender_key", "contact_key"]).to_numpy()
    found = []
    for key, columns in sorted(printed.items()):
        own = np.flatnonzero(first & (senders == key))
        if said := _suggestion(case, key, sorted(columns), own):
            found.append(said)
    return answered(found, int(first.sum()))


def _suggestion(case: Case, key: int, columns: list[str], own: Integers) -> Suggestion | None:
    states = case.quality.states
    ugly: dict[int, tuple[str, Defect]] = {}
    for column in columns:
        found = states.of(column)
        for place in own[found[own] != FINE].tolist():
            defect = defect_at(int(found[place]))
            if defect in WORDS and place not in ugly:
                ugly[place] = (column, defect)
    if len(ugly) < LEAST_CONTACTS or len(ugly) <= LEAST_SHARE * len(own):
        return None
    counts = Counter(defect for _, defect in ugly.values()).most_common()
    place = next(place for place, (_, defect) in ugly.items() if defect == counts[0][0])
    values: dict[str, Value] = {
        "ugly": Count(len(ugly)),
        "contacts": Count(len(own)),
        "share": Percent(len(ugly) / len(own)),
        "value": Text(states.value(ugly[place][0], place)),
        "how": WORDS[ugly[place][1]],
    }
    return Suggestion(
        rule=RULE,
        subject="values",
        sender_key=key,
        evidence={"contacts": len(own), "ugly": len(ugly), "share": len(ugly) / len(own), **dict(counts)},
        advice=Message(
            "Have the values of %(ugly)s of your %(contacts)s contacts (%(share)s) normalized before you print them:"
            " %(value)s, for one, %(how)s.",
            values,
        ),
        steps=(
            *(
                Message(
                    "%(n)s value %(how)s.",
                    {"how": WORDS[defect]},
                    plural="%(n)s values: each %(how)s.",
                    n=count,
                )
                for defect, count in counts
            ),
            Message("Correct them in the CRM and not in the template, so that the next import finds them clean."),
        ),
        rows=tuple(
            row
            for column in columns
            for row in rows_at(case, [place for place, (of, _) in ugly.items() if of == column], column)
        ),
    )
