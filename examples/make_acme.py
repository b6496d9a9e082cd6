"""Makes examples/acme: ten months of a small sales team, as its French HubSpot portal would export them.

It needs the standard library only, and the same seed gives the same bytes:

    python examples/make_acme.py [FOLDER]

What is planted, and where it shows, is listed in examples/acme/README.md.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import acme_words as words
from acme_world import (
    FIRST_CONTACT,
    Contact,
    Dice,
    World,
    enroll_everyone,
    enroll_the_opted_out,
    make_contacts,
    stamp,
    working_time,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FIRST_EVENT = 100_000
EXPORTED_TWICE = 3


def contact_row(dice: Dice, contact: Contact) -> dict[str, str]:
    """Return the CRM's row of a contact."""
    bought = contact.source is words.BOUGHT_LIST
    basis = "" if bought else dice.pick(words.LEGAL_BASES)
    consented = basis.startswith("Consentement")
    silent_newsletters = dice.between(11, 30) if dice.chance(0.01) else dice.between(0, 6)
    checked = not bought and dice.chance(0.7)
    return {
        "ID de fiche d'informations": contact.contact_id,
        "Prénom": contact.first_name,
        "Nom": contact.last_name,
        "E-mail": contact.email,
        "Nom de l'entreprise": contact.company,
        "Intitulé du poste": dice.pick(words.JOB_TITLES[contact.language]),
        "Secteur d'activité": contact.industry,
        "Pays/Région": dice.pick(words.COUNTRIES[contact.language]),
        "Langue préférée": contact.language,
        "Source d'origine": contact.source.name,
        "Lot d'import": contact.source.batch,
        "Date de création": stamp(contact.created_at),
        "Date de vérification": stamp(contact.created_at + timedelta(days=1)) if checked else "",
        "Statut de vérification": dice.pick(("Valide", "Valide", "Valide", "Catch-all")) if checked else "Inconnu",
        "Désinscrit de tous les e-mails": "Vrai" if contact.opted_out_at else "Faux",
        "Date de désinscription": stamp(contact.opted_out_at),
        "Base juridique pour le traitement des données du contact": basis,
        "Date du consentement": stamp(contact.created_at) if consented else "",
        "Source du consentement": "Formulaire du site" if consented else "",
        "Raison du rebond définitif": contact.hard_bounce_reason,
        "Ne pas contacter": "Vrai" if dice.chance(0.0015) else "Faux",
        "Envois depuis le dernier engagement": str(silent_newsletters),
        "Date de dernière ouverture": stamp(working_time(dice, datetime(2026, 9, dice.between(1, 25))))
        if silent_newsletters < 2
        else "",
        "Propriétaire du contact": contact.rep.name,
        "Taux d'ouverture marketing": f"{dice.between(0, 600) / 10:.1f} %".replace(".", ","),
    }


def contact_rows(world: World) -> list[dict[str, str]]:
    """Return the contacts' rows with the hostile cells and the unreadable one."""
    rows = [contact_row(world.dice, contact) for contact in world.contacts]
    rows[17]["Nom de l'entreprise"] = "=cmd|' /C calc'!A0"
    rows[23]["Prénom"] = "<script>alert(1)</script>"
    rows[29]["Intitulé du poste"] = "+33 Directeur; achats"
    rows[41]["Date de création"] = "31/02/2026 10:00"
    return rows


def event_rows(world: World) -> list[list[str]]:
    """Return the events in the order of time, numbered, with one bad date and a few rows exported twice."""
    ordered = sorted(world.events, key=lambda event: (event[0], event[1]))
    rows = [[str(FIRST_EVENT + number), *event[1:]] for number, event in enumerate(ordered)]
    rows[1000][7] = "hier matin"
    rows[2000][6] = "Télépathie"
    return [*rows, *rows[500 : 500 + EXPORTED_TWICE]]


def enrollment_rows(world: World) -> list[list[str]]:
    """Return the enrollments with two ragged rows among them: cut short, and with a cell too many."""
    cut_short = ["500000-bis", str(FIRST_CONTACT + 1), "claire.moreau"]
    too_many = [*world.enrollments[7][:6], "Terminé", "copié", "deux fois"]
    too_many[0] = "500007-bis"
    return [*world.enrollments[:50], cut_short, *world.enrollments[50:90], too_many, *world.enrollments[90:]]


def template_rows() -> list[list[str]]:
    """Return a template a step; one of them has a token with a brace missing."""
    rows = []
    for sequence in words.SEQUENCES:
        subjects = words.SUBJECTS[sequence.language]
        for step in range(1, sequence.steps + 1):
            body = (words.FIRST_BODY if step == 1 else words.NEXT_BODY)[sequence.language]
            if (sequence.sequence_id, step) == ("en-manufacturing", 2):
                body = words.BODY_WITH_A_BRACE_MISSING
            rows.append([sequence.sequence_id, str(step), subjects[min(step, 3) - 1], body, "hubspot"])
    return rows


def suppression_rows(world: World) -> list[list[str]]:
    """Return the addresses and the two domains that must stay out; some of them were enrolled all the same."""
    rows = []
    for number, contact in enumerate(world.contacts[60::180]):
        day = working_time(world.dice, datetime(2025, 3, 3) + timedelta(days=9 * number))
        reason = world.dice.pick(("Demande par téléphone", "Demande écrite", "Concurrent"))
        rows.append([contact.email, "", reason, stamp(day), "Registre interne"])
    rows.append(["", "concurrent-direct.example", "Concurrent", "17/02/2026 09:30", "Direction"])
    rows.append(["", world.contacts[3000].domain, "Client en litige", "22/06/2026 16:00", "Juridique"])
    return rows


def write_table(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one file in the dialect of a French export: BOM, semicolons, CRLF."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Make the world and write its tables."""
    world = World()
    make_contacts(world)
    enroll_everyone(world)
    enroll_the_opted_out(world)
    contacts = contact_rows(world)
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder, "contacts", list(contacts[0]), (list(row.values()) for row in contacts))
    path = ("Expéditeur", "Séquence")
    write_table(
        folder,
        "enrollments",
        ("ID d'inscription", "ID du contact", *path, "Inscrit le", "Terminé le", "Résultat"),
        enrollment_rows(world),
    )
    write_table(
        folder,
        "events",
        (
            "ID de l'événement",
            "ID d'inscription",
            "ID du contact",
            *path,
            "Étape",
            "Type",
            "Date",
            "Détail",
            "Automatique",
        ),
        event_rows(world),
    )
    reps = [(r.sender_id, r.name, f"{r.sender_id}@acme.example", r.team, r.seat) for r in words.REPS]
    write_table(folder, "senders", ("Expéditeur", "Nom", "E-mail", "Équipe", "Licence"), reps)
    sequences = [(s.sequence_id, s.name, s.language, s.topic) for s in words.SEQUENCES]
    write_table(folder, "sequences", ("Séquence", "Nom", "Langue", "Thème"), sequences)
    write_table(folder, "templates", ("Séquence", "Étape", "Objet", "Corps", "Dialecte"), template_rows())
    content = [
        (key, f"https://acme.example/{key}", title, "", language, industry, published)
        for key, title, language, industry, published in words.CONTENT
    ]
    header = ("ID du contenu", "URL", "Titre", "Résumé", "Langue", "Secteur d'activité", "Publié le")
    write_table(folder, "content", header, content)
    write_table(folder, "suppressions", ("E-mail", "Domaine", "Motif", "Date", "Source"), suppression_rows(world))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "acme")
