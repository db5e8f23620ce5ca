"""The blueprint all pages of accounts hang on."""

from referral.web.pages import Blueprint

bp = Blueprint("accounts", __name__)
