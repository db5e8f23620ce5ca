"""What is asked about checks: an organisation's dossier, the scheme of a locality."""

from referral.vetting.queries.answering import (
    answer_schema,
    asked,
    files_of,
    stated,
    told_by,
)
from referral.vetting.queries.dossier import (
    Answer,
    Dossier,
    Line,
    Offer,
    dossier,
    dossier_unscoped,
)
from referral.vetting.queries.due import checked_organisations, due_applications, reviewing_teams
from referral.vetting.queries.everybody import OUT_OF_IT, everybody_unscoped
from referral.vetting.queries.overview import Overview, overview
from referral.vetting.queries.own import hostings
from referral.vetting.queries.programs import (
    Register,
    answer,
    answers_of,
    from_here,
    hosting,
    own_applications,
    passports,
    register,
    reviews,
    whole,
)
from referral.vetting.queries.registers import (
    FileRegister,
    loads,
    numbers_in_force,
    numbers_to_ask,
    removed_applications,
)
from referral.vetting.queries.reviewing import (
    Change,
    Reviewed,
    application,
    application_of,
    history,
    queue,
    since,
)
from referral.vetting.queries.scheme import (
    NATIONAL,
    Of,
    Version,
    Versions,
    own_elsewhere,
    scheme_of,
    versions,
)
from referral.vetting.queries.strangers import judged

__all__ = [
    "NATIONAL",
    "OUT_OF_IT",
    "Answer",
    "Change",
    "Dossier",
    "FileRegister",
    "Line",
    "Of",
    "Offer",
    "Overview",
    "Register",
    "Reviewed",
    "Version",
    "Versions",
    "answer",
    "answer_schema",
    "answers_of",
    "application",
    "application_of",
    "asked",
    "checked_organisations",
    "dossier",
    "dossier_unscoped",
    "due_applications",
    "everybody_unscoped",
    "files_of",
    "from_here",
    "history",
    "hosting",
    "hostings",
    "judged",
    "loads",
    "numbers_in_force",
    "numbers_to_ask",
    "overview",
    "own_applications",
    "own_elsewhere",
    "passports",
    "queue",
    "register",
    "removed_applications",
    "reviewing_teams",
    "reviews",
    "scheme_of",
    "since",
    "stated",
    "told_by",
    "versions",
    "whole",
]
