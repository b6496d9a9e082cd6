"""The tickets in words: what is asked for, which rule is not met, how to meet it.

Machines' words (records, commands, addresses) are data, `models/bounces/tickets.toml`; what people read is here, by the
ticket's id, and so are the lines to copy and the checks that are sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.values import Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Mapping


class TicketWords(NamedTuple):
    """A ticket's sentences."""

    title: Message
    """What is asked for: the ticket's subject."""
    requirement: Message
    """The rule that is not met."""
    fix: Message
    paste: Message | None = None
    check: Message | None = None


WORDS: Mapping[str, TicketWords] = {
    "spf": TicketWords(
        Message("Name every sending service in the SPF record"),
        Message("The server that sends our mail is not among those that our domain's SPF record names."),
        Message(
            "Add every sending service to the one SPF record of the envelope sender's domain. Keep a single record and"
            " at most ten look-ups; end it with %(strict)s once every service is in it.",
            {"strict": Text("-all")},
        ),
    ),
    "dkim": TicketWords(
        Message("Sign our mail with DKIM"),
        Message("Our mail carries no valid DKIM signature of our own domain."),
        Message("Switch DKIM on in the sending service for our domain and publish the key that it shows."),
    ),
    "dmarc": TicketWords(
        Message("Make our domain pass DMARC"),
        Message(
            "The domain of the visible sender address passes DMARC neither by SPF nor by DKIM, or publishes no DMARC"
            " record."
        ),
        Message(
            "Make SPF or DKIM pass with the same domain as the visible sender address. Publish a DMARC record with"
            " %(policy)s, read its reports, then tighten it.",
            {"policy": Text("p=none")},
        ),
    ),
    "google_authentication": TicketWords(
        Message("Authenticate our mail for Gmail"),
        Message(
            "Gmail asks for SPF or DKIM of everyone, and for SPF, DKIM and an aligned DMARC record of those who send"
            " about 5,000 emails a day."
        ),
        Message(
            "Publish the three records for the domain of the visible sender address. For mail sent by Google Workspace"
            " include %(include)s and switch DKIM on in the Admin console.",
            {"include": Text("_spf.google.com")},
        ),
    ),
    "microsoft_authentication": TicketWords(
        Message("Authenticate our mail for Outlook and Microsoft 365"),
        Message(
            "Outlook.com, Hotmail, Live and MSN refuse domains that send 5,000 emails or more unless SPF, DKIM and"
            " DMARC all pass (code 5.7.515, since May 2025); Microsoft 365 refuses mail that fails SPF (code 5.7.23)."
        ),
        Message(
            "Publish the three records, with SPF or DKIM aligned to the visible sender address. For mail sent by"
            " Microsoft 365 include %(include)s. The end of the bounce names the check that did not pass.",
            {"include": Text("spf.protection.outlook.com")},
        ),
    ),
    "yahoo_authentication": TicketWords(
        Message("Authenticate our mail for Yahoo and AOL"),
        Message(
            "Yahoo and AOL ask for SPF or DKIM of everyone, and for SPF, DKIM and an aligned DMARC record of bulk"
            " senders."
        ),
        Message(
            "Publish the three records for the domain of the visible sender address, with DKIM keys of 2,048 bits."
        ),
    ),
    "reverse_dns": TicketWords(
        Message("Give the sending server a reverse DNS name"),
        Message("The sending IP address has no reverse DNS name, or the name does not lead back to the address."),
        Message(
            "Ask the owner of the address (hoster or sending service) for a PTR record, and publish the A or AAAA"
            " record of the same name."
        ),
    ),
    "helo": TicketWords(
        Message("Correct the name that our server gives in HELO"),
        Message("The name that our server gives in HELO is not a full host name of its own."),
        Message("Set the server's HELO name to the name of its PTR record."),
    ),
    "tls": TicketWords(
        Message("Encrypt outgoing mail"),
        Message("The receiver takes mail over an encrypted connection only."),
        Message("Switch on STARTTLS for outgoing mail, TLS 1.2 or later; the lines below are Postfix's."),
    ),
    "smtp_auth": TicketWords(
        Message("Log the sending tool in to the mail server again"),
        Message(
            "Our tool or device did not log in to its own outgoing server, or with credentials or a method that are no"
            " longer taken."
        ),
        Message(
            "Renew the mailbox connection (OAuth) or the app password of the sending tool; unlock the account if it was"
            " disabled."
        ),
    ),
    "sender_domain": TicketWords(
        Message("Make the sender's domain able to take answers"),
        Message(
            "The domain of the sender's address does not exist or takes no mail, or the address is malformed: nobody"
            " could answer."
        ),
        Message("Publish an MX record for the envelope sender's domain, and correct the sender's address in the tool."),
    ),
    "one_click_unsubscribe": TicketWords(
        Message("Add one-click unsubscribing"),
        Message(
            "Google and Yahoo ask bulk senders of marketing mail for one-click unsubscribing, carried out within two"
            " days."
        ),
        Message(
            "Let the sending tool add both headers, cover them by DKIM, and answer the POST request without a log-in."
        ),
    ),
    "google_spam_rate": TicketWords(
        Message("Lower the spam reports of Gmail users"),
        Message(
            "Gmail users report our mail as spam too often: the rate must stay below %(usual)s and never reach"
            " %(most)s.",
            {"usual": Percent(0.001), "most": Percent(0.003)},
        ),
        Message(
            "Pause the sequences with the fewest replies, stop writing to contacts who never answer, add one-click"
            " unsubscribing, and resume slowly."
        ),
        check=Message("Look at the spam rate and the compliance status of the domain in Postmaster Tools."),
    ),
    "yahoo_spam_rate": TicketWords(
        Message("Lower the spam reports of Yahoo users"),
        Message(
            "Yahoo sees complaints or unusual traffic: the spam rate must stay below %(most)s.",
            {"most": Percent(0.003)},
        ),
        Message(
            "Stop for four hours, halve the volume, drop contacts who never answer, add one-click unsubscribing, and"
            " join the complaint feedback loop."
        ),
        check=Message("Look at the complaint figures of the domain in the %(tool)s.", {"tool": Text("Sender Hub")}),
    ),
    "spamhaus_delisting": TicketWords(
        Message("Get off the Spamhaus list"),
        Message("The sending IP address or domain is on a Spamhaus list."),
        Message(
            "Find out from the listing why, mend it, then ask for removal there; for a shared address, tell the sending"
            " service."
        ),
    ),
    "barracuda_delisting": TicketWords(
        Message("Get off Barracuda's list"),
        Message("The sending IP address is on Barracuda's reputation list."),
        Message("Mend the cause, then ask once for removal with a reason; it takes 12 to 24 hours."),
    ),
    "microsoft_delisting": TicketWords(
        Message("Get off Microsoft 365's list"),
        Message("Microsoft 365 banned the sending IP address or domain (codes 5.7.511, 5.7.606 to 649, 5.7.800)."),
        Message(
            "Mend the cause, then use the delist portal; for 5.7.511 write to %(address)s with the whole bounce.",
            {"address": Text("delist@microsoft.com")},
        ),
        check=Message("Send a test email to a Microsoft 365 mailbox."),
    ),
    "outlook_delisting": TicketWords(
        Message("Get off Outlook.com's list"),
        Message("Outlook.com (Hotmail, Live, MSN) blocks or slows the sending IP address."),
        Message(
            "Look at the address in SNDS, mend the cause, then send the sender support form with the whole bounce; for"
            " a shared address, tell the sending service."
        ),
        check=Message("Look at the color of the IP address in SNDS."),
    ),
    "yahoo_delisting": TicketWords(
        Message("Get off Yahoo's list"),
        Message("Yahoo or AOL blocks the sending IP address."),
        Message("Mend the cause, then send the sender contact form with the whole bounce."),
        check=Message("Send a test email to a Yahoo mailbox."),
    ),
    "apple_delisting": TicketWords(
        Message("Get let in by iCloud Mail"),
        Message("iCloud Mail refuses our mail by its local policy: IP address, domain or content."),
        Message(
            "Check authentication and the links in the text, then write to Apple's postmaster with company, domain, IP"
            " addresses, the SMTP errors and since when."
        ),
        check=Message("Send a test email to an iCloud mailbox, once with and once without the links."),
    ),
    "proofpoint_delisting": TicketWords(
        Message("Get off Proofpoint's list"),
        Message("Proofpoint saw spam or viruses from the sending IP address."),
        Message("Mend the cause, then ask for a review with recipient, kind of mail, time and bounce."),
    ),
    "cloudmark_delisting": TicketWords(
        Message("Get off Cloudmark's list"),
        Message("The sending IP address is on Cloudmark's list."),
        Message("Mend the cause, then ask for a reset."),
    ),
    "blocklist": TicketWords(
        Message("Get off the lists that block our server or domain"),
        Message("The sending IP address or domain is blocked by the receiver or by a public list."),
        Message(
            "Read the address or link in the bounce, mend the cause (complaints, unknown recipients, a hacked account),"
            " then ask for removal there; for a shared address, tell the sending service."
        ),
    ),
    "t_online_reset": TicketWords(
        Message("Make our server known to T-Online"),
        Message(
            "T-Online takes mail only from servers that it knows, with a fixed host name and a legal notice on its"
            " website."
        ),
        Message("Show an imprint at the host name's website, then ask for a reset with the IP address."),
    ),
    "orange_limits": TicketWords(
        Message("Send more slowly to Orange"),
        Message("Orange refuses for now: too many connections, emails or complaints."),
        Message(
            "Pause for two hours, lower the pace and the number of connections; above 1,000 emails a day add the header"
            " below, and keep complaints below %(most)s.",
            {"most": Percent(0.006)},
        ),
        check=Message("Count the answers 421 of orange.fr over the next day."),
    ),
    "pacing": TicketWords(
        Message("Send more slowly"),
        Message("We send more emails, connections or recipients than this receiver takes in this time."),
        Message(
            "Lower the sender's daily limit and spread the sends; one recipient an email; try again after some hours."
        ),
        paste=Message("Daily limit: 50 emails a sender, at least 2 minutes apart"),
        check=Message("Count the answers 4xx of this receiver over the next days."),
    ),
    "microsoft_pacing": TicketWords(
        Message("Raise the volume to Microsoft slowly"),
        Message("Microsoft slows an IP address whose volume grew suddenly."),
        Message(
            "Go back to the former volume and raise it over weeks, by at most half a week; it resolves itself in some"
            " days."
        ),
        paste=Message("Emails a day: 50 in the first week, 75 in the second, 110 in the third, 160 in the fourth"),
        check=Message("Count the answers 451 4.7.x over the next days."),
    ),
    "content_refused": TicketWords(
        Message("Change what servers refuse in the email"),
        Message(
            "The text, a link, an attachment or the headers of the email were refused as spam, as a risk or as"
            " malformed."
        ),
        Message(
            "Send the plain text without links and attachments, with one sender address; put back one thing at a time."
            " Look up each linked domain on the list below. Ask IT to look if the headers are to blame."
        ),
        check=Message("Send a test email to a mailbox of the same receiver."),
    ),
    "message_too_big": TicketWords(
        Message("Make the email smaller"),
        Message("The email is bigger than the receiver allows."),
        Message("Replace the attachment by a link, shrink images in the signature."),
        paste=Message("Size of an email: at most 5 MB, better below 100 KB"),
        check=Message("Look at the size of the sent email."),
    ),
    "google_sending_limits": TicketWords(
        Message("Stay below Google Workspace's daily limit"),
        Message(
            "Our own Google Workspace account reached its daily limit of 2,000 emails (500 for trials and private"
            " accounts)."
        ),
        Message("Wait 24 hours, then lower the sender's daily limit or share the contacts among senders."),
        paste=Message("Daily limit: well below 2,000 emails a user"),
        check=Message("Look at the email log search in the reports of the Admin console."),
    ),
    "microsoft_sending_limits": TicketWords(
        Message("Stay below Microsoft 365's daily limits"),
        Message(
            "Our own account reached 10,000 recipients a day, or our tenant its limit of outside recipients (500 ×"
            " licenses^0.7 + 9,500 a day; 5,000 for trials)."
        ),
        Message("Wait 24 hours, lower the senders' daily limits; send bulk mail through a service made for it."),
    ),
    "microsoft_tenant_blocked": TicketWords(
        Message("Get our Microsoft tenant unblocked"),
        Message(
            "Microsoft blocks outgoing mail of our own tenant: spam, a hacked account, an open connector or a trial's"
            " IP address (codes 5.7.700 to 749, 705, 708)."
        ),
        Message("Secure accounts and connectors, then open a support case and explain the cause."),
        check=Message("Trace the messages of the last day in the Exchange admin center."),
    ),
    "microsoft_tenant_domain": TicketWords(
        Message("Register the sending domain in our Microsoft tenant"),
        Message("Our tenant sends from a domain that it has not registered (code 5.7.750)."),
        Message("Add and verify the domain in the Microsoft 365 admin center."),
    ),
    "tenant_block_list": TicketWords(
        Message("Look at our own tenant's block list"),
        Message("Our own tenant's allow/block list forbids mail to this recipient (code 5.7.703)."),
        Message("Ask whoever keeps the list; take the contact out of the sequence until then."),
    ),
    "account_blocked": TicketWords(
        Message("Secure and unblock the sending account"),
        Message("Our own sending account is blocked for spam-like mail; it may be hacked."),
        Message(
            "Change the password, check forwarding rules and connected apps, then unblock it (Microsoft: Restricted"
            " entities)."
        ),
        check=Message("Send a test email from the account."),
    ),
    "relay_config": TicketWords(
        Message("Let the sending tool send through our own server"),
        Message("A server refuses to pass on our mail, or our tool sends as an address that it may not use."),
        Message(
            "Send through our own outgoing server with a log-in; allow the tool's address (send as); mend the"
            " connector."
        ),
        check=Message("Send a test email from the tool."),
    ),
    "recipient_restricted": TicketWords(
        Message("Ask to be let in by recipients who take listed senders only"),
        Message("This recipient or group takes mail of its own organization or of listed senders only."),
        Message(
            "Nothing to mend on our side: look for a personal address of the contact, or ask the contact to let us in."
        ),
        paste=Message(
            "Could your IT allow mail from %(domain)s to reach you? It is refused by a rule of your own organization.",
            {"domain": Text("example.com")},
        ),
        check=Message("Send a test email to the contact after the change."),
    ),
    "recipient_block_list": TicketWords(
        Message("Ask receivers to take us off their own list"),
        Message("The receiver's own organization blocks our IP address or sender."),
        Message(
            "Stop the sequence for this domain and ask the contact by another channel to have us removed from the list."
        ),
        paste=Message(
            "Could your IT take %(domain)s and %(server)s off your own block list?",
            {"domain": Text("example.com"), "server": Text("192.0.2.10")},
        ),
        check=Message("Send a test email to the contact after the change."),
    ),
    "suppression_list": TicketWords(
        Message("Look into the suppression list of our sending service"),
        Message("Our own sending service keeps the address on its suppression list and did not send."),
        Message(
            "Look up the first bounce or complaint; after a complaint leave it there, after a mistaken bounce remove"
            " it."
        ),
    ),
    "ses_identity": TicketWords(
        Message("Verify our domain in Amazon SES"),
        Message("The sender's address or domain is not verified in Amazon SES in this region."),
        Message("Verify the domain in SES, and leave the sandbox."),
    ),
    "own_service_limits": TicketWords(
        Message("Stay below the quota of our sending service"),
        Message("Our own sending service reached its rate or daily quota."),
        Message("Lower the pace, or ask the service for a higher quota."),
    ),
}
"""By id of `models/bounces/tickets.toml`."""
