"""Contacts, and above all: an opt-out is never lost."""

from __future__ import annotations

import pytest

from tests.sources.folder import ENROLLMENTS, OneTable, read

FLAGS = ("contact_id", "opted_out", "do_not_contact")


@pytest.mark.parametrize(
    ("header", "cells", "opted_out"),
    [
        ("opted_out", "yes", True),
        ("opted_out", "no", False),
        ("opted_out", "", False),
        ("opted_out", "on request", True),  # neither yes nor no: to be safe
        ("opted_out", "Not on DNC", False),
        ("opted_out", "aucun", False),
        ("Unsubscribed at", "no", False),
        ("Unsubscribed at", "yes", True),
        *(("opted_out", cell, False) for cell in ("n/a", "-", "None", "NULL", "nan", "?", "—", "0000-00-00", "0.0")),
        *(("opted_out", cell, False) for cell in ("Subscribed", "opted in", "Not opted out", "Abonné", "Angemeldet")),
        *(("opted_out", cell, True) for cell in ("✓", "unknown", "2", "1.0", "Unsubscribed", "true;false", "pending")),
        ("opted_out_at", "n/a", False),
        ("do_not_contact,opted_out_at", "none,NULL", False),
        *(
            (header, "TRUE", True)
            for header in ("Désinscrit", "Opt-out", "Opted Out", "Email Opted Out", "Unsubscribed")
        ),
        *((header, "ja", True) for header in ("Abgemeldet", "Widerspruch")),
        ("Unsubscribed at", "2026-05-01", True),
        ("Subscribed", "No", True),
        ("Abonné", "Non", True),
        ("Subscribed", "yes", False),
        ("Subscribed", "", False),
        ("Email Permission", "Denied", True),
        ("Marketing consent", "Withdrawn", True),
        ("Marketing consent", "No", False),  # never given, not taken back
        ("opted_out_at", "2026-01-05", True),
        ("opted_out_at", "last spring", True),
        ("opted_out_at", "", False),
        ("opted_out,opted_out_at", "no,2026-01-05", True),
        ("Unsubscribed from all email,Opted out of email: One to One", "false,true", True),
        ("Unsubscribed from all email,Opted out of email: One to One", "true,false", True),
        ("hs_email_optout,hs_email_optout_2718", "false,false", False),
    ],
)
def test_an_opt_out_is_read_from_any_column_that_says_it(header: str, cells: str, opted_out: bool) -> None:
    table = OneTable("contacts.csv", f"contact_id,{header}\nc1,{cells}\n")
    assert table.rows("opted_out") == [opted_out]


def test_an_opt_out_that_cannot_be_read_is_listed() -> None:
    loaded = read({"contacts.csv": "contact_id,opted_out\nc1,on request\n"})
    assert loaded.rejects == [("contacts.csv", 2, "opted_out", "on request", "unreadable_opt_out")]


def test_an_opt_out_survives_a_bad_cell_in_its_row() -> None:
    loaded = read({"contacts.csv": "contact_id,created_at,opted_out\nc1,someday,true\n"})
    assert loaded.rows("contacts", *FLAGS) == [("c1", True, False)]
    assert [reject[-1] for reject in loaded.rejects] == ["bad_time"]


@pytest.mark.parametrize("rows", ["c1,Ann,false,\nc1,Anne,true,yes\n", "c1,Anne,true,yes\nc1,Ann,false,\n"])
def test_an_opt_out_in_any_row_of_a_contact_survives(rows: str) -> None:
    loaded = read({"contacts.csv": "contact_id,first_name,opted_out,do_not_contact\n" + rows})
    assert loaded.rows("contacts", *FLAGS) == [("c1", True, True)]
    assert [reject[3:] for reject in loaded.rejects] == [("c1", "duplicate_id")]


def test_a_hard_bounce_in_any_row_of_a_contact_survives() -> None:
    rows = "c1,Ann,\nc1,Anne,UNKNOWN_USER\n"
    loaded = read({"contacts.csv": "contact_id,first_name,hard_bounce_reason\n" + rows})
    assert loaded.rows("contacts", "first_name", "hard_bounce_reason") == [("Ann", "UNKNOWN_USER")]


def test_an_opt_out_of_a_row_without_an_id_becomes_a_suppression() -> None:
    rows = "c1,Ann@One.example,false\n,ann@one.example,true\n,eve@two.example,false\n"
    loaded = read({"contacts.csv": "contact_id,email,opted_out\n" + rows})
    assert loaded.rows("contacts", "contact_id", "opted_out", "suppressed") == [("c1", False, "opted_out")]
    assert loaded.rows("suppressions", "email", "reason", "source") == [("ann@one.example", "opted_out", "contacts")]
    assert [reject[1:] for reject in loaded.rejects] == [
        (3, "contact_id", None, "missing_value"),
        (4, "contact_id", None, "missing_value"),
    ]


def test_suppressions_match_addresses_and_domains_whatever_their_case() -> None:
    contacts = (
        "contact_id,email\n1,Ann@One.Example\n2,bob@two.example\n3,eve@sub.two.example\n4,\n5,kim@three.example\n"
        "6,joe@nottwo.example\n7,zoe@de.sub.two.example\n"
    )
    suppressions = (
        "email,domain,reason,key\n"
        "ann@one.example,,asked,\n"
        ",TWO.example,client,\n"
        ",*.de.sub.two.example,nearest,\n"
        "@three.example,,,\n"  # a domain in the column of addresses
        ",,hashed,0f0f\n"
    )
    loaded = read({"contacts.csv": contacts, "suppressions.csv": suppressions})
    assert loaded.rows("contacts", "suppressed") == ["asked", "client", "client", None, "", None, "nearest"]
    assert loaded.rows("suppressions", "email", "domain", "key") == [
        ("ann@one.example", None, None),
        (None, "de.sub.two.example", None),
        (None, "three.example", None),
        (None, "two.example", None),
        (None, None, "0f0f"),
    ]
    assert loaded.notes["unmatched_keys"] == {"count": 1}


@pytest.mark.parametrize(
    ("email", "domain", "names"),
    [
        ("", "münchen.example", ["@xn--mnchen-3ya.example"]),
        ("", "XN--mnchen-3ya.example.", ["@xn--mnchen-3ya.example"]),
        ("", "https://www.target.example/", ["@target.example"]),
        ("*@target.example", "", ["@target.example"]),
        ("", "one.example; two.example", ["@one.example", "@two.example"]),
        ("c@q3.example;d@q3.example", "", ["c@q3.example", "d@q3.example"]),
        ("c@q3.example/d@q3.example", "", ["c@q3.example", "d@q3.example"]),
        ("'ann@target.example", "", ["ann@target.example"]),
        ("ann@target.example >", "", ["ann@target.example"]),
        ("ann@bücher.example", "", ["ann@xn--bcher-kva.example"]),
        ("ann@target.example", "other.example", ["ann@target.example", "@other.example"]),
        ("", "example", []),  # a whole country
    ],
)
def test_everybody_that_a_suppression_names_is_kept_out(email: str, domain: str, names: list[str]) -> None:
    suppressions = f'email,domain,reason\n"{email}","{domain}",asked\n'
    loaded = read({"contacts.csv": "contact_id\n1\n", "suppressions.csv": suppressions})
    rows = loaded.rows("suppressions", "email", "domain")
    assert [address or f"@{at}" for address, at in rows] == names
    assert bool(loaded.rejects) == (not names)


def test_a_domain_is_one_whether_in_unicode_or_as_dns_has_it() -> None:
    emails = ("a@münchen.example", "b@xn--mnchen-3ya.example", "c@mail.MÜNCHEN.example", "d@munchen.example")
    contacts = "contact_id,email\n" + "".join(f"{number},{email}\n" for number, email in enumerate(emails))
    for domain in ("münchen.example", "xn--mnchen-3ya.example"):
        loaded = read({"contacts.csv": contacts, "suppressions.csv": f"domain,reason\n{domain},x\n"})
        assert loaded.rows("contacts", "suppressed") == ["x", "x", "x", None]


def test_a_provider_of_strangers_is_nobody_s_domain() -> None:
    rows = ",gmail.com\n@Outlook.com,\nann@gmail.com,gmail.com\nann@web.de;*@web.de,\n,acme.com\n"
    contacts = "contact_id,email\n1,bob@gmail.com\n2,ann@gmail.com\n3,bob@acme.com\n"
    loaded = read({"contacts.csv": contacts, "suppressions.csv": "email,domain\n" + rows})
    assert loaded.rows("contacts", "suppressed") == [None, "", ""]
    assert loaded.rows("suppressions", "email", "domain") == [
        ("ann@gmail.com", None),
        ("ann@web.de", None),
        (None, "acme.com"),
    ]
    assert [reject[1::2] for reject in loaded.rejects] == [
        (2, "gmail.com"),
        (3, "@Outlook.com"),
        (4, "gmail.com"),
        (5, "ann@web.de;*@web.de"),
    ]
    assert {reject[-1] for reject in loaded.rejects} == {"public_domain"}
    assert loaded.notes["public_domains"] == {"count": 4}


def test_a_suppression_that_names_nobody_is_listed() -> None:
    rows = "ann@one.example,,\nann,,\n,,asked\n,two.example,\nthree.example,,\n,bob@four.example,\n"
    loaded = read({"contacts.csv": "contact_id\n1\n", "suppressions.csv": "email,domain,reason\n" + rows})
    assert loaded.rows("suppressions", "email", "domain") == [
        ("ann@one.example", None),
        ("bob@four.example", None),
        (None, "three.example"),
        (None, "two.example"),
    ]
    assert loaded.rejects == [
        ("suppressions.csv", 3, "email", "ann", "unknown_value"),
        ("suppressions.csv", 4, "email", None, "missing_value"),
    ]


@pytest.mark.parametrize("header", ["Do Not Email", "DNC", "Blacklisted", "Liste rouge", "Stage", "Lead Status"])
def test_a_mark_not_to_contact_is_read_under_its_names(header: str) -> None:
    cell = "Do Not Contact" if header in ("Stage", "Lead Status") else "1"
    table = OneTable("contacts.csv", f"contact_id,{header}\n1,{cell}\n2,\n3,0\n")
    assert table.rows("do_not_contact") == [True, False, False]


@pytest.mark.parametrize(
    ("header", "is_noted"),
    [
        ("Email permission", True),
        ("Opt in", True),
        ("GDPR consent", True),
        ("Subscribed", False),
        ("Consent date", False),
    ],
)
def test_a_permission_of_which_a_no_is_not_read_is_noted(header: str, is_noted: bool) -> None:
    loaded = read({"contacts.csv": f"contact_id,{header}\n1,\n"})
    assert loaded.notes.get("unread_permission_column") == (
        {"table": "contacts", "column": header} if is_noted else None
    )


@pytest.mark.parametrize(
    ("header", "is_noted"),
    [
        ("Newsletter-Abmeldung", True),
        ("Marketing opt-out", True),
        ("Sales blacklist", True),
        ("Do not email (sales)", True),
        ("Option", False),
        ("Email", False),
    ],
)
def test_a_header_that_looks_like_an_opt_out_and_is_not_known_is_noted(header: str, is_noted: bool) -> None:
    loaded = read({"contacts.csv": f"contact_id,{header}\n1,x\n"})
    expected = {"table": "contacts", "column": header} if is_noted else None
    assert loaded.notes.get("unread_opt_out_column") == expected


def test_keys_follow_the_order_of_the_ids_and_ids_that_only_others_name_are_added() -> None:
    loaded = read({"enrollments.csv": ENROLLMENTS, "contacts.csv": "contact_id,first_name\nc9,Zoe\nc2,Bob\n"})
    assert loaded.rows("contacts", "contact_key", "contact_id", "first_name") == [
        (1, "c1", None),
        (2, "c2", "Bob"),
        (3, "c9", "Zoe"),
    ]
    assert loaded.notes["unknown_ids"] == {"table": "contacts", "column": "contact_id", "count": 1}


def test_seats_are_read_from_their_names() -> None:
    seats = {
        "Sales": True,
        "Sales Hub": True,
        "core;service": True,
        "View-Only": False,
        "Affichage seul": False,
        "oui": True,
        "": None,
        "gold": None,
    }
    senders = "sender_id,seat\n" + "".join(f"s{number},{seat}\n" for number, seat in enumerate(seats))
    loaded = read({"enrollments.csv": ENROLLMENTS, "senders.csv": senders})
    found = dict(loaded.rows("senders", "sender_id", "has_seat"))
    assert [found[f"s{number}"] for number in range(len(seats))] == list(seats.values())
    assert loaded.notes["unknown_seats"] == {"count": 1}  # gold


def test_an_address_in_place_of_an_id_means_the_contact_that_has_it() -> None:
    rows = "e1,Ann@One.Example,s,q,2026-01-01\ne2,7,s,q,2026-01-01\ne3,Eve@Two.Example,s,q,2026-01-01\n"
    loaded = read(
        {
            "contacts.csv": "contact_id,email\n7,ann@one.example\n",
            "enrollments.csv": "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at\n" + rows,
        }
    )
    contacts = dict(loaded.rows("contacts", "contact_key", "contact_id"))
    assert [contacts[key] for key in loaded.rows("enrollments", "contact_key")] == ["7", "7", "eve@two.example"]


def test_an_opt_out_holds_for_every_contact_with_the_address() -> None:
    rows = "c1,Ann@One.example,,\nc2,ann@one.example,true,\nc3,ann@one.example,,yes\nc4,eve@two.example,,\nc5,,,\n"
    loaded = read({"contacts.csv": "contact_id,email,opted_out,do_not_contact\n" + rows})
    assert loaded.rows("contacts", *FLAGS) == [
        ("c1", True, True),
        ("c2", True, True),
        ("c3", True, True),
        ("c4", False, False),
        ("c5", False, False),
    ]


CONTACT_CELLS = "contact_id,email,opted_out,company\n9,z@z.example,false,Z\n"


@pytest.mark.parametrize(
    ("row", "said_no"),
    [
        ("1,a@b.example,true,Smith, Jones\n", True),
        ("1,a@b.example,false,Smith, Jones\n", False),
        ("1,a@b.example,maybe,Smith, Jones\n", True),  # neither reading is clear
        ("1,a@b.example,true\n", True),
        ("1,a@b.example,false\n", False),
        ("1,a@b.example\n", False),  # cut off before it says anything
        ('1,a@b.example,true,"Smith" Jones\n', True),
        ('1,a@b.example,true,"Smith\n8,y@y.example,false,Y\n', True),
        ('1,a@b.example,false,"Smith\n8,y@y.example,false,Y\n', False),
    ],
)
def test_an_opt_out_of_a_row_with_the_wrong_number_of_cells_counts(row: str, said_no: bool) -> None:
    loaded = read({"contacts.csv": CONTACT_CELLS + row})
    assert ("1", True) in loaded.rows("contacts", "contact_id", "opted_out") or not said_no
    assert loaded.rows("suppressions", "email") == (["a@b.example"] if said_no else [])
    assert "1" in loaded.rows("contacts", "contact_id") or not said_no


@pytest.mark.parametrize(
    ("row", "said_no"),
    [("1,Smith, Jones,true\n", True), ("1,Smith, Jones,false\n", False), ("1,Smith,false,true\n", False)],
)
def test_cells_after_one_too_many_are_read_from_the_right(row: str, said_no: bool) -> None:
    loaded = read({"contacts.csv": "contact_id,company,opted_out\n9,Z,false\n" + row})
    assert dict(loaded.rows("contacts", "contact_id", "opted_out")).get("1", False) is said_no


@pytest.mark.parametrize(
    "row",
    [
        "v1,c9,ann,unsubscribe,never",
        "v1,c9,ann,complaint,",
        "v1,c9,,unsubscribe,2026-01-01",
        "v1,c9,ann,unsubscribe,2026-01-01,and more",
        "v0,c9,ann,unsubscribe,2026-01-01",  # the id of another event
    ],
)
def test_an_event_that_opts_out_counts_even_where_its_row_is_rejected(row: str) -> None:
    loaded = read({"events.csv": f"event_id,contact_id,sender_id,type,at\nv0,c1,ann,sent,2026-01-01\n{row}\n"})
    assert loaded.rows("contacts", *FLAGS) == [("c1", False, False), ("c9", True, False)]


@pytest.mark.parametrize(
    "row",
    [
        "e9,c9,ann,q,never,unsubscribed,",
        "e9,c9,,q,2026-01-01,,true",
        "e9,c9,,q,2026-01-01,,on request",  # neither yes nor no: to be safe
        "e1,c9,ann,q,2026-01-01,unsubscribed,",  # the id of another enrollment
        "e9,c9,ann,q,2026-01-01,unsubscribed",
    ],
)
def test_an_enrollment_that_opts_out_counts_even_where_its_row_is_rejected(row: str) -> None:
    header = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,outcome,unsubscribed\n"
    loaded = read({"enrollments.csv": f"{header}e1,c1,ann,q,2026-01-01,finished,no\n{row}\n"})
    assert loaded.rows("contacts", *FLAGS) == [("c1", False, False), ("c9", True, False)]


def test_an_unsubscription_that_cannot_be_read_is_one() -> None:
    header = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,unsubscribed\n"
    rows = "e1,c1,ann,q,2026-01-01,on request\ne2,c2,ann,q,2026-01-01,\n"
    table = OneTable("enrollments.csv", header + rows)
    assert table.rows("unsubscribed") == [True, None]
    assert table.rejects == [("enrollments.csv", 2, "unsubscribed", "on request", "unreadable_opt_out")]


def test_opt_outs_and_suppressions_find_a_contact_that_only_its_address_names() -> None:
    header = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at\n"
    people = ["ann@one.example", "Bob@sub.two.example", "eve@three.example", "joe@four.example", "zoe@four.example"]
    rows = "".join(f"e{number},{who},s,q,2026-01-01\n" for number, who in enumerate(people))
    loaded = read(
        {
            "enrollments.csv": header + rows,
            "contacts.csv": "email,opted_out,company\nzoe@four.example,false,Z\njoe@four.example,true,Smith, Jones\n",
            "suppressions.csv": "email\nann@one.example\ntwo.example\n",
        }
    )
    assert loaded.rows("contacts", "contact_id", "opted_out", "suppressed") == [
        ("ann@one.example", False, ""),
        ("bob@sub.two.example", False, ""),
        ("eve@three.example", False, None),
        ("joe@four.example", True, "opted_out"),
        ("zoe@four.example", False, None),
    ]


SPELLINGS = [
    ("ann@acme.fr", "Ann+News@acme.fr", True),
    ("ann+crm@acme.fr", "ann@acme.fr", True),
    ("a.nn@gmail.com", "ann+x@googlemail.com", True),
    ("a.nn@acme.fr", "ann@acme.fr", False),
    ("+ann@acme.fr", "+bob@acme.fr", False),
    ("ann@acme.fr", "ann@acme.com", False),
    ("ann@bücher.example", "ann+x@xn--bcher-kva.example", True),
    ("ann@xn--bcher-kva.example", "Ann@Bücher.example", True),
    ("ann@bücher.example", "ann@bucher.example", False),
    ("'ann@acme.fr", "ann@acme.fr", True),
    ("ann@acme.fr", "\uff41nn\u3164@acme.fr;", True),
    ("ann(work)@acme.fr", "Ann Lee <ann@acme.fr>", True),
]
"""Who said no, who else is on file, and whether that is the same mailbox."""


@pytest.mark.parametrize(("refused", "other", "is_same"), SPELLINGS)
def test_who_said_no_said_it_for_every_spelling_of_the_mailbox(refused: str, other: str, is_same: bool) -> None:
    loaded = read({"contacts.csv": f"contact_id,email,opted_out\nc1,{refused},true\nc2,{other},false\n"})
    assert loaded.rows("contacts", "opted_out") == [True, is_same]
    by_table = read({"contacts.csv": f"contact_id,email\nc2,{other}\n", "suppressions.csv": f"email\n{refused}\n"})
    assert by_table.rows("contacts", "suppressed") == ["" if is_same else None]


@pytest.mark.parametrize(("reason", "holds"), [("opt_out", True), ("hard_bounce_address", False)])
def test_a_dead_address_is_dead_in_its_own_spelling_alone(reason: str, holds: bool) -> None:
    suppressions = f"email,reason\nann+news@acme.fr,{reason}\n"
    loaded = read({"contacts.csv": "contact_id,email\nc1,ann@acme.fr\n", "suppressions.csv": suppressions})
    assert loaded.rows("contacts", "suppressed") == [reason if holds else None]


REFUSED = "contact_id,email,opted_out"
OTHER = {
    "two addresses in one cell": f"{REFUSED}\nc1,c@q3.example;d@q3.example,true\n",
    "another address in a column of its own": (
        "Record ID,Email,Additional email addresses,Unsubscribed from all email\n"
        "c1,c@q3.example,x@q3.example;D@q3.example,true\n"
    ),
    "an id with two addresses, the second said no": f"{REFUSED}\nc1,c@q3.example,false\nc1,d@q3.example,true\n",
    "an id with two addresses, the first said no": f"{REFUSED}\nc1,c@q3.example,true\nc1,d@q3.example,false\n",
    "two columns of addresses": "Record ID,Email,Email,Unsubscribed\nc1,c@q3.example,d@q3.example,true\n",
    "a row that is left out": f"{REFUSED}\n,c@q3.example d@q3.example,true\nc1,e@q3.example,false\n",
}


@pytest.mark.parametrize("case", OTHER)
def test_a_no_holds_for_all_addresses_of_a_person(case: str) -> None:
    contacts = OTHER[case]
    loaded = read({"contacts.csv": contacts, "enrollments.csv": ENROLLMENTS.replace("c2", "d@q3.example")})
    suppressed = dict(loaded.rows("contacts", "contact_id", "suppressed"))
    assert suppressed["d@q3.example"] == "opted_out"
    assert "d@q3.example" in loaded.rows("suppressions", "email")
    calm = read({"contacts.csv": contacts.replace("true", "false")})
    assert calm.rows("suppressions", "email") == []


@pytest.mark.parametrize("said", ["event", "enrollment"])
def test_a_no_in_an_event_or_an_enrollment_holds_for_all_addresses_of_a_person(said: str) -> None:
    files: dict[str, str | bytes] = {"contacts.csv": "contact_id,email,other_emails\nc1,c@q3.example,d@q3.example\n"}
    if said == "event":
        files["events.csv"] = "event_id,contact_id,sender_id,type,at\nv1,c1,ann,unsubscribe,2026-01-01\n"
    else:
        files["enrollments.csv"] = ENROLLMENTS.replace("finished", "unsubscribed")
    assert read(files).rows("suppressions", "email", "reason") == [("d@q3.example", "opted_out")]


@pytest.mark.parametrize(("reason", "expected"), [("asked", "asked"), ("left_company", None)])
def test_a_suppression_of_another_address_of_a_contact_keeps_it_out(reason: str, expected: str | None) -> None:
    contacts = (
        "contact_id,email,other_emails\n1,c@q3.example,d@q3.example\n2,e@q3.example,\n3,f@q3.example;d@q3.example,\n"
    )
    loaded = read({"contacts.csv": contacts, "suppressions.csv": f"email,reason\nd+x@q3.example,{reason}\n"})
    assert loaded.rows("contacts", "suppressed") == [expected, None, expected]


def test_a_no_under_another_address_of_a_contact_is_its_own() -> None:
    rows = "1,c@q3.example,d@q3.example,\n2,d+x@q3.example,,yes\n3,e@q3.example,,\n"
    assert read({"contacts.csv": "contact_id,email,other_emails,opted_out\n" + rows}).rows("contacts", "opted_out") == [
        True,
        True,
        False,
    ]


def test_of_two_columns_of_addresses_the_first_that_is_filled_counts() -> None:
    contacts = "Record ID,Email,Email\n1,a@q3.example,b@q3.example\n2,,c@q3.example\n"
    loaded = read({"contacts.csv": contacts})
    assert loaded.rows("contacts", "email") == ["a@q3.example", "c@q3.example"]
    assert loaded.notes["further_email_column"] == {"table": "contacts", "column": "Email"}
    nameless = "Email,Email\na@q3.example,b@q3.example\n,C@q3.example\n"
    assert read({"contacts.csv": nameless}).rows("contacts", "contact_id") == ["a@q3.example", "c@q3.example"]
