"""Where a source stands: in Kazakhstan or outside, on a host of its own or on somebody's platform."""

from monitor.model import Feed, Standing
from monitor.text.urls import domain, host

# .kz and .қаз
_COUNTRY = (".kz", ".қаз", ".xn--80ao21a")
# Everybody publishes there, and none of them is in Kazakhstan.
_PLATFORMS = frozenset(
    {"t.me", "telegram.me", "youtube.com", "google.com", "facebook.com", "rss.app", "feedburner.com"}
)


def is_in_kazakhstan(feed: Feed) -> bool:
    """Whether a source's host is in Kazakhstan, as far as its address and its region tell."""
    if host(feed.url).endswith(_COUNTRY):
        return True
    local = (feed.region or "").startswith("KZ") and feed.standing is not Standing.FOREIGN
    return local and domain(feed.url) not in _PLATFORMS
