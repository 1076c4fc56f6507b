"""Entities: what `&laquo;`, `&x;` and a bare `&` stand for in a feed, as references that any XML parser reads.

A document may declare entities of its own. Those that are plain words are put in; what lies in another file or grows
without end is nothing, and is never fetched or multiplied.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape
from html.entities import html5

_SUBSET = re.compile(r"<!DOCTYPE[^\[>]{0,500}\[", re.IGNORECASE)
_LONGEST_SUBSET = 65_536  # characters: the lists of names that real feeds carry take less
_DECLARED = re.compile(
    r"<!--.*?-->|<!ENTITY\s+([\w.:-]{1,80})\s+(?:(?:SYSTEM|PUBLIC)\b[^>]{0,2000}|\"([^\"]{0,2000})\"\s*|'([^']{0,2000})'\s*)>",
    re.DOTALL,
)
_LONGEST_VALUE = 1_000  # characters of one entity, with all that it is made of
_AMPERSAND = re.compile(r"<!\[CDATA\[|&(?!#[0-9]{1,7};|#x[0-9a-f]{1,6};)(?:([a-z_][\w.:-]{0,80});)?", re.IGNORECASE)
_REFERENCE = re.compile(r"&([a-z_][\w.:-]{0,80});", re.IGNORECASE)
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


def declared(prologue: str) -> Mapping[str, str]:
    """The entities that a document declares before its root, by name: plain text, or nothing where that is not safe."""
    begin = _SUBSET.search(prologue)
    if begin is None:
        return {}
    found: dict[str, str] = {}
    for entity in _DECLARED.finditer(prologue[begin.end() : begin.end() + _LONGEST_SUBSET]):
        if (name := entity[1]) and name not in found and name not in _XML:
            found[name] = _value(entity[2] or entity[3] or "", found)
    return found


def _value(written: str, known: Mapping[str, str]) -> str:
    """The text of an entity that may be made of earlier ones; nothing when it is too long or holds markup."""
    text = unescape(_REFERENCE.sub(lambda name: known.get(name[1], name[0]), written))
    return "" if len(text) > _LONGEST_VALUE or "<" in text else text


def mended(item: str, entities: Mapping[str, str]) -> str:
    """An item with what XML does not know put in its words: `&laquo;` as a number, a bare `&` as `&amp;`.

    `entities` are those that the document declared.
    """
    parts, place = [], 0
    while found := _AMPERSAND.search(item, place):
        parts.append(item[place : found.start()])
        place = found.end()
        if found[0][0] == "<":
            end = item.find("]]>", place)
            end = len(item) if end < 0 else end
            parts.append(item[found.start() : end])
            place = end
        else:
            parts.append(_reference(found[0], found[1], entities.get))
    return "".join((*parts, item[place:]))


def _reference(written: str, name: str | None, own: Callable[[str], str | None]) -> str:
    if name in _XML:
        return written
    letters = own(name) if name else None
    if letters is None:
        letters = html5.get(f"{name};") if name else None
    if letters is None:
        return "&amp;" + written[1:]
    return "".join(f"&#{ord(letter)};" for letter in letters)
