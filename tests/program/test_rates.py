"""Files in several currencies, turned into the report currency by a table of dated rates."""

import csv
import random
from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from program_driver import Program, Server, until

FILE = {"Content-Type": "application/octet-stream"}
FIRST = date(2026, 3, 1)
# A currency without a rate at all, and one whose first rate comes late.
CURRENCIES = {"EUR": FIRST, "GBP": FIRST, "JPY": FIRST + timedelta(40)}
Rates = dict[str, dict[date, Decimal]]


@pytest.fixture
def converting(program: Program) -> Program:
    program.must("init")
    configure(program)
    return program


def configure(program: Program, key: str = "rates = 'rates.csv'") -> None:
    (program.data / "revops.toml").write_text(f"[report]\ncurrency = 'USD'\n[import]\n{key}\n")


def make_rates(chance: random.Random) -> Rates:
    return {
        currency: {
            first + timedelta(chance.randrange(90)): Decimal(chance.randrange(1, 30_000_000_000)).scaleb(-10)
            for _ in range(12)
        }
        | {first: Decimal("0.5")}
        for currency, first in CURRENCIES.items()
    }


def write_rates(program: Program, rates: Rates) -> None:
    lines = [f"{day},{currency},{rate:f}" for currency, days in rates.items() for day, rate in days.items()]
    (program.data / "rates.csv").write_text("\n".join(["date,currency,rate", *lines, ""]))


def expected(rates: Rates, row: dict[str, str]) -> str | None:
    """What the row's amount becomes; None: it is refused."""
    amount = Decimal(row["Amount"])
    if row["Currency"] in ("USD", ""):
        return f"{amount:.2f}"
    sold = date.fromisoformat(row["Close Date"]) if row["Close Date"] else None
    known = [day for day in rates.get(row["Currency"], {}) if sold and day <= sold]
    if not known:
        return None
    exact = amount * rates[row["Currency"]][max(known)]
    return f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP):.2f}"


def make_rows(chance: random.Random, count: int = 300) -> list[dict[str, str]]:
    return [
        {
            "Deal ID": str(number),
            "Amount": f"{Decimal(chance.randrange(-(10**9), 10**9)).scaleb(-2):.2f}",
            "Currency": chance.choice(["USD", "USD", "EUR", "EUR", "GBP", "JPY", "CHF", ""]),
            "Close Date": chance.choice([""] * 1 + [str(FIRST + timedelta(chance.randrange(-20, 140)))] * 9),
            "Status": chance.choice(["Open", "Closed Won"]),
        }
        for number in range(1, count + 1)
    ]


def write(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def amounts(program: Program) -> dict[str | None, str | None]:
    return {row["SALE_ID"]: row["AMOUNT"] for row in program.sql("SELECT SALE_ID, AMOUNT FROM FCT_SALES")}


def upload(server: Server, file: Path) -> str:
    answer = server.ask("/api/imports?name=deals.csv", "POST", FILE, file.read_bytes())
    assert answer.status == 201, answer
    import_id = answer.json()["data"]["id"]
    path = f"/api/imports/{import_id}"
    until(lambda: server.get(path)["data"]["state"] in ("waiting", "failed"), "the inspection")
    return path


@pytest.mark.parametrize("beside", ["alone", "serve"])
def test_amounts_are_turned_by_the_rate_of_their_day(
    converting: Program, chance: random.Random, tmp_path: Path, beside: str
) -> None:
    rates = make_rates(chance)
    write_rates(converting, rates)
    rows = make_rows(chance)
    file = write(tmp_path / "deals.csv", rows)
    becomes = {row["Deal ID"]: expected(rates, row) for row in rows}
    taken = {number: amount for number, amount in becomes.items() if amount is not None}
    if beside == "serve":
        converting.serve()
    preview = converting.must("import", "--preview", file)
    turned = Counter(row["Currency"] for row in rows if becomes[row["Deal ID"]] and row["Currency"] not in ("USD", ""))
    assert "turned into USD by rates.csv, at the rate of the day of each sale" in preview
    assert all(f"{currency} ({count} row" in preview for currency, count in turned.items())
    assert f"{len(taken)} rows would be taken, {len(rows) - len(taken)} refused" in preview
    assert f"come to {sum(map(Decimal, taken.values())):.2f}." in preview
    converting.must("import", "--skip-refused", file)
    assert amounts(converting) == taken
    with (tmp_path / "deals.csv.refused.csv").open(newline="", encoding="utf-8") as refused:
        reasons = {row["Deal ID"]: row["REFUSED_BECAUSE"] for row in csv.DictReader(refused)}
    assert set(reasons) == {number for number, amount in becomes.items() if amount is None}
    for row in rows:
        if row["Deal ID"] not in reasons:
            continue
        if row["Currency"] == "CHF":
            words = "is in CHF, of which rates.csv has no rate"
        elif row["Close Date"] == "":
            words = f"is in {row['Currency']}, and without a date there is no rate to take"
        else:
            words = f"is in {row['Currency']}, of which rates.csv has no rate of {row['Close Date']} or before"
        assert reasons[row["Deal ID"]] == f"AMOUNT {words}"


def test_the_page_gets_the_same_as_the_command(converting: Program, chance: random.Random, tmp_path: Path) -> None:
    rates = make_rates(chance)
    write_rates(converting, rates)
    rows = [row for row in make_rows(chance, 100) if expected(rates, row) is not None]
    server = converting.serve()
    path = upload(server, write(tmp_path / "deals.csv", rows))
    inspection = server.get(f"{path}/inspection")["data"]
    assert inspection["ready"] and inspection["mapping"]["currency"] == "USD"
    assert inspection["outcome"]["amount"] == f"{sum(Decimal(expected(rates, row) or 0) for row in rows):.2f}"
    shown = [row["becomes"]["amount"] for row in inspection["preview"]]
    assert shown == [expected(rates, row) for row in rows[: len(shown)]]
    body = b'{"mode": "replace", "skip_refused": false}'
    assert server.ask(f"{path}/take", "POST", {"Content-Type": "application/json"}, body).status == 202
    until(lambda: server.get(path)["data"]["state"] == "done", "the import")
    assert amounts(converting) == {row["Deal ID"]: expected(rates, row) for row in rows}


def test_a_changed_table_counts_for_the_next_import_alone(converting: Program, tmp_path: Path) -> None:
    row = {"Deal ID": "1", "Amount": "10", "Currency": "EUR", "Close Date": "2026-03-01", "Status": "Open"}
    file = write(tmp_path / "deals.csv", [row])
    server = converting.serve()
    write_rates(converting, {"EUR": {FIRST: Decimal("1.1")}})
    converting.must("import", file)
    write_rates(converting, {"EUR": {FIRST: Decimal("1.2")}})
    assert server.refresh()["state"] == "succeeded"
    assert amounts(converting) == {"1": "11.00"}
    converting.must("import", "--mode", "upsert", file)
    assert amounts(converting) == {"1": "12.00"}


def test_without_a_table_several_currencies_are_refused(program: Program, tmp_path: Path) -> None:
    rows = make_rows(random.Random(1), 40)
    assert "import.rates" in program.refuse("import", write(tmp_path / "deals.csv", rows))


def test_a_remembered_mapping_of_another_currency_is_told(converting: Program, tmp_path: Path) -> None:
    """Its amounts would be added to others as if they were in the report currency."""
    row = {"Deal ID": "1", "Amount": "10", "Currency": "EUR", "Close Date": "2026-03-01", "Status": "Open"}
    file = write(tmp_path / "deals.csv", [row])
    configure(converting, "rates = ''")
    assert "The amounts are in EUR and report.currency is USD" in converting.refuse("import", file)
    (converting.data / "revops.toml").write_text("")
    converting.must("import", file)
    configure(converting)
    write_rates(converting, {"EUR": {FIRST: Decimal("1.1")}})
    said = converting.refuse("import", file)
    assert "The mapping says EUR, but rates.csv turns amounts into USD" in said
    converting.must("import", "--mode", "replace", "--answer", "currency=USD", file)
    assert amounts(converting) == {"1": "11.00"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("date,currency,rate\n2026-03-01,EUR,1.1\n2026-03-32,EUR,1.1\n", "line 3"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_before_anything_is_taken(
    converting: Program, tmp_path: Path, text: str | None, words: str
) -> None:
    if text:
        (converting.data / "rates.csv").write_text(text)
    file = write(tmp_path / "deals.csv", make_rows(random.Random(1), 10))
    said = converting.refuse("import", file)
    assert "import.rates" in said and words in said
    assert "FAIL  rates: " in converting.run("doctor").stdout
    server = converting.serve()
    job = server.get(upload(server, file))["data"]
    assert job["state"] == "failed" and words in job["error"]["message"]
    write_rates(converting, {"EUR": {FIRST: Decimal(1)}})
    assert "ok    rates: " in converting.run("doctor").stdout
    assert server.get(upload(server, file))["data"]["state"] == "waiting"


def test_rates_need_a_report_currency(converting: Program, tmp_path: Path) -> None:
    (converting.data / "revops.toml").write_text("[import]\nrates = 'rates.csv'\n")
    file = write(tmp_path / "deals.csv", make_rows(random.Random(1), 10))
    assert "import.rates needs report.currency" in converting.refuse("import", file)
