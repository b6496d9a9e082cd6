"""OPT-05: contacts have no documented basis although their country asks for one, or theirs has run out.

What it checks
    Of those who are enrolled and may still be written to, country by country: whether a country that asks for consent
    first has contacts without one (a customer needs none); whether one in Canada has neither an express consent nor a
    purchase, an enquiry or a published address with its date, or one that is older than 24 months (6 after an enquiry);
    whether the basis on file says that there is none, or that the consent was taken back; and whether in France, and
    elsewhere in the EU, nothing has come from the person for more than three years (no reply, click or consent, and
    collected before that; an open does not count).

Why it matters
    Where consent is asked for, the sender has to prove it. A basis that nobody wrote down is none when somebody asks.

What to do
    Look for the basis and write it into the CRM; where there is none, stop, or ask for consent by another way than
    email.

Limits
    This is no legal advice: what is said is “needs a documented basis”, by a table (`models/legal/countries.toml`) that
    has a date and whose sources sometimes contradict each other. A contact without a country, or in one that the table
    does not hold, is not judged, unless the own domain of a country at the end of the address hints at one; where that
    hint and the column are at odds, the stricter of the two counts. The three years are the French authority's figure,
    taken as a yardstick in the rest of the EU; of customers they are not asked. A generic address counts only where the
    table does not call it free. `hygiene consent` judges every contact by the same table.

Source
    `models/legal/countries.toml`, each row with its own. CNIL, Référentiel relatif à la gestion commerciale (2022):
    three years from the prospect's last contact. CRTC, CASL guidance com500 (read 2026-11).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.contacts import NOBODY_ENROLLED, by_sender, rows_of, running
from hygiene.advice.legal import by_code, countries_as_of, is_outdated
from hygiene.advice.permission.enrolled import GAPS, knows_bases, permissions
from hygiene.advice.types import Clear, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Moment, Territory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pandas import DataFrame

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="OPT-05",
    family="opt_out",
    scope="segment",
    severity="gate",
    title=Message("Nobody lacks the basis that the country asks for"),
    effort_minutes=60,
    owner="legal",
    needs=("contacts.country",),
)
NO_COUNTRY = Message("No contact is in a country of the legal table.")
NO_BASES = Message("The export holds no legal basis and no consent, so nothing can be told of them.")


def check(case: Case) -> Outcome:
    """Look for contacts without a documented basis, by country, and in each sender's running enrollments."""
    if case.as_of is None or case.enrolled.rows.empty:
        return NotApplicable(NOBODY_ENROLLED)
    contacts = permissions(case, case.as_of)
    if contacts.empty:
        return NotApplicable(NOBODY_ENROLLED)
    if contacts["judged_by"].isna().all():
        return NotApplicable(NO_COUNTRY)
    lacking = contacts[contacts["gap"].notna()]
    if not lacking.empty:
        return Fired((*_by_country(lacking, case.as_of), *_by_sender(case, lacking)))
    if not knows_bases(case) and contacts["regime"].isin(("opt_in", "casl")).any():
        return NotApplicable(NO_BASES)
    return Clear(int(contacts["judged_by"].notna().sum()))


def _by_country(lacking: DataFrame, as_of: datetime) -> Iterator[Suggestion]:
    counts = Counter(lacking["judged_by"])
    for code in sorted(counts, key=lambda code: (-counts[code], code)):
        here = lacking[lacking["judged_by"].eq(code)]
        now = here[here["ended_at"].isna()]
        gaps: dict[str, int] = {gap: int(here["gap"].eq(gap).sum()) for gap in GAPS}
        other = int(
            (here["gap"].eq("no_basis") & here["basis"].isin(("interest", "enquiry", "customer", "other"))).sum()
        )
        values: dict[str, Value] = {"country": Territory(code), "running": Count(len(now))}
        yield Suggestion(
            rule=RULE,
            subject=f"country:{code}",
            advice=_advice(gaps, len(here), values, asks_first=by_code()[code].regime == "opt_in"),
            steps=tuple(_steps(code, gaps, as_of)),
            evidence={"contacts": len(here), "in_running_enrollments": len(now), **gaps, "with_another_basis": other},
            rows=rows_of(here, "gap"),
        )


def _advice(gaps: dict[str, int], n: int, values: dict[str, Value], *, asks_first: bool) -> Message:
    if gaps["consent_withdrawn"]:
        return Message(
            "Stop writing to %(n)s contact in %(country)s: the basis on file was taken back or refused, or there is"
            " none. In running enrollments: %(running)s.",
            values,
            plural="Stop writing to %(n)s contacts in %(country)s: the bases on file were taken back or refused, or"
            " there are none. In running enrollments: %(running)s.",
            n=n,
        )
    if gaps["no_basis"] and asks_first:
        return Message(
            "Document a basis for %(n)s contact in %(country)s, or stop writing: the country asks for consent first,"
            " and the export shows none, nor that this is a customer. In running enrollments: %(running)s.",
            values,
            plural="Document a basis for %(n)s contacts in %(country)s, or stop writing: the country asks for consent"
            " first, and the export shows none, nor that they are customers. In running enrollments: %(running)s.",
            n=n,
        )
    if gaps["no_basis"]:
        return Message(
            "Document a basis for %(n)s contact in %(country)s, or stop writing: the export shows none that the country"
            " accepts with a date. In running enrollments: %(running)s.",
            values,
            plural="Document a basis for %(n)s contacts in %(country)s, or stop writing: the export shows none that the"
            " country accepts with a date. In running enrollments: %(running)s.",
            n=n,
        )
    if gaps["consent_expired"]:
        return Message(
            "Renew the consent of %(n)s contact in %(country)s before the next email: the implied one needs a newer"
            " basis. In running enrollments: %(running)s.",
            values,
            plural="Renew the consent of %(n)s contacts in %(country)s before the next email: the implied one needs a"
            " newer basis. In running enrollments: %(running)s.",
            n=n,
        )
    return Message(
        "Ask %(n)s contact in %(country)s anew, or archive the record: for more than three years no reply, click or"
        " consent has come. In running enrollments: %(running)s.",
        values,
        plural="Ask %(n)s contacts in %(country)s anew, or archive the records: for more than three years no reply,"
        " click or consent has come from them. In running enrollments: %(running)s.",
        n=n,
    )


def _steps(code: str, gaps: dict[str, int], as_of: datetime) -> Iterator[Message]:
    yield Message("Pause the running enrollments of those listed until the basis is written into the CRM.")
    if gaps["no_basis"] and gaps["no_sign_of_life"]:
        yield Message(
            "Archive those from whom nothing has come for over three years (%(n)s contact), unless they agree anew.",
            plural="Archive those from whom nothing has come for over three years (%(n)s contacts), unless they agree"
            " anew.",
            n=gaps["no_sign_of_life"],
        )
    if by_code()[code].conflict:
        yield Message("Sources contradict each other on this country: ask your counsel.")
    yield Message("This is a reading of a table, not legal advice: have your counsel confirm it.")
    if is_outdated(as_of):
        yield Message(
            "The table is of %(date)s, more than a year old: have it looked through first.",
            {"date": Moment(_midnight())},
        )


def _midnight() -> datetime:
    from datetime import datetime, time

    return datetime.combine(countries_as_of(), time())


def _by_sender(case: Case, lacking: DataFrame) -> Iterator[Suggestion]:
    rows = running(case).drop_duplicates(["contact_key", "sender_key"])
    mine = rows.merge(lacking[["contact_key", "gap", "judged_by"]], on="contact_key")
    for key, here in by_sender(mine):
        yield Suggestion(
            rule=RULE,
            subject="contact-list:no-basis",
            scope="list",
            sender_key=key,
            advice=Message(
                "Pause %(n)s contact in your running enrollments until the basis is documented: the country asks for"
                " one, and the export shows none that still holds.",
                plural="Pause %(n)s contacts in your running enrollments until their basis is documented: their"
                " countries ask for one, and the export shows none that still holds.",
                n=len(here),
            ),
            steps=(
                Message(
                    "If you know how this contact agreed, write it into the CRM with its date; else ask whoever keeps"
                    " the list.",
                    plural="If you know how they agreed, write it into the CRM with its date; else ask whoever keeps"
                    " the list.",
                    n=len(here),
                ),
            ),
            evidence={
                "contacts": len(here),
                **{f"country_{code}": count for code, count in sorted(Counter(here["judged_by"].tolist()).items())},
            },
            rows=rows_of(here, "gap"),
        )
