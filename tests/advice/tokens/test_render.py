"""Filling in: what one contact would read, and what would be missing."""

from __future__ import annotations

import pytest

from hygiene.advice.tokens.scan import compile_template, render
from hygiene.errors import HygieneError

ANN = {
    "contact.firstname": "ann",
    "first_name": "Ann",
    "firstName": "Ann",
    "city": "Paris",
    "n": "3",
    "Contact.FirstName": "Ann",
    "FNAME": "Ann",
    "COUNTRY": "France",
    "FIRSTNAME": "Ann",
    "lead.First Name": "Ann",
    "lead.FirstName": "Ann",
    "Recipient.FirstName": "Ann",
    "contactfield=firstname": "Ann",
}
TEXTS = [
    ("hubspot", "Hi {{ contact.firstname|title }}", "Hi Ann", "Hi [[MISSING TOKEN - FIRSTNAME]]"),
    ("hubspot", '{{ contact.firstname|default("toi")|upper }}', "ANN", "TOI"),
    ("hubspot", "{% if contact.firstname %}A{% else %}B{% endif %}", "A", "B"),
    ("hubspot", '{% set x = contact.firstname|default("toi") %}{{ x }}', "ann", "toi"),
    ("hubspot", "{# c #}a{% raw %}{{ x }}{% endraw %}{% for d in ds %}{{ d }}{% endfor %}", "a{{ x }}", "a{{ x }}"),
    ("hubspot", "Hi {{ contact.firstname", "Hi {{ contact.firstname", "Hi {{ contact.firstname"),
    ("hubspot", "Hi {{firstName|there}}", "Hi {{firstName|there}}", "Hi {{firstName|there}}"),
    ("apollo", "Hi {{#if first_name}}{{#endif}}!", "Hi Ann!", "Hi !"),
    ("apollo", "{{#if company}}at{{#elsif city}}in {{city}}{{#else}}x{{#endif}}", "in Paris", "x"),
    ("apollo", "{{first_name->uppercase}}", "Ann", ""),
    ("instantly", "{{RANDOM | Hi {{firstName|there}} | Yo}}, x", "Hi Ann, x", "Hi there, x"),
    ("smartlead", "{Hi {{first_name}}|{Yo|Hey}}!", "Hi Ann!", "Hi !"),
    ("saleshandy", "{spin}Hi|Hello{endspin} {{first_name|toi}}", "Hi Ann", "Hi toi"),
    ("lemlist", "{% spin %}{% variation %}a{% variation %}b{% endspin %} {{firstName}}", "a Ann", "a "),
    ("woodpecker", "{{Hi|Hello|Hey}} {{first_name|toi}}", "Hi Ann", "Hi toi"),
    ("salesforce", '{!IF(ISBLANK(Contact.FirstName),"x",Contact.FirstName)}', "Ann", "x"),
    ("salesforce", '{!IF(NOT(ISBLANK(Contact.FirstName)),"yes","no")}', "yes", "no"),
    ("salesforce", '{!Contact.FirstName & "!"} {!NULLVALUE(Contact.City,"ici")}', "Ann! ici", "! ici"),
    ("mailchimp", "*|IF:COUNTRY = France|*Salut*|ELSE:|*Hi*|END:IF|* *|TITLE:FNAME|*", "Salut Ann", "Hi "),
    ("mailchimp", "*|IFNOT:FNAME|*x*|END:IF|*", "", "x"),
    ("activecampaign", "%IF $FIRSTNAME%Hi %FIRSTNAME%%ELSE%Hi%/IF% %LASTNAME|vous%", "Hi Ann vous", "Hi vous"),
    ("marketo", '{{lead.First Name:default=x}} #if($lead.FirstName == "Ann")y#{else}n#end', "Ann y", "x n"),
    ("pardot", "{{#if Recipient.FirstName}}{{Recipient.FirstName}}{{else}}x{{/if}}", "Ann", "x"),
    ("mautic", "{contactfield=firstname|là}", "Ann", "là"),
    ("salesloft", '{% case city %}{% when "Lyon", "Paris" %}FR{% else %}?{% endcase %}', "FR", "?"),
    ("salesloft", "{% unless first_name %}no{% endunless %}{% if n > 2 %}many{% endif %}", "many", "no"),
    ("salesloft", '{% capture g %}{{ first_name | append: "!" }}{% endcapture %}{{ g }}', "Ann!", "!"),
    ("salesloft", '{% if city contains "ar" and first_name != blank %}y{% endif %}', "y", ""),
    ("mailshake", '{{first_name fallback="toi"}}', "Ann", "toi"),
    ("snov", "{{first_name: there}}", "Ann", "there"),
    ("zendesk", "{{first_name || 'b'}}", "Ann", "b"),
    ("sendgrid", '{{insert first_name "default=Customer"}}', "Ann", "Customer"),
    ("unify", "{first_name} {{first_name}}", "Ann {{first_name}}", " {{first_name}}"),
    ("auto", "*|FNAME|*", "Ann", ""),
]


@pytest.mark.parametrize(("dialect", "text", "known", "unknown"), TEXTS)
def test_a_text_is_filled_in_as_the_vendor_does(dialect, text, known, unknown):
    template = compile_template(text, dialect)
    assert template.render(ANN.get).text == known
    assert template.render({}.get).text == unknown
    assert template.render(ANN.get).text == known


def test_a_rendering_says_what_came_out_empty_and_what_fell_back():
    done = render("{{a}} {{b|x}} {{c|}} {{a}} {{d}}", "instantly", {"d": "  "}.get)
    assert done.empty == ("a", "c", "d")
    assert done.fell_back == ("b",)
    assert render("{{a}}{{b|x}}", "instantly", {"a": "1", "b": "2"}.get) == ("12", (), ())


def test_a_default_does_not_fire_for_a_value_of_spaces():
    assert render('[{{ a | default: "x" }}]', "salesloft", {"a": " "}.get) == ("[ ]", ("a",), ())


def test_an_untaken_branch_is_not_missing():
    text = "{% if city %}{{ city }}{% else %}{{ country }}{% endif %}"
    assert render(text, "salesloft", {"city": "Paris"}.get).empty == ()
    assert render(text, "salesloft", {}.get).empty == ("country",)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}{{ contact.__init__.__globals__ }}",
        "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x ~ x ~ x %}" * 60 + "{{ x }}",
        "{{ 'a'" + "|replace('a','aaaaaaaaaa')" * 6 + " }}",
        "{{ 'a'" + "|replace('a','aaaaaaaaaa')" * 60 + " }}",
        "{% for a in range(1000000000) %}{{ a }}{% endfor %}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    ],
)
def test_nothing_is_run_and_nothing_grows_without_end(text):
    assert len(render(text, "hubspot", {}.get).text) < 10_000


def test_values_are_text_and_never_read_as_a_template():
    assert render("{{a}}", "outreach", {"a": "{{b}} {% raw %}"}.get).text == "{{b}} {% raw %}"


def test_an_unknown_dialect_is_said():
    with pytest.raises(HygieneError, match="hubspot"):
        compile_template("x", "hubspott")
