"""`monitor feeds test`: what would come out of a source, and what the keywords would say of it."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json, print_table, say
from monitor.cli.switching import refuse_unknown
from monitor.config.settings import Settings
from monitor.text.times import stamp

if TYPE_CHECKING:
    from monitor.app.tryout import Item, Trial
    from monitor.model import Feed, Finding

SHOWN = 20
PAGES = 3
TOPICS = 2
COLOURS = {"urgent": "red", "normal": "yellow", "digest": "cyan"}
NOTHING = "–"


@click.command(short_help="Ask a source now and show what would come out.")
@click.argument("subjects", metavar="ID|URL...", nargs=-1, required=True)
@click.option(
    "--pages", type=click.IntRange(min=0), help=f"Read so many of the articles' pages [{PAGES} if full_text]."
)
@click.option("--all", "everything", is_flag=True, help=f"Show every item, not only the first {SHOWN}.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def test(door: Door, *, subjects: tuple[str, ...], pages: int | None, everything: bool, as_json: bool) -> int:
    """Ask a source now and show what would come out, and which topics would match; nothing is kept or said.

    ID is one of feeds.yaml; of a URL the kind is found out. Several give one line each.
    """
    trials = asyncio.run(_try(door.settings, [_subject(door.settings, one) for one in subjects], pages))
    if as_json:
        records = [as_record(trial) for trial in trials]
        print_json(records[0] if len(records) == 1 else records)
    elif len(trials) == 1:
        _show(trials[0], door.settings, None if everything else SHOWN)
    else:
        print_trials(trials)
    return 0 if all(trial.ok for trial in trials) else 1


def _subject(settings: Settings, typed: str) -> "tuple[Feed, tuple[str, ...]]":
    """The source that is meant, with the kinds it may be when that is not known. Raises BadParameter."""
    from monitor.app.describing import likely_kinds, twin_of, unknown_feed
    from monitor.config.files import FEEDS, read_feeds

    known = read_feeds(settings.config_dir / FEEDS)
    by_id = {feed.id: feed for feed in known}
    if typed in by_id:
        return by_id[typed], ()
    if "." not in typed and not typed.startswith("@"):
        refuse_unknown(typed, by_id)
    url = typed_address(typed)
    same = twin_of(url, known)
    return (same, ()) if same else (unknown_feed(url), likely_kinds(url))


def typed_address(typed: str) -> str:
    """A web address as people type it, in full. Raises BadParameter."""
    from monitor.app.describing import full_address
    from monitor.config.values import Unusable, web_address

    url = full_address(typed)
    try:
        return web_address(url)
    except Unusable as mistake:
        raise click.BadParameter(f"`{typed}` {mistake.what} {mistake.hint}", param_hint="URL") from None


async def _try(
    settings: Settings, subjects: "Iterable[tuple[Feed, tuple[str, ...]]]", pages: int | None
) -> "list[Trial]":
    """Ask all of them, read their pages, and look for words."""
    from monitor import logs
    from monitor.app.tryout import matched, try_feed, with_pages
    from monitor.app.wire import open_wire
    from monitor.config.files import KEYWORDS, read_matcher

    logs.set_up(form=settings.log_format, level="error", secrets=settings.secrets())
    matcher = read_matcher(settings.config_dir / KEYWORDS)

    async def one(feed: "Feed", kinds: tuple[str, ...]) -> "Trial":
        trial = await try_feed(wire, feed, kinds)
        wanted = PAGES if pages is None and trial.feed.full_text else pages or 0
        return matched(await with_pages(wire, trial, wanted), matcher)

    async with open_wire(settings) as wire:
        return list(await asyncio.gather(*(one(feed, kinds) for feed, kinds in subjects)))


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _show(trial: "Trial", settings: Settings, most: int | None) -> None:
    """One source: what it is, its items, what to know of it."""
    feed = trial.feed
    region = f" · {feed.region}" if feed.region else ""
    off = "" if feed.enabled else " · switched off"
    about = f"{feed.kind} · {feed.lang} · {feed.scope} · {feed.standing.value}{region}{off}"
    click.echo(f"{click.style(feed.title or trial.title or feed.id, bold=True)}  {about}")
    say(answer(trial))
    if not trial.ok:
        return
    rows = [_cells(item, settings.time_zone) for item in trial.items[:most]]
    print_table(("topics", f"date, {_city(settings.time_zone)}", "headline"), rows, COLOURS)
    if len(trial.items) > len(rows):
        click.echo(f"… and {len(trial.items) - len(rows)} more; --all shows them")
    say(_conclusion(trial), *_pages(trial), *_guess(trial))
    say(*(f"! {doubt}" for doubt in trial.doubts))


def answer(trial: "Trial") -> str:
    """What came over the wire."""
    if trial.response is None:
        return f"{trial.feed.url}: {trial.said} ({trial.kind})"
    response = trial.response
    kind = response.headers.get("content-type", "no type").split(";")[0]
    told = f"{response.url}: {response.status}, {kind}, {_size(len(response.body))}"
    return f"{told}, {_items(len(trial.items))}" if trial.ok else f"{told}: {trial.said} ({trial.kind})"


def _items(count: int) -> str:
    return f"{count} item" + ("" if count == 1 else "s")


def _size(count: int) -> str:
    return f"{count / 1000:.0f} kB" if count >= 1000 else f"{count} bytes"  # noqa: PLR2004


def _cells(item: "Item", time_zone: str) -> tuple[str, str, str]:
    return _topics(item.finding), _date(item, time_zone), item.article.title or item.article.text


def _date(item: "Item", time_zone: str) -> str:
    from zoneinfo import ZoneInfo

    at = item.article.published_at
    return f"{at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}" if at else NOTHING


def _topics(finding: "Finding | None") -> str:
    """The loudest word first, so that it stands out: `urgent: strike, wages`; why not, if almost."""
    if finding is None or not finding.topics:
        return ""
    names = [topic.topic for topic in finding.topics if topic.live and not topic.blocked]
    if finding.severity.rank:
        more = f" +{len(names) - TOPICS}" if len(names) > TOPICS else ""
        return f"{finding.severity.value}: {', '.join(names[:TOPICS])}{more}"
    return f"({finding.reason.value.lower().replace('_', ' ')})"


def _city(time_zone: str) -> str:
    return time_zone.rpartition("/")[2].replace("_", " ")


def _pages(trial: "Trial") -> list[str]:
    """How the articles' own pages were read, those that were asked for."""
    asked = [item for item in trial.items if item.page is not None]
    lengths = [len(item.page.text) for item in asked if item.page and item.page.text]
    lines = (
        [f"pages: {len(lengths)} of {len(asked)} read, {min(lengths)} to {max(lengths)} characters"] if lengths else []
    )
    failed = [item for item in asked if item.trouble]
    return lines + [f"! {item.trouble}: {item.entry.url}" for item in failed]


def _guess(trial: "Trial") -> list[str]:
    """Where the list was found on a page that nobody described."""
    told = ", ".join(f'{name}: "{selector}"' for name, selector in trial.guess.items())
    return [f"the list was guessed, as select: {{{told}}}"] if told else []


def _conclusion(trial: "Trial") -> str:
    from collections import Counter

    found = Counter(item.finding.severity.value for item in trial.items if item.finding and item.finding.severity.rank)
    loud = ", ".join(f"{found[word]} {word}" for word in COLOURS if found[word])
    return f"{_items(len(trial.items))}: {loud or 'no topic would match'}"


def print_trials(trials: "Iterable[Trial]") -> None:
    """A line for each source, those that give nothing first."""
    rows = [in_a_line(trial) for trial in sorted(trials, key=lambda trial: (trial.ok, not trial.doubts))]
    print_table(("answer", "source", "items", "newest", "remark"), rows, {"ok": "green"})


def in_a_line(trial: "Trial") -> tuple[str, str, str, str, str]:
    """Answer, source, items, newest, remark."""
    remark = " ".join(trial.doubts) if trial.ok else trial.said
    day = (newest(trial) or NOTHING).partition("T")[0]
    return trial.kind or "ok", trial.feed.id, str(len(trial.items) or NOTHING), day, remark


def newest(trial: "Trial") -> str | None:
    """When the newest item was published."""
    dates = [item.article.published_at for item in trial.items if item.article.published_at]
    return stamp(max(dates)) if dates else None


# ── for machines ─────────────────────────────────────────────────────────────────────────────────────────────────────


def as_record(trial: "Trial") -> dict[str, Any]:
    """A trial as JSON."""
    feed, response = trial.feed, trial.response
    return {
        "feed": feed.id,
        "url": feed.url,
        "kind": feed.kind,
        "lang": feed.lang,
        "scope": feed.scope,
        "ok": trial.ok,
        "error_kind": trial.kind or None,
        "error": trial.said or None,
        "answered_from": response.url if response else None,
        "status": response.status if response else None,
        "title": trial.title,
        "guess": dict(trial.guess) or None,
        "doubts": list(trial.doubts),
        "items": [_item(item) for item in trial.items],
    }


def _item(item: "Item") -> dict[str, Any]:
    from monitor.cli.words import as_record as finding_record

    article = item.article
    return {
        "url": article.url,
        "title": article.title,
        "published_at": stamp(article.published_at) if article.published_at else None,
        "text": article.text,
        "page": {"characters": len(item.page.text), "trouble": item.trouble or None} if item.page else None,
        **(finding_record(item.finding) if item.finding else {}),
    }
