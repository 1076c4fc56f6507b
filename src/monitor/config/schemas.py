"""JSON Schemas of the YAML files, made from the same models that read them, so that editors complete and explain.

The committed files `config/*.schema.json` are what `python -m monitor.config.schemas config` writes; a test compares.
"""

import ast
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import WithDefaultSchema
from typing_extensions import override

from monitor.config.delivery import DeliveryFile
from monitor.config.feeds import FeedsFile
from monitor.config.keywords import KeywordsFile
from monitor.config.shapes import Shape

FILES: Mapping[str, type[Shape]] = {
    "feeds.schema.json": FeedsFile,
    "keywords.schema.json": KeywordsFile,
    "delivery.schema.json": DeliveryFile,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _WithoutDefaults(GenerateJsonSchema):
    """Defaults are told in words: pydantic would write them in a notation that no file of ours has."""

    @override
    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def schema_text(shape: type[Shape]) -> str:
    """The JSON Schema of a file, as it is committed."""
    schema = {"$schema": DIALECT} | _quiet(shape.model_json_schema(schema_generator=_WithoutDefaults))
    for part in _parts(Shape):
        described = schema if part is shape else schema["$defs"].get(part.__name__, {})
        for name, words in _texts_below(part).items():
            if name in described.get("properties", {}):
                described["properties"][name]["description"] = words
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> None:
    """Write the schema of every file into a folder."""
    for name, shape in FILES.items():
        (folder / name).write_text(schema_text(shape), encoding="utf-8")


def _parts(shape: type[Shape]) -> Iterator[type[Shape]]:
    """A shape and all that are made of it."""
    yield shape
    for part in shape.__subclasses__():
        yield from _parts(part)


def _texts_below(shape: type[Shape]) -> dict[str, str]:
    """What the source says below each field; reading it at run time would cost more than checking the files."""
    found: dict[str, str] = {}
    for part in reversed([part for part in shape.__mro__ if issubclass(part, Shape)]):
        (definition,) = ast.parse(inspect.getsource(part)).body
        for field, below in pairwise(getattr(definition, "body", [])):
            if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(field.target, ast.Name):
                about = part.model_fields.get(field.target.id)
                found[about.alias or field.target.id if about else ""] = ast.literal_eval(below.value)
    return found


def _quiet(node: Any) -> Any:
    """A schema without pydantic's titles; what stands under `properties` are names of ours, not words of a schema."""
    if isinstance(node, list):
        return [_quiet(item) for item in node]
    if not isinstance(node, dict):
        return node
    named = {"properties", "$defs"}
    return {
        key: {name: _quiet(value) for name, value in part.items()} if key in named else _quiet(part)
        for key, part in node.items()
        if key != "title"
    }


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
