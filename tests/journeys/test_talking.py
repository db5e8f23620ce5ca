"""Notes with a file, what was agreed, the local route, and questions before anybody is named."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload

from tests.journeys.conftest import Arrive
from tests.journeys.test_every_page import own
from tests.support import documents

pytestmark = pytest.mark.browser


def test_a_note_with_a_file_what_was_agreed_and_a_question_first(arrive: Arrive) -> None:
    doctor = arrive("practice_staff@demo.example")
    path = own(doctor, "started", "raise")
    doctor.go(f"{path}/notes")
    doctor.also_on_a_phone()
    doctor.press("Write it down")
    doctor.reads("There is a problem", "In your words is required")
    doctor.answer("In your words", "Ring the day before, and speak slowly.")
    letter: FilePayload = {
        "name": "map.pdf",
        "mimeType": "application/pdf",
        "buffer": documents.pdf(),
    }
    doctor.page.set_input_files("input[name=files]", letter)
    doctor.press("Write it down")
    doctor.reads("Ring the day before, and speak slowly.", "map.pdf", "not scanned yet")
    doctor.go(f"{path}/safeguarding")
    doctor.reads("Danger to life, now: ring 999.", "What did you notice?")
    for page in ("agreement", "said", "agreement/take-back"):
        doctor.go(f"{path}/{page}")
        doctor.also_on_a_phone()
    doctor.go("/enquiries")
    doctor.also_on_a_phone()
