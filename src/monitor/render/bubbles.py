"""The preview's page: the channel as a reader sees it on a phone, light and dark, without script or remote content."""

import base64
import hashlib
import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.model import Lang
from monitor.render.catalogue import words
from monitor.render.entities import Entity, to_html

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
INGREDIENTS = (Path(__file__), TEMPLATES / "channel.css", TEMPLATES / "channel.html.j2")  # of the page

_TAG = re.compile(r"(?<!&)#\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message of the channel. `at` is shown in `time_zone`; `answers` is the reference it replies to."""

    text: str
    entities: tuple[Entity, ...]
    at: datetime
    time_zone: str
    lang: Lang
    silent: bool = True
    edited: bool = False
    answers: str = ""

    @property
    def day(self) -> str:
        """The local day, as the channel writes it between messages."""
        return _day(self.at.astimezone(ZoneInfo(self.time_zone)).date(), self.lang)

    @property
    def clock(self) -> str:
        """The local time."""
        return f"{self.at.astimezone(ZoneInfo(self.time_zone)):%H:%M}"

    @property
    def html(self) -> str:
        """The text as safe HTML; hashtags of the last line look like links, as Telegram shows them."""
        body = to_html(self.text, self.entities).replace("</blockquote>\n", "</blockquote>")
        before, newline, last = body.rpartition("\n")
        tagged = _TAG.sub(lambda tag: f'<span class="tag">{tag[0]}</span>', last)
        return before + newline + tagged


def channel_page(bubbles: Sequence[Bubble]) -> str:
    """The whole page, oldest message first."""
    lang: Lang = bubbles[-1].lang if bubbles else "en"
    style = environment().get_template("channel.css").render()
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = environment().get_template("channel.html.j2")
    return template.render(bubbles=bubbles, lang=lang, say=words(lang), style_hash=style_hash)


@cache
def _day(day: date, lang: Lang) -> str:
    return words(lang).date(day, "date.day_full")


@cache
def environment() -> "Environment":
    """The templates of the room; everything is escaped, and a misspelt name is an error instead of nothing."""
    jinja2 = importlib.import_module("jinja2")  # with the first page: most polls write none
    made: Environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return made
