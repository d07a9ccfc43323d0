from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from s3_peer import Simulator

for folder in ("program", "api"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

from program_driver import find_program  # noqa: E402


@pytest.fixture(scope="session")
def s3_process() -> Iterator[Simulator]:
    simulator = Simulator.start()
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def s3(s3_process: Simulator) -> Simulator:
    s3_process.reset()
    return s3_process


@pytest.fixture(scope="session")
def s3_tls_process() -> Iterator[Simulator]:
    simulator = Simulator.start("--tls")
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def s3_tls(s3_tls_process: Simulator) -> Simulator:
    s3_tls_process.reset()
    return s3_tls_process


@pytest.fixture(scope="session")
def executable() -> Path:
    return find_program()
