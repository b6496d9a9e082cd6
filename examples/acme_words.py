# ruff: noqa: SIM905 (thirty names read better as one line of text)
"""The words of the example: people, companies, sequences, and what servers and humans answer. All of it is made up.

Addresses end in `.example` (RFC 2606) and IP numbers come from the documentation blocks (RFC 5737): nothing here can
reach anybody.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Rep(NamedTuple):
    """A sender: the rates are what the generator aims at, before chance, the lists and the planted troubles."""

    sender_id: str
    name: str
    team: str
    seat: str
    contacts: int
    reply_rate: float


REPS = (
    Rep("claire.moreau", "Claire Moreau", "Paris", "Sales", 520, 0.11),
    Rep("hugo.lambert", "Hugo Lambert", "Paris", "Sales", 560, 0.055),
    Rep("lea.fontaine", "Léa Fontaine", "Paris", "Sales", 540, 0.08),
    Rep("theo.garnier", "Théo Garnier", "Paris", "Sales", 60, 0.06),
    Rep("ines.benali", "Inès Benali", "Paris", "Sales", 560, 0.06),
    Rep("mathieu.roussel", "Mathieu Roussel", "Paris", "Sales", 600, 0.055),
    Rep("emma.wright", "Emma Wright", "London", "Sales", 560, 0.095),
    Rep("oliver.hayes", "Oliver Hayes", "London", "Sales", 520, 0.075),
    Rep("priya.shah", "Priya Shah", "London", "Service", 480, 0.105),
    Rep("jack.turner", "Jack Turner", "London", "View-Only", 560, 0.035),
    Rep("sophie.clarke", "Sophie Clarke", "London", "Sales", 520, 0.065),
    Rep("daniel.okafor", "Daniel Okafor", "London", "Sales", 520, 0.045),
)
NEW_REP = "theo.garnier"
UNLUCKY_REP = "emma.wright"
UNLUCKY_FROM, UNLUCKY_UNTIL = datetime(2026, 6, 18), datetime(2026, 7, 24)
"""Days of enrollment: most of these enrollments end in July."""
UNAUTHENTICATED_REP, UNAUTHENTICATED_FROM_MONTH = "hugo.lambert", 9
BLOCKED_REP, BLOCKED_MONTH = "oliver.hayes", 5
LIST_BUYER = "mathieu.roussel"


class Sequence(NamedTuple):
    """A sequence: `pull` multiplies the sender's reply rate."""

    sequence_id: str
    name: str
    language: str
    topic: str
    steps: int
    pull: float


SEQUENCES = (
    Sequence("fr-industrie", "FR – Industrie, premier contact", "fr", "industrie", 5, 1.1),
    Sequence("fr-salon", "FR – Suite au salon", "fr", "salon", 3, 1.4),
    Sequence("fr-relance-longue", "FR – Relance longue", "fr", "relance", 8, 0.75),
    Sequence("fr-logiciel", "FR – Éditeurs de logiciels", "fr", "logiciels", 4, 1.0),
    Sequence("en-manufacturing", "EN – Manufacturing intro", "en", "manufacturing", 5, 1.0),
    Sequence("en-event-follow-up", "EN – Event follow-up", "en", "event", 3, 1.4),
    Sequence("en-long-nurture", "EN – Long nurture", "en", "nurture", 8, 0.75),
    Sequence("en-software", "EN – Software companies", "en", "software", 4, 1.05),
)


class ListSource(NamedTuple):
    """Where contacts came from: `dead` is the share of addresses that no longer exist."""

    name: str
    batch: str
    share: float
    dead: float


BAD_SOURCE = "Fichier acheté Ventis"
SOURCES = (
    ListSource("Formulaire du site", "", 0.28, 0.004),
    ListSource("Salon Industrie Lyon 2025", "2025-11-salon-lyon", 0.18, 0.014),
    ListSource("LinkedIn", "2026-01-prospection", 0.24, 0.015),
    ListSource("Webinaire", "2026-02-webinaire", 0.16, 0.008),
    ListSource("Recommandation", "", 0.14, 0.005),
)
BOUGHT_LIST = ListSource(BAD_SOURCE, "2026-03-ventis", 0.0, 0.08)

FIRST_NAMES = {
    "fr": (
        "Camille Antoine Élodie Julien Manon Nicolas Chloé François Amélie Sébastien Anaïs Guillaume Noémie Rémi "
        "Pauline Benoît Aurélie Maxime Océane Étienne Sarah Karim Zoé Thibault Maëlys Loïc Valérie Cédric Hélène Yann"
    ).split(),
    "en": (
        "James Olivia Harry Amelia George Isla William Grace Thomas Ella Charlie Freya Samuel Ruby Joseph Alice "
        "Edward Rosie Adam Molly Liam Niamh Aisha Ravi Chloe Megan Ewan Fiona Callum Zara"
    ).split(),
}
LAST_NAMES = {
    "fr": (
        "Martin Bernard Dubois Petit Durand Leroy Girard Bonnet Mercier Blanc Guérin Faure Rousseau Vincent Müller "
        "Lefèvre André Chevalier Robin Masson Noël Gauthier Perrin Morel Barbier Renard Dupuis Lemaître Carpentier Roy"
    ).split(),
    "en": (
        "Smith Jones Taylor Brown Wilson Evans Walker Roberts Johnson Robinson Thompson Wood Hughes Edwards Green Hall "
        "Lewis Harris Clark Patel Khan O'Neill Murphy Kelly Campbell Stewart Morgan Bell Murray Fraser"
    ).split(),
}
COMPANY_HEADS = (
    "Aciers Atelier Boréal Cobalt Delta Estuaire Forge Granit Horizon Iris Jura Kestrel Lumen Meridian Nordic Opale "
    "Pinnacle Quartz Rhône Sable Tamise Ubik Vega Willow Xylo Yarrow Zénith Albion Briar Crest"
).split()
COMPANY_TAILS = {
    "fr": "Industries Mécanique Logiciels Conseil Énergies Logistique Plastiques Systèmes".split(),
    "en": "Engineering Software Logistics Partners Energy Components Systems Foods".split(),
}
INDUSTRIES = ("Industrie", "Logiciels", "Logistique", "Énergie", "Services", "Agroalimentaire")
JOB_TITLES = {
    "fr": ("Directeur des opérations", "Responsable achats", "Directrice commerciale", "DSI", "Gérant"),
    "en": ("Head of Operations", "Procurement Manager", "Sales Director", "CIO", "Managing Director"),
}
COUNTRIES = {
    "fr": ("France", "France", "France", "France", "Belgique", "Suisse", "Luxembourg", "Canada"),
    "en": ("Royaume-Uni", "Royaume-Uni", "Royaume-Uni", "Irlande", "États-Unis", "Pays-Bas", "Allemagne"),
}
LEGAL_BASES = (
    "Intérêt légitime – prospect",
    "Intérêt légitime – prospect",
    "Consentement libre du contact",
    "Intérêt légitime – client existant",
    "",
)

UNKNOWN_USER = (
    "550 5.1.1 <{email}>: Recipient address rejected: User unknown in virtual mailbox table",
    "550-5.1.1 The account {email} does not exist here, check the spelling. - gsmtp",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {email} not found by SMTP address lookup",
    "Votre message n'a pas pu être remis à {email} : adresse introuvable chez {domain}. 550 5.1.10 RecipientNotFound",
    "550 5.1.1 Adresse destinataire inconnue <{email}>",
    "smtp; 550 No such user here ({email})",
)
UNKNOWN_DOMAIN = (
    "Host or domain name not found. Name service error for name={domain} type=MX: Host not found",
    "5.1.2 Domaine du destinataire introuvable : {domain}",
)
MAILBOX_FULL = (
    "452 4.2.2 The mailbox of {email} is over its quota, try again later",
    "552 5.2.2 Boîte aux lettres pleine : quota dépassé pour {email}",
    "550 5.2.2 STOREDRV.Deliver; mailbox full ({email})",
)
DISABLED = (
    "550 5.2.1 The account {email} has been disabled by its administrator",
    "550 5.2.1 Compte désactivé : {email}",
)
RECIPIENT_FILTER = (
    "550 5.7.1 {email}: delivery refused by a transport rule of the recipient's organization",
    "554 5.7.1 Message rejeté par la politique de filtrage du destinataire ({domain})",
)
TEMPORARY = (
    "451 4.7.1 {email}: greylisted, come back in 300 seconds",
    "421 4.4.2 mx2.{domain}: connection timed out while receiving the message",
)
AUTHENTICATION = (
    "550 5.7.26 Mail from acme-mail.example is not authenticated: neither SPF nor DKIM passed. - gsmtp",
    "550 5.7.515 Access denied, sending domain acme-mail.example doesn't meet the required authentication level",
    "550 5.7.1 Message refusé : échec DMARC pour acme-mail.example (politique reject)",
)
REPUTATION = (
    "550 5.7.1 Service unavailable; client host [203.0.113.7] is on our block list (S3150)",
    "554 5.7.1 [203.0.113.7] refusé pour mauvaise réputation de l'expéditeur",
)

OUT_OF_OFFICE = {
    "fr": (
        "Réponse automatique : je suis absent du bureau jusqu'au {day:02d}/{month:02d}. Urgences : voir l'accueil.",
        "Absence du bureau : merci pour votre message, je serai de retour le {day:02d}/{month:02d}.",
    ),
    "en": (
        "Automatic reply: I am out of the office until {day:02d}/{month:02d} with limited access to email.",
        "Out of office: thanks for your message, I'm on annual leave and back on {day:02d}/{month:02d}.",
    ),
}
LEFT_COMPANY = {
    "fr": "Réponse automatique : je ne fais plus partie de l'entreprise. Merci d'écrire à contact@{domain}.",
    "en": "Automatic reply: I no longer work here. Please write to hello@{domain} instead.",
}
HUMAN_REPLIES = {
    "fr": (
        "Bonjour, oui pourquoi pas. Mardi 14 h ?",
        "Merci, pouvez-vous m'envoyer une documentation ?",
        "Pas de budget cette année, recontactez-moi en janvier.",
        "Voyez plutôt avec ma collègue des achats, je la mets en copie.",
        "Ça m'intéresse. Quels sont vos tarifs ?",
        "Non merci, nous avons déjà un prestataire.",
    ),
    "en": (
        "Hi, happy to have a quick call. Tuesday at 2?",
        "Thanks, could you send me some more details?",
        "No budget this year, try me again in January.",
        "You'd better talk to my colleague in procurement, copied here.",
        "Interesting. What does it cost?",
        "No thank you, we already work with someone.",
    ),
}
ANGRY_REPLY = {
    "fr": "Merci de me retirer de vos listes.",
    "en": "Please take me off your list.",
}

SUBJECTS = {
    "fr": ("{{ contact.firstname }}, une question sur {{ company.name }}", "Suite à mon message", "D'actualité ?"),
    "en": ("{{ contact.firstname }}, a question about {{ company.name }}", "Following up", "Still relevant?"),
}
FIRST_BODY = {
    "fr": """Bonjour {{ contact.firstname|default("") }},

Je travaille avec des entreprises comme {{ company.name }}, dans le secteur {{ company.industry }}.
Auriez-vous quinze minutes cette semaine ?

{{ sender.firstname }}""",
    "en": """Hello {{ contact.firstname|default("there") }},

I work with companies like {{ company.name }} in {{ company.industry }}.
Would you have fifteen minutes this week?

{{ sender.firstname }}""",
}
NEXT_BODY = {
    "fr": """Bonjour {{ contact.firstname }},

Je me permets de revenir vers vous. Est-ce un sujet pour vous en ce moment ?

{{ sender.firstname }}""",
    "en": """Hi {{ contact.firstname }},

Just coming back to my last note. Is this something you are looking at?

{{ sender.firstname }}""",
}
BODY_WITH_A_BRACE_MISSING = """Hi {{ contact.firstname },

Did you get a chance to read my last email?

{{ sender.firstname }}"""

CONTENT = (
    ("guide-maintenance", "Guide : réduire les arrêts de ligne", "fr", "Industrie", "14/01/2026 09:00"),
    ("cas-granit", "Étude de cas : Granit Mécanique gagne 11 %", "fr", "Industrie", "23/03/2026 09:00"),
    ("livre-blanc-saas", "Livre blanc : vendre un logiciel aux PME", "fr", "Logiciels", "18/05/2026 09:00"),
    ("webinaire-energie", "Webinaire : prix de l'énergie en 2027", "fr", "Énergie", "29/09/2026 11:00"),
    ("guide-downtime", "Guide: less downtime on the line", "en", "Industrie", "14/01/2026 10:00"),
    ("case-crest", "Case study: Crest Engineering", "en", "Industrie", "16/04/2026 10:00"),
    ("saas-benchmarks", "Benchmarks for software sales teams", "en", "Logiciels", "25/06/2026 10:00"),
    ("cold-chain", "A checklist for cold chains", "en", "Agroalimentaire", "21/08/2026 10:00"),
)
