"""Words: what matches and why (`match`), and what a term stands for (`keywords expand`)."""

import json
import sys
from collections.abc import Mapping
from typing import IO, Any, get_args

import click

from monitor.cli.diff import diff
from monitor.config.files import KEYWORDS, read_matcher
from monitor.languages import Word, by_code
from monitor.matching.engine import Matcher
from monitor.matching.terms import GroupPart, Pattern, TermError, WordPart, parse
from monitor.model import LANGUAGES, Finding, Scope, Severity, Term, TopicMatch

SCOPES: tuple[Scope, ...] = get_args(Scope)
COLOURS: Mapping[Severity, str] = {
    Severity.URGENT: "red",
    Severity.NORMAL: "yellow",
    Severity.DIGEST: "cyan",
    Severity.NONE: "white",
}


# ── match ────────────────────────────────────────────────────────────────────────────────────────────────────────


@click.command()
@click.argument("text", nargs=-1)
@click.option("--title", default="", help="The headline.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language; otherwise it is detected.")
@click.option("--scope", type=click.Choice(SCOPES), default="local", help="global: must also name Kazakhstan.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--jsonl", type=click.File("rb"), help="Many articles: a JSON object per line, in and out.")
@click.pass_context
def match(
    context: click.Context,
    *,
    text: tuple[str, ...],
    title: str,
    lang: str | None,
    scope: Scope,
    as_json: bool,
    jsonl: IO[bytes] | None,
) -> None:
    """Explain what matches TEXT and why, and what almost did."""
    if jsonl is None and not text and not title:
        raise click.UsageError("Give a TEXT, a --title, or --jsonl.")
    matcher = read_matcher(context.obj.settings.config_dir / KEYWORDS)
    if jsonl is not None:
        context.exit(_match_lines(matcher, jsonl, sys.stdout.buffer))
    body = " ".join(text)
    finding = matcher.find(title, body, lang=lang, scope=scope, explain=True)
    if as_json:
        click.echo(_line(as_record(finding)), nl=False)
    else:
        _explain(finding)


def as_record(finding: Finding) -> dict[str, Any]:
    """A finding in the contract's shape. A blocked topic did not match: it is among the near ones."""
    blocked = [
        {"topic": topic.topic, "missing": f"blocked by «{topic.blocked}»"} for topic in finding.topics if topic.blocked
    ]
    return {
        "lang": finding.lang,
        "verdict": finding.severity.value,
        "reason": finding.reason.value,
        "topics": [_topic_record(topic) for topic in finding.topics if not topic.blocked],
        "near": blocked + [{"topic": miss.topic, "missing": miss.missing} for miss in finding.near],
        "places": list(finding.places),
        "names": list(finding.names),
        "sectors": list(finding.sectors),
    }


def _topic_record(topic: TopicMatch) -> dict[str, Any]:
    names = ("term", "lang", "form", "field", "start", "end", "quote")
    record: dict[str, Any] = {
        "topic": topic.topic,
        "severity": topic.severity.value,
        "score": topic.score,
        "hits": [{name: getattr(hit, name) for name in names} for hit in topic.hits],
    }
    return record if topic.live else record | {"trial": True}


def _match_lines(matcher: Matcher, lines: IO[bytes], out: IO[bytes]) -> int:
    """Answer every line as it comes; returns the exit code, 1 when a line could not be read."""
    code = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = _answer(matcher, json.loads(line.decode("utf-8-sig", "replace")))
        except ValueError as error:
            record = {"id": None, "error": f"line {number}: {error}"}
            click.echo(f"monitor: {record['error']}", err=True)
            code = 1
        out.write(_line(record).encode("utf-8", "replace"))
        out.flush()  # whoever feeds us line by line waits for the answer
    return code


def _answer(matcher: Matcher, asked: Any) -> dict[str, Any]:
    """The answer to one article. Raises ValueError when it is not one."""
    if not hasattr(asked, "get"):
        raise ValueError("not a JSON object")
    fields = {name: asked.get(name) for name in ("title", "text", "lang", "scope")}
    for name, value in fields.items():
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is not a string")
    scope = next((known for known in SCOPES if known == (fields["scope"] or SCOPES[0])), None)
    if scope is None:
        raise ValueError(f"scope is neither {' nor '.join(SCOPES)}")
    finding = matcher.find(
        fields["title"] or "", fields["text"] or "", lang=fields["lang"] or None, scope=scope, explain=True
    )
    return {"id": asked.get("id"), **as_record(finding)}


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _explain(finding: Finding) -> None:
    """The finding for people; colours only on a terminal."""
    verdict = click.style(finding.severity.value, fg=COLOURS[finding.severity], bold=True)
    language = click.style(f"language: {finding.lang or 'unknown'}", dim=True)
    click.echo(f"{verdict}  {finding.reason.value}  {language}")
    for kind, ids in (("places", finding.places), ("names", finding.names), ("sectors", finding.sectors)):
        if ids:
            click.echo(f"{kind}: {', '.join(ids)}")
    for topic in finding.topics:
        trial = "" if topic.live else " (trial: does not count)"
        blocked = f" blocked by «{topic.blocked}»" if topic.blocked else ""
        name = click.style(topic.topic, fg=COLOURS[topic.severity], bold=True)
        click.echo(f"{name}  {topic.severity.value}, score {topic.score}{trial}{blocked}")
        for hit in topic.hits:
            place = click.style(f"{hit.field} {hit.start}-{hit.end}", dim=True)
            click.echo(f"  «{click.style(hit.form, underline=True)}» is {hit.term} ({hit.lang})  {place}")
    if finding.near:
        click.echo(click.style("almost:", dim=True))
    for miss in finding.near:
        click.echo(f"  {miss.topic}: {miss.missing}")


# ── keywords ─────────────────────────────────────────────────────────────────────────────────────────────────────


@click.group()
def keywords() -> None:
    """Look into the keyword file."""


keywords.add_command(diff)


@keywords.command(short_help="List the forms that a term stands for.")
@click.argument("term")
@click.option("--lang", type=click.Choice(LANGUAGES), required=True, help="The language of the list it stands in.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def expand(*, term: str, lang: str, as_json: bool) -> None:
    """List the forms TERM stands for; Kazakh has no end of them, so a sample."""
    try:
        parsed = parse(Term(text=term, lang=lang))
    except TermError as error:
        raise click.UsageError(f"{error.message}. {error.hint}".strip()) from None
    if isinstance(parsed, Pattern) or any(isinstance(part, GroupPart) for part in parsed.parts):
        raise click.UsageError("A group or a regular expression has no forms of its own.")
    words = [_expand(part, lang) for part in parsed.parts if isinstance(part, WordPart)]
    if as_json:
        click.echo(_line({"term": term, "lang": lang, "words": words, "forms": words[0]["forms"]}), nl=False)
        return
    for word in words:
        click.echo(f"{click.style(word['word'], bold=True)}: {', '.join(word['forms'])}")
        for said in word["assumed"]:
            click.echo(f"  {click.style(said, fg='yellow')}")


def _expand(part: WordPart, lang: str) -> dict[str, Any]:
    if part.exact:
        return {"word": f"{part.text}!", "forms": [part.text], "known": True, "assumed": []}
    language = by_code()[lang]
    word: Word = language.word(part.text, part.pos)
    usual = language.sample(word)
    forms = list(dict.fromkeys([*usual, *sorted(word.forms)]))
    return {"word": part.text, "forms": forms, "known": word.known, "assumed": list(word.assumed)}
