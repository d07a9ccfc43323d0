"""The tests for a real account, run on the simulator, so that they are known to work on the day an account is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from live_account import SWITCH, address
from snowflake_peer import Simulator

SUITE = Path(__file__).with_name("test_live_account.py")
TOKEN = "administrators-token-0123456789"


def run(environment: dict[str, str]) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SNOWFLAKE_", SWITCH))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", SUITE],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_without_an_account_every_test_is_skipped_for_one_reason(executable: Path) -> None:
    said = run({})
    assert " passed" not in said
    reasons = {line.partition(": ")[2] for line in said.splitlines() if line.startswith("SKIPPED")}
    assert reasons == {"no Snowflake account: LIVE_SNOWFLAKE=1 and an administrator's SNOWFLAKE_* are needed"}
    assert said.splitlines()[-1].split()[1] == "skipped"


def test_the_suite_passes_on_the_simulator(simulator: Simulator, executable: Path) -> None:
    simulator.control("reset", {"empty": True})
    simulator.control("tokens", {"kind": "PROGRAMMATIC_ACCESS_TOKEN", "token": TOKEN, "user": "ADMIN"})
    said = run(
        {
            SWITCH: "1",
            "SNOWFLAKE_URL": f"https://localhost:{simulator.port}",
            "SNOWFLAKE_ACCOUNT_NAME": "TESTORG-TESTACCOUNT",
            "SNOWFLAKE_CA_FILE": simulator.ca_file,
            "SNOWFLAKE_USER": "ADMIN",
            "SNOWFLAKE_ACCESS_TOKEN": TOKEN,
        }
    )
    assert "left in the account" not in said, said
    assert "explains nothing" in said, "the simulator has no EXPLAIN"


def test_an_account_in_every_form_that_people_paste() -> None:
    host = "https://abc-my-acc1.snowflakecomputing.com"
    for text in ("abc-my_acc1", "ABC-MY-ACC1", "https://abc-my-acc1.snowflakecomputing.com/", host.upper()):
        assert address(text) == host, text
    assert address("abc123.us-east-1") == "https://abc123.us-east-1.snowflakecomputing.com"
    assert address("https://localhost:8443") == "https://localhost:8443"
