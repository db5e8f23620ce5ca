"""``python -m referral`` is the command ``referral``."""

from referral.cli import main

main()
