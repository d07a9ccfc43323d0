"""Packs the program as people unpack it: FOLDER, and what systems may lack. The same content is the same bytes.

share/zoneinfo/       the zone files
share/ca-bundle.pem   the authorities that Mozilla trusts; none that the building machine has of its own
"""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from function_zip import certificates, zone_files

FILE, EXECUTABLE = 0o644, 0o755
# Packed for what arrives, not for the last byte: 9 takes thrice the time for one percent.
LEVEL = 6


def folder_entries(folder: Path) -> Iterator[tuple[str, bytes, int]]:
    """Name, content and mode; in no order."""
    for file in folder.rglob("*"):
        if file.is_file():
            mode = EXECUTABLE if file.stat().st_mode & 0o100 else FILE
            yield file.relative_to(folder).as_posix(), file.read_bytes(), mode


def shared_entries(zones: Path, authorities: Path) -> Iterator[tuple[str, bytes, int]]:
    for name, content, _ in zone_files(zones):
        yield f"share/{name}", content, FILE
    bundle = b"".join(content for _, content, _ in certificates(authorities))
    yield "share/ca-bundle.pem", bundle, FILE


def folders_of(names: list[str]) -> set[str]:
    return {parent.as_posix() for name in names for parent in Path(name).parents} - {"."}


def write_tarball(archive: Path, top: str, files: dict[str, tuple[bytes, int]]) -> None:
    """Everything below a folder `top`, sorted, of nobody and of no time."""
    partial = archive.with_name(archive.name + ".partial")
    with (
        partial.open("wb") as raw,
        gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for name in sorted({"", *folders_of(list(files)), *files}):
            entry = tarfile.TarInfo(f"{top}/{name}".rstrip("/"))
            content, entry.mode = files.get(name, (b"", EXECUTABLE))
            entry.type = tarfile.REGTYPE if name in files else tarfile.DIRTYPE
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    partial.replace(archive)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: program_tarball.py FOLDER ZONES AUTHORITIES ARCHIVE")
    folder, *sources, target = (Path(argument) for argument in sys.argv[1:])
    entries = [*folder_entries(folder), *shared_entries(*sources)]
    found = {name: (content, mode) for name, content, mode in entries}
    write_tarball(target, folder.name, found)
