"""The words by which a slot for a name is known where no sign says so: `[Prénom]`, `{company}`, `XXXX`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from hygiene.advice.tokens.types import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIELDS = _words(
    "first last firstname lastname fullname fname lname givenname surname name contactname prospectname leadname "
    "company companyname account accountname organization organisation businessname employer domain website jobtitle "
    "title role position department email emailaddress phone phonenumber mobile city state country region location "
    "industry sector sender sendername senderfirstname senderlastname sendercompany senderemail mycompany myname "
    "myfirstname signature accountsignature unsubscribe unsubscribelink unsubscribeurl icebreaker "
    "prenom nom nomdefamille nomcomplet entreprise nomentreprise nomdelentreprise societe nomsociete nomdelasociete "
    "raisonsociale ville pays poste fonction secteur telephone courriel expediteur "
    "vorname nachname firma unternehmen stadt nombre apellido apellidos empresa ciudad cargo cognome azienda"
)
"""Field names without spaces, signs and accents, in the languages of our users' templates (assumed)."""
SLOTS = FIELDS | _words(
    "yourname yourcompany yourtitle yourfirstname yourlastname yourphone youremail votrenom votreprenom "
    "votreentreprise votresociete votreposte votretelephone votrefonction date datedujour time heure link lien url "
    "calendarlink calendlylink meetinglink painpoint problem probleme topic sujet theme product produit productname "
    "nomduproduit competitor competitorname concurrent mutualconnection referralname customername clientname client "
    "nomduclient event evenement number nombre amount montant percentage industryname usecase resource ressource "
    "trigger personalization personnalisation customintro intro day jour month mois ihrname "
    "insert inserer placeholder tbd todo adresse address zip codepostal benefit challenge goal reason metric defi "
    "enjeu objectif secteurdactivite manager responsable colleague collegue"
)
"""What else is put between square brackets to be filled in."""
INSTRUCTION = re.compile(
    r"(?:insert|enter|add|fill in|your|their|name of|put|link to|ins[ée]rer|ajouter|indiquer|mettre|votre|leur|lien|"
    r"(?:pr[ée])?nom d[eu'’])\b",
    re.IGNORECASE,
)
HERE = re.compile(r"\s+(?:here|ici)$", re.IGNORECASE)
BRACKETED = re.compile(r"\[{1,2}([^\[\]\n<>{}]{2,60})\]{1,2}(?![(\[])")
ANGLED = re.compile(r"<{1,2}([^<>\n{}=/\"']{2,40})>{1,2}|&lt;{1,2}([^<>\n{}=/\"'&;]{2,40})&gt;")
CROSSES = re.compile(r"(?<![^\W_])X{3,}(?![^\W_])")
"""`XXX` and longer in capitals, as a word of its own: not `XXL`, not the `xxx` of a masked number."""
MISSING = re.compile(r"\[{1,2}\s*MISSING TOKEN\b[^\[\]\n]{0,200}\]{1,2}", re.IGNORECASE)
ANGLED_FIELDS = FIELDS - {
    "first",
    "last",
    "title",
    "name",
    "email",
    "account",
    "role",
    "phone",
    "state",
    "domain",
    "city",
    "country",
}
SIGNS = re.compile(r"[\s_\-.'’]+")
INSTRUCTION_WORDS = 6


def plain(text: str) -> str:
    """Return a name without case, accents, spaces and signs.

    Examples
    --------
    >>> plain("Nom de l’entreprise")
    'nomdelentreprise'
    """
    letters = unicodedata.normalize("NFKD", SIGNS.sub("", text))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


def is_field(text: str) -> bool:
    """Say whether a text is the name of a field that everybody has."""
    return plain(text) in FIELDS


def is_slot(text: str) -> bool:
    """Say whether a text between square brackets waits for somebody to fill it in.

    Examples
    --------
    >>> [is_slot(text) for text in ("First Name", "Prénom", "insérer le lien", "Pricing", "EXT")]
    [True, True, True, False, False]
    """
    text = text.partition("|")[0].strip()
    text = HERE.sub("", text)
    name, words = plain(text), len(text.split())
    if name in SLOTS:
        return True
    return 1 < words <= INSTRUCTION_WORDS and (INSTRUCTION.match(text) is not None or name.endswith("name"))


def literals(text: str) -> Iterator[Problem]:
    """Yield what a person or HubSpot has left in a text: slots, crosses and missing tokens, in no order."""
    if "[" in text:
        for found in MISSING.finditer(text):
            yield Problem("missing_token", found.span(), found[0])
        for found in BRACKETED.finditer(text):
            if is_slot(found[1]) and not MISSING.match(found[0]):
                yield Problem("placeholder_literal", found.span(), found[0])
    if "<" in text or "&lt;" in text:
        for found in ANGLED.finditer(text):
            name = plain(found[1] or found[2])
            if name in (FIELDS if found[0].startswith(("<<", "&lt;")) else ANGLED_FIELDS):
                yield Problem("placeholder_literal", found.span(), found[0])
    for found in CROSSES.finditer(text):
        yield Problem("placeholder_literal", found.span(), found[0])
