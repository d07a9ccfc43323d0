"""`python -m simulator`: one JSON line when ready, over when stdin is closed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from simulation.program import make_parser, serve
from simulation.tls import make_server_context

from .control import Control
from .server import Server


def main() -> None:
    arguments = make_parser("simulator", "A strict simulator of Snowflake's SQL API v2, over TLS.").parse_args()
    with tempfile.TemporaryDirectory(prefix="snowflake-simulator-") as folder:
        context, ca_file = make_server_context(Path(folder), "Snowflake simulator CA", [])
        serve(Control(Server(context, arguments.port)), arguments.control_port, ca_file)
    os._exit(0)  # statements of abandoned clients may still be running


if __name__ == "__main__":
    main()
