"""No key at all: the program signs in as the role of AWS that runs it, by a token of STS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sts_peer import Role, Sts

from snowflake_peer import Simulator
from snowflake_program import SnowflakeProgram, live, on_snowflake, sales

REGION = "eu-west-1"
ROLE = Role("ROLEKEY", "role/secret+key", "arn:aws:iam::123456789012:role/revops")


@pytest.fixture
def sts(simulator: Simulator) -> Iterator[Sts]:
    def register(token: str, lifetime: int) -> None:
        known = {"kind": "WORKLOAD_IDENTITY_FEDERATION", "token": f"WIF.AWS.{token}", "user": "REVOPS"}
        simulator.control("tokens", known | {"expires_in_seconds": lifetime})

    simulator.control("users", {"name": "REVOPS", "forget_keys": True})
    sts = Sts(ROLE, REGION, register)
    yield sts
    sts.close()
    assert sts.violations == []


@pytest.fixture
def program(executable: Path, simulator: Simulator, sts: Sts, tmp_path: Path) -> Iterator[SnowflakeProgram]:
    simulator.control("rows", {"rows": sales(40), "mode": "replace"})
    environment = {
        "SNOWFLAKE_WORKLOAD_IDENTITY": "true",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROLE.access_key,
        "AWS_SECRET_ACCESS_KEY": ROLE.secret_key,
        "AWS_ENDPOINT_URL_STS": f"http://{sts.address}",
    }
    program = on_snowflake(executable, tmp_path / "data", simulator, environment)
    program.secrets = [*program.secrets, ROLE.secret_key, "WIF.AWS."]
    yield program
    program.close()


def test_a_night_without_a_key(program: SnowflakeProgram, simulator: Simulator, sts: Sts) -> None:
    report = json.loads(program.must("process"))
    assert (report["outcome"], report["rows"]) == ("published", len(sales(40)))
    assert sts.lifetimes == [300]
    kinds = {request["authorization"]["kind"] for request in simulator.control("log")["requests"]}
    assert kinds == {"WORKLOAD_IDENTITY_FEDERATION"}
    assert simulator.violations() == []
    assert "FAIL" not in program.must("doctor")


def test_a_refused_token_is_replaced_once(program: SnowflakeProgram, simulator: Simulator, sts: Sts) -> None:
    register = sts.on_token
    server = program.serve()
    server.settle()  # It signs in as well.
    assert live(server)[0] == 200
    taken = len(sts.lifetimes)
    simulator.reset()
    simulator.control("rows", {"rows": sales(40), "mode": "replace"})
    assert live(server)[0] == 200
    assert len(sts.lifetimes) == taken + 1
    sts.on_token = lambda token, lifetime: register(token, -1)
    simulator.reset()
    status, answer = live(server)
    assert (status, answer["error"]["code"]) == (502, "unauthenticated")
    assert len(sts.lifetimes) == taken + 2


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDenied", "sts:GetWebIdentityToken"),
        ("OutboundWebIdentityFederationDisabledException", "aws iam enable-outbound-web-identity-federation"),
        ("ExpiredTokenException", "renew them"),
    ],
)
def test_the_doctor_says_why_there_is_no_token(program: SnowflakeProgram, sts: Sts, code: str, advice: str) -> None:
    sts.refusals = [code]
    assert any(line.startswith("FAIL") and advice in line for line in program.run("doctor").stdout.splitlines())


def test_the_doctor_says_that_snowflake_does_not_know_the_role(program: SnowflakeProgram, sts: Sts) -> None:
    sts.on_token = lambda token, lifetime: None
    assert "SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS" in program.run("doctor").stdout


def test_the_set_up_knows_the_role(executable: Path, simulator: Simulator, tmp_path: Path) -> None:
    issuer = "https://d0.tokens.sts.global.api.aws"
    environment = {"SNOWFLAKE_USER": "ADMIN", "SNOWFLAKE_ACCESS_TOKEN": "administrators-token", "SNOWFLAKE_ROLE": ""}
    program = on_snowflake(executable, tmp_path / "data", simulator, environment)
    identity = ("snowflake", "setup", "--aws-role", ROLE.arn, "--aws-issuer", issuer)
    script = program.must(*identity)
    statement = f"""ALTER USER "REVOPS" SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = '{ROLE.arn}' ISSUER = '{issuer}')"""
    assert statement + ";" in script
    assert "--public-key" not in script
    assert program.run(*identity[:4]).returncode == 2
    simulator.control("tokens", {"kind": "PROGRAMMATIC_ACCESS_TOKEN", "token": "administrators-token", "user": "ADMIN"})
    program.must(*identity, "--apply")
    assert statement in [each["statement"] for each in simulator.control("log")["statements"]]
