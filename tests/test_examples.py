"""The example is what its README says, and can be made again."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
ACME = EXAMPLES / "acme"
TABLES = ("contacts", "content", "enrollments", "events", "senders", "sequences", "suppressions", "templates")
AUTOMATIC = ("Réponse automatique", "Absence du bureau", "Automatic reply", "Out of office")


def moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y %H:%M")
    except ValueError:
        return None


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    found = {}
    for name in TABLES:
        with (ACME / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found[name] = list(csv.DictReader(file, delimiter=";"))
    return found


def whole(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if None not in row and None not in row.values()]


def ended(tables: dict[str, list[dict[str, str]]], sender: str) -> list[dict[str, str]]:
    return [row for row in whole(tables["enrollments"]) if row["Expéditeur"] == sender and row["Terminé le"]]


def test_making_the_example_again_gives_the_same_bytes(tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "make_acme.py", tmp_path], check=True)
    for name in TABLES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (ACME / f"{name}.csv").read_bytes(), name


def test_the_files_are_in_the_dialect_of_a_french_export():
    for name in TABLES:
        data = (ACME / f"{name}.csv").read_bytes()
        header = data.split(b"\r\n")[0]
        assert data.startswith(b"\xef\xbb\xbf"), name
        assert b";" in header, name


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in ACME.iterdir()) <= 6 * 2**20


def test_every_time_column_holds_a_day_that_no_month_has(tables):
    """Else the date order could not be told, and the first run would end in an error."""
    columns = {
        (name, column)
        for name, rows in tables.items()
        for row in rows[:50]
        for column, value in row.items()
        if isinstance(value, str) and moment(value)
    }
    assert len(columns) >= 9
    for name, column in columns:
        assert any((at := moment(row[column] or "")) and at.day > 12 for row in tables[name]), (name, column)


def test_twelve_people_in_two_teams_write_through_eight_sequences_in_two_languages(tables):
    assert Counter(row["Équipe"] for row in tables["senders"]) == {"Paris": 6, "London": 6}
    assert Counter(row["Langue"] for row in tables["sequences"]) == {"fr": 4, "en": 4}
    steps = Counter(row["Séquence"] for row in tables["templates"])
    assert len(steps) == 8
    assert (min(steps.values()), max(steps.values())) == (3, 8)
    assert len(tables["contacts"]) == 6000


def test_one_rep_has_fewer_than_100_ended_and_all_others_more(tables):
    counts = Counter(row["Expéditeur"] for row in whole(tables["enrollments"]) if row["Terminé le"])
    assert [sender for sender, count in counts.items() if count < 100] == ["theo.garnier"]


def test_the_good_rep_has_one_unlucky_month(tables):
    rows = ended(tables, "emma.wright")
    july = [row for row in rows if moment(row["Terminé le"]).month == 7]
    rest = [row for row in rows if row not in july]

    def share(some, *outcomes):
        return sum(row["Résultat"] in outcomes for row in some) / len(some)

    assert share(july, "Répondu", "Rendez-vous") < 0.02 < 0.09 < share(rest, "Répondu", "Rendez-vous")
    assert share(july, "Rebond") > 0.1 > 0.03 > share(rest, "Rebond")


def test_the_bought_list_bounces_about_9_percent_and_no_other_4(tables):
    source_of = {row["ID de fiche d'informations"]: row["Source d'origine"] for row in tables["contacts"]}
    enrolled, bounced = Counter(), Counter()
    for row in whole(tables["enrollments"]):
        if row["Terminé le"]:
            enrolled[source_of[row["ID du contact"]]] += 1
            bounced[source_of[row["ID du contact"]]] += row["Résultat"] == "Rebond"
    rates = {source: bounced[source] / enrolled[source] for source in enrolled}
    assert 0.08 < rates.pop("Fichier acheté Ventis") < 0.10
    assert max(rates.values()) < 0.04


def test_authentication_fails_for_one_sender_from_september(tables):
    refused = [row for row in tables["events"] if "acme-mail.example" in (row["Détail"] or "")]
    assert len(refused) > 15
    assert {row["Expéditeur"] for row in refused} == {"hugo.lambert"}
    assert min(moment(row["Date"]) for row in refused) >= datetime(2026, 9, 1)


def test_seven_opted_out_contacts_sit_in_active_enrollments(tables):
    opted_out = {
        row["ID de fiche d'informations"]: moment(row["Date de désinscription"])
        for row in tables["contacts"]
        if row["Désinscrit de tous les e-mails"] == "Vrai"
    }
    still = [
        row
        for row in whole(tables["enrollments"])
        if row["Résultat"] == "Actif"
        and row["ID du contact"] in opted_out
        and opted_out[row["ID du contact"]] < moment(row["Inscrit le"])
    ]
    assert len(still) == 7


def test_the_crm_missed_six_opt_outs(tables):
    unsubscribed = {row["ID du contact"] for row in tables["events"] if row["Type"] == "Désinscription"}
    missed = [
        row
        for row in tables["contacts"]
        if row["ID de fiche d'informations"] in unsubscribed and row["Désinscrit de tous les e-mails"] == "Faux"
    ]
    assert len(missed) == 6


def test_suppressed_addresses_and_domains_are_among_the_contacts(tables):
    addresses = {row["E-mail"] for row in tables["contacts"]}
    domains = {address.partition("@")[2] for address in addresses}
    assert {row["E-mail"] for row in tables["suppressions"] if row["E-mail"]} <= addresses
    assert {row["Domaine"] for row in tables["suppressions"] if row["Domaine"]} & domains


def test_hard_bounce_reasons_are_hubspots_values(tables):
    reasons = {row["Raison du rebond définitif"] for row in tables["contacts"]} - {""}
    assert reasons == {"UNKNOWN_USER", "MAILBOX_FULL", "POLICY", "SPAM", "OTHER"}


def test_some_contacts_got_eleven_mails_and_gave_no_sign_of_life(tables):
    sends, alive = Counter(), set()
    for row in tables["events"]:
        if row["Type"] == "Envoi":
            sends[row["ID du contact"]] += 1
        elif row["Type"] in ("Ouverture", "Clic", "Réponse"):
            alive.add(row["ID du contact"])
    assert sum(count >= 11 and contact not in alive for contact, count in sends.items()) >= 40


def test_scanners_open_in_the_minute_of_the_mail_and_automatic_answers_come_back(tables):
    sent_at = {(r["ID d'inscription"], r["Étape"]): r["Date"] for r in tables["events"] if r["Type"] == "Envoi"}
    opens = [row for row in tables["events"] if row["Type"] == "Ouverture"]
    at_once = [row for row in opens if sent_at[row["ID d'inscription"], row["Étape"]] == row["Date"]]
    assert 0.4 < len(at_once) / len(opens) < 0.8
    answers = [row["Détail"] for row in tables["events"] if row["Type"] == "Réponse"]
    assert sum(text.startswith(AUTOMATIC) for text in answers) > 400
    marked = {row["Détail"] for row in tables["events"] if row["Automatique"] == "Vrai"}
    assert marked == {text for text in answers if text.startswith(AUTOMATIC)}
    assert sum(not text.startswith(AUTOMATIC) for text in answers) > 400


def test_hostile_cells_and_a_broken_token_are_there(tables):
    assert "=cmd|' /C calc'!A0" in {row["Nom de l'entreprise"] for row in tables["contacts"]}
    assert "<script>alert(1)</script>" in {row["Prénom"] for row in tables["contacts"]}
    broken = [(r["Séquence"], r["Étape"]) for r in tables["templates"] if "{{ contact.firstname }," in r["Corps"]]
    assert broken == [("en-manufacturing", "2")]


def test_unreadable_rows_and_rows_exported_twice_are_there(tables):
    assert len(tables["enrollments"]) - len(whole(tables["enrollments"])) == 2
    assert [row["Date"] for row in tables["events"] if moment(row["Date"]) is None] == ["hier matin"]
    assert "Télépathie" in {row["Type"] for row in tables["events"]}
    assert "31/02/2026 10:00" in {row["Date de création"] for row in tables["contacts"]}
    rows = [tuple(row.values()) for row in tables["events"]]
    assert len(rows) - len(set(rows)) == 3


def test_every_event_belongs_to_an_enrollment_of_the_same_contact(tables):
    contact_of = {row["ID d'inscription"]: row["ID du contact"] for row in whole(tables["enrollments"])}
    assert all(contact_of[row["ID d'inscription"]] == row["ID du contact"] for row in tables["events"])
