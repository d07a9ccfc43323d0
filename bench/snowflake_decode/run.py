#!/usr/bin/env python3
"""Decoding of Snowflake's partitions: processor time per MB of JSON, beside Boost.JSON's DOM."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import measure

PROGRAM = Path(__file__).resolve().parents[2] / "build/release/bench/snowflake_decode/bench_snowflake_decode"
TARGET_MS = 1000 / 300  # 300 MB a second
LINE = re.compile(r"(\w+) +ours +(\d+) MB/s .* DOM +(\d+) MB/s")


def main() -> int:
    chosen = measure.arguments(__doc__ or "", rounds=3).parse_args()
    ours: dict[str, list[float]] = {}
    dom: dict[str, list[float]] = {}
    for _ in range(1 if chosen.smoke else chosen.rounds):
        done = subprocess.run([PROGRAM], capture_output=True, text=True, check=False)
        for name, speed, peer in LINE.findall(done.stdout):
            ours.setdefault(name, []).append(1000 / float(speed))
            dom.setdefault(name, []).append(1000 / float(peer))
    if not ours:
        raise RuntimeError(f"{PROGRAM} measured nothing")
    figures = [
        measure.median(f"{name} rows", TARGET_MS, "ms/MB", values, dom_ms_per_mb=min(dom[name]))
        for name, values in ours.items()
    ]
    return measure.conclude("snowflake_decode", figures, chosen)


if __name__ == "__main__":
    sys.exit(main())
