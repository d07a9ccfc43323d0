"""The same company as files of other systems: other names, texts for ids, money and dates as people write them."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

from support import measure

# What a mapping makes of them is held by tests; here they only have to be like the real ones.
DEALS = """
SELECT '006' || lpad(CAST(SALE_ID AS VARCHAR), 12, '0') AS "Opportunity ID", PRODUCT AS "Product", REGION AS "Region",
  '$' || format('{:,.2f}', CAST(AMOUNT AS DOUBLE)) AS "Amount",
  CASE STATUS WHEN 'Won' THEN 'Closed Won' WHEN 'Lost' THEN 'Closed Lost' ELSE STAGE END AS "Stage",
  CUSTOMER_NAME AS "Account Name", strftime(SALE_DATE, '%m/%d/%Y') AS "Close Date", 'Owner ' || SALE_ID % 40 AS "Owner"
FROM FCT_SALES"""

# The same work in bare SQL, by somebody who knows the columns beforehand.
TAKEN = """
INSERT INTO DEALS SELECT "Opportunity ID", "Product", "Region",
  CAST(replace(replace("Amount", '$', ''), ',', '') AS DECIMAL(12,2)), "Stage", "Account Name",
  CAST(strptime("Close Date", '%m/%d/%Y') AS DATE), "Stage", "Owner"
FROM read_csv('{file}', all_varchar = true)"""
TABLE = (
    "CREATE TABLE DEALS (SALE_ID VARCHAR, PRODUCT VARCHAR, REGION VARCHAR, AMOUNT DECIMAL(12,2), STAGE VARCHAR, "
    "CUSTOMER_NAME VARCHAR, SALE_DATE DATE, STATUS VARCHAR, OWNER VARCHAR)"
)


def write_csv(database: Path, file: Path) -> None:
    measure.in_duckdb(database, [f"COPY ({DEALS}) TO '{file}' (FORMAT csv, HEADER)"])


NAMES = ["Deal ID", "Deal Name", "Deal Stage", "Close Date", "Amount", "Deal Owner"]
STAGES = ["Appointment Scheduled", "Qualified to Buy", "Contract Sent", "Closed Won", "Closed Lost"]
PARTS = {
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="Deals" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet.xml"/>'
    '<Relationship Id="r2" Type="x/sharedStrings" Target="texts.xml"/>'
    '<Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}


def write_workbook(file: Path, rows: int) -> None:
    """Numbers, days as numbers, and shared texts, as spreadsheet programs write them."""
    chance = random.Random(1)
    texts: dict[str, int] = {}

    def text(value: str) -> str:
        return f't="s"><v>{texts.setdefault(value, len(texts))}</v>'

    def row(number: int, cells: list[str]) -> str:
        places = zip("ABCDEF", cells, strict=True)
        return f'<row r="{number}">' + "".join(f'<c r="{at}{number}" {cell}</c>' for at, cell in places) + "</row>"

    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
        with archive.open("xl/sheet.xml", "w") as sheet:
            sheet.write(f"<worksheet><sheetData>{row(1, [text(name) for name in NAMES])}".encode())
            for number in range(2, rows + 2):
                cells = [
                    f"><v>{number}</v>",
                    text(f"Deal {number}"),
                    text(chance.choice(STAGES)),
                    f's="1"><v>{chance.randrange(45_000, 46_400)}</v>',
                    f"><v>{chance.randrange(10**7) / 100}</v>",
                    text(f"Owner {chance.randrange(40)}"),
                ]
                sheet.write(row(number, cells).encode())
            sheet.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{value}</t></si>" for value in texts)
        archive.writestr("xl/texts.xml", f"<sst>{shared}</sst>")


# Reads every cell of a workbook, and makes nothing of them.
READ_WORKBOOK = """
import sys, zipfile
from xml.etree import ElementTree
with zipfile.ZipFile(sys.argv[1]) as archive:
    texts = ["".join(item.itertext()) for item in ElementTree.fromstring(archive.read("xl/texts.xml"))]
    cells = []
    for _, row in ElementTree.iterparse(archive.open("xl/sheet.xml")):
        if row.tag == "row":
            cells.append([texts[int(c[0].text)] if c.get("t") == "s" else float(c[0].text) for c in row])
            row.clear()
print(len(cells))
"""
