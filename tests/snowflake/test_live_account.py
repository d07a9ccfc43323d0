"""The built program on a real account, with LIVE_SNOWFLAKE=1 and an administrator's credentials in SNOWFLAKE_*.

All is made under one name, LIVE_SNOWFLAKE_NAME (REVOPS_LIVE if unset): database, schema, warehouse, monitor, role and
service user, whose key is made for this run. In the end all is dropped again. docs/runbooks/snowflake.md says more.
"""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import program_driver
import pytest
from revops_snapshot import open_current

from live_account import NAME, SWITCH, Account, administrators_headers, key_headers
from snowflake_peer import KeyPair
from snowflake_program import Row, SnowflakeProgram, live, on_duckdb

STATEMENTS = json.loads(
    (Path(__file__).resolve().parents[2] / "contracts/goldens/snowflake/statements.json").read_text(encoding="utf-8")
)
# The others name a column that the table lacks.
ANSWERED = [name for name in STATEMENTS if not name.endswith("_odd")]
INSTANT = re.compile(r"(?<=AT\(TIMESTAMP => ')[^']+")
CREDENTIALS = re.compile(r"SNOWFLAKE_(PRIVATE_KEY|PRIVATE_KEY_FILE|ACCESS_TOKEN|OAUTH_TOKEN|PASSWORD)")

# What is asked, and the cell on the wire: our decoder reads exactly these forms.
CELLS = [
    ("'99999999999999999999999999999999999999'::NUMBER(38,0)", "fixed", "9" * 38),
    ("-1::NUMBER(38,0)", "fixed", "-1"),
    ("-0.05::NUMBER(12,2)", "fixed", "-0.05"),
    ("150000::NUMBER(12,2)", "fixed", "150000.00"),
    ("'0001-01-01'::DATE", "date", "-719162"),
    ("'1969-12-31'::DATE", "date", "-1"),
    ("'9999-12-31'::DATE", "date", "2932896"),
    ("'2026-11-22T02:00:00.123456+00:00'::TIMESTAMP_LTZ", "timestamp_ltz", "1795312800.123456000"),
    ("'Zoë ☃ 🙂'::VARCHAR", "text", "Zoë ☃ 🙂"),
    ("''::VARCHAR", "text", ""),
    ("NULL::VARCHAR", "text", None),
    ("NULL::DATE", "date", None),
    ("NULL::NUMBER(12,2)", "fixed", None),
]


@pytest.fixture(scope="module", autouse=True)
def switched_on() -> Iterator[None]:
    if os.environ.get(SWITCH) != "1":
        pytest.skip(f"no Snowflake account: {SWITCH}=1 and an administrator's SNOWFLAKE_* are needed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program_driver, "PATIENCE", 300.0)
        yield


@pytest.fixture(scope="module")
def name(switched_on: None) -> str:
    chosen = os.environ.get("LIVE_SNOWFLAKE_NAME", "REVOPS_LIVE")
    assert NAME.fullmatch(chosen), "LIVE_SNOWFLAKE_NAME begins with REVOPS_LIVE, since all of that name is dropped"
    return chosen


@pytest.fixture(scope="module")
def place(name: str) -> dict[str, str]:
    return {"database": name, "schema": name, "warehouse": f"{name}_WH"}


@pytest.fixture(scope="module")
def key(
    name: str, place: dict[str, str], executable: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeyPair]:
    """The service user's, after `setup --apply --sample` has made everything else."""
    administrator = Account(administrators_headers(), {"role": "ACCOUNTADMIN"})
    made = {"DATABASE": name, "WAREHOUSE": f"{name}_WH", "RESOURCE MONITOR": f"{name}_WH_MONITOR"}
    made |= {"USER": name, "ROLE": name}
    found = administrator.submit(f"CREATE DATABASE {name}")
    assert found.status_code == 200, f"{name} exists already? Drop it, or set LIVE_SNOWFLAKE_NAME: {found.text}"
    pair, folder = KeyPair(), tmp_path_factory.mktemp("administrator")
    (folder / "rsa_key.pub").write_text(pair.public_pem)
    program = SnowflakeProgram(executable, folder / "data", settings(place))
    try:
        said = program.must(
            *("snowflake", "setup", "--apply", "--sample", "--public-key", folder / "rsa_key.pub"),
            *("--service-user", name, "--service-role", name),
        )
        assert f"{name}.{name}.FCT_SALES can be read by {name}" in said
        yield pair
    finally:
        drops = [f"DROP {kind} IF EXISTS {each}" for kind, each in made.items()]
        left = [sql for sql in drops if administrator.submit(sql).status_code != 200]
        if left:
            warnings.warn(f"left in the account, please run: {'; '.join(left)}", stacklevel=1)


def settings(place: dict[str, str]) -> dict[str, str]:
    return {f"SNOWFLAKE_{each.upper()}": value for each, value in place.items()}


@pytest.fixture(scope="module")
def account(key: KeyPair, name: str, place: dict[str, str]) -> Account:
    """The service user's session."""
    return Account(key_headers(key, name), place | {"role": name})


@pytest.fixture(scope="module")
def program(
    key: KeyPair, name: str, place: dict[str, str], executable: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SnowflakeProgram]:
    """As the service user, without the administrator's credentials."""
    folder = tmp_path_factory.mktemp("service")
    file = folder / "rsa_key.p8"
    file.write_bytes(key.private_pem)
    ours = {"SNOWFLAKE_USER": name, "SNOWFLAKE_ROLE": name, "SNOWFLAKE_PRIVATE_KEY_FILE": str(file)}
    with pytest.MonkeyPatch.context() as patch:
        for variable in [each for each in os.environ if CREDENTIALS.match(each)]:
            patch.delenv(variable)
        made = SnowflakeProgram(executable, folder / "data", settings(place) | ours)
        made.secrets = ["eyJ", "BEGIN PRIVATE", *key.private_pem.decode().splitlines()[1:-1]]
        yield made
        made.close()


def test_the_account_answers_in_the_forms_that_we_read(account: Account) -> None:
    document = account.answer("SELECT " + ", ".join(f"{sql} AS C{at}" for at, (sql, _, _) in enumerate(CELLS)))
    assert document["data"] == [[text for _, _, text in CELLS]]
    kinds = [column["type"].lower() for column in document["resultSetMetaData"]["rowType"]]
    assert kinds == [kind for _, kind, _ in CELLS]
    assert document["resultSetMetaData"]["rowType"][2]["scale"] == 2


def test_columns_of_the_table(account: Account) -> None:
    columns = account.answer(STATEMENTS["describe"]["sql"])["resultSetMetaData"]["rowType"]
    assert [(column["name"], column["type"].lower(), column["scale"] or 0) for column in columns] == [
        ("SALE_ID", "fixed", 0),
        ("PRODUCT", "text", 0),
        ("REGION", "text", 0),
        ("AMOUNT", "fixed", 2),
        ("STAGE", "text", 0),
        ("CUSTOMER_NAME", "text", 0),
        ("SALE_DATE", "date", 0),
        ("STATUS", "text", 0),
    ]


def literal_of_now(account: Account) -> str:
    [[cell]] = account.answer(STATEMENTS["time"]["sql"])["data"]
    seconds, _, fraction = cell.partition(".")
    day, second = divmod(int(seconds), 86400)
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{fraction:0<9}"
    return f"{date(1970, 1, 1) + timedelta(days=day)} {clock} +0000"


@pytest.mark.parametrize("statement", ANSWERED)
def test_the_account_runs_every_statement(account: Account, statement: str) -> None:
    sql = INSTANT.sub(literal_of_now(account), STATEMENTS[statement]["sql"])
    account.answer(sql, STATEMENTS[statement]["bindings"])


@pytest.mark.parametrize("statement", ANSWERED)
def test_the_account_explains_every_statement(account: Account, statement: str) -> None:
    if account.submit("EXPLAIN USING TEXT SELECT 1 AS X").status_code != 200:
        pytest.skip("this account explains nothing over the SQL API")
    sql = INSTANT.sub(literal_of_now(account), STATEMENTS[statement]["sql"])
    account.answer(f"EXPLAIN USING TEXT {sql}", STATEMENTS[statement]["bindings"])


def test_the_role_may_only_read(account: Account) -> None:
    assert account.submit("DELETE FROM FCT_SALES").status_code == 422


def rows_there(account: Account) -> list[Row]:
    at = 6
    return [
        [*row[:at], row[at] and str(date(1970, 1, 1) + timedelta(days=int(row[at]))), *row[at + 1 :]]
        for row in account.answer("SELECT * FROM FCT_SALES ORDER BY SALE_ID")["data"]
    ]


def test_the_account_gives_the_snapshot_of_the_embedded_warehouse(
    account: Account, program: SnowflakeProgram, executable: Path, tmp_path: Path
) -> None:
    assert program.process()["rows"] == 8
    rows = rows_there(account)
    with pytest.MonkeyPatch.context() as patch:
        for variable in [each for each in os.environ if each.startswith("SNOWFLAKE_")]:
            patch.delenv(variable)
        embedded = on_duckdb(executable, tmp_path / "data", rows)
        embedded.process()
    ours, theirs = (open_current(each.data / "store").manifest for each in (program, embedded))
    assert ours["content_hash"] == theirs["content_hash"]
    assert program.process()["outcome"] == "unchanged"
    assert "FAIL" not in program.must("doctor")


def test_the_page_shows_live_rows(program: SnowflakeProgram) -> None:
    server = program.serve()
    status, answer = live(server)
    assert status == 200, answer
    assert answer["data"]
    metrics = server.ask("/metrics").body.decode()
    assert re.search(r"^revops_snowflake_statements_total\S* [1-9]", metrics, re.MULTILINE)
    assert server.stop() == 0
