"""Terraform on a copy of infrastructure/, with the provider from this machine, without network and account."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
INFRASTRUCTURE = ROOT / "infrastructure"
PLUGIN_FOLDERS = (
    Path("/opt/tf-plugins"),
    Path("/usr/local/share/terraform/plugins"),
    Path("/usr/share/terraform/plugins"),
    Path.home() / ".terraform.d/plugins",
    Path.home() / ".local/share/terraform/plugins",
)
FUNCTIONS = (
    "snowflake_to_s3_processor",
    "get_pipeline_by_region",
    "get_pipeline_by_product",
    "get_last_month_sales",
    "revops_api",
)
CANARY = "canary-4711-of-a-secret"
SETTINGS = {
    "snowflake_url": "abc123.us-east-1",
    "snowflake_user": "REVOPS",
    "snowflake_database": "SAGE_REVOPS",
    "snowflake_warehouse": "COMPUTE_WH",
    "snowflake_password_version": 1,
    "auth": "cognito",
    "admin_email": "admin@example.com",
    "alarm_email": "admin@example.com",
    "package_folder": "package",
    "page_folder": "tests/page",
    "enable_glue": True,
    "glue_script": str(ROOT / "glue-jobs/pipeline_aggregations.py"),
}
OFFLINE_PROVIDER = """
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = ACCOUNT_IS_UNKNOWN
  s3_use_path_style           = true
}
"""


def find_plugin_folder() -> Path | None:
    """The folder that holds registry.terraform.io with a provider for AWS."""
    folders = [Path(given) for given in [os.environ.get("REVOPS_TERRAFORM_PLUGINS")] if given]
    for folder in [*folders, *PLUGIN_FOLDERS]:
        if any(folder.glob("registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws*")):
            return folder
    return None


def write_function(path: Path, program: bytes) -> None:
    """A zip as ./dev package makes it: bootstrap alone, executable, the same bytes each time."""
    entry = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
    entry.external_attr = (stat.S_IFREG | 0o755) << 16
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, program)


@dataclass
class Workspace:
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, program: bytes = b"#!/bin/sh\nexit 1\n") -> Workspace:
        """Skips, naming what is missing, on a machine without Terraform or its provider."""
        if shutil.which("terraform") is None:
            pytest.skip("terraform is not on this machine")
        plugins = find_plugin_folder()
        if plugins is None:
            pytest.skip("Terraform's provider hashicorp/aws is not on this machine")
        shutil.copytree(INFRASTRUCTURE, folder, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars"))
        workspace = cls(folder)
        (folder / "package").mkdir()
        for function in FUNCTIONS:
            write_function(folder / "package" / f"{function}.zip", program + f"# {function}\n".encode())
        workspace.run("init", "-input=false", f"-plugin-dir={plugins}")
        return workspace

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """What it says; fails with that for another exit status."""
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        environment |= {
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_CLI_ARGS_test": "-no-color",
            **self.variables,
        }
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in codes, f"terraform {arguments[0]}: {done.stdout[-4000:]}{done.stderr[-4000:]}"
        return done.stdout

    def settle(self, override: str = "", *, has_account: bool = False, **settings: object) -> None:
        """Writes an override of the provider, and terraform.tfvars.json with the canary outside of it."""
        provider = OFFLINE_PROVIDER.replace("ACCOUNT_IS_UNKNOWN", "false" if has_account else "true")
        (self.folder / "offline_override.tf").write_text(provider + override, encoding="utf-8")
        (self.folder / "terraform.tfvars.json").write_text(json.dumps(SETTINGS | settings), encoding="utf-8")
        self.variables["TF_VAR_snowflake_password"] = CANARY

    def plan(self, *arguments: str) -> dict[str, Any]:
        self.run("plan", "-input=false", "-out=plan.tfplan", *arguments)
        return json.loads(self.run("show", "-json", "plan.tfplan"))

    def outputs(self) -> dict[str, Any]:
        return {name: output["value"] for name, output in json.loads(self.run("output", "-json")).items()}
