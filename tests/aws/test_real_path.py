"""The deployment as people have it: Terraform's provider against MiniStack, with the functions of ./dev package. Then

invoke or schedule → processor (reads the Snowflake simulator) → S3 → the API's address → JSON → the page in Chromium.

The emulator is asked over TLS, which the buckets insist on, verifies signatures, and lets each function do what its
role allows and nothing else.

Two minutes for each kind of API. Needs what test_terraform_apply.py needs, the packages and the built page, and skips
naming what is missing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from cloud import sample_rows
from distribution_peer import Distribution, emulated
from ministack_peer import VARIABLE, MiniStack
from program_driver import until
from terraform_workspace import FUNCTIONS, ROOT, Workspace
from test_terraform_apply import EMULATOR

import snowflake_peer
from simulation.tls import make_server_context

PAGE = ROOT / "frontend/dist"
# Where the emulator is, and whose certificates it and the simulator of Snowflake have; no account needs either.
PLACES = """
locals {
  system_environment = {
    AWS_ENDPOINT_URL = "https://127.0.0.1:PORT"
    SSL_CERT_FILE    = "AUTHORITY"
  }
}
"""
# Nobody waits for the night.
SCHEDULE = """
resource "aws_scheduler_schedule" "nightly" {
  schedule_expression = "rate(1 minute)"
}
"""

pytestmark = pytest.mark.timeout(900)


@dataclass
class Deployment:
    stack: MiniStack
    snowflake: snowflake_peer.Simulator
    outputs: dict[str, Any]
    authority: Path
    is_scheduled: bool

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.gateway,
            verify=str(self.authority),
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(s3={"addressing_style": "path"}, read_timeout=120, retries={"total_max_attempts": 1}),
        )

    @property
    def gateway(self) -> str:
        return f"https://127.0.0.1:{self.stack.port}"

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(verify=ssl.create_default_context(cafile=self.authority), timeout=60)

    @property
    def api_url(self) -> str:
        return emulated(self.gateway, self.outputs["api_url"])

    def ask(self, path: str, method: str = "GET") -> Any:
        content = {"content": "{}", "headers": {"Content-Type": "application/json"}} if method == "POST" else {}
        answer = self.http.request(method, self.api_url + path, **content)
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        return answer.json()

    def keys(self) -> set[str]:
        listed = self.client("s3").list_objects_v2(Bucket=self.outputs["s3_bucket"])
        return {item["Key"] for item in listed.get("Contents", [])}

    def night(self) -> str:
        """The snapshot that a run publishes, by the schedule or by hand."""
        if self.is_scheduled:
            until(lambda: "revops/current.json" in self.keys(), "the schedule", patience=180)
            return self.ask("/api/summary")["meta"]["snapshot_id"]
        report = self.run_processor({})
        assert (report["outcome"], report["rows"]) == ("published", 8)
        return report["snapshot_id"]

    def run_processor(self, event: Any) -> Any:
        name = self.outputs["function_names"]["snowflake_to_s3_processor"]
        done = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        said = json.load(done["Payload"])
        assert "FunctionError" not in done, said
        return said


@pytest.fixture(scope="module", params=["rest", "http"])
def deployment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    python = os.environ.get(VARIABLE)
    if python is None:
        pytest.skip(f"no MiniStack: {VARIABLE} is not set")
    package = Path(os.environ.get("REVOPS_FUNCTIONS", ROOT / "build/lambda"))
    missing = [name for name in FUNCTIONS if not (package / f"{name}.zip").is_file()]
    if missing:
        pytest.skip(f"no {missing[0]}.zip in {package}: ./dev package makes it")
    if not (PAGE / "index.html").is_file():
        pytest.skip("the page is not built")
    folder = tmp_path_factory.mktemp(f"path-{request.param}")
    workspace = Workspace.make(folder / "infrastructure")
    (folder / "stack").mkdir()
    _, authority = make_server_context(folder, "Authority of the emulator", [])
    served = str(folder / "server.pem")
    secured = {"AUTH": "true", "USE_SSL": "1", "MINISTACK_SSL_CERT": served, "MINISTACK_SSL_KEY": served}
    stack = MiniStack.start(python, folder / "stack", **secured)
    snowflake = snowflake_peer.Simulator.start()
    try:
        snowflake.reset()
        snowflake.control("rows", {"rows": sample_rows(), "mode": "replace"})
        assert snowflake.ca_file is not None
        trusted = folder / "trusted.pem"
        trusted.write_bytes(authority.read_bytes() + Path(snowflake.ca_file).read_bytes())
        places = PLACES.replace("PORT", str(stack.port)).replace("AUTHORITY", str(trusted))
        is_scheduled = request.param == "http"
        override = EMULATOR + places + (SCHEDULE if is_scheduled else "")
        given = settings(snowflake, package) | {"api_kind": request.param}
        workspace.settle(override, has_account=True, **given)
        del workspace.variables["TF_VAR_snowflake_password"]
        workspace.variables |= {"AWS_ENDPOINT_URL": f"https://127.0.0.1:{stack.port}", "AWS_CA_BUNDLE": str(authority)}
        workspace.run("apply", "-auto-approve", "-input=false", "-parallelism=30")
        yield Deployment(stack, snowflake, workspace.outputs(), authority, is_scheduled)
    finally:
        snowflake.stop()
        stack.stop()


def settings(snowflake: snowflake_peer.Simulator, package: Path) -> dict[str, Any]:
    return {
        "snowflake_url": f"https://localhost:{snowflake.port}",
        "snowflake_account_name": "TESTORG-TESTACCOUNT",
        "snowflake_database": "REVOPS",
        "snowflake_schema": "PUBLIC",
        "snowflake_warehouse": "REVOPS_WH",
        "snowflake_role": "REVOPS_READER",
        "snowflake_password_version": 0,
        "auth": "none",
        "i_accept_a_public_api": True,
        "package_folder": str(package.resolve()),
        "page_folder": str(PAGE),
        "enable_glue": False,
    }


def shown(address: str, *, until_it_says: str, profile: Path) -> str:
    """The page's text in Chromium, once it has drawn what it reads."""
    browser = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    if browser is None:
        pytest.skip("Chromium is not on this machine")
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
    ]
    for _ in range(5):
        done = subprocess.run(
            [*command, f"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom", address],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        text = re.sub(r"<[^>]+>", " ", done.stdout)
        if until_it_says in text:
            return text
    raise AssertionError(f"the page never says {until_it_says}: {done.stdout[-3000:]}{done.stderr[-3000:]}")


def test_from_a_row_in_snowflake_to_the_page(deployment: Deployment, tmp_path: Path) -> None:
    private_key = deployment.snowflake.key.private_pem.decode()
    name = re.search(r"--secret-id (\S+)", deployment.outputs["next_1_put_key"])
    assert name is not None
    deployment.client("secretsmanager").put_secret_value(SecretId=name[1], SecretString=private_key)

    snapshot = deployment.night()
    copies = {"pipeline/by-region/latest.json", "pipeline/by-product/latest.json"}
    until(lambda: copies <= deployment.keys(), "the readable copies")

    regions = deployment.ask("/api/pipeline/by-region")
    assert (regions["totals"]["amount"], regions["meta"]["snapshot_id"]) == ("490000.00", snapshot)
    assert deployment.ask("/api/pipeline/by-product?region=North")["totals"]["deals"] == 3
    assert len(deployment.ask("/api/sales/last-month")["data"]) == 8
    assert deployment.ask("/api/summary")["meta"]["snapshot_id"] == snapshot

    page = Distribution(deployment.client("cloudfront"), deployment.client("s3"), deployment.gateway, deployment.http)
    try:
        text = shown(f"http://{page.address}/", until_it_says="490,000", profile=tmp_path / "browser")
        assert "Acme Corp" in text and "Sage Intacct" in text
        assert ("/api/sales/last-month", 200) in page.asked and ("/api/pipeline/by-region", 200) in page.asked
    finally:
        page.close()


def test_a_refresh_over_the_api_runs_the_processor(deployment: Deployment) -> None:
    before = deployment.ask("/api/summary")["meta"]["snapshot_id"]
    row = [*sample_rows()[0][:3], "200000", *sample_rows()[0][4:]]
    deployment.snowflake.control("rows", {"rows": [["99", *row[1:]]], "mode": "append"})
    assert deployment.ask("/api/sales/last-month")["totals"]["deals"] == 9
    job = deployment.ask("/api/refresh", "POST")["data"]["id"]
    until(lambda: deployment.ask(f"/api/refresh/{job}")["data"]["state"] not in {"queued", "running"}, "the refresh")
    assert deployment.ask(f"/api/refresh/{job}")["data"]["state"] == "succeeded"
    assert deployment.ask("/api/pipeline/by-region")["totals"]["amount"] == "690000.00"
    assert deployment.ask("/api/summary")["meta"]["snapshot_id"] != before


# Last, since it takes a role's permissions away.
def test_roles_are_what_lets_functions_in(deployment: Deployment) -> None:
    name = deployment.outputs["function_names"]["revops_api"]
    deployment.client("iam").delete_role_policy(RoleName=name, PolicyName="function")
    refused = deployment.http.post(
        deployment.api_url + "/api/refresh", content="{}", headers={"Content-Type": "application/json"}
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (502, "permission_denied")
