"""Telegram's own parser, offline: does it take a text with these entities? From the npm package prebuilt-tdlib."""

import ctypes
import json
from functools import cache
from pathlib import Path
from typing import Any

from paths import ROOT

MODULES = ROOT / ".cache" / "node_modules" / "@prebuilt-tdlib"
KINDS = {
    "bold": "textEntityTypeBold",
    "italic": "textEntityTypeItalic",
    "text_link": "textEntityTypeTextUrl",
    "blockquote": "textEntityTypeBlockQuote",
    "expandable_blockquote": "textEntityTypeExpandableBlockQuote",
}


def library() -> Path | None:
    """The library for this machine, where npm laid it out."""
    return next(iter(sorted(MODULES.glob("*/libtdjson.*"))), None)


@cache
def _opened() -> ctypes.CDLL:
    opened = ctypes.CDLL(str(library()))
    opened.td_execute.restype = ctypes.c_char_p
    opened.td_execute.argtypes = [ctypes.c_char_p]
    opened.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())
    return opened


def ask(text: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    """What the parser makes of a text with explicit entities (as the Bot API writes them)."""
    spans = [
        {
            "@type": "textEntity",
            "offset": each["offset"],
            "length": each["length"],
            "type": {"@type": KINDS[each["type"]], **({"url": each["url"]} if each["type"] == "text_link" else {})},
        }
        for each in entities
    ]
    return _execute({"@type": "getMarkdownText", "text": {"@type": "formattedText", "text": text, "entities": spans}})


def _execute(query: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_opened().td_execute(json.dumps(query).encode()))
    return answer


def seen(text: str, entities: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """The spans that the parser makes of them: kind, offset, length, in their order.

    What it can say in its own markup comes back as markup, unless the text holds such signs; then it is parsed again.
    """
    answer = ask(text, entities)
    if answer["text"] != text:
        answer = _execute({"@type": "parseMarkdown", "text": answer})
    kinds = {theirs: ours for ours, theirs in KINDS.items()}
    return [(kinds[span["type"]["@type"]], span["offset"], span["length"]) for span in answer["entities"]]


def found_in(text: str) -> list[tuple[str, str]]:
    """What Telegram finds in a text by itself: (Hashtag, #забастовка), (Url, lada.kz), (Mention, @x)."""
    units = text.encode("utf-16-le")
    return [
        (
            span["type"]["@type"].removeprefix("textEntityType"),
            units[span["offset"] * 2 : (span["offset"] + span["length"]) * 2].decode("utf-16-le"),
        )
        for span in _execute({"@type": "getTextEntities", "text": text})["entities"]
    ]


def refuses(text: str, entities: list[dict[str, Any]]) -> str:
    """Why the parser refuses them; empty when it takes them."""
    answer = ask(text, entities)
    return str(answer["message"]) if answer["@type"] == "error" else ""
