"""Valid NHS numbers of the range that is never issued (999…), for people who do not exist."""

from __future__ import annotations


def nhs_number(n: int) -> str:
    """The ``n``-th number from 999 100 0000 on whose check digit exists (modulus 11)."""
    stem = 999_100_000 + n
    while True:
        digits = [int(digit) for digit in str(stem)]
        check = 11 - sum(d * (10 - i) for i, d in enumerate(digits)) % 11
        if check != 10:
            return f"{stem}{0 if check == 11 else check}"
        stem += 400_000
