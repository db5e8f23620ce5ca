"""Hostile files over real HTTP: refused or held, by field and rule, and nothing stays behind."""

from __future__ import annotations

import re
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from referral.files import limits
from tests.support import documents
from tests.support.api import Answer, Client
from tests.support.demo import token
from tests.support.pouring import gunicorn, memory_of, pour
from tests.support.server import Server

HOSTILE = documents.hostile()
BOUNDARY = "vcx81hq"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
# What a server may have taken in before it has said no: its own limit and what is on the wire.
TAKEN_MAX = 45_000_000


def part(name: str, value: bytes, file: str | bytes | None = None) -> bytes:
    """One part of a form, spelt by hand so that names may be as bad as one likes."""
    said = b'--%b\r\nContent-Disposition: form-data; name="%b"' % (
        BOUNDARY.encode(),
        name.encode(),
    )
    if file is not None:
        spelt = file if isinstance(file, bytes) else file.encode("utf-8", "surrogatepass")
        said += b'; filename="%b"\r\nContent-Type: application/pdf' % spelt
    return said + b"\r\n\r\n" + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class Sender:
    """A provider's program, at the door for files."""

    def __init__(self, server: Server, email: str = "provider_manager@demo.example") -> None:
        self.client = Client(server.url, token(server.data, email))
        self.organisation = self.client.get("me").body["memberships"][0]["organisation_id"]
        self.store = server.data / "files"

    def send(
        self, data: bytes, name: str | bytes = "policy.pdf", check: str = "complaints"
    ) -> Answer:
        body = form(
            part("organisation_id", self.organisation.encode()),
            part("check", check.encode()),
            part("file", data, name),
        )
        return self.post(body)

    def post(self, body: bytes) -> Answer:
        return self.client.ask("POST", "files", body, {"Content-Type": FORM})

    def kept(self) -> set[Path]:
        return {path for path in self.store.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def sender(live_server: Server) -> Sender:
    return Sender(live_server)


def test_every_hostile_file_is_refused_by_field_and_rule_and_none_is_left(sender: Sender) -> None:
    before = sender.kept()
    for what, (name, data) in HOSTILE.items():
        answer = sender.send(data, name)
        assert answer.status == 422, (what, answer)
        assert list(answer.body["errors"]) == ["file"], what
        assert len(answer.body["errors"]["file"][0]) > 7, what
    assert sender.kept() <= before


def test_no_file_at_all_is_taken_for_criminal_records(sender: Sender) -> None:
    before = sender.kept()
    for data in (documents.pdf(), documents.picture(), documents.office(), b""):
        answer = sender.send(data, "certificate.pdf", check="dbs")
        assert answer.status == 422, answer
        assert "criminal record certificate" in answer.body["errors"]["file"][0]
    assert sender.kept() <= before
    made = sender.send(documents.pdf(), "certificate.pdf")
    said = {
        "check": "dbs", "level": "enhanced", "count": 1, "issued_on": "2026-01-05",
        "file_ids": [made.body["id"]],
    }  # fmt: skip
    answer = sender.client.post(f"organisations/{sender.organisation}/evidence", said)
    assert answer.status == 422, answer


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\windows\\system32\\x.dll",
        "C:\\Users\\Jo\\policy.pdf",
        "a\x00.pdf",
        b"a\r\nSet-Cookie: x=1.pdf",
        b"a%0d%0aSet-Cookie: x=1.pdf",
        "\u202efdp.exe",
        "\x1b[31mred\x7f.pdf",
        b"\xff\xfe\xfd.pdf",
        "policy.pdf\\",
        "x" * 20_000 + ".pdf",
        "<script>alert(1)</script>.html",
        "' OR 1=1 --.pdf",
        "💣" * 300,
        "con.pdf",
        ".",
        " ",
    ],
)
def test_no_name_reaches_the_disk_or_a_header(
    sender: Sender, live_server: Server, name: str | bytes
) -> None:
    before = sender.kept()
    answer = sender.send(documents.pdf(), name)
    assert answer.status in (201, 400, 422), answer
    made = sender.kept() - before
    assert len(made) == (answer.status == 201)
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in made)
    if answer.status == 201:
        label = answer.body["label"]
        assert label.endswith(".pdf")
        assert len(label) <= limits.LABEL_MAX
        assert not re.search(r"[\x00-\x1f\x7f/\\\u202e]", label), label
        own = sender.client.get(f"files/{answer.body['id']}")
        assert own.status == 409, "not scanned: not even its own side has it"


def test_what_is_held_is_never_shown_only_downloaded(sender: Sender, live_server: Server) -> None:
    good = {
        "pdf": documents.pdf(), "png": documents.picture(), "docx": documents.office(),
        "odt": documents.open_document(),
    }  # fmt: skip
    ids = []
    for ending, data in good.items():
        answer = sender.send(data, "policy.html")
        assert answer.status == 201, answer
        assert answer.body["label"] == f"policy.{ending}"
        assert answer.body["scan"] == "not_scanned"
        ids.append(answer.body["id"])
    sender.client.post("applications", {})
    said = {"check": "complaints", "issued_on": "2026-01-05", "file_ids": ids}
    given = sender.client.post(f"organisations/{sender.organisation}/evidence", said)
    assert given.status == 201, given
    reviewer = Client(live_server.url, token(live_server.data, "link_worker@demo.example"))
    for file_id, data in zip(ids, good.values(), strict=True):
        assert reviewer.get(f"files/{file_id}").status == 409, "first the warning"
        status, content, headers = raw(reviewer, f"files/{file_id}?unscanned=yes")
        assert (status, content) == (200, data)
        assert headers["Content-Disposition"].startswith("attachment")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]
        assert "html" not in headers["Content-Type"]
    browser = Browser(live_server, "link_worker@demo.example")
    page = f"/vetting/files/{ids[0]}"
    said = urlencode({"csrf_token": browser.token(page)}).encode()
    with browser.opener.open(f"{live_server.url}{page}", said, 30) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.read() == good["pdf"]
    with pytest.raises(urllib.error.HTTPError) as forged:
        browser.opener.open(f"{live_server.url}{page}", b"csrf_token=x", 30)
    assert forged.value.code in (400, 403)
    back = f"evidence/{given.body['id']}/take-back"
    sender.client.post(back, {}, If_Match=given.headers["etag"])


def raw(client: Client, path: str) -> tuple[int, bytes, Any]:
    asked = urllib.request.Request(
        f"{client.url}/api/v1/{path}", headers={"Authorization": f"Bearer {client.token}"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return answer.status, answer.read(), answer.headers


def test_forms_that_are_no_forms_are_refused(sender: Sender) -> None:
    before = sender.kept()
    pdf = documents.pdf()
    whole = form(
        part("organisation_id", sender.organisation.encode()),
        part("check", b"complaints"),
        part("file", pdf, "x.pdf"),
    )
    crowd = form(*(part("file", pdf, f"{n}.pdf") for n in range(5_000)))
    fields = form(*(part(f"f{n}", b"x") for n in range(5_000)))
    many_names = form(*(part(f"f{n}", pdf, "x.pdf") for n in range(300)))
    for body in (
        b"", whole[:-400], crowd, fields, many_names,
        part("file", pdf, "x.pdf") * 3, b"\x00" * 5_000, whole.replace(b'name="file"', b""),
        whole.replace(b"complaints", b"\xff\xfe"), whole.replace(b"complaints", b"x" * 2_000_000),
        whole.replace(sender.organisation.encode(), b"nobody"),
        whole.replace(sender.organisation.encode(), str(uuid4()).encode()),
    ):  # fmt: skip
        answer = sender.post(body)
        assert answer.status in (400, 404, 413, 422), (body[:80], answer)
        assert answer.body["title"], answer
    assert (
        sender.client.ask("POST", "files", pdf, {"Content-Type": "application/pdf"}).status == 400
    )
    assert sender.kept() <= before


def test_of_five_thousand_small_files_five_hundred_are_kept(live_server: Server) -> None:
    """All but the last few are there already; eight senders bring forty more at once."""
    sender = Sender(live_server, "provider_manager.other@demo.example")
    with rows_of(live_server, sender.organisation, limits.MOST_FILES - 3):
        before = sender.kept()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: sender.send(documents.pdf(), f"{n}.pdf"), range(40)))
        kept = [answer for answer in answers if answer.status == 201]
        refused = [answer for answer in answers if answer.status == 422]
        assert (len(kept), len(kept) + len(refused)) == (3, 40)
        assert all("500 files" in answer.body["errors"]["file"][0] for answer in refused)
        assert len(sender.kept() - before) == 3


@contextmanager
def rows_of(server: Server, organisation: str, count: int) -> Iterator[None]:
    """So many files of an organisation, as rows of its database; taken out again at the end."""
    database = sqlite3.connect(server.data / "referral.sqlite", timeout=30)
    rows = [(uuid4().hex, f"{n:032x}", UUID(organisation).hex) for n in range(count)]
    columns = "label, content_type, extension, size, sha256, scan, scanner, put_at"
    values = "'x.pdf', 'application/pdf', 'pdf', 10, x'00', 'clean', '', '2026-11-21 10:00:00'"
    with database:
        database.executemany(
            f"INSERT INTO stored_file (id, name, organisation_id, {columns})"
            f" VALUES (?, ?, ?, {values})",
            rows,
        )
    try:
        yield
    finally:
        with database:
            database.executemany("DELETE FROM stored_file WHERE id = ?", [row[:1] for row in rows])
        database.close()


def test_a_gigabyte_is_refused_unread_by_the_server_of_the_demo(
    sender: Sender, live_server: Server
) -> None:
    refuses_a_gigabyte(live_server, sender)


@pytest.mark.long
def test_a_gigabyte_is_refused_unread_by_the_server_of_an_installation(tmp_path: Path) -> None:
    with gunicorn(tmp_path) as server:
        refuses_a_gigabyte(server, Sender(server))


def refuses_a_gigabyte(server: Server, sender: Sender) -> None:
    """At each door, signed in or not, of said and of unsaid length."""
    before, memory = sender.kept(), memory_of(server)
    form_of = f"Content-Type: {FORM}\r\n"
    signed = f"{form_of}Authorization: Bearer {sender.client.token}\r\n"
    start = part("file", b"%PDF-1.7\n", "x.pdf")[:-2]
    for path, headers in (
        ("/api/v1/files", signed),
        ("/api/v1/files", form_of),
        ("/api/v1/referrals", signed),
        ("/vetting/answers/complaints", form_of),
    ):
        for chunked in (False, True):
            status, taken, seconds = pour(server.url, path, headers, start, chunked=chunked)
            # Who goes on sending may find the line cut before the answer could be read.
            assert status in ((0, 401, 403, 413) if chunked else (401, 403, 413)), (path, status)
            assert taken < TAKEN_MAX, (path, chunked, taken)
            assert seconds < 20
    assert memory_of(server) - memory < 150_000_000
    assert sender.kept() <= before
    assert sender.send(documents.pdf()).status == 201, "and goes on"


class Browser:
    """Somebody at the pages, with nothing but cookies and forms."""

    def __init__(self, server: Server, email: str) -> None:
        self.url = server.url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        said = {"email": email, "password": server.password, "csrf_token": self.token("/sign-in")}
        self.opener.open(f"{self.url}/sign-in", urlencode(said).encode(), 30).read()

    def token(self, path: str) -> str:
        page = self.opener.open(f"{self.url}{path}", timeout=30).read().decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None, page[:500]
        return found[1]

    def send(self, path: str, data: bytes, name: str) -> tuple[int, str]:
        body = form(
            part("csrf_token", self.token(path).encode()),
            part("issued_on-day", b"5"), part("issued_on-month", b"1"),
            part("issued_on-year", b"2026"), part("files", data, name),
        )  # fmt: skip
        asked = urllib.request.Request(f"{self.url}{path}", body, {"Content-Type": FORM})
        try:
            with self.opener.open(asked, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def test_the_page_refuses_the_same_beside_the_field(sender: Sender, live_server: Server) -> None:
    browser = Browser(live_server, "provider_manager@demo.example")
    before = sender.kept()
    for what in (
        "a page named .pdf", "a drawing with a script", "macros", "PDF and archive", "a bomb",
        "picture and page", "nothing", "half a PDF",
    ):  # fmt: skip
        name, data = HOSTILE[what]
        status, page = browser.send("/vetting/answers/complaints", data, name)
        assert status == 422, (what, status)
        assert "nhsuk-error-message" in page, what
        assert "Traceback" not in page
    status, _page = browser.send("/vetting/answers/complaints", b"\0" * 31_000_000, "large.pdf")
    assert status == 413
    status, page = browser.send("/vetting/answers/complaints", b"\0" * 11_000_000, "large.pdf")
    assert (status, "smaller than 10 MB" in page) == (422, True)
    assert sender.kept() <= before
