"""Results on stdout: JSON for machines, tables and plain lines for people."""

import json
from typing import Any

import click


def print_json(value: Any) -> None:
    """One JSON document on stdout, readable by people too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
