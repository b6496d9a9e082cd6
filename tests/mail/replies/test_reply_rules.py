"""The rules in `models/replies/`: each matches its example, not its near miss, and keeps to the safe dialect."""

from __future__ import annotations

import re

import pytest

from hygiene.errors import ModelError
from hygiene.mail.literals import needed_literals
from hygiene.mail.replies import KINDS, read_reply
from hygiene.mail.replies import rules as rules_module
from hygiene.mail.replies.folding import flow
from hygiene.mail.replies.matching import body_hits, line_hits, subject_hits
from hygiene.mail.replies.rules import Rule, languages, rules
from hygiene.mail.replies.subjects import read_subject

RULES = rules()
MACHINE_KINDS = {"out_of_office", "auto_reply", "challenge", "left_company"}
UNBOUNDED = re.compile(r"(?<!\\)[*+](?!\?)")


def matches(rule: Rule, text: str) -> bool:
    if rule.where == "body":
        return any(hit.rule is rule for hit in body_hits(flow(text), {rule.language: 9}).hits)
    if rule.where == "line":
        return any(hit.rule.kind == rule.kind for hit in line_hits(text))
    return any(hit.rule.kind == rule.kind for hit in subject_hits(read_subject(text).text))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_matches_its_example_and_not_its_near_miss(rule: Rule) -> None:
    assert matches(rule, rule.example)
    assert not matches(rule, rule.near_miss)


@pytest.mark.parametrize("rule", [r for r in RULES if r.where != "subject" and not r.weak], ids=lambda rule: rule.id)
def test_the_example_is_read_as_the_rules_kind_and_the_near_miss_is_not(rule: Rule) -> None:
    assert read_reply(rule.example).kind == rule.kind
    if rule.kind != "human":  # what is like interest and is none may still be a person's
        assert read_reply(rule.near_miss).kind != rule.kind


def test_a_rule_has_one_id_that_names_its_language() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.id.split(".")[0] == rule.language for rule in RULES)


def test_each_language_has_rules_of_each_kind_and_a_word_for_stop() -> None:
    assert len(languages()) >= 14
    for code in languages():
        own = [rule for rule in RULES if rule.language == code]
        assert {rule.kind for rule in own} >= set(KINDS) - {"challenge"}, code
        assert any(rule.where == "line" and rule.kind == "opt_out" for rule in own), code
    assert sum(any(r.kind == "challenge" and r.language == code for r in RULES) for code in languages()) >= 14


def test_each_language_has_phrases_of_each_kind() -> None:
    for code, language in languages().items():
        assert set(language.phrases) == set(KINDS), code


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_pattern_keeps_to_the_dialect_and_repeats_nothing_without_bound_inside_a_repeat(rule: Rule) -> None:
    for pattern in (rule.pattern, rule.unless):
        needed_literals(pattern)  # raises outside the dialect: back references, named groups, flags
        assert not re.search(r"\([^?]", pattern.replace(r"\(", "")), "a capturing group"
        for repeated in re.findall(r"\(\?:([^()]*)\)[*+{]", pattern):
            assert not UNBOUNDED.search(repeated) or r"[a-z0-9" in repeated or " " in repeated, repeated


def test_a_match_always_holds_one_of_the_needed_literals() -> None:
    for rule in RULES:
        found = re.search(rule.pattern, flow(rule.example)) if rule.where == "body" else None
        literals = needed_literals(rule.pattern)
        if found and literals:
            assert any(literal in found[0] for literal in literals), rule.id


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?P<n>a)", r"(?i)a", r"(?:a", r"\pL"])
def test_patterns_outside_the_dialect_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"dialect|bracket"):
        needed_literals(pattern)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("colou?r", {"color", "colour"}),
        ("(?:no|not) (?:now|today)", {"no now", "no today", "not now", "not today"}),
        (r"\bgo(?:ne)? (?:[a-z]+ ){0,3}fishing", {" fishing", "fishing"}),
        (r"[a-z]+", set()),
        ("(?:a|b)?", set()),
        ("x{2,3}yes", {"yes"}),
        ("(?!never)ever", {"ever"}),
    ],
)
def test_the_needed_literals_of_a_pattern(pattern: str, literals: set[str]) -> None:
    found = needed_literals(pattern)
    assert found <= literals
    assert bool(found) is bool(literals)


def test_a_veto_falls_on_the_sentence_and_not_on_the_next_one() -> None:
    assert read_reply("How can users unsubscribe from your mails?").kind == "human"
    assert read_reply("Can users do it? Please unsubscribe me.").kind == "opt_out"


@pytest.mark.parametrize(
    "damage",
    ["[[rule", 'words = ""', '[[rule]]\nid = "x"\nkind = "nothing"\npattern = "a"\nexample = "a"\nnear_miss = "b"'],
)
def test_a_damaged_file_is_named(damage: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "replies"
    for name in ("people", "phrases"):
        (folder / name).mkdir(parents=True)
        (folder / name / "en.toml").write_text("", encoding="utf-8")
    (folder / "en.toml").write_text(damage, encoding="utf-8")
    monkeypatch.setattr(rules_module, "resource", lambda _: tmp_path)
    languages.cache_clear()
    with pytest.raises(ModelError, match=r"models/replies/en\.toml"):
        languages()
    languages.cache_clear()
