"""The phrase rules of every language, held by their examples and nearest misses; the training phrases beside them."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from hygiene.mail.bounces.rules import matches
from hygiene.mail.bounces.types import Category
from hygiene.mail.normalize import normalized

FOLDER = Path(__file__).parents[2] / "models" / "bounces"
RULES = [
    (path.stem.partition("-")[0], row)
    for path in sorted((FOLDER / "rules").glob("*.toml"))
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
]
NEAR_MISSES = [row for _, row in RULES if "near_miss" in row]
PHRASES = sorted((FOLDER / "phrases").glob("*.tsv"))
CATEGORIES = set(get_args(Category))
ADDRESS_FAULTS = {"invalid_mailbox", "invalid_domain", "moved", "mailbox_disabled"}
SENDER_TROUBLE = """
Expéditeur inconnu · L'adresse de l'expéditeur n'existe pas · Le domaine de l'expéditeur est introuvable
Votre adresse IP est inconnue · Votre compte est inconnu : authentification refusée
Absender unbekannt · Absenderadresse existiert nicht · Absenderadresse abgelehnt: Domain nicht gefunden
Ihre IP-Adresse ist uns nicht bekannt · Das Konto des Absenders existiert nicht · Ihr Konto wurde deaktiviert
Remitente desconocido · La dirección del remitente no existe · Dirección del remitente rechazada: dominio no encontrado
Mittente sconosciuto · L'indirizzo del mittente non esiste · Il dominio del mittente non è stato trovato
Remetente desconhecido · O endereço do remetente não existe · O domínio do remetente não foi encontrado
Afzender onbekend · Het adres van de afzender bestaat niet · Uw IP-adres is onbekend
Nieznany nadawca · Adres nadawcy nie istnieje · Twoje konto zostało zablokowane
Avsändarens adress finns inte · Afsenderens adresse findes ikke · Avsenderens adresse finnes ikke
Lähettäjän osoitetta ei ole olemassa · Adresa odesílatele neexistuje · A feladó címe nem létezik
Адрес отправителя не существует · Ваш IP-адрес не найден в базе · Адреса відправника не існує
Gönderenin e-posta adresi mevcut değil · Adresa expeditorului nu există · Η διεύθυνση του αποστολέα δεν υπάρχει
送信者のメールアドレスが存在しません · 差出人アドレスが無効です · 送信元のドメインが存在しません
发件人地址不存在 · 发件人的域名不存在 · 您的账号不存在,SMTP认证失败 · 您的邮箱已被冻结,无法发送
보낸 사람의 메일 주소를 찾을 수 없습니다 · 발신자 도메인이 존재하지 않습니다 · 귀하의 계정이 정지되었습니다
כתובת השולח לא קיימת · عنوان المرسل غير موجود
"""


@pytest.mark.parametrize(("language", "row"), RULES, ids=[row["id"] for _, row in RULES])
def test_a_rule_is_named_by_its_language_and_category_and_finds_its_example(language: str, row: dict[str, Any]) -> None:
    named, category, slug = row["id"].split(".")
    assert (named, category in CATEGORIES) == (language, True)
    assert re.fullmatch(r"[a-z0-9_]+", slug)
    assert row["source"].strip()
    assert row["id"] in {match.rule.id for match in matches(normalized(row["example"]))}


@pytest.mark.parametrize("row", NEAR_MISSES, ids=[row["id"] for row in NEAR_MISSES])
def test_a_rule_is_silent_at_its_nearest_miss(row: dict[str, Any]) -> None:
    assert row["id"] not in {match.rule.id for match in matches(normalized(row["near_miss"]))}


def test_no_two_rules_have_one_name() -> None:
    names = [row["id"] for _, row in RULES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("language", sorted({language for language, _ in RULES}))
def test_two_thirds_of_the_rules_of_a_language_have_a_near_miss(language: str) -> None:
    with_near_miss = ["near_miss" in row for named, row in RULES if named == language]
    assert 3 * sum(with_near_miss) >= 2 * len(with_near_miss)


@pytest.mark.parametrize("text", [part.strip() for part in re.split(r"[·\n]", SENDER_TROUBLE) if part.strip()])
def test_a_fault_of_the_sender_is_never_read_as_a_fault_of_the_address(text: str) -> None:
    assert not {match.rule.id for match in matches(normalized(text)) if match.rule.category in ADDRESS_FAULTS}


@pytest.mark.parametrize("path", PHRASES, ids=[path.stem for path in PHRASES])
def test_training_phrases_are_whole_rows_of_known_categories_without_repeats(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    assert header == ["category", "family", "text"]
    assert {len(row) for row in rows} == {3}
    assert {row[0] for row in rows} <= CATEGORIES
    assert all(re.fullmatch(r"[a-z0-9_]+", row[1]) and row[2].strip() == row[2] != "" for row in rows)
    texts = [(row[0], row[2]) for row in rows]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    "path", [path for path in PHRASES if not path.stem.startswith("en")], ids=lambda path: path.stem
)
def test_no_strong_rule_contradicts_a_training_phrase(path: Path) -> None:
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        category, _, text = line.split("\t")
        said = {match.rule.id for match in matches(normalized(text)) if not match.rule.weak}
        contradicting = {name for name in said if not name.startswith("en.") and name.split(".")[1] != category}
        if contradicting:
            wrong.append((text, contradicting))
    assert not wrong
