"""What a token's name stands for, in each vendor's spelling."""

from __future__ import annotations

import pytest

from hygiene.advice.qa.paths import bind

COLUMNS = [
    ("hubspot", "contact.firstname", "first_name"),
    ("hubspot", "contact.company", "company"),
    ("hubspot", "company.name", "company"),
    ("hubspot", "company.industry", "industry"),
    ("hubspot", "contact.hs_language", "language"),
    ("hubspot", 'contact["jobtitle"]', "job_title"),
    ("outreach", "first_name", "first_name"),
    ("outreach", "account.name", "company"),
    ("outreach", "title", "job_title"),
    ("salesforce", "Recipient.FirstName", "first_name"),
    ("salesforce", "Account.Name", "company"),
    ("marketo", "lead.First Name", "first_name"),
    ("mailchimp", "LNAME", "last_name"),
    ("activecampaign", "FIRSTNAME", "first_name"),
    ("mautic", "contactfield=firstname", "first_name"),
    ("lemlist", "companyName", "company"),
    ("unify", "person_first_name", "first_name"),
    ("mailshake", "first", "first_name"),
    ("saleshandy", "First Name", "first_name"),
    ("smartlead", "Prénom", "first_name"),
    ("instantly", "Firma", "company"),
]
KINDS = [
    ("hubspot", "owner.firstname", "sender"),
    ("hubspot", "unsubscribe_link", "sender"),
    ("outreach", "sender.first_name", "sender"),
    ("salesloft", "my.first_name", "sender"),
    ("marketo", "my.Event", "sender"),
    ("mailchimp", "LIST:COMPANY", "sender"),
    ("mautic", "unsubscribe_url", "sender"),
    ("mautic", "ownerfield=email", "sender"),
    ("hubspot", "contact.city", "unseen"),
    ("hubspot", "company.domain", "unseen"),
    ("hubspot", "deal.dealname", "unseen"),
    ("hubspot", "contact.hs_lead_status", "unseen"),
    ("salesforce", "Contact.MailingCity", "unseen"),
    ("marketo", "lead.Lead Owner First Name", "unseen"),
    ("mailchimp", "SHOES", "unseen"),
    ("outreach", "custom12", "unseen"),
    ("salesforce", "Contact.Budget__c", "unseen"),
    ("woodpecker", "SNIPPET_1", "unseen"),
    ("lemlist", "favouriteColour", "unseen"),
    ("hubspot", "contact.favourite_colour", "unheard_of"),
    ("outreach", "favourite_team", "unheard_of"),
    ("hubspot", "contact.stage_2", "unheard_of"),
]
SLIPS = [
    ("hubspot", "contact.first_nme", "contact.firstname"),
    ("hubspot", "contact.firstnme", "contact.firstname"),
    ("hubspot", "contact.jobtile", "contact.jobtitle"),
    ("hubspot", "company.nmae", "company.name"),
    ("outreach", "first_nam", "first_name"),
    ("salesforce", "Contact.FristName", "Contact.FirstName"),
    ("woodpecker", "FIRST_NMAE", "FIRST_NAME"),
    ("lemlist", "frstName", "firstName"),
    ("mautic", "contactfield=frstname", "contactfield=firstname"),
]


@pytest.mark.parametrize(("dialect", "path", "column"), COLUMNS)
def test_a_field_is_its_column_however_the_vendor_calls_it(dialect, path, column):
    assert bind(path, dialect) == ("contact", column, "")


@pytest.mark.parametrize(("dialect", "path", "kind"), KINDS)
def test_a_field_that_is_no_column_is_not_taken_for_one(dialect, path, kind):
    assert bind(path, dialect).kind == kind


@pytest.mark.parametrize(("dialect", "path", "meant"), SLIPS)
def test_a_slip_names_the_field_that_was_meant_in_the_vendors_spelling(dialect, path, meant):
    assert bind(path, dialect) == ("misspelt", "", meant)


def test_a_column_that_the_import_kept_out_exists():
    assert bind("contact.favourite_colour", "hubspot", frozenset({"favouritecolour"})).kind == "unseen"
    assert bind("contact.first_nme", "hubspot", frozenset({"firstnme"})).kind == "unseen"
