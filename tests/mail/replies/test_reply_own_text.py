"""Only the sender's own words are read: no quoted original, no signature, no HTML, never more than a piece."""

from __future__ import annotations

import pytest

from hygiene.mail.replies.html import html_text, is_html
from hygiene.mail.replies.own import OWN, own_text

ATTRIBUTIONS = [
    "On Mon, Apr 13, 2026 at 9:12 AM Tom Baker <tom@sender.example> wrote:",
    "On 13 Apr 2026, at 09:12, Tom Baker wrote:",
    "On Mon, Apr 13, 2026 at 9:12 AM Tom Baker with a rather long name\n<tom@sender.example> wrote:",
    "Le lun. 13 avr. 2026 à 09:12, Tom Baker <tom@sender.example> a écrit :",
    "Le 13/04/2026 à 09:12, Tom Baker a écrit\u00a0:",
    "Am Mo., 13. Apr. 2026 um 09:12 Uhr schrieb Tom Baker <tom@sender.example>:",
    "Am 13.04.2026 um 09:12 schrieb Tom Baker:",
    "El lun, 13 abr 2026 a las 9:12, Tom Baker (<tom@sender.example>) escribió:",
    "Il giorno lun 13 apr 2026 alle ore 09:12 Tom Baker <tom@sender.example> ha scritto:",
    "Em seg., 13 de abr. de 2026 às 09:12, Tom Baker <tom@sender.example> escreveu:",
    "Op ma 13 apr 2026 om 09:12 schreef Tom Baker <tom@sender.example>:",
    "pon., 13 kwi 2026 o 09:12 Tom Baker <tom@sender.example> napisał(a):",
    "W dniu 13.04.2026 o 09:12, Tom Baker pisze:",
    "Den mån 13 apr. 2026 kl 09:12 skrev Tom Baker <tom@sender.example>:",
    "Den man. 13. apr. 2026 kl. 09.12 skrev Tom Baker <tom@sender.example>:",
    "man. 13. apr. 2026 kl. 09:12 skrev Tom Baker <tom@sender.example>:",
    "ma 13. huhtik. 2026 klo 9.12 Tom Baker (tom@sender.example) kirjoitti:",
    "po 13. 4. 2026 v 9:12 odesílatel Tom Baker <tom@sender.example> napsal:",
    "пн, 13 апр. 2026 г. в 09:12, Tom Baker <tom@sender.example>:",
    "13.04.2026 9:12, Tom Baker пишет:",
    "Tom Baker <tom@sender.example>, 13 Nis 2026 Pzt, 09:12 tarihinde şunu yazdı:",
    "2026年4月13日(月) 9:12 Tom Baker <tom@sender.example>:",
    "Tom Baker <tom@sender.example> 于2026年4月13日周一 09:12写道：",
    "2026년 4월 13일 (월) 오전 9:12, Tom Baker <tom@sender.example>님이 작성:",
]
BLOCKS = [
    "-----Original Message-----\nFrom: Tom Baker\nSent: Monday\nTo: Jo\nSubject: idea",
    "From: Tom Baker <tom@sender.example>\nSent: Monday, April 13, 2026 9:12 AM\nTo: Jo\nSubject: idea",
    "*From:* Tom Baker\n*Date:* Monday\n*To:* Jo\n*Subject:* idea",
    "De : Tom Baker\nEnvoyé : lundi 13 avril 2026 09:12\nÀ : Jo\nObjet : idée",
    "Von: Tom Baker\nGesendet: Montag, 13. April 2026 09:12\nAn: Jo\nBetreff: Idee",
    "De: Tom Baker\nEnviado el: lunes, 13 de abril de 2026\nPara: Jo\nAsunto: idea",
    "Da: Tom Baker\nInviato: lunedì 13 aprile 2026\nA: Jo\nOggetto: idea",
    "De: Tom Baker\nEnviada em: segunda-feira\nPara: Jo\nAssunto: ideia",
    "Van: Tom Baker\nVerzonden: maandag 13 april 2026\nAan: Jo\nOnderwerp: idee",
    "Od: Tom Baker\nWysłano: poniedziałek\nDo: Jo\nTemat: pomysł",
    "Från: Tom Baker\nSkickat: den 13 april 2026\nTill: Jo\nÄmne: idé",
    "Fra: Tom Baker\nSendt: 13. april 2026\nTil: Jo\nEmne: idé",
    "Lähettäjä: Tom Baker\nLähetetty: maanantai\nVastaanottaja: Jo\nAihe: idea",
    "Od: Tom Baker\nOdesláno: pondělí\nKomu: Jo\nPředmět: nápad",
    "От: Tom Baker\nОтправлено: понедельник\nКому: Jo\nТема: идея",
    "Kimden: Tom Baker\nGönderildi: Pazartesi\nKime: Jo\nKonu: fikir",
    "差出人: Tom Baker\n送信日時: 2026年4月13日\n宛先: Jo\n件名: 案",
    "发件人：Tom Baker\n发送时间：2026年4月13日\n收件人：Jo\n主题：想法",
    "보낸 사람: Tom Baker\n보낸 날짜: 2026년 4월 13일\n받는 사람: Jo\n제목: 생각",
    "---------- Forwarded message ---------\nFrom: Tom",
    "-------- Message d'origine --------\nDe : Tom",
    "-----Ursprüngliche Nachricht-----\nVon: Tom",
]
ORIGINAL = "I am out of office until 5 May. Unsubscribe here, or contact joe@sender.example."


@pytest.mark.parametrize("heading", ATTRIBUTIONS)
def test_what_stands_under_an_attribution_is_not_the_senders(heading: str) -> None:
    quoted = "\n".join("> " + line for line in ORIGINAL.split(". "))
    assert own_text(f"Fine by me at 3pm.\n\n{heading}\n{quoted}") == "Fine by me at 3pm."
    assert own_text(f"Fine by me at 3pm.\n\n{heading}\n\n{ORIGINAL}") == "Fine by me at 3pm."


@pytest.mark.parametrize("heading", BLOCKS)
def test_what_stands_under_a_header_block_is_not_the_senders(heading: str) -> None:
    assert own_text(f"Fine by me.\n\n{heading}\n\n{ORIGINAL}") == "Fine by me."


@pytest.mark.parametrize(
    "tail",
    [
        "On Mon, Apr 13, 2026 at 9:12 AM Tom Baker <tom@sender.example> wrote: " + ORIGINAL,
        "Le lun. 13 avr. 2026 à 09:12, Tom Baker <tom@sender.example> a écrit : " + ORIGINAL,
        "Am 13.04.2026 um 09:12 schrieb Tom Baker <tom@sender.example>: " + ORIGINAL,
        "From: Tom Baker Sent: Monday, April 13, 2026 9:12 AM To: Jo Subject: idea " + ORIGINAL,
        "Von: Tom Baker Gesendet: Montag An: Jo Betreff: Idee " + ORIGINAL,
    ],
)
def test_an_export_that_put_all_on_one_line_is_cut_too(tail: str) -> None:
    assert own_text("Not for us, thanks. " + tail).strip() == "Not for us, thanks."


def test_an_answer_below_the_quotation_is_kept() -> None:
    assert own_text(f"{ATTRIBUTIONS[0]}\n> Are you interested?\n\nNo, sorry.") == "No, sorry."


def test_answers_between_quoted_lines_are_kept() -> None:
    assert own_text("> Tuesday?\nNo.\n> Wednesday?\nYes.").split("\n") == ["No.", "Yes."]


@pytest.mark.parametrize(
    "text",
    [
        "We need 3 things:\nprice, terms, dates",
        "From: my point of view it works",
        "To: be honest, no",
        "I wrote to you at 9:00 about it",
        "Date: any day works. Subject: whatever you like.",
    ],
)
def test_a_persons_colons_are_no_quotation(text: str) -> None:
    assert own_text(text) == text


def test_a_signature_is_cut_but_not_a_text_that_starts_with_one() -> None:
    assert own_text("Yes.\n-- \nJo\nUnsubscribe") == "Yes."
    assert own_text("-- \nYes.") == "-- \nYes."


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028"])
def test_line_ends_make_no_difference(end: str) -> None:
    assert own_text(end.join(["Yes.", "", "-- ", "Jo"])) == "Yes."


def test_html_is_read_as_words() -> None:
    page = (
        "<html><style>p {color: unsubscribe}</style><body><!-- <p>stop</p> --><p>No&nbsp;thanks,<br>Bob</p>"
        "<div class='gmail_quote'>On Mon, Apr 13, 2026 at 9:12 AM Tom wrote:<blockquote>Unsubscribe</blockquote></div>"
    )
    assert own_text(page).split() == ["No", "thanks,", "Bob"]


def test_a_mail_that_is_all_quotation_is_read_rather_than_nothing() -> None:
    assert html_text("<blockquote>Stop</blockquote>").strip() == "Stop"


def test_an_address_in_angle_brackets_is_no_html() -> None:
    assert not is_html("Write to <jo@north.example> or <http://north.example>, 3 < 4 > 2")


MEGABYTES = ["a" * 10**6, "no " * 333_333, "<" * 10**6, "<div>" * 200_000, "> " * 500_000, "\n" * 10**6, ":" * 10**6]
MEGABYTES += [
    "1 wrote:\n" * 100_000,
    "From: a\n" * 100_000,
    "<!--" * 250_000,
    "&amp;" * 200_000,
    "e" + "\u0301" * 10**6,
]


@pytest.mark.parametrize("text", MEGABYTES, ids=lambda text: repr(text[:9]))
def test_of_a_megabyte_only_a_bounded_piece_is_kept(text: str) -> None:
    assert len(own_text(text)) <= OWN
