"""Headers, cookies, forged requests and rates: what keeps the site safe around every view."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from referral.config import Settings
from referral.core import encryption
from referral.core.networks import network_of
from referral.web import access, door
from referral.web.paths import for_contacts, for_machines, for_people

BODY_MAX = 1_000_000
# No view takes more, files included: a server that keeps a body before the site sees it stops here.
WIRE_MAX = 32_000_000
# Far above what a busy client needs: it stops a program that has run away.
API_RATE = "30000 per minute"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Pages without an account, which no other page and no index may learn of: an address may hold a
# safe link's word, and that somebody looks at their own page is nobody's business.
HEADERS_FOR_NO_ACCOUNT = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data:{images}; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'{leave}; base-uri 'none'; frame-ancestors 'none'"
)
POLICY_FOR_MACHINES = "default-src 'none'; frame-ancestors 'none'"


def _who() -> str:
    """Whom a rate is counted for: the token, or else the address; of IPv6 the household's."""
    client = door.actor().client
    return f"client:{client}" if client else f"address:{network_of(get_remote_address())}"


csrf = CSRFProtect()
limiter = Limiter(
    key_func=_who,
    default_limits=[API_RATE],
    default_limits_exempt_when=lambda: not for_machines(request.path),
    headers_enabled=True,
)


def configure(app: Flask, settings: Settings) -> None:
    """Cookies, sizes, secrets and the number of proxies in front."""
    app.config.update(
        SECRET_KEY=settings.secret_key or encryption.blind_index("secret-key").hex(),
        SESSION_COOKIE_NAME="__Host-joined_up" if settings.secure else "joined_up",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=BODY_MAX,
        MAX_FORM_MEMORY_SIZE=BODY_MAX,
        MAX_FORM_PARTS=1000,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # The token and a __Host- cookie suffice; some charities' browsers send no Referer.
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI=settings.rate_limit_url,
        PREFERRED_URL_SCHEME="https" if settings.secure else "http",
    )
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign] # as Flask's manual has it


def install(app: Flask, settings: Settings) -> None:
    """Hang the checks before every view, in this order, and the headers after it."""
    csrf.init_app(app)
    app.before_request(door.refuse_unreadable)
    app.before_request(door.load)
    limiter.init_app(app)
    app.before_request(door.permit)
    app.before_request(door.make_room)
    app.before_request(_refuse_forged)

    images, leave = _host_of(settings.map_tiles_url), _host_of(settings.quick_exit_url)

    def headers(response: Response) -> Response:
        return _with_headers(response, secure=settings.secure, images=images, leave=leave)

    app.after_request(headers)


def nonce() -> str:
    """The one-time word that lets a script of this page run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    made: str = g.nonce
    return made


def _refuse_forged() -> None:
    """A page's form must carry our token; machines carry none, and no cookie counts there."""
    if request.method in door.SAFE or request.endpoint is None or for_machines(request.path):
        return
    # A part without a name would be a field called None, which no reader of forms expects.
    if None in request.form or None in request.files:
        raise BadRequest("A part of the form has no name.")
    if not getattr(door.site().view_functions[request.endpoint], "from_elsewhere", False):
        csrf.protect()


def _host_of(address: str) -> str:
    """One host that a map's background may come from or a form lead to, as the policy names it."""
    parts = urlsplit(address)
    return f" {parts.scheme}://{parts.netloc}" if address else ""


def _with_headers(response: Response, *, secure: bool, images: str, leave: str) -> Response:
    people = for_people(request.path)
    if people or for_contacts(request.path):
        response.headers.update(HEADERS_FOR_NO_ACCOUNT)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    machines = for_machines(request.path)
    places = {"images": images, "leave": leave if people else ""}
    policy = POLICY_FOR_MACHINES if machines else POLICY.format(nonce=nonce(), **places)
    response.headers.setdefault("Content-Security-Policy", policy)
    if secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        asked = request.args.get("v")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if asked else "no-cache"
        )
    elif not _is_shareable(response):
        response.headers["Cache-Control"] = "no-store"
    return response


def _is_shareable(response: Response) -> bool:
    """Only what is open to all and said so itself may be kept by a browser or a proxy."""
    site = door.site()
    rule = site.access_rules.get(request.endpoint or "")
    return rule == access.PUBLIC and "Cache-Control" in response.headers
