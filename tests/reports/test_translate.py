from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from hygiene.errors import SettingsError
from hygiene.reports.chart_tables import step_table, trend_table
from hygiene.reports.translate import BAND_WORDS, PSEUDO, TEXT_LIMIT, Translator, substitute, visible
from hygiene.resources import resource
from hygiene.values import BandMark, Count, Interval, Link, Message, Moment, Percent, Points, Text
from tests.reports import samples

EN, FR = Translator("en"), Translator("fr")
NBSP, NARROW = "\u00a0", "\u202f"
MORNING = datetime(2026, 3, 1, 9, 5, 59)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (Percent(0.0712), "7.1%", f"7,1{NBSP}%"),
        (Percent(0.07, 0), "7%", f"7{NBSP}%"),
        (Percent(0.07368, 2), "7.37%", f"7,37{NBSP}%"),
        (Percent(12.34, 0), "1,234%", f"1{NARROW}234{NBSP}%"),
        (Percent(-0.00001), "0.0%", f"0,0{NBSP}%"),
        (Percent(None), "–", "–"),
        (Count(1234567), "1,234,567", f"1{NARROW}234{NARROW}567"),
        (Points(57.4), "57", "57"),
        (Points(57.45, 1), "57.5", "57,5"),
        (Points(None), "–", "–"),
        (Interval(0.014, 0.0264), "[1.4–2.6%]", f"[1,4–2,6{NBSP}%]"),
        (Interval(41.2, 63.0, percent=False), "[41–63]", "[41–63]"),
        (Moment(MORNING, "month"), "Mar 2026", "mars 2026"),
        (Moment(MORNING), "Mar 1, 2026", "1 mars 2026"),
        (Moment(MORNING, "minute"), "Mar 1, 2026, 09:05 UTC", "1 mars 2026, 09:05 UTC"),
        (Moment(None), "–", "–"),
        (BandMark("low"), "Low", "Faible"),
        (BandMark(None), "Not enough evidence", "Pas assez de données"),
        (Text("Low"), "Low", "Low"),
        (Link(BandMark("good"), "x.html"), "Good", "Bon"),
    ],
)
def test_a_value_reads_as_its_language_writes_it(value, english, french):
    assert EN.text(value) == english
    assert FR.text(value) == french


def test_a_time_with_a_zone_is_told_in_utc():
    paris = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert EN.text(Moment(paris, "minute")) == "Feb 28, 2026, 23:30 UTC"
    assert EN.text(Moment(MORNING.replace(tzinfo=UTC), "minute")) == "Mar 1, 2026, 09:05 UTC"


def test_the_two_short_forms_of_an_axis():
    assert (EN.month(datetime(2026, 2, 1)), FR.month(datetime(2026, 2, 1))) == ("Feb", "févr.")
    assert EN.interval(Interval(0.1, 0.2)) == "10.0–20.0%"


@pytest.mark.parametrize(
    ("n", "english", "french"), [(0, "0 senders", "0 expéditeur"), (1, "1 sender", "1 expéditeur")]
)
def test_the_plural_follows_the_language(n, english, french):
    message = Message("%(n)s sender", plural="%(n)s senders", n=n)
    assert (EN.text(message), FR.text(message)) == (english, french)


def test_the_number_of_a_plural_is_grouped():
    assert FR.text(Message("%(n)s sender", plural="%(n)s senders", n=1200)) == f"1{NARROW}200 expéditeurs"


def test_messages_inside_messages_are_translated_too():
    message = Message("%(label)s by month", {"label": Message("Rate")})
    assert FR.text(message) == "Taux par mois"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("90 % of %(a)s", "90 % of x%(b)s"),
        ("90%% of %(a)s", "90% of x%(b)s"),
        ("50% is half", "50% is half"),
        ("plain", "plain"),
    ],
)
def test_a_percent_sign_is_itself_and_an_argument_is_never_a_template(template, shown):
    assert substitute(template, {"a": "x%(b)s", "b": "never"}) == shown


def test_a_placeholder_without_an_argument_is_a_bug_that_shows():
    with pytest.raises(KeyError, match="missing"):
        EN.text(Message("%(missing)s"))


def test_a_missing_translation_stays_english_unless_strict():
    message = Message("Nobody has translated this %(what)s.", {"what": Text("one")})
    assert FR.text(message) == "Nobody has translated this one."
    with pytest.raises(LookupError, match=r'No translation of "Nobody has translated this %\(what\)s\."'):
        Translator("fr", strict=True).text(message)
    with pytest.raises(LookupError, match='No translation of "%d never" / "%d nevers" for 2'):
        Translator("fr", strict=True).text(Message("%d never", plural="%d nevers", n=2))


def test_an_unknown_language_is_a_setting_that_cannot_be_used():
    with pytest.raises(SettingsError) as error:
        Translator("fra")
    assert str(error.value) == 'The language "fra" is not one of en, fr (did you mean "fr"?).'


def test_the_pseudo_language_marks_each_sentence_and_leaves_data_alone():
    message = Message("Reports of %(name)s", {"name": Text("Ann")})
    assert Translator(PSEUDO).text(message) == "⟦Reports of Ann⟧"
    assert Translator(PSEUDO).text(Message("%(n)s row", plural="%(n)s rows", n=2)) == "⟦2 rows⟧"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë O’Neill – 張偉 👩‍💻", "Zoë O’Neill – 張偉 👩‍💻"),
        ("a\r\n\tb", "a b"),
        ("a\u2028b", "a b"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("user\u202egnp.exe", "user\ufffdgnp.exe"),
        ("half \ud83d", "half \ufffd"),
        ("x" * (TEXT_LIMIT + 1), "x" * (TEXT_LIMIT - 1) + "…"),
        ("x" * TEXT_LIMIT, "x" * TEXT_LIMIT),
    ],
)
def test_text_from_the_data_has_no_hidden_effects(text, shown):
    assert visible(text) == shown
    assert EN.text(Text(text)) == shown


# --- the French catalogue ---------------------------------------------------------------------------------------------
def catalogues():
    folder = files("hygiene") / "locale" / "fr" / "LC_MESSAGES"
    return {
        path.name: read_po(BytesIO(path.read_bytes()), locale="fr", abort_invalid=True)
        for path in folder.iterdir()
        if path.name.endswith(".po")
    }


def test_the_catalogues_are_complete_and_keep_the_placeholders():
    for name, catalogue in catalogues().items():
        for message in catalogue:
            if message.id:
                strings = [message.string] if isinstance(message.string, str) else message.string
                assert all(strings), f"{name}: {message.id} is not translated"
                assert not message.fuzzy, f"{name}: {message.id} is fuzzy"
                assert not [str(error) for error in message.check(catalogue)], f"{name}: {message.id}"


def test_no_two_catalogues_translate_a_sentence_differently():
    seen = {}
    for catalogue in catalogues().values():
        for message in catalogue:
            if message.id:
                assert seen.setdefault(message.id, message.string) == message.string


def test_every_sentence_of_the_templates_is_in_french():
    strict = Translator("fr", strict=True)
    found = 0
    for path in resource("templates").iterdir():
        if path.name.endswith(".j2"):
            keywords = {"_": None, "ngettext": (1, 2)}
            for _, words, _, _ in extract("jinja2.ext:babel_extract", BytesIO(path.read_bytes()), keywords=keywords):
                one, many = words if isinstance(words, tuple) else (words, None)
                strict.template(Message(one, plural=many, n=2))
                found += 1
    assert found > 30


def test_every_fixed_sentence_of_bands_and_chart_tables_is_in_french():
    strict = Translator("fr", strict=True)
    for word in BAND_WORDS.values():
        strict.text(word)
    for table in (trend_table(samples.trend()), step_table(samples.steps())):
        for column in table.columns:
            strict.text(column.title)
        for cell in table.rows[0].cells:
            strict.text(cell)


def test_a_score_never_seems_to_have_reached_the_band_above_it() -> None:
    assert Translator("en").text(Points(39.6)) == "39"
    assert Translator("fr").text(Points(39.6, 1)) == "39,6"
    assert Translator("en").text(Interval(33.2, 49.1, percent=False)) == "[33–50]"
