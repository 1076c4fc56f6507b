"""Lists of terms, read node by node: ten thousand of them must not cost a model each.

A term is a text, or `{term, forms, except}`. What its words mean is for `matching`; here it only gets its place.
"""

from collections.abc import Iterator
from typing import Annotated, Any, cast

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from monitor.config.hints import did_you_mean, nearest
from monitor.config.nodes import ListNode, MapNode, Node, TextNode
from monitor.config.problems import Problems
from monitor.config.shapes import Reading, Shape, short
from monitor.model import Term, Terms

ONE_PER_LINE = "Write one term per line, each after `- `."
DETAILS = ("term", "forms", "except")
WORDS = {"type": "array", "items": {"type": "string"}}
TERM_SCHEMA = {
    "anyOf": [
        {"type": ["string", "number"]},
        {
            "type": "object",
            "properties": {"term": {"type": "string"}, "forms": WORDS, "except": WORDS},
            "required": ["term"],
            "additionalProperties": False,
        },
    ]
}


def _read(node: Any, info: ValidationInfo) -> Terms:
    """The terms of one language: the field's name is the language."""
    reading = cast("Reading", info.context)
    terms = tuple(read_terms(node, info.field_name or "", reading.problems))
    reading.terms.extend(terms)
    return terms


def read_terms(node: Node, lang: str, problems: Problems) -> Iterator[Term]:
    """The terms of a list; what is not a term is noted. Nothing at all is an empty list."""
    if not isinstance(node, ListNode):
        if node != "":
            problems.error_at(node, "A list of terms belongs here.", ONE_PER_LINE)
        return
    for item in node:
        if isinstance(item, TextNode):
            if _fits(item, problems):
                yield Term(text=str(item), lang=lang, line=item.line, column=item.column)
        elif isinstance(item, MapNode):
            yield from _detailed(item, lang, problems)
        else:
            problems.error_at(item, "A list stands inside a list of terms.", ONE_PER_LINE)


def _fits(item: TextNode, problems: Problems) -> bool:
    """Whether a text can be a term, as far as its place tells."""
    if not item.strip():
        problems.error_at(item, "An empty term.", "Write a word after the `- `, or delete the line.")
    elif item.folded or "\n" in item:
        problems.error_at(item, f"The term `{short(item)}` goes on over several lines.", ONE_PER_LINE)
    else:
        return True
    return False


def _detailed(node: MapNode, lang: str, problems: Problems) -> Iterator[Term]:
    """A term with forms added or taken away."""
    strangers = [key for key in node.names() if key not in DETAILS]
    if strangers and "term" not in node and not nearest(strangers[0], DETAILS):
        problems.error_at(strangers[0], "A colon stands inside a term.", "Put the whole term in quotes.")
        return
    for key in strangers:
        problems.error_at(key, f"`{short(key)}` is not known in a term.", did_you_mean(key, DETAILS))
    item = node.get("term")
    if not isinstance(item, TextNode):
        problems.error_at(item or node, "Here the term itself is missing.", "Write {term: …, forms: […], except: […]}.")
    elif _fits(item, problems):
        forms, excluded = (tuple(_words(node.get(key), problems)) for key in ("forms", "except"))
        yield Term(text=str(item), lang=lang, line=item.line, column=item.column, forms=forms, excluded=excluded)


def _words(node: Node | None, problems: Problems) -> Iterator[str]:
    """A list of single forms."""
    if isinstance(node, ListNode):
        for item in node:
            if isinstance(item, TextNode) and item.strip():
                yield str(item)
            else:
                problems.error_at(item, "A word belongs here.", "Write [one, two].")
    elif node is not None:
        problems.error_at(node, "A list of words belongs here.", "Write [one, two].")


TermList = Annotated[Terms, PlainValidator(_read), WithJsonSchema({"type": ["array", "null"], "items": TERM_SCHEMA})]


class TermLists(Shape):
    """Terms by language."""

    NOUN = "list of terms by language"
    en: TermList = ()
    """Terms for articles in English."""
    ru: TermList = ()
    """Terms for articles in Russian; tried in Kazakh ones as well."""
    kk: TermList = ()
    """Terms for articles in Kazakh."""
    any_lang: TermList = ()
    """Terms for articles in any language."""

    @property
    def terms(self) -> Terms:
        """The terms of all languages."""
        return (*self.en, *self.ru, *self.kk, *self.any_lang)
