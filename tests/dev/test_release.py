"""./dev release, and the workflows that call it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
# What a package run leaves, without one.
NO_PACKAGE = """
command_package() {
  mkdir -p build/lambda
  echo program >"build/$(package_name).tar.gz"
  echo zip >build/lambda/f.zip
}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "CMakeLists.txt").write_text("project(revops VERSION 1.2.3 LANGUAGES CXX)\n", encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [Unreleased]\n\n- later\n\n## [1.2.3] - 2026-11-27\n\n- now\n\n## [1.2.2]\n\n- before\n",
        encoding="utf-8",
    )
    return tmp_path


def release(checkout: Path, *tag: str) -> subprocess.CompletedProcess[str]:
    parts = "".join(f"source {part};" for part in sorted(checkout.glob("tools/dev/*.sh")))
    script = f'{parts}{NO_PACKAGE}command_release "$@"'
    command = ["bash", "-euo", "pipefail", "-c", script, "release", *tag]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=60, check=False)


def test_a_release_has_everything_and_its_sums(checkout: Path) -> None:
    done = release(checkout, "v1.2.3")
    assert done.returncode == 0, done.stderr
    folder = checkout / "build/release-files"
    archive = "revops-1.2.3-linux-x86_64.tar.gz"
    assert {file.name for file in folder.iterdir()} == {archive, "f.zip", "SHA256SUMS", "NOTES.md"}
    checked = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert checked.stdout.splitlines() == ["f.zip: OK", f"{archive}: OK"]
    assert (folder / "NOTES.md").read_text("utf-8").strip() == "- now"


def test_the_sum_of_the_archive_is_shown(checkout: Path) -> None:
    parts = "".join(f"source {part};" for part in sorted(checkout.glob("tools/dev/*.sh")))
    made = 'setup_for() { :; }; package_program() { mkdir build; echo program >"build/$(package_name).tar.gz"; }; '
    command = ["bash", "-euo", "pipefail", "-c", f"{parts}{made}command_package program"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("  revops-1.2.3-linux-x86_64.tar.gz\n")


def test_a_tag_that_is_not_the_version_is_refused(checkout: Path) -> None:
    done = release(checkout, "v1.2.4")
    assert done.returncode == 1
    assert done.stderr.startswith("dev: the tag v1.2.4 is not of this version, 1.2.3\n")
    assert not (checkout / "build").exists()


@pytest.mark.parametrize(
    "log", ["# Changelog\n\n## [Unreleased]\n\n- later\n", "## [1.2.3]\n\n## [1.2.2]\n\n- before\n"]
)
def test_a_version_without_notes_is_refused(checkout: Path, log: str) -> None:
    (checkout / "CHANGELOG.md").write_text(log, encoding="utf-8")
    done = release(checkout, "v1.2.3")
    assert done.returncode == 1
    assert done.stderr.startswith("dev: CHANGELOG.md says nothing of 1.2.3\n")
    assert not (checkout / "build").exists()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_actions_of_others_are_pinned_and_may_read_alone(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    used = re.findall(r"uses: (.*)$", text, re.M)
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", name)] == []
    described = yaml.safe_load(text)
    assert described["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in described["jobs"].values())


def test_only_who_publishes_may_write() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))["jobs"]
    rights = {name: job.get("permissions", {}) for name, job in jobs.items()}
    writes = {name: {right for right, level in given.items() if level == "write"} for name, given in rights.items()}
    assert writes == {"archive": set(), "image": {"packages"}, "release": {"contents"}}
    # Nothing is published that was not tested.
    assert jobs["image"]["needs"] == "archive"
    assert jobs["release"]["needs"] == ["archive", "image"]
    commands = [step.get("run", "") for step in jobs["archive"]["steps"]]
    assert commands.index("bash dev test") < commands.index('bash dev release "$GITHUB_REF_NAME"')
