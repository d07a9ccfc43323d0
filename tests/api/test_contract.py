"""The contract is sound, and what is recorded and generated agrees with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import openapi_contract as contract
import openapi_json
import pytest
import yaml
from openapi_spec_validator import validate

DOCUMENT = contract.load()
GOLDENS = sorted(path for path in (contract.CONTRACTS / "goldens" / "api").glob("*.json") if path.stem != "inputs")


def objects(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of an object, with its place."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield where, node
        for key, value in node.items():
            yield from objects(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from objects(value, f"{where}/{index}")


def test_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_json_is_made_from_the_yaml() -> None:
    assert openapi_json.TARGET.read_text(encoding="utf-8") == openapi_json.render()


def test_objects_refuse_members_that_they_do_not_name() -> None:
    open_ones = [where for where, schema in objects(DOCUMENT["components"]) if "additionalProperties" not in schema]
    assert open_ones == []


def test_required_members_are_described() -> None:
    for where, schema in objects(DOCUMENT["components"]):
        missing = set(schema.get("required", [])) - set(schema.get("properties", {}))
        assert not missing, where


def test_every_error_code_of_the_program_is_listed() -> None:
    source = (contract.CONTRACTS.parent / "core" / "base" / "error.h").read_text(encoding="utf-8")
    codes = source.split("enum class ErrorCode {")[1].split("}")[0].replace("\n", "").split(",")
    names = ["".join(f"_{c.lower()}" if c.isupper() else c for c in code.strip()[1:])[1:] for code in codes if code]
    listed = DOCUMENT["components"]["schemas"]["ErrorCode"]["enum"]
    assert set(name for name in names if name) <= set(listed)


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.stem)
def test_recorded_answers_fit(path: Any) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    method, target = golden["request"].split(" ")
    found = contract.violations(DOCUMENT, method, target.split("?")[0], golden["status"], golden["answer"])
    assert found == []


def test_an_answer_with_one_member_too_many_is_refused() -> None:
    golden = json.loads((contract.CONTRACTS / "goldens" / "api" / "by-region.json").read_text(encoding="utf-8"))
    answer = golden["answer"]
    answer["data"][0]["by_status"]["open"]["colour"] = "red"
    assert contract.violations(DOCUMENT, "GET", "/api/pipeline/by-region", 200, answer) != []


def test_answers_that_are_not_foreseen_are_refused() -> None:
    with pytest.raises(LookupError):
        contract.violations(DOCUMENT, "GET", "/api/nowhere", 200, {})
    with pytest.raises(LookupError):
        contract.violations(DOCUMENT, "GET", "/api/summary", 418, {})


def test_catalogue_is_that_of_the_contracts() -> None:
    described = yaml.safe_load((contract.CONTRACTS / "metrics.yaml").read_text(encoding="utf-8"))
    served = json.loads((contract.CONTRACTS / "goldens" / "api" / "metrics.json").read_text(encoding="utf-8"))
    assert served["answer"]["data"] == described["metrics"]


def test_recorded_groups_add_up_to_their_totals() -> None:
    for path in GOLDENS:
        if not path.stem.startswith("by-"):
            continue
        answer = json.loads(path.read_text(encoding="utf-8"))["answer"]
        for figure in ("deals", "priced"):
            assert sum(group[figure] for group in answer["data"]) == answer["totals"][figure], path.stem
        cents = [int(group["amount"].replace(".", "")) for group in answer["data"]]
        assert sum(cents) == int(answer["totals"]["amount"].replace(".", "")), path.stem
