"""How much a worker has in hand, weighted; it warns and never blocks. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Tenths of a person, by how much work the team thinks somebody is.
WEIGHTS = {"light": 5, "usual": 10, "heavy": 20}
# A person waiting for others, or paused, is looked at now and then; a new one is most work.
STATUS_SHARE = {
    "sent": 10, "question_asked": 5, "accepted": 12, "contacting": 12, "started": 10,
    "waiting_list": 3, "paused": 3, "declined": 5, "returned_no_reply": 5, "ended_early": 3,
    "completed": 0,
}  # fmt: skip
GUIDE = 80
NEARLY = 90  # percent of the guide


@dataclass(frozen=True)
class Held:
    """One referral in a worker's hands; a person with several counts once, by the heaviest."""

    person: str
    status: str
    weight: str = "usual"


@dataclass(frozen=True)
class Load:
    """``points`` are people, weighted, to a tenth; ``guide`` is scaled by the hours worked."""

    people: int
    points: float
    guide: float

    @property
    def state(self) -> str:
        """``room``, ``nearly`` or ``over``."""
        if self.points > self.guide:
            return "over"
        return "nearly" if self.points * 100 >= self.guide * NEARLY else "room"


def points(held: Iterable[Held]) -> tuple[int, float]:
    """(people, weighted people)."""
    by_person: dict[str, int] = {}
    for one in held:
        worth = WEIGHTS[one.weight] * STATUS_SHARE.get(one.status, 0)
        by_person[one.person] = max(by_person.get(one.person, 0), worth)
    return len(by_person), round(sum(by_person.values()) / 100, 1)


def load(held: Iterable[Held], *, guide: int = GUIDE, hours: int = 100) -> Load:
    """A worker's load; ``hours`` is the share of a full week in percent."""
    people, weighted = points(held)
    return Load(people, weighted, round(guide * hours / 100, 1))
