"""`python -m simulator`: one JSON line when ready, over when stdin is closed."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from .control import serve_control
from .server import Server
from .tls import make_server_context


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator", description="A strict simulator of Snowflake's SQL API v2.")
    parser.add_argument("--port", type=int, default=0, help="of the API, over TLS; 0: the system chooses")
    parser.add_argument("--control-port", type=int, default=0, help="of the control plane, plain HTTP")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="snowflake-simulator-") as folder:
        context, ca_file = make_server_context(Path(folder))
        server = Server(context, arguments.port)
        control = serve_control(server, arguments.control_port)
        ready = {"port": server.port, "control_port": control.server_port, "ca_file": str(ca_file)}
        print(json.dumps(ready), flush=True)
        while sys.stdin.buffer.read(65536):
            pass
        server.close()
    sys.stdout.flush()
    os._exit(0)  # statements of abandoned clients may still be running


if __name__ == "__main__":
    main()
