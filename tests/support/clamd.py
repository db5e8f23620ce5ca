"""A little clamd on a loopback port or a socket file: it speaks the protocol and knows EICAR."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# The test file of the industry, which does nothing: https://www.eicar.org/download-anti-malware-testfile/
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VERSION = b"ClamAV 1.4.1/27462/Tue Nov  5 09:33:12 2026"


@dataclass
class Clamd:
    """``most``: the longest stream it takes; ``seen``: what it was shown whole."""

    url: str = ""
    most: int = 25_000_000
    silent: bool = False
    seen: list[bytes] = field(default_factory=list)


class Handler(socketserver.StreamRequestHandler):
    clamd: Clamd

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0") and (byte := self.rfile.read(1)):
            command += byte
        if self.clamd.silent:
            return
        if command == b"zVERSION\0":
            self.wfile.write(VERSION + b"\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self.stream() + b"\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def stream(self) -> bytes:
        whole = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            whole += self.rfile.read(size)
            if len(whole) > self.clamd.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.clamd.seen.append(whole)
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in whole else b"stream: OK"


@contextmanager
def serving(path: Path | None = None) -> Iterator[Clamd]:
    """A scanner; ``clamd.url`` is the setting that names it."""
    clamd = Clamd()
    handler = type("Bound", (Handler,), {"clamd": clamd})
    server: socketserver.BaseServer
    if path is not None:
        server = socketserver.ThreadingUnixStreamServer(str(path), handler)
        clamd.url = f"unix://{path}"
    else:
        tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        server, clamd.url = tcp, f"tcp://127.0.0.1:{tcp.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield clamd
    finally:
        server.shutdown()
        server.server_close()
