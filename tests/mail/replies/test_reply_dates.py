"""The first day on which an absent person is back, in the ways in which people and machines write dates."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.replies import read_reply
from hygiene.mail.replies.returns import FARTHEST, return_date
from hygiene.mail.replies.rules import languages

MONDAY = date(2026, 4, 20)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "out of office until 5 May", "2026-05-06"),
        ("en", "out of office until and including 5 May", "2026-05-06"),
        ("en", "back on Monday 12 January 2027", "2027-01-12"),
        ("en", "I will be away from 3 to 10 August and back on 11 August", "2026-08-11"),
        ("en", "away August 3-10", "2026-08-11"),
        ("en", "on leave between 4 May and 8 May", "2026-05-09"),
        ("en", "out from Dec 24th, 2026 through Jan 2nd, 2027", "2027-01-03"),
        ("en", "I won't be back until 5 May", "2026-05-05"),
        ("en", "I return 06-May-2026", "2026-05-06"),
        ("en", "returning 2026-05-06", "2026-05-06"),
        ("en", "returning the 5th of May", "2026-05-05"),
        ("en", "from 12/24 to 01/02", "2027-01-03"),
        ("en", "back 13/05/2026", "2026-05-13"),
        ("en", "back 05/06/2026", None),  # 5 June and 6 May are both near
        ("en", "back 05/11/2026", "2026-05-11"),  # 5 November is not within 120 days
        ("en", "out until Friday", "2026-04-25"),
        ("en", "back on Monday", "2026-04-27"),
        ("en", "I'll respond tomorrow", "2026-04-21"),
        ("en", "back next week", "2026-04-27"),
        ("en", "on leave until January 2027", "2027-02-01"),
        ("en", "back in September", "2026-09-01"),
        ("en", "away until the 27th", "2026-04-28"),
        ("en", "I may be away. We met 5 May.", None),
        ("en", "call me until 14:30 on 555 0100", None),
        ("en", "until 5 May 2025", None),
        ("en", "until 5 May 2028", None),
        ("en", "until 31 February", None),
        ("fr", "jusqu'au 5 mai inclus", "2026-05-06"),
        ("fr", "de retour le 6 mai", "2026-05-06"),
        ("fr", "du 3 au 10 août", "2026-08-11"),
        ("fr", "absente du 24/04 au 26/04/2026", "2026-04-27"),
        ("fr", "absent jusqu'au 1er mai", "2026-05-02"),
        ("fr", "je serai de retour à partir du 6 mai", "2026-05-06"),
        ("fr", "absent jusqu'à vendredi", "2026-04-25"),
        ("fr", "absent jusqu'au 30, joignable au 01.02.03.04.05", "2026-05-01"),
        ("fr", "appelez Paul au 01.02.03.04.05", None),
        ("de", "bis einschließlich 05.05.2026", "2026-05-06"),
        ("de", "ab dem 6. Mai bin ich wieder da", "2026-05-06"),
        ("de", "ab dem 6. Mai bin ich im Urlaub", None),
        ("de", "vom 3. bis 10. August", "2026-08-11"),
        ("de", "vom 3.8. bis 10.8.", "2026-08-11"),
        ("de", "bis 5.5. nicht im Büro, danach wieder", "2026-05-06"),
        ("de", "erst am Montag wieder im Büro", "2026-04-27"),
        ("es", "del 3 al 10 de agosto", "2026-08-11"),
        ("es", "hasta el 5 de mayo de 2026", "2026-05-06"),
        ("es", "vuelvo el lunes 4 de mayo", "2026-05-04"),
        ("it", "fino al 5 maggio", "2026-05-06"),
        ("it", "dal 3 al 10 agosto", "2026-08-11"),
        ("it", "rientrerò il 4 maggio", "2026-05-04"),
        ("pt", "até 5 de maio de 2026", "2026-05-06"),
        ("pt", "regresso no dia 4 de maio", "2026-05-04"),
        ("nl", "tot en met 5 mei", "2026-05-06"),
        ("nl", "vanaf 6 mei weer bereikbaar", "2026-05-06"),
        ("pl", "do 5 maja", "2026-05-06"),
        ("pl", "od 3 do 10 sierpnia 2026 r.", "2026-08-11"),
        ("sv", "till och med 5 maj", "2026-05-06"),
        ("da", "til og med den 5. maj", "2026-05-06"),
        ("no", "til og med 5. mai", "2026-05-06"),
        ("fi", "5.5.2026 asti", "2026-05-06"),
        ("fi", "palaan 4. toukokuuta", "2026-05-04"),
        ("cs", "do 5. května", "2026-05-06"),
        ("ru", "до 5 мая", "2026-05-06"),
        ("ru", "с 3 по 10 августа", "2026-08-11"),
        ("tr", "5 Mayıs'a kadar", "2026-05-06"),
        ("ja", "5月5日まで休暇", "2026-05-06"),
        ("ja", "5月1日から5日まで", "2026-05-06"),
        ("ja", "2026年5月7日より出社", "2026-05-07"),
        ("zh", "5月1日至5月5日放假", "2026-05-06"),
        ("zh", "5月6日返回", "2026-05-06"),
        ("zh", "5月5日前无法回复", "2026-05-05"),
        ("ko", "5월 5일까지", "2026-05-06"),
        ("ko", "5월 6일에 복귀", "2026-05-06"),
    ],
)
def test_the_return_is_read_from(language: str, text: str, expected: str | None) -> None:
    from hygiene.mail.replies.folding import flow

    found = return_date(flow(text), languages()[language], MONDAY)
    assert found == (date.fromisoformat(expected) if expected else None)


def test_a_date_without_a_year_needs_the_day_of_the_mail() -> None:
    assert read_reply("I am out of the office until 5 May.").returns_on is None
    assert read_reply("I am out of the office until 5 May 2026.").returns_on == date(2026, 5, 6)


def test_a_date_without_a_year_is_the_next_one() -> None:
    reading = read_reply("I am out of the office until 3 January.", at=datetime(2026, 12, 20, 23, 59))
    assert reading.returns_on == date(2027, 1, 4)


def test_the_subject_may_name_the_day() -> None:
    assert read_reply("", "Out of office until 5 May", at=datetime(2026, 4, 20)).returns_on == date(2026, 5, 6)


def test_only_an_absence_has_a_return() -> None:
    assert read_reply("I'm back on 5 May, let's talk then.", at=datetime(2026, 4, 20)).returns_on is None


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.lists(
        st.sampled_from(
            [
                "until",
                "back",
                "on",
                "5",
                "31",
                "2/3",
                "12/24",
                "may",
                "2026",
                "2019-01-01",
                ",",
                "from",
                "to",
                "Monday",
                ".",
                "-",
            ]
        ),
        max_size=12,
    ),
)
def test_no_return_lies_before_the_mail_or_far_after_it(at: date, words: list[str]) -> None:
    found = return_date(" ".join(words).lower(), languages()["en"], at)
    assert found is None or 0 <= (found - at).days <= FARTHEST
