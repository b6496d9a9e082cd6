"""Read an expression of HubL, Liquid, a Salesforce formula or a Velocity condition into a tree.

One hand-written descent for all: each of them is the same few operators with other spellings. It reads from left to
right once, and the depth is bounded, so that no text makes it slow or deep.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hygiene.advice.tokens.expressions import Compared, Default, Field, Filtered, Joined, Literal, Not, choose
from hygiene.advice.tokens.filters import HUBL, LIQUID

if TYPE_CHECKING:
    from hygiene.advice.tokens.expressions import Expression

LEXEME = re.compile(
    r"""\s*(?:
    (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<number>\d+(?:\.\d+)?(?![\w]))
    |(?P<name>[$@]?[^\W\d](?:\w|-(?=\w))*(?:(?:\.[\w-]+)|\[(?:\d+|"[^"\]]*"|'[^'\]]*')\])*)
    |(?P<operator>->|==|!=|<=|>=|<>|&&|\|\||\?\?|\?:|//|\*\*|[|.,:()\[\]{}<>+*/%~!?=&-])
    )""",
    re.VERBOSE,
)
ESCAPED = re.compile(r"\\(.)")
CONSTANTS = {
    **dict.fromkeys(("blank", "empty", "nil", "null", "none", "None", "false", "False", "FALSE", "NULL"), ""),
    **dict.fromkeys(("true", "True", "TRUE"), "true"),
}
EQUAL = {
    "==": "==",
    "=": "==",
    "!=": "!=",
    "<>": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "eq": "==",
    "ne": "!=",
}
JOINS = {"+", "-", "*", "/", "%", "~", "&", "//", "**"}
BLANK_TESTS = {"isblank", "isnull", "isempty"}
DEFAULTS = {"nullvalue", "blankvalue", "personalization_token"}
DEEPEST = 40
"""Brackets within brackets that we follow; no mail has more (assumed)."""
LONGEST = 300
"""Words and signs that an expression may have: the tree of a chain is as deep as the chain is long (assumed)."""


class Style(NamedTuple):
    """How a language spells what all of them can say."""

    filters: frozenset[str] | None = None
    """The known filters; None: the language has none, and `|` is not its sign."""
    colon: bool = False
    """Arguments of a filter after a colon, as in Liquid; else in brackets, as in HubL."""
    fallback_signs: frozenset[str] = frozenset()
    """Signs between a field and its default, or two conditions, beside `or`: `||`, `?:`."""


HUBL_STYLE = Style(HUBL)
LIQUID_STYLE = Style(LIQUID, colon=True)
ZENDESK_STYLE = Style(LIQUID, colon=True, fallback_signs=frozenset({"||"}))
CONDITION_STYLE = Style(fallback_signs=frozenset({"||", "?:"}))
"""Of a Salesforce formula, a Velocity or ActiveCampaign condition, and Adobe's `{%= … %}`."""


class ExpressionError(ValueError):
    """An expression that its language would not take; `filter` is an unknown filter's name where that is all."""


def parse(text: str, style: Style) -> Expression:
    """Return the tree of an expression.

    Raises
    ------
    ExpressionError
        Where the language would not take it.

    Examples
    --------
    >>> list(parse('contact.firstname|title|default("there")', HUBL_STYLE).reads())
    [('contact.firstname', 'there')]
    >>> list(parse('first_name | default: "there"', LIQUID_STYLE).reads())
    [('first_name', 'there')]
    """
    parser = _Parser(text, style)
    tree = parser.whole()
    if parser.kind:
        raise ExpressionError(f"unexpected {parser.word!r}")
    return tree


def parse_list(text: str, style: Style) -> list[Expression]:
    """Return the trees of a list with commas, such as the values of Liquid's `when`."""
    parser = _Parser(text.replace(" or ", ", "), style)
    trees = [parser.whole()]
    while parser.take(","):
        trees.append(parser.whole())
    if parser.kind:
        raise ExpressionError(f"unexpected {parser.word!r}")
    return trees


class _Parser:
    """One pass over an expression; `kind` and `word` are the lexeme ahead, both empty at the end."""

    def __init__(self, text: str, style: Style) -> None:
        self.text, self.style = text, style
        self.at = self.depth = self.count = 0
        self.kind = self.word = ""
        self.advance()

    def advance(self) -> str:
        """Step over the lexeme ahead and return it."""
        word = self.word
        self.count += 1
        if lexeme := LEXEME.match(self.text, self.at):
            self.kind = lexeme.lastgroup or ""
            self.word, self.at = lexeme[self.kind], lexeme.end()
        elif self.text[self.at :].strip():
            raise ExpressionError(f"unreadable at {self.at}")
        else:
            self.kind = self.word = ""
        if self.count > LONGEST:
            raise ExpressionError("too long")
        return word

    def take(self, *words: str) -> bool:
        """Step over the lexeme ahead if it is one of the words."""
        if self.kind not in ("", "string") and self.word in words:
            self.advance()
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise ExpressionError(f"{word!r} is missing")

    def whole(self) -> Expression:
        """Read `a if x else b`, or anything below it."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("too deep")
        tree = self.either()
        if self.take("if"):
            test = self.either()
            tree = choose(test, tree, self.whole() if self.take("else") else Literal(""))
        elif self.take("?"):
            then = self.whole()
            self.expect(":")
            tree = choose(tree, then, self.whole())
        self.depth -= 1
        return tree

    def either(self) -> Expression:
        left = self.both()
        while self.take("or", *self.style.fallback_signs):
            left = Default(left, self.both())
        return left

    def both(self) -> Expression:
        left = self.negated()
        while self.take("and", "&&"):
            left = Compared("and", left, self.negated())
        return left

    def negated(self) -> Expression:
        turned = False
        while self.take("not", "!"):
            turned = not turned
        tree = self.comparison()
        return Not(tree) if turned else tree

    def comparison(self) -> Expression:
        left = self.joined()
        while True:
            if self.kind == "operator" and self.word in EQUAL:
                left = Compared(EQUAL[self.advance()], left, self.joined())
            elif self.take("contains"):
                left = Compared("contains", left, self.joined())
            elif self.take("in"):
                left = Compared("contains", self.joined(), left)
            elif self.take("is"):
                left = self.tested(left)
            else:
                return left

    def tested(self, left: Expression) -> Expression:
        """Read HubL's `is defined`, `is not none`, `is string_containing "x"`: the word is a test, no field."""
        turned = self.take("not")
        word = self.advance().lower()
        if self.kind in ("string", "number"):
            tree: Expression = Compared("contains" if "contain" in word else "==", left, self.filtered())
        else:
            tree = Not(left) if word in ("none", "null", "empty", "undefined", "blank", "nil") else left
        return Not(tree) if turned else tree

    def joined(self) -> Expression:
        parts = [self.filtered()]
        while self.kind == "operator" and self.word in JOINS:
            self.advance()
            parts.append(self.filtered())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts))

    def filtered(self) -> Expression:
        tree = self.primary()
        while self.style.filters is not None and self.take("|"):
            if self.kind != "name":
                raise ExpressionError("a filter's name is missing")
            name = self.advance()
            arguments = self.arguments()
            if name in ("default", "d"):
                tree = Default(tree, arguments[0]) if arguments else tree
            elif not arguments and name not in self.style.filters:
                raise ExpressionError(f"unknown filter {name!r}")
            else:
                tree = Filtered(tree, name, tuple(arguments))
        return tree

    def arguments(self) -> list[Expression]:
        """Read the arguments of a filter."""
        if not self.style.colon:
            return self.bracketed(")") if self.take("(") else []
        arguments = []
        if self.take(":"):
            arguments.append(self.argument())
            while self.take(","):
                arguments.append(self.argument())
        return arguments

    def argument(self) -> Expression:
        """Read one argument, or `name: value` and `name=value`, whose name is no field."""
        tree = self.primary() if self.style.colon else self.whole()
        if self.take(":" if self.style.colon else "="):
            tree = self.whole()
        return tree

    def bracketed(self, end: str) -> list[Expression]:
        arguments: list[Expression] = []
        while not self.take(end):
            if arguments:
                self.expect(",")
            arguments.append(self.argument() if end == ")" else self.whole())
            if end == "}" and self.take(":"):
                arguments.append(self.whole())
        return arguments

    def primary(self) -> Expression:
        kind, word = self.kind, self.advance()
        if kind == "string":
            return Literal(ESCAPED.sub(r"\1", word[1:-1]))
        if kind == "number":
            return Literal(word)
        if kind == "name":
            return self.named(word)
        if word == "(":
            tree = self.whole()
            self.expect(")")
            return tree
        if word in ("[", "{"):
            return Joined(tuple(self.bracketed({"[": "]", "{": "}"}[word])))
        if word == "-":
            return self.primary()
        raise ExpressionError(f"unexpected {word!r}" if word else "nothing there")

    def named(self, name: str) -> Expression:
        if self.kind == "operator" and self.word == "(":
            self.advance()
            return self.called(name)
        if name in CONSTANTS:
            return Literal(CONSTANTS[name])
        if name in ("and", "or", "not", "in", "is", "if", "else", "contains"):
            raise ExpressionError(f"unexpected {name!r}")
        return Field(name)

    def called(self, name: str) -> Expression:
        """Read a function: its name is no field, its arguments may be; `contact.firstname.upper()` is a filter."""
        arguments = self.bracketed(")")
        function = name.lower()
        if function in DEFAULTS and arguments:
            first = arguments[0]
            if function == "personalization_token" and isinstance(first, Literal):
                first = Field(first.text.strip())
            return Default(first, arguments[1]) if len(arguments) > 1 else first
        if function in BLANK_TESTS and len(arguments) == 1:
            return Not(arguments[0])
        if function == "not" and len(arguments) == 1:
            return Not(arguments[0])
        if function == "if" and len(arguments) == 3:
            return choose(*arguments)
        if function in ("and", "in_array") and len(arguments) == 2:
            return Compared("and" if function == "and" else "contains", arguments[1], arguments[0])
        if "." in name:
            path, _, method = name.rpartition(".")
            return Filtered(Field(path), method, tuple(arguments))
        if len(arguments) == 1:
            return Filtered(arguments[0], name)
        return Joined(tuple(arguments))
