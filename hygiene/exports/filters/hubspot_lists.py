"""HubSpot's lists (“segments”) as JSON, as `POST /crm/v3/lists` takes them.

After HubSpot/HubSpot-public-api-spec-collection, `PublicApiSpecs/CRM/Lists/Rollouts/144891/v3/lists.json`, commit
9989379 (2026-08-21): `filterBranchOperator` and `includeObjectsWithNoValueSet` are required, though HubSpot's own
example leaves them out. There an operator is any string, so that a misspelt one passes: hence `OPERATORS`, our own
table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind: TypeAlias = Literal["NUMBER", "BOOL", "ENUMERATION", "ALL_PROPERTY"]
Json: TypeAlias = dict[str, Any]

OPERATORS: Mapping[Kind, frozenset[str]] = {
    "NUMBER": frozenset(
        (
            *("IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "IS_GREATER_THAN", "IS_GREATER_THAN_OR_EQUAL_TO"),
            *("IS_LESS_THAN", "IS_LESS_THAN_OR_EQUAL_TO"),
        )
    ),
    "BOOL": frozenset(("IS_EQUAL_TO", "IS_NOT_EQUAL_TO")),
    "ENUMERATION": frozenset(("IS_ANY_OF", "IS_NONE_OF")),
    "ALL_PROPERTY": frozenset(("IS_KNOWN", "IS_UNKNOWN")),
}
"""By kind of operation; those seen in public code that talks to HubSpot (evidence/hubspot.md, section 4a)."""
CONTACTS = "0-1"
"""HubSpot's id of the object type contact."""


def condition(
    name: str, kind: Kind, operator: str, value: float | bool | Sequence[str] | None = None, *, or_unset: bool = False
) -> Json:
    """Return a filter on one property.

    Parameters
    ----------
    name
        The property's internal name.
    kind, operator
        As `OPERATORS` has them.
    value
        A number, a boolean (never the text "true", which HubSpot refuses), words for ENUMERATION, None for
        ALL_PROPERTY.
    or_unset
        Whether contacts without any value are meant too.

    Raises
    ------
    ValueError
        If the operator is none of the kind's, or the value not of its type.
    """
    if operator not in OPERATORS[kind]:
        raise ValueError(f"{operator} is no operator of {kind}.")
    fits = {
        "NUMBER": isinstance(value, int | float) and not isinstance(value, bool),
        "BOOL": isinstance(value, bool),
        "ENUMERATION": isinstance(value, tuple | list) and bool(value),
        "ALL_PROPERTY": value is None,
    }
    if not fits[kind]:
        raise ValueError(f"{value!r} is no value of {kind}.")
    operation: Json = {"operationType": kind, "operator": operator, "includeObjectsWithNoValueSet": or_unset}
    if isinstance(value, tuple | list):
        operation["values"] = list(value)
    elif value is not None:
        operation["value"] = value
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def dynamic_list(name: str, *alternatives: Sequence[Json]) -> Json:
    """Return a list of the contacts that meet every condition of any alternative."""
    branches = [
        {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": list(conditions)}
        for conditions in alternatives
    ]
    root = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": branches}
    return {"name": name, "objectTypeId": CONTACTS, "processingType": "DYNAMIC", "filterBranch": root}


def static_list(name: str) -> Json:
    """Return an empty list, to be filled by an import of record ids."""
    return {"name": name, "objectTypeId": CONTACTS, "processingType": "MANUAL"}
