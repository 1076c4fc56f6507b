"""Pages as a browser shows them: headless Chromium measures them and takes their picture.

`python tests/screens.py` draws the pictures of `docs/images` anew, where Chromium is (and pngquant, to make them small).
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from html import escape, unescape
from pathlib import Path

from full_letter import full_digest
from monitor.model import Lang
from monitor.render.bubbles import Bubble, channel_page
from monitor.render.cards import card
from monitor.render.letters import letter
from samples import ALMATY, SEEN_AT

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE, DESKTOP = 390, 760
FIRST_LOOK = 1400  # px of the pictures in the README
COLOURS = "24"
COLOUR_SCHEME = {True: "preferredColorScheme=0", False: "preferredColorScheme=1"}  # dark, light
# A frame of the wanted width is measured from outside; a page of mail programs may have no script of its own.
FRAME = """<!DOCTYPE html><title>x</title><style>body {{ margin: 0 }}</style>
<iframe srcdoc="{page}" width="{width}" height="400" style="border: 0"></iframe><pre id="size"></pre>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const {{ scrollWidth, scrollHeight }} = frame.contentDocument.documentElement;
  document.querySelector("#size").textContent = JSON.stringify([scrollWidth, scrollHeight]);
}};
</script>"""


def _run(folder: str, *arguments: str) -> str:
    command = [str(BROWSER), *FLAGS, f"--user-data-dir={folder}/profile", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def measure(html: str, width: int) -> tuple[int, int]:
    """How wide and how high the page is in a window of that width; wider means that it must be pushed sideways."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "frame.html"
        page.write_text(FRAME.format(page=escape(html), width=width), "utf-8")
        dom = _run(folder, "--dump-dom", page.as_uri())
    wide, high = json.loads(unescape(re.search(r'<pre id="size">(.*?)</pre>', dom)[1]))
    return wide, high


def shoot(html: str, picture: Path, *, width: int, dark: bool = False, height: int = 0) -> None:
    """The picture of a page, whole or its first px."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, "utf-8")
        size = f"--window-size={width},{height or measure(html, width)[1]}"
        look = f"--blink-settings={COLOUR_SCHEME[dark]},imagesEnabled=false"
        _run(folder, size, look, f"--screenshot={picture}", page.as_uri())
    if squeeze := shutil.which("pngquant"):
        subprocess.run(
            [squeeze, "--force", "--output", picture, "--speed", "1", "--nofs", COLOURS, picture], check=True
        )


def main(folder: Path) -> None:
    """Draw every picture of the documents."""
    for languages in (("ru", "en"), ("en",), ("kk", "ru")):
        for dark in (False, True):
            look = f"{languages[0]}-{'dark' if dark else 'light'}.png"
            shoot(a_channel(languages), folder / f"channel-{look}", width=PHONE, dark=dark)
            for name, width in (("phone", PHONE), ("desktop", DESKTOP)):
                shoot(a_letter(languages), folder / f"letter-{name}-{look}", width=width, dark=dark)
    shoot(a_channel(("ru", "en")), folder / "channel.png", width=PHONE, height=FIRST_LOOK)
    shoot(a_letter(("ru", "en")), folder / "letter.png", width=PHONE, height=FIRST_LOOK)


def a_letter(languages: tuple[Lang, ...]) -> str:
    """A letter with everything."""
    return letter(full_digest(), languages=languages, contact="desk@union.example").html


def a_channel(languages: tuple[Lang, ...]) -> str:
    """The preview of a channel with the stories of that letter as cards."""
    cards = [card(item.alert, languages=languages, time_zone=ALMATY) for item in full_digest().items]
    times = [SEEN_AT + timedelta(minutes=7 * number) for number in range(len(cards))]
    return channel_page(
        [
            Bubble(
                text=one.text,
                entities=one.entities,
                at=at,
                time_zone=ALMATY,
                lang=languages[0],
                silent="🔴" not in one.text,
            )
            for one, at in zip(cards, times, strict=True)
        ]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "docs" / "images")
