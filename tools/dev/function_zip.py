"""Packs a function as Lambda wants it: one file `bootstrap`, executable; the same bytes for the same program."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

UNIX = 3
EXECUTABLE_FILE = 0o100755
# The first moment that a zip file can hold.
THE_PAST = (1980, 1, 1, 0, 0, 0)


def pack(program: Path, archive: Path) -> None:
    entry = zipfile.ZipInfo("bootstrap", THE_PAST)
    entry.create_system = UNIX
    entry.external_attr = EXECUTABLE_FILE << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    partial = archive.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w") as packed:
        packed.writestr(entry, program.read_bytes(), compresslevel=9)
    partial.replace(archive)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: function_zip.py PROGRAM ARCHIVE")
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
