"""The tags that are no double braces: `*|FNAME|*`, `%FIRSTNAME%`, `%%name%%`, `{!Contact.Name}`, `{contactfield=…}`.

Each reader looks at one place and returns where the tag ends and what it is, or None for plain text.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from hygiene.advice.tokens.braces import HTML_TAG
from hygiene.advice.tokens.events import Broken, Event, printed
from hygiene.advice.tokens.near import nearest
from hygiene.advice.tokens.parser import CONDITION_STYLE, ExpressionError, parse
from hygiene.advice.tokens.words import is_field

if TYPE_CHECKING:
    from hygiene.advice.tokens.types import Kind

Found = tuple[int, "Event | Kind | None"]
"""Where a tag ends and what it is; None: text, of which nothing before that place is a tag."""

STARS = re.compile(r"\*\|([^|*\n]{1,200})\|\*")
STARS_OPEN = re.compile(r"\*\|\s*[A-Z][A-Z0-9_:]+(?:\||\*(?!\|))?|\|[A-Z][A-Z0-9_]+\|\*")
STARS_CONDITION = re.compile(r"(IF|ELSEIF|IFNOT|ELSEIFNOT|INTERESTED|NOT_INTERESTED)\s*:\s*(.*)")
STARS_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?::[^:|*]{1,100})*")
STARS_FORMS = frozenset(("TITLE", "UPPER", "LOWER", "URL", "HTML", "PHONE", "STRIP", "TEXT", "CAPITALIZE"))
PERCENT = re.compile(r"%([A-Za-z][A-Za-z0-9_-]*)(?:\|([^%\n|]{0,100}))?%")
PERCENT_BLOCK = re.compile(r"%\s*(?:(IF|ELSEIF)\s+((?:[^%\n]|%[A-Z][A-Z0-9_-]*%){1,300}?)|(ELSE|/IF))\s*%")
PERCENT_SPLIT = re.compile(r"%%?((?:\w|</?[A-Za-z][^<>%]{0,100}>){2,80})%%?")
"""A tag with HTML in it: `%FIRST<b>NAME</b>%`."""
PERCENT_SPACED = re.compile(r"%([A-Z]+(?: [A-Z]+){1,3})%|%([A-Z][A-Z_]{2,})\b(?!%)")
PERCENT_FORMS = frozenset(("TITLECASE", "UPPERCASE", "LOWERCASE", "UCWORDS", "UCFIRST", "CAPITALIZE"))
PERCENTS = re.compile(r"%%\s?([A-Za-z_][\w.]{2,60})\s?%%")
PERCENTS_BROKEN = re.compile(r"%%\s?([A-Za-z_][\w.]*(?: [\w.]+){0,3})(?:%%?)?|%([A-Za-z_][\w.]*)%%")
FORMULA = re.compile(r"\{!((?:[^{}\"']|\"[^\"]*\"|'[^']*'){0,1000})\}|\{!([^{}\n]{0,1000})\}")
FORMULA_OPEN = re.compile(r"\{!\s*[A-Za-z$][\w.]*")
SUBSTITUTE = re.compile(r"([$A-Za-z][\w.]*)\s*,\s*([^\"'()]*)")
SMARTLEAD = re.compile(r"%(signature|sender-[a-z][a-z-]{1,40})%")
"""The sender's own: `%sender-firstname%`."""
MAUTIC = re.compile(r"(\w+)=([^|{}]*)(?:\|([^{}]*))?")
MAUTIC_FIELDS = frozenset(
    ("contactfield", "leadfield", "ownerfield", "pagelink", "assetlink", "form", "focus", "dynamiccontent", "trackable")
)
MAUTIC_TYPED = (
    *("webview_url", "webview_text", "unsubscribe_url", "unsubscribe_text", "resubscribe_url", "resubscribe_text"),
    *("tracking_pixel", "page_url", "dnc_url"),
)
"""Names of the vendor whose slips are known for slips."""
MAUTIC_NAMES = re.compile(
    r"signature|subject|tracking_pixel|(?:un|re)subscribe_(?:text|url)|webview_(?:text|url)|page_?title|"
    r"pagemetadescription|langbar|sharebuttons|successmessage|leadidentifier|categorylist|segmentlist|preferredchannel|"
    r"channelfrequency|saveprefsbutton|language|title|url|page_url|referrer|utm_\w+|today|dnc_url"
)
HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{2}")


def read_stars(text: str, at: int, *, native: bool) -> Found | None:
    """Read a Mailchimp merge tag."""
    found = STARS.match(text, at)
    if not found:
        broken = STARS_OPEN.match(text, at) if native else None
        return (broken.end(), "malformed") if broken else None
    content = html.unescape(found[1]).strip()
    if not native:
        if content.startswith(("END", "ELSE")):
            return found.end(), Event("skip")
        return (found.end(), "foreign_dialect") if re.match(r"[A-Z]{2}", content) else None
    if content != found[1] and not content.isupper():
        return None  # stars and bars of a text: Mailchimp's names are capitals
    try:
        return found.end(), _stars(content)
    except (Broken, ExpressionError):
        return found.end(), "malformed"


def _stars(content: str) -> Event:
    if content in ("ELSE:", "ELSE"):
        return Event("middle", "else")
    if content.startswith("END:"):
        return Event("close", "if")
    if condition := STARS_CONDITION.fullmatch(content):
        word, rest = condition[1], condition[2]
        step = "middle" if word.startswith("ELSE") else "open"
        if "INTERESTED" in word:
            return Event("open", "other")
        kind = "elif" if step == "middle" else "unless" if word == "IFNOT" else "if"
        return Event("middle" if step == "middle" else "open", kind, parse(_quoted(rest), CONDITION_STYLE))
    if not STARS_NAME.fullmatch(content):
        raise Broken("malformed")
    prefix, _, rest = content.partition(":")
    if prefix.upper() in STARS_FORMS and rest:
        return printed(rest)
    if prefix.upper() == "DEFAULT" and ":" in rest:
        name, _, fallback = rest.partition(":")
        return printed(name, fallback)
    return printed("DATE" if prefix == "DATE" else content)


def _quoted(condition: str) -> str:
    """Return a Mailchimp condition with its bare word put in quotes: `COUNTRY = France`."""
    return re.sub(r"(=|!=|<=?|>=?)\s*([^\W\d][^\"'=<>]*)$", r'\1 "\2"', condition)


def read_percent(text: str, at: int, *, native: bool, in_address: bool) -> Found | None:
    """Read an ActiveCampaign tag; `in_address` says that the place is inside a web address, full of `%C3%A9`."""
    if native and (block := PERCENT_BLOCK.match(text, at)):
        return block.end(), _percent_block(block)
    found = PERCENT.match(text, at)
    if found and _is_percent_name(text, at, found[1], native=native, in_address=in_address):
        if not native:
            return found.end(), "foreign_dialect"
        fallback = None if (found[2] or "").strip().upper() in PERCENT_FORMS else found[2]
        return found.end(), printed(found[1], fallback if fallback is None else fallback.strip())
    if native and (split := PERCENT_SPLIT.match(text, at)) and _is_split(split[1]):
        return split.end(), "malformed"
    if native and not in_address and (broken := PERCENT_SPACED.match(text, at)) and is_field(broken[1] or broken[2]):
        return broken.end(), "malformed"
    return None


def _is_split(text: str) -> bool:
    return "<" in text and is_field(HTML_TAG.sub("", text))


def _is_percent_name(text: str, at: int, name: str, *, native: bool, in_address: bool) -> bool:
    if name in ("IF", "ELSEIF"):
        return False
    if is_field(name):
        return True
    if not native or not name.isupper() or (at and text[at - 1].isdigit()):
        return False
    if HEXADECIMAL.fullmatch(name) or len(name) < 2:
        return False
    return not (in_address and HEXADECIMAL.match(name)) or "_" in name


def _percent_block(block: re.Match[str]) -> Event | Kind:
    if block[3]:
        return Event("middle", "else") if block[3] == "ELSE" else Event("close", "if")
    try:
        condition = parse(
            html.unescape(block[2]).replace("$", "").replace("%", "").replace("===", "=="), CONDITION_STYLE
        )
    except ExpressionError:
        return "malformed"
    return Event("open", "if", condition) if block[1] == "IF" else Event("middle", "elif", condition)


def read_percents(text: str, at: int, *, native: bool) -> Found | None:
    """Read a Pardot variable tag."""
    found = PERCENTS.match(text, at)
    if found:
        return found.end(), printed(found[1]) if native else "foreign_dialect"
    if native and (split := PERCENT_SPLIT.match(text, at)) and _is_split(split[1]):
        return split.end(), "malformed"
    broken = PERCENTS_BROKEN.match(text, at) if native else None
    if broken and ("_" in (broken[1] or broken[2]).rstrip("_") or is_field(broken[1] or broken[2])):
        return broken.end(), "malformed"
    return None


def read_formula(text: str, at: int, *, native: bool) -> Found | None:
    """Read a Salesforce merge field or formula."""
    found = FORMULA.match(text, at)
    if not found:
        broken = FORMULA_OPEN.match(text, at) if native else None
        return (broken.end(), "malformed") if broken else None
    content = html.unescape(found[1] if found[1] is not None else found[2]).strip()
    if not native:
        return (found.end(), "foreign_dialect") if re.match(r"\$?[A-Za-z]\w*[.(]", content) else None
    if text.startswith("}", found.end()):
        return found.end() + 1, "malformed"
    if HTML_TAG.search(content):
        return found.end(), "malformed"
    if substitute := SUBSTITUTE.fullmatch(content):
        return found.end(), printed(substitute[1], substitute[2].strip())
    try:
        return found.end(), Event("print", expression=parse(content, CONDITION_STYLE))
    except ExpressionError:
        return found.end(), "malformed"


def read_mautic(content: str, *, native: bool, fields: frozenset[str] = frozenset()) -> Event | Kind | None:
    """Read what stands between single braces as a Mautic token; where `fields` exist, a slip of a name is one too."""
    content = html.unescape(content).strip()
    found = MAUTIC.fullmatch(content)
    if found and found[1] in MAUTIC_FIELDS:
        if not native:
            return "foreign_dialect"
        if not found[2].strip() or HTML_TAG.search(content):
            return "malformed"
        return printed(f"{found[1]}={found[2].strip()}", None if found[3] is None else found[3].strip())
    if not native:
        return None
    if re.match(r"(?:contact|owner|lead)field\b", content) or (HTML_TAG.search(content) and "field=" in content):
        return "malformed"
    name, _, fallback = content.partition("|")
    if MAUTIC_NAMES.fullmatch(name.strip()):
        return printed(name.strip(), fallback.strip() if "|" in content else None)
    if fields and nearest(name.strip(), MAUTIC_TYPED):
        return printed(name.strip())
    return None
