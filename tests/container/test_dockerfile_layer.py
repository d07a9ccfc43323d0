"""Dockerfile.layer, step by step in a new root. Some ten minutes, as root: ./dev check layer."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fresh_root import Container, parse

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = {folder.parent.name for folder in ROOT.glob("lambdas/*/main.cc")}

pytestmark = pytest.mark.timeout(3000)


def test_a_dockerfile_is_read_line_for_line() -> None:
    assert parse("# why\n\nFROM debian:12\nRUN a && b\n") == [("FROM", "debian:12"), ("RUN", "a && b")]
    for other in ("ARG name", "RUN a \\\n b"):
        with pytest.raises(ValueError, match="not understood"):
            parse(other)


def test_secrets_and_what_is_made_stay_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for what in (
        ".git",
        "build",
        ".deps",
        ".data",
        "data",
        "infrastructure/*.tfvars",
        "infrastructure/*.tfstate*",
        "infrastructure/*.tfplan",
        "infrastructure/glue_secret.json",
        "**/*.p8",
    ):
        assert what in ignored, what


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    if os.environ.get("REVOPS_CONTAINERS") != "layer":
        pytest.skip("a new root is made by ./dev check layer alone")
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip("a new root needs root and debootstrap")
    container = Container(tmp_path_factory.mktemp("container") / "root")
    try:
        container.apply(parse((ROOT / "Dockerfile.layer").read_text("utf-8")), ROOT)
        yield container
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", str(container.root)], check=True)


def test_the_functions_are_where_the_runbook_copies_them_from(container: Container) -> None:
    packed = {file.stem: file for file in container.path("/tmp/functions").iterdir()}
    assert set(packed) == FUNCTIONS
    for name, file in packed.items():
        with zipfile.ZipFile(file) as archive:
            assert archive.read("bootstrap").startswith(b"\x7fELF"), name
            assert "zoneinfo/Europe/London" in archive.namelist(), name
            assert sum(entry.startswith("certs/") for entry in archive.namelist()) > 100, name


def test_the_layer_is_where_it_always_was(container: Container) -> None:
    with zipfile.ZipFile(container.path("/tmp/snowflake-layer.zip")) as layer:
        names = layer.namelist()
    assert sum(name.startswith("certs/") for name in names) > 100
    assert "zoneinfo/Pacific/Auckland" in names
    for licence in ("boringssl", "tzdata", "ca-certificates", "libc6", "revops"):
        assert f"licences/{licence}.txt" in names


def test_the_layer_has_no_authority_of_the_building_machine(container: Container) -> None:
    with zipfile.ZipFile(container.path("/tmp/snowflake-layer.zip")) as layer:
        trusted = "".join(layer.read(name).decode("ascii") for name in layer.namelist() if name.startswith("certs/"))
    for own in Path("/usr/local/share/ca-certificates").glob("*.crt"):
        assert own.read_text("ascii").split("-----")[2].strip() not in trusted, own.name
