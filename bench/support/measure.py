"""What the benchmarks share: processor time of processes, paired ratios, judging and recording them."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("REVOPS_PROGRAM", ROOT / "build/release/revops"))
LIBRARY = PROGRAM.parent / "libduckdb.so"
PEER = Path(__file__).with_name("duckdb_peer.py")


@dataclass
class Usage:
    """What a process and those that it waited for have used."""

    cpu_seconds: float
    peak_bytes: int
    output: str


def measured(command: list[str | Path], given: str = "") -> Usage:
    """Runs a command to its end; RuntimeError unless it succeeds."""
    words, pipe = [str(word) for word in command], subprocess.PIPE
    process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(given)
    process.stdin.close()
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{shlex.join(map(str, command))}: {process.returncode} {errors}")
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, output)


def program(data: Path, *words: str | Path) -> Usage:
    return measured([PROGRAM, "--data", data, *words])


def in_duckdb(database: Path, statements: list[str]) -> float:
    """Processor seconds that bare DuckDB needs for the statements, opening and closing included."""
    given = json.dumps(statements)
    return json.loads(measured([sys.executable, PEER, LIBRARY, database], given).output)["all"]


@dataclass
class Figure:
    """One measured number with its target."""

    name: str
    value: float
    target: float
    unit: str
    spread: list[float]
    detail: dict[str, float]

    @property
    def is_met(self) -> bool:
        return self.value <= self.target

    def line(self) -> str:
        low, high = min(self.spread), max(self.spread)
        detail = "".join(f"; {name} {value:.4g}" for name, value in self.detail.items())
        verdict = "met" if self.is_met else "MISSED"
        return (
            f"{self.name}: {self.value:.3f} {self.unit} (target <= {self.target:g}, {verdict}; "
            f"{len(self.spread)} rounds {low:.3f}..{high:.3f}{detail})"
        )


def in_turns(rounds: int, ours: Callable[[], float], other: Callable[[], float]) -> list[tuple[float, float]]:
    """Processor seconds of both, side by side."""
    return [(ours(), other()) for _ in range(rounds)]


def ratio(name: str, target: float, pairs: list[tuple[float, float]]) -> Figure:
    """The median of ours ÷ other."""
    ratios = [a / b for a, b in pairs]
    detail = {
        "ours_cpu_s": statistics.median(a for a, _ in pairs),
        "other_cpu_s": statistics.median(b for _, b in pairs),
    }
    return Figure(name, statistics.median(ratios), target, "x", ratios, detail)


def seconds(name: str, target: float, pairs: list[tuple[float, float]]) -> Figure:
    """The median of ours; the other's beside it."""
    ours = [a for a, _ in pairs]
    detail = {
        "other_cpu_s": statistics.median(b for _, b in pairs),
        "ratio": statistics.median(a / b for a, b in pairs),
    }
    return Figure(name, statistics.median(ours), target, "CPU s", ours, detail)


def median(name: str, target: float, unit: str, values: list[float], **detail: float) -> Figure:
    return Figure(name, statistics.median(values), target, unit, values, detail)


def largest(name: str, target: float, unit: str, values: list[float]) -> Figure:
    return Figure(name, max(values), target, unit, values, {})


def arguments(description: str, rounds: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--record", action="store_true", help="write bench/results/NAME.json")
    parser.add_argument("--smoke", action="store_true", help="tiny and short; only shows that it works")
    return parser


def machine() -> str:
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model[1] if model else 'unknown'}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {os.uname().release}"


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *words], check=True, capture_output=True, text=True).stdout.strip()


def commit() -> str:
    """What was measured; "+": with local changes beside recorded results."""
    changes = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/results")
    return git("rev-parse", "--short=12", "HEAD") + ("+" if changes else "")


def conclude(name: str, figures: list[Figure], chosen: argparse.Namespace) -> int:
    """Prints the figures and records them if asked to; the exit status says whether all targets are met."""
    if chosen.smoke:
        print(f"{name} works: {', '.join(figure.name for figure in figures)}")
        return 0
    for figure in figures:
        print(figure.line(), flush=True)
    if chosen.record:
        result = {
            "benchmark": name,
            "command": shlex.join([f"bench/{name}/run", *sys.argv[1:]]),
            "commit": commit(),
            "measured_on": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "machine": machine(),
            "figures": [
                {
                    "name": figure.name,
                    "value": round(figure.value, 4),
                    "unit": figure.unit,
                    "target": figure.target,
                    "met": figure.is_met,
                    "rounds": [round(value, 4) for value in figure.spread],
                    **{key: round(value, 6) for key, value in figure.detail.items()},
                }
                for figure in figures
            ],
        }
        text = json.dumps(result, indent=2)
        one_line = re.sub(r"\[[-\d.,\s]+\]", lambda rounds: " ".join(rounds[0].split()), text)
        (ROOT / "bench/results" / f"{name}.json").write_text(one_line + "\n")
    return 0 if all(figure.is_met for figure in figures) else 1
