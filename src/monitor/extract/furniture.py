"""What stands inside an article and does not belong to it: "read also", calls for gifts and followers, comments.

An extractor drops menus and side columns by their place. These stand in the middle of the text, look like paragraphs of
it, and speak of strikes as well: a teaser about a strike below an article about a bridge is a false alarm. What workers
ask for in an article ("поддержите нас") is no furniture: a call for gifts must speak of gifts, or of the newsroom.
"""

import re
from collections.abc import Iterator
from typing import Any

Node = Any
"""An element of lxml's tree."""

_LONGEST_LINE = 400  # characters of a line of furniture; what begins like one and goes on for longer is a paragraph
_LONGEST_HEADING = 60
_LEAST_TEASER_WORDS = 4  # of a paragraph that is nothing but a link: fewer are a source or a name
_MOST_TEASERS = 20  # below one heading
_MOSTLY = 0.6  # share of a text that stands in links
_PARAGRAPHS = ("p", "li", "blockquote", "h2", "h3", "h4", "h5", "h6", "div")
_INLINE = ("span", "strong", "b", "em")  # a line of their own where a box holds them beside other boxes
_COVERED = frozenset({*_PARAGRAPHS, *_INLINE} - {"div"})  # … and inside these part of a line
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
    }
)  # fmt: skip
_ALSO = (
    r"чита(?:йте|ть|ем)[ -]+(?:также|еще|ещё|далее|по теме|подробнее|больше)|смотрите также",
    r"(?:(?:еще|ещё|также) )?по (?:этой )?теме",
    r"(?:новости|материалы|статьи|публикации|другие новости) по (?:этой )?теме",
    r"похожие (?:новости|статьи|записи|материалы)|другие новости|рекомендуем(?: почитать)?|не пропустите",
    r"вам (?:может быть|будет) интересно|(?:тағы|сондай-ақ|сонымен (?:бірге|қатар)) оқыңыз|оқи отырыңыз",
    r"(?:(?:осы )?тақырыпқа|(?:осы )?тақырып бойынша) ?(?:сай|қатысты|ұқсас)?|(?:ұқсас|басқа) жаңалықтар",
    r"(?:read|see|watch) (?:also|more|next)|also read|further reading|recommended(?: for you)?|don'?t miss",
    r"related(?: (?:articles?|stories|news|posts|content|topics))?|you (?:may|might) also (?:like|enjoy)",
    r"more (?:on|about) (?:this|the) (?:topic|story)|more (?:from|stories)",
)
_GIVE = r"пожертв|донат|донейт|перевод|kaspi|boosty|patreon|көмегіңіз|жарна|аударым|gift|donat|tax"
_ASKED = (
    rf"(?:поддержите нас|бізді қолдаңыз|support us)\b(?=.*(?:{_GIVE}))|ваше? (?:пожертвовани|донат)",
    r"поддерж(?:ите|ать) (?:редакцию|независим|наш(?:у|е|и)? (?:редакц|проект|издани|журналист|сайт|канал))",
    r"сделать пожертвование|редакцияны қолда|donate\b|make a (?:gift|donation)|become a (?:supporter|patron)",
    r"your (?:tax[- ]deductible )?(?:gift|donation|support) (?:can|will|helps?|makes?)",
    r"support (?:our|independent) (?:work|journalis|newsroom|reporting|site|project|mission)",
)
_FOLLOW = (
    r"подпи(?:шитесь|сывайтесь|сывайся|ска) на|подписаться на|следите за (?:нами|нашими|новостями)",
    r"присоединяйтесь к нашему (?:каналу|чату|сообществу)|(?:читайте нас|мы) в (?:telegram|телеграм|instagram|whatsapp)",
    r"(?:больше|самые|все|свежие) новост\S* (?:\S+ ){0,3}(?:в|на) (?:нашем|наш|телеграм|telegram|instagram|whatsapp)",
    r"(?:біздің )?(?:(?:telegram|instagram|whatsapp|youtube)[- ]?(?:арна|парақша|канал)\S*|бізге|арнамызға|парақшамызға) (?:жазыл|тірке)",
    r"subscribe (?:to|now|for)|follow us",
    r"sign up (?:for|to) (?:\S+ ){0,4}(?:newsletter|updates|alerts|e-?mails?|list)|join our (?:telegram|channel|community)",
    r"get (?:our|the latest) (?:\S+ ){0,4}(?:newsletter|inbox)",
)
_ABOUT = (r"about the author|об авторе|автор туралы",)
# A heading "Комментарий" or "Discussion" may stand above what an expert says: only what plainly opens a list of readers.
_COMMENTS = (
    r"(?:все )?комментарии|\d+ комментари(?:й|я|ев)|комментариев|(?:оставить|добавить|написать|ваш) комментарий",
    r"(?:\d+ )?пікірлер|\d+ пікір|пікір (?:қалдыру|жазу|қосу)",
    r"(?:\d+ )?comments|(?:leave|post|add) a (?:reply|comment)|join the (?:discussion|conversation)",
)


def _begins(*words: str, end: str = "") -> re.Pattern[str]:
    """A line that begins with one of these, whatever signs stand before it."""
    return re.compile(rf"[^\w]*(?:{'|'.join(words)}){end}", re.IGNORECASE)


_TEASES = _begins(*_ALSO, end=r"\b")
_TEASES_AND = _begins(*_ALSO, end=" ?[:：—–-]")
_TEASES_ALONE = _begins(*_ALSO, end=r"\W*")
_ASKS = _begins(*_ASKED, *_FOLLOW, *_ABOUT)
_ASKS_INSIDE = re.compile(rf"[.!?…»\")]\s+{_ASKS.pattern}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[^\d][.!?…])\s+")
_OPENS_COMMENTS = _begins(*_COMMENTS, end=r"(?:\W*\d+)?\W*")


def without_furniture(tree: Node) -> Node:
    """The tree of a page, with the furniture that its own words betray taken out."""
    doomed = [
        node
        for line in tree.iter(*_PARAGRAPHS, *_INLINE)
        if not (line.tag in _INLINE and line.getparent().tag in _COVERED)
        and not any(child.tag in _BLOCKS for child in line)
        and (text := _text(line))
        and len(text) <= _LONGEST_LINE
        for node in _furniture(line, text)
    ]
    for node in doomed:
        if node.getparent() is not None:
            node.drop_tree()
    return tree


def without_asking(text: str) -> str:
    """A text without the sentences that ask for gifts and followers, wherever in a line they stand."""
    return "\n".join(_kept(line) for line in text.split("\n")) if _ASKS_INSIDE.search(text) else text


def _kept(line: str) -> str:
    sentences = [sentence for sentence in _SENTENCE_END.split(line) if not _ASKS.match(sentence)]
    return " ".join(sentences)


def _furniture(line: Node, text: str) -> Iterator[Node]:
    """What has to go because of a line: nothing, the line, or the line with what it heads."""
    if len(text) <= _LONGEST_HEADING and _OPENS_COMMENTS.fullmatch(text):
        whole = _whole(line, text)
        yield from (whole, *whole.itersiblings())
    elif len(text) <= _LONGEST_HEADING and _TEASES_ALONE.fullmatch(text):
        whole = _whole(line, text)
        yield from (whole, *_headed(whole))
    elif _ASKS.match(text) or _TEASES_AND.match(text) or (_TEASES.match(text) and _in_links(line, text) >= _MOSTLY / 2):
        yield _whole(line, text)
    elif line.tag in ("p", "blockquote") and len(text.split()) >= _LEAST_TEASER_WORDS and _in_links(line, text) == 1:
        yield line


def _headed(heading: Node) -> Iterator[Node]:
    """The lists and links below a heading, as far as nothing else comes between."""
    for count, sibling in enumerate(heading.itersiblings()):
        text = _text(sibling)
        if count >= _MOST_TEASERS or (text and _in_links(sibling, text) < _MOSTLY):
            return
        yield sibling


def _whole(line: Node, text: str) -> Node:
    """The largest element that says the same as a line and no more."""
    parent = line.getparent()
    while parent is not None and parent.tag not in ("body", "article", "main") and _text(parent) == text:
        line, parent = parent, parent.getparent()
    return line


def _in_links(node: Node, text: str) -> float:
    """The share of a text that stands in links to other pages."""
    links = [link for link in node.iter("a") if not (link.get("href") or "#").startswith("#")]
    return min(sum(len(_text(link)) for link in links) / len(text), 1.0)


def _text(node: Node) -> str:
    return " ".join(node.text_content().split()) if isinstance(node.tag, str) else ""
