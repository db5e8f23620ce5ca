"""The blueprints of the pages about referrals, by what they are for."""

from __future__ import annotations

from referral.web.pages import Blueprint

# Groups that answer without an account: the safe link, the telephone, the printed sheet.
answer = Blueprint("answer", __name__)
# Letters and calls: what the person is told.
telling = Blueprint("telling", __name__)
# Threads, notes, files, questions asked first, consent.
talking = Blueprint("talking", __name__)
# People who ask for help themselves.
asking = Blueprint("asking", __name__)
