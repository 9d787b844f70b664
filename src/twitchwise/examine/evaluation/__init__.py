"""How good the assessment is on published and constructed cases, with what it misses."""

from twitchwise.examine.evaluation.cases import CaseSet, PublishedCase, read_case_sets
from twitchwise.examine.evaluation.scores import Evaluation, evaluate

__all__ = ["CaseSet", "Evaluation", "PublishedCase", "evaluate", "read_case_sets"]
