"""Finds the program, and the driver of tests/program that runs it."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "program"))

from program_driver import Program, find_program  # noqa: E402

NOW = "2026-11-22T10:00:00Z"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(find_program(), tmp_path / "data", now=NOW)
    yield made
    made.close()


@pytest.fixture
def seed() -> int:
    chosen = int(os.environ.get("REVOPS_TEST_SEED") or random.randrange(2**32))
    print(f"REVOPS_TEST_SEED={chosen}")
    return chosen
