"""`revops import` and mappings: what it shows, what it asks, how it is answered, and what it remembers."""

from pathlib import Path

import pytest
from program_driver import Program, csv_text, sale, until

FILE = {"Content-Type": "application/octet-stream"}
JSON = {"Content-Type": "application/json"}
# Every date can be read in two ways.
AMBIGUOUS = (
    "Deal ID,Deal Name,Deal Stage,Close Date,Amount\n"
    "1,Acme,Won,11/12/2026,100.00\n2,Beta,Lost,01/02/2026,50.50\n3,Core,Open,05/06/2026,1.25\n"
)
DATES = {
    "day_month_year": ["2026-12-11", "2026-02-01", "2026-06-05"],
    "month_day_year": ["2026-11-12", "2026-01-02", "2026-05-06"],
}
STAGES = "Deal ID,Stage,Close Date,Amount\n1,Closed Won,2026-11-20,100.00\n2,Legal,2026-11-20,1.00\n"
DEALS = "Deal ID,Deal Stage,Close Date,Amount\n1,Won,2026-11-20,100.00\n"


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def dates(program: Program) -> list[str | None]:
    return [row["D"] for row in program.sql("SELECT SALE_DATE AS D FROM FCT_SALES ORDER BY SALE_ID")]


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture(params=["alone", "serve"])
def either(request: pytest.FixtureRequest, program: Program) -> Program:
    program.must("init")
    if request.param == "serve":
        program.serve()
    return program


def test_a_preview_says_what_would_become_of_it_and_writes_nothing(program: Program, tmp_path: Path) -> None:
    file = write(tmp_path / "deals.csv", AMBIGUOUS + "4,Dune,Won,02/03/2026,many\n")
    said = program.must("import", "--preview", file)
    assert said.startswith(f"{file}: Mapping deals, csv, UTF-8, 4 rows\n")
    rows = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert rows["sale_date"].split(maxsplit=1)[1].strip() == "Close Date"
    assert rows["amount"].split(maxsplit=1)[1].strip() == "Amount"
    assert "? " in said and "11/12/2026" in said
    assert "(--answer date_order=day_month_year or date_order=month_day_year)" in said
    assert "AMOUNT is not an amount" in said
    assert "3 rows would be taken, 1 refused; the amounts come to 151.75." in said
    assert not program.data.exists(), "not even the data folder"
    assert files_in(tmp_path) == ["deals.csv"], "no file of refused rows either"


def test_a_preview_of_several_files_names_each(either: Program, tmp_path: Path) -> None:
    before = files_in(either.data / "mappings")
    one, two = (write(tmp_path / f"{name}.csv", DEALS) for name in ("one", "two"))
    said = either.must("import", "--preview", "--mode", "replace", one, two)
    assert [line.split(":")[0] for line in said.splitlines() if "Mapping" in line] == [str(one), str(two)]
    assert either.count() == 0
    assert files_in(either.data / "mappings") == before == []


@pytest.mark.parametrize("order", list(DATES))
def test_a_question_is_answered_once(either: Program, tmp_path: Path, order: str) -> None:
    file = write(tmp_path / "deals.csv", AMBIGUOUS)
    said = either.refuse("import", file)
    assert "11/12/2026" in said and "--answer date_order=" in said
    assert "nothing was taken" in said and either.count() == 0
    either.must("import", "--answer", f"date_order={order}", file)
    assert dates(either) == DATES[order]
    again = write(tmp_path / "next-week.csv", AMBIGUOUS)
    either.must("import", "--mode", "replace", again)
    assert dates(either) == DATES[order], "it is remembered by the columns"


@pytest.mark.parametrize("written", ["1.200", "1,200"])
@pytest.mark.parametrize("mark", ["point", "comma"])
def test_a_decimal_mark_is_asked_for(program: Program, tmp_path: Path, written: str, mark: str) -> None:
    file = write(tmp_path / "deals.csv", DEALS.replace("100.00", f'"{written}"'))
    said = program.refuse("import", file)
    assert written in said and "--answer decimal_mark=" in said
    program.must("import", "--answer", f"decimal_mark={mark}", file)
    is_decimal = (written == "1.200") == (mark == "point")
    assert program.sql("SELECT AMOUNT FROM FCT_SALES") == [{"AMOUNT": "1.20" if is_decimal else "1200.00"}]


def test_a_total_below_the_rows_is_no_deal(program: Program, tmp_path: Path) -> None:
    program.must("init")
    for number, total in enumerate(("Total,,,150.50", ",,,150.50", "Grand total (2 records),,,1.00")):
        deals = DEALS + "2,Open,2026-11-21,50.50\n" + " , , , \n"
        file = write(tmp_path / f"deals-{number}.csv", deals + total + "\n")
        said = program.refuse("import", file)
        assert "1 row was refused" in said
        assert "of a deal: leave the row out" in Path(f"{file}.refused.csv").read_text()
        program.must("import", file, "--skip-refused", "--mode", "replace")
        assert program.sql("SELECT count(*) AS N, sum(AMOUNT) AS A FROM FCT_SALES") == [{"N": "2", "A": "150.50"}]


def test_amounts_of_two_imports_are_in_one_currency(either: Program, tmp_path: Path) -> None:
    dollars = write(tmp_path / "dollars.csv", DEALS.replace("100.00", "$100.00"))
    either.must("import", dollars)
    euros = write(tmp_path / "euros.csv", DEALS.replace("1,Won", "2,Won").replace("100.00", "€ 100.00"))
    assert "1 row was refused" in either.refuse("import", euros)
    others = "Deal ID,Status,Close Date,Amount,Currency\n3,Won,2026-11-20,100.00,EUR\n"
    said = either.refuse("import", write(tmp_path / "others.csv", others))
    assert "disagree about the currency" in said
    assert either.sql("SELECT sum(AMOUNT) AS A FROM FCT_SALES") == [{"A": "100.00"}]


def test_amounts_are_in_the_report_currency(either: Program, tmp_path: Path) -> None:
    with (either.data / "revops.toml").open("a") as settings:
        settings.write('[report]\ncurrency = "EUR"\n')
    either.close()
    dollars = write(tmp_path / "dollars.csv", DEALS.replace("100.00", "$100.00"))
    for options in ([], ["--as-of", "2026-11-20"], ["--mode", "replace"]):
        assert "report.currency is EUR" in either.refuse("import", dollars, *options)
    assert "report.currency is EUR" in either.must("import", "--preview", dollars)
    either.must("import", write(tmp_path / "euros.csv", DEALS.replace("100.00", "€ 100.00")))
    assert either.count() == 1


def test_what_would_surprise_is_said_after_an_import(program: Program, tmp_path: Path) -> None:
    program.must("init")
    assert "Taken for open: Legal (1 row)" in program.run("import", write(tmp_path / "a.csv", STAGES)).stderr
    later = program.run("import", write(tmp_path / "b.csv", STAGES.replace("Legal", "Bo\x1bard")))
    assert later.returncode == 0
    assert "These words of Stage count as unknown: Bo ard (1 row)" in later.stderr
    assert "\x1b" not in later.stderr + program.must("import", "--preview", tmp_path / "b.csv")


def test_ids_keep_their_zeros(program: Program, tmp_path: Path) -> None:
    program.must("init")
    program.must("import", write(tmp_path / "plain.csv", DEALS))
    padded = write(tmp_path / "padded.csv", DEALS.replace("1,Won", "001,Won"))
    assert "1 row was refused" in program.refuse("import", padded)
    assert "take ids as texts" in Path(f"{padded}.refused.csv").read_text()
    other = write(tmp_path / "other.csv", "Deal ID,Status,Amount\n001,Won,5\n002,Open,6\n")
    program.must("import", other)
    assert program.ids() == ["001", "002", "1"]


@pytest.mark.parametrize("first", ["date_order=day_month_year", "decimal_mark=point", "currency=USD"])
def test_every_question_wants_an_answer(either: Program, tmp_path: Path, first: str) -> None:
    text = AMBIGUOUS.replace("100.00", '"1,230"').replace("50.50", '"2,500"').replace("1.25", '"3,100"')
    file = write(tmp_path / "deals.csv", text)
    said = either.refuse("import", "--answer", first, file)
    assert "--answer date_order=" in said or "--answer decimal_mark=" in said
    assert f"--answer {first.split('=')[0]}=" not in said
    assert either.count() == 0
    either.must("import", "--answer", "decimal_mark=point", "--answer", "date_order=day_month_year", file)
    assert dates(either) == DATES["day_month_year"]
    assert either.sql("SELECT sum(AMOUNT) AS A FROM FCT_SALES") == [{"A": "6830.00"}]


@pytest.mark.parametrize(
    "answer", ["", "date_order", "date_order=", "date_order=yesterday", "decimal_mark=x", "currency=", "stage=Won"]
)
def test_an_answer_to_nothing_is_refused(program: Program, tmp_path: Path, answer: str) -> None:
    said = program.refuse("import", "--answer", answer, write(tmp_path / "deals.csv", AMBIGUOUS))
    assert "answers nothing" in said and "date_order=day_month_year" in said
    assert program.run("sql", "SELECT 1 FROM FCT_SALES").returncode != 0 or program.count() == 0


def test_a_wrong_currency_is_refused(program: Program, tmp_path: Path) -> None:
    said = program.refuse("import", "--answer", "currency=euro", write(tmp_path / "deals.csv", DEALS))
    assert "three capital letters" in said


def test_a_draft_is_finished_by_hand(either: Program, tmp_path: Path) -> None:
    file = write(tmp_path / "Q4 Deals.csv", AMBIGUOUS)
    said = either.refuse("import", file)
    draft = either.data / "mappings" / "q4-deals.toml.draft"
    assert str(draft) in said
    assert draft.stat().st_mode & 0o077 == 0
    text = draft.read_text()
    assert 'date_order = "' in text and 'amount = "Amount"' in text
    assert either.refuse("import", file) == said, "a draft is not read"
    for order in DATES:
        text = text.replace(f'date_order = "{order}"', 'date_order = "month_day_year"')
    draft.with_suffix("").write_text(text)
    draft.unlink()
    either.must("import", file)
    assert dates(either) == DATES["month_day_year"]


def test_a_mapping_is_chosen_by_name(either: Program, tmp_path: Path) -> None:
    """Also for a file of other columns, as long as it has those that the mapping reads."""
    either.must("import", write(tmp_path / "first.csv", DEALS))
    wide = write(
        tmp_path / "wide.csv", "Note,Amount,Deal ID,Deal Stage,Close Date,Owner\nx,7.00,9,Won,2026-11-21,Ann\n"
    )
    either.must("import", "--mapping", "first", wide)
    assert either.ids() == ["1", "9"]
    assert "OWNER" not in either.sql("SELECT * FROM FCT_SALES")[0]
    assert files_in(either.data / "mappings") == ["first.toml"]
    lacking = write(tmp_path / "lacking.csv", "Deal ID,Deal Stage,Amount\n1,Won,2\n")
    said = either.refuse("import", "--mapping", "first", lacking)
    assert "lacks the column Close Date, which the mapping first reads" in said
    assert either.count() == 2


def test_a_name_that_no_mapping_has(program: Program, tmp_path: Path) -> None:
    file = write(tmp_path / "deals.csv", DEALS)
    assert "there is no mapping 'x': none is remembered yet" in program.refuse("import", "--mapping", "x", file)
    program.must("import", file)
    assert "there is no mapping 'x'; there are deals" in program.refuse("import", "--mapping", "x", file)


def test_a_mapping_that_cannot_be_read_is_named(program: Program, tmp_path: Path) -> None:
    file = write(tmp_path / "deals.csv", DEALS)
    program.must("import", file)
    (program.data / "mappings" / "deals.toml").write_text("date_order = 'yesterday'\n")
    said = program.refuse("import", "--mapping", "deals", file)
    assert "mappings/deals.toml" in said and "date_order" in said
    assert program.count() == 1


def test_a_mapping_is_edited_by_hand(program: Program, tmp_path: Path) -> None:
    """What its words mean counts for the rows that are there, from the next refresh on."""
    program.must("import", write(tmp_path / "deals.csv", DEALS.replace("Won", "Dusted")))
    with program.serving() as server:

        def won() -> int:
            return {group["status"]: group["deals"] for group in server.get("/api/pipeline/by-status")["data"]}["won"]

        assert won() == 0
        mapping = program.data / "mappings" / "deals.toml"
        text = mapping.read_text()
        assert "[statuses]" not in text or "dusted" not in text
        mapping.write_text(text + ("" if "[statuses]" in text else "\n[statuses]\n") + 'dusted = "won"\n')
        assert server.refresh()["state"] == "succeeded"
        assert won() == 1


def test_files_of_different_mappings_do_not_go_together(program: Program, tmp_path: Path) -> None:
    own = write(tmp_path / "own.csv", csv_text([sale(1)]))
    said = program.refuse("import", write(tmp_path / "deals.csv", DEALS), own)
    assert "needs another mapping than" in said
    assert not (program.data / "mappings").exists() or files_in(program.data / "mappings") == []


def test_a_file_waits_for_seven_days(program: Program) -> None:
    program.now = "2026-11-22T10:00:00Z"
    program.must("init")

    def states() -> list[str]:
        return [entry["state"] for entry in server.get("/api/imports")["data"]]

    server = program.serve()
    assert server.ask("/api/imports?name=a.csv", "POST", FILE, DEALS.encode()).status == 201
    until(lambda: states() == ["waiting"], "the inspection")
    for now, expected in [("2026-11-29T09:59:00Z", ["waiting"]), ("2026-11-29T10:01:00Z", [])]:
        assert server.stop() == 0
        program.now = now
        server = program.serve()
        until(lambda: states() == expected, now)  # noqa: B023
    assert files_in(program.data / "imports") == []


def test_twenty_files_wait_at_most(program: Program) -> None:
    program.must("init")
    server = program.serve()
    for _ in range(20):
        assert server.ask("/api/imports?name=a.csv", "POST", FILE, DEALS.encode()).status == 201
    refused = server.ask("/api/imports?name=a.csv", "POST", FILE, DEALS.encode())
    assert refused.status == 507 and "discard some" in refused.json()["error"]["message"]
    first = server.get("/api/imports")["data"][0]["id"]
    until(lambda: server.get(f"/api/imports/{first}")["data"]["state"] == "waiting", "the inspection")
    assert server.ask(f"/api/imports/{first}", "DELETE", JSON).status == 200
    assert server.ask("/api/imports?name=a.csv", "POST", FILE, DEALS.encode()).status == 201


def test_killed_while_it_is_looked_at(program: Program) -> None:
    """It is looked at again after the next start, as often as it takes."""
    program.must("init")
    server = program.serve()
    text = "Deal ID,Deal Stage,Close Date,Amount\n" + "".join(
        f"{number},Won,2026-11-20,{number}.50\n" for number in range(200_000)
    )
    answer = server.ask("/api/imports?name=many.csv", "POST", FILE, text.encode())
    path = answer.headers["location"]
    for _ in range(3):
        server.kill()
        server = program.serve()
        assert server.get(path)["data"]["state"] in ("inspecting", "waiting")
    until(lambda: server.get(path)["data"]["state"] == "waiting", "the inspection", patience=60)
    assert server.get(f"{path}/inspection")["data"]["outcome"]["taken"] == 200_000
    body = b'{"mode": "replace", "skip_refused": false}'
    assert server.ask(f"{path}/take", "POST", JSON, body).status == 202
    until(lambda: server.get(path)["data"]["state"] == "done", "the import", patience=60)
    assert program.count() == 200_000
