"""Which requests a rule chooses, and what is noted whatever the rules say."""

from __future__ import annotations

from typing import Any

import pytest
from s3_peer import BUCKET, Simulator

LIST = f"/{BUCKET}?list-type=2"


@pytest.fixture
def held(s3: Simulator) -> Simulator:
    s3.put("k", text="0123456789")
    return s3


def statuses(s3: Simulator, count: int, **asked: Any) -> list[int]:
    return [s3.ask("GET", **asked).status for _ in range(count)]


def test_a_rule_chooses_by_number(held: Simulator) -> None:
    held.rule({"status": 500}, nth=2)
    assert statuses(held, 4) == [200, 500, 200, 200]
    held.control("clear_rules", {})
    held.rule({"status": 500}, times=2, every=2)
    assert statuses(held, 6) == [200, 500, 200, 500, 200, 200]
    held.control("clear_rules", {})
    held.rule({"status": 500}, attempt=12)
    held.rule({"status": 503}, times=0)
    assert statuses(held, 3) == [503, 500, 503]


def test_a_rule_chooses_by_method_and_key(held: Simulator) -> None:
    held.rule({"status": 500}, times=0, method="PUT", key_prefix="runs/")
    assert held.ask("GET", f"/{BUCKET}/runs/1").status == 404
    assert held.ask("PUT", f"/{BUCKET}/other").status == 200
    assert held.ask("PUT", f"/{BUCKET}/runs/1").status == 500
    held.rule({"status": 503}, times=0, operation="list")
    assert (held.ask("GET", LIST).status, held.ask("GET").status) == (503, 200)
    assert held.journal()[-2]["rule"] == {"status": 503}


def test_a_wrong_signature_is_not_hidden_by_a_rule(held: Simulator) -> None:
    held.rule({"status": 503}, times=0)
    assert held.ask("GET", unsigned={"Authorization": None}).code == "AccessDenied"
    assert held.violations() == ["unsigned_request"]


def test_the_independent_client_survives_what_it_may_retry(held: Simulator) -> None:
    for action in ({"status": 500}, {"status": 503}, {"reset_before": True}, {"code": "RequestTimeout"}):
        held.rule(action)
        client = held.client(attempts=2)
        assert client.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"0123456789"
    assert len(held.journal()) == 8
    assert held.violations() == []


@pytest.mark.parametrize(
    ("action", "times", "asked", "violations"),
    [
        ({"clock_offset_seconds": 3600}, 1, 2, []),
        ({"clock_offset_seconds": 3600}, 2, 2, ["skew_not_corrected"]),
        ({"code": "RequestTimeTooSkewed"}, 2, 3, []),
        ({"code": "RequestTimeTooSkewed"}, 4, 4, ["too_many_attempts"]),
        ({"code": "SlowDown"}, 4, 4, ["too_many_attempts"]),
        ({"code": "ExpiredToken"}, 1, 2, ["refused_request_again"]),
        ({"code": "NoSuchKey"}, 4, 4, []),
    ],
)
def test_what_may_be_asked_again(
    held: Simulator, action: dict[str, Any], times: int, asked: int, violations: list[str]
) -> None:
    held.control("settings", {"attempts_max": 3, "refusal_seconds": 60})
    held.rule(action, times=times)
    statuses(held, asked)
    assert held.violations() == violations
