"""The check of one address, offline: its form first, then what its domain and its local part say."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hygiene.mail.addresses.lists import disposable, first_listed, free_mail, relays, roles, slips
from hygiene.mail.addresses.syntax import DOMAINS_REMEMBERED, form_of
from hygiene.mail.addresses.types import AddressCheck, Problem
from hygiene.mail.addresses.typos import is_under_no_tld, meant_domain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.mail.addresses.syntax import Form

ENOUGH_CONTACTS = 2
"""Distinct contacts from which a domain is taken as real (evidence/bounces.md section 5)."""

_SEPARATORS = str.maketrans("._", "--")
# "info2", "sales-us": a number, or a country or language; words below four letters may be initials.
_NUMBERED = re.compile(r"([a-z-]{4,}?)(?:-?\d{1,4}|-[a-z]{2})")
_DOT_OR_SLIP = re.compile(r"[.,;:/ ]+")
_NORMALIZABLE = ("dots", "long_local")
"""Unusual local parts that still can be written in one way: without quotes, comments and escapes."""


def check_address(email: str, contacts_by_domain: Mapping[str, int] | None = None) -> AddressCheck:
    """Check one address without asking anybody.

    Parameters
    ----------
    email
        As it stands in a list; spaces around it don't count.
    contacts_by_domain
        Distinct contacts of the whole list by `AddressCheck.domain`: what two or more use is no slip of the finger.

    Returns
    -------
    AddressCheck
        Never an exception, whatever the text.

    Examples
    --------
    >>> check_address("Info@GMIAL.com").problems[0]
    Problem(code='typo_domain', detail='gmial.com', suggestion='gmail.com')
    >>> [problem.code for problem in check_address("no-reply@a.b.mailinator.com").problems]
    ['disposable', 'role_system']
    >>> check_address("jane@acme.com").problems
    ()
    """
    form = form_of(email.strip())
    domain = form.domain.ascii if form.domain and form.verdict != "malformed" else None
    problems = _of_form(form)
    if domain:
        problems += _of_domain(domain, is_used=(contacts_by_domain or {}).get(domain, 0) >= ENOUGH_CONTACTS)
    if form.verdict != "malformed":
        problems += _of_local(form.local)
    return AddressCheck(email, _normalized(form), domain, problems)


def _normalized(form: Form) -> str | None:
    """Return the form to compare; None where quotes or comments allow many, or no domain is there."""
    if form.domain is None or form.domain.ascii is None:
        return None
    if form.verdict == "good" or (form.verdict == "unusual" and form.detail in _NORMALIZABLE):
        return f"{form.local}@{form.domain.unicode}"
    return None


def _of_form(form: Form) -> tuple[Problem, ...]:
    if form.verdict == "good":
        if form.domain and form.domain.is_confusable:
            return (Problem("unusual", "mixed_scripts"),)
        return ()
    found = Problem(form.verdict, form.detail)
    if form.domain and form.domain.ascii is None:
        # "gmailcom", "gmail,com", "gmail..com": no domain at all, but clear what was meant.
        meant = slips().undotted.get(_DOT_OR_SLIP.sub("", form.domain.unicode.lower()))
        if meant:
            return (found, Problem("typo_domain", form.domain.unicode, meant))
    return (found,)


@lru_cache(maxsize=DOMAINS_REMEMBERED)
def _of_domain(domain: str, *, is_used: bool) -> tuple[Problem, ...]:
    """Return what a domain (ASCII) says; a slip is not called disposable although squatters sit on many."""
    meant = meant_domain(domain)
    if meant and (not is_used or is_under_no_tld(domain)):
        return (Problem("typo_domain", domain, meant),)
    if domain in free_mail():
        return (Problem("free_mail", domain),)
    # The nearest listed name decides, so that a relay below a throw-away domain stays a relay; what lies below a real
    # provider is neither its customers' mailbox nor thrown away.
    found = first_listed(domain, relays(), free_mail(), disposable())
    if found is None or found[0] == 1:
        return ()
    return (Problem("privacy_relay" if found[0] == 0 else "disposable", found[1]),)


def _of_local(local: str) -> tuple[Problem, ...]:
    role = role_of(local)
    return (role,) if role else ()


def role_of(local: str) -> Problem | None:
    """Return the role that a local part names, `role_system` or `role_team`; a plus tag changes nothing.

    Examples
    --------
    >>> role_of("info2"), role_of("jane.doe")
    (Problem(code='role_team', detail='info', suggestion=None), None)
    """
    words = roles()
    name = local.lower().partition("+")[0].translate(_SEPARATORS)
    if name in words.system or words.automatic.search(name):
        return Problem("role_system", name)
    numbered = _NUMBERED.fullmatch(name)
    for candidate in (name, *(numbered.groups() if numbered else ())):
        if candidate in words.team:
            return Problem("role_team", candidate)
    return None
