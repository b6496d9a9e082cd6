"""The pages in Debian's chromium: axe-core, both schemes, 320 px, paper, no network, no JavaScript."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hygiene.pipeline import run
from hygiene.reports.html import render_page
from hygiene.reports.translate import Translator
from hygiene.settings import LANGUAGES, Settings
from tests.reports import samples

CHROMIUM = Path("/usr/bin/chromium")
HERE = Path(__file__).parent / "browser"
ACME = Path(__file__).parents[2] / "examples" / "acme"
SAMPLES = {
    "team-en": (samples.team, 0),
    "sender-en": (samples.sender, 1),
    "sequence-en": (samples.sequence, 1),
    "team-fr": (samples.team, 0),
}
"""Pages that hold every kind of block."""
REAL = {
    "acme-team-fr": "index.html",
    "acme-sender-fr": "senders/hugo.lambert.html",
    "acme-sequence-fr": "sequences/fr-industrie.html",
}
"""Pages of the example, as a run writes them."""
PAGES = [*SAMPLES, *REAL]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium to open the pages in"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What check.mjs saw of each page."""
    if not (HERE / "node_modules").is_dir() or not shutil.which("node"):
        # CI must not turn green by what it does not have.
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs node and two npm packages: run make browser-deps")
    folder = tmp_path_factory.mktemp("pages")
    for name, (document, depth) in SAMPLES.items():
        page = render_page(document(), Translator(name.rpartition("-")[2]), depth)
        (folder / f"{name}.html").write_text(page)
    run(ACME, folder / "acme", Settings(lang="fr", cache_dir=folder / "cache"))
    for name, page in REAL.items():
        shutil.copy(folder / "acme" / page, folder / f"{name}.html")
    paths = [str(folder / f"{name}.html") for name in PAGES]
    done = subprocess.run(
        ["node", str(HERE / "check.mjs"), *paths], capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    return {name: seen[path] for name, path in zip(PAGES, paths, strict=True)}


def each_view(found, *keys):
    return {
        (name, view["colorScheme"], view["width"]): tuple(view[key] for key in keys)
        for name in PAGES
        for view in found[name]["views"]
    }


def test_axe_finds_no_violation_in_light_and_dark_wide_and_narrow(found):
    violations = each_view(found, "axe")
    assert len(violations) == len(PAGES) * 4
    assert not {view: seen for view, (seen,) in violations.items() if seen}


def test_a_page_makes_no_request_and_breaks_no_rule_of_its_policy(found):
    assert not {
        name: seen["requests"] + seen["complaints"]
        for name, seen in found.items()
        if seen["requests"] or seen["complaints"]
    }


def test_a_page_never_scrolls_sideways_and_no_letter_of_a_chart_is_cut_off(found):
    for (_, _, width), (scroll_width, outside) in each_view(found, "scrollWidth", "outside").items():
        assert scroll_width <= width
        assert outside == []


def test_letters_in_charts_keep_their_size_on_a_phone(found):
    for (letters,) in each_view(found, "letters").values():
        assert letters
        assert all(11 <= size <= 13 for size in letters)


@pytest.mark.parametrize("name", PAGES)
def test_everything_is_reached_by_tab_and_shows_its_focus(found, name):
    focus = found[name]["focus"]
    assert focus["reached"] == focus["count"] > 5
    assert focus["unseen"] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_javascript_says_the_same(found, name):
    assert found[name]["words"] == found[name]["wordsWithoutScript"]


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_every_folded_part_is_open_and_the_file_is_tagged(found, name):
    paper = found[name]["paper"]
    assert paper["hidden"] == []
    assert paper["tagged"]
    # A real page goes on with its rows and its method, a team's with its tickets and every header of its files.
    most = {"team-en": 5, "team-fr": 5, "acme-team-fr": 17, "acme-sender-fr": 5, "acme-sequence-fr": 6}
    most |= {"sender-en": 4, "sender-fr": 4}
    assert 1 <= paper["sheets"] <= most.get(name, 3)
    assert set(paper["heads"]) <= {"contents"}


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    """The coaching pages of the example after an earlier report, by language."""
    folder = tmp_path_factory.mktemp("acme")
    settings = Settings(cache_dir=folder / "cache")
    run(ACME, folder / "before", replace(settings, as_of=datetime(2026, 8, 1)))
    for lang in LANGUAGES:
        run(ACME, folder / lang, replace(settings, lang=lang), previous=folder / "before")
    return {lang: sorted((folder / lang / "senders").iterdir()) for lang in LANGUAGES}


def body_of(page):
    """Return a coaching page without its appendix, and how long its body is."""
    html = page.read_text(encoding="utf-8")
    start, end = html.index("<body"), re.search('<section id="(?:followed|trend)"', html).start()
    return html[:end] + html[html.index("</main>") :], end - start


def sheets(page, pdf):
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf}"]
    done = subprocess.run([CHROMIUM, *arguments, page.as_uri()], capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_body_of_a_coaching_page_is_two_sheets_at_most(acme, lang, tmp_path):
    bodies = sorted(((*body_of(page), page.name) for page in acme[lang]), key=lambda body: body[1])
    assert len(bodies) == 12
    # The shortest, the middle one and the longest; and who would have been the first to need a third sheet.
    chosen = {bodies[0], bodies[len(bodies) // 2], bodies[-1], *(b for b in bodies if b[2] == "claire.moreau.html")}
    for html, _, name in chosen:
        page = tmp_path / name
        page.write_text(html, encoding="utf-8")
        assert 1 <= sheets(page, tmp_path / "body.pdf") <= 2, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_appendix_of_a_coaching_page_begins_on_a_sheet_of_its_own(acme, lang, tmp_path):
    page = acme[lang][0]
    body = tmp_path / "body.html"
    body.write_text(body_of(page)[0], encoding="utf-8")
    assert sheets(page, tmp_path / "whole.pdf") > sheets(body, tmp_path / "body.pdf")


def test_a_click_on_a_heading_sorts_by_number_and_leaves_the_unknown_last(found):
    (down, falling), (up, rising) = found["team-en"]["sorting"]["orders"]
    scores = [cell.split("\n")[0] for cell in falling]
    assert (down, scores) == ("descending", ["78", "62", "57", "56", "55", "52", "48", "46", "44", "18", "", ""])
    assert up == "ascending"
    assert [cell.split("\n")[0] for cell in rising] == [*reversed(scores[:-2]), "", ""]


def test_names_sort_as_people_do_and_the_search_says_how_many_are_left(found):
    order, names = found["team-en"]["sorting"]["names"]
    assert order == "ascending"
    assert names[:4] == [
        "Aïcha Benâmar",
        "Chloé Dubois",
        "Élodie Lefèvre-Marchand",
        "Jean-Baptiste de La Rochefoucauld",
    ]
    assert found["team-fr"]["sorting"]["shown"] == ["Élodie Lefèvre-Marchand"]
    assert found["team-fr"]["sorting"]["said"].replace("\u00a0", " ") == "Lignes affichées : 1"
