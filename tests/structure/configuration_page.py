"""Writes docs/configuration.md from contracts/config.schema.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "configuration.md"
SCHEMA = ROOT / "contracts" / "config.schema.json"

INTRODUCTION = """\
# Configuration

Every setting has a default; the program runs without any file. Settings are read from `revops.toml` in the data
folder, or from the file that `--config` names. A variable of the environment wins over the file, and `--listen` over
both. An unknown key, a value of another type or out of its range stops the program with a message that names them all.

```toml
{example}```

Lists in the environment are separated by commas, truth values are `1` or `true`, `0` or `false`.
"""

ENDING = """
This page is made from [config.schema.json](../contracts/config.schema.json) by
`python3 tests/structure/configuration_page.py`.
"""


def is_secret(schema: dict[str, Any]) -> bool:
    """Secrets are taken from the environment alone."""
    return bool(schema.get("x-secret"))


def type_of(schema: dict[str, Any]) -> str:
    if is_secret(schema):
        return "secret text, in the environment alone"
    if schema["type"] == "integer":
        return f"whole number, {schema['minimum']} to {schema['maximum']}"
    return {"array": "list of texts", "boolean": "truth value", "string": "text"}[schema["type"]]


def literal(value: Any) -> str:
    """A value as TOML writes it; the types of the schema are written as JSON writes them."""
    return json.dumps(value, ensure_ascii=False)


def in_file(section: dict[str, Any]) -> dict[str, Any]:
    return {key: schema for key, schema in section["properties"].items() if not is_secret(schema)}


def example_of(sections: dict[str, Any]) -> str:
    """The whole file with its defaults."""
    return "\n".join(
        f"[{name}]\n" + "".join(f"{key} = {literal(schema['default'])}\n" for key, schema in in_file(keys).items())
        for name, keys in sections.items()
    )


def section_of(name: str, keys: dict[str, Any]) -> str:
    lines = [f"\n## {name}\n", "| Key | Environment | Type | Default | Meaning |", "|---|---|---|---|---|"]
    for key, schema in keys.items():
        cells = [f"`{key}`", f"`{schema['x-env']}`", type_of(schema), f"`{literal(schema['default'])}`"]
        lines.append("| " + " | ".join([*cells, schema["description"]]) + " |")
    return "\n".join(lines) + "\n"


def page(schema: dict[str, Any]) -> str:
    sections = schema["properties"]
    parts = [section_of(name, keys["properties"]) for name, keys in sections.items()]
    return INTRODUCTION.format(example=example_of(sections)) + "".join(parts) + ENDING


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(SCHEMA.read_text(encoding="utf-8"))), encoding="utf-8")
