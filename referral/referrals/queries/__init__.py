"""Referrals the actor may see."""

from referral.referrals.queries.agreed import agreed_unscoped
from referral.referrals.queries.agreeing import (
    agreed,
    asked_now,
    consents,
    evaluation,
    evaluations,
    is_asked_unscoped,
)
from referral.referrals.queries.alternatives import alternatives, alternatives_to
from referral.referrals.queries.answering import (
    expected_by,
    newcomers,
    open_of_contact,
    raised_to_group,
    services_of,
)
from referral.referrals.queries.asked import (
    Asked,
    asked,
    asked_for_help,
    asked_row,
    due_asked,
    opened_asked_unscoped,
    possibly_same,
    practices_served,
    practices_unscoped,
    team_for_unscoped,
)
from referral.referrals.queries.complaints import (
    Complained,
    complaint,
    complaint_to_change,
    due_complaints,
    late_complaints_elsewhere,
    own_complaints,
    queue_of_complaints,
    to_complain_of,
    words_of_complaint_unscoped,
)
from referral.referrals.queries.enquiries import (
    due_enquiries,
    enquiries,
    enquiry,
    enquiry_to_change,
)
from referral.referrals.queries.files import attachment, key_for_file_unscoped
from referral.referrals.queries.grouping import expecting_unscoped, register, sessions
from referral.referrals.queries.held import held_unscoped
from referral.referrals.queries.home import home
from referral.referrals.queries.introducing import Expecting, expecting, may_bring_together
from referral.referrals.queries.lists import BOXES, listing, open_of_person
from referral.referrals.queries.loading import (
    Circumstances,
    allowed_unscoped,
    circumstances,
    duplicate_of,
    held_of_person,
    may_write,
    open_of_person_unscoped,
    referral,
    text_unscoped,
    tries_missing_unscoped,
)
from referral.referrals.queries.looking import Looked, looked
from referral.referrals.queries.notices import (
    MOST_NOTICES,
    SAYS_NOTHING,
    Task,
    notices,
    of_referral,
    said_unscoped,
    to_print,
    to_tell,
    written_in,
)
from referral.referrals.queries.offers import offer
from referral.referrals.queries.own import Own, for_her, mine
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.sheets import Sheet, sheet, sheets, waiting_for_groups
from referral.referrals.queries.supporting import (
    SupporterShown,
    line_to_change,
    referral_of_supporter,
    supporter_to_change,
    supporters,
)
from referral.referrals.queries.telephone import id_of, speaking_for
from referral.referrals.queries.view import history, level_of, open_to, view
from referral.referrals.queries.watching import has_looked_unscoped, to_sweep

__all__ = [
    "BOXES",
    "MOST_NOTICES",
    "SAYS_NOTHING",
    "Asked",
    "Circumstances",
    "Complained",
    "Expecting",
    "Looked",
    "Own",
    "Sheet",
    "SupporterShown",
    "Task",
    "agreed",
    "agreed_unscoped",
    "allowed_unscoped",
    "alternatives",
    "alternatives_to",
    "asked",
    "asked_for_help",
    "asked_now",
    "asked_row",
    "attachment",
    "circumstances",
    "complaint",
    "complaint_to_change",
    "consents",
    "due_asked",
    "due_complaints",
    "due_enquiries",
    "duplicate_of",
    "enquiries",
    "enquiry",
    "enquiry_to_change",
    "evaluation",
    "evaluations",
    "expected_by",
    "expecting",
    "expecting_unscoped",
    "for_her",
    "has_looked_unscoped",
    "held_of_person",
    "held_unscoped",
    "history",
    "home",
    "id_of",
    "in_scope",
    "is_asked_unscoped",
    "key_for_file_unscoped",
    "late_complaints_elsewhere",
    "level_of",
    "line_to_change",
    "listing",
    "looked",
    "may_bring_together",
    "may_write",
    "mine",
    "newcomers",
    "notices",
    "of_referral",
    "offer",
    "open_of_contact",
    "open_of_person",
    "open_of_person_unscoped",
    "open_to",
    "opened_asked_unscoped",
    "own_complaints",
    "possibly_same",
    "practices_served",
    "practices_unscoped",
    "queue_of_complaints",
    "raised_to_group",
    "referral",
    "referral_of_supporter",
    "register",
    "said_unscoped",
    "services_of",
    "sessions",
    "sheet",
    "sheets",
    "speaking_for",
    "supporter_to_change",
    "supporters",
    "team_for_unscoped",
    "text_unscoped",
    "to_complain_of",
    "to_print",
    "to_sweep",
    "to_tell",
    "tries_missing_unscoped",
    "view",
    "waiting_for_groups",
    "words_of_complaint_unscoped",
    "written_in",
]
