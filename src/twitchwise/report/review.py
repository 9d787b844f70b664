"""Whether what a result rests on has been reviewed: the rules that apply and the conditions that are weighed."""

from collections.abc import Iterator
from typing import Literal

from twitchwise.examine import Examination
from twitchwise.knowledge.digest import digest_of, review_state


def review_of(examination: Examination) -> Literal["draft", "reviewed"]:
    """Return ``reviewed`` only when every rule that applies and every condition is, as its text now stands."""
    return "draft" if "draft" in _states(examination) else "reviewed"


def _states(examination: Examination) -> Iterator[str]:
    assessment, library = examination.assessment, examination.library
    for reason in assessment.urgency.reasons:
        rule = library.rules[reason.rule]
        yield review_state(rule.review, digest_of(rule))
    for cause in assessment.causes:
        condition = library.conditions[cause.id]
        yield review_state(condition.review, digest_of(condition))
