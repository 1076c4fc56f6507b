"""Bytes from the web in, text out: what the bytes themselves show comes before what anybody declares.

The order was measured on feeds with one bad byte or a false label: a byte order mark, NULs that betray UTF-16, strict
UTF-8, UTF-8 with a few broken characters, then the declared encodings, and windows-1251 or koi8-r by the look of the
Cyrillic they give.
"""

import codecs
import re
from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The first character of any markup or JSON is ASCII: NULs around it tell the width and the order of the units.
_NUL_PATTERNS = (
    (re.compile(rb"[\t\n\r <{\[]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[\t\n\r <{\[]"), "utf-32-be"),
    (re.compile(rb"[\t\n\r <{\[]\x00"), "utf-16-le"),
    (re.compile(rb"\x00[\t\n\r <{\[]"), "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LOOK_BYTES = 2048  # where a declaration stands, if anywhere
# What people mean by a label, as the WHATWG encoding standard reads it: the smaller sets are never what was used.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
}
# Codecs that are no character sets, are quadratic, or that the bytes would have shown themselves.
_REFUSED = frozenset(
    {"idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "undefined"}
    | {"utf-7", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
    | {"mbcs", "oem", "palmos"}
)
_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866")
_BAD_SHARE = 0.005  # one broken character in 200 bytes: more is another encoding, not damage
_GOOD_PER_BAD = 4  # whole multi-byte characters per broken one that make damaged UTF-8 certain
_CYRILLIC_MARGIN = 1.2  # how much better another Cyrillic encoding must look than the declared one
# The 10 most frequent letters of Russian; Kazakh in either encoding shares most of them.
_FREQUENT = "оеаинтсрвл"
# A capital after a small letter, a Cyrillic letter beside a Latin one: another encoding's letters in a wrong place.
_MISPLACED = re.compile(r"[а-яё][А-ЯЁ]|[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a body; `content_type` is the HTTP header, which may name a charset. Never raises.

    What cannot be read becomes U+FFFD; a byte order mark is dropped.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for pattern, encoding in _NUL_PATTERNS:
        if pattern.match(body):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged(body, content_type)


def _damaged(body: bytes, content_type: str) -> str:
    """A body that is not pure UTF-8."""
    rough = body.decode("utf-8", "replace")
    bad = rough.count("�")
    good = sum(1 for letter in rough if letter > "\x7f") - bad
    few = bad <= max(1, len(body) * _BAD_SHARE)
    if good >= bad * _GOOD_PER_BAD and few:
        return rough
    for encoding in _declared(body, content_type):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _best_cyrillic(body, text, encoding)
    if few and good:
        return rough
    return max((body.decode(encoding, "replace") for encoding in _CYRILLIC), key=_cyrillic_look)


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """The encodings that the document and then the server name, as Python knows them."""
    inside = _DECLARED.search(body[:_LOOK_BYTES])
    outside = _CHARSET.search(content_type)
    labels = [(inside[1] or inside[2]).decode("ascii", "ignore")] if inside else []
    labels += [outside[1]] if outside else []
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except LookupError:
            continue
        name = _MEANT.get(name, name)
        if name not in _REFUSED:
            yield name


def _best_cyrillic(body: bytes, text: str, encoding: str) -> str:
    """The declared reading, unless it is Cyrillic (or Latin letters in the place of Cyrillic) and another looks better."""
    if encoding not in (*_CYRILLIC, "cp1252"):
        return text
    own = _cyrillic_look(text)
    best, better = text, own * _CYRILLIC_MARGIN
    for other in _CYRILLIC:
        candidate = body.decode(other, "replace")
        if other != encoding and (look := _cyrillic_look(candidate)) > max(better, _least_look(candidate)):
            best, better = candidate, look
    return best


def _least_look(text: str) -> float:
    """What a text must at least score to be called Cyrillic at all: half of its letters beyond ASCII."""
    return sum(1 for letter in text if letter > "\x7f") / 8


def _cyrillic_look(text: str) -> float:
    """How much a text looks like Cyrillic as people write it: frequent small letters, and none where it cannot stand."""
    return sum(text.count(letter) for letter in _FREQUENT) - 4 * len(_MISPLACED.findall(text)) - 2 * text.count("�")
