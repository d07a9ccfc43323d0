"""The job on a real Spark: the numbers of the goldens and of the program itself, on the same rows."""

from __future__ import annotations

import json
import random
import sys
import types
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

ROOT = Path(__file__).resolve().parents[1]
for folder in ("glue-jobs", "tests/aws", "tests/program", "tests/snapshot_reader"):
    sys.path.insert(0, str(ROOT / folder))

import pipeline_aggregations as job  # noqa: E402
from program_driver import COLUMNS, Program, csv_text, find_program, sale  # noqa: E402
from revops_snapshot import Snapshot, open_current  # noqa: E402
from s3_peer import BUCKET, Simulator  # noqa: E402

GOLDENS = ROOT / "contracts/goldens"
SCHEMA = (
    "SALE_ID DECIMAL(38,0), PRODUCT STRING, REGION STRING, AMOUNT DECIMAL(12,2), STAGE STRING, CUSTOMER_NAME STRING, "
    "SALE_DATE DATE, STATUS STRING"
)
SEED = 20261122
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "Pacific/Auckland")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def s3_process() -> Iterator[Simulator]:
    simulator = Simulator.start()
    yield simulator
    assert simulator.stop() == 0


@pytest.fixture
def s3(s3_process: Simulator) -> Simulator:
    s3_process.reset()
    return s3_process


def rows_of(spark: SparkSession, snapshot: Snapshot, folder: Path) -> DataFrame:
    """All rows of a snapshot, by the recipe for Spark in contracts/snapshot-format.md."""
    folder.mkdir()
    for part in snapshot.manifest["parts"]:
        (folder / f"{part['month']}.csv").write_bytes(snapshot.object(part["rows_object"]))
    return spark.read.csv(
        str(folder),
        header=True,
        multiLine=True,
        quote='"',
        escape='"',
        emptyValue="",
        nullValue=None,
        schema=SCHEMA,
        mode="FAILFAST",
    )


def made(spark: SparkSession, *rows: dict[str, Any]) -> DataFrame:
    usual = {
        "SALE_ID": Decimal(1),
        "PRODUCT": "Sage 50",
        "REGION": "West",
        "AMOUNT": Decimal("1.00"),
        "STAGE": "Proposal",
        "CUSTOMER_NAME": "Acme",
        "SALE_DATE": date(2026, 11, 1),
        "STATUS": "Open",
    }
    return spark.createDataFrame([tuple((usual | row).values()) for row in rows], SCHEMA)


def aggregate(rows: DataFrame, zone: str = "UTC", now: datetime = NOW) -> dict[str, dict[str, Any]]:
    return job.aggregate(rows, zone, lambda: now)


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def assert_same_as_the_copies(store: Path, copies: dict[str, dict[str, Any]]) -> None:
    """Byte for byte up to `meta`, which says who made it."""
    for dimension, copy in copies.items():
        theirs = (store / f"pipeline/by-{dimension}/latest.json").read_text("utf-8")
        assert compact({"data": copy["data"], "totals": copy["totals"]})[:-1] == theirs[: theirs.index(',"meta":')]
        meta = json.loads(theirs)["meta"]
        for name in ("business_date", "zone", "definitions_version", "filter", "rows"):
            assert copy["meta"][name] == meta[name], name


def assert_same_as_the_ledger(snapshot: Snapshot, copies: dict[str, dict[str, Any]]) -> None:
    """A date that cannot be stored is NULL in the snapshot, so that it cannot be told here."""
    theirs = {
        reason: entry for reason, entry in snapshot.manifest["ledger"].items() if reason != "date_unrepresentable"
    }
    assert copies["region"]["meta"]["ledger"] == theirs


def test_the_rows_of_the_golden_store_give_its_copies_and_ledger(spark: SparkSession, tmp_path: Path) -> None:
    store = GOLDENS / "snapshot"
    snapshot = open_current(store)
    copies = aggregate(rows_of(spark, snapshot, tmp_path / "rows"))
    assert_same_as_the_copies(store, copies)
    assert_same_as_the_ledger(snapshot, copies)
    assert len(copies["region"]["meta"]["ledger"]) > 10


@pytest.mark.parametrize("dimension", ["region", "product"])
def test_the_rows_of_the_golden_answers_give_these_answers(spark: SparkSession, tmp_path: Path, dimension: str) -> None:
    inputs = json.loads((GOLDENS / "api/inputs.json").read_text("utf-8"))
    golden = json.loads((GOLDENS / f"api/by-{dimension}.json").read_text("utf-8"))["answer"]
    (tmp_path / "rows.csv").write_text(csv_text(inputs["rows"]), "utf-8")
    rows = spark.read.csv(str(tmp_path / "rows.csv"), header=True, schema=SCHEMA, mode="FAILFAST")
    copy = aggregate(rows)[dimension]
    assert (copy["data"], copy["totals"]) == (golden["data"], golden["totals"])


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(find_program(), tmp_path / "data")
    yield program
    program.close()


def test_the_demo_company_gives_the_programs_answers(spark: SparkSession, program: Program, tmp_path: Path) -> None:
    program.must("demo")
    program.process()
    snapshot = open_current(program.data / "store")
    now = datetime.fromisoformat(snapshot.manifest["data_as_of"])
    copies = aggregate(rows_of(spark, snapshot, tmp_path / "rows"), now=now)
    assert copies["region"]["meta"]["rows"] > 1000
    assert_same_as_the_copies(program.data / "store", copies)
    assert_same_as_the_ledger(snapshot, copies)


def random_rows(seed: int, count: int) -> list[dict[str, str]]:
    choose = random.Random(seed)
    spaces = ["", "", "", " ", "\t", "\u00a0", "\r\n", "\u200b", "\x0b"]

    def text(*values: str) -> str:
        return choose.choice(spaces) + choose.choice(values) + choose.choice(spaces)

    def amount() -> str:
        return choose.choice(
            ["", "0", "0.10", "-3.35", "9999999999.99", f"{choose.randint(-(10**6), 10**9) / 100:.2f}"]
        )

    return [
        sale(
            choose.choice(["", str(choose.randint(1, count)), "99999999999999999999999999999999999999"]),
            PRODUCT=text("Sage 50", "SAGE 50", "İ", "i", "ẞ", "", '"quoted", twice'),
            REGION=text("North", "north", "(unknown)", "Üst", "", "Süd"),
            AMOUNT=amount(),
            STAGE=text("proposal", "Proposal", "NEGOTIATION", "Lost cause", "", "qualİfication"),
            SALE_DATE=choose.choice(
                ["", "2026-11-21", "2026-11-22", "2026-11-23", "0001-01-01", "9999-12-31", "2024-02-29"]
            ),
            STATUS=text("Open", "OPEN", "closed", "Closed Won", "lost", "closed  won", "", "opeN"),
        )
        for _ in range(count)
    ]


def test_random_rows_give_the_programs_answers(spark: SparkSession, program: Program, tmp_path: Path) -> None:
    print(f"seed {SEED}")
    rows = random_rows(SEED, 700)
    rows += rows[:40]
    (tmp_path / "rows.csv").write_text(csv_text(rows), "utf-8", newline="")
    program.must("import", tmp_path / "rows.csv")
    program.process()
    snapshot = open_current(program.data / "store")
    now = datetime.fromisoformat(snapshot.manifest["data_as_of"])
    copies = aggregate(rows_of(spark, snapshot, tmp_path / "rows"), now=now)
    assert copies["region"]["meta"]["rows"] == 740
    assert_same_as_the_copies(program.data / "store", copies)
    assert_same_as_the_ledger(snapshot, copies)


def test_parquet_gives_the_same_as_the_rows_themselves(spark: SparkSession, tmp_path: Path) -> None:
    rows = made(spark, {}, {"AMOUNT": None, "REGION": None}, {"AMOUNT": Decimal("-0.05"), "STATUS": None})
    rows.write.parquet(str(tmp_path / "rows"))
    assert aggregate(spark.read.parquet(str(tmp_path / "rows"))) == aggregate(rows)


def test_a_million_tenths_are_a_hundred_thousand(spark: SparkSession) -> None:
    rows = made(spark, {"AMOUNT": Decimal("0.10")}).crossJoin(spark.range(1_000_000))
    assert aggregate(rows)["region"]["totals"]["amount"] == "100000.00"


def test_null_blank_and_a_region_named_unknown_are_two_groups(spark: SparkSession) -> None:
    rows = made(spark, *({"REGION": region} for region in (None, "", " \u00a0\t", "(unknown)")))
    shown = aggregate(rows)["region"]["data"]
    assert [(group["region"], group["deals"]) for group in shown] == [("(unknown)", 1), (None, 3)]


def test_no_rows_and_no_amounts_divide_nothing(spark: SparkSession) -> None:
    empty = aggregate(made(spark, {}).limit(0))["region"]
    assert empty["data"] == []
    assert (empty["totals"]["amount"], empty["totals"]["average"]) == ("0.00", None)
    unpriced = aggregate(made(spark, {"AMOUNT": None}))["region"]["data"][0]
    assert (unpriced["amount"], unpriced["average"]) == (None, None)
    assert unpriced["reasons"] == {"amount": "no_priced_rows", "average": "no_priced_rows"}


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", "2026-11-22"), ("Pacific/Auckland", "2026-11-23"), ("America/Los_Angeles", "2026-11-22")],
)
def test_the_business_date_is_that_of_the_report_zone(spark: SparkSession, zone: str, expected: str) -> None:
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    copies = aggregate(made(spark, {"SALE_DATE": date(2026, 11, 23)}), zone, now)
    assert copies["region"]["meta"]["business_date"] == expected
    assert ("date_future" in copies["region"]["meta"]["ledger"]) == (expected == "2026-11-22")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("CAST(AMOUNT AS DOUBLE) AS AMOUNT", "AMOUNT is double"),
        ("CAST(AMOUNT AS DECIMAL(12,3)) AS AMOUNT", r"AMOUNT is decimal\(12,3\)"),
        ("CAST(SALE_DATE AS TIMESTAMP) AS SALE_DATE", "SALE_DATE is timestamp"),
        ("1 AS REGION", "REGION is int"),
        ("1 AS EXTRA", "lacks STATUS"),
    ],
)
def test_rows_that_cannot_be_counted_exactly_are_refused(spark: SparkSession, change: str, what: str) -> None:
    replaced = change.rsplit(" ", 1)[1].replace("EXTRA", "STATUS")
    rows = made(spark, {}).selectExpr(*(name for name in COLUMNS if name != replaced), change)
    with pytest.raises(job.RefusedRows, match=what):
        aggregate(rows)


def copies_at(computed_at: str) -> dict[str, dict[str, Any]]:
    return {dimension: {"data": [], "totals": {}, "meta": {"computed_at": computed_at}} for dimension in job.VIEWS}


def test_copies_are_put_where_people_look_for_them(s3: Simulator) -> None:
    written = job.publish(s3.client(), BUCKET, copies_at("2026-11-22T02:00:00.250Z"))
    assert (
        sorted(written)
        == sorted(s3.texts())
        == [
            "pipeline/by-product/20261122T020000Z.json",
            "pipeline/by-product/latest.json",
            "pipeline/by-region/20261122T020000Z.json",
            "pipeline/by-region/latest.json",
        ]
    )
    assert s3.texts()["pipeline/by-region/latest.json"].endswith("}\n")
    assert set(s3.violations()) == {"expect"}  # boto3 waits for 100 Continue


def test_latest_rises_and_is_never_lowered(s3: Simulator) -> None:
    client = s3.client()
    job.publish(client, BUCKET, copies_at("2026-11-22T02:00:00.000Z"))
    job.publish(client, BUCKET, copies_at("2026-11-23T02:00:00.000Z"))
    written = job.publish(client, BUCKET, copies_at("2026-11-21T02:00:00.000Z"))
    assert "pipeline/by-region/latest.json" not in written
    assert json.loads(s3.texts()["pipeline/by-region/latest.json"])["meta"]["computed_at"] == "2026-11-23T02:00:00.000Z"


def test_what_is_no_copy_is_replaced(s3: Simulator) -> None:
    s3.put("pipeline/by-region/latest.json", text="damaged")
    assert "pipeline/by-region/latest.json" in job.publish(s3.client(), BUCKET, copies_at("2026-11-22T02:00:00.000Z"))


@pytest.mark.parametrize("present", ["", "damaged"])
def test_two_writers_do_not_overwrite_each_other_unseen(s3: Simulator, present: str) -> None:
    """A newer copy that appears between our look and our write stays."""
    client, rival, key = s3.client(), s3.client(), "pipeline/by-region/latest.json"
    if present:
        s3.put(key, text=present)
    newer = compact(copies_at("2026-11-23T02:00:00.000Z")["region"])
    come = iter([True])

    def appear(**_: Any) -> None:
        if next(come, False):
            rival.put_object(Bucket=BUCKET, Key=key, Body=newer.encode())

    client.meta.events.register("after-call.s3.GetObject", appear)
    assert not job.raise_latest(client, BUCKET, key, b"{}", "2026-11-22T02:00:00.000Z")
    assert s3.texts()[key] == newer


def test_a_refusal_of_the_store_is_an_error(s3: Simulator) -> None:
    client = s3.client(secret="another/secret")
    with pytest.raises(client.exceptions.ClientError):
        job.publish(client, BUCKET, copies_at("2026-11-22T02:00:00.000Z"))


def test_glue_is_asked_for_the_eight_columns_and_told_when_it_is_done(
    spark: SparkSession, s3: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Glue's own library is not to be had outside of it: these stand for the four names that the job takes from it."""
    asked: list[dict[str, Any]] = []
    done: list[str] = []

    class GlueContext:
        def __init__(self, _: Any) -> None:
            self.create_dynamic_frame = self

        def from_options(self, **options: Any) -> Any:
            asked.append(options)
            return types.SimpleNamespace(toDF=lambda: made(spark, {}, {"REGION": None}))

    class Job:
        def __init__(self, _: Any) -> None: ...

        def init(self, name: str, _: Any) -> None:
            done.append(f"init {name}")

        def commit(self) -> None:
            done.append("commit")

    def resolved(arguments: list[str], names: list[str]) -> dict[str, str]:
        return {name: arguments[arguments.index(f"--{name}") + 1] for name in names}

    for name, held in {
        "awsglue": {},
        "awsglue.context": {"GlueContext": GlueContext},
        "awsglue.job": {"Job": Job},
        "awsglue.utils": {"getResolvedOptions": resolved},
    }.items():
        module = types.ModuleType(name)
        vars(module).update(held)
        monkeypatch.setitem(sys.modules, name, module)
    client = s3.client()
    monkeypatch.setattr("boto3.client", lambda service: client)
    job.main(
        "job --JOB_NAME nightly --connection snow --database SAGE_REVOPS --schema RAW --warehouse COMPUTE_WH "
        f"--bucket {BUCKET} --report_zone UTC".split()
    )
    [call] = asked
    assert call["connection_type"] == "snowflake"
    assert call["connection_options"]["query"] == f"SELECT {', '.join(COLUMNS)} FROM FCT_SALES"
    assert done == ["init nightly", "commit"]
    said = json.loads(capsys.readouterr().out)
    assert (said["event"], said["rows"], said["ledger"]["region_unknown"]["rows"]) == ("aggregation_finished", 2, 1)
    assert json.loads(s3.texts()["pipeline/by-region/latest.json"])["totals"]["deals"] == 2
