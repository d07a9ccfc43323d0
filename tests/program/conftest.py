"""Finds the program that REVOPS_PROGRAM names and gives each test a data folder of its own."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "api"))

from program_driver import Program, Server, find_program  # noqa: E402
from small_disk import small_disk  # noqa: E402, F401


@pytest.fixture(scope="session")
def executable() -> Path:
    return find_program()


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("REVOPS_SEED", random.randrange(2**32)))
    print("seed", seed)  # pytest shows it with a failure
    return random.Random(seed)


@pytest.fixture
def program(executable: Path, tmp_path: Path) -> Iterator[Program]:
    made = Program(executable, tmp_path / "data")
    yield made
    made.close()


@pytest.fixture(scope="module")
def sample(executable: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The eight sample rows and one snapshot; tests of a module share it and only read."""
    made = Program(executable, tmp_path_factory.mktemp("sample") / "data")
    made.must("init", "--sample")
    made.process()
    yield made
    made.close()


@pytest.fixture(scope="module")
def served(sample: Program) -> Server:
    return sample.serve()
