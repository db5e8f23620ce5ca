"""References that people can read out over the telephone."""

from referral.referrals import references


def test_a_reference_reads_back_however_it_is_typed() -> None:
    for _n in range(200):
        made = references.new()
        bare = made.replace("-", "")
        for typed in (made, made.lower(), bare, f"  {made} ", f"{made[:7]} {made[8:]}"):
            assert references.parse(typed) == made


def test_what_is_none_is_none() -> None:
    for typed in ("", "JU-", "JU-OOOO-OOO", "XX-4K7Q-9WX", "JU-4K7Q-9W", "JU-4K7Q-9WXX", "é" * 9):
        assert references.parse(typed) is None
