"""What infrastructure/ would make, without an account: its form, its own tests, and rules over a plan.

Skips, and says so, where Terraform or its provider is not on the machine.
"""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from terraform_workspace import CANARY, INFRASTRUCTURE, ROOT, Workspace

KINDS = [("rest", "cognito"), ("rest", "none"), ("http", "cognito")]
PATCHES_OF_EMULATORS = re.compile(r"127\.0\.0\.1|localhost:4566")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.make(tmp_path_factory.mktemp("terraform") / "infrastructure")


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(kind))
def plan(workspace: Workspace, request: pytest.FixtureRequest) -> dict[str, Any]:
    kind, auth = request.param
    workspace.settle(api_kind=kind, auth=auth, i_accept_a_public_api=auth == "none")
    return workspace.plan("-refresh=false")


def planned(plan: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    resources = plan["planned_values"]["root_module"]["resources"]
    return [resource.get("values", {}) for resource in resources if resource["type"] == kind]


def statements(plan: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Of every policy document, with what of it is known before anything is made."""
    return [
        (change["address"], statement)
        for change in plan["resource_changes"]
        if change["type"] == "aws_iam_policy_document"
        for statement in change["change"]["after"].get("statement") or []
    ]


def test_it_is_formatted(workspace: Workspace) -> None:
    assert workspace.run("fmt", "-check", "-recursive", str(INFRASTRUCTURE)) == ""


def test_it_is_valid(workspace: Workspace) -> None:
    said = json.loads(workspace.run("validate", "-json"))
    assert said["valid"]
    assert said["diagnostics"] == []


def test_its_own_tests_pass(workspace: Workspace) -> None:
    assert re.search(r"Success! [1-9][0-9]* passed, 0 failed\.", workspace.run("test"))


def test_the_provider_is_locked() -> None:
    lock = (INFRASTRUCTURE / ".terraform.lock.hcl").read_text(encoding="utf-8")
    assert 'provider "registry.terraform.io/hashicorp/aws"' in lock
    assert "h1:" in lock


def test_every_variable_and_output_says_what_it_is() -> None:
    for file in INFRASTRUCTURE.glob("*.tf"):
        for kind, name, body in re.findall(
            r'^(variable|output) "(\w+)" \{\n(.*?)^\}', file.read_text("utf-8"), re.M | re.S
        ):
            assert re.search(r'^  description += ".+"', body, re.M), f"{kind} {name} has no description"
            if kind == "variable":
                assert re.search(r"^  type +=", body, re.M), f"variable {name} has no type"
                assert "type        = bool" in body or "validation {" in body, f"variable {name} takes anything"


def test_no_action_and_no_resource_is_everything(plan: dict[str, Any]) -> None:
    seen = statements(plan)
    assert len(seen) > 12
    for address, statement in seen:
        if statement["effect"] == "Deny":
            continue
        assert not [action for action in statement["actions"] or [] if "*" in action], address
        assert "*" not in (statement["resources"] or []), address
        assert not statement["not_actions"] and not statement["not_resources"], address
        for principal in statement["principals"] or []:
            assert principal["type"] == "Service" and "*" not in principal["identifiers"], address


def test_what_each_function_may_do(plan: dict[str, Any]) -> None:
    allowed: dict[str, set[str]] = {}
    for address, statement in statements(plan):
        if re.search(r"document\.(function\[|processor|glue)", address):
            allowed.setdefault(re.sub(r".*\[\"|\"\]|.*\.", "", address), set()).update(statement["actions"])
    log = {"logs:CreateLogStream", "logs:PutLogEvents"}
    read = {"s3:GetObject", "s3:ListBucket"}
    secret = {"secretsmanager:GetSecretValue"}
    assert allowed == {
        "get_pipeline_by_region": log | read,
        "get_pipeline_by_product": log | read,
        "get_last_month_sales": log | secret,
        "revops_api": log | read | {"s3:PutObject", "lambda:InvokeFunction"},
        "processor": log | read | secret | {"s3:PutObject", "s3:DeleteObject", "sqs:SendMessage"},
        "glue[0]": log | read | secret | {"s3:PutObject", "glue:GetConnection"},
    }


def test_buckets_are_closed(plan: dict[str, Any]) -> None:
    assert len(planned(plan, "aws_s3_bucket")) == 2
    blocks = planned(plan, "aws_s3_bucket_public_access_block")
    assert len(blocks) == 2
    for block in blocks:
        for what in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"):
            assert block[what] is True
    for kind in ("versioning", "server_side_encryption_configuration", "lifecycle_configuration", "policy"):
        assert len(planned(plan, f"aws_s3_bucket_{kind}")) == 2, kind
    assert not planned(plan, "aws_s3_bucket_acl") and not planned(plan, "aws_s3_bucket_website_configuration")


def test_plain_http_is_refused(plan: dict[str, Any]) -> None:
    denied = [
        statement
        for address, statement in statements(plan)
        if "policy_document.bucket[" in address and statement["effect"] == "Deny"
    ]
    assert len(denied) == 2
    for statement in denied:
        assert statement["condition"] == [{"test": "Bool", "values": ["false"], "variable": "aws:SecureTransport"}]
        assert statement["actions"] == ["s3:*"]


def test_logs_are_kept_for_a_time(plan: dict[str, Any]) -> None:
    groups = planned(plan, "aws_cloudwatch_log_group")
    assert len(groups) == 8
    assert {group["retention_in_days"] for group in groups} == {30}


def test_a_secret_is_nowhere_in_the_plan(plan: dict[str, Any], workspace: Workspace) -> None:
    assert CANARY not in json.dumps(plan)
    assert CANARY.encode() not in (workspace.folder / "plan.tfplan").read_bytes()
    written = planned(plan, "aws_secretsmanager_secret_version")
    assert [version["secret_string"] for version in written] == [None]
    assert [version["secret_string_wo"] for version in written] == [None]


def test_functions_know_the_variables_that_they_are_told() -> None:
    """A name that Terraform sets and no function reads is a setting without effect."""
    told = re.findall(r"^ +((?:REVOPS|SNOWFLAKE)_[A-Z_]+) += ", (INFRASTRUCTURE / "main.tf").read_text("utf-8"), re.M)
    told += re.findall(r"\{ (REVOPS_[A-Z_]+) = ", (INFRASTRUCTURE / "lambdas.tf").read_text("utf-8"))
    assert len(told) > 15
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "lambdas").rglob("*.cc") if "_test" not in file.name)
    assert [name for name in told if f'"{name}"' not in sources] == []


def test_routes_are_those_of_the_contract() -> None:
    """Every path of the contract leads to a function; those that a process alone has are under no gateway."""
    contract = json.loads((ROOT / "contracts/openapi.json").read_text("utf-8"))
    text = (INFRASTRUCTURE / "api_gateway.tf").read_text("utf-8")
    routes = dict(re.findall(r'^ +"(api/[^"]+)" += \{ function = "(\w+)"', text, re.M))
    patterns = [re.sub(r"\\\{proxy\\\+\\\}", ".+", re.escape(route)) for route in routes]
    for path in contract["paths"]:
        is_routed = any(re.fullmatch(pattern, path.lstrip("/")) for pattern in patterns)
        assert is_routed == path.startswith("/api/"), path
    assert routes["api/pipeline/by-region"] == "get_pipeline_by_region"
    assert routes["api/pipeline/by-product"] == "get_pipeline_by_product"
    assert routes["api/sales/last-month"] == "get_last_month_sales"


def test_the_page_has_the_headers_that_serve_sends() -> None:
    server = (ROOT / "apps/revops/web_handler.cc").read_text("utf-8")
    headers = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', server))
    policy = re.search(r"Content-Security-Policy: (.*?)\\r\\n", headers)
    assert policy is not None
    text = (INFRASTRUCTURE / "frontend.tf").read_text("utf-8")
    block = re.search(r'content_security_policy = join\("; ", \[(.*?)\]\)', text, re.S)
    assert block is not None
    directives = re.findall(r'"([^"]+)"', block[1])
    assert [d for d in directives if not d.startswith("connect-src")] == [
        d for d in policy[1].split("; ") if not d.startswith("connect-src")
    ]
    for header in ("Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"):
        value = re.search(rf"{header}: (.*?)\\r\\n", headers)
        assert value is not None and f'value    = "{value[1]}"' in text, header


def test_the_example_sets_what_has_no_default() -> None:
    example = (INFRASTRUCTURE / "terraform.tfvars.example").read_text("utf-8")
    variables = (INFRASTRUCTURE / "variables.tf").read_text("utf-8")
    for name, body in re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', variables, re.M | re.S):
        if not re.search(r"^  default", body, re.M):
            assert re.search(rf"^{name} += ", example, re.M), name


def test_secrets_of_the_runbooks_stay_out_of_git() -> None:
    """Files that their commands write or read beside the sources, some of them with a key inside."""
    runbooks = [ROOT / f"docs/runbooks/{name}.md" for name in ("aws", "snowflake")]
    named = set(re.findall(r"[\w.-]+\.p8|glue_secret\.json", "".join(file.read_text("utf-8") for file in runbooks)))
    assert named >= {"rsa_key.p8", "new_key.p8", "glue_secret.json"}
    for file in [*named, "terraform.tfvars", "terraform.tfstate", "terraform.tfstate.backup", "plan.tfplan"]:
        ignored = subprocess.run(["git", "check-ignore", "-q", f"infrastructure/{file}"], cwd=ROOT, check=False)
        assert ignored.returncode == 0, file


# Of the command line itself; what it has beyond the services' own operations, with the options that we use.
GLOBAL_OPTIONS = {"--region", "--query", "--output", "--cli-binary-format", "--cli-read-timeout"}
CONVENIENCES = {"s3 ls": set(), "s3 cp": set(), "s3 sync": set(), "logs tail": {"--since"}}
EXTRA_OPTIONS = {"lambda publish-layer-version": {"--zip-file"}}


def aws_commands(text: str) -> list[list[str]]:
    """Every command of AWS's tool in a page, in a block or within a line; those named alone have no options."""
    text = re.sub(r"\\\n *", "", text)
    lines = [
        line for block in re.findall(r"^```\w*[^\n]*\n(.*?)^```", text, re.M | re.S) for line in block.splitlines()
    ]
    found = re.findall(r"(?:^|\$\()(aws [a-z].*)", "\n".join(lines), re.M) + re.findall(r"`(aws [a-z][^`]*)`", text)
    return [re.split(r" \| | && |[)]\"?$", command)[0].split() for command in found]


def test_commands_of_the_runbooks_are_those_of_awss_tool() -> None:
    """All of them, also those for trouble that no emulator has: the operation is there and takes these options."""
    models = botocore.session.Session()
    pages = [(ROOT / f"docs/runbooks/{name}.md").read_text("utf-8") for name in ("aws", "snowflake")]
    outputs = (INFRASTRUCTURE / "outputs.tf").read_text("utf-8")
    commands = [command for page in pages for command in aws_commands(page)]
    commands += [command.split("&&")[0].split() for command in re.findall(r'"(aws [^"]+)"', outputs)]
    assert len(commands) > 25
    for command in commands:
        service, operation = command[1], command[2].rstrip("`,")
        name = f"{service} {operation}"
        options = {re.split("[= ]", word)[0] for word in command[3:] if word.startswith("--")} - GLOBAL_OPTIONS
        if name in CONVENIENCES:
            assert options <= CONVENIENCES[name], command
            continue
        model = models.get_service_model(service.removesuffix("api"))
        operations = {xform_name(each, "-"): model.operation_model(each) for each in model.operation_names}
        assert operation in operations, command
        shape = operations[operation].input_shape
        members = {f"--{xform_name(member, '-')}" for member in (shape.members if shape else {})}
        assert options - EXTRA_OPTIONS.get(name, set()) <= members, command


def test_nothing_of_an_emulator_is_left() -> None:
    for file in INFRASTRUCTURE.glob("*.tf"):
        text = re.sub(r"(?s)variable \"page_origins\".*?\n\}", "", file.read_text("utf-8"))
        assert not PATCHES_OF_EMULATORS.search(text), file.name
