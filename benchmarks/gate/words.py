"""Names, companies, addresses and texts, in English and French."""

from __future__ import annotations

FIRST_NAMES = {
    "en": ("Anna", "Ben", "Chloe", "David", "Emma", "Frank", "Grace", "Hugh", "Isla", "Jack", "Kate", "Liam", "Mary"),
    "fr": ("Amélie", "Benoît", "Chloé", "Denis", "Élodie", "Fabien", "Gaëlle", "Hervé", "Inès", "Jules", "Léa", "Zoé"),
}
LAST_NAMES = {
    "en": ("Clarke", "Post", "Sales", "Wood", "Barker", "Hughes", "Novak", "Okafor", "Price", "Quinn", "Reed", "Stone"),
    "fr": ("Moreau", "Bureau", "Dubois", "Garnier", "Lefèvre", "Noël", "Petit", "Rousseau", "Vidal", "Weiss", "Achats"),
}
"""Some of them are words that also name a shared mailbox, as some people's names do."""
BEFORE = ("north", "atelier", "bright", "nova", "delta", "granit", "iron", "mont", "river", "silver", "terra", "verde")
AFTER = (
    "works",
    "tech",
    "logistics",
    "energie",
    "plast",
    "systems",
    "textile",
    "medical",
    "foods",
    "robotics",
    "conseil",
)
ENDINGS = {"en": ("com", "co.uk", "ie", "io", "com"), "fr": ("fr", "com", "fr", "eu", "fr")}
COUNTRIES = {"en": ("United Kingdom", "Ireland", "United Kingdom"), "fr": ("France",)}
"""Where a work address may be written to without an opt-in (evidence/recommender.md, section 4)."""
OPT_IN_COUNTRIES = ("Germany", "Denmark", "Italy")
FREEMAIL = {
    "en": ("gmail.com", "hotmail.co.uk", "btinternet.com", "yahoo.co.uk", "outlook.com", "ymail.com", "mac.com"),
    "fr": ("gmail.com", "orange.fr", "wanadoo.fr", "laposte.net", "free.fr", "hotmail.fr", "live.fr"),
}
TITLES = {
    "en": ("Head of Operations", "Plant Manager", "Finance Director", "IT Manager"),
    "fr": ("Directeur des opérations", "Responsable achats", "Directrice financière", "Responsable informatique"),
}
SOURCES = ("webinar", "trade-fair", "vendor-atlas", "linkedin", "partner", "website")

DEAD = (
    "550 5.1.1 The email account that you tried to reach does not exist",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.1.1 <{email}>: Recipient address rejected: User unknown in virtual mailbox table",
    "smtp; 550 5.1.2 Host or domain name not found. Name service error for name={domain}",
    "550-5.1.1 L'adresse de messagerie n'existe pas",
    "No such user here",
)
OWN_FAULT = (
    "550 5.7.1 Message rejected due to the reputation of the sending server",
    "550 5.7.26 This mail is unauthenticated, which poses a security risk to the sender and Gmail users",
    "550 5.7.515 Access denied, sending domain seller.example does not meet the required authentication level",
    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org",
)
SOFT = (
    "452 4.2.2 The email account that you tried to reach is over quota",
    "451 4.7.1 Greylisting in action, please come back later",
)
REPLIES = {
    "en": (
        "Yes, happy to talk. Does Tuesday at ten work?",
        "Interesting, could you send me some figures on this?",
        "Who else in our field works with you?",
        "Not a priority for us this year, thanks.",
    ),
    "fr": (
        "Oui, volontiers. Mardi à dix heures vous irait ?",
        "Intéressant, pourriez-vous m'envoyer quelques chiffres ?",
        "Qui d'autre travaille avec vous dans notre secteur ?",
        "Ce n'est pas une priorité cette année, merci.",
    ),
}
STOPS = {
    "en": (
        "Please remove me from your list.",
        "Unsubscribe",
        "Stop emailing me, I never asked for this.",
        "Take me off your mailing list please. Thanks",
        "I do not wish to receive any further emails from your company.",
    ),
    "fr": (
        "Merci de me retirer de votre liste.",
        "Désinscription svp",
        "Ne m'écrivez plus.",
        "Je ne souhaite plus recevoir vos e-mails.",
        "Veuillez supprimer mon adresse de vos fichiers.",
    ),
}
NO_STOPS = {
    "en": (
        'Do stop by our booth in May, happy to talk.\n\n> Not relevant? Reply "stop" and I will not write again.',
        "We removed that line from our plant last year. Tell me more?",
    ),
    "fr": (
        "Volontiers, passez nous voir.\n\n> Si ce n'est pas pertinent, répondez « stop » et je ne vous écrirai plus.",
        "Nous avons retiré cette ligne de l'usine l'an dernier. Dites-m'en plus ?",
    ),
}
"""Answers that are no refusal, though words of one stand in them."""
AWAY = {
    "en": "I am out of the office until {day} with limited access to email.",
    "fr": "Je suis absent du bureau jusqu'au {day} et je répondrai à mon retour.",
}
TEMPLATES = {
    "en": (
        "Subject: A question on maintenance at {{ company.name }}\n\n"
        "Hi {{ contact.firstname }},\n\n"
        "teams like yours lose about a day a month to unplanned stops of the line. We help them to plan the work "
        "before it hurts. Would you have fifteen minutes next week to see how?\n\n"
        "Best regards,\n{{ owner.full_name }}\nSeller Ltd, 12 Mill Lane, Leeds LS1 4AP, United Kingdom\n\n"
        'Not relevant? Reply "stop" and I will not write again, or unsubscribe: {{ unsubscribe_link }}\n'
    ),
    "fr": (
        "Subject: Une question sur la maintenance chez {{ company.name }}\n\n"
        "Bonjour {{ contact.firstname }},\n\n"
        "les équipes comme la vôtre perdent environ un jour par mois à cause d'arrêts imprévus de la ligne. Nous les "
        "aidons à planifier le travail avant que cela ne coûte cher. "
        "Auriez-vous quinze minutes la semaine prochaine ?\n\n"
        "Bien à vous,\n{{ owner.full_name }}\nSeller SAS, 8 rue du Moulin, 69003 Lyon, France\n\n"
        "Pas pertinent ? Répondez « stop » et je ne vous écrirai plus, ou désinscrivez-vous : {{ unsubscribe_link }}\n"
    ),
}
"""The campaign's mail: its first name has no fallback."""
