"""What to do with each file of a cleanup, in the order in which it has to be done, in the words of each CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.cleanup.types import OPT_OUT_FIRST
from hygiene.reports.words import filled
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.cleanup.types import Action

LISTS = "lists"
ORDER: tuple[tuple[Action, bool], ...] = (
    ("suppress", False),
    ("remove", True),
    ("remove", False),
    ("hold", False),
    ("unbounce_and_fix", False),
    ("review", False),
    ("resume_on", False),
    ("pause", False),
)
"""Action, and whether it is the opt-out list that comes before a deletion."""


class Step(NamedTuple):
    """One file and what to do with it."""

    file: str
    """Path inside the output folder."""
    rows: int
    sentence: Message


TABLE: Mapping[tuple[str, str], Message] = {
    ("hubspot", "suppress"): Message(
        "%(file)s: Contacts > Import > opt-out list. HubSpot asks for the number of rows: type %(n)s."
    ),
    ("hubspot", "first"): Message(
        "%(file)s: import it as an opt-out list too and type %(n)s. HubSpot forgets whom you delete; this is what it"
        " remembers."
    ),
    ("hubspot", "remove"): Message(
        "%(file)s (rows: %(n)s): only then import it into a static list by Record ID, and delete its contacts there."
    ),
    ("hubspot", "unbounce_and_fix"): Message(
        "%(file)s (rows: %(n)s): import it into a static list by Record ID; unbounce each contact once the cause is"
        " mended and the recipient lets your mail through."
    ),
    ("hubspot", "pause"): Message(
        "%(file)s (rows: %(n)s): import it by Record ID into the static list of those unengaged in sequences, and leave"
        " that list out of your next campaigns."
    ),
    ("hubspot", "other"): Message(
        "%(file)s (rows: %(n)s): import it into a static list by Record ID and leave that list out for now."
    ),
    ("salesforce", "suppress"): Message("%(file)s (rows: %(n)s): Data Loader > Update, HasOptedOutOfEmail by Id."),
    ("salesforce", "first"): Message(
        "%(file)s (rows: %(n)s): Data Loader > Update too, before you delete, so that a restored record stays opted"
        " out."
    ),
    ("salesforce", "remove"): Message("%(file)s (rows: %(n)s): only then Data Loader > Delete, by Id."),
    ("salesforce", "unbounce_and_fix"): Message(
        "%(file)s (rows: %(n)s): clear the bounce of these records once the cause is mended."
    ),
    ("salesforce", "other"): Message("%(file)s (rows: %(n)s): take these records out of your running campaigns."),
    ("other", "suppress"): Message("%(file)s (rows: %(n)s): mark these people as opted out in your tool."),
    ("other", "remove"): Message(
        "%(file)s (rows: %(n)s): mark these as do-not-contact in your tool first; delete them only if it remembers"
        " that."
    ),
    ("other", "unbounce_and_fix"): Message(
        "%(file)s (rows: %(n)s): mend the cause, ask these people to let your mail through, then unbounce them."
    ),
    ("other", "other"): Message("%(file)s (rows: %(n)s): leave these people out of the next campaign."),
}
"""By CRM (`other`: none of the two) and by what the file is; `other` stands for the actions that have no line."""


def steps_of(crm: str, uploads: Mapping[Action, Mapping[str, int]]) -> list[Step]:
    """Return what to do with each upload file that has rows.

    Parameters
    ----------
    crm
        A name that `--for` takes.
    uploads
        Rows by action and by the file's name between the action's and `.csv`.
    """
    tool = crm if (crm, "suppress") in TABLE else "other"
    return [
        _step(tool, action, file, rows)
        for action, is_first in ORDER
        for file, rows in uploads.get(action, {}).items()
        if rows and file.endswith(OPT_OUT_FIRST) is is_first
    ]


def _step(tool: str, action: Action, file: str, rows: int) -> Step:
    kind = "first" if file.endswith(OPT_OUT_FIRST) else action
    sentence = TABLE.get((tool, kind)) or TABLE[tool, "other"]
    path = f"{LISTS}/{action}.{file}.csv"
    return Step(path, rows, filled(sentence, {"file": Text(path), "n": Count(rows)}))
