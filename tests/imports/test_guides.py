"""What docs/guides says of each system is so: its columns, what becomes of them, its commands in their order."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import crm_exports
import crm_spreadsheets
import pytest
from crm_company import Deal, make_company
from crm_oracle import Export
from documented_commands import commands, environment, run, words
from program_driver import Program, csv_text, find_program, sale, until
from test_exports import assert_shows

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
HEADER = re.compile(r"^[ ]*```text header\n[ ]*(.*?)\n[ ]*```$", re.MULTILINE)
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \|$", re.MULTILINE)
WATCHED = re.compile(r"^```toml watched\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = "2026-11-22T10:00:00Z"
OLD = ["2026-11-01", "2026-11-08"]


@dataclass(frozen=True)
class Guide:
    page: str
    write: Callable[[Path, list[Deal], random.Random], Export]
    header: list[str]
    first: str
    """The file of the first import; the one of the week after has the other name."""
    second: str
    old: str = "{}.csv"


ALL = [
    Guide("salesforce", crm_exports.salesforce_report, crm_exports.SALESFORCE_REPORT, "pipeline.csv", "next-week.csv"),
    Guide(
        "hubspot",
        crm_exports.hubspot,
        crm_exports.HUBSPOT,
        "hubspot-crm-exports-all-deals-2026-11-15.csv",
        "hubspot-crm-exports-all-deals-2026-11-22.csv",
        "hubspot-crm-exports-all-deals-{}.csv",
    ),
    Guide(
        "dynamics",
        crm_exports.dynamics,
        crm_exports.DYNAMICS,
        "opportunities.xlsx",
        "next-week.xlsx",
        "opportunities-{}.xlsx",
    ),
    Guide("pipedrive", crm_exports.pipedrive, crm_exports.PIPEDRIVE, "deals.csv", "next-week.csv", "deals-{}.csv"),
    Guide("spreadsheet", crm_spreadsheets.us_excel, crm_spreadsheets.US_EXCEL, "pipeline.csv", "next-week.csv"),
]

UNCLEAR = 'Deal,Customer,Amount,Close Date,Stage\n1,Acme,"1,234",11/12/2026,Proposal\n2,Beta,"5,678",10/11/2026,Won\n'


def page(guide: Guide) -> Path:
    return GUIDES / f"{guide.page}.md"


def seed_of_the_guides_columns(guide: Guide, folder: Path, seed: int) -> int:
    """The first from `seed` on of which the generator makes a file as the guide shows it: its columns, one currency."""
    for chosen in range(seed, seed + 1000):
        export = guide.write(folder, make_company(1, count=1), random.Random(chosen))
        if export.abroad or export.file.suffix != Path(guide.first).suffix:
            continue
        if export.file.suffix == ".xlsx" or header_of(export.file) == guide.header:
            return chosen
    raise AssertionError("the generator never makes such a file")


def header_of(file: Path) -> list[str]:
    first = file.read_bytes().splitlines()[0].decode("utf-8-sig")
    return [name.strip('"') for name in first.split(",")]


def write(guide: Guide, folder: Path, name: str, deals: list[Deal], seed: int) -> Export:
    made = folder / f"made-{name}"
    made.mkdir()
    export = guide.write(made, deals, random.Random(seed))
    export.file.rename(folder / name)
    made.rmdir()
    return export


@pytest.mark.parametrize("guide", ALL, ids=lambda guide: guide.page)
def test_a_guide_shows_the_columns_that_are_tested(guide: Guide) -> None:
    (shown,) = HEADER.findall(page(guide).read_text(encoding="utf-8"))
    assert shown.split(",") == guide.header


@pytest.mark.parametrize("guide", ALL, ids=lambda guide: guide.page)
def test_the_commands_of_a_guide_do_what_it_says(guide: Guide, seed: int, tmp_path: Path) -> None:
    seed = seed_of_the_guides_columns(guide, tmp_path, seed)
    first, second = make_company(seed, count=60), make_company(seed + 1, count=70)
    export = write(guide, tmp_path, guide.first, first, seed)
    write(guide, tmp_path, guide.second, second, seed)
    (tmp_path / "unclear.csv").write_text(UNCLEAR)
    (tmp_path / "old").mkdir()
    for day in OLD:
        write(guide, tmp_path / "old", guide.old.format(day), make_company(seed + 2, count=30), seed)
    shell = environment(find_program(), tmp_path)
    program = Program(find_program(), tmp_path / "company")
    for line in commands(page(guide)):
        said = run(line, tmp_path, shell)
        if "--preview" in line:
            assert_becomes(guide, said)
            assert not program.data.exists(), "a preview writes nothing"
        elif "unclear.csv" in line:
            assert program.count() == 2
        elif "--as-of" in line:
            assert {entry["business date"] for entry in program.snapshots()} >= set(OLD)
        else:
            with program.serving() as server:
                assert_shows(server, second if "upsert" in line else first, export)
    program.must("verify")


def assert_becomes(guide: Guide, said: str) -> None:
    """The table of the guide is the one that the preview prints."""
    table = dict(ROW.findall(page(guide).read_text(encoding="utf-8")))
    assert len(table) >= 7
    printed = dict(re.findall(r"^(\w+) {2,}(\S.*?)$", said.split("\n\n")[0], re.MULTILINE))
    for column, of_the_file in table.items():
        name = column.lower() if column.lower() in printed else column
        assert printed[name] == of_the_file, column
    assert "hiddenSheet" not in said, "Dynamics' own, of which nobody knows"


def test_the_commands_for_every_week_work(tmp_path: Path) -> None:
    for name in ("deals.csv", "last-month.csv"):
        (tmp_path / name).write_text(csv_text([sale(1), sale(2)]))
    (tmp_path / "old").mkdir()
    for day in OLD:
        (tmp_path / "old" / f"{day}.csv").write_text(csv_text([sale(1), sale(3)]))
    shell = environment(find_program(), tmp_path)
    listed = [run(line, tmp_path, shell) for line in commands(GUIDES / "every-week.md") if words(line)]
    assert any(day in listed[-2] for day in OLD), "the snapshots"


def test_the_watched_folder_that_is_shown_takes_files(tmp_path: Path) -> None:
    (settings,) = WATCHED.findall((GUIDES / "every-week.md").read_text(encoding="utf-8"))
    program = Program(find_program(), tmp_path / "company", now=NOW)
    program.must("init")
    with (program.data / "revops.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + settings)
    inbox = program.data / "inbox"
    inbox.mkdir()
    with program.serving() as server:
        deals = make_company(7, count=20)
        export = crm_exports.hubspot(tmp_path, deals, random.Random(7))
        export.file.rename(inbox / "deals.csv")
        until((inbox / "imported" / "2026-11-22-deals.csv").exists, "the import")
        assert_shows(server, deals, export)
        (inbox / "unclear.csv").write_text(UNCLEAR)
        until((inbox / "refused" / "unclear.csv.why.txt").exists, "the reason")
