"""The evidence pack of one contact: everything that the export shows, for the person or for a regulator who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hygiene.advice.legal import by_code
from hygiene.advice.opt_out_clock import opt_out_clock
from hygiene.advice.permission.reading import shows_bases
from hygiene.errors import SettingsError, did_you_mean
from hygiene.gate.consent.ledger import law_table
from hygiene.gate.consent.rows import consent_of_rows
from hygiene.gate.consent.steps import missing, steps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pandas import DataFrame

    from hygiene.advice.legal import Country
    from hygiene.advice.opt_out_clock import Stop
    from hygiene.facts.consent import ConsentFacts, ContactRecord
    from hygiene.facts.opt_outs import OptOut
    from hygiene.facts.types import Sender, Sequence
    from hygiene.gate.consent.ledger import LawTable
    from hygiene.gate.consent.steps import Step
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport
    from hygiene.values import Message

IDS_NAMED = 5


@dataclass(frozen=True)
class EvidencePack:
    """Everything about one contact. Texts of the export are hostile."""

    contact_id: str
    as_of: datetime
    record: ContactRecord
    judged: Mapping[str, Any]
    """The contact's row of `consent_of_rows`, without `why`; null as None, times naive UTC."""
    why: Message
    steps: tuple[Step, ...]
    """How the status was found, one after the other, each with its source."""
    missing: tuple[Message, ...]
    """What the export does not show, and a regulator may ask for."""
    country: Country | None
    """Whose rule decided; None: none."""
    opt_outs: tuple[OptOut, ...]
    stop: Stop | None
    """The emails after the opt-out; None: there are none."""
    table: LawTable
    senders: Mapping[int, Sender]
    sequences: Mapping[int, Sequence]
    imported: ImportReport
    """Which files all of this was read from, and how many rows could not be."""


def contact_key_of(contacts: DataFrame, name: str) -> int:
    """Return the key of the contact with this id, else of the only one with this address.

    Raises
    ------
    SettingsError
        If there is none, or several have the address.
    """
    ids = contacts["contact_id"].eq(name)
    if not ids.any():
        ids = contacts["email"].str.lower().eq(name.strip().lower())
    found = contacts[ids]
    if len(found) == 1:
        return int(found["contact_key"].iloc[0])
    if len(found) > 1:
        named = ", ".join(found["contact_id"].head(IDS_NAMED))
        more = f" and {len(found) - IDS_NAMED} more" if len(found) > IDS_NAMED else ""
        raise SettingsError(f'{len(found)} contacts have the address "{name}" ({named}{more}): name one by its id.')
    raise SettingsError(f'There is no contact "{name}"{did_you_mean(name, contacts["contact_id"].tolist())}.')


def evidence_pack(
    facts: ConsentFacts, record: ContactRecord, imported: ImportReport, settings: Settings
) -> EvidencePack:
    """Return the evidence on one contact of a source.

    Parameters
    ----------
    facts
        Of all contacts: whoever said no under another id of the same address has said it here too.
    record
        Everything that the export holds of the contact.
    imported
        How the source was read.
    settings
        Gives the time zone of dates without a time.
    """
    own = facts.contacts["contact_key"].eq(record.contact_key)
    email = (str(record.columns["email"]) if record.columns["email"] else "").lower()
    alike = facts.contacts[own | facts.contacts["email"].str.lower().eq(email)]
    judged = consent_of_rows(alike, facts.as_of, bases_known=shows_bases(facts.contacts))
    row = judged[alike["contact_key"].eq(record.contact_key)].iloc[0]
    values = {str(name): _value(value) for name, value in row.items() if name != "why"}
    keys = set(alike["contact_key"])
    said = tuple(opt_out for opt_out in facts.opt_outs if opt_out.contact_key in keys)
    country = by_code().get(values["judged_by"] or "")
    return EvidencePack(
        contact_id=str(record.columns["contact_id"]),
        as_of=facts.as_of,
        record=record,
        judged=values,
        why=row["why"],
        steps=tuple(steps(record, values, said, country, facts.as_of)),
        missing=tuple(missing(record, values, said)),
        country=country,
        opt_outs=said,
        stop=_stop(facts, record.contact_key, settings.timezone),
        table=law_table(facts.as_of),
        senders=facts.senders,
        sequences=facts.sequences,
        imported=imported,
    )


def _stop(facts: ConsentFacts, key: int, timezone: str) -> Stop | None:
    opt_outs = (row for row in facts.opt_outs if row.contact_key == key)
    mails = (mail for mail in facts.late_mails if mail.contact_key == key)
    stops = opt_out_clock(opt_outs, mails, timezone).stops
    return stops[0] if stops else None


def _value(value: Any) -> Any:
    import pandas as pd

    if value is None or pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
