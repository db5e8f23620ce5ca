"""The person's own page, measures, the message back, an organisation's own data."""

from __future__ import annotations

from referral.web.access.rules import PUBLIC, SIGNED_IN

STATUS: dict[str, str] = {
    # The way in: reference, date of birth, code. What is theirs demands a sitting.
    "status.start": PUBLIC,
    "status.ask": PUBLIC,
    "status.code": PUBLIC,
    "status.leave": PUBLIC,
    "status.choose_language": PUBLIC,
    # What is theirs.
    "status.touch": "see_own",
    "status.reach": "see_own",
    "status.changed_mind": "see_own",
    "status.stop": "see_own",
    "status.supporter": "see_own",
    "status.first": "see_own",
    "status.result": "see_own",
    "status.questions": "see_own",
    "status.question": "see_own",
    "status.story": "see_own",
    "status.plan": "see_own",
    "status.seen": "see_own",
    "status.held": "see_own",
    "status.paper": "see_own",
    # The same by telephone or at the desk.
    "desk.for_her": "tell_people",
    # What went wrong: at their page, and with those who answer it.
    "status.complaint": "see_own",
    "status.complaint_back": "see_own",
    "talking.complaints": "answer_complaints",
    "talking.complaint": "answer_complaints",
    "talking.acknowledge_complaint": "answer_complaints",
    "talking.answer_complaint": "answer_complaints",
    "talking.pass_on_complaint": "answer_complaints",
    "talking.take_back_complaint": "answer_complaints",
    "api_referrals.complaints": "answer_complaints",
    "api_referrals.complaint": "answer_complaints",
    "api_referrals.acknowledge_complaint": "answer_complaints",
    "api_referrals.answer_complaint": "answer_complaints",
    "api_referrals.pass_on_complaint": "answer_complaints",
}
MEASURES: dict[str, str] = {
    "outcomes.measures": "keep_outcomes",
    "outcomes.measure": "keep_outcomes",
    "outcomes.strike_measure": "keep_outcomes",
    "outcomes.their_measures": "keep_outcomes",
    "outcomes.their_measure": "keep_outcomes",
    "outcomes.strike_theirs": "keep_outcomes",
    "outcomes.told_measures": "keep_outcomes",
    "outcomes.told_measure": "keep_outcomes",
    "outcomes.strike_told": "keep_outcomes",
    "outcomes.bring_measures": "keep_outcomes",
    "outcomes.all_measures": SIGNED_IN,
    "outcomes.own_measures": "set_measures",
    "outcomes.new_measure": "set_measures",
    "outcomes.other_words": "set_measures",
    "outcomes.load_measure": "set_measures",
    "outcomes.own_measure": "set_measures",
    "outcomes.open_measure": "set_measures",
    "outcomes.retire_measure": "set_measures",
    "outcomes.licence": "keep_licences",
    "outcomes.licence_words": "keep_licences",
    "outcomes.end_licence": "keep_licences",
    "api_outcomes.measures": "keep_outcomes",
    "api_outcomes.of_referral": "keep_outcomes",
    "api_outcomes.answer": "keep_outcomes",
    "api_outcomes.strike_answer": "keep_outcomes",
    "api_outcomes.bring_answers": "keep_outcomes",
}
OUTCOMES: dict[str, str] = {
    # Finishing, at each door; how it fitted, for who received it and who referred.
    "outcomes.finish": "keep_outcomes",
    "outcomes.answer_finish": "keep_outcomes",
    "outcomes.telephone_finish": "answer_by_telephone",
    "outcomes.fit": "see_referrals",
    "outcomes.fits": "see_referrals",
    "outcomes.answer_fit": "keep_outcomes",
    "outcomes.telephone_fit": "answer_by_telephone",
    "api_outcomes.results": "see_referrals",
    # Whoever hears it from the person: the practice, reception too, the team, the group.
    "api_outcomes.say_result": "see_referrals",
    "api_outcomes.fit": "see_referrals",
    "api_outcomes.rate_fit": "keep_outcomes",
}
MESSAGES: dict[str, str] = {
    "outcomes.message": "see_referrals",
    "outcomes.print_message": "see_referrals",
    "outcomes.message_pdf": "see_referrals",
    "outcomes.copy_message": "see_referrals",
    "outcomes.write_message": "keep_outcomes",
    "outcomes.thank": "act_on_referrals",
    "outcomes.ask_back": "act_on_referrals",
    "outcomes.read": "see_referrals",
    "outcomes.close": "act_on_referrals",
    "api_outcomes.message": "see_referrals",
    "api_outcomes.write_message": "keep_outcomes",
    "api_outcomes.thank": "act_on_referrals",
}
OWN_DATA: dict[str, str] = {
    "outcomes.own_data": "export_own_data",
    "outcomes.own_data_file": "export_own_data",
    "outcomes.funding": "export_own_data",
    "outcomes.change_funding": "export_own_data",
    "outcomes.stories": "show_stories",
    "outcomes.decide_story": "show_stories",
    "api_outcomes.service_results": "read_directory",
    # What was missing; what is held about somebody, handed over to them.
    "accountability.unmet": "see_locality_figures",
    "accountability.held": "hand_over_record",
    "accountability.held_file": "hand_over_record",
}
