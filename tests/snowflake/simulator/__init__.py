"""A strict simulator of Snowflake's SQL API v2, for tests. See ../README.md."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))  # where `simulation` is, whatever the current directory
