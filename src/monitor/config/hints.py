"""The nearest known name: what somebody most likely meant."""

from collections.abc import Iterable
from difflib import get_close_matches

# difflib's ratio: .65 takes "rrs" for "rss" and "titel" for "title", but not "link" for "kind".
CLOSE = 0.65
SHORTEST_BEGINNING = 3  # letters
# Names people know from elsewhere for what is called otherwise here.
SYNONYMS = {
    "name": "title", "link": "url", "href": "url", "address": "url", "feed": "url", "type": "kind",
    "language": "lang", "interval": "every", "timezone": "time_zone", "zone": "time_zone", "tz": "time_zone",
    "disabled": "enabled", "active": "enabled", "fulltext": "full_text", "blocked": "blocked_in",
    "exclude": "except", "not": "none", "exclude_in": "except_in", "priority": "severity", "level": "severity",
    "keywords": "any", "terms": "any", "words": "any", "positive": "match", "negative": "ignore",
    "all_lang": "any_lang", "any_language": "any_lang", "kz": "kk", "kaz": "kk", "rus": "ru", "eng": "en",
}  # fmt: skip


def nearest(name: str, known: Iterable[str], close: float = CLOSE) -> str | None:
    """The known name that is most like `name`, or None when none is as close as that (1 is the same)."""
    choices = sorted(known)
    plain = name.strip().lower().replace("-", "_")
    if plain in choices:
        return plain
    if SYNONYMS.get(plain) in choices:
        return SYNONYMS[plain]
    longer = [choice for choice in choices if choice.lower().startswith(plain)]
    if len(plain) >= SHORTEST_BEGINNING and len(longer) == 1:
        return longer[0]
    capitals = {choice.lower(): choice for choice in choices}
    alike = get_close_matches(plain, capitals, n=1, cutoff=close)
    return capitals[alike[0]] if alike else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint for an unknown name: the nearest known one, else all of them."""
    choices = list(known)
    near = nearest(name, choices)
    return f"Did you mean `{near}`?" if near else f"Known here: {', '.join(choices)}."
