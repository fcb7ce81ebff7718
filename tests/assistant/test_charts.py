"""A chart is one opaque picture, readable on a phone; where nothing is known none is drawn."""

import io
import sys
import threading
import warnings

import pytest

from assistant.charts import HEIGHT, WIDTH, Bars, Layer, stacked

WEEKS = ("28 Sep", "5 Oct", "12 Oct")
LAST = Bars("Last mile", (Layer("Review", (1.0, 2.0, None)), Layer("Testing", (0.5, None, None))))
FIRST = Bars("Before it", (Layer("Deciding", (100.0, 0.0, None)),))
NOTHING = Bars("Nothing", (Layer("Review", (None, None, None)),))
COLOURS = {(0, 114, 178), (230, 159, 0), (117, 117, 117)}  # of the three layers


def opened(png):
    from PIL import Image

    return Image.open(io.BytesIO(png))


def test_the_picture_is_of_the_size_that_a_phone_shows_at_half():
    picture = opened(stacked("Days", WEEKS, LAST, FIRST))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))


def test_nothing_shows_through_it_in_dark_mode():
    picture = opened(stacked("Days", WEEKS, LAST, FIRST)).convert("RGBA")
    assert picture.getextrema()[3] == (255, 255)
    assert picture.getpixel((0, 0)) == picture.getpixel((WIDTH - 1, HEIGHT - 1)) == (255, 255, 255, 255)


def test_each_layer_has_its_colour():
    picture = opened(stacked("Days", WEEKS, LAST, FIRST)).convert("RGB")
    assert {colour for _, colour in picture.getcolors(1 << 20)} >= COLOURS


def test_one_panel_may_have_nothing():
    assert stacked("Days", WEEKS, LAST, NOTHING)
    assert stacked("Days", WEEKS, NOTHING, FIRST)


def test_what_took_no_time_at_all_is_drawn_too():
    flat = Bars("Last mile", (Layer("Review", (0.0, 0.0, 0.0)),))
    assert stacked("Days", WEEKS, flat, NOTHING)


@pytest.mark.parametrize("title", ["$x^2", "a_b{", "\\frac", "100%"])
def test_signs_that_mean_something_to_the_library_are_only_signs(title):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert stacked(title, WEEKS, LAST, FIRST)


def test_several_threads_draw_the_same():
    drawn = []
    threads = [threading.Thread(target=lambda: drawn.append(stacked("Days", WEEKS, LAST, FIRST))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 4
    assert len(set(drawn)) == 1


def test_no_global_state_of_the_library_is_used():
    stacked("Days", WEEKS, LAST, FIRST)
    assert "matplotlib.pyplot" not in sys.modules
