"""Workbooks part by part, as spreadsheet programs write them."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Cell = str | Decimal | int | date | None

_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" \
ContentType="application/xml"/><Override PartName="/xl/workbook.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{sheets}\
<Override PartName="/xl/styles.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>\
<Override PartName="/xl/sharedStrings.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""

_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
Target="xl/workbook.xml"/></Relationships>"""

# Cell styles: 0 general, 1 the built-in date, 2 a custom date with a time, 3 money.
_STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2">\
<numFmt numFmtId="164" formatCode="m/d/yyyy\\ h:mm"/><numFmt numFmtId="165" formatCode="&quot;$&quot;#,##0.00"/>\
</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>\
<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>\
<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>\
<xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>"""

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


class Workbook:
    """Sheets of rows; texts are shared strings unless `inline`."""

    def __init__(self, *, inline: bool = False, epoch_1904: bool = False) -> None:
        self._inline = inline
        self._epoch = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
        self._epoch_1904 = epoch_1904
        self._strings: dict[str, int] = {}
        self._sheets: list[tuple[str, str, bool]] = []

    def add_sheet(self, name: str, rows: list[list[Cell]], *, hidden: bool = False, hidden_columns: int = 0) -> None:
        columns = f'<cols><col min="1" max="{hidden_columns}" width="0" hidden="1"/></cols>' if hidden_columns else ""
        body = "".join(
            f'<row r="{number}">{"".join(self._cell(value, number, at) for at, value in enumerate(row))}</row>'
            for number, row in enumerate(rows, start=1)
        )
        sheet = f"{_DECLARATION}<worksheet {_MAIN} {_LINKS}>{columns}<sheetData>{body}</sheetData></worksheet>"
        self._sheets.append((name, sheet, hidden))

    def save(self, file: Path) -> Path:
        hides = {True: ' state="hidden"', False: ""}
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{i}"{hides[hidden]} r:id="rId{i}"/>'
            for i, (name, _, hidden) in enumerate(self._sheets, start=1)
        )
        epoch = '<workbookPr date1904="1"/>' if self._epoch_1904 else "<workbookPr/>"
        parts = {
            "[Content_Types].xml": _TYPES.format(
                sheets="".join(
                    f'<Override PartName="/xl/worksheets/sheet{i}.xml" '
                    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
                    for i in range(1, len(self._sheets) + 1)
                )
            ),
            "_rels/.rels": _RELATIONS,
            "xl/workbook.xml": f"{_DECLARATION}<workbook {_MAIN} {_LINKS}>{epoch}<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": self._workbook_relations(),
            "xl/styles.xml": _STYLES,
            "xl/sharedStrings.xml": self._shared_strings(),
        }
        for i, (_, sheet, _) in enumerate(self._sheets, start=1):
            parts[f"xl/worksheets/sheet{i}.xml"] = sheet
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(name, text)
        return file

    def _cell(self, value: Cell, row: int, column: int) -> str:
        place = f'r="{_letters(column)}{row}"'
        if value is None:
            return ""
        if isinstance(value, date):
            return f'<c {place} s="1"><v>{(value - self._epoch).days}</v></c>'
        if isinstance(value, Decimal):
            return f'<c {place} s="3"><v>{_double(value)}</v></c>'
        if isinstance(value, int):
            return f"<c {place}><v>{value}</v></c>"
        if self._inline:
            return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        index = self._strings.setdefault(value, len(self._strings))
        return f'<c {place} t="s"><v>{index}</v></c>'

    def _shared_strings(self) -> str:
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self._strings)
        return f'{_DECLARATION}<sst {_MAIN} uniqueCount="{len(self._strings)}">{items}</sst>'

    def _workbook_relations(self) -> str:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        links = [(f"rId{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(self._sheets) + 1)]
        links += [("rIdStyles", "styles", "styles.xml"), ("rIdStrings", "sharedStrings", "sharedStrings.xml")]
        items = "".join(
            f'<Relationship Id="{name}" Type="{kind}/{what}" Target="{target}"/>' for name, what, target in links
        )
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        return f'{_DECLARATION}<Relationships xmlns="{package}">{items}</Relationships>'


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _double(value: Decimal) -> str:
    """A number as spreadsheet programs write it: the shortest text of the double."""
    text = repr(float(value))
    return text.removesuffix(".0")


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
