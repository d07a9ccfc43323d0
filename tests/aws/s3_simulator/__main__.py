"""`python -m s3_simulator`: one JSON line when ready, over when stdin is closed."""

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
    parser = argparse.ArgumentParser(prog="s3_simulator", description="A strict, hostile simulator of S3's REST API.")
    parser.add_argument("--port", type=int, default=0, help="of the API; 0: the system chooses")
    parser.add_argument("--control-port", type=int, default=0, help="of the control plane, plain HTTP")
    parser.add_argument("--tls", action="store_true", help="the API over TLS, trusted by ca_file")
    parser.add_argument("--tls-name", action="append", default=[], help="one more name for the certificate")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="s3-simulator-") as folder:
        context, ca_file = make_server_context(Path(folder), arguments.tls_name) if arguments.tls else (None, None)
        server = Server(context, arguments.port)
        control = serve_control(server, arguments.control_port)
        ready = {"port": server.port, "control_port": control.server_port}
        print(json.dumps(ready | ({"ca_file": str(ca_file)} if ca_file else {})), flush=True)
        while sys.stdin.buffer.read(65536):
            pass
        server.close()
    sys.stdout.flush()
    os._exit(0)  # answers that hang may still be under way


if __name__ == "__main__":
    main()
