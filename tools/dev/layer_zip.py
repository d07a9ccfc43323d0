"""Packs the layer: what functions take from the system, to be renewed without them. Lambda unpacks it to /opt.

certs/            the authorities that Mozilla trusts; none that the building machine has of its own
zoneinfo/         the zone files
licences/         of all that the layer and the functions hold
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from function_zip import FILE, certificates, write_zip, zone_files


def layer(authorities: Path, zones: Path, licences: Path) -> Iterator[tuple[str, bytes, int]]:
    yield from certificates(authorities)
    for file in sorted(licences.iterdir()):
        yield f"licences/{file.name}", file.read_bytes(), FILE
    yield from zone_files(zones)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: layer_zip.py AUTHORITIES ZONES LICENCES ARCHIVE")
    *sources, archive = (Path(argument) for argument in sys.argv[1:])
    write_zip(archive, layer(*sources))
