"""Pipeline by region and by product from FCT_SALES on Spark, for tables that want a cluster: a job of AWS Glue.

Rows in, two readable copies out, as the nightly job writes them (contracts/snapshot-format.md, "Readable copies"): the
same rules, the same numbers, the same shape. All but `main` works on any Spark 3.5, without Glue. What the figures mean
stands in contracts/metrics.yaml; the definitions here are those of version 1 (core/sales/definitions.h).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, DecimalType, StringType

COLUMNS = ("SALE_ID", "PRODUCT", "REGION", "AMOUNT", "STAGE", "CUSTOMER_NAME", "SALE_DATE", "STATUS")
STATUSES = ("open", "closed", "won", "lost", "unknown")
STATUS_NAMES = {
    "open": "open",
    "closed": "closed",
    "closed won": "won",
    "won": "won",
    "closed lost": "lost",
    "lost": "lost",
}
STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation")
VIEWS = ("region", "product")
# What Spark's own trim and lower do differs: they know other spaces and other alphabets.
SPACES = "\t\n\x0b\x0c\r \u00a0"
CAPITALS, SMALL_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
RAISE_TRIES = 8


class RefusedRows(ValueError):
    """The rows cannot be counted exactly."""


@dataclass
class Tally:
    """Rows, those of them that have an amount, and the sum of these in cents."""

    deals: int = 0
    priced: int = 0
    cents: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        self.deals += other.deals
        self.priced += other.priced
        self.cents += other.cents
        return self

    def as_json(self) -> dict[str, Any]:
        is_known = self.priced > 0 or self.deals == 0
        shown = {"deals": self.deals, "priced": self.priced, "amount": decimal_text(self.cents) if is_known else None}
        return shown if is_known else shown | {"reasons": {"amount": "no_priced_rows"}}


@dataclass
class Group:
    """One value of a dimension; None is the unknown group."""

    name: str | None = None
    by_status: dict[str, Tally] = field(default_factory=lambda: {status: Tally() for status in STATUSES})

    def total(self) -> Tally:
        total = Tally()
        for tally in self.by_status.values():
            total += tally
        return total

    def order(self) -> tuple[Any, ...]:
        """Unknown last, sums descending, those without any after, then by the bytes of the name."""
        total = self.total()
        return (self.name is None, total.priced == 0, -total.cents, (self.name or "").encode())

    def as_json(self) -> dict[str, Any]:
        total = self.total()
        shown = total.as_json()
        reasons = shown.pop("reasons", {})
        if total.priced == 0:
            reasons["average"] = "no_priced_rows"
        shown["average"] = decimal_text(rounded_ratio(total.cents, total.priced)) if total.priced else None
        shown["by_status"] = {status: tally.as_json() for status, tally in self.by_status.items()}
        return shown | ({"reasons": reasons} if reasons else {})


def decimal_text(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def cents_of(amount: Decimal | None) -> int:
    return int((amount or Decimal(0)).scaleb(2))


def rounded_ratio(dividend: int, divisor: int) -> int:
    """Half away from zero."""
    magnitude = (2 * abs(dividend) + divisor) // (2 * divisor)
    return -magnitude if dividend < 0 else magnitude


def trimmed(column: Column) -> Column:
    """NULL for blank as well."""
    text = F.btrim(column, F.lit(SPACES))
    return F.when(text != "", text)


def folded(column: Column) -> Column:
    return F.translate(column, CAPITALS, SMALL_LETTERS)


def named(column: Column, names: dict[str, str], otherwise: Column) -> Column:
    mapping = F.create_map(*(F.lit(text) for pair in names.items() for text in pair))
    return F.coalesce(mapping[folded(column)], otherwise)


def checked(rows: DataFrame) -> DataFrame:
    """The eight columns in their order. RefusedRows where amounts are no decimals of two places, or dates are none."""
    types = {name.upper(): kind.dataType for name, kind in zip(rows.columns, rows.schema.fields, strict=True)}
    missing = [name for name in COLUMNS if name not in types]
    if missing:
        raise RefusedRows(f"FCT_SALES lacks {', '.join(missing)}")
    if not isinstance(types["AMOUNT"], DecimalType) or types["AMOUNT"].scale > 2:
        raise RefusedRows(f"AMOUNT is {types['AMOUNT'].simpleString()}: it has to be a decimal with two places")
    if not isinstance(types["SALE_DATE"], DateType):
        raise RefusedRows(f"SALE_DATE is {types['SALE_DATE'].simpleString()}: it has to be a date")
    for name in ("PRODUCT", "REGION", "STAGE", "CUSTOMER_NAME", "STATUS"):
        if not isinstance(types[name], StringType):
            raise RefusedRows(f"{name} is {types[name].simpleString()}: it has to be text")
    return rows.toDF(*(name.upper() for name in rows.columns)).select(*COLUMNS)


def labelled(rows: DataFrame) -> DataFrame:
    """Adds what the values count as: `region`, `product`, `stage` (NULL: unknown) and `status`."""
    stage, stages = (
        trimmed(F.col("STAGE")),
        {name.translate(str.maketrans(CAPITALS, SMALL_LETTERS)): name for name in STAGES},
    )
    # Under other names at first, since Spark does not tell REGION from region.
    return rows.select(
        *(F.col(name).alias(f"raw_{name}") for name in COLUMNS),
        trimmed(F.col("REGION")).alias("region"),
        trimmed(F.col("PRODUCT")).alias("product"),
        named(stage, stages, stage).alias("stage"),
        named(trimmed(F.col("STATUS")), STATUS_NAMES, F.lit("unknown")).alias("status"),
    )


def cells(labelled_rows: DataFrame) -> DataFrame:
    """Rows, priced rows and their exact sum for each region, product and status that occurs."""
    return labelled_rows.groupBy(*VIEWS, "status").agg(
        F.count(F.lit(1)).alias("deals"),
        F.count("raw_AMOUNT").alias("priced"),
        F.sum(F.col("raw_AMOUNT").cast("decimal(28,2)")).alias("amount"),
    )


def by_dimension(counted: DataFrame, dimension: str) -> list[Group]:
    """The groups of `cells` by one dimension, in the order of answers."""
    sums = counted.groupBy(dimension, "status").agg(
        *(F.sum(name).alias(name) for name in ("deals", "priced", "amount"))
    )
    groups: dict[str | None, Group] = {}
    for name, status, deals, priced, amount in sums.collect():
        group = groups.setdefault(name, Group(name))
        group.by_status[status] += Tally(deals, priced, cents_of(amount))
    return sorted(groups.values(), key=Group.order)


def totals_of(groups: Iterable[Group]) -> Group:
    total = Group()
    for group in groups:
        for status, tally in group.by_status.items():
            total.by_status[status] += tally
    return total


def view(dimension: str, groups: list[Group]) -> dict[str, Any]:
    return {
        "data": [{dimension: group.name} | group.as_json() for group in groups],
        "totals": totals_of(groups).as_json(),
    }


def ledger(labelled_rows: DataFrame, business_date: date) -> dict[str, dict[str, Any]]:
    """Remarkable rows by reason; a row may have several, and all of them are in all totals."""
    amount, sold_on, stage = F.col("raw_AMOUNT"), F.col("raw_SALE_DATE"), F.col("stage")
    reasons = {
        "amount_missing": amount.isNull(),
        "amount_zero": amount == 0,
        "amount_negative": amount < 0,
        "region_unknown": F.col("region").isNull(),
        "product_unknown": F.col("product").isNull(),
        "stage_missing": stage.isNull(),
        "stage_unlisted": stage.isNotNull() & ~stage.isin(*STAGES),
        "status_unknown": F.col("status") == "unknown",
        "date_missing": sold_on.isNull(),
        "date_future": sold_on > F.lit(business_date),
        "id_missing": F.col("raw_SALE_ID").isNull(),
    }
    counts = [F.count(F.when(is_so, 1)).alias(f"rows_{reason}") for reason, is_so in reasons.items()]
    sums = [F.sum(F.when(is_so, amount)).alias(f"amount_{reason}") for reason, is_so in reasons.items()]
    row = labelled_rows.agg(*counts, *sums).first()
    found = {reason: (row[f"rows_{reason}"], row[f"amount_{reason}"]) for reason in reasons} | duplicates(labelled_rows)
    return {
        reason: {"rows": count, "amount": decimal_text(cents_of(total))}
        for reason, (count, total) in found.items()
        if count
    }


def duplicates(labelled_rows: DataFrame) -> dict[str, tuple[int, Decimal | None]]:
    """Rows that repeat one wholly, and different rows that share an id, but for the first in canonical order."""
    raw = [f"raw_{name}" for name in COLUMNS]
    different = (
        labelled_rows.where(F.col("raw_SALE_ID").isNotNull()).groupBy(*raw).agg(F.count(F.lit(1)).alias("copies"))
    )
    order = ["raw_SALE_DATE", *(name for name in raw if name not in ("raw_SALE_ID", "raw_SALE_DATE"))]
    window = Window.partitionBy("raw_SALE_ID").orderBy(*(F.col(name).asc_nulls_last() for name in order))
    amount, repeats = F.col("raw_AMOUNT"), F.col("copies") - 1
    is_later = F.col("place") > 1
    row = (
        different.withColumn("place", F.row_number().over(window))
        .agg(
            F.coalesce(F.sum(repeats), F.lit(0)),
            F.sum(amount.cast("decimal(28,2)") * repeats.cast("decimal(10,0)")).cast("decimal(38,2)"),
            F.count(F.when(is_later, 1)),
            F.sum(F.when(is_later, amount)),
        )
        .first()
    )
    return {"duplicate_identical": (row[0], row[1]), "duplicate_conflicting": (row[2], row[3])}


def business_date_at(spark: SparkSession, instant: datetime, zone: str) -> date:
    """The calendar date in that zone, by the zones that Java carries."""
    seconds = F.lit(int(instant.timestamp())).cast("timestamp")
    local = F.from_utc_timestamp(F.to_utc_timestamp(seconds, F.current_timezone()), zone)
    return spark.range(1).select(F.to_date(local)).first()[0]


def instant_text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03}Z"


def aggregate(rows: DataFrame, zone: str, now: Callable[[], datetime]) -> dict[str, dict[str, Any]]:
    """The readable copies by dimension. The rows are read once, whatever is computed from them.

    Errors: RefusedRows, or AssertionError where the groups do not add up; then nothing may be published.
    """
    data_as_of = now()
    business_date = business_date_at(rows.sparkSession, data_as_of, zone)
    kept = labelled(checked(rows)).persist()
    try:
        counted = cells(kept).persist()
        views = {dimension: view(dimension, by_dimension(counted, dimension)) for dimension in VIEWS}
        remarkable, row_count = ledger(kept, business_date), kept.count()
        counted.unpersist()
    finally:
        kept.unpersist()
    if not all(made["totals"] == views["region"]["totals"] for made in views.values()):
        raise AssertionError("the groups of one view add up to something else than those of another")
    if views["region"]["totals"]["deals"] != row_count:
        raise AssertionError("the groups do not add up to all rows")
    meta = {
        "source": "spark",
        "data_as_of": instant_text(data_as_of),
        "computed_at": instant_text(now()),
        "business_date": business_date.isoformat(),
        "zone": zone,
        "definitions_version": 1,
        "filter": {},
        "rows": row_count,
        "ledger": remarkable,
    }
    return {dimension: made | {"meta": meta} for dimension, made in views.items()}


def publish(s3: Any, bucket: str, copies: dict[str, dict[str, Any]]) -> list[str]:
    """Puts each copy under its instant, and as `latest.json` unless a newer one is there. Returns the keys written."""
    written = []
    for dimension, copy in copies.items():
        folder = f"pipeline/by-{dimension}"
        computed_at = copy["meta"]["computed_at"]
        body = (json.dumps(copy, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        name = computed_at[:19].replace("-", "").replace(":", "") + "Z"
        put(s3, bucket, f"{folder}/{name}.json", body, {})
        written.append(f"{folder}/{name}.json")
        if raise_latest(s3, bucket, f"{folder}/latest.json", body, computed_at):
            written.append(f"{folder}/latest.json")
    return written


def raise_latest(s3: Any, bucket: str, key: str, body: bytes, computed_at: str) -> bool:
    """False: what is there is newer. Never overwrites what it has not looked at."""
    for _ in range(RAISE_TRIES):
        condition = {"If-None-Match": "*"}
        try:
            present = s3.get_object(Bucket=bucket, Key=key)
        except s3.exceptions.NoSuchKey:
            pass
        else:
            if computed_at_of(present["Body"].read()) > computed_at:
                return False
            condition = {"If-Match": present["ETag"]}
        if put(s3, bucket, key, body, condition):
            return True
    raise RuntimeError(f"{key} is replaced by others all the time")


def computed_at_of(body: bytes) -> str:
    """Empty for what is no copy: it is replaced."""
    try:
        return str(json.loads(body)["meta"]["computed_at"])
    except (ValueError, LookupError, TypeError):
        return ""


def put(s3: Any, bucket: str, key: str, body: bytes, condition: dict[str, str]) -> bool:
    """False: the condition does not hold. The boto3 of Glue 5.0 has no argument for it, hence the header."""

    def add_condition(params: dict[str, Any], **_: Any) -> None:
        params["headers"].update(condition)

    s3.meta.events.register_first("before-call.s3.PutObject", add_condition, unique_id="condition")
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    except s3.exceptions.ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (409, 412):
            return False
        raise
    finally:
        s3.meta.events.unregister("before-call.s3.PutObject", unique_id="condition")
    return True


def main(arguments: list[str]) -> None:
    """As Glue calls it: `--connection` names the connection whose secret has the key of the Snowflake user."""
    import boto3
    from awsglue.context import GlueContext
    from awsglue.job import Job
    from awsglue.utils import getResolvedOptions
    from pyspark.context import SparkContext

    names = ["JOB_NAME", "connection", "database", "schema", "warehouse", "bucket", "report_zone"]
    given = getResolvedOptions(arguments, names)
    context = GlueContext(SparkContext.getOrCreate())
    job = Job(context)
    job.init(given["JOB_NAME"], given)
    frame = context.create_dynamic_frame.from_options(
        connection_type="snowflake",
        connection_options={
            "connectionName": given["connection"],
            "sfDatabase": given["database"],
            "sfSchema": given["schema"],
            "sfWarehouse": given["warehouse"],
            "query": f"SELECT {', '.join(COLUMNS)} FROM FCT_SALES",
        },
    )
    copies = aggregate(frame.toDF(), given["report_zone"], lambda: datetime.now(UTC))
    written = publish(boto3.client("s3"), given["bucket"], copies)
    meta = copies["region"]["meta"]
    print(
        json.dumps({"event": "aggregation_finished", "keys": written, "rows": meta["rows"], "ledger": meta["ledger"]})
    )
    job.commit()


if __name__ == "__main__":
    main(sys.argv)
