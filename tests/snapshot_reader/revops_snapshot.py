"""Reads snapshots as contracts/snapshot-format.md describes them; knows nothing of the program that writes them."""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

FORMAT = 1


class Damaged(Exception):
    """Something stored is not what was written."""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Damaged(what)


def _decompress(path: Path, size: int) -> bytes:
    try:
        import zstandard

        with path.open("rb") as stream, zstandard.ZstdDecompressor().stream_reader(stream) as reader:
            return reader.read(size + 1)
    except ImportError:
        return subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout


def parse_rows(content: bytes) -> Iterator[list[bytes | None]]:
    """Records of canonical CSV with the header first; NULL is None, the empty text is b""."""
    at, record = 0, []
    while at < len(content):
        if content[at : at + 1] == b'"':
            end = content.index(b'"', at + 1)
            while content[end + 1 : end + 2] == b'"':
                end = content.index(b'"', end + 2)
            value, at = content[at + 1 : end].replace(b'""', b'"'), end + 1
        else:
            end = min(e for e in (content.find(b",", at), content.find(b"\n", at)) if e >= 0)
            value, at = content[at:end] or None, end
        record.append(value)
        if content[at : at + 1] == b"\n":
            yield record
            record = []
        at += 1


@dataclass
class Cell:
    sold_on: date | None
    labels: dict[str, str | None]
    rows: int
    priced: int
    amount: Decimal


class _Cursor:
    def __init__(self, content: bytes):
        self.content, self.at = content, 0

    def take(self, size: int) -> bytes:
        taken = self.content[self.at : self.at + size]
        _require(len(taken) == size, "a cube is too short")
        self.at += size
        return taken

    def u32(self) -> int:
        return int(struct.unpack("<I", self.take(4))[0])

    def text(self) -> str:
        return self.take(self.u32()).decode("utf-8", "surrogateescape")

    def column(self, code: str, count: int) -> array:
        column = array(code, self.take(count * array(code).itemsize))
        if struct.pack("=I", 1) != struct.pack("<I", 1):
            column.byteswap()
        return column


def parse_cube(content: bytes) -> list[Cell]:
    cursor = _Cursor(content)
    _require(cursor.take(8) == b"REVCUBE1", "this is no cube")
    dimensions, dates, cells = struct.unpack("<IIQ", cursor.take(16))
    days = [date(1970, 1, 1) + timedelta(days=n) for n in cursor.column("i", dates)] + [None]
    dictionaries = []
    for _ in range(dimensions):
        name = cursor.text()
        dictionaries.append((name, [None] + [cursor.text() for _ in range(cursor.u32())]))
    date_codes = cursor.column("I", cells)
    codes = [cursor.column("I", cells) for _ in range(dimensions)]
    rows, priced = cursor.column("Q", cells), cursor.column("Q", cells)
    cents = [int.from_bytes(cursor.take(16), "little", signed=True) for _ in range(cells)]
    _require(cursor.at == len(content), "a cube is too long")
    return [
        Cell(
            days[date_codes[i]],
            {name: labels[codes[d][i]] for d, (name, labels) in enumerate(dictionaries)},
            rows[i],
            priced[i],
            Decimal(cents[i]).scaleb(-2),
        )
        for i in range(cells)
    ]


class Snapshot:
    """One manifest and what it names; everything is checked against its hash before it is given out."""

    def __init__(self, folder: Path, key: str, sha256: str | None = None):
        content = (folder / key).read_bytes()
        self.folder, self.id = folder, Path(key).stem
        _require(_sha256(content).startswith(self.id.rsplit("-", 1)[1]), f"{key} does not prove itself")
        _require(sha256 in (None, _sha256(content)), f"{key} is not what the pointer names")
        self.manifest: dict[str, Any] = json.loads(content)
        _require(self.manifest["format"] <= FORMAT, "written by a newer version")
        _require(self.computed_content_hash() == self.manifest["content_hash"], "content_hash does not follow")

    def computed_content_hash(self) -> str:
        kind = "rows_object" if self.manifest["hash_kind"] == "rows" else "cube_object"
        parts = self.manifest["parts"]
        return _sha256("".join(f"{p['month']} {p['rows']} {p[kind]['sha256']}\n" for p in parts).encode())

    def object(self, ref: dict[str, Any]) -> bytes:
        key = f"revops/objects/{ref['sha256']}.{ref['extension']}"
        content = _decompress(self.folder / key, ref["size_bytes"])
        _require(len(content) == ref["size_bytes"] and _sha256(content) == ref["sha256"], f"{key} is damaged")
        return content

    def json(self, ref: dict[str, Any]) -> Any:
        return json.loads(self.object(ref))

    def rows(self, part: dict[str, Any]) -> list[dict[str, bytes | None]]:
        header, *records = parse_rows(self.object(part["rows_object"]))
        _require([n.decode() for n in header] == [c["name"] for c in self.manifest["columns"]], "other columns")
        return [dict(zip((n.decode() for n in header), record, strict=True)) for record in records]

    def cells(self, part: dict[str, Any]) -> list[Cell]:
        return parse_cube(self.object(part["cube_object"]))


def read_pointer(folder: Path) -> dict[str, Any]:
    pointer = json.loads((folder / "revops/current.json").read_bytes())
    _require(pointer["format"] <= FORMAT, "written by a newer version")
    return pointer


def open_current(folder: Path) -> Snapshot:
    ref = read_pointer(folder)["manifest"]
    return Snapshot(folder, ref["key"], ref["sha256"])
