"""Writes requests.jsonl: a thousand requests, put together from a seed out of what pages, scripts and mistakes send.

    make_requests.py SEED > requests.jsonl

`{current}` and `{earlier}` stand for the ids of two snapshots, `{etag}` for what the server answered before.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

COUNT = 1000
GROUPS = ["region", "product", "stage", "status", "month", "colour"]
OTHER_PATHS = [
    "/api/summary",
    "/api/sales",
    "/api/sales",
    "/api/snapshots",
    "/api/openapi.json",
    "/healthz",
    "/api/nope",
    "/api/",
]
VALUES = {
    "region": ["North", "West", "", "north", "Nord%2FOst", "%C3%A9%26%2B", "%FF", "South%20"],
    "product": ["Sage+Intacct", "Sage%20HR", "", "Sage 50".replace(" ", "%2050")],
    "stage": ["Negotiation", "negotiation", "Proposal"],
    "not_stage": ["Prospecting", ""],
    "status": ["open", "closed", "won", "everything"],
    "from": ["2026-11-12", "2026-02-30", "1999-01-01", "tomorrow"],
    "to": ["2026-11-18", "9999-12-31", ""],
    "as_of": ["{current}", "{earlier}", "2026-11-22", "2020-01-01", "20200101T000000Z-00000000", "never"],
    "format": ["csv", "json", "xml"],
    "limit": ["1", "3", "0", "-1", "99999999999999999999"],
    "q": ["acme", "A%20B", ""],
    "sort": ["-amount", "sale_date", "customer"],
    "offset": ["2", "10000", "x"],
    "colour": ["red"],
}
CODINGS = [None, "gzip", "br", "gzip, deflate, br, zstd", "gzip;q=0, identity", "*;q=0", "identity;q=0.5, br;q=0.1"]
ACCEPTS = [None, "application/json", "text/csv", "text/html,application/xhtml+xml,*/*;q=0.8", "text/csv;q=0.1, */*"]
ORIGINS = [None, "https://app.example.com", "https://evil.example"]


def query_of(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return ""
    names = chance.choices(list(VALUES), k=chance.randint(1, 3))
    return "&".join(f"{name}={chance.choice(VALUES[name])}" for name in names)


def headers_of(chance: random.Random) -> dict[str, str]:
    given = {
        "accept-encoding": chance.choice(CODINGS),
        "accept": chance.choice(ACCEPTS),
        "origin": chance.choice(ORIGINS) if chance.random() < 0.3 else None,
        "if-none-match": chance.choice(['"0"', "*", "{etag}", 'W/{etag}, "1"']) if chance.random() < 0.3 else None,
        "x-raw": "1" if chance.random() < 0.1 else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def request_of(chance: random.Random) -> dict[str, Any]:
    method = chance.choices(["GET", "HEAD", "OPTIONS", "PUT"], [85, 7, 5, 3])[0]
    is_group = chance.random() < 0.7
    path = f"/api/pipeline/by-{chance.choice(GROUPS)}" if is_group else chance.choice(OTHER_PATHS)
    headers = headers_of(chance)
    if method == "OPTIONS":
        headers["access-control-request-method"] = chance.choice(["GET", "POST"])
    return {"method": method, "path": path, "query": query_of(chance), "headers": headers}


def main() -> None:
    chance = random.Random(int(sys.argv[1]))
    for _ in range(COUNT):
        print(json.dumps(request_of(chance), separators=(",", ":")))


if __name__ == "__main__":
    main()
