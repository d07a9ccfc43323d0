"""What a browser and a stranger get over HTTP."""

import gzip
import json
import os
import signal
from datetime import date, timedelta

import openapi_contract
import pytest
from program_driver import Program, Server, until

STATUSES = ["open", "closed", "won", "lost", "unknown"]


def tally(deals: int, amount: str) -> dict[str, object]:
    return {"deals": deals, "priced": deals, "amount": amount}


def statuses(opened: dict[str, object], closed: dict[str, object]) -> dict[str, dict[str, object]]:
    return {name: tally(0, "0.00") for name in STATUSES} | {"open": opened, "closed": closed}


TOTALS = {
    "deals": 8,
    "priced": 8,
    "amount": "490000.00",
    "average": "61250.00",
    "by_status": statuses(tally(3, "162000.00"), tally(5, "328000.00")),
}


def test_by_region_is_exact(served: Server) -> None:
    answer = served.get("/api/pipeline/by-region")
    assert [(group["region"], group["deals"], group["amount"], group["average"]) for group in answer["data"]] == [
        ("North", 3, "320000.00", "106666.67"),
        ("South", 2, "87000.00", "43500.00"),
        ("West", 2, "53000.00", "26500.00"),
        ("East", 1, "30000.00", "30000.00"),
    ]
    assert answer["data"][0]["by_status"] == statuses(tally(1, "75000.00"), tally(2, "245000.00"))
    assert answer["totals"] == TOTALS
    assert answer["meta"]["rows"] == 8


def test_by_product_is_exact(served: Server) -> None:
    answer = served.get("/api/pipeline/by-product")
    assert [(group["product"], group["deals"], group["amount"], group["average"]) for group in answer["data"]] == [
        ("Sage Intacct", 3, "320000.00", "106666.67"),
        ("Sage Payroll", 2, "87000.00", "43500.00"),
        ("Sage HR", 2, "61000.00", "30500.00"),
        ("Sage 50", 1, "22000.00", "22000.00"),
    ]
    assert answer["totals"] == TOTALS


def test_last_month_is_exact(served: Server) -> None:
    answer = served.get("/api/sales/last-month")
    today = date.fromisoformat(answer["meta"]["business_date"])
    filled = date.fromisoformat(answer["data"][0]["sale_date"]) + timedelta(days=2)
    assert today - filled <= timedelta(days=1), "a midnight at most since the rows were made"
    assert [(row["sale_id"], row["sale_date"]) for row in answer["data"]] == [
        (number, str(filled - timedelta(days=days)))
        for number, days in [("7", 2), ("6", 3), ("8", 4), ("4", 5), ("5", 8), ("3", 10), ("1", 15), ("2", 20)]
    ]
    assert answer["totals"] == TOTALS
    assert answer["page"] == {"limit": 1000, "more": False}
    assert answer["meta"]["window"] == {
        "start": str(today - timedelta(days=29)),
        "end": str(today + timedelta(days=1)),
        "zone": "UTC",
        "partial": True,
    }


def test_last_month_limit_keeps_the_totals(served: Server) -> None:
    answer = served.get("/api/sales/last-month?limit=2")
    assert [row["sale_id"] for row in answer["data"]] == ["7", "6"]
    assert answer["page"] == {"limit": 2, "more": True}
    assert answer["totals"] == TOTALS


@pytest.mark.parametrize(
    "path",
    [
        "/api/pipeline/by-region",
        "/api/pipeline/by-product",
        "/api/pipeline/by-stage",
        "/api/pipeline/by-status",
        "/api/pipeline/by-month",
        "/api/pipeline/by-region?region=North&region=&not_stage=Proposal&from=2020-01-01&to=2100-01-01",
        "/api/summary",
        "/api/sales/last-month",
        "/api/snapshots",
        "/api/refresh",
        "/api/metrics",
        "/api/receipt",
        "/healthz",
        "/readyz",
    ],
)
def test_answers_fit_the_contract(served: Server, path: str) -> None:
    found = openapi_contract.violations(openapi_contract.load(), "GET", path.partition("?")[0], 200, served.get(path))
    assert found == []


def test_the_contract_is_served_as_it_is_committed(served: Server) -> None:
    assert served.get("/api/openapi.json") == json.loads((openapi_contract.CONTRACTS / "openapi.json").read_text())


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("/api/pipeline/by-region?regionn=North", "regionn"),
        ("/api/pipeline/by-region?from=2026-02-30", "from"),
        ("/api/pipeline/by-region?to=infinity", "to"),
        ("/api/pipeline/by-region?from=12000-01-01", "from"),
        ("/api/pipeline/by-region?as_of=yesterday", "as_of"),
        ("/api/pipeline/by-product?limit=1", "limit"),
        ("/api/sales/last-month?limit=0", "limit"),
        ("/api/sales/last-month?limit=5001", "limit"),
        ("/api/sales/last-month?limit=1&limit=2", "limit"),
        ("/api/sales/last-month?limit=99999999999999999999", "limit"),
        ("/api/summary?x=%00", "x"),
    ],
)
def test_bad_parameters_are_named(served: Server, query: str, named: str) -> None:
    answer = served.ask(query)
    assert answer.status == 400
    error = answer.json()["error"]
    assert error["code"] == "invalid_argument"
    assert named in error["message"]
    assert error["retryable"] is False
    assert (
        openapi_contract.violations(openapi_contract.load(), "GET", query.partition("?")[0], 400, answer.json()) == []
    )


def test_filters(served: Server) -> None:
    north = served.get("/api/pipeline/by-region?region=%20North%20")
    assert [group["region"] for group in north["data"]] == ["North"]
    assert north["totals"]["amount"] == "320000.00"
    assert served.get("/api/pipeline/by-region?region=Atlantis")["data"] == []
    assert served.get("/api/pipeline/by-product?not_region=North")["totals"]["amount"] == "170000.00"
    assert served.get("/api/pipeline/by-product?status=OPEN&region=North&region=South")["totals"]["deals"] == 3


def test_as_of(program: Program) -> None:
    program.must("init", "--sample")
    first = program.process()
    program.must("sql", "DELETE FROM FCT_SALES WHERE SALE_ID = 1")
    second = program.process()
    with program.serving() as server:
        old = server.get("/api/summary?as_of=" + first["snapshot_id"])
        new = server.get("/api/summary")
        assert old["data"]["totals"]["amount"] == "490000.00"
        assert new["data"]["totals"]["amount"] == "340000.00"
        assert old["meta"]["content_hash"] == first["content_hash"]
        assert new["meta"]["snapshot_id"] == second["snapshot_id"]
        today = new["meta"]["business_date"]
        assert server.get(f"/api/summary?as_of={today}")["meta"]["snapshot_id"] == second["snapshot_id"]
        missing = server.ask("/api/summary?as_of=20200101T000000Z-00000000")
        assert (missing.status, missing.json()["error"]["code"]) == (404, "not_found")
        assert server.ask("/api/summary?as_of=2020-01-01").status == 404


@pytest.mark.parametrize("path", ["/api/pipeline/by-region", "/api/summary?region=North"])
def test_etag_and_304(served: Server, path: str) -> None:
    first = served.ask(path)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    again = served.ask(path, headers={"If-None-Match": tag})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert served.ask(path, headers={"If-None-Match": '"other"'}).status == 200


def test_gzip_is_the_same_answer(served: Server) -> None:
    plain = served.ask("/api/pipeline/by-region")
    packed = served.ask("/api/pipeline/by-region", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    brotli = served.ask("/api/pipeline/by-region", headers={"Accept-Encoding": "br"})
    assert brotli.headers["content-encoding"] == "br"
    refused = served.ask("/api/pipeline/by-region", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


def test_head_has_no_body(served: Server) -> None:
    answer = served.ask("/api/pipeline/by-region", "HEAD")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Origin": "http://evil.example"},
        {"Content-Type": "application/json", "Origin": "null"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    ],
    ids=str,
)
def test_refresh_is_for_our_own_page(served: Server, headers: dict[str, str]) -> None:
    answer = served.ask("/api/refresh", "POST", headers, b"{}")
    assert answer.status in (403, 415), answer
    job = served.get("/api/refresh")["data"]
    assert job is None or job["requested_by"] == "schedule"


def test_an_origin_that_is_not_listed_gets_no_cors(served: Server) -> None:
    answer = served.ask("/api/summary", headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    friend = served.ask("/api/summary", headers={"Origin": "http://localhost:5173"})
    assert friend.headers["access-control-allow-origin"] == "http://localhost:5173"


@pytest.mark.parametrize("host", ["evil", "evil.example:80", "127.0.0.1.evil.example"])
def test_a_foreign_host_is_misdirected(served: Server, host: str) -> None:
    answer = served.send_raw(f"GET /api/summary HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 421 ")
    assert b"North" not in answer


def test_an_oversized_head(served: Server) -> None:
    long_line = f"GET /?{'x' * 9000} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    assert served.send_raw(long_line)[:13] in (b"HTTP/1.1 431 ", b"HTTP/1.1 414 ")
    fields = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nX: {'x' * 9000}\r\n\r\n".encode()
    assert served.send_raw(fields).startswith(b"HTTP/1.1 431 ")
    many = "".join(f"X-{i}: 1\r\n" for i in range(70))
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n{many}\r\n".encode()
    assert served.send_raw(request).startswith(b"HTTP/1.1 431 ")


def test_an_oversized_body(served: Server) -> None:
    head = (
        f"POST /api/refresh HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {6 * 1024 * 1024 + 1}\r\n\r\n"
    )
    assert served.send_raw(head.encode()).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_text",
    [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
        "POST /api/refresh HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST /api/refresh HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        "GET /\xff HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nX: a\r\n b\r\n\r\n",
        "\x00\x01\x02\r\n\r\n",
    ],
)
def test_malformed_requests_are_answered_and_closed(served: Server, request_text: str) -> None:
    request = request_text.replace("HOST", f"127.0.0.1:{served.port}").encode("latin-1")
    assert served.send_raw(request).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 "))
    assert served.ask("/healthz").status == 200


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fformat"])
def test_no_path_leads_to_a_file(served: Server, path: str) -> None:
    answer = served.ask(path)
    assert answer.status in (200, 400, 404)
    assert b"root:" not in answer.body


def test_before_the_first_snapshot(program: Program) -> None:
    program.must("init")
    (program.data / "warehouse.duckdb").write_bytes(b"no warehouse" * 2000)
    with program.serving() as server:
        answer = server.ask("/api/pipeline/by-region")
        assert (answer.status, answer.json()["error"]["code"]) == (503, "no_snapshot")
        assert answer.headers["retry-after"] == "2"
        assert server.ask("/healthz").status == 200


def test_an_empty_table(program: Program) -> None:
    with program.serving() as server:
        until(lambda: server.ask("/api/summary").status == 200, "the first scheduled run")
        answer = server.get("/api/pipeline/by-region")
        assert (answer["data"], answer["totals"]["deals"], answer["totals"]["amount"]) == ([], 0, "0.00")
        assert server.get("/api/sales/last-month")["data"] == []
        assert server.ask("/healthz").status == 200


def test_refresh_has_steps_and_publishes(program: Program) -> None:
    program.must("init", "--sample")
    with program.serving() as server:
        until(lambda: server.get("/api/snapshots")["data"], "the first scheduled run")
        job = server.refresh()
        assert (job["state"], job["error"]) == ("succeeded", None)
        assert [step["name"] for step in job["steps"]] == ["check", "digest", "read", "build", "publish"]
        assert server.get("/api/summary")["meta"]["snapshot_id"] == job["snapshot_id"]
        assert server.get("/api/refresh")["data"]["id"] == job["id"]
        assert server.ask(f"/api/refresh/{'0' * 32}").status == 404
        ended = server.ask(f"/api/refresh/{job['id']}", "DELETE", {"Content-Type": "application/json"})
        assert ended.status == 409


def test_the_event_stream_begins_with_the_version(served: Server) -> None:
    import http.client

    connection = http.client.HTTPConnection(served.host, served.port, timeout=30)
    connection.request("GET", "/api/events")
    response = connection.getresponse()
    assert response.getheader("content-type", "").startswith("text/event-stream")
    lines = b""
    while b"data-version" not in lines or not lines.endswith(b"\n\n"):
        piece = response.readline()
        assert piece, lines
        lines += piece
    connection.close()
    assert lines.startswith(b"retry: 2000")
    assert b"snapshot_id" in lines


def test_sigterm_drains_and_ends_with_zero(program: Program) -> None:
    program.must("init", "--sample")
    server = program.serve()
    server.start_refresh()
    assert server.stop() == 0
    assert "0 damaged" in program.must("verify")
    assert program.count() == 8


def test_sigint_too(program: Program) -> None:
    server = program.serve()
    os.kill(server.process.pid, signal.SIGINT)
    until(lambda: server.process.poll() is not None, "the end")
    assert server.process.returncode == 0


def test_metrics_are_prometheus_text(served: Server) -> None:
    answer = served.ask("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b"# TYPE" in answer.body


def test_security_headers(served: Server) -> None:
    for path in ("/api/summary", "/api/sales/last-month", "/healthz", "/nothing.txt"):
        headers = served.ask(path).headers
        assert headers["x-content-type-options"] == "nosniff", path


@pytest.mark.parametrize("path", ["/", "/index.html", "/data"])
def test_the_page_may_load_from_its_own_origin_alone(served: Server, path: str) -> None:
    headers = served.ask(path).headers
    policy = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[kind] for kind in ("script-src", "style-src", "font-src", "connect-src")} == {"'self'"}
    assert (policy["frame-ancestors"], policy["base-uri"], policy["trusted-types"]) == ("'none'", "'none'", "'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html"),
        ("/data", 200, "text/html"),
        ("/nosuch", 404, "text/html"),
        ("/data/more", 404, "text/html"),
        ("/assets/", 404, "text/plain"),
        ("/assets/nosuch", 404, "text/plain"),
        ("/nosuch.js", 404, "text/plain"),
        ("/api/nosuch", 404, "application/json"),
    ],
)
def test_what_does_not_exist_is_not_found(served: Server, path: str, status: int, kind: str) -> None:
    answer = served.ask(path)
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (status, kind)
    if status == 404 and kind == "text/html":
        again = served.ask(path, headers={"if-none-match": answer.headers["etag"]})
        assert again.status == 404


def test_refreshes_asked_for_while_others_end(program: Program) -> None:
    program.must("init", "--sample")
    with program.serving() as server:
        for _ in range(150):
            answer = server.start_refresh()
            assert answer.status == 202
            found = server.get(answer.headers["location"])["data"]
            assert found["id"] in answer.headers["location"]
        assert server.refresh()["state"] == "succeeded"
