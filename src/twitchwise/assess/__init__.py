"""From findings to ranked causes and to how soon to seek help; no measuring, no array library."""

from twitchwise.assess.assessment import Assessment, assess_case
from twitchwise.assess.case import Case, Observation
from twitchwise.assess.causes import Cause, NotCovered, Probability, Ranking
from twitchwise.assess.explain import Weight
from twitchwise.assess.for_the_doctor import ForTheDoctor
from twitchwise.assess.intake import Intake, Mention, read_description
from twitchwise.assess.learned import Learned, learned_since
from twitchwise.assess.questions import Question, next_question, open_questions
from twitchwise.assess.separation import Separation
from twitchwise.assess.urgency import RuleReason, UrgencyResult
from twitchwise.assess.what_if import WhatIf, open_red_flags

__all__ = [
    "Assessment",
    "Case",
    "Cause",
    "ForTheDoctor",
    "Intake",
    "Learned",
    "Mention",
    "NotCovered",
    "Observation",
    "Probability",
    "Question",
    "Ranking",
    "RuleReason",
    "Separation",
    "UrgencyResult",
    "Weight",
    "WhatIf",
    "assess_case",
    "learned_since",
    "next_question",
    "open_questions",
    "open_red_flags",
    "read_description",
]
