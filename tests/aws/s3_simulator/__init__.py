"""A strict, hostile simulator of S3's REST API, for tests. See ../README.md."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))  # where `simulation` is, whatever the current directory
