"""Many cases at once get the same probabilities as each alone."""

import pytest

from twitchwise.assess import Case, Observation
from twitchwise.assess.causes import NOT_COVERED, rank_causes
from twitchwise.examine.many import Ranker
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState, OutOfRangeError, Setting

PRESENT, ABSENT = FindingState.PRESENT, FindingState.ABSENT


def seen(finding: str, state: FindingState = PRESENT, numbers: tuple[float, float, float] | None = None) -> Observation:
    low, value, high = numbers or (None, None, None)
    return Observation(finding=finding, state=state, value=value, low=low, high=high)


CASES = [
    [],
    [seen("twitch")],
    [seen("twitch", ABSENT), seen("weak"), seen("drops")],
    [seen("weak", ABSENT), seen("drops")],
    [seen("rate", numbers=(20, 30, 40)), seen("coffee")],
    [seen("rate", numbers=(5, 9, 15))],
]


def test_a_batch_ranks_as_each_case_alone(small_library: Library) -> None:
    cases = [Case(observations={one.finding: one for one in observations}) for observations in CASES]
    many = Ranker(small_library).rank(cases)
    for case, row in zip(cases, many.values, strict=True):
        alone = rank_causes(case, small_library)
        expected = {cause.id: cause.probability.value for cause in alone.causes}
        expected[NOT_COVERED] = alone.not_covered.probability.value
        assert dict(zip(many.causes, row, strict=True)) == pytest.approx(expected)


def test_a_case_of_another_setting_is_refused(small_library: Library) -> None:
    with pytest.raises(OutOfRangeError, match="setting must be"):
        Ranker(small_library).rank([Case(setting=Setting.PRIMARY_CARE)])
