"""The letter in Gmail, Outlook, Apple Mail, Mail.ru and Yahoo, as caniemail and html-validate know them."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from full_letter import full_digest
from hostile import titles
from monitor.channels._mail import build_mail, letter_message
from monitor.render.letters import letter
from paths import ROOT
from samples import digest
from test_hostile import digest_of

MODULES = ROOT / ".cache" / "node_modules"
STYLES = ROOT / "src" / "monitor" / "render" / "templates"
MODES = STYLES / "letter-modes.css"
PACKAGES = [MODULES / name / "package.json" for name in ("caniemail", "html-validate")]
LANGUAGES = [("ru", "en"), ("en",), ("kk", "ru")]

# What some of these programs do not know, and what a reader sees there instead.
FALLBACKS = {
    "@media": "light colours and the wide margins, which stand in the tags",
    "<style> element": "the same: every style that matters stands in the tags",
    "color-scheme meta tag": "light colours, or the program's own dark mode",
    "<body> element": "the colour of the paper, which the outermost table has too",
    "display:none": "a line of the paper's own colour, one pixel high, above the letter",
    "max-height property": "display: none, or that line",
    "overflow": "display: none, or that line",
    "border-radius": "square corners",
    "word-break": "a word longer than a line makes its line longer; no honest word is",
    "role attribute": "bars and tiles read out cell by cell: each is a name and a number",
    "aria-label attribute": "the same",
}


judges = pytest.mark.skipif(
    not shutil.which("node") or not all(map(Path.exists, PACKAGES)),
    reason="caniemail and html-validate are installed by .ci/run, where npm is",
)


def judged(html: str) -> dict:
    """What both packages say of a letter."""
    said = subprocess.run(
        [str(shutil.which("node")), ROOT / "tests" / "mail_clients.mjs", MODULES],
        input=html,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(said.stdout)


def made(languages, news) -> str:
    """The HTML part of a letter."""
    return letter(news, languages=languages, contact="desk@union.example").html


@pytest.mark.heavy
@judges
@pytest.mark.parametrize("languages", LANGUAGES, ids=lambda languages: languages[0])
def test_every_program_shows_the_letter(languages):
    """0 errors of markup, and nothing that a program does not know but what has a fallback."""
    said = judged(made(languages, full_digest()))
    assert said["errors"] == []
    assert said["unsupported"].keys() - FALLBACKS.keys() == set()


@pytest.mark.heavy
@judges
def test_no_fallback_is_forgotten():
    """Each line of the table of fallbacks is needed."""
    assert judged(made(("ru",), full_digest()))["unsupported"].keys() == FALLBACKS.keys()


@pytest.mark.heavy
@judges
@pytest.mark.parametrize(
    "news", [digest(), full_digest(60), digest_of(list(titles(30)))], ids=["quiet", "full", "hostile"]
)
def test_other_days(news):
    """A quiet day, a very full one and a hostile one are as valid."""
    said = judged(made(("kk", "en"), news))
    assert said["errors"] == []
    assert said["unsupported"].keys() <= FALLBACKS.keys()


@pytest.mark.heavy
@judges
def test_both_judges_are_awake():
    """They find what is wrong when something is."""
    bad = (
        "<!DOCTYPE html><html lang='en'><head><title>x</title></head><body><p><div style='gap:1px'>x</p></body></html>"
    )
    said = judged(bad)
    assert said["errors"]
    assert said["unsupported"].keys() - FALLBACKS.keys()


def test_fallbacks_are_there():
    """Without any style sheet the letter has its light colours, its paper and a preheader that nobody sees."""
    html = made(("ru",), full_digest())
    tree = LexborHTMLParser(html)
    changed = set(re.findall(r"\.([\w-]+)", re.sub(r"\{[^}]*\}", "", MODES.read_text("utf-8"))))
    unstyled = [name for name in changed for node in tree.css(f".{name}") if "style" not in node.attributes]
    assert unstyled == []
    paper = re.search(r"background-color: ?(#\w+)", tree.css_first("table.paper").attributes["style"])[1]
    hidden = tree.css_first("div.preheader").attributes["style"]
    assert re.search(rf"font-size: ?1px.*color: ?{paper}", hidden)
    assert all(re.search(r"\d", tile.text()) for tile in tree.css("td.t"))


def test_dark_mode_forgets_no_colour():
    """Whatever has a colour by day has one for the night, but the bars, which are readable on both."""
    day, night = ((STYLES / name).read_text("utf-8") for name in ("letter.css", "letter-modes.css"))
    _, _, dark = night.partition("prefers-color-scheme: dark")
    coloured = re.findall(r"^([^{\n]+) \{[^}]*(?:color|background): #", day, flags=re.MULTILINE)
    assert len(coloured) > 15
    assert [name for name in coloured if name != ".preheader" and not re.search(rf"{re.escape(name)}\b", dark)] == []


def test_weight():
    """Sixty stories in two languages weigh at most 100 kB, picture and all."""
    for languages in LANGUAGES:
        assert len(made(languages, full_digest(60)).encode()) <= 100_000
    news = full_digest(60)
    written = letter(news, languages=("ru", "en"))
    message = replace(letter_message(news, "email", written), recipient="key")
    mail = build_mail(message, sender="a@example.org", recipient="b@example.org", repeat=False).as_bytes()
    assert len(mail) < 1.45 * (len(written.html.encode()) + len(written.text.encode()))
    heavier = made(("ru", "en"), full_digest(70))
    assert len(heavier.encode()) <= 100_000
    assert heavier.count("<h3") == 70
