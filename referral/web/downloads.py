"""Files handed out: a browser keeps them, and neither shows, runs nor guesses at what they are."""

from __future__ import annotations

from flask import Response, make_response


def attachment(content: bytes, content_type: str, name: str) -> Response:
    """A file somebody sent us, for the reader's own disk only."""
    response = make_response(content)
    response.content_type = content_type
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
