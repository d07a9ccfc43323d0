"""Requests that nobody thought of, made from the contract; every answer has to fit it."""

import random
import subprocess
import sys
from pathlib import Path

from program_driver import Server

CONTRACT = Path(__file__).resolve().parents[2] / "contracts/openapi.json"
# Texts with NUL, 31 February and a POST without content type fit the schema and are refused on purpose.
EXCLUDED_CHECKS = "positive_data_acceptance,unsupported_method"


def test_answers_to_generated_requests_fit_the_contract(served: Server, tmp_path: Path) -> None:
    seed = random.randrange(2**31)
    done = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), "run", CONTRACT]
        + ["--url", f"http://{served.host}:{served.port}", "--exclude-path", "/api/events"]
        + ["--phases", "examples,fuzzing", "--max-examples", "25", "--seed", str(seed), "--generation-database", "none"]
        + ["--exclude-checks", EXCLUDED_CHECKS, "--request-timeout", "20", "--no-color"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 0, f"--seed {seed}\n{done.stdout[-6000:]}"
    assert "Tested: 30" in done.stdout, done.stdout[-1000:]
