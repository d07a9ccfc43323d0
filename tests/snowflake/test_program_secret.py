"""The key in AWS Secrets Manager instead of a file: the program reads it as the functions do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lambda_peer import Services

from snowflake_peer import KeyPair, Simulator
from snowflake_program import PASSPHRASE, SnowflakeProgram, key_text, live, on_snowflake, sales

NAME = "revops/snowflake"


@pytest.fixture
def services() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


@pytest.fixture
def program(executable: Path, simulator: Simulator, services: Services, tmp_path: Path) -> Iterator[SnowflakeProgram]:
    simulator.control("rows", {"rows": sales(40), "mode": "replace"})
    services.secret = key_text(simulator)
    environment = {
        "SNOWFLAKE_SECRET_ARN": NAME,
        "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": PASSPHRASE,
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "KEY",
        "AWS_SECRET_ACCESS_KEY": "aws-secret-key",
        "AWS_ENDPOINT_URL": f"http://{services.address}",
    }
    program = on_snowflake(executable, tmp_path / "data", simulator, environment)
    program.secrets = [*program.secrets, "aws-secret-key"]
    yield program
    program.close()


@pytest.mark.parametrize("form", ["PEM", "encrypted PEM", "JSON"])
def test_the_key_is_taken_from_the_secret(
    program: SnowflakeProgram, simulator: Simulator, services: Services, form: str
) -> None:
    services.secret = {
        "PEM": key_text(simulator),
        "encrypted PEM": key_text(simulator, PASSPHRASE),
        "JSON": json.dumps({"private_key": key_text(simulator)}),
    }[form]
    assert json.loads(program.must("process"))["outcome"] == "published"
    assert services.secret_reads == 1
    assert services.secret_ids == [NAME]
    assert simulator.violations() == []


def test_a_rotated_key_is_read_again_while_serving(
    program: SnowflakeProgram, simulator: Simulator, services: Services
) -> None:
    server = program.serve()
    server.settle()  # It signs in as well.
    assert live(server)[0] == 200
    simulator.key = KeyPair()
    services.secret = key_text(simulator)
    simulator.control("users", {"name": "REVOPS", "rsa_public_key": simulator.key.public_pem})
    assert live(server)[0] == 200
    assert services.secret_reads == 2


@pytest.mark.parametrize(
    ("refusal", "advice"),
    [
        ("AccessDeniedException", "check its policy"),
        ("ResourceNotFoundException", "no such secret"),
        ("UnrecognizedClientException", "renew them"),
        (None, "put the PEM into it"),
    ],
)
def test_the_doctor_says_why_there_is_no_key(
    program: SnowflakeProgram, services: Services, refusal: str | None, advice: str
) -> None:
    services.secret, services.secret_refusal = "{}", refusal
    [line] = [line for line in program.run("doctor").stdout.splitlines() if line.startswith("FAIL  warehouse")]
    assert advice in line
    assert refusal is None or "reading a secret from AWS Secrets Manager" in line


def test_the_doctor_says_what_aws_needs(executable: Path, simulator: Simulator, tmp_path: Path) -> None:
    absent = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
    program = on_snowflake(executable, tmp_path / "data", simulator, absent | {"SNOWFLAKE_SECRET_ARN": NAME})
    assert "set AWS_REGION" in program.run("doctor").stdout
    program.environment["AWS_REGION"] = "eu-west-1"
    assert "no AWS credentials" in program.run("doctor").stdout
