"""`referral serve` and `referral worker` side by side, as an installation runs them."""

import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.mail import MailSink
from tests.support.server import command, environment, free_port, run_command


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


@pytest.mark.parametrize(
    "engine",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.long])],
    indirect=True,
)
def test_what_is_written_on_the_site_leaves_by_the_worker_at_once(
    engine_url: str, tmp_path: Path, mail_sink: MailSink
) -> None:
    port = free_port()
    home = tmp_path / "home"
    home.mkdir()
    settings = {
        "DATABASE_URL": engine_url.replace("+psycopg", ""),
        "SECRET_KEY": "k" * 40,
        "SMTP_URL": mail_sink.url,
        "BASE_URL": f"http://127.0.0.1:{port}",
    }
    data = tmp_path / "var"
    run_command(data, "user", "add", "first@town.example", "--name", "First", **settings)
    environ = environment(data, **settings) | {"HOME": str(home)}
    environ.pop("XDG_RUNTIME_DIR", None)
    processes = [
        subprocess.Popen(command("serve", "--port", str(port), "--workers", "2"), env=environ),
        subprocess.Popen(command("worker"), env=environ),
    ]
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", processes[0])
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = f"http://127.0.0.1:{port}/password-reset"
        time.sleep(3)  # the worker has had its first round: only a nudge brings the next so soon
        token = re.search(r'csrf_token" value="([^"]+)"', browser.open(page).read().decode())
        assert token is not None
        form = urlencode({"csrf_token": token[1], "email": "first@town.example"})
        browser.open(page, form.encode())
        deadline = time.monotonic() + 20
        while not mail_sink.messages and time.monotonic() < deadline:
            time.sleep(0.1)
        assert "/invitation/" in mail_sink.messages[0].get_content()
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        ended = [process.wait(30) for process in processes]
    assert ended == [0, 0]
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_outdated_database_is_not_served(blank_url: str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="referral db upgrade"):
        run_command(tmp_path, "serve", DATABASE_URL=blank_url, SECRET_KEY="k" * 40)
