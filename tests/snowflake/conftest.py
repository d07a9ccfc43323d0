from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

for folder in ("program", "api"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

from program_driver import find_program  # noqa: E402

from snowflake_peer import Simulator  # noqa: E402


@pytest.fixture(scope="session")
def process() -> Iterator[Simulator]:
    simulator = Simulator.start()
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def simulator(process: Simulator) -> Simulator:
    process.reset()
    return process


@pytest.fixture(scope="session")
def executable() -> Path:
    return find_program()
