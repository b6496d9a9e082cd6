"""The dialects, each declared by itself, with the page that says so.

Where no page was found, the source reads "known" (from use) and the reading is lenient: both common spellings of a
default are taken. What is not listed in a dialect and belongs to another is reported as `foreign_dialect`.
"""

from __future__ import annotations

import re

from hygiene.advice.tokens.forms import MAUTIC_NAMES
from hygiene.advice.tokens.grammar import Grammar
from hygiene.advice.tokens.parser import HUBL_STYLE, LIQUID_STYLE, ZENDESK_STYLE

SENDER = (
    r"(?:sender|owner|user|my|me|agent|sending_?account|from)[._ ].*|(?-i:(?:sender|owner|user|my|agent|from)[A-Z].*)"
    r"|(?:account_?|email_?)?signature"
)
LINKS = r"(?:un|re)subscribe.*|opt[_ -]?out.*|view_?(?:online|in_?browser).*|web_?view.*|preferences?_?(?:link|url)"
DATES = r"(?:now|today|tomorrow|date|day|month|year|week_?day|time_of_day|day_of_week)(?:_.*)?|current_\w+|random"


def _system(*more: str) -> re.Pattern[str]:
    """Return the pattern of a vendor's own names; beside the dotted objects the case is free."""
    return re.compile("|".join((SENDER, LINKS, DATES, *more)), re.IGNORECASE)


HUBSPOT = Grammar(
    "hubspot",
    # Sales templates: knowledge.hubspot.com personalization-tokens (2020): [[MISSING TOKEN - PROPERTY NAME]].
    # HubL and its filters: developers.hubspot.com/docs/cms/hubl/filters, …/hubl/functions#personalization-token.
    "developers.hubspot.com/docs/cms/hubl",
    style=HUBL_STYLE,
    forms=frozenset({"hubl"}),
    flat=False,
    system=_system(r"(?:content|site_settings|subscription\w*|email_\w+|request|local_\w+|account|module|loop)\b.*"),
    missing="marker",
    hints=re.compile(r"(?:contact|company|deal|owner|site_settings|content)\..+"),
)
OUTREACH = Grammar(
    "outreach",
    # No inline default; exports hold {{#if custom6}}…{{else}}…{{/if}}; an invalid variable fails the step (known).
    "support.outreach.io variables (known)",
    forms=frozenset({"conditions"}),
    system=_system("bodytext|meeting_link.*|calendar.*"),
    missing="not_sent",
    hints=re.compile(r"(?:account|sender|organization|opportunity)\.[a-z_]+|[a-z]+_[a-z_]+|custom\d+|bodytext"),
)
SALESLOFT = Grammar(
    "salesloft",
    # Dynamic fields with Liquid (known).
    "help.salesloft.com dynamic fields, Liquid (known)",
    style=LIQUID_STYLE,
    forms=frozenset({"liquid"}),
    system=_system(),
    hints=re.compile(r"(?:my|person|account)\.[a-z_]+|[a-z]+_[a-z_]+"),
)
APOLLO = Grammar(
    "apollo",
    # Conditions from #if to #endif, operators such as {{title->lowercase}} and {{now_day->plus_3}}; "Not Sent".
    "knowledge.apollo.io 4409735256845 and 4409415084813 (read 2026-11)",
    forms=frozenset({"apollo"}),
    fallbacks=frozenset({"arrow"}),
    system=_system(r"sender_.*|now_.*"),
    missing="not_sent",
    hints=re.compile(r"sender_\w+|now_\w+|company|contact_\w+|account_\w+"),
)
INSTANTLY = Grammar(
    "instantly",
    # {{firstName|there}}, {{RANDOM | Hi | Hello}}, {{sendingAccountFirstName}}, {{accountSignature}}; Liquid (known).
    "help.instantly.ai variables and spintax (known; seen in public campaigns)",
    style=LIQUID_STYLE,
    names="spaced",
    forms=frozenset({"liquid"}),
    fallbacks=frozenset({"pipe"}),
    spintax=frozenset({"random"}),
    system=_system(r"sendingAccount.*|accountSignature"),
    hints=re.compile(r"(?:sendingAccount\w+|accountSignature|[a-z]+[A-Z]\w*|personalization)"),
)
LEMLIST = Grammar(
    "lemlist",
    # {{ firstName | default: "there" }}, {% if %}, {% spin %}{% variation %}…{% endspin %} (known).
    "help.lemlist.com liquid syntax (known)",
    style=LIQUID_STYLE,
    names="spaced",
    forms=frozenset({"liquid"}),
    system=_system(r"sender.*|signature|unsubscribe"),
    hints=re.compile(r"[a-z]+[A-Z]\w*|icebreaker|sender\.\w+"),
)
SMARTLEAD = Grammar(
    "smartlead",
    # Liquid for fallbacks; spintax {a|b|c}.
    "helpcenter.smartlead.ai articles/26 (liquid syntax); growthenginenowoslawski/coldoutboundskills smartlead-spintax",
    style=LIQUID_STYLE,
    names="spaced",
    forms=frozenset({"liquid", "handlebars"}),
    fallbacks=frozenset({"pipe"}),
    spintax=frozenset({"braces"}),
    system=_system("sender-.*|sl_.*"),
    hints=re.compile(r"[a-z]+_[a-z_]+|sl_.*"),
)
SALESHANDY = Grammar(
    "saleshandy",
    # The fallback is set in a dialog and written with a bar; a missing value prints nothing.
    "help.saleshandy.com article/147 and support.saleshandy.com 248",
    names="spaced",
    fallbacks=frozenset({"pipe"}),
    spintax=frozenset({"spin", "braces"}),
    system=_system(r"sender'?s? .*|signature|unsubscribe.*"),
    hints=re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+(?: [A-Z][a-z]+)?"),
)
REPLY = Grammar(
    "reply",
    "reply.io/sales-glossary/variable; Liquid and {{FirstName|there}} (known)",
    style=LIQUID_STYLE,
    names="spaced",
    forms=frozenset({"liquid"}),
    fallbacks=frozenset({"pipe"}),
    spintax=frozenset({"braces", "doubled", "random"}),
    system=_system(r"(?:My|Sender|Agent)\w*|Signature|Unsubscribe.*"),
    hints=re.compile(r"[A-Z][a-z]+(?:[A-Z]\w*)?|Agent\.\w+"),
)
MAILSHAKE = Grammar(
    "mailshake",
    # {{first}}, {{first fallback="there"}} (known).
    "docs.mailshake.com text replacements (known)",
    names="spaced",
    fallbacks=frozenset({"attribute"}),
    system=_system(r"sender\..*|unsubscribe.*"),
    hints=re.compile(r"first|last|name|sender\.\w+"),
)
SALESFORCE = Grammar(
    "salesforce",
    # {!Contact.FirstName, Valued Customer}, {!BLANKVALUE(…)}: sales.merge_fields_email_templates_cex;
    # {{{Recipient.FirstName}}}: sales.merge_fields_email_templates_lex (both read 2026-11).
    "help.salesforce.com sales.merge_fields_email_templates_cex and …_lex",
    triple=True,
    names="object",
    forms=frozenset({"formula", "handlebars"}),
    flat=False,
    system=_system(
        r"\$?(?:User|Organization|Sender|Receiving_User|Sending_User|System|Api|Label)\..*|today|now|Unsubscribe.*"
    ),
    hints=re.compile(r"(?:Contact|Lead|Account|User|Opportunity|Case|Organization|Recipient|Sender)\.\w+"),
    mark=re.compile(r"\{\{\{|\{!"),
)
MARKETO = Grammar(
    "marketo",
    # {{lead.First Name:default=there}}; since 2025-05 {%=lead.city ?: "fallback" %}; Velocity ${lead.FirstName}.
    "experienceleague.adobe.com marketo tokens-overview and personalization-tokens (read 2026-11)",
    names="namespace",
    forms=frozenset({"marketo", "velocity"}),
    fallbacks=frozenset({"default"}),
    flat=False,
    system=_system(r"(?:my|system|campaign|program|trigger|member|sp_send_alert_info)\b.*"),
    hints=re.compile(r"(?:lead|company|my|system|campaign|program|trigger|member)\..+"),
)
MAILCHIMP = Grammar(
    "mailchimp",
    # *|FNAME|*, *|IF:X|* … *|ELSE:|* … *|END:IF|*, *|IFNOT:X|*, *|TITLE:X|*, *|DATE:Y|*.
    "mailchimp.com/help merge tags cheat sheet; packagist.org/packages/ecomail/chimpdrill",
    braces=False,
    forms=frozenset({"stars"}),
    system=_system(
        r"(?:LIST|USER|MC|RSS\w*|ARCHIVE|UNSUB|UPDATE|FORWARD|ABUSE|CURRENT|DATE|HTML|REWARDS|TRANSLATE)(?:[:_].*)?|IS|COUPON.*"
    ),
    hints=re.compile(r"[A-Z0-9_:]+"),
)
ACTIVECAMPAIGN = Grammar(
    "activecampaign",
    # %FIRSTNAME%, %FIRSTNAME|TITLECASE%, %IF in_array('x', $TAGS)%…%ELSE%…%/IF%.
    "activecampaign.design/docs/patterns/personalization (read 2026-11); conditions (known)",
    braces=False,
    forms=frozenset({"percent"}),
    system=_system(r"SENDER-.*|UNSUBSCRIBE.*|FORWARD.*|WEBCOPY|SOCIAL.*|TODAY.*|CURRENT.*|ACCT_.*|UPDATE.*|MESSAGE.*"),
    hints=re.compile(r"[A-Z0-9_-]+"),
)
PARDOT = Grammar(
    "pardot",
    # %%first_name%% (PML) and {{Recipient.FirstName}}, {{#if Recipient.FirstName}}…{{else}}…{{/if}} (HML).
    "optimalbusinessconsulting.com/understanding-pardot-hml; sdworx-salesforce.helpdocs.io bdttylc1sr (read 2026-11)",
    triple=True,
    names="object",
    forms=frozenset({"percents", "handlebars"}),
    flat=False,
    system=_system(
        r"(?:Sender|Organization|user_\w+|assigned_user)\b.*|EmailPreferenceCenter.*|email_preference.*|Current_\w+|View_Online|account_.*"
    ),
    hints=re.compile(r"(?:Recipient|Sender|Account|Organization)\.\w+|Unsubscribe|View_Online|[a-z_]+"),
)
SNOV = Grammar(
    "snov",
    # {{first_name: there}}; without one, the variable is not shown.
    "snov.io/knowledgebase how-does-the-fallback-feature-work (read 2026-11)",
    names="spaced",
    fallbacks=frozenset({"colon"}),
    spintax=frozenset({"braces"}),
    system=_system(),
    hints=re.compile(r"[a-z]+_[a-z_]+"),
)
WOODPECKER = Grammar(
    "woodpecker",
    # {{FIRST_NAME}}, {{SNIPPET_1}}, {{FIRST_NAME | "there"}}, conditions (known; no page found).
    "help.woodpecker.co snippets (known)",
    fallbacks=frozenset({"pipe"}),
    forms=frozenset({"handlebars", "liquid"}),
    spintax=frozenset({"doubled", "braces"}),
    system=_system(r"(?:MY|SENDER)_.*|SIGNATURE|UNSUBSCRIBE.*"),
    hints=re.compile(r"[A-Z]+(?:_[A-Z0-9]+)*"),
)
ZENDESK = Grammar(
    "zendesk",
    # {{ticket.requester.first_name}}, Liquid; {{contact.first_name || "Unknown"}} in Contact Center.
    "support.zendesk.com 203662116 (placeholders, Liquid) and 9696137593626 (read 2026-11)",
    style=ZENDESK_STYLE,
    forms=frozenset({"liquid"}),
    fallbacks=frozenset({"or"}),
    flat=False,
    system=_system(r"(?:dc|current_user|agent|satisfaction|account|brand)\..*"),
    hints=re.compile(r"(?:ticket|dc|current_user|customer|user|agent|satisfaction)\..+"),
)
UNIFY = Grammar(
    "unify",
    # {company_name}; static text only as a default; a missing variable blocks the enrollment.
    "support.unifygtm.com 8342206765",
    single=True,
    names="spaced",
    fallbacks=frozenset({"pipe"}),
    flat=False,
    system=_system(),
    missing="not_sent",
    hints=re.compile(r"(?:company|person|sender)_[a-z_]+"),
)
MAUTIC = Grammar(
    "mautic",
    # {contactfield=firstname|there}, {ownerfield=…}, {pagelink=17}, {unsubscribe_url} …
    "github.com/mautic/user-documentation docs/configuration/variables.rst (5.x, read 2026-11)",
    braces=False,
    system=re.compile(rf"(?!contactfield=|leadfield=|companyfield=)\w+=.*|{MAUTIC_NAMES.pattern}"),
    hints=re.compile(r"\w+=.+|\w+_(?:url|text)"),
)
SENDGRID = Grammar(
    "sendgrid",
    # {{insert first_name "default=Customer"}}: changelog of 2019-08-27; Handlebars.
    "twilio.com/docs/sendgrid/for-developers/sending-email/using-handlebars",
    triple=True,
    forms=frozenset({"handlebars"}),
    fallbacks=frozenset({"insert"}),
    flat=False,
    system=_system(r"Sender_.*|weblink|Weblink"),
    hints=re.compile(r"Sender_\w+|insert .*"),
)
GRAMMARS = {
    grammar.name: grammar
    for grammar in (
        *(HUBSPOT, OUTREACH, SALESLOFT, APOLLO, INSTANTLY, LEMLIST, SMARTLEAD, SALESHANDY, REPLY, MAILSHAKE),
        *(SALESFORCE, MARKETO, MAILCHIMP, ACTIVECAMPAIGN, PARDOT, SNOV, WOODPECKER, ZENDESK, UNIFY, MAUTIC, SENDGRID),
    )
}
AUTO = "auto"
DIALECTS = (*GRAMMARS, AUTO)
"""The names that `--dialect` takes."""
