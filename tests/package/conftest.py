"""Finds the archive and unpacks it once."""

import os
import sys
import tarfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "program"))
sys.path.insert(0, str(HERE.parent / "container"))
sys.path.insert(0, str(ROOT / "tools/dev"))


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
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    (folder,) = target.iterdir()
    return folder
