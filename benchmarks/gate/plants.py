"""What is planted in a list: refusals in every form, faults of rows, and rows that only look like one.

Each plant is a function that puts one person into a draft, with all that the source has to know of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.gate.truth import DROP, EITHER, KEEP, NEVER, ONE
from benchmarks.gate.words import DEAD, NO_STOPS, OPT_IN_COUNTRIES, OWN_FAULT, SOFT, STOPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.gate.draft import Draft

    Plant = Callable[[Draft], None]

OLD_DAYS = 40
"""Age of a plant's history: long enough to be no reason by itself, young enough for every export's events."""
HOSTS = {"en": ("gmial.com", "hotmial.com", "gmail.con"), "fr": ("gmial.com", "wanado.fr", "hotmail.rf")}
REFUSED = "true"


def by_flag(draft: Draft) -> None:
    """Plant a row: the CRM says that the contact has opted out."""
    draft.row(draft.person(opted_out=REFUSED), "opt_crm_flag", NEVER)


def by_do_not_contact(draft: Draft) -> None:
    """Plant a row: the CRM says do not contact."""
    draft.row(draft.person(do_not_contact=REFUSED), "opt_do_not_contact", NEVER)


def by_suppression(draft: Draft) -> None:
    """Plant a row: the address is suppressed, in another spelling."""
    person = draft.person()
    draft.suppress(email=draft.spelled(person["email"]))
    draft.row(person, "opt_suppressed_email", NEVER)


def by_domain(draft: Draft) -> None:
    """Plant a row: the whole domain is suppressed; the row may stand below it."""
    local, number = draft.address().partition("@")[0], draft.book.people
    domain = f"quiet-works{number}.com"
    person = draft.person(email=f"{local}@{domain}")
    draft.suppress(domain=domain.upper() if draft.coin() else domain)
    draft.row(person | {"email": f"{local}@{'mail.' if draft.coin() else ''}{domain}"}, "opt_suppressed_domain", NEVER)


def by_unsubscribe(draft: Draft) -> None:
    """Plant a row: the contact clicked unsubscribe in an earlier mail."""
    person = draft.person()
    draft.enroll(person, OLD_DAYS, "unsubscribed", [("unsubscribe", "")])
    draft.row(person | {"email": draft.spelled(person["email"])}, "opt_unsubscribe", NEVER)


def by_stop(draft: Draft) -> None:
    """Plant a row: the contact answered an earlier mail with a refusal, in words alone."""
    person = draft.person()
    draft.enroll(person, OLD_DAYS, "replied", [("reply", draft.one(STOPS[draft.language]))])
    draft.row(person, "opt_reply_text", NEVER)


def by_complaint(draft: Draft) -> None:
    """Plant a row: the contact reported an earlier mail as spam."""
    person = draft.person()
    draft.enroll(person, OLD_DAYS, "unenrolled", [("complaint", "")])
    draft.row(person, "opt_complaint", NEVER)


def by_list(draft: Draft) -> None:
    """Plant a row: the list itself says that the contact has opted out."""
    person = draft.person()
    draft.row(person | {"opted_out": draft.one(("true", "Yes", "oui", "1"))}, "opt_list_column", NEVER)


def by_twin(draft: Draft) -> None:
    """Plant a row: another record of the CRM with the same mailbox has opted out."""
    person = draft.person()
    draft.person(email=draft.spelled(person["email"]), opted_out=REFUSED)
    draft.row(person, "opt_twin_record", NEVER)


def by_other_address(draft: Draft) -> None:
    """Plant a row: the same contact has opted out under an older address; only its id tells."""
    person = draft.person(opted_out=REFUSED)
    draft.row(person | {"email": draft.address()}, "opt_other_address", NEVER)


def by_ledger(draft: Draft) -> None:
    """Plant a row: the ledger remembers a refusal, in another spelling, and the source knows nothing of it."""
    person = draft.person()
    draft.ledger.append(draft.spelled(person["email"]).strip())
    draft.row(person, "opt_ledger", NEVER)


def by_ledger_domain(draft: Draft) -> None:
    """Plant a row: the ledger remembers a refusal of the whole domain."""
    domain = f"closed-works{draft.book.people}.com"
    draft.ledger.append(f"@{domain}")
    draft.row(draft.person(email=draft.address(domain)), "opt_ledger_domain", NEVER)


def dead_by_bounce(draft: Draft) -> None:
    """Plant a row: an earlier mail came back: there is no such mailbox."""
    person = draft.person()
    draft.enroll(person, OLD_DAYS, "bounced", [("bounce", draft.one(DEAD[:2]))])
    email = person["email"].upper() if draft.coin() else person["email"]
    draft.row(person | {"email": email}, "dead_bounce", DROP, is_dead=True)


def dead_by_reason(draft: Draft) -> None:
    """Plant a row: the CRM knows the reason of a hard bounce."""
    draft.row(draft.person(hard_bounce_reason="UNKNOWN_USER"), "dead_reason", DROP, is_dead=True)


def bounced_for_no_known_reason(draft: Draft) -> None:
    """Plant a row: an earlier mail came back, the export does not say why."""
    person = draft.person()
    draft.enroll(person, 80, "bounced", None)
    draft.row(person, "bounced_unknown", EITHER, is_dead=True)


def typo(draft: Draft) -> None:
    """Plant a row: the domain is mistyped."""
    draft.row(draft.person(email=draft.address(draft.one(HOSTS[draft.language]))), "typo", DROP, is_dead=True)


def disposable(draft: Draft) -> None:
    """Plant a row: the mailbox is a disposable one."""
    draft.row(draft.person(email=draft.address(draft.one(("mailinator.com", "yopmail.com")))), "disposable", DROP)


def role(draft: Draft) -> None:
    """Plant a row: the mailbox is shared."""
    person = draft.person(freemail=False)
    local = draft.one(
        ("info", "contact", "support", "sales") if draft.language == "en" else ("contact", "info", "ventes")
    )
    draft.row(person | {"email": f"{local}@{person['email'].partition('@')[2]}"}, "role", DROP)


def invalid(draft: Draft) -> None:
    """Plant a row: the address is none."""
    broken = draft.one(("", "n/a", "anna.clarke@", "anna clarke@example.com", "a..b@northworks.com", "@northworks.com"))
    draft.row(draft.person(email=broken), "invalid", DROP, is_dead=True)


def unverified(draft: Draft) -> None:
    """Plant a row: a verifier says that the address is invalid."""
    draft.row(draft.person(verification="invalid"), "verified_invalid", DROP, is_dead=True)


def duplicate(draft: Draft) -> None:
    """Plant a row: the same mailbox stands on the list in other spellings."""
    person = draft.person(email=draft.address("gmail.com") if draft.coin() else None)
    name = f"duplicate-{person['contact_id']}"
    draft.row(person, name, ONE)
    draft.row(person | {"email": draft.spelled(person["email"])}, name, ONE)
    draft.row(person | {"email": person["email"].replace("@", "+news@")}, name, ONE)


def running(draft: Draft) -> None:
    """Plant a row: the contact is in a running sequence."""
    person = draft.person()
    draft.enroll(person, 3, "active", [])
    draft.row(person, "running", DROP)


def recent(draft: Draft) -> None:
    """Plant a row: the contact was written to a few days ago."""
    person = draft.person()
    draft.enroll(person, 6, "unenrolled", [])
    draft.row(person, "recent", DROP)


def language(draft: Draft) -> None:
    """Plant a row: the contact reads another language than the mail's."""
    draft.row(draft.person(language="fr" if draft.language == "en" else "en"), "language", DROP)


def token(draft: Draft) -> None:
    """Plant a row: the mail would come out broken: a needed name is missing or a placeholder."""
    draft.row(draft.person(first_name=draft.one(("", "N/A", "[First Name]", "-"))), "token", DROP)


def consent(draft: Draft) -> None:
    """Plant a row: the country asks for an opt-in, and none is known."""
    draft.row(draft.person(country=draft.one(OPT_IN_COUNTRIES)), "consent", DROP)


def consented(draft: Draft) -> None:
    """Plant a row: the country asks for an opt-in, and there is one."""
    basis = {"legal_basis": "Freely given consent from contact", "consent_at": "2026-03-02", "consent_source": "form"}
    draft.row(draft.person(country=draft.one(OPT_IN_COUNTRIES), **basis), "keep_consented", KEEP)


def refused_for_the_sender(draft: Draft) -> None:
    """Plant a row: an earlier mail was refused for the sender's own fault: no fault of the contact's."""
    person = draft.person()
    draft.enroll(person, OLD_DAYS, "bounced", [("bounce", draft.one(OWN_FAULT))])
    draft.row(person, "keep_sender_fault", KEEP)


def was_full(draft: Draft) -> None:
    """Plant a row: an earlier mail met a full or busy mailbox, the next ones arrived."""
    person = draft.person()
    draft.enroll(person, OLD_DAYS, "finished", [("bounce", draft.one(SOFT))])
    draft.row(person, "keep_soft_bounce", KEEP)


def did_not_refuse(draft: Draft) -> None:
    """Plant a row: an answer in which words of a refusal stand, but it is none."""
    person = draft.person()
    draft.enroll(person, OLD_DAYS, "replied", [("reply", draft.one(NO_STOPS[draft.language]))])
    draft.row(person, "keep_no_refusal", KEEP)


def colleague(draft: Draft) -> None:
    """Plant a row: somebody at the same company has opted out, this contact has not."""
    person = draft.person(freemail=False)
    draft.suppress(email=f"other.{person['email']}")
    draft.row(person, "keep_colleague", KEEP)


REFUSALS: tuple[Plant, ...] = (
    *(by_flag, by_do_not_contact, by_suppression, by_domain, by_list, by_twin, by_ledger, by_ledger_domain),
)
"""Refusals that any source can tell."""
WITH_HISTORY: tuple[Plant, ...] = (by_unsubscribe,)
"""And those that only one with enrollments can tell."""
SAID: tuple[Plant, ...] = (by_stop, by_complaint)
"""And those that only one with events can tell."""
FAULTS: tuple[Plant, ...] = (
    *(dead_by_reason, typo, disposable, role, invalid, unverified, duplicate, language, token, consent, consented),
    *(colleague, bounced_for_no_known_reason, running, recent),
)
FAULTS_WITH_EVENTS: tuple[Plant, ...] = (dead_by_bounce, refused_for_the_sender, was_full, did_not_refuse)
WITH_IDS: tuple[Plant, ...] = (by_other_address,)
"""Refusals that only a list with the CRM's ids can tell."""
