"""From findings to ranked causes and to how soon to seek help; no measuring, no array library."""

from twitchwise.assess.assessment import Assessment, assess_case
from twitchwise.assess.case import Case, Observation
from twitchwise.assess.causes import Cause, NotCovered, Probability
from twitchwise.assess.explain import Weight
from twitchwise.assess.questions import next_question, open_questions
from twitchwise.assess.urgency import RuleReason, UrgencyResult

__all__ = [
    "Assessment",
    "Case",
    "Cause",
    "NotCovered",
    "Observation",
    "Probability",
    "RuleReason",
    "UrgencyResult",
    "Weight",
    "assess_case",
    "next_question",
    "open_questions",
]
