"""The built program on the simulated account, and the same rows for it and for the embedded warehouse."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from program_driver import Program, Server

from snowflake_peer import Simulator

PASSPHRASE = "correct horse battery"
TOKEN = "secret-token-0123456789abcdef"
Row = list[str | None]

_REGIONS = ["North", " north ", "SOUTH\u00a0", "Östen", "East", "", " ", None, "a'b\"c\\d"]
_STAGES = ["Proposal", "negotiation ", "Prospecting", "Elsewhere", "", None]
_STATUSES = ["Open", "CLOSED", " won", "lost", "on hold", None]
_CUSTOMERS = ["Acme", "Zoë & Söhne", "tab\there", "two\nlines", "☃ 🙂", "NULL", None]


def today() -> date:
    return datetime.now(UTC).date()


def sales(count: int, seed: int = 20261122) -> list[Row]:
    """Invented sales of the last half year, with everything that makes a row remarkable; the ids are unique."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for number in range(1, count + 1):
        day = today() - timedelta(days=chance.randrange(-3, 180))
        amount = chance.choice([f"{chance.randrange(-5000, 900000) / 100:.2f}", "9999999999.99", "0.00", None])
        rows.append(
            [
                str(number) if number % 50 else "9" * 37 + str(number // 50 % 10),
                chance.choice(["Sage 50", "Sage HR", " Sage Intacct"]),
                chance.choice(_REGIONS),
                amount,
                chance.choice(_STAGES),
                chance.choice(_CUSTOMERS),
                None if number % 40 == 0 else day.isoformat(),
                chance.choice(_STATUSES),
            ]
        )
    rows[:0] = [[None, *rows[0][1:]], rows[1]]
    return rows


def insert(rows: Iterable[Row]) -> str:
    def literal(value: str | None) -> str:
        return "NULL" if value is None else "'" + value.replace("'", "''") + "'"

    return "INSERT INTO FCT_SALES VALUES " + ", ".join(f"({', '.join(map(literal, row))})" for row in rows)


class SnowflakeProgram(Program):
    """A program whose words are searched for secrets each time it has run."""

    secrets: Sequence[str] = ()

    def hides(self, *texts: str | bytes) -> None:
        for text in texts:
            words = text if isinstance(text, str) else text.decode("utf-8", "replace")
            found = [secret for secret in self.secrets if secret in words]
            assert not found, words

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        done = super().run(*arguments)
        self.hides(done.stdout, done.stderr)
        return done

    def close(self) -> None:
        super().close()
        for server in self._servers:
            self.hides(server.stderr())


def key_text(simulator: Simulator, passphrase: str | None = None) -> str:
    """The user's private key as PEM."""
    if passphrase is None:
        return simulator.key.private_pem.decode()
    how = serialization.BestAvailableEncryption(passphrase.encode())
    form = serialization.PrivateFormat.PKCS8
    return simulator.key.key.private_bytes(serialization.Encoding.PEM, form, how).decode()


def on_snowflake(
    executable: Path, data: Path, simulator: Simulator, environment: dict[str, str] | None = None
) -> SnowflakeProgram:
    """With the user's key in a file unless other credentials are given; a setting of "" is left out."""
    data.parent.mkdir(parents=True, exist_ok=True)
    if environment is None or not any(
        word in name for name in environment for word in ("KEY", "TOKEN", "PASSW", "SECRET", "IDENTITY")
    ):
        file = data.parent / "rsa_key.p8"
        file.write_text(key_text(simulator), encoding="ascii")
        environment = (environment or {}) | {"SNOWFLAKE_PRIVATE_KEY_FILE": str(file)}
    settings = {
        "SNOWFLAKE_URL": f"https://localhost:{simulator.port}",
        "SNOWFLAKE_ACCOUNT_NAME": "TESTORG-TESTACCOUNT",
        "SNOWFLAKE_USER": "REVOPS",
        "SNOWFLAKE_DATABASE": "REVOPS",
        "SNOWFLAKE_SCHEMA": "PUBLIC",
        "SNOWFLAKE_WAREHOUSE": "REVOPS_WH",
        "SNOWFLAKE_ROLE": "REVOPS_READER",
        "SNOWFLAKE_CA_FILE": simulator.ca_file,
        "REVOPS_LIVE_QUERIES_PER_MINUTE": "0",
    } | environment
    program = SnowflakeProgram(executable, data, {name: value for name, value in settings.items() if value})
    lines = [line for line in key_text(simulator).splitlines() if not line.startswith("-")]
    # Signed tokens and encrypted keys begin with the same letters each time.
    program.secrets = [*lines, TOKEN, PASSPHRASE, "eyJ", "BEGIN PRIVATE", "BEGIN ENCRYPTED", "MIIFLT"]
    return program


def on_duckdb(executable: Path, data: Path, rows: Iterable[Row]) -> Program:
    program = Program(executable, data)
    program.must("init")
    program.must("sql", insert(rows))
    return program


def texts(simulator: Simulator, since: int = 0) -> list[str]:
    """The statements in the order of their submission, without those before."""
    return [statement["statement"] for statement in simulator.control("log")["statements"][since:]]


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """Without what tells two programs with the same rows apart."""
    meta = {
        name: value
        for name, value in answer["meta"].items()
        if name not in ("data_as_of", "computed_at", "snapshot_id")
    }
    return answer | {"meta": meta}


def live(server: Server, query: str = "") -> tuple[int, Any]:
    answer = server.ask(f"/api/sales/last-month{query}")
    return answer.status, answer.json()
