"""Items made slim before they are parsed: what nobody here reads is left out, what parses slowly is written otherwise.

feedparser's time goes by elements and by references. Pictures, categories and counters are a third of an item's
elements; `&lt;p&gt;` is four pieces of text to it and the same words in a CDATA section are one. What it says of an
item's id, link, title, texts, author and dates stays the very same.
"""

import re

_LONGEST, _MOST_SECTIONS = 65_536, 40  # beyond: a trap, or no ordinary item; it is parsed as it stands
_UNREAD = (
    "category|comments|enclosure|media:content|media:thumbnail|media:credit|media:keywords|slash:comments|wfw:commentRss"
    "|thr:total|georss:point|yandex:genre|yandex:type"
)
_PIECE = re.compile(
    # sections and comments as they stand
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->"
    # an element that nobody reads, with nothing but text in it, and the white space behind it
    rf"|<(?P<unread>{_UNREAD})(?=[\s/>])[^<>]*(?:/>|>[^<]*+(?>(?:<!\[CDATA\[.*?\]\]>[^<]*+)*)</(?P=unread)\s*>)\s*"
    # text with references, up to the end of its element
    r"|>(?P<written>[^<>&]*+&[^<>]*+)(?=</)",
    re.DOTALL,
)
_FEW = 4  # references in one text, which a CDATA section would hardly make quicker
_OTHER_REFERENCE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)")
_REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))  # the last one last


def slim(item: str) -> str:
    """The same item, for a parser, with less in it and its escaped texts as CDATA."""
    return item if is_trap(item) else _PIECE.sub(_slimmer, item)


def is_trap(item: str) -> bool:
    """Whether an item is so long, or has so many sections, that an expression that looks for their ends takes too long."""
    return len(item) > _LONGEST or max(item.count("<![CDATA["), item.count("<!--")) > _MOST_SECTIONS


def _slimmer(piece: re.Match[str]) -> str:
    if piece["unread"] is not None:
        return ""
    text = piece["written"]
    if text is None or text.count("&") < _FEW or "]]>" in text or _OTHER_REFERENCE.search(text):
        return piece[0]
    for reference, letter in _REFERENCES:
        text = text.replace(reference, letter)
    return piece[0] if "]]>" in text else f"><![CDATA[{text}]]>"
