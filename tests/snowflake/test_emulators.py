"""Our DDL and every statement that the adapter sends on an emulator of Snowflake that others wrote, as far as it goes.

EMULATORS.md lists the differences; each stands in a test, so that one which disappears is noticed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from program_driver import Program

from emulator_peer import Snowduck, find_emulators
from snowflake_peer import KeyPair, Simulator
from snowflake_program import Row, insert

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
TABLE = CONTRACTS / "fct_sales.sql"
STATEMENTS = json.loads((CONTRACTS / "goldens/snowflake/statements.json").read_text(encoding="utf-8"))

# Functions of Snowflake that the emulator lacks.
LACKING = {
    "change_token": "system$last_change_commit_time does not exist",
    "day_digests": "hash_agg does not exist",
    "day_digests_odd": "hash_agg does not exist",
    "day_digests_then": "hash_agg does not exist",
}
# Statements about accounts, which the emulator does not parse.
UNKNOWN = [
    "CREATE WAREHOUSE",
    "CREATE RESOURCE MONITOR",
    "ALTER WAREHOUSE",
    "CREATE ROLE",
    "GRANT USAGE ON DATABASE",
    "GRANT USAGE ON SCHEMA",
    "GRANT SELECT ON TABLE",
    "GRANT USAGE ON WAREHOUSE",
    "CREATE USER",
    "ALTER USER",
    "GRANT ROLE",
]
COMPARED = [name for name in STATEMENTS if name not in LACKING and name != "time"]
ODD_NAME = '"Sale ""Id"""'
PLAIN_NAME = '"SALE_ID"'  # the simulator keeps names of upper case alone
TIME_TRAVEL = re.compile(r" AT\(TIMESTAMP => '[^']+'::TIMESTAMP_TZ\)")
DAYS = ["2026-01-15", "2026-10-24", "2026-11-01", "2026-11-22", "2026-11-30", "0001-01-01", "9999-12-31", None]
REGIONS = ["North", " north ", "SOUTH\u00a0", "\\N", "", " ", "a'b\"c,d", None]
STAGES = ["Proposal", "negotiation ", "NĘGOTIATION", "Quoted", "Elsewhere", "", None]
STATUSES = ["Open", "CLOSED", " won", "lost", "It's", "pending", None]


def sales() -> list[Row]:
    return [
        [
            str(n) if n % 17 else None,
            "Sage Évolution" if n % 3 else "e\u0301",
            REGIONS[n % 8],
            f"{n - 40}.05" if n % 11 else None,
            STAGES[n % 7],
            "Zoë & Söhne ☃ 🙂" if n % 2 else "two\nlines",
            DAYS[n // 8 % 8],
            STATUSES[n % 7 if n % 13 else 0],
        ]
        for n in range(1, 200)
    ]


def setup_statements(executable: Path, folder: Path, key: str) -> list[str]:
    file = folder / "rsa_key.pub"
    file.write_text(key)
    script = Program(executable, folder / "data").must("snowflake", "setup", "--sample", "--public-key", file)
    return [line.removesuffix(";") for line in script.splitlines() if line and not line.startswith("--")]


def odd(table: str, name: str) -> str:
    """The table's definition with textual ids under another name."""
    return table.replace("SALE_ID DECIMAL(38,0)", f"{name} VARCHAR(40)")


@pytest.fixture(scope="module")
def simulators() -> Iterator[dict[str, Simulator]]:
    """One for each schema; the module's tests only read them."""
    started = {"PUBLIC": Simulator.start(), "ODD": Simulator.start()}
    for simulator in started.values():
        simulator.reset()
    started["ODD"].control("sql", {"sql": "DROP TABLE FCT_SALES"})
    started["ODD"].control("sql", {"sql": odd(TABLE.read_text(encoding="utf-8"), PLAIN_NAME)})
    for simulator in started.values():
        simulator.control("rows", {"rows": sales()})
    yield started
    assert [simulator.stop() for simulator in started.values()] == [0, 0]


@pytest.fixture(scope="module")
def unset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snowduck]:
    peer = Snowduck.start(find_emulators(), tmp_path_factory.mktemp("snowduck"))
    yield peer
    peer.stop()


@pytest.fixture(scope="module")
def setup(unset: Snowduck, executable: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What the emulator says to each statement of `revops snowflake setup`."""
    statements = setup_statements(executable, tmp_path_factory.mktemp("setup"), KeyPair().public_pem)
    return {sql: unset.submit(sql).status_code for sql in statements}


@pytest.fixture(scope="module")
def snowduck(unset: Snowduck, setup: dict[str, int]) -> Snowduck:
    """With the table that our setup made and the rows that the simulator has; beside it, one with an odd column."""
    assert len(unset.rows("SELECT * FROM FCT_SALES")) == 8
    unset.rows("DELETE FROM FCT_SALES")
    rows = insert(sales()).replace("\\", "\\\\")  # a backslash escapes, as in Snowflake
    unset.rows(rows)
    unset.rows("CREATE SCHEMA IF NOT EXISTS SALES.ODD")
    [table] = [sql for sql in setup if sql.startswith("CREATE TABLE")]
    unset.rows(odd(table.replace("PUBLIC", "ODD"), ODD_NAME))
    unset.rows(rows, schema="ODD")
    return unset


def test_setup_runs_except_for_what_concerns_the_account(setup: dict[str, int]) -> None:
    refused = [sql for sql, status in setup.items() if status != 200]
    assert [next((known for known in UNKNOWN if sql.startswith(known)), sql) for sql in refused] == UNKNOWN
    assert {sql.split()[0] for sql in setup} - {sql.split()[0] for sql in refused} == {"USE", "INSERT"}
    assert len(setup) - len(refused) == 5


@pytest.mark.parametrize("name", LACKING)
def test_functions_that_the_emulator_lacks(snowduck: Snowduck, name: str) -> None:
    answer = snowduck.submit(STATEMENTS[name]["sql"], STATEMENTS[name]["bindings"])
    assert (answer.status_code, answer.json()["code"]) == (422, "002003")
    assert LACKING[name] in answer.json()["message"]


def schema_of(name: str) -> str:
    return "ODD" if name.endswith("_odd") else "PUBLIC"


def emulated(snowduck: Snowduck, name: str) -> list[Row]:
    return snowduck.rows(STATEMENTS[name]["sql"], STATEMENTS[name]["bindings"], schema_of(name))


def simulated(simulators: dict[str, Simulator], name: str) -> list[Row]:
    """The simulator's rows with days as the emulator writes them."""
    # The sales are younger than the instant, and the emulator looks at the rows of now whatever it is told.
    sql = TIME_TRAVEL.sub("", STATEMENTS[name]["sql"]).replace(ODD_NAME, PLAIN_NAME)
    bindings = {
        str(at): {"type": kind, "value": value} for at, (kind, value) in enumerate(STATEMENTS[name]["bindings"], 1)
    }
    answer = simulators[schema_of(name)].submit(sql, bindings=bindings)
    assert answer.status == 200, answer.body
    document = answer.document
    dates = [column["type"] == "date" for column in document["resultSetMetaData"]["rowType"]]
    return [
        [
            (date(1970, 1, 1) + timedelta(days=int(cell))).isoformat() if is_date and cell else cell
            for cell, is_date in zip(row, dates, strict=True)
        ]
        for row in document["data"]
    ]


@pytest.mark.parametrize("name", COMPARED)
def test_emulator_and_simulator_give_the_same_rows(
    snowduck: Snowduck, simulators: dict[str, Simulator], name: str
) -> None:
    theirs, ours = emulated(snowduck, name), simulated(simulators, name)
    assert sorted(theirs, key=str) == sorted(ours, key=str)
    assert ours or name in {"describe", "read_days_none"}


@pytest.mark.parametrize("name", [name for name in COMPARED if name.startswith("read_days")])
def test_emulator_and_simulator_order_alike(snowduck: Snowduck, simulators: dict[str, Simulator], name: str) -> None:
    assert emulated(snowduck, name) == simulated(simulators, name)


def test_where_the_emulators_answers_are_not_snowflakes(snowduck: Snowduck) -> None:
    described = snowduck.submit(STATEMENTS["describe"]["sql"]).json()["resultSetMetaData"]
    assert {column["type"] for column in described["rowType"]} == {"TEXT"}, "every type is TEXT"
    assert described["partitionInfo"] is None
    assert snowduck.rows("SELECT '2026-11-22'::DATE AS DAY") == [["2026-11-22"]], "days are ISO 8601"
    [[now]] = snowduck.rows(STATEMENTS["time"]["sql"])
    assert now and now.endswith("+00:00"), "instants too"
    assert "authorization" not in snowduck.client.headers, "and nobody asks who we are"
    packed = snowduck.client.post(
        "/api/v2/statements", json={"statement": "SELECT 1"}, headers={"Accept-Encoding": "gzip"}
    )
    assert "content-encoding" not in packed.headers
