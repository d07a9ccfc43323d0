from __future__ import annotations

from collections.abc import Iterator

import pytest

from snowflake_peer import Simulator


@pytest.fixture(scope="session")
def process() -> Iterator[Simulator]:
    simulator = Simulator.start()
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def simulator(process: Simulator) -> Simulator:
    process.reset()
    return process
