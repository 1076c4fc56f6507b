"""What every kind asks a server for: the feed's address with the validators of the last good answer."""

from monitor.model import Feed, FeedState, Request


def conditional(feed: Feed, state: FeedState) -> Request:
    """The feed's address, or the one it has moved to, with the validators of the last good answer, verbatim."""
    moved = state.memory.get("address") or {}
    url = moved["now"] if moved.get("configured") == feed.url else feed.url
    headers = {}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return Request(url=url, headers=headers, proxy=feed.proxy)
