"""Finds the archive and unpacks it once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "program"))
sys.path.insert(0, str(HERE.parent / "container"))
sys.path.insert(0, str(ROOT / "tools/dev"))

from fresh_root import Container  # noqa: E402
from older_system import kept_system  # noqa: E402


@pytest.fixture(scope="session")
def archive() -> Path:
    named = os.environ.get("REVOPS_PACKAGE")
    found = (
        [Path(named)] if named else sorted(ROOT.glob("build/revops-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    )
    if not found or not found[-1].is_file():
        pytest.skip("no archive: ./dev package program makes it, or name one with REVOPS_PACKAGE")
    return found[-1]


@pytest.fixture(scope="session")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that tests only read."""
    target = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["tar", "-xzf", archive, "-C", target], check=True)
    (folder,) = target.iterdir()
    return folder


@pytest.fixture
def older(archive: Path, tmp_path: Path) -> Iterator[Container]:
    """A system of its own for each test, with the archive in /opt."""
    if "REVOPS_CONTAINERS" not in os.environ:
        pytest.skip("a root of an older system is made by ./dev check package alone")
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip("a root needs root and debootstrap")
    older = Container(tmp_path / "root")
    try:
        subprocess.run(["cp", "-a", kept_system(), older.root], check=True)
        shutil.copy(archive, older.path("/opt/"))
        yield older
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", str(older.root)], check=True)


@pytest.fixture
def folder(older: Container, archive: Path) -> str:
    """Where the archive is unpacked in it, by its own tar."""
    older.run(f"tar -C /opt -xzf /opt/{archive.name}")
    return f"/opt/{archive.name.removesuffix('.tar.gz')}"
