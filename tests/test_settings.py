from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import SettingsError
from hygiene.settings import READERS, Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path

FILE = "hygiene.toml"


def test_flags_win_over_the_environment_over_the_file_over_the_defaults(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('timezone = "Europe/Paris"\nlang = "fr"\ncertainty = 0.7\n')
    settings = load_settings({"lang": "en", "certainty": None}, {"HYGIENE_CERTAINTY": "0.6", "HOME": "x"}, tmp_path)
    assert (settings.lang, settings.certainty, settings.timezone, settings.date_order) == (
        "en",
        0.6,
        "Europe/Paris",
        "auto",
    )


def test_the_file_is_searched_upward_and_the_nearest_wins(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / FILE).write_text('lang = "fr"\n')
    assert load_settings({}, {}, deep).lang == "fr"
    (tmp_path / "a" / FILE).write_text("silence_days = 30\n")
    assert (load_settings({}, {}, deep).lang, load_settings({}, {}, deep).silence_days) == ("en", 30)


def test_a_day_is_whole(tmp_path: Path) -> None:
    settings = load_settings({"since": "2026-03-01", "until": "2026-03-31", "as_of": "2026-04-02"}, {}, tmp_path)
    assert (settings.since, settings.until) == (datetime(2026, 3, 1), datetime(2026, 4, 1))
    assert settings.as_of == datetime(2026, 4, 3)


def test_toml_dates_are_dates(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("since = 2026-03-01\nas_of = 2026-03-05T10:00:00+02:00\n")
    settings = load_settings({}, {}, tmp_path)
    assert (settings.since, settings.as_of) == (datetime(2026, 3, 1), datetime(2026, 3, 5, 8))


BAD = [
    ({"allow": "x"}, 'The setting allow in the command line is "x"; it must be tables [[allow]] in hygiene.toml.'),
    (
        {"allow": [{"mail": "ann@example.org"}]},
        (
            'The setting allow in the command line: an entry has the key "mail" (did you mean "email"?); there are'
            " contact, email, evidence, owner, expires."
        ),
    ),
    (
        {"allow": [{"contact": "1", "email": "ann@example.org"}]},
        (
            "The setting allow in the command line: an entry names either a contact (its id) or an email, and this one"
            " names neither or both."
        ),
    ),
    (
        {"allow": [{"contact": "1", "evidence": " ", "owner": "Ann", "expires": "soon"}]},
        (
            'The setting allow in the command line: the entry for "1" needs evidence and expires (a date such as'
            " 2026-12-31)."
        ),
    ),
    ({"lang": "de"}, 'The setting lang in the command line is "de"; it must be one of en, fr.'),
    (
        {"reply_denominator": "deliverd"},
        (
            'The setting reply_denominator in the command line is "deliverd"; it must be one of delivered, ended '
            '(did you mean "delivered"?).'
        ),
    ),
    ({"certainty": 1.5}, 'The setting certainty in the command line is "1.5"; it must be a number from 0 to 1.'),
    (
        {"silence_days": "soon"},
        'The setting silence_days in the command line is "soon"; it must be a number from 1 to 365.',
    ),
    (
        {"silence_days": True},
        'The setting silence_days in the command line is "True"; it must be a number from 1 to 365.',
    ),
    (
        {"timezone": "Paris/Europe"},
        (
            'The setting timezone in the command line is "Paris/Europe"; it must be the name of a time zone, such as '
            '"Europe/Paris".'
        ),
    ),
    (
        {"since": "01/03/2026"},
        (
            'The setting since in the command line is "01/03/2026"; it must be a date such as 2026-03-01 or a time such'
            " as 2026-03-01T09:00:00Z."
        ),
    ),
    (
        {"since": "2026-04-02", "until": "2026-04-01"},
        "The setting since lies after until: no enrollment can end between them.",
    ),
]


@pytest.mark.parametrize(("flags", "sentence"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_value_is_named_with_what_is_allowed(tmp_path: Path, flags: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(flags, {}, tmp_path)
    assert str(error.value) == sentence


def test_an_unknown_key_is_an_error_in_the_file_and_in_the_environment(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({}, {"HYGIENE_TIMEZON": "UTC"}, tmp_path)
    assert str(error.value) == (
        'The environment variable HYGIENE_TIMEZON is not a setting (did you mean "HYGIENE_TIMEZONE"?).'
    )
    (tmp_path / FILE).write_text("profil = 'x'\n")
    with pytest.raises(SettingsError) as error:
        load_settings({}, {}, tmp_path)
    assert str(error.value) == f'"profil" in {tmp_path / FILE} is not a setting (did you mean "profile"?).'


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("lang = \n")
    with pytest.raises(SettingsError, match=r"hygiene\.toml cannot be read as TOML: "):
        load_settings({}, {}, tmp_path)


def test_every_setting_has_a_reader() -> None:
    assert set(READERS) == set(Settings.__dataclass_fields__)
