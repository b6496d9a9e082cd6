from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.gate.ledger.keys import Hasher
from hygiene.mail.addresses.names import (
    LONGEST,
    PLAIN_CELL,
    address_of,
    covering,
    domain_of,
    is_public,
    named_in,
    variant_of,
)

HASHER = Hasher(bytes(32))
SAME = {
    "case": ("Ann.Lee@ACME.com", "ann.lee@acme.com"),
    "spaces around it": ("  ann@acme.com\t\r\n", "ann@acme.com"),
    "a no-break space and a byte order mark": ("\ufeffann@acme.com\u00a0", "ann@acme.com"),
    "signs that nobody sees, from a web page": ("an\u200bn@acme\u00ad.com", "ann@acme.com"),
    "a name before it": ('"Lee, Ann" <Ann@acme.com>', "ann@acme.com"),
    "a link": ("mailto:ann@acme.com", "ann@acme.com"),
    "a link in brackets": ("<MAILTO:ann@acme.com>", "ann@acme.com"),
    "a dot after the domain": ("ann@acme.com.", "ann@acme.com"),
    "a domain in Unicode and as DNS has it": ("ann@MÜNCHEN.example.de", "ann@xn--mnchen-3ya.example.de"),
    "letters with their accents apart": ("rene\u0301@acme.com", "rené@acme.com"),
    "an accent in capitals": ("RENÉ@acme.com", "rené@acme.com"),
    "a domain with its accents apart": ("ann@mu\u0308nchen.example.de", "ann@münchen.example.de"),
    "an apostrophe by which a spreadsheet keeps text": ("'ann@acme.com", "ann@acme.com"),
    "an apostrophe in a name": ("O'Neil@acme.com", "o'neil@acme.com"),
    "quotes that are not needed": ('"Ann"@acme.com', "ann@acme.com"),
    "a cell in quotes": ('"ann@acme.com"', "ann@acme.com"),
    "a comment": ("ann(work)@acme.com", "ann@acme.com"),
    "a comment after it": ("ann@acme.com (work)", "ann@acme.com"),
    "full-width letters": ("\uff21\uff2e\uff2e\uff20\uff21\uff23\uff2d\uff25.com", "ann@acme.com"),
    "a full-width plus sign": ("ann\uff0bx@acme.com", "ann+x@acme.com"),
    "a joiner of graphemes": ("ann\u034f@acme.com", "ann@acme.com"),
    "a selector of variants": ("ann\ufe0f@acme.com", "ann@acme.com"),
    "a filler of Hangul": ("ann\u3164@acme.com", "ann@acme.com"),
    "a tag character": ("ann\U000e0061@acme.com", "ann@acme.com"),
    "a comma after it": ("ann@acme.com,", "ann@acme.com"),
    "a semicolon after it": ("ann@acme.com;", "ann@acme.com"),
    "half a bracket": ("ann@acme.com>", "ann@acme.com"),
    "a domain that DNS could not hold": ("ann@-Bücher-.de", "ann@-bücher-.de"),
}
NO_ADDRESS = (
    "",
    "   ",
    "ann",
    "acme.com",
    "@acme.com",
    "ann@",
    "a b@acme.com",
    "ann@acme .com",
    "ann@a.com, bob@b.com",
    '"ann"@a.com;bob@b.com',
    "ann@@acme.com",
)
ODD = (
    "ann,lee@acme.com",
    "a..b@docomo.example",
    "ann@localhost",
    '"ann@lee"@acme.com',
    "ann@[10.0.0.1]",
)


@pytest.mark.parametrize("case", SAME)
def test_one_address_has_one_spelling(case: str) -> None:
    one, other = SAME[case]
    assert address_of(one) == address_of(other)
    assert address_of(one) is not None


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_address_has_no_spelling(text: str) -> None:
    assert address_of(text) is None


@pytest.mark.parametrize("text", ODD)
def test_an_odd_address_is_remembered_all_the_same(text: str) -> None:
    assert str(address_of(text)) == text


def test_hostile_text_is_no_address() -> None:
    assert address_of("a" * 400 + "@acme.com") is None
    assert address_of("ann@acme.com\x00") is None
    assert address_of("ann@acme.com\nbob@acme.com") is None
    assert address_of("\ud800nn@acme.com") is not None
    assert HASHER.of("\ud800nn@acme.com") is not None


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.com", "acme.com"),
        ("@ACME.com", "acme.com"),
        ("*.acme.com", "acme.com"),
        ("*@acme.com", "acme.com"),
        (" .acme.com. ", "acme.com"),
        ("MÜNCHEN.example.de", "xn--mnchen-3ya.example.de"),
        ("https://www.acme.com/", "acme.com"),
        ("HTTP://acme.com:8080/about?x=1", "acme.com"),
        ("www.acme.com", "acme.com"),
        ("www.com", "www.com"),
        ("'acme.com,", "acme.com"),
        ("\uff41cme.com", "acme.com"),
        ("https://acme.com/?mail=ann@other.com", None),
        ("com", None),
        ("@com", None),
        ("ann@acme.com", None),
        ("acme..com", None),
        ("acme .com", None),
        ("a" * 400 + ".com", None),
    ],
)
def test_a_domain_has_one_spelling_and_a_country_is_none(text: str, domain: str | None) -> None:
    assert domain_of(text) == domain


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("", ()),
        ("ann", ()),
        ("Ann@acme.com", ("ann@acme.com",)),
        ("*@acme.com", ("@acme.com",)),
        ("c@q3.example;d@q3.example", ("c@q3.example", "d@q3.example")),
        ("c@q3.example, d@q3.example", ("c@q3.example", "d@q3.example")),
        ("c@q3.example d@q3.example", ("c@q3.example", "d@q3.example")),
        ("c@q3.example/d@q3.example", ("c@q3.example", "d@q3.example")),
        ("c@q3.example | d@q3.example\nc@Q3.example", ("c@q3.example", "d@q3.example")),
        ("a/b@q3.example; d@q3.example", ("a/b@q3.example", "d@q3.example")),
        ("Cy <c@q3.example>; Dee Lee <d@q3.example>", ("c@q3.example", "d@q3.example")),
        ('"c"@q3.example;d@q3.example', ("c@q3.example", "d@q3.example")),
        ("c@q3.example;@acme.com", ("c@q3.example", "@acme.com")),
        ("acme.com; https://www.other.com/", ("@acme.com", "@other.com")),
        ("a b@acme.com", ()),  # whose address that is, nobody knows
        ("n/a; ann@acme.com", ("ann@acme.com",)),
        ("acme.com, other.com", ("@acme.com", "@other.com")),
        ("acme.com, ask Ann", ()),
        ("never write, e.g. at fairs", ()),
    ],
)
def test_a_cell_names_everybody_that_stands_in_it(cell: str, names: tuple[str, ...]) -> None:
    assert named_in(cell) == names


@settings(deadline=None)
@given(st.from_regex(PLAIN_CELL, fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_a_plain_cell_is_its_own_spelling(cell: str) -> None:
    assert named_in(cell) == named_in(cell.upper()) == ((cell,) if len(cell) <= LONGEST else ())


def test_a_provider_s_domain_is_nobody_s_own() -> None:
    names = ("@gmail.com", "@outlook.fr", "@duck.com", "ann@gmail.com", "@acme.com", "@gmail.acme.com")
    assert [is_public(name) for name in names] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("address", "variant"),
    [
        ("ann+news@acme.com", "ann@acme.com"),
        ("ann+a+b@acme.com", "ann@acme.com"),
        ("a.n.n@acme.com", "a.n.n@acme.com"),
        ("+ann@acme.com", "+ann@acme.com"),
        ("a.n.n@gmail.com", "ann@gmail.com"),
        ("A.n.n+x@GoogleMail.com", "ann@gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
    ],
)
def test_a_variant_is_without_plus_tag_and_at_gmail_without_dots(address: str, variant: str) -> None:
    found = address_of(address)
    assert found is not None
    assert str(variant_of(found)) == variant


@settings(deadline=None)  # the first address loads email-validator
@given(st.text(max_size=40), st.sampled_from(("acme.com", "gmail.com", "googlemail.com", "münchen.example.de")))
def test_a_spelling_and_a_variant_stay_what_they_are(local: str, domain: str) -> None:
    address = address_of(f"{local}@{domain}")
    if address is not None:
        assert address_of(str(address)) == address
        assert variant_of(variant_of(address)) == variant_of(address)


def test_a_domain_and_those_above_it_are_looked_up() -> None:
    assert covering("a.b.acme.com") == ["a.b.acme.com", "b.acme.com", "acme.com"]


def test_an_address_and_a_domain_never_have_the_same_hash() -> None:
    hashes = [HASHER.of(who) for who in ("ann@acme.com", "ann+x@acme.com", "acme.com", "b.acme.com")]
    keys = [found.key for found in hashes if found]
    assert len(keys) == len(set(keys)) == 4
    assert HASHER.key_id not in {key[:32] for key in keys}


def test_the_hash_is_the_published_one() -> None:
    """RFC 4231, section 4.3 (test case 2): the HMAC-SHA256 of “what do ya want for nothing?” under “Jefe”."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert Hasher(b"Jefe").hashed(b"what do ya want for nothing?") == expected
