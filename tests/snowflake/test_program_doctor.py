"""What `doctor` says of the usual mistakes, and that it says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openapi_contract
import pytest

from snowflake_peer import KeyPair, Simulator
from snowflake_program import TOKEN, key_text, on_snowflake, sales

Change = Callable[[Simulator], object]


def control(what: str, /, **body: object) -> Change:
    return lambda simulator: simulator.control(what, dict(body))


def sql(statement: str) -> Change:
    return control("sql", sql=statement)


def without_stage(simulator: Simulator) -> None:
    definition = (openapi_contract.CONTRACTS / "fct_sales.sql").read_text(encoding="utf-8")
    simulator.control("sql", {"sql": "DROP TABLE FCT_SALES"})
    simulator.control("sql", {"sql": definition.replace("STAGE VARCHAR(30),", "")})


CASES: dict[str, tuple[dict[str, str], Change | None, str, list[str]]] = {
    "no account": (
        {"SNOWFLAKE_URL": "https://app.example.com"},
        None,
        "warehouse",
        ["ORGANISATION-ACCOUNT.snowflakecomputing.com"],
    ),
    "another account": ({"SNOWFLAKE_ACCOUNT_NAME": "OTHER"}, None, "snowflake_connection", ["is the account right"]),
    "unknown role": ({"SNOWFLAKE_ROLE": "NOBODY"}, None, "snowflake_connection", ["SNOWFLAKE_ROLE"]),
    "role of lower case": (
        {"SNOWFLAKE_ROLE": "revops_reader"},
        None,
        "snowflake_connection",
        ["SNOWFLAKE_ROLE"],
    ),
    "role without rights": ({"SNOWFLAKE_ROLE": "PUBLIC"}, None, "table_exists", ["SNOWFLAKE_ROLE"]),
    "no such database": ({"SNOWFLAKE_DATABASE": "NOPE"}, None, "table_exists", ["SNOWFLAKE_DATABASE"]),
    "no such schema": ({"SNOWFLAKE_SCHEMA": "NOPE"}, None, "table_exists", ["SNOWFLAKE_SCHEMA"]),
    "no such warehouse": ({"SNOWFLAKE_WAREHOUSE": "NOPE"}, None, "", ["SNOWFLAKE_WAREHOUSE"]),
    "sleeping warehouse": (
        {},
        control("warehouses", name="REVOPS_WH", suspended=True, auto_resume=False),
        "",
        ["AUTO_RESUME = TRUE"],
    ),
    "clock behind": ({}, control("settings", clock_offset_seconds=600), "snowflake_clock", ["behind", "timedatectl"]),
    "clock ahead": ({}, control("settings", clock_offset_seconds=-600), "snowflake_clock", ["ahead", "timedatectl"]),
    "no table": ({}, sql("DROP TABLE FCT_SALES"), "table_exists", ["REVOPS.PUBLIC.FCT_SALES", "grants"]),
    "no column": ({}, without_stage, "columns", ["STAGE"]),
    "key not registered": (
        {"SNOWFLAKE_PRIVATE_KEY": KeyPair().private_pem.decode()},
        None,
        "snowflake_connection",
        ["SET RSA_PUBLIC_KEY"],
    ),
    "unknown user": ({"SNOWFLAKE_USER": "NOBODY"}, None, "snowflake_connection", ["SNOWFLAKE_USER"]),
    "expired OAuth token": (
        {"SNOWFLAKE_OAUTH_TOKEN": TOKEN},
        control("tokens", kind="OAUTH", token=TOKEN, expires_in_seconds=-1),
        "snowflake_connection",
        ["renew it"],
    ),
    "expired access token": (
        {"SNOWFLAKE_ACCESS_TOKEN": TOKEN},
        control("tokens", kind="PROGRAMMATIC_ACCESS_TOKEN", token=TOKEN, expires_in_seconds=-1),
        "snowflake_connection",
        ["make a new one"],
    ),
    "network policy": (
        {},
        control("users", name="REVOPS", blocked_by_network_policy=True),
        "snowflake_connection",
        ["network policy"],
    ),
    "unknown certificate": ({"SNOWFLAKE_CA_FILE": ""}, None, "snowflake_connection", ["SNOWFLAKE_CA_FILE"]),
    "no key file": ({"SNOWFLAKE_PRIVATE_KEY_FILE": "/nowhere.p8"}, None, "warehouse", ["private_key_file"]),
    "no key": ({"SNOWFLAKE_PRIVATE_KEY": "secret"}, None, "warehouse", ["PKCS#8"]),
    "wrong passphrase": (
        {"SNOWFLAKE_PRIVATE_KEY": "encrypted", "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": "wrong"},
        None,
        "warehouse",
        ["passphrase is wrong"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_doctor_says_what_is_wrong_and_what_to_do(
    simulator: Simulator, executable: Path, tmp_path: Path, case: str
) -> None:
    environment, change, check, advice = CASES[case]
    simulator.control("rows", {"rows": sales(50)})
    if change:
        change(simulator)
    if environment.get("SNOWFLAKE_PRIVATE_KEY") == "encrypted":
        environment = environment | {"SNOWFLAKE_PRIVATE_KEY": key_text(simulator, "right")}
    program = on_snowflake(executable, tmp_path / "data", simulator, environment)
    done = program.run("doctor")
    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    said = [line for line in failed if line.startswith(f"FAIL  {check}")]
    assert any(all(words in line for words in advice) for line in said), done.stdout
    assert set(simulator.violations()) <= {"refused_request"}


def test_doctor_is_content_with_a_healthy_account(simulator: Simulator, executable: Path, tmp_path: Path) -> None:
    simulator.control("rows", {"rows": sales(50)})
    program = on_snowflake(executable, tmp_path / "data", simulator)
    program.must("process")
    findings = [line for line in program.must("doctor").splitlines() if "snowflake" in line]
    assert len(findings) >= 3
    assert simulator.violations() == []
