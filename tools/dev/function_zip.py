"""Packs a function as Lambda wants it, with what its system lacks.

bootstrap    the program
certs/       the authorities that Mozilla trusts, by the hashes of their names: Lambda's system has them in one file
             alone, which takes longer to read than all else that a start does
zoneinfo/    the zone files

The same bytes for the same content, so that a deployment touches what has changed.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

UNIX = 3
FILE, EXECUTABLE_FILE = 0o100644, 0o100755
# The first moment that a zip file can hold.
THE_PAST = (1980, 1, 1, 0, 0, 0)
# The same zones once more, with other rules about leap seconds.
TWINS = {"posix", "right"}


def zone_files(folder: Path) -> Iterator[tuple[str, bytes, int]]:
    """The compiled zones of a system's zone folder; ValueError where it has none."""
    found = False
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if name.parts[0] in TWINS or not file.is_file():
            continue
        content = file.read_bytes()
        if content.startswith(b"TZif"):
            found = True
            yield f"zoneinfo/{name.as_posix()}", content, FILE
    if not found:
        raise ValueError(f"there are no zone files in {folder}")


def certificates(authorities: Path) -> Iterator[tuple[str, bytes, int]]:
    """Each `.crt` below under the name that OpenSSL and BoringSSL look for; ValueError where there are none."""
    files = sorted(authorities.rglob("*.crt"))
    if not files:
        raise ValueError(f"there are no certificates in {authorities}")
    alike: dict[str, int] = {}
    for file in files:
        command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(file)]
        name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        alike[name] = alike.get(name, -1) + 1
        yield f"certs/{name}.{alike[name]}", file.read_bytes(), FILE


def write_zip(archive: Path, entries: Iterator[tuple[str, bytes, int]]) -> None:
    """Entries are name, content and mode."""
    partial = archive.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w") as packed:
        for name, content, mode in entries:
            entry = zipfile.ZipInfo(name, THE_PAST)
            entry.create_system = UNIX
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content, compresslevel=9)
    partial.replace(archive)


def function(program: Path, zones: Path, authorities: Path) -> Iterator[tuple[str, bytes, int]]:
    yield "bootstrap", program.read_bytes(), EXECUTABLE_FILE
    yield from certificates(authorities)
    yield from zone_files(zones)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: function_zip.py PROGRAM ZONES AUTHORITIES ARCHIVE")
    *sources, archive = (Path(argument) for argument in sys.argv[1:])
    write_zip(archive, function(*sources))
