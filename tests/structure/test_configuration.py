"""docs/configuration.md is what its schema says."""

from __future__ import annotations

import json
import re
import tomllib

import configuration_page

SCHEMA = json.loads(configuration_page.SCHEMA.read_text(encoding="utf-8"))


def test_the_page_is_up_to_date() -> None:
    written = configuration_page.PAGE.read_text(encoding="utf-8")
    assert written == configuration_page.page(SCHEMA), "run python3 tests/structure/configuration_page.py"


def test_the_example_holds_every_default() -> None:
    page = configuration_page.PAGE.read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    defaults = {
        section: {key: schema["default"] for key, schema in keys["properties"].items() if "x-secret" not in schema}
        for section, keys in SCHEMA["properties"].items()
    }
    assert tomllib.loads(example[1]) == defaults


def test_every_key_says_all_that_the_page_tells() -> None:
    for section, keys in SCHEMA["properties"].items():
        assert keys["additionalProperties"] is False, section
        for key, schema in keys["properties"].items():
            assert {"type", "default", "x-env", "description"} <= set(schema), key
            assert schema["x-env"].startswith(("REVOPS_", "SNOWFLAKE_")), key
            assert "|" not in schema["description"] and "\n" not in schema["description"], key
