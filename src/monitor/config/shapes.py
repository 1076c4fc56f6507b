"""The shape of a file as pydantic models over nodes, with every complaint in plain words at its place.

The models give three things at once: what is allowed, values, and the JSON Schema that lets editors complete names.
A field takes its text from a node and says itself what is wrong with it; names that are unknown or missing are noted
by `Shape`; what is left for pydantic to notice ("not a list") is worded by `complain`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from monitor.config import values
from monitor.config.hints import did_you_mean
from monitor.config.nodes import MapNode, TextNode
from monitor.config.problems import Problems
from monitor.config.values import Unusable
from monitor.config.yaml import Document
from monitor.model import LANGUAGES, Lang, Term

Whole = TypeVar("Whole", bound="Shape")

SLUG = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*", re.ASCII)
LONGEST_SHOWN = 40  # characters of a value that a message repeats
TRUTH = {"true": True, "false": False}
GLUED = re.compile(r"[A-Za-z_]+:\S")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the models need to know of the file they read, and where they leave what they find.

    `terms` are all that were read, also those of a topic that was refused for something else.
    """

    document: Document
    problems: Problems
    terms: list[Term] = field(default_factory=list)


class Shape(BaseModel):
    """A mapping of a file. `NOUN` is what people call it; the text below a field is shown by editors (`schemas`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    NOUN: ClassVar[str] = "part"

    @model_validator(mode="before")
    @classmethod
    def know(cls, node: Any, info: ValidationInfo) -> Any:
        """Note unknown and missing names, all of them, and let the known ones through."""
        reading = cast("Reading", info.context)
        if not isinstance(node, MapNode):
            raise _not_a_mapping(node, cls.NOUN)
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        for key in node.names():
            if key not in fields:
                what = f"`{short(key)}` is not known in a {cls.NOUN}."
                reading.problems.error_at(key, what, did_you_mean(key, fields))
        wanted = [name for name, field in fields.items() if field.is_required() and name not in node]
        if wanted and not reading.document.lost_part_of(node):
            names = " and ".join(f"`{name}`" for name in wanted)
            what = f"{names} {'is' if len(wanted) == 1 else 'are'} missing in this {cls.NOUN}."
            value = "1" if wanted[0] == "version" else "…"
            reading.problems.error_at(node, what, f"Add a line `{wanted[0]}: {value}`.")
        return {str(key): value for key, value in node.items() if key in fields}


def read_shape(shape: type[Whole], reading: Reading) -> Whole | None:
    """The whole file as `shape`, or None after noting every mistake."""
    if reading.document.root is None:
        return None
    try:
        return shape.model_validate(reading.document.root, context=reading)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            _complain(details, reading.document, reading.problems)
        return None


def _complain(details: ErrorDetails, document: Document, problems: Problems) -> None:
    """Put one of pydantic's errors into words, at the node that caused it."""
    node, about = details["input"], details.get("ctx", {})
    if details["type"] == "missing":
        return  # noted by Shape.know, all names of a mapping at once
    if isinstance(node, str) and not node.strip():
        line = getattr(node, "line", 1)
        if not any(line <= hole.start <= line + 1 for hole in document.holes):
            problems.error(line, getattr(node, "column", 1), "Nothing is written here.", "Write a value, or delete it.")
        return
    what, hint = about.get("what"), about.get("hint", "")
    if what is None and details["type"] in {"list_type", "tuple_type"}:
        what, hint = "A list belongs here.", "Write [one, two], or one item per line, each after `- `."
    elif what is None:
        what, hint = _words(_not_a_mapping(node, "part"))
    problems.error(getattr(node, "line", 1), getattr(node, "column", 1), what, hint)


def _words(error: PydanticCustomError) -> tuple[str, str]:
    about = error.context or {}
    return about["what"], about["hint"]


def unusable(what: str, hint: str = "") -> PydanticCustomError:
    """A complaint that is already in plain words."""
    return PydanticCustomError("unusable", "unusable", {"what": what, "hint": hint})


def _not_a_mapping(node: Any, noun: str) -> PydanticCustomError:
    """Something stands where `name: value` lines should."""
    if isinstance(node, TextNode) and GLUED.match(node):
        return unusable("A space is missing after the colon.", "Write `name: value`.")
    return unusable(f"A {noun} is written as `name: value`, one per line.", "Or in one line, as {id: a, url: b}.")


def short(text: str) -> str:
    """A value as a message repeats it: on one line, not too long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────


def text(convert: Callable[[str], Any]) -> BeforeValidator:
    """A field that is one text; `convert` makes its value or raises Unusable."""

    def read(node: Any) -> Any:
        if not isinstance(node, str):
            raise unusable("One value belongs here, not several.", "Write it after the colon, without brackets.")
        if not node.strip():
            raise unusable("Nothing is written here.", "Write a value, or delete the line.")
        try:
            return convert(str(node))
        except Unusable as mistake:
            shown = "What stands here" if mistake.hidden else f"`{short(node)}`"
            raise unusable(f"{shown} {mistake.what}", mistake.hint) from None

    return BeforeValidator(read)


def choice(names: Iterable[str]) -> BeforeValidator:
    """A field that is one of a few words."""
    known = tuple(names)

    def pick(word: str) -> str:
        if word not in known:
            raise Unusable("is not possible here.", did_you_mean(word, known))
        return word

    return text(pick)


def whole_number(least: int, most: int) -> BeforeValidator:
    """A field that is a number from `least` to `most`."""

    def count(digits: str) -> int:
        if not (values.NUMBER.fullmatch(digits) and least <= int(digits) <= most):
            raise Unusable("is not possible here.", f"Write a whole number from {least} to {most}.")
        return int(digits)

    return text(count)


def _slug(word: str) -> str:
    if not SLUG.fullmatch(word):
        raise Unusable("is not an id.", "Use small Latin letters, digits and dashes, such as lada-kz.")
    return word


def _flag(word: str) -> bool:
    if word.lower() not in TRUTH:
        raise Unusable("is neither true nor false.", "Write true or false.")
    return TRUTH[word.lower()]


def _version(word: str) -> int:
    if word != "1":
        raise Unusable("is not a version we know.", "Write `version: 1`.")
    return 1


def _one_line(words: str) -> str:
    return " ".join(words.split())


Text = Annotated[str, text(_one_line), WithJsonSchema({"type": ["string", "number"]})]
Slug = Annotated[str, text(_slug), WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}$"})]
Flag = Annotated[bool, text(_flag)]
Version = Annotated[Literal[1], text(_version)]
Language = Annotated[Lang, choice(LANGUAGES)]
Zone = Annotated[str, text(values.time_zone)]
Region = Annotated[str, text(values.region), WithJsonSchema({"type": "string", "enum": sorted(values.REGIONS)})]
WebAddress = Annotated[str, text(values.web_address), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
ClockTime = Annotated[
    str, text(values.clock_time), WithJsonSchema({"type": "string", "pattern": f"^{values.CLOCK_TIME.pattern}$"})
]
DURATION_SCHEMA = {"type": "string", "pattern": r"^(\d+(\.\d+)?(ms|s|m|h|d))+$"}
Duration = Annotated[timedelta, text(values.duration), WithJsonSchema(DURATION_SCHEMA)]
