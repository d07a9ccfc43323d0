"""The recorded signatures are those of the installed botocore, and the seed still makes the recorded requests."""

from __future__ import annotations

import json

from make_sigv4_golden import GOLDEN, page_cases, random_cases, sign, suite_cases

RECORDED = json.loads(GOLDEN.read_text("utf-8"))


def test_the_golden_is_what_its_generator_writes() -> None:
    assert RECORDED["cases"] == [*page_cases(), *suite_cases(None), *random_cases(RECORDED["seed"])]


def test_botocore_agrees_with_the_documentation_where_it_signs_the_same_fields() -> None:
    cases = [case for case in page_cases() if case["name"] in ("get-lifecycle", "list-objects")]
    assert [sign(case).rpartition("=")[2] for case in cases] == [
        case["authorization"].rpartition("=")[2] for case in cases
    ]
