"""The built program with its snapshots on versitygw: an S3 that others wrote, which verifies signatures and conditions.

Skips where REVOPS_VERSITYGW does not name its program (`./dev check infrastructure` makes it).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from lambda_peer import free_port
from program_driver import Program, until

BUCKET, PREFIX = "revops-test", "team/sales"
ACCESS_KEY, SECRET_KEY = "KEYOFTESTS", "a/secret+key of tests"


@dataclass
class Gateway:
    """An empty bucket in a folder, behind S3's protocol."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def start(cls, program: str, folder: Path) -> Gateway:
        port = free_port()
        objects, versions = folder / "objects", folder / "versions"
        objects.mkdir()
        versions.mkdir()
        process = subprocess.Popen(
            [
                program,
                "--quiet",
                "--port",
                f"127.0.0.1:{port}",
                "posix",
                "--versioning-dir",
                str(versions),
                str(objects),
            ],
            env={"PATH": os.environ["PATH"], "ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        gateway = cls(process, port)
        until(gateway.answers, "versitygw")
        gateway.client().create_bucket(Bucket=BUCKET)
        return gateway

    def answers(self) -> bool:
        assert self.process.poll() is None, "versitygw does not start"
        try:
            self.client().list_buckets()
        except Exception:
            return False
        return True

    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def program(self, executable: Path, data: Path, **changed: str) -> Program:
        settings = {
            "REVOPS_STORE_URL": f"s3://{BUCKET}/{PREFIX}",
            "REVOPS_STORE_REGION": "us-east-1",
            "REVOPS_STORE_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_SESSION_TOKEN": "",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return Program(executable, data, settings | changed)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    program = os.environ.get("REVOPS_VERSITYGW")
    if not program:
        pytest.skip("REVOPS_VERSITYGW does not name versitygw")
    started = Gateway.start(program, tmp_path)
    yield started
    started.stop()


def test_snapshots_are_published_read_and_verified(gateway: Gateway, executable: Path, tmp_path: Path) -> None:
    program = gateway.program(executable, tmp_path / "data")
    program.must("init", "--sample")
    first = program.process()
    assert (first["outcome"], first["rows"]) == ("published", 8)
    assert program.process()["outcome"] == "unchanged"
    program.must("sql", "UPDATE FCT_SALES SET AMOUNT = 1 WHERE SALE_ID = 1")
    second = program.process()
    assert second["outcome"] == "published"
    assert {entry["snapshot"] for entry in program.snapshots()} == {first["snapshot_id"], second["snapshot_id"]}
    assert program.must("verify").endswith(" 0 damaged\n")
    with program.serving() as server:
        assert server.get("/api/pipeline/by-region")["totals"]["amount"] == "340001.00"
    program.close()


def test_a_wrong_secret_is_refused_and_writes_nothing(gateway: Gateway, executable: Path, tmp_path: Path) -> None:
    program = gateway.program(executable, tmp_path / "data", AWS_SECRET_ACCESS_KEY="another")
    program.must("init", "--sample")
    refused = program.run("process")
    assert refused.returncode == 1
    assert "SignatureDoesNotMatch" in refused.stderr and "another" not in refused.stderr
    assert "Contents" not in gateway.client().list_objects_v2(Bucket=BUCKET)
    program.close()


def test_two_publishers_at_once_leave_one_whole_pointer(gateway: Gateway, executable: Path, tmp_path: Path) -> None:
    programs = [gateway.program(executable, tmp_path / name) for name in ("one", "two")]
    for number, program in enumerate(programs):
        program.must("init", "--sample")
        program.must("sql", f"UPDATE FCT_SALES SET AMOUNT = {number} WHERE SALE_ID = 1")
    for _ in range(3):
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda program: program.run("process"), programs))
        # Who loses the swap starts over, or says so; never both, and never a torn pointer.
        assert 0 in [each.returncode for each in done], [each.stderr for each in done]
        assert programs[0].must("verify").endswith(" 0 damaged\n")
    for program in programs:
        program.close()
