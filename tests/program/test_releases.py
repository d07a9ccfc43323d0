"""Data folders as earlier versions left them: this version opens each, shows the same and goes on from there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from program_driver import REPOSITORY, Program, until

RELEASES = sorted(file.parent for file in (REPOSITORY / "tests" / "fixtures" / "releases").glob("*/data.tar.gz"))
JSON = {"Content-Type": "application/json"}


@dataclass
class Kept:
    """A copy of a release's folder, and what the release said of it."""

    program: Program
    answers: dict[str, Any]
    ids: list[str | None]


def test_a_release_is_kept() -> None:
    assert RELEASES


def unpack(archive: Path, folder: Path) -> None:
    subprocess.run(["tar", "-xf", archive, "-C", folder, "--no-same-owner"], check=True)


@pytest.fixture(params=RELEASES, ids=lambda folder: folder.name)
def kept(request: pytest.FixtureRequest, executable: Path, tmp_path: Path) -> Iterator[Kept]:
    expected = json.loads((request.param / "expected.json").read_text(encoding="utf-8"))
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    unpack(request.param / "data.tar.gz", data)
    program = Program(executable, data, now=expected["now"])
    yield Kept(program, expected["answers"], expected["ids"])
    program.close()


def differences(expected: Any, said: Any, where: str = "") -> Iterator[str]:
    """What was said before and is not said now; a later version may say more."""
    if isinstance(expected, dict) and isinstance(said, dict):
        for name, value in expected.items():
            if name in said:
                yield from differences(value, said[name], f"{where}.{name}")
            else:
                yield f"{where}.{name} is gone"
    elif isinstance(expected, list) and isinstance(said, list) and len(expected) == len(said):
        for at, (before, now) in enumerate(zip(expected, said, strict=True)):
            yield from differences(before, now, f"{where}[{at}]")
    elif expected != said:
        yield f"{where}: {expected!r} became {said!r}"


def test_it_answers_as_before(kept: Kept) -> None:
    with kept.program.serving() as server:
        for question, before in kept.answers.items():
            assert list(differences(before, server.get(question))) == [], question
    assert kept.program.ids() == kept.ids


def test_every_byte_is_verified(kept: Kept) -> None:
    assert "0 damaged" in kept.program.must("verify")
    assert "FAIL" not in kept.program.run("doctor").stdout


def test_the_night_finds_the_same_content(kept: Kept) -> None:
    before = kept.answers["/api/snapshots"]["data"][0]["content_hash"]
    assert kept.program.process()["content_hash"] == before
    assert json.loads(kept.program.must("process", "--full"))["content_hash"] == before
    assert "0 damaged" in kept.program.must("verify")


def test_its_import_is_undone(kept: Kept) -> None:
    snapshots = kept.answers["/api/snapshots"]["data"]
    kept.program.must("import", "--undo")
    assert kept.program.process()["content_hash"] == snapshots[1]["content_hash"]
    assert list((kept.program.data / "mappings").iterdir()) == []


def test_its_mapping_reads_the_next_file(kept: Kept, tmp_path: Path) -> None:
    (mapping,) = kept.answers["/api/mappings"]["data"]
    columns = [name for name in mapping["columns"].values() if name] + [
        dimension["column"] for dimension in mapping["dimensions"]
    ]
    again = {name: "" for name in columns} | {mapping["columns"]["sale_id"]: "105", mapping["columns"]["amount"]: "7"}
    file = tmp_path / "another-name.csv"
    others = [f"Column {number}" for number in range(3)]
    file.write_text(",".join([*again, *others]) + "\n" + ",".join(again.values()) + ",,,\n", encoding="utf-8")
    kept.program.must("import", "--mapping", mapping["name"], "--mode", "upsert", file)
    assert kept.program.count() == len(kept.ids) + 1


def test_what_waited_still_waits_and_is_taken(kept: Kept) -> None:
    (waiting,) = [job for job in kept.answers["/api/imports"]["data"] if job["state"] == "waiting"]
    path = f"/api/imports/{waiting['id']}"
    with kept.program.serving() as server:
        inspection = server.get(f"{path}/inspection")["data"]
        assert inspection["questions"]
        mapping = json.dumps(inspection["mapping"] | {"date_order": "month_day_year"}).encode()
        assert server.ask(f"{path}/mapping", "PUT", JSON, mapping).json()["data"]["ready"]
        take = json.dumps({"mode": "append", "skip_refused": False}).encode()
        assert server.ask(f"{path}/take", "POST", JSON, take).status == 202
        until(lambda: server.get(path)["data"]["state"] == "done", "the import")
    assert kept.program.count() == len(kept.ids) + 1


def test_each_snapshot_is_restored(kept: Kept, tmp_path: Path) -> None:
    for snapshot in kept.answers["/api/snapshots"]["data"]:
        kept.program.must("restore", snapshot["id"])
        assert kept.program.process()["content_hash"] == snapshot["content_hash"]
        assert kept.program.count() == snapshot["rows"]


def test_a_backup_of_it_is_whole(kept: Kept, executable: Path, tmp_path: Path) -> None:
    kept.program.must("backup", tmp_path / "backup.tar")
    copy = Program(executable, tmp_path / "copy", now=kept.program.now)
    copy.data.mkdir(mode=0o700)
    unpack(tmp_path / "backup.tar", copy.data)
    assert "0 damaged" in copy.must("verify")
    assert copy.ids() == kept.ids
