"""Which commands make a data folder, and who may read it."""

import stat
import tarfile
from pathlib import Path

import pytest
from program_driver import Program, csv_text, sale


@pytest.mark.parametrize(
    "words",
    [
        ["verify"],
        ["snapshots"],
        ["doctor"],
        ["sql", "SELECT 1"],
        ["process"],
        ["backup", "backup.tar"],
        ["restore", "20200101T000000Z-00000000"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_is_none_is_refused_and_not_made(program: Program, words: list[str], there: bool) -> None:
    if there:
        program.data.mkdir()
    said = program.refuse(*words)
    assert f"there is no data folder at {program.data}" in said
    assert "`revops init` makes one" in said
    assert program.data.exists() == there
    assert not there or not list(program.data.iterdir())


def test_import_makes_the_folder(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(csv_text([sale(1)]))
    program.must("import", file)
    assert program.count() == 1


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in [folder, *folder.rglob("*")] if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_what_it_makes_is_for_the_user_alone(program: Program, tmp_path: Path) -> None:
    program.must("init", "--sample")
    snapshot = program.process()["snapshot_id"]
    program.must("restore", snapshot)
    backup = tmp_path / "backup.tar"
    program.must("backup", backup)
    assert (program.data / "revops.toml").exists()
    assert open_to_others(program.data) == []
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with tarfile.open(backup) as archive:
        assert [member.name for member in archive if member.mode & 0o077] == []
    with program.serving():
        assert open_to_others(program.data) == []
