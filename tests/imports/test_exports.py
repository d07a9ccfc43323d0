"""Each system's export, imported as it is, gives the totals that the deals give."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import crm_exports
import crm_spreadsheets
import pytest
from crm_company import Deal, make_company
from crm_oracle import Export, Totals, all_totals
from program_driver import Program, Server

Writer = Callable[[Path, list[Deal], random.Random], Export]

WRITERS: list[Writer] = [
    crm_exports.salesforce_report,
    crm_exports.salesforce_data_export,
    crm_exports.hubspot,
    crm_exports.dynamics,
    crm_exports.pipedrive,
    crm_spreadsheets.german_excel,
    crm_spreadsheets.us_excel,
    crm_spreadsheets.unicode_text,
    crm_spreadsheets.french_excel,
    crm_spreadsheets.workbook,
]


def shown(server: Server, dimension: str) -> Totals:
    groups: list[dict[str, Any]] = server.get(f"/api/pipeline/by-{dimension}")["data"]
    return {group[dimension]: (group["deals"], group["amount"]) for group in groups if group["deals"]}


def assert_shows(server: Server, deals: list[Deal], export: Export) -> None:
    for dimension, expected in all_totals(deals, export).items():
        assert shown(server, dimension) == expected, dimension


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_an_export_gives_the_totals_of_its_deals(write: Writer, program: Program, seed: int, tmp_path: Path) -> None:
    deals = make_company(seed)
    export = write(tmp_path, deals, random.Random(seed))
    program.must("import", export.file)
    assert program.count() == len(deals)
    with program.serving() as server:
        assert_shows(server, deals, export)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_old_exports_are_history(write: Writer, program: Program, seed: int, tmp_path: Path) -> None:
    """The same system's export of two days: the older one is seen as of its day, the newer one is current."""
    days = ["2026-11-08", "2026-11-15"]
    exports = []
    for at, day in enumerate(days):
        folder = tmp_path / day
        folder.mkdir()
        deals = make_company(seed + at, count=60 + at)
        export = write(folder, deals, random.Random(seed))
        dated = export.file.with_name(f"{day}{export.file.suffix}")
        export.file.rename(dated)
        exports.append((deals, export, dated))
    program.must("import", "--as-of", "from-name", *(dated for _, _, dated in exports))
    assert [entry["business date"] for entry in program.snapshots()] == days[::-1]
    with program.serving() as server:
        deals, export, _ = exports[0]
        for dimension, expected in all_totals(deals, export).items():
            groups = server.get(f"/api/pipeline/by-{dimension}?as_of={days[0]}")["data"]
            seen = {group[dimension]: (group["deals"], group["amount"]) for group in groups if group["deals"]}
            assert seen == expected, dimension
        assert_shows(server, *exports[1][:2])
