"""Criminal records, nation by nation: which scheme, which levels, for how long an answer counts.

Asking for a higher level than a role is eligible for is unlawful, so an organisation says how many
roles are eligible, never sends a certificate, and may say that no role is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from referral.core.i18n import Lazy, _
from referral.vetting.checks import Check, Renewal


@dataclass(frozen=True)
class Rules:
    """``update_service``: whether a status can be asked again with the certificate's number."""

    scheme: str
    title: Lazy
    levels: dict[str, Lazy]
    renewal: Renewal
    update_service: bool
    says: Lazy


_DBS = Rules(
    "DBS",
    _("DBS checks"),
    {
        "basic": _("Basic"),
        "standard": _("Standard"),
        "enhanced": _("Enhanced"),
        "enhanced_barred": _("Enhanced with barred lists"),
    },
    Renewal(36),
    True,
    _("The oldest check, or the last look at the Update Service, counts for three years."),
)
_PVG = Rules(
    "PVG",
    _("PVG scheme membership"),
    {
        "level_1": _("Level 1 disclosure"),
        "level_2": _("Level 2 disclosure"),
        "pvg": _("Level 2 with PVG membership"),
    },
    Renewal(60),
    False,
    _("A PVG membership counts for five years; a regulated role may not be done without it."),
)
_ACCESSNI = Rules(
    "AccessNI",
    _("AccessNI checks"),
    {
        "basic": _("Basic"),
        "standard": _("Standard"),
        "enhanced": _("Enhanced"),
        "enhanced_barred": _("Enhanced with barred lists"),
    },
    Renewal(36),
    False,
    _("There is no Update Service in Northern Ireland: the oldest check counts for three years."),
)
BY_NATION: dict[str, Rules] = {
    "england": _DBS,
    "wales": _DBS,
    "scotland": _PVG,
    "northern_ireland": _ACCESSNI,
}
# Every level of every nation, for what is stored and read.
LEVELS = tuple(dict.fromkeys(level for rules in BY_NATION.values() for level in rules.levels))


def in_nation(check: Check, nation: str) -> Check:
    """The check as it is called and renewed in ``nation``; only criminal records differ."""
    if check.kind != "record":
        return check
    rules = BY_NATION[nation]
    # A locality's own time stands.
    national = check.renewal == _DBS.renewal
    return replace(
        check,
        title=rules.title if check.key == "dbs" else check.title,
        renewal=rules.renewal if national else check.renewal,
    )
