from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from s3_peer import Simulator


@pytest.fixture(scope="session")
def s3_process() -> Iterator[Simulator]:
    simulator = Simulator.start()
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def s3(s3_process: Simulator) -> Simulator:
    s3_process.reset()
    return s3_process
