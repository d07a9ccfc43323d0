from __future__ import annotations

from collections.abc import Iterator

import pytest
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


@pytest.fixture(scope="session")
def s3_tls_process() -> Iterator[Simulator]:
    simulator = Simulator.start("--tls")
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def s3_tls(s3_tls_process: Simulator) -> Simulator:
    s3_tls_process.reset()
    return s3_tls_process
