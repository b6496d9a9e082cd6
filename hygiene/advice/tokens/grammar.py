"""What a dialect is made of. `dialects.py` declares each of them in these terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import re

    from hygiene.advice.tokens.parser import Style

Form = Literal[
    "hubl", "liquid", "handlebars", "apollo", "marketo", "velocity", "formula", "stars", "percent", "percents",
    "conditions",
]  # fmt: skip
Fallback = Literal["pipe", "colon", "attribute", "default", "arrow", "insert", "or"]
Spintax = Literal["braces", "random", "spin", "doubled"]
Names = Literal["identifier", "spaced", "object", "namespace"]
Missing = Literal["blank", "marker", "not_sent"]


@dataclass(frozen=True, slots=True)
class Grammar:
    """One vendor's syntax.

    `braces` says what stands between two braces: nothing that this vendor knows, a plain name, or an expression in a
    `style`. `names` says which names it takes: `identifier` without spaces, `spaced`, Salesforce's `object`
    (`Recipient.FirstName`) or Marketo's `namespace` (`lead.First Name`); `flat` ones have no `contact.` before them.
    `forms` are its other constructs, `fallbacks`
    the ways to write an inline default, `spintax` the ways to write variants of a text. `system` matches the names
    that are no property of a contact (sender, unsubscribe link, date). `missing` is what the vendor prints for a
    missing value without a default. For `auto`, `hints` matches names in the vendor's own spelling, and `mark` a sign
    without which a text is hardly this vendor's.
    """

    name: str
    source: str
    braces: bool = True
    single: bool = False
    triple: bool = False
    style: Style | None = None
    names: Names = "identifier"
    flat: bool = True
    forms: frozenset[Form] = frozenset()
    fallbacks: frozenset[Fallback] = frozenset()
    spintax: frozenset[Spintax] = frozenset()
    system: re.Pattern[str] | None = None
    missing: Missing = "blank"
    hints: re.Pattern[str] | None = None
    mark: re.Pattern[str] | None = None

    def has(self, *forms: Form) -> bool:
        """Say whether the dialect has one of the constructs."""
        return not self.forms.isdisjoint(forms)
