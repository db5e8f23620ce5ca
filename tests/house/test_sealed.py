"""What is sealed for the installation is sealed anew when its key changes: nothing is forgotten."""

from referral import app
from referral.cli import keys
from referral.core.database import Base

# Sealed with the person's own key, which is what a rotation wraps anew.
BY_THE_PERSON = {
    "person.identity_sealed",
    "referral.text_sealed",
    "status_change.note_sealed",
    "thread.text_sealed",
    "note.text_sealed",
    "attachment.label_sealed",
    "contact.note_sealed",
    "appointment.said_sealed",
    "consent.said_sealed",
    "person_said.text_sealed",
    "person_notice.note_sealed",
    "plan.about_sealed",
    "goal.text_sealed",
    "plan_action.text_sealed",
    "supporter.named_sealed",
    "complaint.text_sealed",
    "assessment.answers_sealed",
    "result.said_sealed",
    "report.text_sealed",
    "story.text_sealed",
}


def test_a_rotation_of_keys_reaches_every_sealed_column() -> None:
    assert app.PAGES, "the doors bring every table along"
    there = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    reached = {f"{table.__tablename__}.{column.key}" for table, _key, column in keys._places()}
    assert there - BY_THE_PERSON <= reached
    assert there >= BY_THE_PERSON
    assert not reached & BY_THE_PERSON
