"""Salesloft's saved views, and the tools of which nothing is published."""

from __future__ import annotations

import json

import pytest

from hygiene.commands.clean import CRMS as NAMES
from hygiene.exports.filters import CRMS
from hygiene.exports.filters.write import write_filters


def test_the_command_offers_every_crm():
    assert tuple(CRMS) == NAMES
    assert [crm.name for crm in CRMS.values()] == list(NAMES)


def test_a_salesloft_view_is_a_request_whose_parameters_are_a_text(tmp_path):
    write_filters(tmp_path, CRMS["salesloft"].filters)
    written = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.glob("*.json"))]
    assert [json.loads(view.pop("view_params")) for view in written] == [{"bounced": True}, {"do_not_contact": True}]
    assert all(set(view) == {"name", "view"} and view["view"] == "people" for view in written)


@pytest.mark.parametrize("name", ["outreach", "apollo"])
def test_where_nothing_is_published_there_is_no_filter(name, tmp_path):
    write_filters(tmp_path / "filters", CRMS[name].filters)
    assert CRMS[name].script is None
    assert not (tmp_path / "filters").exists()
