"""JSON Schemas for editors: what is committed is what the models say."""

import json

import pytest

from monitor.config.schemas import FILES, schema_text, write_schemas
from paths import ROOT


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_committed_schema_is_the_generated_one(name):
    """After a change of the models: `python -m monitor.config.schemas config`."""
    assert (ROOT / "config" / name).read_text("utf-8") == schema_text(FILES[name])


def test_schemas_are_written_where_they_are_wanted(tmp_path):
    """One file each."""
    write_schemas(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_name_is_explained_and_no_other_is_allowed(name):
    """An editor shows a sentence for each name and underlines all others."""
    schema = json.loads(schema_text(FILES[name]))
    for part in (schema, *schema.get("$defs", {}).values()):
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert all(about.get("description", "").endswith(".") for about in part["properties"].values())


@pytest.mark.parametrize("name", ["feeds", "keywords"])
def test_the_files_that_ship_name_their_schema(name):
    """The first line is for the editor."""
    path = ROOT / "config" / f"{name}.yaml"
    assert path.read_text("utf-8").startswith(f"# yaml-language-server: $schema=./{name}.schema.json\n")
