"""The real program in a process of its own, on a free loopback port, with the demo's data."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import run

PASSWORD = "demonstration only 2026"
START_SECONDS = 60.0
STOP_SECONDS = 20.0


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of a program that keeps everything in `data`; `settings` without prefix."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REFERRAL_")}
    wanted = {"DATA_DIR": str(data), "DEMO_PASSWORD": PASSWORD, "LOG_LEVEL": "WARNING", **settings}
    return clean | {f"REFERRAL_{name}": value for name, value in wanted.items()}


def command(*arguments: str) -> list[str]:
    """The console script, run by this very Python."""
    return [sys.executable, "-m", "referral", *arguments]


def run_command(data: Path, *arguments: str, **settings: str) -> str:
    """Run `referral …` over the data directory `data` and give what it prints."""
    done = subprocess.run(
        command(*arguments),
        env=environment(data, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = f"{done.stdout}\n{done.stderr}"
        raise RuntimeError(f"referral {' '.join(arguments)} failed:\n{told[-4000:]}")
    return done.stdout


@dataclass
class Server:
    """A running program. `url` has no slash at its end; `data` is its data directory."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    log: Path
    password: str = PASSWORD

    def kill(self) -> None:
        """Kill -9, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and insist."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait_until_ready(self) -> None:
        """Wait until it answers; raise with its log when it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")


def demo_data() -> Path:
    """A data directory with the demo locality, made once in a run. Copy it, never serve it."""
    made = run.folder() / "demo"
    with run.locked("demo"):
        if not made.exists():
            draft = made.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            run_command(draft, "db", "upgrade", DEMO="1")
            run_command(draft, "seed", "demo", DEMO="1")
            draft.rename(made)
    return made


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Server]:
    """Run `referral demo` over the data directory `data` and yield it once it answers.

    `settings` are further settings without their prefix, such as `TIME_SHIFT="P40D"`.
    """
    port = free_port()
    log = data / "server.log"
    url = f"http://127.0.0.1:{port}"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command("demo", "--port", str(port)),
            env=environment(data, BASE_URL=url, **settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(url, data, process, log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        # At once: what it acknowledged is kept, and its worker would take seconds to end.
        server.kill()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo, running. Shared by all tests of a worker: make your own referrals, count none."""
    data = tmp_path_factory.mktemp("live") / "var"
    shutil.copytree(demo_data(), data)
    with serving(data) as server:
        yield server


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """The demo, running for this test alone."""
    data = tmp_path / "var"
    shutil.copytree(demo_data(), data)
    with serving(data) as server:
        yield server


def links_in(text: str) -> list[str]:
    """Every address of a loopback page named in `text`."""
    return re.findall(r"http://127\.0\.0\.1:\d+[^\s\"'<>]*", text)
