"""The small parts: subjects, folding, languages, successors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.replies.folding import flow, folded, folded_in_place, folded_pattern
from hygiene.mail.replies.language import language_of, language_scores
from hygiene.mail.replies.subjects import read_subject
from hygiene.mail.replies.successor import successor_in


@pytest.mark.parametrize(
    ("subject", "text", "answered"),
    [
        ("Out of Office", "out of office", False),
        ("RE: AW: [EXTERNAL] Fwd: Idée", "idee", True),
        ("[Ticket #12] Automatische Antwort: x", "automatische antwort: x", False),
        ("=?iso-8859-1?q?R=E9ponse_automatique?= : offre", "reponse automatique : offre", False),
        ("回复：合作", "合作", True),
        ("=?broken", "broken", False),
        ("Re[2]: hello", "hello", True),
        ("", "", False),
    ],
)
def test_a_subject_is_read_without_what_programs_put_before_it(subject: str, text: str, answered: bool) -> None:
    assert read_subject(subject) == (text, answered)


@given(st.text())
def test_any_subject_is_read(subject: str) -> None:
    assert len(read_subject(subject).text) <= 1_000


@given(st.text())
def test_folding_in_place_keeps_every_sign_in_its_place(text: str) -> None:
    assert len(folded_in_place(text)) == len(text)


@given(st.text(alphabet="AaÉéŁłØøßıİÅåŠšЁё \n.-"))
def test_case_makes_no_difference_to_the_folded_text(text: str) -> None:
    assert folded(text.upper()) == folded(text.lower()) == folded(text)
    assert flow(text).split() == flow(text.replace("\n", "\r\n")).split()


def test_a_pattern_is_folded_but_for_its_escapes() -> None:
    assert folded_pattern(r"Übermorgen\b|\S\W") == r"ubermorgen\b|\S\W"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thank you for your message, we will talk next week.", "en"),
        ("Merci pour votre message, on se parle la semaine prochaine.", "fr"),
        ("Vielen Dank für Ihre Nachricht, wir sprechen nächste Woche.", "de"),
        ("Gracias por su mensaje, hablamos la semana próxima.", "es"),
        ("ご連絡ありがとうございます。", "ja"),
        ("谢谢您的邮件。", "zh"),
        ("메일 감사합니다.", "ko"),
        ("Спасибо за письмо.", "ru"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert language_of(language_scores(flow(text))) == language


@pytest.mark.parametrize(
    ("language", "text", "successor"),
    [
        ("en", "Please contact my colleague Dana White.", "Dana White"),
        ("en", "Please contact our Head of Growth, Ian Boyd.", "Ian Boyd"),
        ("en", "Contact Dana White (dana.white@north.example).", "dana.white@north.example"),
        ("en", "She left. Write to Mary-Ann O'Neil instead.", "Mary-Ann O'Neil"),
        ("en", "please contact somebody else", None),
        ("fr", "Adressez-vous à M. Henri de Vasseur.", "Henri de Vasseur"),
        ("de", "Wenden Sie sich bitte an Frau Dr. Anna Seidel.", "Anna Seidel"),
        ("nl", "Neem contact op met Femke van der Berg.", "Femke van der Berg"),
        ("zh", "请联系采购部的赵磊。", "赵磊"),
        ("ja", "後任の田中までご連絡ください。", "田中"),
    ],
)
def test_the_successor_is_the_address_or_else_the_name(language: str, text: str, successor: str | None) -> None:
    assert successor_in(text, [language]) == successor
