"""How much is kept, and what a file is called when it is shown."""

from __future__ import annotations

import pytest

from referral.files import limits


def test_a_rule_is_named_for_each_limit() -> None:
    assert limits.broken(limits.MOST_BYTES, 0, 0) is None
    assert str(limits.broken(limits.MOST_BYTES + 1, 0, 0)) == "must be smaller than 10 MB"
    assert limits.broken(1, limits.MOST_FILES - 1, 0) is None
    assert "500 files" in str(limits.broken(1, limits.MOST_FILES, 0))
    assert limits.broken(1, 0, 199_999_999) is None
    assert "200 MB" in str(limits.broken(2, 0, 199_999_999))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Policy 2026.pdf", "Policy 2026.pdf"),
        ("policy.html", "policy.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Jo\\Child policy.docx", "Child policy.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "a bSet-Cookie: x.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.pdf"),
        ("\u200b\ufeff.pdf", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("..", "file.pdf"),
        ("a" * 500 + ".pdf", "a" * 96 + ".pdf"),
        ("Sicherheit für Kinder.PDF", "Sicherheit für Kinder.pdf"),
        ("Version 1.5", "Version 1.5.pdf"),
        ("policy.v2.final version.pdf", "policy.v2.final version.pdf"),
        ("\ud800.pdf", "file.pdf"),
    ],
)
def test_a_name_is_made_fit_to_be_shown(name: str, label: str) -> None:
    found = limits.label_of(name, "pdf")
    assert found == label
    assert len(found) <= limits.LABEL_MAX
