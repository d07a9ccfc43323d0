#!/usr/bin/env python3
"""Memory of `serve` at rest on the demo company, and the time from its start to its first answer."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import measure
from support.server import Server

PIPELINE = ["/api/pipeline/by-region", "/api/pipeline/by-product"]
PATHS = ["/api/summary", *PIPELINE, "/api/sales/last-month", "/api/snapshots"]
REST_SECONDS = 3


@dataclass
class Start:
    """What one start of the server showed."""

    answered_ms: float
    answered_cpu_ms: float
    held_mb: float


def start(data: Path, rest_seconds: float) -> Start:
    """Starts, asks, asks everything once, rests."""
    with Server(data) as server:
        server.get(PATHS[0])
        answered_ms, answered_cpu_ms = server.seconds_since_start() * 1000, server.cpu_seconds() * 1000
        for path in PATHS:
            server.get(path)
        time.sleep(rest_seconds)
        return Start(answered_ms, answered_cpu_ms, server.anonymous_bytes() / 1e6)


def run(chosen: argparse.Namespace) -> list[measure.Figure]:
    rounds, nights, rest_seconds = (1, 2, 0) if chosen.smoke else (chosen.rounds, 30, REST_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        measure.program(data, "demo", "--nights", str(nights))
        starts = [start(data, rest_seconds) for _ in range(rounds)]
    cpu_ms = statistics.median(once.answered_cpu_ms for once in starts)
    return [
        measure.median("start to first answer", 300, "ms", [once.answered_ms for once in starts], cpu_ms=cpu_ms),
        measure.median("memory at rest", 40, "MB", [once.held_mb for once in starts]),
    ]


def main() -> int:
    chosen = measure.arguments(__doc__, rounds=7).parse_args()
    return measure.conclude("rest", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
