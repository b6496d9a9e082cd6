"""Read a text once, from left to right, into tokens, problems and a template. Nothing in it is run.

Time grows with the length of the text alone: each place is looked at by patterns that stop at the next brace or after
a bounded number of characters, and the next end of a tag is remembered, so that a million opening braces are no worse
than a million letters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hygiene.advice.tokens import forms, spintax, velocity
from hygiene.advice.tokens.blocks import Builder
from hygiene.advice.tokens.braces import HTML_TAG, IDENTIFIER, SPACED, read_braces
from hygiene.advice.tokens.events import Broken, Event, printed
from hygiene.advice.tokens.expressions import Literal
from hygiene.advice.tokens.shapes import addresses, code, follows_code, inside, is_short_name, looks_like_name
from hygiene.advice.tokens.statements import ELSE_IF, END, OPENERS, read_statement
from hygiene.advice.tokens.types import Problem, Token
from hygiene.advice.tokens.words import is_field, literals

if TYPE_CHECKING:
    from hygiene.advice.tokens.blocks import Node
    from hygiene.advice.tokens.forms import Found
    from hygiene.advice.tokens.grammar import Grammar
    from hygiene.advice.tokens.types import Kind, Span

BRACED = re.compile(r"(\{+)([^{}]*)(\}*)")
TAGS = re.compile(r"(?:\s*</?[A-Za-z][^<>{}]*>)+\s*")
CLOSING = re.compile(r"(?:\s*</?[A-Za-z][^<>{}]*>)*\s*\}")
OPENINGS = re.compile(r"\{\{(?:\s*\{\{)+")
NAME_AHEAD = re.compile(r"(\s*)([#/]?[^\W\d][\w.-]*)")
RAW_END = {word: re.compile(rf"\{{%-?\s*end{word}\s*-?%\}}") for word in ("raw", "verbatim", "comment")}
RAW = re.compile(r"\{%-?\s*(raw|verbatim|comment)\s*-?%\}")
SHORTEST_NAME = 3
"""Letters of a word that Unify's single braces take for a field, where nothing else says that it is one (assumed)."""
BLOCK_OPENING = re.compile(r"\{\{#\s*\w|\{%-?\s*#?(?:if|unless|for|case)\b|\*\|IF|%IF|#(?:if|foreach)")
LONGEST_TAG = 2000
"""Characters of one tag; what is longer has lost its end (assumed)."""


class Reader:
    """One reading of one text in one dialect: `read()` fills `tokens`, `problems` and `template`."""

    def __init__(self, text: str, grammar: Grammar, fields: frozenset[str] = frozenset()) -> None:
        self.text, self.grammar, self.fields = text, grammar, fields
        self.tokens: list[Token] = []
        self.problems: list[Problem] = []
        self.template: list[Node] = []
        self.taken: list[Span] = []
        self.hits = 0
        self.own: list[set[str]] = [set()]
        self.builder = Builder(prints_its_test=grammar.has("apollo"), has_marker=grammar.missing == "marker")
        self.ahead: dict[str, int] = {}
        self.marks = spintax.marks(text, grammar)
        self.single = 0
        self.velocity = grammar.has("velocity") and velocity.PRESENT.search(text) is not None
        self.addresses = addresses(text) if "%" in text or grammar.single else []
        self.code = code(text) if "{" in text else []

    def read(self) -> Reader:
        """Read the text."""
        text, at, flushed = self.text, 0, 0
        signs = self._signs()
        while opening := signs.search(text, at):
            start = opening.start()
            found = self._at(start)
            if found is None:
                at = start + 1
                continue
            end, outcome = found
            if outcome is None:
                at = end
                continue
            self.builder.text(text[flushed:start])
            self._take(outcome, (start, end))
            at = flushed = end
        self.builder.text(text[flushed:])
        self.template = self.builder.finish()
        self.problems += [Problem("malformed", span, text[slice(*span)]) for span in self.builder.unclosed]
        self._literals()
        return self

    def _signs(self) -> re.Pattern[str]:
        signs = [r"[{}|]" if self.marks else r"[{}]", r"\*\|", "%"]
        if self.grammar.has("stars"):
            signs.append(r"\|[A-Z]")
        if self.velocity:
            signs.append(velocity.SIGN)
        elif "$" in self.text:
            signs.append(r"\$!?\{")
        return re.compile("|".join(signs))

    def _at(self, at: int) -> Found | None:
        """Return where the tag at a place ends and what it is; None for plain text."""
        if mark := self.marks.get(at):
            return mark[1], mark[0]
        text, grammar = self.text, self.grammar
        sign = text[at]
        if sign in "*|":
            return forms.read_stars(text, at, native=grammar.has("stars"))
        if sign in "$#":
            return velocity.read_velocity(text, at) if self.velocity else self._foreign_velocity(at)
        if sign == "%":
            return self._percent(at)
        if sign == "}":
            self.single = max(0, self.single - 1)
            return None
        return self._brace(at)

    def _percent(self, at: int) -> Found | None:
        text, grammar = self.text, self.grammar
        if found := forms.read_percents(text, at, native=grammar.has("percents")):
            return found
        if grammar.name == "smartlead" and (own := forms.SMARTLEAD.match(text, at)):
            return own.end(), printed(own[1])
        in_address = inside(self.addresses, at)
        return forms.read_percent(text, at, native=grammar.has("percent"), in_address=in_address)

    def _foreign_velocity(self, at: int) -> Found | None:
        found = velocity.FIELD.match(self.text, at)
        if not found or not found[1] or not (looks_like_name(found[1], frozenset())):
            return None
        return found.end(), "foreign_dialect"

    def _brace(self, at: int) -> Found | None:
        text = self.text
        following = text[at + 1 : at + 2]
        if following == "%":
            return self._statement(at)
        if following == "!":
            return forms.read_formula(text, at, native=self.grammar.has("formula"))
        if following == "#" and self.grammar.has("hubl"):
            end = self._end("#}", at)
            return (end, Event("skip")) if end > 0 else (at + 2, "malformed")
        return self._braced(at)

    def _end(self, mark: str, at: int) -> int:
        """Return where the next `mark` ends, or -1; asked again further on, it knows what lies ahead."""
        known = self.ahead.get(mark)
        if known is None or -1 < known < at:
            known = self.ahead[mark] = self.text.find(mark, at)
        return known + len(mark) if known >= 0 else -1

    def _statement(self, at: int) -> Found | None:
        if raw := RAW.match(self.text, at):
            return self._raw(raw)
        end = self._end("%}", at)
        content = self.text[at + 2 : end - 2] if 0 < end <= at + LONGEST_TAG else None
        if content is None or "{%" in content:
            word = re.match(r"\{%[-\s]*[#/]?(\w+)", self.text[at : at + 40])
            known = (
                word and word[1] in {*OPENERS, *ELSE_IF, *END, "else"} and self.grammar.has("hubl", "liquid", "marketo")
            )
            return (at + word.end(), "malformed") if word and known else None
        if HTML_TAG.search(content):
            return end, "malformed"
        try:
            event = read_statement(content, self.grammar)
        except Broken as broken:
            return end, broken.kind
        return (end, event) if event else None

    def _raw(self, raw: re.Match[str]) -> Found | None:
        """Read a raw block or a comment; the text of the first is printed as it stands."""
        if not self.grammar.has("hubl", "liquid"):
            return None
        word = raw[1]
        if self.ahead.get(word) == -1:
            return raw.end(), "malformed"
        end = RAW_END[word].search(self.text, raw.end())
        if not end:
            self.ahead[word] = -1
            return raw.end(), "malformed"
        if word == "comment":
            return end.end(), Event("skip")
        return end.end(), Event("print", expression=Literal(self.text[raw.end() : end.start()]))

    def _braced(self, at: int) -> Found | None:
        found = BRACED.match(self.text, at)
        if not found:
            return None
        if self.grammar.triple and self.text.startswith("{{!--", at) and (end := self._end("--}}", at)) > 0:
            return end, Event("skip")
        width, content, closing = len(found[1]), found[2], len(found[3])
        inner_end = found.end(2)
        if width == 1:
            return self._single(found)
        if closing > 2 and (inner_end + 2 in self.marks or self.single >= closing - 2):
            closing = 2
        if width == 2 and closing == 2:
            return self._double(at, content, inner_end + 2)
        if width == 3 and closing >= 3 and self.grammar.triple and self.grammar.braces:
            return self._double(at, content, inner_end + 3)
        if width == 3 and closing == 2 and self.grammar.spintax:
            return None  # the first brace opens a variant, or is text; the token begins at the next
        return self._broken(found) or (found.end(1), None)

    def _double(self, at: int, content: str, end: int) -> Found | None:
        if end - at > LONGEST_TAG:
            return None
        try:
            event = read_braces(content, self.grammar)
        except Broken as broken:
            return end, broken.kind
        return end, event

    def _broken(self, found: re.Match[str]) -> Found | None:
        """Judge braces of which there are too few or too many on a side."""
        width, content, closing = len(found[1]), found[2], len(found[3])
        if not self.grammar.braces or inside(self.code, found.start()):
            return None
        if width > 3 and not content.strip():
            return found.end(1), "malformed"
        if width == 2 and (run := OPENINGS.match(self.text, found.start())):
            return self._openings(run.start(), run.end()), "malformed"
        if closing:
            if not self._named(content) and not HTML_TAG.search(content) and not (width > 1 and is_short_name(content)):
                return None
            end = found.end()
            if closing < width and (more := CLOSING.match(self.text, end)):
                end = more.end()
            return end, "malformed"
        name = NAME_AHEAD.match(content)
        if not name or (name[1] and not self._named(name[2])):
            return None
        return found.end(1) + name.end(), "malformed"

    def _openings(self, start: int, end: int) -> int:
        """Return where openings in a row end, `{{ {{`; the last is not one of them where something stands in it."""
        after = self.text[end : end + LONGEST_TAG].lstrip()[:1]
        if after in ("", "{", "}"):
            return end
        return start + len(self.text[start : end - 2].rstrip())

    def _single(self, found: re.Match[str]) -> Found | None:
        """Judge a single brace: Unify's and Mautic's tokens, half of a token, or text."""
        at, content, closing = found.start(), found[2], len(found[3])
        grammar = self.grammar
        if closing == 0 and TAGS.fullmatch(content) and self.text.startswith("{", found.end()):
            return self._split(found.end())
        if closing != 1:
            lost = self._is_loose(at, content) or (not self.single and IDENTIFIER.fullmatch(content.strip()))
            if closing == 2 and grammar.braces and lost and not inside(self.code, at):
                return found.end(), "malformed"
            if closing == 0 and (end := self._is_half(at, content)):
                return found.end(1) + end, "malformed"
            self.single += 1
            return None
        outcome = forms.read_mautic(content, native=grammar.name == "mautic", fields=self.fields)
        if outcome:
            return found.end(), outcome
        if grammar.single and not HTML_TAG.search(content) and (token := self._unify(at, content)):
            return found.end(), token
        if self._is_loose(at, content):
            return found.end(), "malformed" if grammar.braces else "foreign_dialect"
        self.single += 1
        return None

    def _unify(self, at: int, content: str) -> Event | None:
        name, bar, fallback = content.partition("|")
        name = name.strip()
        in_address = inside(self.addresses, at)
        if not SPACED.fullmatch(name) or inside(self.code, at):
            return None
        # `/users/{userId}` is talk about an interface, unless the name is a field of ours.
        if follows_code(self.text, at) and not (in_address and self._is_field(name)):
            return None
        word = not bar and len(name) >= SHORTEST_NAME and IDENTIFIER.fullmatch(name)
        if not self._named(name) and (not word or in_address):
            return None
        return printed(name, fallback.strip().strip("\"'") if bar else None)

    def _is_field(self, name: str) -> bool:
        hints = self.grammar.hints
        return is_field(name) or name in self.fields or bool(hints and hints.fullmatch(name))

    def _split(self, at: int) -> Found | None:
        """Judge two braces with HTML tags between them: `{<b>{first_name}</b>}`."""
        found = BRACED.match(self.text, at)
        if not found or not found[3] or not self.grammar.braces:
            return None
        more = CLOSING.match(self.text, found.end()) if len(found[3]) == 1 else None
        return (more.end() if more else found.end()), "malformed"

    def _is_half(self, at: int, content: str) -> int:
        """Return where a token in single braces ends that has lost its second, or 0: `{company_name`."""
        words = content.split(None, 1)
        if not words or content[:1].isspace() or inside(self.code, at):
            return 0
        if self.grammar.name == "mautic":
            return len(words[0]) if re.match(r"(?:contact|owner|lead)field=\w", words[0]) else 0
        name = words[0].strip(".,;:!?")
        return len(name) if self.grammar.single and self._named(name) and "|" not in content else 0

    def _is_loose(self, at: int, content: str) -> bool:
        """Say whether a single brace holds a name, and neither code nor a formula surrounds it."""
        if not self._named(content.partition("|")[0]) or inside(self.code, at):
            return False
        return not follows_code(self.text, at)

    def _named(self, content: str) -> bool:
        return looks_like_name(content, self.fields)

    def _take(self, outcome: Event | Kind, span: Span) -> None:
        """Keep what a tag means."""
        self.taken.append(span)
        if isinstance(outcome, str):
            self.problems.append(Problem(outcome, span, self.text[slice(*span)]))
            if outcome == "malformed" and BLOCK_OPENING.match(self.text, span[0]):
                self.builder.add(Event("open", "other", span=span, problem=outcome), ())  # its end is no mistake
            else:
                self.builder.text(self.text[slice(*span)])
            return
        self.hits += 1
        event = outcome._replace(span=span)
        if event.problem:
            self.problems.append(Problem(event.problem, span, self.text[slice(*span)]))
        paths = self._reads(event)
        self.builder.add(event, paths)
        if event.step == "open" and event.word == "for":
            self.own.append(set(event.names))
        elif event.step == "close" and event.word == "for" and len(self.own) > 1:
            self.own.pop()
        else:
            self.own[-1].update(event.names)

    def _reads(self, event: Event) -> tuple[str, ...]:
        """Keep the tokens of a tag, but for the template's own variables, and return their paths."""
        if not event.expression:
            return ()
        tested = event.step in ("open", "middle")
        paths = []
        for path, fallback in event.expression.reads():
            root = re.split(r"[.\[/]", path, maxsplit=1)[0]
            if not any(root in names for names in self.own):
                self.tokens.append(Token(path, fallback, event.span, tested))
                paths.append(path)
        return tuple(dict.fromkeys(paths))

    def _literals(self) -> None:
        """Add what people have left in the text outside the tags."""
        starts = [start for start, _ in self.taken]
        for problem in literals(self.text):
            before = bisect_right(starts, problem.span[0]) - 1
            after = before + 1
            inside = before >= 0 and self.taken[before][1] > problem.span[0]
            touches = after < len(starts) and starts[after] < problem.span[1]
            if not inside and not touches:
                self.problems.append(problem)
