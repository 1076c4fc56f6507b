"""The letter and the preview in a browser, phone and desktop: nothing sticks out, nothing is cut off."""

import pytest

import screens
from full_letter import full_digest
from hostile import titles
from monitor.render.letters import letter
from samples import digest
from test_hostile import digest_of

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(screens.BROWSER is None, reason="Chromium is not installed; it is needed to draw docs/images"),
]
PAGES = {
    "ru": screens.a_letter(("ru", "en")),
    "en": screens.a_letter(("en",)),
    "kk": screens.a_letter(("kk", "ru")),
    "quiet": letter(digest(), languages=("kk", "ru")).html,
    "hostile": letter(digest_of(list(titles(30))), languages=("ru", "en")).html,
    "full": letter(full_digest(60), languages=("ru", "en")).html,
    "channel": screens.a_channel(("kk", "ru")),
}


@pytest.mark.parametrize("width", [320, screens.PHONE, screens.DESKTOP])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out(name, width):
    """No page must be pushed sideways, on the smallest phone as on a desk, whatever its words."""
    wide, high = screens.measure(PAGES[name], width)
    assert wide == width
    assert high > 300


def test_the_measure_bites():
    """A page that is too wide is found."""
    assert screens.measure("<!DOCTYPE html><p style='width:500px'>x</p>", 320)[0] > 320
