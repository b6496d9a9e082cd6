"""HubSpot's saved lists against its published schema, and its upload files."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from hygiene.exports.filters import CRMS
from hygiene.exports.filters.hubspot import LISTS
from hygiene.exports.filters.hubspot_lists import OPERATORS, condition, dynamic_list
from hygiene.exports.filters.write import write_filters
from hygiene.gate.cleanup.types import ACTIONS
from tests.gate.cleanup.making import DEAD, decided

SCHEMA = json.loads((Path(__file__).parent / "hubspot_schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def every(part, key):
    """Every value of a key, wherever it stands."""
    if isinstance(part, dict):
        yield from [part[key]] if key in part else []
        for value in part.values():
            yield from every(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from every(value, key)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_valid_against_the_published_schema(name, tmp_path):
    write_filters(tmp_path, CRMS["hubspot"].filters)
    written = json.loads((tmp_path / name).read_text(encoding="utf-8"))
    assert written == LISTS[name]
    assert list(VALIDATOR.iter_errors(written)) == []


@pytest.mark.parametrize("name", LISTS)
def test_every_list_keeps_what_the_schema_does_not_ask(name):
    """The root is an OR of ANDs, operators are known, and booleans are booleans."""
    written = LISTS[name]
    for operation in every(written, "operation"):
        assert operation["operator"] in OPERATORS[operation["operationType"]]
        if operation["operationType"] == "BOOL":
            assert operation["value"] is True
    if written["processingType"] == "DYNAMIC":
        root = written["filterBranch"]
        assert root["filterBranchType"] == "OR"
        assert root["filters"] == []
        assert {branch["filterBranchType"] for branch in root["filterBranches"]} == {"AND"}
        assert all(branch["filters"] for branch in root["filterBranches"])


def test_the_names_of_the_lists_are_unique_in_a_portal():
    assert len({written["name"] for written in LISTS.values()}) == len(LISTS)


def operation_of(written):
    return written["filterBranch"]["filterBranches"][0]["filters"][0]["operation"]


@pytest.mark.parametrize(
    "change",
    [
        lambda written: written.pop("name"),
        lambda written: written["filterBranch"].pop("filterBranchOperator"),
        lambda written: operation_of(written).pop("includeObjectsWithNoValueSet"),
        lambda written: operation_of(written).update(value="true"),
        lambda written: operation_of(written).update(operationType="BOOLEAN"),
    ],
)
def test_the_schema_finds_what_hubspot_would_refuse(change):
    written = copy.deepcopy(LISTS["hubspot-opted-out.json"])
    change(written)
    assert list(VALIDATOR.iter_errors(written)) != []


@pytest.mark.parametrize(
    ("kind", "operator", "value"),
    [
        ("BOOL", "IS_EQUAL_TO", "true"),
        ("BOOL", "IS_TRUE", True),
        ("NUMBER", "IS_GREATER", 11),
        ("NUMBER", "IS_EQUAL_TO", True),
        ("ENUMERATION", "IS_ANY_OF", ()),
        ("ENUMERATION", "IS_ANY_OF", "POLICY"),
        ("ALL_PROPERTY", "IS_KNOWN", 1),
    ],
)
def test_an_operator_or_value_that_hubspot_does_not_have_is_no_filter(kind, operator, value):
    with pytest.raises(ValueError, match="is no"):
        condition("x", kind, operator, value)


def matches(written, contact):
    """HubSpot's own reading of the lists above, in ten lines: does a contact belong?"""

    def holds(filter_):
        operation, value = filter_["operation"], contact.get(filter_["property"])
        if value is None:
            return operation["operator"] == "IS_UNKNOWN" or operation["includeObjectsWithNoValueSet"]
        match operation["operator"]:
            case "IS_KNOWN" | "IS_UNKNOWN":
                return operation["operator"] == "IS_KNOWN"
            case "IS_ANY_OF":
                return value in operation["values"]
            case "IS_EQUAL_TO" | "IS_NOT_EQUAL_TO":
                return (value == operation["value"]) is (operation["operator"] == "IS_EQUAL_TO")
            case _:
                return value >= operation["value"]

    return any(all(map(holds, branch["filters"])) for branch in written["filterBranch"]["filterBranches"])


REASON, SENDS = "hs_email_hard_bounce_reason_enum", "hs_email_sends_since_last_engagement"
BELONGS = [
    ("hard-bounced", {REASON: "POLICY"}, True),
    ("hard-bounced", {"hs_email_bad_address": True}, True),
    ("hard-bounced", {}, False),
    ("delete-only", {REASON: "UNKNOWN_USER"}, True),
    *[("delete-only", {REASON: reason}, False) for reason in ("CONTENT", "SPAM", "POLICY", "OTHER", "MAILBOX_FULL")],
    *[("unbounce-and-fix", {REASON: reason}, True) for reason in ("CONTENT", "SPAM", "POLICY", "OTHER")],
    *[("unbounce-and-fix", {REASON: reason}, False) for reason in ("UNKNOWN_USER", "MAILBOX_FULL")],
    ("unbounce-and-fix", {REASON: "SPAM", "hs_email_optout": True}, False),
    ("unbounce-and-fix", {REASON: "SPAM", "hs_email_quarantined": True}, False),
    ("unbounce-and-fix", {REASON: "SPAM", "hs_email_optout": False}, True),
    ("unengaged-marketing", {SENDS: 11}, True),
    ("unengaged-marketing", {SENDS: 10}, False),
    ("unengaged-marketing", {SENDS: 11, "hs_email_first_open_date": 1}, False),
    ("unengaged-marketing", {SENDS: 16, "hs_email_first_click_date": 1}, True),
    ("opted-out", {"hs_email_optout": True}, True),
    ("opted-out", {"hs_email_quarantined": True}, True),
    ("opted-out", {"hs_email_optout": False}, False),
]


@pytest.mark.parametrize(("name", "contact", "belongs"), BELONGS)
def test_each_list_holds_whom_it_should(name, contact, belongs):
    assert matches(LISTS[f"hubspot-{name}.json"], contact) is belongs


def test_the_unengaged_are_labelled_as_hubspots_marketing_rule_and_ours_is_static():
    assert "marketing" in LISTS["hubspot-unengaged-marketing.json"]["name"]
    static = LISTS["hubspot-sequence-unengaged.json"]
    assert static["processingType"] == "MANUAL"
    assert "filterBranch" not in static


def rows(**known):
    return CRMS["hubspot"].rows(decided(**known))


def test_an_opt_out_file_has_one_column_and_needs_no_record_id():
    assert rows(contact_id="not-a-number", opted_out=True) == [("upload", ("not-a-number@example.org",))]
    assert CRMS["hubspot"].columns("suppress", "upload") == ("Email",)


def test_nobody_is_deleted_without_a_line_in_an_opt_out_file():
    assert rows(contact_id="4711", **DEAD) == [
        ("opt-out.upload", ("4711@example.org",)),
        ("upload", ("4711", "4711@example.org")),
    ]
    assert CRMS["hubspot"].columns("remove", "opt-out.upload") == ("Email",)
    assert CRMS["hubspot"].columns("remove", "upload") == ("Record ID", "Email")


@pytest.mark.parametrize("known", [{"contact_id": "c1"}, {"contact_id": "12a"}, {"contact_id": "1" * 20}])
def test_a_deletion_needs_a_record_id(known):
    assert rows(**known, **DEAD) == "no_record_id"


def test_only_a_removal_stands_in_two_files():
    assert all(CRMS["hubspot"].columns(action, "upload") for action in ACTIONS)
    assert len(rows(contact_id="1", hard_bounce_reason="SPAM")) == 1


def test_a_list_of_one_condition_is_still_an_or_of_ands():
    written = dynamic_list("x", [condition("p", "ALL_PROPERTY", "IS_KNOWN")])
    assert list(VALIDATOR.iter_errors(written)) == []
