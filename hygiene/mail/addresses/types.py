"""What a check of an address says."""

from __future__ import annotations

from typing import Literal, NamedTuple

Code = Literal[
    "malformed",
    "unusual",
    "typo_domain",
    "disposable",
    "role_system",
    "role_team",
    "free_mail",
    "privacy_relay",
]
Weight = Literal["never", "warn", "note"]

WEIGHTS: dict[Code, Weight] = {
    "malformed": "never",
    "unusual": "warn",
    "typo_domain": "warn",
    "disposable": "warn",
    "role_system": "never",
    "role_team": "warn",
    "free_mail": "note",
    "privacy_relay": "note",
}
"""How much a finding weighs: `never` mail it, `warn` somebody, or just a `note` (evidence/bounces.md section 5)."""


class Problem(NamedTuple):
    """One finding about an address; stable words, no sentence."""

    code: Code
    detail: str = ""
    """What it was found by: a reason (`no_at`, `quoted`, `mixed_scripts`, …), a role's word, a listed domain."""
    suggestion: str | None = None
    """For `typo_domain`: the domain that was probably meant."""

    @property
    def weight(self) -> Weight:
        """How much it weighs."""
        return WEIGHTS[self.code]


class AddressCheck(NamedTuple):
    """What is known of one address without asking anybody.

    Examples
    --------
    >>> check = AddressCheck("x@duck.com", "x@duck.com", "duck.com", (Problem("privacy_relay", "duck.com"),))
    >>> check.is_privacy_relay, check.is_mailable, check.role
    (True, True, None)
    """

    email: str
    """As given."""
    normalized: str | None
    """The one form to compare and send to: local part as given (NFC), domain in lower-case Unicode. None: has none."""
    domain: str | None
    """In lower-case ASCII (`xn--…`), as DNS, lists and counts use it. None: no domain that DNS could hold."""
    problems: tuple[Problem, ...] = ()

    def find(self, code: Code) -> Problem | None:
        """Return the finding of a code, or None."""
        return next((problem for problem in self.problems if problem.code == code), None)

    @property
    def is_mailable(self) -> bool:
        """Nothing forbids to mail it; it may still not exist."""
        return all(problem.weight != "never" for problem in self.problems)

    @property
    def is_disposable(self) -> bool:
        """A throw-away mailbox."""
        return self.find("disposable") is not None

    @property
    def is_free_mail(self) -> bool:
        """A private person's mailbox at a free-mail or access provider."""
        return self.find("free_mail") is not None

    @property
    def is_privacy_relay(self) -> bool:
        """A real person behind a forwarding address."""
        return self.find("privacy_relay") is not None

    @property
    def role(self) -> Literal["system", "team"] | None:
        """The tier of a role address; None: a person's, as far as one can see."""
        if self.find("role_system"):
            return "system"
        return "team" if self.find("role_team") else None

    @property
    def suggestion(self) -> str | None:
        """The domain that was probably meant, where the one given looks like a slip."""
        slip = self.find("typo_domain")
        return slip.suggestion if slip else None
