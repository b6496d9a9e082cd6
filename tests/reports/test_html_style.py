"""The contrast of every pair of colours that the style puts on one another, recomputed (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from hygiene.reports.html import render_page
from hygiene.reports.translate import Translator
from hygiene.resources import resource
from tests.reports import samples
from tests.reports.pages import read

STYLE = "\n".join(
    (resource("templates") / name).read_text(encoding="utf-8") for name in ("page.css", "table.css", "team.css")
)
MODES = dict(
    zip(
        ("light", "dark", "paper"),
        (dict(re.findall(r"--(\w+): (#\w{6})", root)) for root in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)),
        strict=True,
    )
)
WORDS = ("ink", "soft", "link", "low", "fair", "good", "excellent", "none")
SHAPES = ("edge", "data", "low", "fair", "good", "excellent", "ink")


def luminance(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1_and_the_middle_grey_of_the_guideline_just_passes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("mode", MODES)
def test_words_stand_out_from_what_is_behind_them(mode):
    colours = MODES[mode]
    behind = dict.fromkeys(WORDS, ("page", "card")) | {
        "ink": ("page", "card", "track"),
        "soft": ("page", "card", "zone"),
        # A note stands on the colour of a track, and may name a band.
        **dict.fromkeys(("link", "low", "fair", "good", "excellent", "none"), ("page", "card", "track")),
    }
    faint = {
        (word, ground): round(contrast(colours[word], colours[ground]), 2)
        for word in WORDS
        for ground in behind[word]
        if contrast(colours[word], colours[ground]) < 4.5
    }
    assert not faint


@pytest.mark.parametrize("mode", MODES)
def test_shapes_that_mean_something_stand_out(mode):
    colours = MODES[mode]
    # The bar of a rate and the line of a trend cross the target zone, whose own edge is drawn in `good`.
    pairs = [(shape, "card") for shape in SHAPES] + [
        ("data", "zone"),
        ("data", "track"),
        ("good", "zone"),
        ("edge", "track"),
    ]
    assert not {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 3}


def shapes(element, above=frozenset()):
    """Yield each shape of a picture with the attributes that it or a group around it has."""
    for child in element.all():
        if child in element.children:
            known = above | set(child.attributes)
            if child.tag in {"rect", "circle", "path", "line"}:
                yield child, known
            yield from shapes(child, known)


def test_each_shape_of_a_chart_has_a_class_for_the_style_and_a_colour_without_it():
    drawn = 0
    for document in (samples.team(), samples.sender()):
        for picture in read(render_page(document, Translator("en"), 1)).all("svg"):
            for shape, known in shapes(picture):
                assert "class" in known, shape
                assert known & {"fill", "stroke"}, shape
                drawn += 1
    assert drawn > 50


def test_no_colour_stands_outside_the_palette():
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules)
