"""What `hygiene train` and `hygiene backtest -o` write: three files and a page, and what stands in them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hygiene.errors import OutputError
from hygiene.exports.backtest import PAGE, write_backtest
from hygiene.exports.model import CARD_FILE, METRICS_FILE, Trained, as_json, backtest_record, write_trained
from hygiene.flags.engagement.backtest import Backtest, backtest
from hygiene.flags.engagement.model import EngagementModel
from hygiene.flags.engagement.saved import MODEL_FILE, read_model, to_record
from hygiene.flags.pauses.replay import replay
from hygiene.reports.translate import Translator
from hygiene.settings import Settings
from tests.flags.engagement.makers import make_sends, simulated
from tests.flags.pauses.slow import Mail, stream_of

EN, FR = Translator("en"), Translator("fr", strict=True)
SPAN = 300.0
HASH = "0f" * 16
EVIL = '<script>alert("x")</script>\u202e\x1b[2J'
NAMES = {1: EVIL, 2: "inbound", 3: "=cmd()"}


@cache
def looked_back() -> Backtest:
    return backtest(simulated(900, seed=11, span=SPAN), SPAN, {}, Settings())


@cache
def learned() -> EngagementModel:
    return EngagementModel().fit(simulated(900, seed=11, span=SPAN), SPAN)


def imported(data_hash: str = HASH) -> Any:
    tables = {"contacts": 900, "events": 9_000}
    return SimpleNamespace(data_until=datetime(2026, 10, 30, 17, 59), tables=tables, data_hash=data_hash)


def trained(data_hash: str = HASH) -> Trained:
    return Trained(learned(), NAMES, imported(data_hash), looked_back())


@cache
def pauses() -> Any:
    return replay(stream_of([Mail(0)]), (), 0.0)


def write_page(out: Path, translator: Translator = EN) -> Path:
    return write_backtest(out, looked_back(), pauses(), imported(), translator)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- the three files --------------------------------------------------------------------------------------------------
def test_three_files_are_written_that_can_be_read_again(tmp_path: Path) -> None:
    write_trained(tmp_path / "model", trained(), EN)
    assert contents(tmp_path / "model").keys() == {"model.json", "metrics.json", "MODEL_CARD.md"}
    model = read_model(tmp_path / "model", NAMES)
    assert to_record(model, NAMES, HASH) == to_record(learned(), NAMES, HASH)
    assert sorted(model.sources_.by_source) == [1, 2, 3]


def test_each_file_names_the_data_that_it_is_from(tmp_path: Path) -> None:
    write_trained(tmp_path, trained(), EN)
    for name in (MODEL_FILE, METRICS_FILE):
        assert json.loads((tmp_path / name).read_text())["data_hash"] == HASH
    assert f"Fingerprint of the data (data_hash): {HASH}\n" in (tmp_path / CARD_FILE).read_text()


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_trained(tmp_path / name, trained(), EN)
        write_page(tmp_path / name)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    # And a second time over the first.
    write_trained(tmp_path / "a", trained(), EN)
    write_page(tmp_path / "a")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    # The model learned anew is the same too.
    again = Trained(EngagementModel().fit(simulated(900, seed=11, span=SPAN), SPAN), NAMES, imported(), looked_back())
    write_trained(tmp_path / "c", again, EN)
    assert contents(tmp_path / "c")[MODEL_FILE] == contents(tmp_path / "a")[MODEL_FILE]


def test_the_metrics_are_what_the_back_test_says(tmp_path: Path) -> None:
    write_trained(tmp_path, trained(), EN)
    metrics, result = json.loads((tmp_path / METRICS_FILE).read_text()), looked_back()
    assert metrics.keys() == {"origins", "calibration", "rules", "budget", "data_hash"}
    assert len(result.origins) == len(metrics["origins"]) == 3
    for origin, record in zip(result.origins, metrics["origins"], strict=True):
        assert record.keys() == set(origin._fields)
        assert [record[name] for name in origin._fields[:-1]] == list(origin[:-1])
        for ranking, each in zip(origin.rankings, record["rankings"], strict=True):
            assert each == {"score": ranking.score, "auc": ranking.auc, "brier": ranking.brier}
    for rule, record in zip(result.rules, metrics["rules"], strict=True):
        assert record == {
            "rule": rule.rule,
            "judged": rule.judged,
            "paused": rule.paused,
            "replied": rule.replied,
            "lost": rule.lost,
            "mails": rule.mails,
            "saved": rule.saved,
        }
    for point, record in zip(result.calibration, metrics["calibration"], strict=True):
        assert record["observed"] == point.replied / point.mails
        assert [record[name] for name in point._fields] == list(point)
    assert metrics["budget"] == 0.05


def test_a_model_of_nobody_has_metrics_without_an_origin(tmp_path: Path) -> None:
    nobody = make_sends([], 0)
    empty = Trained(EngagementModel().fit(nobody, SPAN), {}, imported(), backtest(nobody, SPAN, {}, Settings()))
    write_trained(tmp_path, empty, EN)
    assert json.loads((tmp_path / METRICS_FILE).read_text())["origins"] == []
    assert "The history is too short to look back" in (tmp_path / CARD_FILE).read_text()
    assert read_model(tmp_path, {}).contacts_ == 0


def test_no_json_of_ours_holds_what_is_none() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json({"a": float("nan")})
    assert as_json(backtest_record(looked_back())).endswith("}\n")


def test_the_card_speaks_the_readers_language(tmp_path: Path) -> None:
    write_trained(tmp_path / "en", trained(), EN)
    write_trained(tmp_path / "fr", trained(), FR)
    assert (tmp_path / "fr" / CARD_FILE).read_text().startswith("# Fiche du modèle")
    for name in (MODEL_FILE, METRICS_FILE):
        assert (tmp_path / "en" / name).read_bytes() == (tmp_path / "fr" / name).read_bytes()
    write_trained(tmp_path / "fr", trained(), EN)  # a card in another language is ours all the same
    assert contents(tmp_path / "fr") == contents(tmp_path / "en")


def test_the_card_is_as_wide_as_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    write_trained(tmp_path, trained(), EN)
    assert re.search(r"^Rule +Contacts judged +Paused +Replies lost ", (tmp_path / CARD_FILE).read_text(), re.MULTILINE)


# --- nothing live -----------------------------------------------------------------------------------------------------
def test_no_text_from_the_data_is_live_in_the_card_or_on_the_page(tmp_path: Path) -> None:
    """The names of the list sources stand in the model only, as JSON strings."""
    write_trained(tmp_path, trained(), EN)
    write_page(tmp_path)
    for name in (CARD_FILE, METRICS_FILE, PAGE):
        text = (tmp_path / name).read_text()
        assert "alert(" not in text
        assert "cmd()" not in text
        assert not set(text) & set("\u202e\x1b")
    card = (tmp_path / CARD_FILE).read_text()
    assert "<" not in card
    assert "](" not in card


def test_a_fingerprint_that_is_none_is_shown_and_not_run(tmp_path: Path) -> None:
    write_trained(tmp_path, trained(data_hash=EVIL), EN)
    card = (tmp_path / CARD_FILE).read_text()
    assert not set(card) & set("\u202e\x1b")
    assert len(card.splitlines()) == len(card.split("\n")) - 1


def test_the_page_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = write_page(tmp_path).read_text()
    assert page.startswith("<!doctype html>")
    assert re.findall(r"(?:src|href)=\"(?!#|data:)[^\"]*\"", page) == []
    assert "default-src 'none'" in unescape(page)
    assert len(re.findall("<script", page)) <= 1


def test_the_page_is_in_the_readers_language_and_where_it_is_said_to_be(tmp_path: Path) -> None:
    path = write_page(tmp_path / "out", FR)
    assert path == tmp_path / "out" / "backtest.html"
    assert '<html lang="fr"' in path.read_text()
    assert contents(tmp_path / "out").keys() == {"backtest.html"}


# --- files of the user's ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [MODEL_FILE, METRICS_FILE, CARD_FILE])
@pytest.mark.parametrize("text", ["", "mine", '{"layers": 12}', "# Model card\n\nIt finds cats.\n"])
def test_a_file_of_the_user_is_never_written_over(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(OutputError) as error:
        write_trained(tmp_path, trained(), EN)
    assert str(error.value) == (
        f"{tmp_path} holds {name}, which hygiene did not write. Name another folder with -o, or move that file."
    )
    assert contents(tmp_path) == {name: text.encode()}


@pytest.mark.parametrize("text", ["", "mine", "<!doctype html><title>backtest</title><p>hygiene</p>"])
def test_a_page_of_the_user_is_never_written_over(tmp_path: Path, text: str) -> None:
    (tmp_path / PAGE).write_text(text)
    with pytest.raises(OutputError, match=r"holds backtest\.html, which hygiene did not write"):
        write_page(tmp_path)
    assert contents(tmp_path) == {PAGE: text.encode()}


def test_the_page_and_the_model_lie_in_one_folder_in_peace(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_trained(tmp_path, trained(), EN)
    write_page(tmp_path)
    write_trained(tmp_path, trained(), FR)
    write_page(tmp_path, FR)
    assert contents(tmp_path).keys() == {MODEL_FILE, METRICS_FILE, CARD_FILE, PAGE, "notes.txt"}
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for write in (lambda out: write_trained(out, trained(), EN), write_page):
        with pytest.raises(OutputError, match=r"cannot be written: Not a directory\. Name another with -o"):
            write(tmp_path / "file" / "out")


def test_the_model_is_written_last_for_it_vouches_for_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        moved.append(Path(target).name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_trained(tmp_path, trained(), EN)
    assert sorted(moved) == sorted([CARD_FILE, METRICS_FILE, MODEL_FILE])
    assert moved[-1] == MODEL_FILE


def test_a_disk_that_is_full_at_the_model_leaves_the_old_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_trained(tmp_path, trained(), EN)
    before = contents(tmp_path)
    write = Path.write_text

    def full(self: Path, text: str, **options: str) -> int:
        if MODEL_FILE in self.name:
            write(self, text[:100])
            raise OSError(28, "No space left on device")
        return write(self, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_trained(tmp_path, trained(data_hash="1e" * 16), EN)
    assert contents(tmp_path).keys() == before.keys()
    assert contents(tmp_path)[MODEL_FILE] == before[MODEL_FILE]
    read_model(tmp_path, NAMES)
