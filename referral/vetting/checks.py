"""The register of checks: what is asked of an organisation, why, how long it counts, what it shows.

This is the national default (``VERSION``); a locality adds, drops and re-tiers: ``scheme.py``.
Distilled from published schemes (docs/decisions/0009); to add a check, add one entry to ``CHECKS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from referral.core.i18n import Lazy, _

VERSION = 1
# S: people are only pointed there. G: a group that takes referrals. V: alone with somebody, at
# home, by car, or with children or adults at risk. Each includes those before it.
Tier = Literal["S", "G", "V"]
TIERS: tuple[Tier, ...] = ("S", "G", "V")
TIER_LABELS: dict[str, Lazy] = {
    "S": _("People find their own way there"),
    "G": _("Groups that take referrals"),
    "V": _("One to one, at home, transport, or people at risk"),
}
# How it is answered. ``directory``: by confirming the entry, nothing is kept here; ``record``:
# criminal records, never a document; ``agreement``: somebody signs with name and role.
Kind = Literal["register", "statement", "document", "insurance", "record", "agreement", "directory"]
# Who says that it will do: the answer itself, any reviewer, or who also decides on applications.
Judge = Literal["itself", "reviewer", "lead"]
# What is stated beside (or instead of) a file: ``number``, ``issuer``, ``level``, ``count``,
# ``cover`` in pounds, ``cover_by``, ``lead_name``, ``lead_phone``, ``update_service``, ``note``.
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "register": ("note",),
    "statement": ("note",),
    "document": ("issued_on",),
    "insurance": ("issuer", "number", "cover", "cover_by", "expires_on"),
    "record": ("level", "count", "issued_on"),
    "agreement": ("lead_name", "note"),
    "directory": (),
}
OPTIONAL: dict[Kind, tuple[str, ...]] = {
    "register": ("number",),
    "statement": ("issued_on", "expires_on", "number", "level", "lead_name", "lead_phone"),
    "document": ("expires_on", "issuer", "number", "level", "lead_name", "lead_phone", "note"),
    "insurance": ("issued_on", "note"),
    "record": ("number", "update_service", "note"),
    "agreement": (),
    "directory": (),
}
# Whose insurance it is. The venue's will do only where people just turn up.
COVER_BY: dict[str, Lazy] = {
    "own": _("Our own"),
    "venue": _("The venue's, which covers our sessions"),
}


@dataclass(frozen=True)
class Renewal:
    """How long an answer counts; with nothing set, for good (until something changes).

    ``months`` after the day it was issued; ``to_end_date``: to the day the paper itself ends;
    ``every``: to a fixed (month, day) of the year.
    """

    months: int | None = None
    to_end_date: bool = False
    every: tuple[int, int] | None = None


ONCE, YEARLY, TWO_YEARS, THREE_YEARS = Renewal(), Renewal(12), Renewal(24), Renewal(36)
TO_ITS_END = Renewal(to_end_date=True)


@dataclass(frozen=True)
class Check:
    """One check. ``ask`` is the question as a small group reads it, ``evidence`` what to show.

    ``only_if``: asked only where one of these facts is true (``proportion.FACTS``).
    ``mandatory``: approval needs it. ``pauses``: new referrals stop when it has run out.
    ``anchor_may_hold``: an organisation that vouches for the group may answer for it.
    ``may_wait``: approval with conditions may leave it open until a day.
    ``may_not_apply``: "does not apply to us, because …" is an answer a reviewer may accept.
    ``minimum``: the least cover, in pounds. ``limits``: what it does not prove.
    """

    key: str
    title: str | Lazy
    tiers: tuple[Tier, ...]
    kind: Kind
    renewal: Renewal
    ask: str | Lazy
    evidence: str | Lazy
    limits: str | Lazy
    public: str | Lazy
    only_if: tuple[str, ...] = ()
    judge: Judge = "reviewer"
    mandatory: bool = True
    pauses: bool = True
    anchor_may_hold: bool = True
    may_wait: bool = False
    may_not_apply: bool = False
    minimum: int | None = None


ALL: tuple[Tier, ...] = ("S", "G", "V")
GROUPS: tuple[Tier, ...] = ("G", "V")
CLOSE: tuple[Tier, ...] = ("V",)
SEEN = _("Policy seen, practice not inspected.")
SAID = _("The organisation's own word; nobody has tested it.")
COVERED = _("Certificate seen. It does not show that a claim would be paid.")

CHECKS: tuple[Check, ...] = (
    Check(
        "legal_form", _("What kind of organisation it is"), ALL, "register", YEARLY,
        _("What kind of group are you, and are you on a register?"),
        _("Your charity or company number; an unregistered group says who runs it"),
        _("On the register does not mean well run."),
        _("Legal form and register entry looked at"),
        anchor_may_hold=False,
    ),
    Check(
        "governing_document", _("Rules of the organisation"), GROUPS, "document", ONCE,
        _("What are your written rules?"),
        _("Signed constitution or articles that say what happens to money if you close"),
        _("Document seen; whether it is followed was not tested."),
        _("Constitution seen"), may_wait=True,
    ),
    Check(
        "committee", _("Committee"), GROUPS, "statement", YEARLY,
        _("Who runs the group? At least three people who are not related"),
        _("The number of trustees or committee members, and that three are not related"),
        SAID, _("At least three unrelated committee members"), may_wait=True,
    ),
    Check(
        "bank_account", _("Bank account"), GROUPS, "statement", YEARLY,
        _("Is there a bank account in the group's name, with two unrelated signatories?"),
        _("Yes or no; no account number"),
        SAID, _("Bank account in the organisation's name"),
        only_if=("paid",), may_wait=True,
    ),
    Check(
        "accounts", _("Yearly accounts"), CLOSE, "document", YEARLY,
        _("What are your latest accounts or budget?"),
        _("Latest annual accounts, or a budget in your first year"),
        _("Accounts seen, not audited by us."), _("Latest accounts seen"),
        may_wait=True,
    ),
    Check(
        "safeguarding_adults", _("Keeping adults safe"), GROUPS, "document", YEARLY,
        _("How do you keep adults safe, and who leads on it?"),
        _("Safeguarding policy reviewed within a year, and the lead's name and phone number"),
        SEEN, _("Safeguarding adults policy seen, lead named"),
    ),
    Check(
        "safeguarding_children", _("Keeping children safe"), GROUPS, "document", YEARLY,
        _("How do you keep children safe, and who leads on it?"),
        _("Child protection policy reviewed within a year, and the lead's name and phone number"),
        SEEN, _("Safeguarding children policy seen, lead named"),
        only_if=("children",), may_not_apply=True,
    ),
    Check(
        "safeguarding_training", _("Safeguarding training"), CLOSE, "statement", TWO_YEARS,
        _("When were your staff, volunteers and safeguarding lead trained?"),
        _("The oldest date on which somebody now in a role was trained"),
        _("Attendance stated, not what was learned."), _("Trained in safeguarding"),
        may_wait=True,
    ),
    Check(
        "dbs", _("Criminal record checks"), CLOSE, "record", THREE_YEARS,
        _("Do people in roles that may be checked have a criminal record check?"),
        _("How many, which level, the date of the oldest; never the certificate itself"),
        _("True on the day of the check only; the law does not let every role be checked."),
        _("Criminal record checks for the roles that may be checked"),
        judge="lead", may_not_apply=True,
    ),
    Check(
        "safer_recruitment", _("Taking on staff and volunteers"), CLOSE, "document", THREE_YEARS,
        _("How do you take on staff and volunteers?"),
        _("Recruitment or volunteer policy that asks for references"),
        SEEN, _("Recruitment policy seen"), may_wait=True,
    ),
    Check(
        "public_liability", _("Public liability insurance"), GROUPS, "insurance", TO_ITS_END,
        _("Who insures your sessions?"),
        _("Insurer, policy number, limit and the day it ends, with the certificate"),
        COVERED, _("Public liability insurance"), minimum=2_000_000,
    ),
    Check(
        "employers_liability", _("Employers' liability insurance"), GROUPS, "insurance",
        TO_ITS_END,
        _("Who insures you as an employer?"),
        _("Insurer, policy number, limit and the day it ends, with the certificate"),
        COVERED, _("Employers' liability insurance"), only_if=("staff",), minimum=5_000_000,
    ),
    Check(
        "professional_indemnity", _("Professional indemnity insurance"), CLOSE, "insurance",
        TO_ITS_END,
        _("Who insures the advice or therapy you give?"),
        _("Insurer, policy number, limit and the day it ends, with the certificate"),
        COVERED, _("Professional indemnity insurance"), only_if=("advice",),
    ),
    Check(
        "health_safety", _("Health and safety"), GROUPS, "document", YEARLY,
        _("What could go wrong at your sessions, and what do you do about it?"),
        _("Risk assessment of the activity and its place"),
        _("Risk assessment seen, place not visited."), _("Risk assessment seen"),
        anchor_may_hold=False,
    ),
    Check(
        "first_aid_food", _("First aid and food hygiene"), GROUPS, "document", THREE_YEARS,
        _("Who is trained in first aid or food hygiene?"),
        _("A certificate of somebody who is there"),
        _("Certificate seen; whether its holder is there on the day is not known."),
        _("First aid or food hygiene certificate seen"),
        only_if=("food", "exertion"), may_wait=True, may_not_apply=True,
    ),
    Check(
        "data_protection", _("Looking after personal information"), GROUPS, "statement", YEARLY,
        _("How do you look after people's information?"),
        _("Your ICO number, or why you need not pay the fee; where your privacy notice is"),
        SAID, _("Data protection fee or exemption stated"),
    ),
    Check(
        "information_sharing", _("Agreement about sharing information"), GROUPS, "agreement",
        TWO_YEARS,
        _("Do you agree to how information is shared here?"),
        _("Name and role of somebody who may sign for the group"),
        _("Signed; use of the information was not audited."), _("Sharing agreement signed"),
        anchor_may_hold=False,
    ),
    Check(
        "dspt", _("NHS data security toolkit"), CLOSE, "statement", Renewal(every=(6, 30)),
        _("What is your status in the Data Security and Protection Toolkit?"),
        _("Your ODS code, the status, and the day it was published"),
        _("The organisation's own assessment."), _("Data Security and Protection Toolkit"),
        only_if=("nhs_data",), judge="lead", may_not_apply=True,
    ),
    Check(
        "equality", _("Equality, diversity and inclusion"), GROUPS, "document", THREE_YEARS,
        _("How do you make sure that everybody is welcome?"),
        _("Equality policy"), SEEN, _("Equality policy seen"), may_wait=True,
    ),
    Check(
        "complaints", _("Complaints"), GROUPS, "document", THREE_YEARS,
        _("How can somebody complain?"),
        _("Complaints procedure, or where it is published"),
        SEEN, _("Complaints procedure seen"), may_wait=True,
    ),
    Check(
        "lone_working", _("Lone working"), CLOSE, "document", TWO_YEARS,
        _("How do you look after people who work alone?"),
        _("Lone-working policy"), SEEN, _("Lone-working policy seen"), may_wait=True,
        may_not_apply=True,
    ),
    Check(
        "supervision", _("Supervision"), CLOSE, "statement", TWO_YEARS,
        _("Who do staff and volunteers talk to about their work, and how often?"),
        _("Who supervises whom, how often"), SAID, _("Staff and volunteers are supervised"),
        may_wait=True,
    ),
    Check(
        "references", _("References"), CLOSE, "statement", ONCE,
        _("Who can speak for you?"),
        _("Two people, or a commissioner, whom we may ring"),
        _("What others thought on one day."), _("References taken"), may_wait=True,
    ),
    Check(
        "accessibility", _("Access"), ALL, "directory", YEARLY,
        _("Can everybody get in and take part?"),
        _("Step-free, hearing, language: in your entry in the directory"),
        _("The organisation's own word; nobody has been to see it."), _("Access described"),
        judge="itself", pauses=False, anchor_may_hold=False,
    ),
    Check(
        "listing_accuracy", _("Details are right"), ALL, "directory", Renewal(6),
        _("Is your entry in the directory still right?"),
        _("One click"),
        _("The organisation's own word."), _("Details confirmed by the organisation"),
        judge="itself", pauses=False, anchor_may_hold=False,
    ),
    Check(
        "quality_mark", _("Quality mark"), CLOSE, "document", THREE_YEARS,
        _("Do you hold a quality mark?"),
        _("Certificate, for example Trusted Standard, Advice Quality Standard, CQC"),
        _("What its own scheme looked at, on the day it looked."), _("Quality mark held"),
        mandatory=False, pauses=False, may_not_apply=True,
    ),
)  # fmt: skip
BY_KEY: dict[str, Check] = {check.key: check for check in CHECKS}
