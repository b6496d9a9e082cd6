"""What a suggestion is about, in words: `source:vendor-x` is for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.slots import slot_words
from hygiene.reports.words import filled, verbatim
from hygiene.values import Message, Territory, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.facts.types import Facts
    from hygiene.values import Value

WHOLE: Mapping[str, Message] = {
    "bounces:address": Message("Bounces of dead addresses"),
    "bounces:own-fault": Message("Bounces from how we send"),
    "bounces:unseen": Message("Bounces not seen"),
    "clock:opt-out": Message("Time until an opt-out takes effect"),
    "contact-list:asked-out": Message("Contacts who asked not to be written to"),
    "contact-list:dead-addresses": Message("Contacts with a dead address"),
    "contact-list:doubtful-addresses": Message("Contacts with a doubtful address"),
    "contact-list:no-basis": Message("Contacts without a documented basis"),
    "contact-list:opted-out": Message("Contacts who said no"),
    "contact-list:other-language": Message("Contacts of another language"),
    "contact-list:reimported": Message("Contacts imported again after they said no"),
    "contact-list:unengaged": Message("Contacts who stay silent"),
    "contact-list:unverified": Message("Contacts with an unverified address"),
    "dns:authentication": Message("Authentication of the domain"),
    "domain:unknown": Message("A domain that is not known"),
    "enrollments:never-ended": Message("Enrollments that never ended"),
    "enrollments:taken-out-early": Message("Enrollments taken out early"),
    "first_email:length": Message("Length of the first email"),
    "first_email:questions": Message("Questions in the first email"),
    "gap:segment": Message("Gap that the segments explain"),
    "import:events": Message("Events of the import"),
    "import:totals": Message("Totals of the import"),
    "opt_out:all_templates": Message("A way out in all templates"),
    "postal_address:all_templates": Message("The postal address in all templates"),
    "replies:sender": Message("Replies of one sender"),
    "replies:team": Message("Replies of the team"),
    "score": Message("The score"),
    "sent:missing_token": Message("Sent emails with a missing token"),
    "subject:false_answer": Message("Subject lines that pretend to answer"),
    "subject:style": Message("Style of the subject lines"),
    "values": Message("Values that tokens print"),
}
"""Subjects that name nothing of the data."""
NAMED: Mapping[str, Message] = {
    "domain": Message("Domain %(name)s"),
    "import_batch": Message("Import batch %(name)s"),
    "industry": Message("Industry %(name)s"),
    "source": Message("List %(name)s"),
    "token": Message("Token %(name)s"),
}
"""By their kind, subjects that name something of the data after a colon."""
STEP = Message("Step %(step)s of %(sequence)s")
SEQUENCE = Message("Sequence %(name)s")
ADDRESS_IN = Message("The postal address: %(where)s")


def subject_words(subject: str, facts: Facts) -> Value:
    """Return a subject in words; one of a kind that is not known stays as it is.

    Parameters
    ----------
    subject
        As `Suggestion.subject` has it.
    facts
        For the names of the sequences.
    """
    if subject in WHOLE:
        return WHOLE[subject]
    kind, _, name = subject.partition(":")
    labels = {row.sequence_id: row.label for row in facts.sequences.values()}
    if kind in NAMED:
        return filled(NAMED[kind], {"name": Text(name)})
    if kind == "sequence":
        return filled(SEQUENCE, {"name": Text(labels.get(name, name))})
    if kind == "template":
        sequence, _, step = name.rpartition("/")
        return filled(STEP, {"step": Text(step), "sequence": Text(labels.get(sequence, sequence))})
    if kind == "postal_address":
        return filled(ADDRESS_IN, {"where": subject_words(name, facts)})
    if kind == "country":
        return Territory(name)
    return slot_words(name) if kind == "timing" else verbatim(subject)
