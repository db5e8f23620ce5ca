"""Keeping the directory: services, their room and wait, the organisations behind them."""

from referral.directory.services.answering import keep_contact, ways
from referral.directory.services.asking import answer_by_link, look_at
from referral.directory.services.claiming import claim, decide_claim
from referral.directory.services.confirming import confirm_correct, pause, reopen, set_capacity
from referral.directory.services.conflicts import decide_conflict
from referral.directory.services.correcting import decide_correction, suggest, suggest_by_link
from referral.directory.services.feeds import (
    add_feed,
    begin_feed,
    remove_feed,
    set_feed_page_aside,
    stop_feed,
    take_feed_page,
)
from referral.directory.services.forgetting import forget_old
from referral.directory.services.importing import run_import
from referral.directory.services.indexing import index_missing, reindex, reindex_all
from referral.directory.services.keeping import (
    add_service,
    edit_organisation,
    edit_service,
    needs_a_look,
)
from referral.directory.services.listing import (
    Checked,
    list_service,
    listing_for_update,
    write_checks,
)
from referral.directory.services.meeting import note_met
from referral.directory.services.missing import note_miss
from referral.directory.services.moderating import (
    accept_change,
    propose_edit,
    propose_organisation,
    propose_service,
    refuse_change,
    trust_organisation,
    withdraw_change,
)
from referral.directory.services.profiles import (
    add_profile,
    clear_photos,
    edit_profile,
    may_add_people,
    may_edit_profile,
    may_keep_people,
    remove_profile,
    set_photo,
    withdraw_photo,
)
from referral.directory.services.showing import take_story_down
from referral.directory.services.signposting import may_tell, tell
from referral.directory.services.synonyms import add_synonym, edit_synonym, remove_synonym
from referral.directory.services.terms import map_term

__all__ = [
    "Checked",
    "accept_change",
    "add_feed",
    "add_profile",
    "add_service",
    "add_synonym",
    "answer_by_link",
    "begin_feed",
    "claim",
    "clear_photos",
    "confirm_correct",
    "decide_claim",
    "decide_conflict",
    "decide_correction",
    "edit_organisation",
    "edit_profile",
    "edit_service",
    "edit_synonym",
    "forget_old",
    "index_missing",
    "keep_contact",
    "list_service",
    "listing_for_update",
    "look_at",
    "map_term",
    "may_add_people",
    "may_edit_profile",
    "may_keep_people",
    "may_tell",
    "needs_a_look",
    "note_met",
    "note_miss",
    "pause",
    "propose_edit",
    "propose_organisation",
    "propose_service",
    "refuse_change",
    "reindex",
    "reindex_all",
    "remove_feed",
    "remove_profile",
    "remove_synonym",
    "reopen",
    "run_import",
    "set_capacity",
    "set_feed_page_aside",
    "set_photo",
    "stop_feed",
    "suggest",
    "suggest_by_link",
    "take_feed_page",
    "take_story_down",
    "tell",
    "trust_organisation",
    "ways",
    "withdraw_change",
    "withdraw_photo",
    "write_checks",
]
