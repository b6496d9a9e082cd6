"""A cleanup in words: its actions, and the evidence for each contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.bounce_words import happened, known_by, quoted
from hygiene.reports.words import filled, flag_sentence
from hygiene.values import Message, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.cleanup.types import Action, Decision, Held
    from hygiene.values import Value

ACTION_WORDS: Mapping[Action, Message] = {
    "suppress": Message("Never write again"),
    "remove": Message("Remove"),
    "hold": Message("Wait"),
    "unbounce_and_fix": Message("Mend, then unbounce"),
    "review": Message("Look into it"),
    "resume_on": Message("Resume on a date"),
    "pause": Message("Pause"),
    "sender_fault": Message("Leave alone, mend it"),
}
"""What to do with a contact; also the name of a sheet, so at most 31 characters."""

ACTION_INTROS: Mapping[Action, Message] = {
    "suppress": Message(
        "These people said no. Take them out of every sequence and mark them as opted out; never delete them, or they"
        " come back as new."
    ),
    "remove": Message(
        "These addresses are dead, by their own server's word. Import them as opt-outs first, so that they are"
        " remembered; only then delete or archive them."
    ),
    "hold": Message("These mailboxes take no mail at the moment. Leave them out until the day in the row."),
    "unbounce_and_fix": Message(
        "The CRM holds these people back for something that is not their fault. Mend the cause, ask them to let your"
        " mail through, then unbounce them."
    ),
    "review": Message("Something is not clear about these people. Look before the next email; nobody is deleted."),
    "resume_on": Message("These people are away. Write again from the day in the row."),
    "pause": Message("A reply from these people has become too unlikely. Leave them out of the next campaign."),
    "sender_fault": Message(
        "Mail to these people came back for how we send. Touch no contact: mend the cause, see tickets.md."
    ),
}
"""What the list of an action is for."""

CLEANUP_COLUMNS: tuple[Message, ...] = (
    Message("Contact"),
    Message("Email"),
    Message("What to do"),
    Message("Reason code"),
    Message("Why"),
    Message("Not before"),
    Message("Sender"),
    Message("Last email sent"),
    Message("Active enrollments"),
)
"""Headers of the lists for people."""

HELD: Mapping[Held, Message] = {
    "no_address": Message("The contact has no address."),
    "live_cell": Message("The address starts like a formula or holds control characters."),
    "odd_address": Message("This is no address that an import screen takes."),
    "no_record_id": Message("The contact's id is none of the CRM's record ids: export that column too."),
}
"""Why a contact is in no upload file."""

PUT_BACK: Mapping[Action, Message] = {
    "suppress": Message(
        "Only the person's own word lifts an opt-out: with it as the proof, take the mark back in the CRM. The ledger"
        " keeps its entry."
    ),
    "remove": Message(
        "Restore the contact from the CRM's bin or import it again, take the opt-out back, and name the contact in"
        " [[allow]] with the evidence: the ledger keeps its entry."
    ),
    "hold": Message("Put the contact back into its sequences."),
    "unbounce_and_fix": Message("Nothing is lost: the CRM marks the contact as bounced again by itself."),
    "review": Message("Put the contact back into its sequences."),
    "resume_on": Message("Put the contact back into its sequences."),
    "pause": Message("Put the contact back into its sequences."),
}
"""How to undo an action."""
ONLY_LISTED = Message("Nothing has changed but the list: take the contact off it.")
"""The same where the action changes nothing in the CRM."""

SAID: Mapping[str, Message] = {
    "crm_content": Message(
        "HubSpot's reason is CONTENT: the text or a link was refused, which is not the contact's fault. Change the"
        " text, ask the recipient to let your mail through, then unbounce."
    ),
    "crm_spam": Message(
        "HubSpot's reason is SPAM: the email was taken for spam, which is not the contact's fault. Change the text, ask"
        " the recipient to let your mail through, then unbounce."
    ),
    "crm_policy": Message(
        "HubSpot's reason is POLICY: the server refused us by a rule of its own, which is not the contact's fault."
        " Check SPF, DKIM and DMARC, ask the recipient to let your mail through, then unbounce."
    ),
    "crm_other": Message(
        "HubSpot's reason is OTHER, which names no fault of the contact. Ask the recipient to let your mail through,"
        " then unbounce."
    ),
    "said_no_elsewhere": Message("The same address said no as contact %(other)s: never write again."),
    "dead_elsewhere": Message("The same address is dead, as contact %(other)s shows. Remove the address."),
    "alive_elsewhere": Message(
        "An email came back as if the address were dead, yet contact %(other)s with the same address has got mail"
        " since: look into it."
    ),
    "ledger_no": Message("The ledger remembers a no of this person (%(reason)s): never write again."),
    "ledger_dead": Message("The ledger remembers that this address is dead. Remove the address."),
    "ledger_left": Message("The ledger remembers that this person has left the company: look for the successor."),
}
"""Evidence of the codes that the flags do not have."""
SAID_ON: Mapping[str, Message] = {
    "ledger_no": Message("The ledger remembers a no of this person (%(reason)s) since %(day)s: never write again."),
    "ledger_dead": Message("The ledger remembers that this address is dead since %(day)s. Remove the address."),
    "ledger_left": Message(
        "The ledger remembers since %(day)s that this person has left the company: look for the successor."
    ),
}


def decision_sentence(row: Decision) -> Message:
    """Return the evidence for what is to be done with one contact."""
    if row.code == "sender_refused":
        return _refused(row)
    if row.code not in SAID:
        return flag_sentence(row.flag)
    args: dict[str, Value] = {"other": Text(row.other or "")}
    if row.memory:
        args |= {"reason": Text(row.memory.reason), "day": Moment(row.memory.since)}
        if row.memory.since:
            return filled(SAID_ON[row.code], args)
    return filled(SAID[row.code], args)


def _refused(row: Decision) -> Message:
    facts = row.flag.facts
    what = known_by(
        happened(facts.last_bounce_category or "unknown", facts.last_bounce_action), facts.last_bounce_signal
    )
    sentence = (
        Message(
            "%(what)s, on %(day)s: that is how we send, not the contact. Leave the contact as it is.",
            {"what": what, "day": Moment(facts.last_bounce_at)},
        )
        if facts.last_bounce_at
        else Message("%(what)s: that is how we send, not the contact. Leave the contact as it is.", {"what": what})
    )
    return quoted(sentence, facts.last_bounce_detail) if facts.last_bounce_detail else sentence
