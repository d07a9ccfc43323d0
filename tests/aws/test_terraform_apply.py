"""The whole of infrastructure/ applied to MiniStack by the real provider, used, looked at again and destroyed.

About two minutes, most of them the provider's own waiting. Needs Terraform, its provider, and MiniStack by
REVOPS_MINISTACK_PYTHON; skips naming what is missing. The functions are stand-ins that say which of them was asked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from ministack_peer import VARIABLE, MiniStack
from terraform_workspace import CANARY, ROOT, Workspace

PASSWORD = "a-Password-of-Tests-1"
# What the emulator does not do as AWS does.
EMULATOR = """
locals {
  rest_limits = { "*/*" = var.api_requests_per_second }
}

resource "aws_cognito_user_pool" "this" {
  password_policy {
    minimum_length                   = 8
    temporary_password_validity_days = 7
  }
}

resource "aws_cognito_user_pool_client" "page" {
  dynamic "refresh_token_rotation" {
    for_each = []

    content {
      feature = "ENABLED"
    }
  }
}

resource "aws_glue_connection" "snowflake" {
  lifecycle {
    ignore_changes = [tags_all]
  }
}
"""
DRIFTS = {
    "aws_glue_job",
    "aws_cloudwatch_metric_alarm",
    "aws_cloudfront_response_headers_policy",
}
RUNBOOK = ROOT / "docs/runbooks/aws.md"
# Commands of the runbook, as they stand there, in one shell: terraform and the address are the emulator's.
SHELL = """
set -euo pipefail
terraform() { [ "$*" = 'output -raw api_url' ] && echo "$EMULATED_API_URL" || command terraform "$@"; }
aws() {
  local given=("$@") kept=() argument
  for argument in "${given[@]}"; do
    case $argument in --cli-binary-format | raw-in-base64-out) ;; *) kept+=("$argument") ;; esac
  done
  if command aws --version | grep -q aws-cli/1; then command aws "${kept[@]}"; else command aws "$@"; fi
}
"""
STAND_IN = f"""#!{sys.executable}
import json, os, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(base + "next") as call:
        name = call.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(call)
    told = {{key: value for key, value in os.environ.items() if key.startswith(("REVOPS", "SNOWFLAKE"))}}
    said = {{"function": os.environ["AWS_LAMBDA_FUNCTION_NAME"], "path": event.get("path"), "told": told}}
    answer = {{"statusCode": 200, "headers": {{"Content-Type": "application/json"}}, "body": json.dumps(said)}}
    urllib.request.urlopen(urllib.request.Request(base + name + "/response", json.dumps(answer).encode())).read()
"""

pytestmark = pytest.mark.timeout(900)


@dataclass
class Deployment:
    workspace: Workspace
    stack: MiniStack
    outputs: dict[str, Any]

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.stack.port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    @property
    def api_url(self) -> str:
        api = re.match(r"https://(\w+)\.execute-api\.us-east-1\.amazonaws\.com/prod$", self.outputs["api_url"])
        assert api is not None
        return f"http://127.0.0.1:{self.stack.port}/restapis/{api[1]}/prod/_user_request_"

    def ask(self, path: str, token: str = "", method: str = "GET") -> httpx.Response:
        return httpx.request(method, self.api_url + path, headers={"Authorization": token} if token else {}, timeout=30)

    def sign_in(self) -> str:
        """The first user's ID token, once an administrator has given him a password."""
        pool, client = self.outputs["user_pool_id"], self.outputs["user_pool_client_id"]
        cognito = self.client("cognito-idp")
        cognito.admin_set_user_password(
            UserPoolId=pool, Username="admin@example.com", Password=PASSWORD, Permanent=True
        )
        return cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "admin@example.com", "PASSWORD": PASSWORD},
        )["AuthenticationResult"]["IdToken"]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    python = os.environ.get(VARIABLE)
    if python is None:
        pytest.skip(f"no MiniStack: {VARIABLE} is not set")
    folder = tmp_path_factory.mktemp("apply")
    workspace = Workspace.make(folder / "infrastructure", STAND_IN.encode())
    (folder / "stack").mkdir()
    stack = MiniStack.start(python, folder / "stack")
    try:
        workspace.settle(EMULATOR, has_account=True)
        workspace.variables["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{stack.port}"
        workspace.run("apply", "-auto-approve", "-input=false", "-parallelism=30")
        yield Deployment(workspace, stack, workspace.outputs())
        # The emulator may refuse the first time what it has just let go of.
        workspace.run("destroy", "-auto-approve", "-input=false", "-parallelism=30", codes=(0, 1))
        workspace.run("destroy", "-auto-approve", "-input=false", "-parallelism=30")
        assert workspace.run("state", "list") == ""
        assert left_behind(Deployment(workspace, stack, {})) == []
    finally:
        stack.stop()


def left_behind(deployment: Deployment) -> list[str]:
    """Everything of every service that the configuration uses; the emulator was empty before."""
    ask = deployment.client
    groups = ask("logs").describe_log_groups()["logGroups"]
    distributions = ask("cloudfront").list_distributions()["DistributionList"].get("Items", [])
    return [
        *(function["FunctionName"] for function in ask("lambda").list_functions()["Functions"]),
        *(bucket["Name"] for bucket in ask("s3").list_buckets()["Buckets"]),
        *(secret["Name"] for secret in ask("secretsmanager").list_secrets()["SecretList"]),
        *(role["RoleName"] for role in ask("iam").list_roles()["Roles"] if role["RoleName"].startswith("sage-")),
        *(group["logGroupName"] for group in groups if "sage-" in group["logGroupName"]),
        *(api["name"] for api in ask("apigateway").get_rest_apis()["items"]),
        *(pool["Name"] for pool in ask("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]),
        *ask("sqs").list_queues().get("QueueUrls", []),
        *(topic["TopicArn"] for topic in ask("sns").list_topics()["Topics"]),
        *(schedule["Name"] for schedule in ask("scheduler").list_schedules()["Schedules"]),
        *(alarm["AlarmName"] for alarm in ask("cloudwatch").describe_alarms()["MetricAlarms"]),
        *(distribution["Id"] for distribution in distributions),
        *(job["Name"] for job in ask("glue").get_jobs()["Jobs"]),
        *(connection["Name"] for connection in ask("glue").get_connections()["ConnectionList"]),
    ]


def test_each_route_leads_to_its_function(deployment: Deployment) -> None:
    token = deployment.sign_in()
    for path, function in {
        "/api/pipeline/by-region": "sage-get-pipeline-by-region",
        "/api/pipeline/by-product": "sage-get-pipeline-by-product",
        "/api/sales/last-month": "sage-get-last-month-sales",
        "/api/pipeline/by-stage": "sage-revops-api",
        "/api/sales": "sage-revops-api",
        "/api/summary": "sage-revops-api",
        "/api/refresh/0123456789abcdef0123456789abcdef": "sage-revops-api",
    }.items():
        answer = deployment.ask(path, token)
        assert (answer.status_code, answer.json()["function"]) == (200, function), path
        assert answer.json()["path"] == path


def test_nobody_is_let_in_without_a_token(deployment: Deployment) -> None:
    for token in ("", "Bearer forged", "Bearer " + ".".join(["e30"] * 3)):
        answer = deployment.ask("/api/pipeline/by-region", token)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unauthenticated"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_a_preflight_needs_no_token(deployment: Deployment) -> None:
    answer = deployment.ask("/api/sales/last-month", method="OPTIONS")
    assert (answer.status_code, answer.json()["function"]) == (200, "sage-revops-api")


def test_a_route_that_is_none_is_refused_in_the_contracts_form(deployment: Deployment) -> None:
    answer = deployment.ask("/nothing")
    assert answer.status_code == 403
    assert answer.json()["error"]["message"] == "Missing Authentication Token"


def test_the_processor_runs_by_hand(deployment: Deployment) -> None:
    done = deployment.client("lambda").invoke(FunctionName="sage-snowflake-data-processor", Payload=b"{}")
    said = json.loads(json.load(done["Payload"])["body"])
    assert said["told"]["REVOPS_STORE_URL"] == f"s3://{deployment.outputs['s3_bucket']}"
    secret = said["told"]["SNOWFLAKE_SECRET_ARN"]
    assert CANARY not in json.dumps(said)
    assert deployment.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == CANARY


def test_the_page_is_published(deployment: Deployment) -> None:
    s3 = deployment.client("s3")
    (bucket,) = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if "-page-" in bucket["Name"]]
    sign_in = json.load(s3.get_object(Bucket=bucket, Key="sign-in.json")["Body"])
    assert sign_in["kind"] == "cognito"
    assert sign_in["client_id"] == deployment.outputs["user_pool_client_id"]
    for key in ("index.html", "data"):
        index = s3.get_object(Bucket=bucket, Key=key)
        assert (index["ContentType"], index["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
        assert b'data-sign-in="/sign-in.json"' in index["Body"].read()


def test_the_job_of_glue_runs_the_script_and_is_told_where(deployment: Deployment) -> None:
    glue = deployment.client("glue")
    job = glue.get_job(JobName=deployment.outputs["glue_job_name"])["Job"]
    bucket = deployment.outputs["s3_bucket"]
    assert job["Command"]["ScriptLocation"] == f"s3://{bucket}/glue-jobs/pipeline_aggregations.py"
    script = deployment.client("s3").get_object(Bucket=bucket, Key="glue-jobs/pipeline_aggregations.py")["Body"].read()
    assert script == (ROOT / "glue-jobs/pipeline_aggregations.py").read_bytes()
    asked = re.search(r"names = \[(.*?)\]", script.decode(), re.S)
    assert asked is not None
    told = {name.removeprefix("--") for name in job["DefaultArguments"]}
    assert set(re.findall(r'"(\w+)"', asked[1])) - told == {"JOB_NAME"}
    [connection] = job["Connections"]["Connections"]
    properties = glue.get_connection(Name=connection)["Connection"]["ConnectionProperties"]
    assert json.loads(properties["SparkProperties"])["secretId"] == "sage-revops/snowflake-glue"


def test_policies_name_exactly_what_they_allow(deployment: Deployment) -> None:
    state = json.loads(deployment.workspace.run("show", "-json"))
    policies = [
        (resource["address"], json.loads(resource["values"]["policy"]))
        for resource in state["values"]["root_module"]["resources"]
        if resource["type"] == "aws_iam_role_policy"
    ]
    assert len(policies) == 7
    account = r"arn:aws:(lambda|sqs|logs|secretsmanager|glue):us-east-1:\d{12}:[\w/:.-]*sage-[\w/:.-]+(:\*)?"
    catalog = r"arn:aws:glue:us-east-1:\d{12}:catalog"
    bucket = (
        r"arn:aws:s3:::sage-revops-data-\d+(/((revops|revops/jobs|pipeline)/\*|glue-jobs/pipeline_aggregations\.py))?"
    )
    for address, policy in policies:
        for statement in policy["Statement"]:
            resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            for resource in resources:
                assert re.fullmatch(f"{account}|{catalog}|{bucket}", resource), f"{address}: {resource}"


def test_a_secret_is_nowhere_in_the_state(deployment: Deployment) -> None:
    files = [file for file in deployment.workspace.folder.glob("*.tfstate*") if file.is_file()]
    assert files
    assert not [file.name for file in files if CANARY in file.read_text("utf-8")]


def test_a_second_plan_changes_nothing(deployment: Deployment) -> None:
    plan = deployment.workspace.plan("-parallelism=30")
    changed = {
        change["type"]
        for change in plan["resource_changes"]
        if change["change"]["actions"] not in (["no-op"], ["read"])
    }
    assert changed <= DRIFTS
    assert {change["change"]["actions"][0] for change in plan["resource_changes"]} <= {"no-op", "update", "read"}


def test_a_changed_function_is_the_only_change(deployment: Deployment) -> None:
    package = Path(deployment.workspace.folder / "package")
    kept = (package / "revops_api.zip").read_bytes()
    (package / "revops_api.zip").write_bytes((package / "get_last_month_sales.zip").read_bytes())
    try:
        plan = deployment.workspace.plan("-refresh=false")
    finally:
        (package / "revops_api.zip").write_bytes(kept)
    changed = [c["address"] for c in plan["resource_changes"] if c["change"]["actions"] not in (["no-op"], ["read"])]
    assert [address for address in changed if address.split(".")[0] not in DRIFTS] == [
        'aws_lambda_function.api["revops_api"]'
    ]


def runbook_commands(*headings: str) -> str:
    """The shell blocks under these headings, in the order of the page."""
    sections = re.split(r"^## ", RUNBOOK.read_text("utf-8"), flags=re.M)
    chosen = [section for section in sections if section.splitlines()[0] in headings]
    assert len(chosen) == len(headings)
    return "\n".join(block for section in chosen for block in re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S))


# Last, since it puts another secret where Terraform wrote one.
def test_the_commands_of_the_runbook_work(deployment: Deployment) -> None:
    if shutil.which("aws") is None:
        pytest.skip("the AWS CLI is not on this machine")
    deployment.sign_in()
    folder = deployment.workspace.folder
    for key in ("pipeline/by-region/latest.json", "pipeline/by-product/latest.json", "revops/current.json"):
        deployment.client("s3").put_object(Bucket=deployment.outputs["s3_bucket"], Key=key, Body=b"{}")
    for key in ("rsa_key.p8", "new_key.p8"):
        (folder / key).write_text(f"a key of tests: {key}", encoding="utf-8")
    commands = runbook_commands(
        "First run",
        "Look at the data",
        "Call the endpoints",
        "Sign in and out",
        "Spark instead",
        "Rotate the key",
        "Roll back",
    )
    done = subprocess.run(
        ["bash", "-c", SHELL + deployment.outputs["next_1_put_key"] + "\n" + commands],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CHECKPOINT_DISABLE": "1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{deployment.stack.port}",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "EMULATED_API_URL": deployment.api_url,
            "REVOPS_EMAIL": "admin@example.com",
            "REVOPS_PASSWORD": PASSWORD,
            "THEIR_EMAIL": "grace@example.com",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for function in ("snowflake-data-processor", "get-pipeline-by-region", "get-last-month-sales"):
        assert f"sage-{function}" in done.stdout
    held = deployment.client("secretsmanager").get_secret_value(SecretId="sage-revops/snowflake")
    assert held["SecretString"] == "a key of tests: new_key.p8"
    for_glue = deployment.client("secretsmanager").get_secret_value(SecretId="sage-revops/snowflake-glue")
    assert json.loads(for_glue["SecretString"]) == {"sfUser": "REVOPS", "pem_private_key": "a key of tests: rsa_key.p8"}
    [run] = deployment.client("glue").get_job_runs(JobName=deployment.outputs["glue_job_name"])["JobRuns"]
    assert run["JobName"] == "sage-revops-pipeline-aggregations"
