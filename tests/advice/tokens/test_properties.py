"""Whatever the text: no error, spans within it, the same twice, and no more work than its length."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hygiene.advice.tokens import braces, forms, reader
from hygiene.advice.tokens.dialects import DIALECTS, GRAMMARS
from hygiene.advice.tokens.scan import compile_template, scan

PIECES = (
    *("{", "}", "{{", "}}", "{{{", "}}}", "{%", "%}", "{#", "#}", "{!", "*|", "|*", "%", "%%", "|", "||", ":", "->"),
    *("#if", "#end", "/if", "else", "if ", "endif", "for x in ", "set x = ", "raw", "endraw", "case ", "when "),
    *("contact.firstname", "first_name", "First Name", "lead.First Name", "FNAME", "Recipient.X", "contactfield="),
    *("RANDOM", "spin", "endspin", "default", "(", ")", '"', "'", "“", "”", "\\", "$", "${", "[", "]", "[[", "<b>"),
    *("</b>", "<style>", "&quot;", "&nbsp;", "\n", " ", "é", "😀", "\ud800", "0", ".", ",", "=", "x", "https://a.b/"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=80)


@given(text=TEXTS, dialect=st.sampled_from(DIALECTS))
@example(text="{{" + "(" * 500 + "}}", dialect="hubspot")
@example(text="{{a" + "|e" * 990 + "}}", dialect="hubspot")
@example(text="{% if " + "not " * 400 + "a %}", dialect="salesloft")
@example(text="{% if a %}" * 400, dialect="salesloft")
@example(text="{a|" * 400, dialect="smartlead")
def test_no_text_raises_and_spans_lie_within_it(text, dialect):
    found = scan(text, dialect, ["first_name"])
    for start, end in (item.span for item in (*found.tokens, *found.problems)):
        assert 0 <= start < end <= len(text)
    assert found.problems == tuple(sorted(found.problems, key=lambda problem: problem.span))
    assert all(problem.text == text[slice(*problem.span)] for problem in found.problems)
    assert all(token.path and token.path == token.path.strip() for token in found.tokens)


@given(text=TEXTS, dialect=st.sampled_from(DIALECTS))
def test_any_text_can_be_filled_in_and_twice_the_same(text, dialect):
    template = compile_template(text, dialect)
    assert template.render({}.get) == template.render({}.get)


@given(text=st.text(st.characters(exclude_characters="{}%|[<&X$#*"), max_size=200), dialect=st.sampled_from(DIALECTS))
def test_a_text_without_signs_has_no_token_no_problem_and_stays_as_it_is(text, dialect):
    found = scan(text, dialect)
    assert (found.tokens, found.problems) == ((), ())
    assert compile_template(text, dialect).render({}.get).text == text


@given(texts=st.lists(st.sampled_from(["{{a_b}}", "{{c_d|x}}", "Hi", " ", "{e_f}", "*|G|*"]), max_size=8))
def test_a_text_is_the_sum_of_its_whole_parts(texts):
    whole = scan("\n".join(texts), "instantly")
    parts = [scan(text, "instantly") for text in texts]
    assert [token.path for token in whole.tokens] == [token.path for part in parts for token in part.tokens]
    assert [p.kind for p in whole.problems] == [p.kind for part in parts for p in part.problems]


class Counted:
    """A pattern that counts the characters which its matches look at."""

    def __init__(self, pattern, counts):
        self.pattern, self.counts = pattern, counts

    def match(self, text, at=0):
        found = self.pattern.match(text, at)
        self.counts.append(len(found[0]) if found else 1)
        return found


@pytest.mark.parametrize("piece", ["{", "{{", "{{{", "{{a", "{{a}", "{{a}}", "{ {", "{%", "{{ a b", "*|", "%", "{!"])
@pytest.mark.parametrize("dialect", sorted(GRAMMARS))
def test_the_work_grows_with_the_length_and_not_with_its_square(monkeypatch, dialect, piece):
    counts: list[int] = []
    monkeypatch.setattr(reader, "BRACED", Counted(reader.BRACED, counts))
    monkeypatch.setattr(forms, "STARS", Counted(forms.STARS, counts))
    monkeypatch.setattr(forms, "PERCENTS", Counted(forms.PERCENTS, counts))
    monkeypatch.setattr(forms, "FORMULA", Counted(forms.FORMULA, counts))
    text = piece * (2000 // len(piece))
    scan(text, dialect)
    assert sum(counts) <= 4 * len(text)


@pytest.mark.parametrize(
    "text", ["{% if 'a' %}" * 600 + "x" + "{% endif %}" * 600, "{{a" + "|e" * 990 + "}}", "{{" + "(" * 900 + "}}"]
)
def test_no_depth_of_a_template_is_too_much(text):
    """Outside of Hypothesis, which lets Python go deeper than it would."""
    assert compile_template(text, "hubspot").render({}.get).empty == ()


class Searched(str):
    """A text that counts how often it is searched for the end of a tag."""

    searches = 0

    def find(self, *place):
        Searched.searches += 1
        return super().find(*place)


@pytest.mark.parametrize("piece", ["{% if a ", "{# a ", "{{!-- a "])
def test_an_end_that_is_nowhere_is_looked_for_once(piece):
    Searched.searches = 0
    for dialect in ("hubspot", "pardot"):
        scan(Searched(piece * 1000), dialect)
    assert Searched.searches <= 4


@pytest.mark.parametrize("text", ["{" * 1_000_000, "{{" * 400_000, "{% if a %}" * 100_000, "{{a}} " * 50_000])
def test_a_megabyte_of_braces_is_read(text):
    found = scan(text, "hubspot")
    assert len(found.tokens) + len(found.problems) >= 1


def test_a_tag_that_is_longer_than_any_is_none():
    long = "a" * (reader.LONGEST_TAG + 10)
    assert scan(f"{{{{{long}}}}}", "outreach").tokens == ()
    assert braces.IDENTIFIER.fullmatch(long)
