"""How well a measurement repeats itself: the published table, another program, and what must hold of any table."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from twitchwise.cohort.questions.intraclass import of_complete, of_incomplete
from twitchwise.cohort.questions.reliability import reliability, reliability_of
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.vocabulary.arrays import FloatArray

# Four judges rate six targets (Shrout and Fleiss 1979, table 2), with the coefficients of their table 4.
RATINGS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
PUBLISHED = {"ICC(1,1)": 0.17, "ICC(A,1)": 0.29, "ICC(C,1)": 0.71, "ICC(1,k)": 0.44, "ICC(A,k)": 0.62, "ICC(C,k)": 0.91}

tables = arrays(np.float64, (6, 3), elements=st.integers(-1000, 1000).map(float))


def forms(table: "FloatArray") -> dict[str, float]:
    return {one.form: one.correlation.value for one in reliability(pd.DataFrame(table)).intraclass}


def test_the_published_table_has_its_published_coefficients() -> None:
    assert {name: round(value, 2) for name, value in forms(RATINGS).items()} == PUBLISHED


@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame:Warning")  # pingouin 0.7 on pandas 3.1
@pytest.mark.parametrize("seed", range(4))
def test_coefficients_and_intervals_are_those_of_another_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(0, seed, (8, 1)) + rng.normal(0, 1, (8, 3)) + rng.normal(0, 0.5, 3)
    long = pd.DataFrame(table).reset_index().melt(id_vars="index")
    other = pingouin.intraclass_corr(long, targets="index", raters="variable", ratings="value").set_index("Type")
    for one in reliability(pd.DataFrame(table)).intraclass:
        assert one.correlation.value == pytest.approx(other.loc[one.form, "ICC"], abs=1e-9)
        low, high = other.loc[one.form, "CI95"]
        assert (one.correlation.low, one.correlation.high) == pytest.approx((low, high), abs=0.0051)


def test_the_error_of_measurement_is_the_spread_within_participants() -> None:
    found = reliability(pd.DataFrame([[1.0, 3.0], [5.0, 5.0], [2.0, 4.0]]))
    assert found.sem.value == pytest.approx(np.sqrt((2 + 0 + 2) / 3))
    assert found.mdc95.value == pytest.approx(1.959964 * np.sqrt(2) * found.sem.value)
    assert found.mdc95_percent.value == pytest.approx(100 * found.mdc95.value / (20 / 6))


def test_complete_data_give_the_same_by_likelihood_as_by_mean_squares() -> None:
    for one, other in zip(of_incomplete(RATINGS), of_complete(RATINGS), strict=True):
        assert one.correlation.value == pytest.approx(other.correlation.value, abs=1e-6)
        assert one.correlation.low == pytest.approx(other.correlation.low, abs=1e-5)
        assert one.correlation.high == pytest.approx(other.correlation.high, abs=1e-5)


def incomplete(rng: np.random.Generator, share: float) -> "FloatArray":
    """Return 20 participants and 3 visits with a correlation of 0.7; a share of participants misses one."""
    table: FloatArray = np.sqrt(0.7) * rng.normal(size=(20, 1)) + np.sqrt(0.3) * rng.normal(size=(20, 3))
    gone = np.flatnonzero(rng.random(20) < share)
    table[gone, rng.integers(0, 3, gone.size)] = np.nan
    return table


def test_missing_visits_are_neither_filled_in_nor_do_they_lose_the_participant() -> None:
    table = incomplete(np.random.default_rng(0), 0.5)
    found = reliability(pd.DataFrame(table))
    assert (found.n_participants, found.complete) == (20, False)
    assert found.n_values == int(np.isfinite(table).sum()) < 60
    assert "maximum likelihood" in found.method


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_intervals_hold_the_truth_in_95_of_100_studies(share: float) -> None:
    rng, studies = np.random.default_rng(3), 300
    held = np.zeros(4)
    for _ in range(studies):
        found = reliability(pd.DataFrame(incomplete(rng, share)))
        held += [found.form(form).holds(0.7) for form in ("ICC(1,1)", "ICC(A,1)", "ICC(C,1)")] + [
            found.sem.holds(np.sqrt(0.3))
        ]
    assert np.all((held / studies >= 0.92) & (held / studies <= 0.98)), held / studies


@given(tables)
def test_correlations_are_at_most_one_and_at_least_what_so_many_visits_allow(table: "FloatArray") -> None:
    assume(np.ptp(table) > 0)
    for one in reliability(pd.DataFrame(table)).intraclass[:3]:
        if one.correlation.known:
            assert one.correlation.value <= 1 + 1e-9
            if one.form != "ICC(A,1)":
                assert one.correlation.value >= -1 / 2 - 1e-9


@given(table=tables, shift=st.integers(-1000, 1000), factor=st.integers(1, 1000))
def test_correlations_do_not_change_with_unit_or_origin_and_the_error_scales(
    table: "FloatArray", shift: int, factor: int
) -> None:
    one, other = reliability(pd.DataFrame(table)), reliability(pd.DataFrame(factor * table + shift))
    for before, after in zip(one.intraclass, other.intraclass, strict=True):
        assert before.correlation.known == after.correlation.known
        if before.correlation.known:
            assert after.correlation.value == pytest.approx(before.correlation.value, rel=1e-6, abs=1e-6)
    assert other.mdc95.value == pytest.approx(factor * one.mdc95.value, rel=1e-9)


@given(tables)
def test_exchanging_visits_or_participants_changes_nothing(table: "FloatArray") -> None:
    one, other = forms(table), forms(table[::-1, ::-1])
    assert one == pytest.approx(other, nan_ok=True, abs=1e-9)


def test_a_negative_correlation_is_given_as_it_is_with_a_sentence() -> None:
    found = reliability(pd.DataFrame([[1.0, 9.0], [9.0, 1.0], [2.0, 8.5]]))
    assert found.form("ICC(1,1)").value < 0
    assert any("is below 0" in one for one in found.warnings)


def test_a_systematic_difference_between_visits_is_told_and_counts_as_error_of_agreement_alone() -> None:
    rng = np.random.default_rng(4)
    found = reliability(pd.DataFrame(rng.normal(0, 3, (15, 1)) + rng.normal(0, 0.5, (15, 2)) + [0, 4]))
    assert found.form("ICC(C,1)").value > 0.9 > found.form("ICC(A,1)").value
    assert any("differ systematically between visits" in one for one in found.warnings)


def test_on_the_log_scale_the_detectable_change_is_a_ratio_that_no_unit_changes() -> None:
    rng = np.random.default_rng(5)
    table = pd.DataFrame(rng.lognormal(2, 1, (30, 1)) * rng.lognormal(0, 0.2, (30, 2)))
    one, other = reliability(table, on_log=True), reliability(1000 * table, on_log=True)
    assert one.mdc95.value == pytest.approx(other.mdc95.value)
    assert one.mdc95.holds(float(np.exp(1.96 * np.sqrt(2) * 0.2)))
    assert one.mdc95_percent.value == pytest.approx(100 * (one.mdc95.value - 1))
    with pytest.raises(OutOfRangeError, match=r"above 0 on the log scale, got -1\.0"):
        reliability(pd.DataFrame([[1.0, 2.0], [-1.0, 2.0]]), on_log=True)


@pytest.mark.parametrize("table", [[[1.0, 2.0]], [[1.0], [2.0]], [[1.0, np.nan], [np.nan, 2.0]], []])
def test_too_few_participants_or_visits_become_a_sentence(table: list[list[float]]) -> None:
    found = reliability(pd.DataFrame(table))
    assert not found.form("ICC(A,1)").known
    assert "Reliability needs at least 2 participants with 2 visits each" in found.warnings[0]


def test_values_that_never_differ_have_no_correlation_but_no_error() -> None:
    found = reliability(pd.DataFrame([[2.0, 2.0], [2.0, 2.0], [2.0, 2.0]]))
    assert found.sem.value == 0
    assert not found.form("ICC(1,1)").known


def test_perfect_repeats_have_a_correlation_of_one() -> None:
    found = reliability(pd.DataFrame([[1.0, 1.0], [2.0, 2.0], [5.0, 5.0]]))
    assert [one.correlation.value for one in found.intraclass] == [1.0] * 6


def test_a_study_is_asked_with_its_repeats_its_group_and_its_side(
    study: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    found = reliability_of(study[0], "fasciculation_rate", visits=("1", "2"), group="control", side="left")
    assert (found.n_participants, found.n_visits, found.unit) == (7, 2, "1/min")
    assert any("Only 7 participants in the study" in one for one in found.warnings)


def test_a_side_that_is_missing_at_one_visit_is_told(study: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    rows = study[0]
    without = rows[~((rows["participant_id"] == "sub-00") & (rows["session"] == "2") & (rows["side"] == "left"))]
    found = reliability_of(without, "fasciculation_rate")
    assert any("1 participant with both sides at one visit and one side at another" in one for one in found.warnings)


def test_runs_are_repeats_within_one_session_alone(study: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    runs = study[0].assign(run=study[0]["session"])
    with pytest.raises(OutOfRangeError, match="session must be one where run tells visits apart, got 1, 2, 3"):
        reliability_of(runs, "fasciculation_rate", visit="run")
    assert reliability_of(runs.assign(session="1"), "fasciculation_rate", visit="run").n_visits == 3


def test_participants_whose_means_are_all_the_same_have_no_reliable_mean() -> None:
    found = reliability(pd.DataFrame([[1e6, 1.0, 0.0], [1e6, 0.0, 1.0]]))
    assert found.form("ICC(1,1)").value == pytest.approx(-1 / 2)
    assert found.form("ICC(1,k)").value == -np.inf
