"""`revops snowflake setup`: what it prints, and that an empty account becomes one that the dashboard reads."""

from __future__ import annotations

import json
from pathlib import Path

import sqlglot
from program_driver import Program

from snowflake_peer import Simulator
from snowflake_program import on_snowflake

ADMIN_TOKEN = "administrators-token-0123456789"
# What sqlglot knows by its verb and no further; anything else that it cannot parse is ours to mend.
UNPARSED = [
    'CREATE RESOURCE MONITOR IF NOT EXISTS "REVOPS_WH_MONITOR" WITH ',
    'ALTER WAREHOUSE "REVOPS_WH" SET RESOURCE_MONITOR = "REVOPS_WH_MONITOR"',
    'CREATE ROLE IF NOT EXISTS "REVOPS_READER"',
    'CREATE USER IF NOT EXISTS "REVOPS" TYPE = SERVICE ',
    'GRANT ROLE "REVOPS_READER" TO USER "REVOPS"',
]


def test_the_script_is_sql_and_says_what_is_missing(executable: Path, tmp_path: Path) -> None:
    script = Program(executable, tmp_path / "data").must("snowflake", "setup", "--sample")
    statements = sqlglot.parse(script, dialect="snowflake")
    assert len([statement for statement in statements if statement]) >= 15
    unparsed = [
        each.sql(dialect="snowflake", comments=False) for each in statements if isinstance(each, sqlglot.exp.Command)
    ]
    assert [next((known for known in UNPARSED if text.startswith(known)), text) for text in unparsed] == UNPARSED
    for words in (
        "AUTO_SUSPEND = 60",
        "CREDIT_QUOTA",
        "STATEMENT_TIMEOUT_IN_SECONDS",
        "TYPE = SERVICE",
        "NETWORK POLICY",
    ):
        assert words in script
    assert "--public-key FILE" in script
    assert not (tmp_path / "data").exists()


def test_a_file_without_a_public_key_is_refused(executable: Path, tmp_path: Path) -> None:
    file = tmp_path / "no_key.pub"
    file.write_text("not a key\n")
    program = Program(executable, tmp_path / "data")
    assert "holds no public key" in program.refuse("snowflake", "setup", "--public-key", file)
    assert "cannot read" in program.refuse("snowflake", "setup", "--public-key", tmp_path / "absent")


def test_applying_needs_an_account(executable: Path, tmp_path: Path) -> None:
    assert "SNOWFLAKE_URL" in Program(executable, tmp_path / "data").refuse("snowflake", "setup", "--apply")


def test_an_empty_account_becomes_one_that_the_dashboard_reads(
    executable: Path, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.control("reset", {"empty": True})
    simulator.control("tokens", {"kind": "PROGRAMMATIC_ACCESS_TOKEN", "token": ADMIN_TOKEN, "user": "ADMIN"})
    public_key = tmp_path / "rsa_key.pub"
    public_key.write_text(simulator.key.public_pem)
    names = {"SNOWFLAKE_DATABASE": "SALES", "SNOWFLAKE_WAREHOUSE": "DASHBOARD_WH"}
    administrator = on_snowflake(
        executable,
        tmp_path / "admin",
        simulator,
        names | {"SNOWFLAKE_USER": "ADMIN", "SNOWFLAKE_ACCESS_TOKEN": ADMIN_TOKEN, "SNOWFLAKE_ROLE": ""},
    )
    apply = ("snowflake", "setup", "--apply", "--sample", "--public-key", public_key)
    assert "SALES.PUBLIC.FCT_SALES can be read by REVOPS" in administrator.must(*apply)

    service = on_snowflake(executable, tmp_path / "service", simulator, names)
    report = json.loads(service.must("process"))
    assert (report["outcome"], report["rows"]) == ("published", 8)
    assert "FAIL" not in service.must("doctor")
