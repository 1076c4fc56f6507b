"""Telegram: the public preview of a channel, `t.me/s/<channel>`, which shows its newest twenty posts without an account.

    page | posts | only those never seen, or edited | Entry

When more than a page of posts came since the last look, older pages are followed until the two meet. `memory` is that of
`sources.seen`, and

    newest      the highest number of a post that was seen
    hole        {above, below, looks}: posts between these two numbers are still to be fetched, since so many looks
    unfinished  true while there is a hole: an unchanged page must be read all the same
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.errors import ParseError
from monitor.model import Entry, Feed, FeedState, Parsed, Request, Response
from monitor.sources import seen
from monitor.sources.asking import conditional
from monitor.sources.entries import headline, make_entry
from monitor.sources.webpage import Node, Webpage, lines, nothing_on, open_page, words
from monitor.text.prints import digest16

KIND = "telegram"
WHOLE_TEXT = True
"""A post is all there is: its own page says no more."""

_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})
_CHANNEL = re.compile(r"/(?:s/)?(\w+)/?", re.ASCII)
_POST = re.compile(r"\w+/(\d{1,12})", re.ASCII)
_VIEWS = re.compile(r"([\d.]{1,12})\s*([KMB]?)")
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_MOST_LOOKS = 50  # at a hole that cannot be filled; each look may fetch ten older pages
_LEAST_TITLE = 25  # characters of a first sentence: "Срочно!" alone is no title
_LINKS = re.compile(r"https?://\S+")
_ORNAMENTS = re.compile(r"^[^\w«\"“(]+")
_SERVICE = ".service_message, .tme_no_messages_found"
_TEXT = ".tgme_widget_message_text, .tgme_widget_message_poll_question, .tgme_widget_message_poll_option_text"
_ATTACHED = ".tgme_widget_message_document_title, .link_preview_title, .link_preview_description"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """One post of the preview."""

    number: int
    name: str
    node: Node
    text: str
    version: str

    @property
    def url(self) -> str:
        """Its public address, which is its id as well."""
        return f"https://t.me/{self.name}"


def request(feed: Feed, state: FeedState) -> Request:
    """The channel's preview, also when the feeds file names the channel itself."""
    asked = conditional(feed, state)
    parts = urlsplit(asked.url)
    if parts.hostname not in _HOSTS or not (found := _CHANNEL.fullmatch(parts.path)):
        return asked
    return replace(asked, url=f"https://t.me/s/{found[1]}")


def parse(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The posts that `memory` does not know yet, oldest first, and the older page to follow while some are missing.

    Raises ParseError: `empty`, `blocked`, `not-a-page`, `unreadable`; `preview-off` for a channel that shows nothing in
    public; `no-posts` when Telegram claims that there are none, which it also does when it is asked too often.
    """
    page = open_page(response)
    posts = _posts(page)
    if "before" in parse_qs(urlsplit(response.url).query):
        return _older(feed, response, posts, memory)
    if not posts:
        raise _no_posts(page)
    known = seen.known(memory)
    new = {post.version: _entry(feed, response, post) for post in posts if post.text and post.version not in known}
    title = page.tree.css_first(".tgme_channel_info_header_title")
    parsed = seen.parsed(memory, [post.version for post in posts], new, title=words(title) if title is not None else "")
    return _with_hole(feed, parsed, memory, posts)


# ── older pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def _with_hole(feed: Feed, parsed: Parsed, memory: Mapping[str, Any], posts: list[_Post]) -> Parsed:
    """Whether posts are missing between the last look and this one, or still from an earlier look."""
    newest, lowest = memory.get("newest"), posts[0].number
    hole = memory.get("hole")
    if isinstance(newest, int) and newest + 1 < lowest:
        hole = {"above": hole["above"] if isinstance(hole, Mapping) else newest, "below": lowest}
    if isinstance(hole, Mapping):
        looks = int(hole.get("looks", 0)) + 1
        hole = {**hole, "looks": looks} if looks <= _MOST_LOOKS else None
    return _finished(feed, parsed, hole, newest=max(posts[-1].number, newest if isinstance(newest, int) else 0))


def _older(feed: Feed, response: Response, posts: list[_Post], memory: Mapping[str, Any]) -> Parsed:
    """What an older page has of the missing posts; an empty one is the beginning of the channel."""
    hole = memory.get("hole")
    if not isinstance(hole, Mapping):
        return Parsed(entries=(), memory=memory)
    missing = [post for post in posts if hole["above"] < post.number < hole["below"]]
    lowest = min((post.number for post in posts), default=0)
    parsed = Parsed(entries=tuple(_entry(feed, response, post) for post in missing if post.text), memory=memory)
    went_on = 0 < lowest < hole["below"]
    left = {**hole, "below": lowest} if went_on and lowest > hole["above"] + 1 else None
    return _finished(feed, parsed, left, newest=memory.get("newest", 0))


def _finished(feed: Feed, parsed: Parsed, hole: Mapping[str, int] | None, *, newest: int) -> Parsed:
    memory = {name: value for name, value in parsed.memory.items() if name not in ("gap", "hole", "unfinished")}
    memory["newest"] = newest
    if hole is None:
        return replace(parsed, memory=memory)
    memory |= {"gap": True, "hole": dict(hole), "unfinished": True}
    address = request(feed, FeedState(feed_id=feed.id)).url
    older = Request(url=f"{address}?before={hole['below']}", proxy=feed.proxy)
    return replace(parsed, memory=memory, follow=(older,))


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _posts(page: Webpage) -> list[_Post]:
    """The posts of a page that say something, by their numbers; notes such as "Channel created" are none."""
    posts = {}
    for node in page.tree.css("[data-post]"):
        name = node.attributes.get("data-post") or ""
        number = _POST.fullmatch(name)
        if (
            number
            and node.css_first(_SERVICE) is None
            and "service_message" not in (node.attributes.get("class") or "")
        ):
            text = _text(node)
            post = _Post(number=int(number[1]), name=name, node=node, text=text, version=digest16(f"{name}\n{text}"))
            posts[post.number] = post
    return [posts[number] for number in sorted(posts)]


def _text(node: Node) -> str:
    """A post's own words, then what it attaches; not the post it answers."""
    said: dict[str, None] = {}
    quoted = {inner.mem_id for reply in node.css(".tgme_widget_message_reply") for inner in reply.css("*")}
    for selector in (_TEXT, _ATTACHED):
        inside: set[int] = set()
        for part in node.css(selector):
            if part.mem_id in quoted or part.mem_id in inside:
                continue
            inside |= {inner.mem_id for inner in part.css("*")}
            said.update(dict.fromkeys(["\n".join(lines(part))]))
    return "\n".join(text for text in said if text)


def _entry(feed: Feed, response: Response, post: _Post) -> Entry:
    when = post.node.css_first("a.tgme_widget_message_date time[datetime]") or post.node.css_first("time[datetime]")
    fields = {
        "id": post.url,
        "link": post.url,
        "title": html.escape(headline(_ORNAMENTS.sub("", _LINKS.sub("", post.text)), least=_LEAST_TITLE), quote=False),
        "summary": html.escape(post.text, quote=False),
        "author": html.escape(_first(post.node, ".tgme_widget_message_from_author"), quote=False),
        "published": (when.attributes.get("datetime") or "") if when is not None else "",
    }
    raw = str(post.node.html or "")
    entry = make_entry(feed, fields, raw, base=response.url, now=response.received_at)
    forwarded = _first(post.node, ".tgme_widget_message_forwarded_from_name")
    return replace(entry, forwarded_from=forwarded, views=_views(_first(post.node, ".tgme_widget_message_views")))


def _views(shown: str) -> int | None:
    """`1.2K` as 1200; None when nothing is shown."""
    found = _VIEWS.fullmatch(shown.strip())
    try:
        return round(float(found[1]) * _TIMES[found[2]]) if found else None
    except ValueError:
        return None


def _first(node: Node, selector: str) -> str:
    found = node.css_first(selector)
    return words(found) if found is not None else ""


def _no_posts(page: Webpage) -> ParseError:
    """Why a page shows no post."""
    if page.tree.css_first(".tgme_channel_info, .tgme_channel_history") is not None:
        return ParseError("no-posts", "Telegram shows no posts of this channel now; it does so when asked too often")
    title = page.tree.css_first("title")
    if page.tree.css_first("[class*=tgme_page]") is not None or (title is not None and "Telegram" in words(title)):
        what = "it is private, a group, renamed, or its preview is switched off"
        return ParseError("preview-off", f"the channel shows nothing in public: {what}")
    return nothing_on(page, "no preview of a channel; the address should be https://t.me/s/NAME")
