"""Scan a text for tokens and problems, and fill it in for a contact, in a declared dialect or in the likeliest."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.tokens.dialects import AUTO, GRAMMARS
from hygiene.advice.tokens.expressions import Scope
from hygiene.advice.tokens.reader import Reader
from hygiene.advice.tokens.types import Problem, Rendered, Scan
from hygiene.advice.tokens.words import is_field
from hygiene.errors import HygieneError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from hygiene.advice.tokens.blocks import Node
    from hygiene.advice.tokens.grammar import Grammar

INDEXED = re.compile(r"\[[\"']([^\"']*)[\"']\]")


def scan(text: str, dialect: str, fields: Collection[str] | None = None) -> Scan:
    """Return the tokens and problems of a text, both in its order.

    Parameters
    ----------
    text : str
        A subject or a body, plain or HTML.
    dialect : str
        One of `DIALECTS`; `auto` takes the dialect that understands most of the text.
    fields : collection of str, optional
        The property names that exist. Without them there is no `unknown_token`. A token is known by its whole name or
        by the name without its object (`contact.firstname` by `firstname`); the sender's and the vendor's own names are
        always known.

    Raises
    ------
    HygieneError
        Where there is no such dialect.

    Examples
    --------
    >>> found = scan('Hi {{ contact.firstname|default("there") }}, [Company]', "hubspot", ["firstname"])
    >>> found.pairs(), [problem.kind for problem in found.problems]
    ([('contact.firstname', 'there')], ['placeholder_literal'])
    >>> scan("Bonjour *|FNAME|*", "auto").dialect
    'mailchimp'
    """
    names = frozenset(fields or ())
    reader = _likeliest(text, names) if dialect == AUTO else Reader(text, _grammar(dialect), names).read()
    problems = list(reader.problems)
    if fields is not None:
        problems += [
            Problem("unknown_token", token.span, text[slice(*token.span)])
            for token in reader.tokens
            if not is_known(token.path, names, reader.grammar)
        ]
    name = reader.grammar.name if dialect != AUTO or reader.tokens else None
    return Scan(name, tuple(reader.tokens), tuple(sorted(problems, key=lambda problem: problem.span)))


def is_known(path: str, fields: frozenset[str], grammar: Grammar) -> bool:
    """Say whether a token's name is among the fields, or is the vendor's own.

    Examples
    --------
    >>> hubspot = GRAMMARS["hubspot"]
    >>> [is_known(path, frozenset({"city"}), hubspot) for path in ("contact.city", "contact.x", "owner.email")]
    [True, False, True]
    """
    name = INDEXED.sub(r".\1", path)
    if path in fields or name in fields or path.rpartition("=")[2] in fields:
        return True
    rest = name
    while "." in rest:
        rest = rest.partition(".")[2]
        if rest in fields:
            return True
    return grammar.system is not None and grammar.system.fullmatch(path) is not None


def _grammar(dialect: str) -> Grammar:
    if dialect not in GRAMMARS:
        raise HygieneError(f"There is no dialect “{dialect}”{did_you_mean(dialect, GRAMMARS)}.")
    return GRAMMARS[dialect]


def _likeliest(text: str, fields: frozenset[str]) -> Reader:
    """Return the reading that understands most: tokens less problems, then names in the vendor's own spelling.

    Where nothing is understood, it is the one that finds most that is broken.
    """
    readers = [Reader(text, grammar, fields).read() for grammar in GRAMMARS.values()]
    return max(readers, key=_understood)


def _understood(reader: Reader) -> tuple[bool, int, int, int]:
    grammar = reader.grammar
    kinds = Counter(problem.kind for problem in reader.problems)
    if not reader.tokens:
        return False, kinds["malformed"], reader.hits, 0
    own = sum(bool(grammar.hints and grammar.hints.fullmatch(token.path)) for token in reader.tokens)
    if grammar.mark and not grammar.mark.search(reader.text):
        own -= len(reader.tokens)
    if grammar.single and ("{{" in reader.text or not (own or any(is_field(token.path) for token in reader.tokens))):
        return False, 0, 0, 0  # Unify takes any word in braces: it must look like a field, and be nobody else's
    return True, len(reader.tokens) - kinds["malformed"] - kinds["foreign_dialect"], reader.hits, own


class Template:
    """A text that is parsed once and filled in for many contacts. Nothing in it is ever run.

    Examples
    --------
    >>> template = compile_template("Hi {{#if first_name}}{{first_name}}{{#else}}there{{#endif}}!", "apollo")
    >>> template.render({"first_name": "Ann"}.get).text, template.render({}.get).text
    ('Hi Ann!', 'Hi there!')
    """

    def __init__(self, found: Scan, nodes: list[Node]) -> None:
        self.scan = found
        self._nodes = nodes

    def render(self, values: Callable[[str], str | None]) -> Rendered:
        """Return the text for one contact; `values` gives the value of a path, or None."""
        scope = Scope(values)
        out: list[str] = []
        for node in self._nodes:
            node.write(scope, out)
        return Rendered("".join(out), tuple(dict.fromkeys(scope.empty)), tuple(dict.fromkeys(scope.fell_back)))


def compile_template(text: str, dialect: str) -> Template:
    """Parse a text for `Template.render`.

    A missing value takes the inline default, and without one prints what the vendor prints: nothing, or HubSpot's
    `[[MISSING TOKEN - …]]`. Conditions are decided, variants (spintax) take the first, loops print nothing, for a list
    is no value of a contact. A broken or foreign tag stays as it is written.

    Raises
    ------
    HygieneError
        Where there is no such dialect.
    """
    found = scan(text, dialect)
    reader = Reader(text, GRAMMARS[found.dialect or "hubspot"]).read()
    return Template(found, reader.template)


def render(text: str, dialect: str, values: Callable[[str], str | None]) -> Rendered:
    """Fill in a text once; for many contacts, `compile_template` parses it once.

    Examples
    --------
    >>> render("Bonjour {{firstName|à vous}}, {{city}}", "instantly", {}.get)
    Rendered(text='Bonjour à vous, ', empty=('city',), fell_back=('firstName',))
    """
    return compile_template(text, dialect).render(values)
