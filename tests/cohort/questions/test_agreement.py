"""Agreement of two ways of measuring: published examples, and what must hold of any."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from twitchwise.cohort.questions.agreement import agreement_of, bland_altman
from twitchwise.cohort.questions.reml import fit
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    import pandas as pd

    from twitchwise.vocabulary.arrays import FloatArray

# Peak expiratory flow by two meters, l/min, first readings (Bland and Altman 1986, table).
LARGE = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]

# Cardiac output by two methods, several pairs of each of 12 people (Bland and Altman 1999; not opened). Only the first
# rows were seen in a source, the others are from memory; five statistics of another program come out and confirm them.
VENTRICULOGRAPHY = [
    [7.83, 7.42, 7.89, 7.12, 7.88],
    [6.16, 7.26, 6.71, 6.54],
    [4.75, 5.24, 4.86, 4.78, 6.05, 5.42],
    [4.21, 3.61, 3.72, 3.87, 3.92],
    [3.13, 2.98, 2.85, 3.17, 3.09, 3.12],
    [5.92, 6.42, 5.92, 6.27],
    [7.13, 6.62, 6.58, 6.93],
    [4.54, 4.81, 5.11, 5.29, 5.39, 5.57],
    [4.48, 4.92, 3.97],
    [4.22, 4.65, 4.74, 4.44, 4.50],
    [6.78, 6.07, 6.52, 6.42, 6.41, 5.76],
    [5.06, 4.72, 4.90, 4.80, 4.90, 5.10],
]
IMPEDANCE = [
    [6.57, 5.62, 6.90, 6.57, 6.35],
    [4.06, 4.29, 4.26, 4.09],
    [4.71, 5.50, 5.08, 5.02, 6.01, 5.67],
    [4.14, 4.20, 4.61, 4.68, 5.04],
    [3.03, 2.86, 2.77, 2.46, 2.32, 2.43],
    [5.90, 5.81, 5.70, 5.76],
    [5.09, 4.63, 4.61, 5.09],
    [4.72, 4.61, 4.36, 4.20, 4.36, 4.20],
    [3.17, 3.12, 2.96],
    [4.35, 4.62, 3.16, 3.53, 3.53],
    [7.20, 6.09, 7.00, 7.10, 7.40, 6.80],
    [4.50, 4.20, 3.80, 3.80, 4.20, 4.50],
]
WHO = [str(person) for person, values in enumerate(VENTRICULOGRAPHY) for _ in values]
FIRST, SECOND = np.concatenate(VENTRICULOGRAPHY), np.concatenate(IMPEDANCE)

values = st.floats(-1e3, 1e3, width=32)
series = arrays(np.float64, 12, elements=values, unique=True)


def test_peak_flow_agrees_as_published() -> None:
    """Bland and Altman 1986: -2.1 (SD 38.8) l/min, interval -22.0 to 17.8, two SD around it -79.7 to 75.5."""
    found = bland_altman(LARGE, MINI)
    assert round(found.bias.value, 1) == -2.1
    assert round(found.sd, 1) == 38.8
    assert (round(found.bias.low, 1), round(found.bias.high, 1)) == (-22.0, 17.8)
    two = round(found.bias.value, 1) - 2 * round(found.sd, 1), round(found.bias.value, 1) + 2 * round(found.sd, 1)
    assert tuple(round(end, 1) for end in two) == (-79.7, 75.5)
    assert found.lower.value == pytest.approx(found.bias.value - 1.959964 * found.sd)


def test_repeated_pairs_have_the_variances_that_another_program_finds() -> None:
    """The R package BAtrending gives, for the same data, -0.705, 0.934 between, 0.413 within, 1.022 in all, 0.836."""
    model = fit(np.ones((60, 1)), SECOND - FIRST, np.array([int(one) for one in WHO]))
    assert round(float(model.coefficients[0]), 3) == -0.705
    assert round(float(np.sqrt(model.variance * model.correlation)), 3) == 0.934
    assert round(float(np.sqrt(model.within)), 3) == 0.413
    assert round(float(np.sqrt(model.variance)), 3) == 1.022
    assert round(model.correlation, 3) == 0.836
    assert bland_altman(SECOND, FIRST, participants=WHO).sd == pytest.approx(1.022, abs=0.005)


def test_pairs_of_one_participant_are_not_taken_for_independent() -> None:
    apart, together = bland_altman(FIRST, SECOND), bland_altman(FIRST, SECOND, participants=WHO)
    assert together.n_participants == 12
    assert together.bias.high - together.bias.low > 1.5 * (apart.bias.high - apart.bias.low)
    assert together.upper.high > apart.upper.high


@pytest.mark.parametrize("pairs", [1, 3])
def test_intervals_of_limits_hold_the_truth_in_95_of_100_studies(pairs: int) -> None:
    rng, held, studies = np.random.default_rng(1), 0, 1000
    who = [str(person) for person in range(12) for _ in range(pairs)]
    true = 1.959964 * np.sqrt(1.5 if pairs > 1 else 1.0)
    for _ in range(studies):
        own = rng.normal(0, np.sqrt(0.5), 12).repeat(pairs) if pairs > 1 else 0.0
        found = bland_altman(own + rng.normal(0, 1, 12 * pairs), np.zeros(12 * pairs), participants=who)
        held += found.upper.holds(true)
    assert 0.93 <= held / studies <= 0.975


def test_a_difference_that_grows_with_the_value_is_told() -> None:
    rng = np.random.default_rng(2)
    true = rng.uniform(10, 100, 40)
    found = bland_altman(true * 1.3 + rng.normal(0, 1, 40), true + rng.normal(0, 1, 40))
    assert found.slope.low > 0
    assert any("ratios may" in one for one in found.warnings)
    ratio = bland_altman(true * 1.3 * rng.lognormal(0, 0.05, 40), true * rng.lognormal(0, 0.05, 40), as_ratio=True)
    assert ratio.bias.holds(1.3)
    assert ratio.slope.holds(0.0)


@given(first=series, second=series)
def test_swapping_the_two_turns_the_bias_and_the_limits_around(first: "FloatArray", second: "FloatArray") -> None:
    one, other = bland_altman(first, second), bland_altman(second, first)
    assert one.bias.value == pytest.approx(-other.bias.value)
    assert one.upper.value == pytest.approx(-other.lower.value)
    assert one.upper.high == pytest.approx(-other.lower.low)
    assert one.slope.value == pytest.approx(-other.slope.value)


@given(first=series, second=series, factor=st.floats(0.01, 100))
def test_the_limits_scale_with_the_unit_and_the_slope_does_not(
    first: "FloatArray", second: "FloatArray", factor: float
) -> None:
    one, other = bland_altman(first, second), bland_altman(factor * first, factor * second)
    assert other.upper.high == pytest.approx(factor * one.upper.high, rel=1e-6, abs=1e-6)
    assert other.slope.value == pytest.approx(one.slope.value, rel=1e-5, abs=1e-7)


@given(first=series, second=series)
def test_each_interval_holds_its_value_and_limits_lie_around_the_bias(
    first: "FloatArray", second: "FloatArray"
) -> None:
    found = bland_altman(first, second, participants=["a", "a", "b", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
    assert found.lower.low <= found.lower.value <= found.bias.value <= found.upper.value <= found.upper.high


def test_ratios_turn_around_when_the_two_are_swapped() -> None:
    one, other = bland_altman(LARGE, MINI, as_ratio=True), bland_altman(MINI, LARGE, as_ratio=True)
    assert one.bias.value == pytest.approx(1 / other.bias.value)
    assert one.upper.value == pytest.approx(1 / other.lower.value)


def test_a_ratio_of_nothing_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"above 0 for their ratio, got 0\.0"):
        bland_altman([1, 2, 0], [1, 2, 3], as_ratio=True)


def test_two_pairs_give_a_bias_without_limits_and_a_sentence() -> None:
    found = bland_altman([1, 2], [2, 2])
    assert found.bias.value == -0.5
    assert not found.lower.known
    assert found.warnings == ("Limits of agreement need pairs of at least 3 participants, got 2.",)


def test_no_pair_at_all_becomes_a_sentence() -> None:
    found = bland_altman([], [])
    assert (found.n_pairs, found.bias.known) == (0, False)
    assert found.warnings


def test_pairs_of_which_one_is_missing_are_left_out() -> None:
    found = bland_altman([1, 2, 3, np.nan], [2, 2, 5, 7])
    assert found.n_pairs == 3
    assert found.bias.value == -1


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="second must have as many values as first, got 1 and 2"):
        bland_altman([1, 2], [1])


def test_ways_that_always_agree_have_limits_of_no_width() -> None:
    found = bland_altman(LARGE, LARGE)
    assert (found.lower.value, found.upper.value, found.slope.value) == (0, 0, 0)


def test_the_sides_of_a_study_are_paired_within_participant_and_visit(
    study: "tuple[pd.DataFrame, pd.DataFrame]",
) -> None:
    found = agreement_of(study[0], "left", "right", by="side", quantity="fasciculation_rate")
    assert (found.n_pairs, found.n_participants, found.unit) == (42, 14, "1/min")
    assert found.bias.holds(0.0)
    channels = agreement_of(study[0], "a", "b", by="channel", quantity="fasciculation_rate")
    assert channels.n_pairs == 84


def test_quantities_of_different_units_are_refused(study: "tuple[pd.DataFrame, pd.DataFrame]") -> None:
    with pytest.raises(OutOfRangeError, match="unit must be the same for both, got 1/min, count"):
        agreement_of(study[0], "fasciculation_rate", "fasciculation_count")


@pytest.mark.parametrize(
    ("by", "quantity", "words"),
    [("side", None, "quantity must be named where by is 'side'"), ("group", "q", "by must be one of quantity, side")],
)
def test_what_tells_the_two_apart_must_be_known(
    study: "tuple[pd.DataFrame, pd.DataFrame]", by: str, quantity: str | None, words: str
) -> None:
    with pytest.raises(OutOfRangeError, match=words):
        agreement_of(study[0], "left", "right", by=by, quantity=quantity)


def test_pairs_must_be_of_someone(study: "tuple[pd.DataFrame, pd.DataFrame]") -> None:
    with pytest.raises(OutOfRangeError, match="per must name participant_id, got session"):
        agreement_of(study[0], "left", "right", by="side", quantity="fasciculation_rate", per=("session",))
