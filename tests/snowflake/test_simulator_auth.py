"""Whom the simulator lets in."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from snowflake_sql_api.auth import KeypairAuthenticator

from snowflake_peer import KeyPair, Simulator

ONE = "SELECT CURRENT_USER() AS U"
STRANGER = KeyPair()


def ask(simulator: Simulator, token: str, kind: str | None = "KEYPAIR_JWT", **body: Any) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}", "X-Snowflake-Authorization-Token-Type": kind}
    answer = simulator.submit(ONE, headers=headers, **body)
    return answer.status, answer.code


@pytest.mark.parametrize("account", ["TESTORG-TESTACCOUNT", "XY12345"])
def test_a_key_pair_token_is_let_in(simulator: Simulator, account: str) -> None:
    assert ask(simulator, simulator.key.token(account=account)) == (200, "090001")
    assert ask(simulator, simulator.key.token(account=account), None) == (200, "090001")


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"account": "testorg-testaccount"},
        {"account": "XY12345.EU-WEST-1"},
        {"account": "OTHER"},
        {"user": "revops"},
        {"user": "NOBODY"},
        {"sub": "TESTORG-TESTACCOUNT.ADMIN"},
        {"sub": "REVOPS"},
        {"iss": "TESTORG-TESTACCOUNT.REVOPS"},
        {"iss": f"TESTORG-TESTACCOUNT.REVOPS.{STRANGER.fingerprint}"},
        {"iat": NOW + 600, "exp": NOW + 900},
        {"nbf": NOW + 600},
        {"iat": NOW - 3601, "exp": NOW + 600},
        {"iat": NOW - 900, "exp": NOW - 300},
        {"exp": None},
        {"iat": str(NOW)},
    ],
)
def test_a_claim_that_does_not_hold(simulator: Simulator, claims: dict[str, Any]) -> None:
    assert ask(simulator, simulator.key.token(**claims)) == (401, "390144")
    assert simulator.control("log")["requests"][0]["reason"].count(";") == 1


def test_a_signature_that_does_not_fit(simulator: Simulator) -> None:
    claims = simulator.key.claims()
    head, body, signature = simulator.key.token().split(".")
    foreign = jwt.encode(claims, STRANGER.key, algorithm="RS256")
    for token in (
        foreign,
        jwt.encode(claims, simulator.key.key, algorithm="RS512"),
        jwt.encode(claims, simulator.key.fingerprint, algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        f"{head}.{body}.",
        f"{head}.{body}",
        "x" * 9000,
    ):
        status, code = ask(simulator, token)
        assert (status, code in ("390144", "390103")) == (401, True)


def test_a_second_key_and_a_forgotten_one(simulator: Simulator) -> None:
    simulator.control("users", {"name": "REVOPS", "rsa_public_key_2": STRANGER.public_pem})
    assert ask(simulator, STRANGER.token()) == (200, "090001")
    simulator.control("users", {"name": "REVOPS", "forget_keys": True})
    assert ask(simulator, simulator.key.token()) == (401, "390144")


@pytest.mark.parametrize(
    ("kind", "token", "code"),
    [
        ("OAUTH", "ver:1-opaque", "390303"),
        ("PROGRAMMATIC_ACCESS_TOKEN", "pat.opaque", "394400"),
        ("WORKLOAD_IDENTITY_FEDERATION", "WIF.AWS.header.body.signature", "390303"),
    ],
)
def test_registered_tokens(simulator: Simulator, kind: str, token: str, code: str) -> None:
    assert ask(simulator, token, kind) == (401, code)
    simulator.control("tokens", {"kind": kind, "token": token})
    assert ask(simulator, token, kind) == (200, "090001")
    assert ask(simulator, token, "KEYPAIR_JWT") == (401, "390144")
    simulator.control("tokens", {"kind": kind, "token": token, "expires_in_seconds": -1})
    assert ask(simulator, token, kind)[0] == 401
    simulator.control("tokens", {"kind": kind, "token": token, "revoked": True})
    assert ask(simulator, token, kind) == (401, code)


def test_a_token_may_be_bound_to_a_role(simulator: Simulator) -> None:
    simulator.control("users", {"name": "REVOPS", "roles": ["PUBLIC", "SYSADMIN"]})
    simulator.control("tokens", {"kind": "PROGRAMMATIC_ACCESS_TOKEN", "token": "pat", "role": "REVOPS_READER"})
    assert ask(simulator, "pat", "PROGRAMMATIC_ACCESS_TOKEN") == (200, "090001")
    assert ask(simulator, "pat", "PROGRAMMATIC_ACCESS_TOKEN", role="SYSADMIN") == (422, "390186")


def test_disabled_users_and_network_policies(simulator: Simulator) -> None:
    simulator.control("users", {"name": "REVOPS", "blocked_by_network_policy": True})
    assert ask(simulator, simulator.key.token()) == (403, "390422")
    simulator.control("users", {"name": "REVOPS", "disabled": True})
    assert ask(simulator, simulator.key.token())[0] == 401


def test_another_user_may_not_see_a_statement(simulator: Simulator) -> None:
    handle = simulator.submit(ONE).document["statementHandle"]
    simulator.control("users", {"name": "ADMIN", "rsa_public_key": STRANGER.public_pem})
    simulator.headers["Authorization"] = f"Bearer {STRANGER.token(user='ADMIN')}"
    assert simulator.fetch(handle).status == 403


@pytest.mark.parametrize("account", ["testorg-testaccount", "xy12345.eu-west-1"])
def test_the_independent_client_signs_what_is_wanted(simulator: Simulator, account: str) -> None:
    signer = KeypairAuthenticator(account, "revops", simulator.key.private_pem)
    assert ask(simulator, signer.token()) == (200, "090001")
