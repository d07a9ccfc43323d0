"""A second reader, written from contracts/snapshot-format.md, opens what the program wrote."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from revops_snapshot import Damaged, Snapshot, open_current, parse_cube, read_pointer

GOLDEN = Path(__file__).resolve().parents[2] / "contracts/goldens/snapshot"
DIMENSIONS = ("PRODUCT", "REGION", "STAGE", "STATUS")


@pytest.fixture(params=["current", "earlier"])
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    if request.param == "current":
        return open_current(GOLDEN)
    ref = read_pointer(GOLDEN)["earlier"][0]
    return Snapshot(GOLDEN, ref["key"], ref["sha256"])


def all_refs(snapshot: Snapshot) -> list[dict]:
    manifest = snapshot.manifest
    refs = [manifest["definitions_object"], manifest["day_digests_object"], *manifest["views"].values()]
    for part in manifest["parts"]:
        refs += [part["rows_object"], part["ids_object"], part["cube_object"]]
    return refs


def test_every_object_matches_its_hash(snapshot: Snapshot) -> None:
    for ref in all_refs(snapshot):
        assert hashlib.sha256(snapshot.object(ref)).hexdigest() == ref["sha256"]


def test_content_hash_follows_from_the_rows(snapshot: Snapshot) -> None:
    lines = []
    for part in snapshot.manifest["parts"]:
        content = snapshot.object(part["rows_object"])
        lines.append(f"{part['month']} {len(snapshot.rows(part))} {hashlib.sha256(content).hexdigest()}\n")
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == snapshot.manifest["content_hash"]


def test_cubes_sum_up_the_rows(snapshot: Snapshot) -> None:
    for part in snapshot.manifest["parts"]:
        expected: Counter = Counter()
        for row in snapshot.rows(part):
            sold_on = row["SALE_DATE"].decode() if row["SALE_DATE"] else None
            assert (sold_on[:7] if sold_on else "undated") == part["month"]
            expected["rows", sold_on] += 1
            if row["AMOUNT"] is not None:
                expected["priced", sold_on] += 1
                expected["amount", sold_on] += Decimal(row["AMOUNT"].decode())
        found: Counter = Counter()
        for cell in snapshot.cells(part):
            sold_on = cell.sold_on.isoformat() if cell.sold_on else None
            found["rows", sold_on] += cell.rows
            found["priced", sold_on] += cell.priced
            found["amount", sold_on] += cell.amount
        assert +found == +expected and found["rows", None] == expected["rows", None]


def test_totals_and_views_are_those_of_the_cubes(snapshot: Snapshot) -> None:
    cells = [cell for part in snapshot.manifest["parts"] for cell in snapshot.cells(part)]
    for status, tally in snapshot.manifest["totals"].items():
        of_status = [cell for cell in cells if cell.labels["STATUS"] == status]
        assert tally["deals"] == sum(cell.rows for cell in of_status)
        assert tally["priced"] == sum(cell.priced for cell in of_status)
        assert Decimal(tally["amount"]) == sum(cell.amount for cell in of_status)
    for dimension in DIMENSIONS:
        name = dimension.lower()
        view = snapshot.json(snapshot.manifest["views"][f"by-{name}"])
        for group in view["data"]:
            of_group = [cell for cell in cells if cell.labels[dimension] == group[name]]
            assert group["deals"] == sum(cell.rows for cell in of_group)
            if group["amount"] is not None:
                assert Decimal(group["amount"]) == sum(cell.amount for cell in of_group)
        assert view["totals"]["deals"] == sum(cell.rows for cell in cells)


def test_ids_are_those_of_the_rows(snapshot: Snapshot) -> None:
    for part in snapshot.manifest["parts"]:
        ids = {int(row["SALE_ID"]) for row in snapshot.rows(part) if row["SALE_ID"] is not None}
        lines = snapshot.object(part["ids_object"]).decode().splitlines()
        assert lines == [str(value) for value in sorted(ids)]


def test_null_and_the_empty_text_stay_apart() -> None:
    snapshot = open_current(GOLDEN)
    rows = [row for part in snapshot.manifest["parts"] for row in snapshot.rows(part)]
    products = {row["PRODUCT"] for row in rows}
    assert None in products and b"" in products
    assert {b"a,b", b"line\nbreak", b"carriage\rreturn", b"\xff\xfe", b'"'} <= {row["CUSTOMER_NAME"] for row in rows}


def recipe(language: str) -> str:
    """The first fragment of that language in the format's page that reads rows."""
    page = (Path(__file__).resolve().parents[2] / "contracts/snapshot-format.md").read_text(encoding="utf-8")
    fragments = [part.removeprefix(language + "\n") for part in page.split("```")[1::2] if part.startswith(language)]
    return next(fragment for fragment in fragments if "revops/objects/" in fragment)


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_the_recipe_for_duckdb_reads_the_rows(snapshot: Snapshot) -> None:
    for part in snapshot.manifest["parts"]:
        statement = recipe("sql").replace("revops/objects/", f"{GOLDEN}/revops/objects/")
        statement = statement.replace("<hash>", part["rows_object"]["sha256"])
        if not is_utf8(snapshot.object(part["rows_object"])):
            with pytest.raises(duckdb.InvalidInputException, match="utf-8"):
                duckdb.sql(statement).fetchall()
            continue
        found = duckdb.sql(statement).fetchall()
        expected = [tuple(row.values()) for row in snapshot.rows(part)]
        as_text = [tuple(None if value is None else str(value).encode() for value in row) for row in found]
        assert as_text == expected


def test_the_recipe_for_the_command_line_proves_an_object(snapshot: Snapshot) -> None:
    if shutil.which("zstd") is None:
        pytest.skip("zstd is not on this machine")
    for part in snapshot.manifest["parts"]:
        sha256 = part["rows_object"]["sha256"]
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", recipe("sh")],
            cwd=GOLDEN,
            env={"hash": sha256, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split()[0] == sha256


def test_readable_copies_show_the_current_snapshot() -> None:
    import json

    copy = json.loads((GOLDEN / "pipeline/by-region/latest.json").read_bytes())
    snapshot = open_current(GOLDEN)
    view = snapshot.json(snapshot.manifest["views"]["by-region"])
    assert {"data": copy["data"], "totals": copy["totals"]} == view
    assert copy["meta"]["snapshot_id"] == snapshot.id
    assert copy["meta"]["content_hash"] == snapshot.manifest["content_hash"]


def test_damage_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shutil.copytree(GOLDEN, folder)
    snapshot = open_current(folder)
    ref = snapshot.manifest["parts"][0]["cube_object"]
    path = folder / f"revops/objects/{ref['sha256']}.{ref['extension']}"
    other = snapshot.manifest["parts"][1]["cube_object"]
    path.write_bytes((folder / f"revops/objects/{other['sha256']}.{other['extension']}").read_bytes())
    with pytest.raises(Damaged):
        snapshot.object(ref)
    with pytest.raises(Damaged):
        parse_cube(b"REVCUBE1" + bytes(8))
    manifest = folder / read_pointer(folder)["manifest"]["key"]
    manifest.write_bytes(manifest.read_bytes() + b" ")
    with pytest.raises(Damaged):
        open_current(folder)
