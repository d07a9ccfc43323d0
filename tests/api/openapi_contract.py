"""Finds the schema of an answer in contracts/openapi.yaml and holds the answer to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"


def load() -> dict[str, Any]:
    return yaml.safe_load((CONTRACTS / "openapi.yaml").read_text(encoding="utf-8"))


def path_template(document: dict[str, Any], path: str) -> str:
    """The key under `paths` that a concrete path belongs to."""
    for template in document["paths"]:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path):
            return template
    raise LookupError(f"the contract has no path {path}")


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def response_schema(document: dict[str, Any], method: str, path: str, status: int, content_type: str) -> dict[str, Any]:
    """Raises LookupError when the contract does not foresee such an answer."""
    operation = document["paths"][path_template(document, path)].get(method.lower())
    if operation is None or str(status) not in operation["responses"]:
        raise LookupError(f"the contract does not foresee {method} {path} -> {status}")
    response = resolve(document, operation["responses"][str(status)])
    if content_type not in response.get("content", {}):
        raise LookupError(f"the contract does not foresee {content_type} for {method} {path} -> {status}")
    return response["content"][content_type]["schema"]


def violations(document: dict[str, Any], method: str, path: str, status: int, answer: Any) -> list[str]:
    """What is wrong with a JSON answer; empty when it fits."""
    schema = response_schema(document, method, path, status, "application/json")
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]
