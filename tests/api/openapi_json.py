"""Makes contracts/openapi.json from contracts/openapi.yaml.

    python tests/api/openapi_json.py           writes it
    python tests/api/openapi_json.py --check   exits 1 when it is not up to date

The JSON is committed because a machine that builds the program need not have Python.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
SOURCE = CONTRACTS / "openapi.yaml"
TARGET = CONTRACTS / "openapi.json"


def load() -> dict[str, Any]:
    """The contract as plain data; anchors and merge keys resolved."""
    return yaml.safe_load(SOURCE.read_text(encoding="utf-8"))


def render() -> str:
    return json.dumps(load(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    text = render()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") == text:
            return 0
        print("contracts/openapi.json is out of date: run python tests/api/openapi_json.py", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
