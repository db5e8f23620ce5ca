"""The server of an installation, and a gigabyte poured at a server until it says no."""

from __future__ import annotations

import re
import select
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.server import Server, command, demo_data, environment, free_port

GIGABYTE = 1_000_000_000


@contextmanager
def gunicorn(folder: Path) -> Iterator[Server]:
    """`referral serve`, as an installation runs it."""
    data, port = folder / "var", free_port()
    shutil.copytree(demo_data(), data)
    settings = {"BASE_URL": f"http://127.0.0.1:{port}", "SECRET_KEY": "k" * 40}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command("serve", "--port", str(port)),
            env=environment(data, **settings) | {"HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(settings["BASE_URL"], data, process, folder / "log")
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


def pour(
    url: str, path: str, headers: str, start: bytes, *, chunked: bool
) -> tuple[int, int, float]:
    """Send a gigabyte until the server says no: its status, how much it took, how long."""
    host = urlsplit(url).netloc
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {GIGABYTE}"
    began, taken = time.monotonic(), 0
    block = b"\0" * 65_536
    with socket.create_connection(
        (urlsplit(url).hostname or "", urlsplit(url).port or 0), 30
    ) as there:
        there.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\n"
            f"{headers}{length}\r\n\r\n".encode()
        )
        said = b""
        with suppress(ConnectionError, TimeoutError):
            said = _sent(there, start, chunked)
            while not said and taken < GIGABYTE:
                said = _sent(there, block, chunked)
                taken += len(block)
        with suppress(ConnectionError, TimeoutError):
            said += there.recv(65_536)
    found = re.match(rb"HTTP/1\.1 (\d{3})", said)
    return int(found[1]) if found else 0, taken, time.monotonic() - began


def _sent(there: socket.socket, block: bytes, chunked: bool) -> bytes:
    """Send a block; answer what the server has said by then."""
    there.sendall(b"%x\r\n%b\r\n" % (len(block), block) if chunked else block)
    said, _writes, _errors = select.select([there], [], [], 0)
    return there.recv(65_536) if said else b""


def memory_of(server: Server) -> int:
    """Bytes that the server and its children hold."""
    pids = [server.process.pid]
    for pid in pids:
        with suppress(FileNotFoundError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pids += [int(child) for child in children]
    total = 0
    for pid in pids:
        with suppress(FileNotFoundError):
            found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
            total += int(found[1]) * 1024 if found else 0
    return total
