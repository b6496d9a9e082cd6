import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from typing import get_args

import pytest
from jinja2 import UndefinedError

from hygiene.reports import document as blocks
from hygiene.reports.document import Block, Document, Note, Row, Section, Table, TableColumn, Verdict
from hygiene.reports.html import FILTER_FROM, _environment, render_page
from hygiene.reports.html_values import safe_href
from hygiene.reports.translate import PSEUDO, Translator
from hygiene.values import Link, Message, Moment, Text
from tests.reports import samples
from tests.reports.pages import read

EN, FR = Translator("en"), Translator("fr")
DOCUMENTS = {"team": (samples.team(), 0), "sender": (samples.sender(), 1), "sequence": (samples.sequence(), 1)}
EVERY_PAGE = [(name, translator) for name in DOCUMENTS for translator in (EN, FR)]
every_page = pytest.mark.parametrize(("name", "translator"), EVERY_PAGE, ids=[f"{n}-{t.lang}" for n, t in EVERY_PAGE])


def page(name, translator=EN):
    document, depth = DOCUMENTS[name]
    return render_page(document, translator, depth)


def page_of(*parts, translator=EN, depth=0):
    return read(render_page(Document("team", Message("Title"), (), parts), translator, depth))


# --- the whole page ---------------------------------------------------------------------------------------------------
@every_page
def test_a_page_has_one_first_heading_and_skips_no_level(name, translator):
    levels = [int(heading.tag[1]) for heading in read(page(name, translator)).all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


@every_page
def test_a_page_says_its_language_and_has_its_landmarks(name, translator):
    found = read(page(name, translator))
    assert found.one("html").attributes["lang"] == translator.lang
    assert [len(found.all(tag)) for tag in ("main", "header", "footer")] == [1, 1, 1]
    assert found.one("main").attributes["id"] == "main"
    assert found.one("body").all("a")[0].attributes["href"] == "#main"


@every_page
def test_each_id_is_there_once_and_each_anchor_leads_to_one(name, translator):
    elements = read(page(name, translator)).all()
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    anchors = [element.attributes.get("href") or "" for element in elements if element.tag == "a"]
    assert {anchor[1:] for anchor in anchors if anchor.startswith("#")} <= set(ids)


@every_page
def test_each_picture_is_named_in_words(name, translator):
    pictures = [svg for svg in read(page(name, translator)).all("svg") if svg.attributes.get("role")]
    assert pictures
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert len(picture.all("title")[0].text) > 20


@every_page
def test_each_table_has_a_caption_and_scopes(name, translator):
    for table in read(page(name, translator)).all("table"):
        assert table.one("caption").text
        assert {cell.attributes["scope"] for cell in table.one("thead").all("th")} == {"col"}
        for row in table.one("tbody").all("tr"):
            assert [cell.attributes["scope"] for cell in row.all("th")] == ["row"]
            assert len(row.all("th", "td")) == len(table.one("thead").all("th"))


@every_page
def test_a_page_asks_for_nothing_and_runs_only_the_script_it_names(name, translator):
    html = page(name, translator)
    found = read(html)
    assert not re.search(r"https?:|@import|url\(|\bsrc=", html)
    assert not [e for e in found.all() if any(key.startswith("on") or key == "style" for key in e.attributes)]
    (policy,) = [e.attributes["content"] for e in found.all("meta") if e.attributes.get("http-equiv")]
    scripts = found.all("script")
    assert len(scripts) == (0 if name == "sender" else 1)  # a coaching page sorts nothing
    for tag, element in (("style", found.one("style")), *(("script", script) for script in scripts)):
        digest = b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_the_script_stays_small():
    assert len(read(page("team")).one("script").text) < 1700


@every_page
def test_a_page_keeps_to_its_byte_budget(name, translator):
    assert len(page(name, translator).encode()) < (45_000 if name == "team" else 40_000)  # a coaching page is mailed


def test_the_page_of_two_thousand_senders_keeps_to_its_byte_budget():
    assert len(render_page(samples.team(2000), FR, 0).encode()) < 700_000


def test_the_same_document_gives_the_same_bytes_in_another_process():
    script = (
        "import sys; from tests.reports.test_html import page, FR; sys.stdout.buffer.write(page('team', FR).encode())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert other.stdout.decode() == page("team", FR)


def test_no_sentence_of_ours_escapes_the_translator():
    for name in DOCUMENTS:
        found = read(page(name, Translator(PSEUDO)))
        assert not list(untranslated(found.one("body")))
        for element in found.all():
            for key in ("aria-label", "data-found"):
                assert "⟦" in (element.attributes.get(key) or "⟦"), (element.tag, key)


def untranslated(element, depth=0):
    """Yield the words outside ⟦…⟧ that are neither data, numbers, dates nor our name."""
    depths = [depth]

    def walk(part):
        for child in part.children:
            if isinstance(child, str):
                for piece in re.split(r"([⟦⟧])", child):
                    depths[0] += (piece == "⟦") - (piece == "⟧")
                    if depths[0] == 0 and re.search(r"[^\W\d_]{2}", DATES.sub("", piece)):
                        yield piece
            elif child.tag not in DATA_TAGS and child.attributes.get("class") not in {"brand", "name"}:
                yield from walk(child)

    yield from walk(element)


DATA_TAGS = {"bdi", "script", "style", "pre"}
DATES = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|UTC)\b")


# --- the blocks -------------------------------------------------------------------------------------------------------
def test_every_block_is_drawn_by_the_samples():
    drawn = set()

    def collect(parts):
        for part in parts:
            drawn.add(type(part).__name__)
            collect(part.blocks if isinstance(part, Section) else ())

    for document, _ in DOCUMENTS.values():
        collect(document.blocks)
    union = get_args(eval(Block, vars(blocks)))  # noqa: S307  our own type alias, kept as a string for Python 3.11
    assert drawn == {block.__name__ for block in union}


@pytest.mark.parametrize(
    ("translator", "words"),
    [
        (EN, ["Fair", "7.3%", "90% interval 6.6–8.1%", "1,312", "Show as table", "On this page"]),
        (FR, ["Moyen", "7,3 %", "intervalle à 90 % 6,6–8,1 %", "1 312", "Voir en tableau"]),
    ],
)
def test_a_team_page_shows_its_figures_as_the_language_writes_them(translator, words):
    document = samples.team()
    found = read(render_page(document, translator, 0))
    text = re.sub(r"\s+", " ", found.text)  # any space, so that the list above can be read
    for word in words:
        assert word in text or any(word in (e.attributes.get("aria-label") or "") for e in found.all())


def test_a_verdict_is_a_word_and_a_class_and_none_is_no_low_mark():
    found = page_of(Verdict(Message("Too little."), None))
    (verdict,) = [e for e in found.all("div") if "verdict" in (e.attributes.get("class") or "")]
    assert verdict.attributes["class"] == "verdict none"
    assert "Not enough evidence" in verdict.text


def test_an_alarm_has_the_colour_of_the_lowest_band_and_names_no_band():
    found = page_of(Verdict(Message("All bounced."), None, mark=Message("Stop sending"), alarm=True))
    (verdict,) = [e for e in found.all("div") if "verdict" in (e.attributes.get("class") or "")]
    assert verdict.attributes["class"] == "verdict low alarm"
    assert "Stop sending" in verdict.text
    assert "Not enough evidence" not in verdict.text


def test_a_folded_section_is_a_closed_details_with_its_heading():
    found = page_of(Section("s", Message("Method"), (Note(Message("How.")),), folded=True))
    details = found.one("main").one("details")
    assert "open" not in details.attributes
    assert details.one("summary").one("h2").text == "Method"
    assert "How." in details.text


def test_a_cut_table_says_of_how_many():
    table = Table(Message("T"), (TableColumn(Message("A")),), (Row((Text("x"),)),), total=1200)
    assert "1 of 1,200 rows are shown." in page_of(table).text
    assert "rows are shown" not in page_of(replace(table, total=1)).text


def test_sort_keys_are_plain_numbers_and_a_short_table_has_no_search():
    columns = (TableColumn(Message("A")), TableColumn(Message("B"), "number"), TableColumn(Message("C"), "number"))
    rows = tuple(Row((Text(str(i)), None, None), ("x|y", 0.123456789, None)) for i in range(FILTER_FROM))
    found = page_of(Table(Message("T"), columns, rows, sortable=True))
    assert found.one("tbody").all("tr")[0].attributes["data-k"] == "|0.123457|?"
    assert len(found.all("input")) == 1
    assert not page_of(Table(Message("T"), columns, rows[1:], sortable=True)).all("input")
    assert "data-k" not in page_of(Table(Message("T"), columns, rows)).one("tbody").all("tr")[0].attributes


def test_a_rate_without_trials_is_said_to_be_unknown():
    found = page_of(blocks.RateScale(Message("Reply rate"), None, 0, 1, 0.07, 0.13, 0.2))
    assert "nothing to measure yet" in found.one("figcaption").text
    assert found.one("svg").one("title").text == "Reply rate: nothing to measure yet; target 7% to 13%"


def test_the_words_of_a_score_scale_name_all_its_values():
    found = page_of(blocks.ScoreScale(Message("Score"), 57.4, 41, 63, (40, 60, 80), "fair"))
    assert found.one("svg").one("title").text == "Score: 57 of 100 (Fair), 90% interval [41–63]"


def test_a_trend_tells_each_month_in_words_and_in_a_table():
    chart = samples.trend()
    found = page_of(chart)
    assert "; Apr 2025 6.1%; May 2025 6.6%;" in found.all("svg")[0].one("title").text
    cells = [[cell.text.strip() for cell in row.all("th", "td")] for row in found.one("tbody").all("tr")]
    assert cells[0] == ["Apr 2025", "6.1%", "[3.4–8.8%]", "210"]
    assert cells[3] == ["Jul 2025", "–", "", "0"]


def test_the_parts_of_a_whole_fill_its_bar_and_stand_in_words_beside_it():
    found = page_of(samples.shares())
    parts = found.one("svg").all("rect")
    ends = [(float(part.attributes["x"][:-1]), float(part.attributes["width"][:-1])) for part in parts]
    assert [round(start + size, 1) for start, size in ends] == [*(start for start, _ in ends[1:]), 100]
    words = [key.text for key in found.one("figcaption").all("span") if "key" in key.attributes["class"]]
    assert words[:2] == ["of address: 95 (51.1%)", "of sender: 45 (24.2%)"]
    assert all(word in found.one("svg").one("title").text for word in words)


def test_lines_to_copy_stand_as_they_are():
    record, question = (figure.one("pre").text for figure in page_of(*samples.snippets()).all("figure"))
    assert record == samples.snippets()[0].text.value
    assert question == "Could you let example.com in?"


def test_a_page_carries_only_the_style_of_what_can_stand_there():
    sizes = [len(read(page(name)).one("style").text) for name in ("team", "sequence", "sender")]
    assert sizes[0] > sizes[1] > sizes[2]


def test_senders_outside_the_funnel_are_named_and_linked_below_it():
    found = page_of(samples.funnel())
    links = [link.attributes["href"] for link in found.one("figure").all("a")]
    assert links == ["senders/sender-0.html", "senders/sender-1.html", "senders/sender-10.html"]
    crowd = replace(samples.funnel(), dots=tuple(replace(samples.funnel().dots[0], trials=100 + i) for i in range(25)))
    assert "and 5 more" in page_of(crowd).text


def test_a_template_that_names_something_unknown_fails():
    with pytest.raises(UndefinedError, match="'nonsense' is undefined"):
        _environment().from_string("{{ nonsense }}").render()


# --- hostile text -----------------------------------------------------------------------------------------------------
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></script><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "%(name)s%%",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "\x00\x1b[31m\x07",
    "user\u202egnp.exe",
    "a\r\nb",
    "half \ud83d",
)


def hostile(text):
    """A page with the text in each place that takes one."""
    name, link = Text(text), Link(Text(text), text)
    dots = tuple(blocks.FunnelDot(text, text, 100, rate, kind) for rate, kind in ((0.1, "inside"), (0.3, "99.8")))
    table = Table(
        Message("Of %(x)s", {"x": name}),
        (
            TableColumn(Message("%(x)s", {"x": name}), help=Message("%(x)s", {"x": name})),
            TableColumn(Message("B"), "number"),
        ),
        tuple(Row((link, name), (text, text)) for _ in range(FILTER_FROM)),
        sortable=True,
    )
    tile = blocks.Tile(Message("%(x)s", {"x": name}), name, href=text, detail=Message("%(x)s", {"x": name}))
    return Document(
        "sender",
        Message("Report: %(x)s", {"x": name}),
        ((Message("Sender"), name), (Message("Link"), link)),
        (
            Verdict(Message("Dear %(x)s", {"x": link}), "low", Message("%(x)s", {"x": name})),
            blocks.Tiles((tile,)),
            Section("s", Message("About %(x)s", {"x": name}), (table,), Message("%(x)s", {"x": name})),
            blocks.FunnelChart(Message("%(x)s", {"x": name}), 0.1, dots, ()),
            blocks.Bullets((Message("%(x)s", {"x": name}),)),
        ),
        breadcrumb=(link,),
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_comes_out_inert(attack):
    html = render_page(hostile(attack), FR, 1)
    calm = read(render_page(hostile("Ann"), FR, 1))
    found = read(html)
    html.encode()
    assert [e.tag for e in found.all() if e.tag != "a"] == [e.tag for e in calm.all() if e.tag != "a"]
    assert not [link for link in found.all("a") if ":" in (link.attributes["href"] or "")]
    assert not [e for e in found.all() if any(key.startswith("on") for key in e.attributes)]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", html)


def test_hostile_text_is_shown_as_it_was_written():
    found = read(render_page(hostile(ATTACKS[0]), EN, 1))
    assert f"Report: {ATTACKS[0]}" in found.one("h1").text
    assert {bdi.text for bdi in found.all("bdi")} == {ATTACKS[0]}


def test_a_giant_text_does_not_make_a_giant_page():
    assert len(render_page(hostile("x" * 2_000_000), EN, 1)) < 60_000


@pytest.mark.parametrize(
    ("href", "depth", "kept"),
    [
        ("index.html", 0, True),
        ("#method", 0, True),
        ("senders/%C3%A9lodie-1.html#steps", 0, True),
        ("../sequences/q4.html", 1, True),
        ("../index.html", 0, False),
        ("../../index.html", 1, False),
        ("senders/../../x.html", 1, False),
        ("%2e%2e/x.html", 0, False),
        ("senders/%2E%2E/%2e%2e/x", 0, False),
        ("..%2f..%2fx", 1, False),
        ("/etc/passwd", 0, False),
        ("//evil.example/x", 0, False),
        ("https://evil.example", 0, False),
        ("javascript:alert(1)", 0, False),
        ("java\nscript:alert(1)", 0, False),
        ("data:text/html,x", 0, False),
        (r"..\x", 0, False),
        (" index.html", 0, False),
        ("index.html\n", 0, False),
        ("", 0, False),
    ],
)
def test_a_link_stays_in_the_output_folder(href, depth, kept):
    assert safe_href(href, depth) == (href if kept else None)


def test_a_link_that_leaves_is_shown_without_its_link():
    found = page_of(Note(Message("See %(x)s", {"x": Link(Text("here"), "javascript:alert(1)")})))
    assert "See here" in found.one("main").text
    assert not found.one("main").all("a")


def test_a_message_with_markup_in_its_words_is_escaped():
    assert "5 < 6 & 7" in page_of(Note(Message("5 < 6 & 7"))).one("main").text


def test_dates_of_the_context_are_shown():
    document = Document("team", Message("T"), ((Message("Data up to"), Moment(datetime(2026, 3, 1), "day")),), ())
    assert "Mar 1, 2026" in read(render_page(document, EN, 0)).one("dl").text
