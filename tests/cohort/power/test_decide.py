"""The fast analyses against those of the questions, and against the t-tests of SciPy."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from twitchwise.cohort.power.decide import have_changed, moments, values_differ
from twitchwise.cohort.power.decide_counts import groups_differ, visits_differ
from twitchwise.cohort.power.studies import log_ratios
from twitchwise.cohort.questions.change import changes_of_counts
from twitchwise.cohort.questions.groups import compare_counts, compare_values
from twitchwise.vocabulary.arrays import IntArray

STUDIES, PEOPLE = 25, 10
SOME_AND_ALL = np.array([4, PEOPLE])
Drawn = tuple[IntArray, IntArray]


def drawn(rate: float, ratio: float, dispersion: float, *, same_people: bool, seed: int = 1) -> Drawn:
    chance = np.random.default_rng(seed)
    shape = (STUDIES, PEOPLE)
    first = chance.gamma(1 / dispersion, dispersion, shape)
    second = first if same_people else chance.gamma(1 / dispersion, dispersion, shape)
    visits = np.exp(0.3 * chance.standard_normal((2, *shape)))
    return chance.poisson(rate * first * visits[0]), chance.poisson(rate * ratio * second * visits[1])


def as_table(first: IntArray, second: IntArray, names: list[str], groups: list[str]) -> pd.DataFrame:
    n = first.size
    return pd.DataFrame(
        {
            "participant_id": [f"{name}{number}" for name in names for number in range(n)],
            "group": np.repeat(groups, n),
            "session": np.repeat(["1", "2"], n),
            "side": None,
            "count": np.concatenate([first, second]).astype(float),
            "minutes": 5.0,
        }
    )


CASES = pytest.mark.parametrize(("rate", "ratio", "dispersion"), [(4.0, 0.5, 0.8), (0.4, 0.3, 0.5), (60.0, 0.6, 0.3)])


@CASES
def test_two_groups_are_judged_as_the_question_of_groups_does(rate: float, ratio: float, dispersion: float) -> None:
    first, second = drawn(rate, ratio, dispersion, same_people=False)
    fast = groups_differ(first, second, SOME_AND_ALL, 0.05)
    for study in range(STUDIES):
        for size, found in zip(SOME_AND_ALL, fast[study], strict=True):
            table = as_table(first[study, :size], second[study, :size], ["a", "b"], ["one", "two"])
            effect = compare_counts(table).effects[0].effect
            assert found == (not effect.holds(1.0)) or min(abs(np.log([effect.low, effect.high]))) < 0.02


@CASES
def test_people_seen_twice_are_judged_as_the_question_of_change_does(
    rate: float, ratio: float, dispersion: float
) -> None:
    first, second = drawn(rate, ratio, dispersion, same_people=True)
    fast = have_changed(moments(log_ratios(first, second), SOME_AND_ALL), 0.05)
    for study in range(STUDIES):
        for size, found in zip(SOME_AND_ALL, fast[study], strict=True):
            table = as_table(first[study, :size], second[study, :size], ["a", "a"], ["one", "one"])
            assert found == (not changes_of_counts(table, start="1", end="2").mean.holds(1.0))


@CASES
def test_rates_of_people_seen_twice_are_judged_by_the_model_of_counts(
    rate: float, ratio: float, dispersion: float
) -> None:
    first, second = drawn(rate, ratio, dispersion, same_people=True)
    fast = visits_differ(first, second, SOME_AND_ALL, 0.05)
    for study in range(STUDIES):
        for size, found in zip(SOME_AND_ALL, fast[study], strict=True):
            table = as_table(first[study, :size], second[study, :size], ["a", "a"], ["one", "one"])
            mean = compare_counts(table, group="session").effects[0].effect
            assert found == (not mean.holds(1.0)) or min(abs(np.log([mean.low, mean.high]))) < 0.02


def test_a_group_without_an_event_is_judged_exactly() -> None:
    none, some = np.zeros((1, 6), dtype=np.int64), np.array([[4, 5, 6, 5, 4, 6]])
    assert groups_differ(none, some, np.array([6]), 0.05).all()
    assert not groups_differ(none, some * 0, np.array([6]), 0.05).any()
    assert not groups_differ(none, np.array([[1, 0, 1, 0, 0, 0]]), np.array([6]), 0.05).any()


def test_values_are_judged_by_the_t_tests() -> None:
    chance = np.random.default_rng(3)
    first, second = chance.normal(0, 1, (200, 9)), chance.normal(0.9, 1, (200, 9))
    sizes = np.array([3, 9])
    fast = values_differ(moments(first, sizes), moments(second, sizes), 0.05)
    changed = have_changed(moments(second, sizes), 0.01)
    for number, size in enumerate(sizes):
        ours = stats.ttest_ind(first[:, :size], second[:, :size], axis=1).pvalue < 0.05
        assert (fast[:, number] == ours).all()
        assert (changed[:, number] == (stats.ttest_1samp(second[:, :size], 0.0, axis=1).pvalue < 0.01)).all()
    assert 0.2 < fast[:, 1].mean() < 0.8


def test_values_of_groups_are_judged_as_the_question_of_groups_does() -> None:
    chance = np.random.default_rng(4)
    first, second = chance.normal(0, 1, (STUDIES, PEOPLE)), chance.normal(1.0, 1, (STUDIES, PEOPLE))
    all_of_them = np.array([PEOPLE])
    fast = values_differ(moments(first, all_of_them), moments(second, all_of_them), 0.05)[:, 0]
    for study in range(STUDIES):
        table = as_table(first[study], second[study], ["a", "b"], ["one", "two"]).rename(columns={"count": "value"})
        effect = compare_values(table).effects[0].effect
        assert fast[study] == (not effect.holds(0.0)) or min(abs(effect.low), abs(effect.high)) < 0.03
    assert 0 < fast.sum() < STUDIES
