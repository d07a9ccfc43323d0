from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lambda_peer import Services
from s3_peer import Simulator

import snowflake_peer

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
def snowflake_process() -> Iterator[snowflake_peer.Simulator]:
    simulator = snowflake_peer.Simulator.start()
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def snowflake(snowflake_process: snowflake_peer.Simulator) -> snowflake_peer.Simulator:
    snowflake_process.reset()
    return snowflake_process


@pytest.fixture
def services(snowflake: snowflake_peer.Simulator) -> Iterator[Services]:
    """Secrets Manager holds the key of Snowflake's user."""
    services = Services()
    services.secret = snowflake.key.private_pem.decode()
    yield services
    services.close()


@pytest.fixture(scope="session")
def executable() -> Path:
    return find_program()
