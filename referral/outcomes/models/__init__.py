"""The tables of plans, measures and what came of it."""

from referral.outcomes.models.measuring import Assessment, LocalMeasure, MeasureLicence
from referral.outcomes.models.personal import Story
from referral.outcomes.models.planning import Goal, Plan, PlanAction
from referral.outcomes.models.telling import Fit, Funding, Report, Result, Thanks

__all__ = [
    "Assessment",
    "Fit",
    "Funding",
    "Goal",
    "LocalMeasure",
    "MeasureLicence",
    "Plan",
    "PlanAction",
    "Report",
    "Result",
    "Story",
    "Thanks",
]
