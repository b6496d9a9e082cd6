"""Bounces in words: what happened, how that is known, whose fault it is, what to do, who does it.

“How we send” stands for the fault `sender` of docs/bounces.md: our domain, server or text. A reader who is a sender
would take “the sender's fault” for blame, and most of it is not in a sender's hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.facts.read import FULL_DAYS
from hygiene.flags.bounces import OFTEN_FULL
from hygiene.mail.bounces.types import ADDRESS, MEANINGS
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.facts.types import BounceFacts
    from hygiene.flags.types import BounceClass
    from hygiene.mail.bounces.types import Action, Category, Fault, Owner

CATEGORIES: Mapping[str, Message] = {
    "invalid_mailbox": Message("The mailbox does not exist"),
    "invalid_domain": Message("The domain does not exist or takes no mail"),
    "moved": Message("The address has changed"),
    "mailbox_disabled": Message("The mailbox is disabled"),
    "mailbox_full": Message("The mailbox is full"),
    "temporary": Message("The email did not get through for a reason that may pass"),
    "rate_limit": Message("The server got too many emails at a time"),
    "reputation": Message("The server refused the sender for its reputation"),
    "authentication": Message("The server refused the sender for missing authentication"),
    "content": Message("The server refused the text, a link or an attachment"),
    "policy": Message("The server refused the email by a rule of its own"),
    "recipient_filter": Message("A filter of the recipient refused the email"),
    "suppressed_by_provider": Message("The sending service held the email back, for the address is on its own list"),
    "unknown": Message("Nothing says why the email came back"),
}
"""What happened; each also begins a sentence."""
PERHAPS: Mapping[str, Message] = {
    "invalid_mailbox": Message("The mailbox may not exist"),
    "invalid_domain": Message("The domain may not exist or may take no mail"),
    "moved": Message("The address may have changed"),
    "mailbox_disabled": Message("The mailbox may be disabled"),
}
"""The same where the evidence does not carry a removal."""

FAULTS: Mapping[Fault, Message] = {
    "address": Message("the address"),
    "sender": Message("how we send"),
    "temporary": Message("nobody: it may pass"),
    "recipient_filter": Message("the recipient's filter"),
    "unknown": Message("not known"),
}
FAULT_TITLES: Mapping[Fault, Message] = {
    "address": Message("Address"),
    "sender": Message("How we send"),
    "temporary": Message("May pass"),
    "recipient_filter": Message("Filter"),
    "unknown": Message("Not known"),
}
"""Heads of columns."""
PROVIDERS: Mapping[str, str] = {
    "google": "Google (Gmail)",
    "microsoft": "Microsoft (Outlook, 365)",
    "yahoo": "Yahoo, AOL",
    "apple": "Apple (iCloud)",
    "amazon": "Amazon SES",
    "gmx": "GMX, Web.de",
    "ionos": "IONOS",
    "ovh": "OVH",
    "sfr": "SFR",
    "laposte": "La Poste",
    "godaddy": "GoDaddy",
    "mailru": "Mail.ru",
    "yahoo_japan": "Yahoo Japan",
    "bt": "BT",
    "kpn": "KPN",
    "tim": "TIM",
    "wp": "WP",
    "uol": "UOL",
    "att": "AT&T",
}
"""Names of providers that are not simply capitalized; the keys are those of `models/addresses/providers.toml`."""
OWNERS: Mapping[Owner, Message] = {
    "ops": Message("sales ops"),
    "it": Message("IT"),
    "writer": Message("whoever writes the emails"),
    "nobody": Message("nobody"),
}
ACTIONS: Mapping[Action, Message] = {
    "remove": Message("remove the address"),
    "hold": Message("wait, then look again"),
    "retry": Message("send again later"),
    "fix_sender": Message("keep the contact and mend the cause"),
    "review": Message("look at it before you write again"),
    "suppress": Message("never write again"),
    "ignore": Message("nothing to do"),
}
"""What a bounce, or what was taken for one, asks for; each also ends a sentence."""
MENDED_BY: Mapping[Owner, Message] = {
    "it": Message("keep the contact and let IT mend the cause"),
    "ops": Message("keep the contact and send more slowly"),
    "writer": Message("keep the contact and change the text"),
}
"""What `fix_sender` asks for, by who does it."""

SIGNALS: Mapping[str, Message] = {
    "model": Message("by the wording as a whole"),
    "class 4": Message("the server says “not now”"),
    "after DATA": Message("refused only after the whole email"),
}
"""What decided, where it is neither a code nor a phrase (`hygiene.mail.bounces.verdict`)."""
UNSAID = "no reason given"
SILENT = frozenset({"", "nothing said", UNSAID})
CODE, PHRASE, CRM = "code ", "phrase ", "hubspot:"
LONGEST_CODE = 10
"""Characters up to which a server's own code word is one and no sentence: `TSS04`, `OFR_506`."""


def provider_name(provider: str) -> str:
    """Return what a mail provider calls itself: a name, the same in every language."""
    return PROVIDERS.get(provider) or provider.capitalize()


def bounce_sentence(bounce: BounceFacts, meaning: BounceClass) -> Message:
    """Return the evidence for what a bounce means: what happened, what decided, what to do, the server's own words."""
    sentence = _sentence(meaning)
    if not bounce.detail or bounce.detail.strip().upper() == meaning.signal.removeprefix(CRM).upper():
        return sentence
    if meaning.signal == UNSAID:
        return Message("%(sentence)s The export says only “%(detail)s”.", _said(sentence, bounce.detail))
    return quoted(sentence, bounce.detail)


def quoted(sentence: Message, detail: str) -> Message:
    """Return a sentence with the server's own words after it."""
    return Message("%(sentence)s The server wrote: “%(detail)s”", _said(sentence, detail))


def _said(sentence: Message, detail: str) -> dict[str, Message | Text]:
    return {"sentence": sentence, "detail": Text(detail)}


def _sentence(meaning: BounceClass) -> Message:
    known = known_by(happened(meaning.category, meaning.action), meaning.signal)
    if meaning.history == "alive":
        return Message("%(what)s, yet a later email got there: look at it before you write again.", {"what": known})
    if meaning.history == "often_full":
        return Message(
            "%(what)s, as it was %(times)s times or more within %(days)s days: see whether anybody still reads it"
            " before you write again.",
            {"what": known, "times": Count(OFTEN_FULL), "days": Count(FULL_DAYS.days)},
        )
    return Message("%(what)s: %(todo)s.", {"what": known, "todo": asked_for(meaning.category, meaning.action)})


def happened(category: str, action: str | None) -> Message:
    """Return what happened; where the evidence does not carry a removal, that it may have."""
    return PERHAPS[category] if category in ADDRESS and action != "remove" else CATEGORIES[category]


def asked_for(category: Category, action: Action) -> Message:
    """Return what to do."""
    return MENDED_BY[MEANINGS[category].owner] if action == "fix_sender" else ACTIONS[action]


def known_by(what: Message, signal: str | None) -> Message:
    """Return what happened with what decided in brackets, if anything did.

    Examples
    --------
    >>> from hygiene.reports.translate import Translator
    >>> what = CATEGORIES["authentication"]
    >>> Translator("en").text(known_by(what, "code 5.7.26 + phrase en.authentication.spf"))
    "The server refused the sender for missing authentication (code 5.7.26, the server's words)"
    """
    marks = [_mark(part) for part in (signal or "").split(" + ") if part not in SILENT]
    if not marks:
        return what
    listed = marks[0]
    for mark in marks[1:]:
        listed = Message("%(before)s, %(mark)s", {"before": listed, "mark": mark})
    return Message("%(what)s (%(signal)s)", {"what": what, "signal": listed})


def _mark(part: str) -> Message:
    if part.startswith(CODE):
        code = part.removeprefix(CODE)
        return Message("code %(code)s", {"code": Text(code.upper() if len(code) <= LONGEST_CODE else code)})
    if part.startswith(PHRASE):
        return Message("the server's words")
    if part.startswith(CRM):
        return Message("HubSpot's reason %(reason)s", {"reason": Text(part.removeprefix(CRM))})
    return SIGNALS.get(part) or Message("%(text)s", {"text": Text(part)})
