"""The functions as Lambda runs them: static programs under a Runtime API, with S3, Snowflake and the rest simulated."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lambda_peer import PATIENCE, Call, Emulator, Function, Services, find_function, rest_event
from program_driver import until
from s3_peer import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Simulator
from sts_peer import Role, Sts

import snowflake_peer

Start = Callable[..., Function]
PROCESSOR = "sage-snowflake-data-processor"


@pytest.fixture
def snowflake(snowflake: snowflake_peer.Simulator) -> snowflake_peer.Simulator:
    today = datetime.now(UTC).date()
    days = [(today - timedelta(days=age)).isoformat() for age in (3, 10, 20, 40)]
    rows = [
        ["1", "Sage 50", "North", "75000.00", "Proposal", "Acme", days[0], "Open"],
        ["2", "Sage HR", " North ", "120000.00", "Closed", "Zoë & Söhne", days[1], "CLOSED"],
        ["3", "Sage 50", "West", "0.25", "Negotiation", 'a "quoted" name', days[2], "won"],
        ["4", "Sage HR", None, None, None, None, days[3], None],
    ]
    snowflake.control("rows", {"rows": rows, "mode": "replace"})
    return snowflake


@pytest.fixture
def environment(s3: Simulator, snowflake: snowflake_peer.Simulator, services: Services) -> dict[str, str]:
    """Everything that any function needs."""
    return {
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_ENDPOINT_URL_S3": s3.endpoint,
        "AWS_ENDPOINT_URL": f"http://{services.address}",
        "REVOPS_STORE_URL": f"s3://{BUCKET}",
        "REVOPS_PROCESSOR_FUNCTION": PROCESSOR,
        "REVOPS_REST_API_BINARY": "true",
        "SSL_CERT_FILE": snowflake.ca_file,
        "SNOWFLAKE_URL": f"https://localhost:{snowflake.port}",
        "SNOWFLAKE_ACCOUNT_NAME": "TESTORG-TESTACCOUNT",
        "SNOWFLAKE_USER": "REVOPS",
        "SNOWFLAKE_DATABASE": "REVOPS",
        "SNOWFLAKE_WAREHOUSE": "REVOPS_WH",
        "SNOWFLAKE_ROLE": "REVOPS_READER",
        "SNOWFLAKE_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:revops-AbCdEf",
    }


@pytest.fixture
def start(environment: dict[str, str], services: Services) -> Iterator[Start]:
    """Starts a function; None takes a variable away."""
    functions: list[Function] = []

    def begin(name: str, **changed: str | None) -> Function:
        wanted = {name: value for name, value in (environment | changed).items() if value is not None}
        functions.append(Function(find_function(name), wanted))
        return functions[-1]

    yield begin
    said = [function.close() for function in functions]
    key = services.secret.splitlines()[1] if "\n" in services.secret else services.secret
    assert all(key not in words and SECRET_KEY not in words for words in said)


def ask(function: Function, path: str, **more: Any) -> tuple[int, Any]:
    answer = function.invoke(rest_event(path, **more))
    assert set(answer) <= {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
    return answer["statusCode"], json.loads(answer["body"])


def test_a_night_and_a_morning(start: Start, s3: Simulator, snowflake: snowflake_peer.Simulator) -> None:
    report = start("snowflake_to_s3_processor").invoke({"source": "aws.scheduler", "time": "2026-11-22T02:00:00Z"})
    assert (report["outcome"], report["rows"]) == ("published", 4)
    assert "revops/current.json" in s3.control("objects")

    status, regions = ask(start("get_pipeline_by_region"), "/api/pipeline/by-region")
    assert status == 200
    assert [(row["region"], row["amount"]) for row in regions["data"]] == [
        ("North", "195000.00"),
        ("West", "0.25"),
        (None, None),
    ]
    status, products = ask(
        start("get_pipeline_by_product"), "/api/pipeline/by-product", query={"region": ["North", ""]}
    )
    assert (status, products["totals"]["deals"]) == (200, 3)

    status, live = ask(start("get_last_month_sales", REVOPS_STORE_URL=None), "/api/sales/last-month")
    assert status == 200
    assert [row["sale_id"] for row in live["data"]] == ["1", "2", "3"]
    assert live["data"][2]["customer_name"] == 'a "quoted" name'

    api = start("revops_api")
    status, summary = ask(api, "/api/summary")
    assert (status, summary["meta"]["snapshot_id"]) == (200, report["snapshot_id"])
    status, metrics = ask(api, "/api/metrics")
    assert (status, metrics["deployment"]["warehouse"]) == (200, "snowflake")
    assert (s3.violations(), snowflake.violations()) == ([], [])


def test_a_refresh_that_a_person_asks_for(start: Start, services: Services) -> None:
    api, processor = start("revops_api"), start("snowflake_to_s3_processor")
    status, asked = ask(api, "/api/refresh", method="POST", content_type="application/json")
    assert (status, asked["data"]["state"]) == (202, "queued")
    status, joined = ask(api, "/api/refresh", method="POST", content_type="application/json")
    assert joined["data"]["id"] == asked["data"]["id"]
    [(function, event)] = services.invocations
    assert (function, event) == (PROCESSOR, {"job": asked["data"]["id"]})
    processor.invoke(event)
    status, job = ask(api, f"/api/refresh/{asked['data']['id']}")
    assert (status, job["data"]["state"], job["data"]["outcome"]) == (200, "succeeded", "published")
    assert ask(api, "/api/summary")[0] == 200


def test_the_last_answer_outlives_the_store(start: Start, s3: Simulator) -> None:
    start("snowflake_to_s3_processor").invoke({})
    function = start("get_pipeline_by_region")
    before = ask(function, "/api/pipeline/by-region")
    s3.rule({"status": 403, "code": "AccessDenied"}, times=0)
    assert ask(function, "/api/pipeline/by-region") == before
    status, refused = ask(start("get_pipeline_by_product"), "/api/pipeline/by-product")
    assert (status, set(refused["error"])) == (502, {"code", "message", "request_id", "retryable"})


def test_a_warm_function_asks_whether_the_pointer_has_changed(start: Start, s3: Simulator) -> None:
    processor, function = start("snowflake_to_s3_processor"), start("get_pipeline_by_region")
    processor.invoke({})
    before = ask(function, "/api/pipeline/by-region")
    s3.control("clear_journal", {})
    assert ask(function, "/api/pipeline/by-region")[1]["data"] == before[1]["data"]
    assert [(entry["key"], entry["status"]) for entry in s3.control("journal")] == [("revops/current.json", 304)]
    assert processor.invoke({})["outcome"] == "unchanged"
    s3.control("clear_journal", {})
    after = ask(function, "/api/pipeline/by-region")[1]["meta"]
    assert after["computed_at"] > before[1]["meta"]["computed_at"]
    assert [(entry["key"], entry["status"]) for entry in s3.control("journal")] == [("revops/current.json", 200)]


@pytest.mark.parametrize("silent_from", [1, 4])
def test_a_silent_bucket_is_told_in_time(start: Start, s3: Simulator, silent_from: int) -> None:
    """Lambda gives a start 10 s and kills a call after 28; the limits here have room for a busy machine."""
    start("snowflake_to_s3_processor").invoke({})
    s3.control("clear_journal", {})
    s3.rule({"hang": True}, times=0, nth=silent_from)
    began = time.monotonic()
    function = start("get_pipeline_by_region")
    until(lambda: function.is_waiting, "the start")
    assert time.monotonic() - began < 15
    began = time.monotonic()
    status, refused = ask(function, "/api/pipeline/by-region")
    assert time.monotonic() - began < 28
    assert (status, refused["error"]["retryable"]) in {(503, True), (504, True)}


def test_a_run_ends_itself_before_its_time_is_over(
    start: Start, s3: Simulator, snowflake: snowflake_peer.Simulator
) -> None:
    snowflake.rule({"endless_202": True}, times=0, operation="submit")
    failed = start("snowflake_to_s3_processor").fail({}, seconds=8.0)
    assert failed["errorType"] == "Function.timeout"
    [job] = [json.loads(held["text"]) for key, held in s3.control("objects").items() if "revops/jobs/" in key]
    assert (job["state"], job["error"]["code"]) == ("failed", "timeout")
    assert "cancel" in [entry["operation"] for entry in snowflake.control("log")["requests"]]


def test_a_rotated_secret_is_read_again(start: Start, snowflake: snowflake_peer.Simulator, services: Services) -> None:
    function = start("get_last_month_sales")
    assert ask(function, "/api/sales/last-month")[0] == 200
    assert services.secret_reads == 1
    snowflake.key = snowflake_peer.KeyPair()
    services.secret = json.dumps({"private_key": snowflake.key.private_pem.decode()})
    snowflake.control("users", {"name": "REVOPS", "rsa_public_key": snowflake.key.public_pem})
    assert ask(function, "/api/sales/last-month")[0] == 200
    assert services.secret_reads == 2


def test_no_secret_where_the_role_signs_in(
    start: Start, snowflake: snowflake_peer.Simulator, services: Services
) -> None:
    def register(token: str, lifetime: int) -> None:
        known = {"kind": "WORKLOAD_IDENTITY_FEDERATION", "token": f"WIF.AWS.{token}", "user": "REVOPS"}
        snowflake.control("tokens", known | {"expires_in_seconds": lifetime})

    snowflake.control("users", {"name": "REVOPS", "forget_keys": True})
    sts = Sts(Role(ACCESS_KEY, SECRET_KEY, "arn:aws:iam::123456789012:role/processor"), REGION, register)
    variables = {
        "SNOWFLAKE_SECRET_ARN": None,
        "SNOWFLAKE_WORKLOAD_IDENTITY": "true",
        "AWS_ENDPOINT_URL_STS": f"http://{sts.address}",
    }
    report = start("snowflake_to_s3_processor", **variables).invoke({})
    sts.close()
    assert (report["outcome"], report["rows"]) == ("published", 4)
    assert (sts.lifetimes, sts.violations, services.secret_reads) == ([300], [], 0)
    assert snowflake.violations() == []


@pytest.mark.parametrize("missing", ["REVOPS_STORE_URL", "SNOWFLAKE_USER", "SNOWFLAKE_SECRET_ARN"])
def test_a_function_says_why_it_cannot_start(start: Start, missing: str) -> None:
    function = start("snowflake_to_s3_processor", **{missing: None})
    assert function.process.wait(PATIENCE) == 1
    [error] = function.init_errors
    assert missing in error["errorMessage"]
    assert error["errorType"] == "Function.invalid_argument"


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        ("ResourceNotFoundException", "not_found"),
        ("AccessDeniedException", "permission_denied"),
        ("DecryptionFailure", "permission_denied"),
        ("InternalServiceError", "unavailable"),
    ],
)
@pytest.mark.parametrize("name", ["snowflake_to_s3_processor", "get_last_month_sales"])
def test_a_secret_that_cannot_be_read_is_told(
    start: Start, services: Services, name: str, refusal: str, kind: str
) -> None:
    services.secret_refusal = refusal
    function = start(name)
    assert function.process.wait(PATIENCE) == 1
    [error] = function.init_errors
    assert error["errorType"] == f"Function.{kind}"
    assert error["errorMessage"].startswith("reading a secret from AWS Secrets Manager: ")


def test_zones_are_those_that_come_along(start: Start, tmp_path: Path) -> None:
    """Lambda's own system has no zone files: the archive brings them, and Terraform sets TZDIR."""
    (tmp_path / "zoneinfo/Pacific").mkdir(parents=True)
    shutil.copy("/usr/share/zoneinfo/Pacific/Auckland", tmp_path / "zoneinfo/Pacific")
    told = {"REVOPS_ZONE": "Pacific/Auckland", "TZDIR": str(tmp_path / "zoneinfo")}
    report = start("snowflake_to_s3_processor", **told).invoke({})
    assert report["outcome"] == "published"
    lost = start("snowflake_to_s3_processor", **told | {"TZDIR": str(tmp_path / "absent")})
    assert lost.process.wait(PATIENCE) == 1
    [error] = lost.init_errors
    assert "unknown time zone 'Pacific/Auckland'" in error["errorMessage"]


def test_a_failed_run_is_the_calls_failure(start: Start, snowflake: snowflake_peer.Simulator) -> None:
    snowflake.control("sql", {"sql": "DROP TABLE REVOPS.PUBLIC.FCT_SALES"})
    function = start("snowflake_to_s3_processor")
    assert function.fail({})["errorType"].startswith("Function.")
    assert function.fail([])["errorType"] == "Function.invalid_argument"


def test_the_alarm_of_a_missing_run_hears_of_each_that_finishes(
    environment: dict[str, str], snowflake: snowflake_peer.Simulator
) -> None:
    """The metric filter counts lines of the processor's log; a pattern that fits none would be an alarm for ever."""
    alarms = (Path(__file__).resolve().parents[2] / "infrastructure/alarms.tf").read_text("utf-8")
    pattern = re.search(r'pattern +=  *"\{ \$\.event = \\"(\w+)\\" \}"', alarms)
    assert pattern is not None
    processor = Function(find_function("snowflake_to_s3_processor"), environment)
    assert [processor.invoke({})["outcome"] for _ in range(2)] == ["published", "unchanged"]
    snowflake.control("sql", {"sql": "DROP TABLE REVOPS.PUBLIC.FCT_SALES"})
    processor.fail({})
    events = [json.loads(line)["event"] for line in processor.close().splitlines()]
    assert events.count(pattern[1]) == 2


def test_the_loop_outlives_refusals_and_ends_with_the_runtime(start: Start) -> None:
    function = start("get_pipeline_by_region")
    function.response_status = 413
    assert ask(function, "/api/pipeline/by-region")[0] == 503
    function.response_status = 202
    assert ask(function, "/api/pipeline/by-region")[0] == 503
    function.response_status = 500
    assert ask(function, "/api/pipeline/by-region")[0] == 503
    assert function.process.wait(PATIENCE) == 1


def test_under_the_runtime_interface_emulator(environment: dict[str, str]) -> None:
    with Emulator(find_function("snowflake_to_s3_processor"), environment) as processor:
        assert processor.invoke({})["outcome"] == "published"
        assert processor.invoke({})["outcome"] == "unchanged"
        assert processor.invoke([])["errorType"] == "Function.invalid_argument"
        assert processor.invoke({})["outcome"] == "unchanged"
    with Emulator(find_function("get_pipeline_by_region"), environment) as function:
        answer = function.invoke(rest_event("/api/pipeline/by-region"))
        assert (answer["statusCode"], json.loads(answer["body"])["totals"]["deals"]) == (200, 4)


def view_of(s3: Simulator) -> tuple[str, str]:
    """What an independent reader finds: the pointer's snapshot, and its content hash; every object is there."""
    stored = s3.control("objects")
    if "revops/current.json" not in stored:
        return "", ""
    key = json.loads(stored["revops/current.json"]["text"])["manifest"]["key"]
    manifest = json.loads(stored[key]["text"])
    named = re.findall(r'"sha256":"([0-9a-f]{64})"', json.dumps(manifest, separators=(",", ":")))
    names = {key.split("/")[-1].split(".")[0] for key in stored if key.startswith("revops/objects/")}
    assert set(named) <= names
    return key.split("/")[-1].removesuffix(".json"), manifest["content_hash"]


def test_two_processors_at_once(start: Start, s3: Simulator) -> None:
    both = [start("snowflake_to_s3_processor") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda function: function.invoke({"source": "aws.scheduler"}), both))
    assert {report["content_hash"] for report in reports} == {view_of(s3)[1]}
    assert {report["outcome"] for report in reports} <= {"published", "unchanged"}
    assert "published" in {report["outcome"] for report in reports}
    assert s3.violations() == []


@pytest.mark.parametrize("step", range(1, 40, 3))
def test_a_processor_killed_at_any_request(
    start: Start, s3: Simulator, snowflake: snowflake_peer.Simulator, step: int
) -> None:
    """The pointer is whole at once, and the next run finishes the work."""
    before = start("snowflake_to_s3_processor").invoke({})["snapshot_id"]
    snowflake.control("rows", {"rows": [["9", "Sage 50", "East", "1.00", None, "New", None, "Open"]], "mode": "append"})
    s3.control("clear_journal", {})
    s3.rule({"hang": True}, nth=step)
    killed, call = start("snowflake_to_s3_processor"), Call({}, 28.0, {})
    killed.calls.put(call)

    def is_stuck() -> bool:
        return any(entry["rule"] is not None for entry in s3.control("journal"))

    until(lambda: is_stuck() or not call.answers.empty(), "the request, or the end")
    killed.process.kill()
    s3.control("clear_rules", {})
    assert view_of(s3)[0] != ""
    after = start("snowflake_to_s3_processor").invoke({})
    assert (after["outcome"], after["rows"]) in {("published", 5), ("unchanged", 5)}
    assert view_of(s3) == (after["snapshot_id"], after["content_hash"])
    assert after["snapshot_id"] != before
