"""A bucket that speaks S3 as file store: AWS, MinIO, Ceph, and what else does.

``s3://key:secret@host[:port]/bucket[/folder][?region=eu-west-2]``; letters such as ``/`` or ``+``
of the secret in percent signs. TLS always, but to this machine itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import parse_qsl, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener
from xml.etree import ElementTree

from referral.config import LOOPBACK, SettingError
from referral.core import clock
from referral.files import signing
from referral.files.folder import NAME, checked
from referral.files.signing import Key
from referral.files.stores import StoreFailed

TIMEOUT_SECONDS = 15
# What we keep is smaller; an answer that is larger is none of ours.
LONGEST_ANSWER = 20_000_000
REGION = "us-east-1"  # what stores without regions call theirs
_WRONG_TIME = b"<Code>RequestTimeTooSkewed</Code>"


class _Stay(HTTPRedirectHandler):
    """An answer that sends elsewhere is not followed: it would take the signature there."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


class Bucket:
    """One bucket, or a folder of it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise SettingError("REFERRAL_FILES_URL has a port that is not a number") from error
        where = [unquote(part) for part in parts.path.split("/") if part]
        said = dict(parse_qsl(parts.query, keep_blank_values=True))
        known = parts.scheme == "s3" and parts.hostname and parts.username and parts.password
        if not (known and where) or said.keys() - {"region"} or ".." in where or parts.fragment:
            raise SettingError(
                "REFERRAL_FILES_URL must be s3://key:secret@host/bucket, with ?region=… where"
                " the store has regions"
            )
        host = str(parts.hostname)
        self.host = f"{host}:{port}" if port else host
        self._scheme = "http" if host in LOOPBACK else "https"
        self._where = where
        self._key = Key(
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            said.get("region") or REGION,
        )
        self._opener = build_opener(ProxyHandler({}), _Stay())
        # Our clock may go wrong, or be moved in a demo: the store says what its own shows.
        self._ahead = timedelta(0)

    def put(self, name: str, data: bytes) -> None:
        self._ask("PUT", checked(name), data=data)

    def get(self, name: str) -> bytes | None:
        return self._ask("GET", checked(name))

    def remove(self, name: str) -> None:
        self._ask("DELETE", checked(name))

    def written_before(self, moment: datetime) -> Iterator[str]:
        before = "".join(f"{part}/" for part in self._where[1:])
        further = ""
        while True:
            query = {"list-type": "2", "prefix": before}
            if further:
                query["continuation-token"] = further
            listed = _Listed(self._ask("GET", query=query) or b"")
            for key, written in listed.written:
                name = key.removeprefix(before)
                if NAME.fullmatch(name) and written < moment:
                    yield name
            if not listed.further:
                return
            further = listed.further

    def _ask(
        self,
        method: str,
        name: str = "",
        *,
        data: bytes = b"",
        query: Mapping[str, str] | None = None,
    ) -> bytes | None:
        """The answer's body; None for 404. Raise ``StoreFailed``."""
        for last in (False, True):
            request = self._request(method, name, data, query or {})
            try:
                with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                    body: bytes = answer.read(LONGEST_ANSWER + 1)
            except HTTPError as error:
                said = error.read(65_536)
                error.close()
                if error.code == 404 and b"NoSuchBucket" not in said:
                    return None
                wrong_time = error.code == 403 and _WRONG_TIME in said
                if wrong_time and not last and self._set_clock(error):
                    continue
                raise StoreFailed(f"the file store answered {error.code}") from error
            except (OSError, HTTPException) as error:
                raise StoreFailed(f"no file store there ({type(error).__name__})") from error
            if len(body) > LONGEST_ANSWER:
                raise StoreFailed("the file store answered with more than was ever kept")
            return body
        raise StoreFailed("the file store does not agree on the time")

    def _request(self, method: str, name: str, data: bytes, query: Mapping[str, str]) -> Request:
        where = (*self._where, name) if name else self._where[:1]
        path = signing.path_of(*where)
        asked = signing.query_of(query)
        digest = hashlib.sha256(data).hexdigest()
        headers = {
            "Host": self.host,
            "X-Amz-Content-Sha256": digest,
            "X-Amz-Date": signing.stamp(clock.now() + self._ahead),
        }
        if method == "PUT":
            headers["Content-Type"] = "application/octet-stream"
        headers["Authorization"] = signing.authorization(
            self._key, method, path, asked, headers, digest
        )
        url = f"{self._scheme}://{self.host}{path}" + (f"?{asked}" if asked else "")
        return Request(url, data if method == "PUT" else None, headers, method=method)  # noqa: S310 - http(s) only

    def _set_clock(self, error: HTTPError) -> bool:
        try:
            theirs = parsedate_to_datetime(error.headers.get("Date", ""))
        except (TypeError, ValueError):
            return False
        self._ahead = theirs - clock.now()
        return True


class _Listed:
    """One page of a listing: (key, when it was written), and how to ask for the next."""

    def __init__(self, answer: bytes) -> None:
        try:
            found = ElementTree.fromstring(answer)  # noqa: S314 - the installation's own store
            self.written = [
                (_text(one, "Key"), datetime.fromisoformat(_text(one, "LastModified")))
                for one in found.findall("{*}Contents")
            ]
        except (ElementTree.ParseError, ValueError) as error:
            raise StoreFailed("the file store's listing cannot be read") from error
        more = _text(found, "IsTruncated") == "true"
        self.further = _text(found, "NextContinuationToken") if more else ""


def _text(parent: ElementTree.Element, name: str) -> str:
    return parent.findtext(f"{{*}}{name}") or ""
