"""Groups compared: other programs, simulated studies whose truth is known, and what becomes a sentence."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from twitchwise.cohort.questions.count_model import Counts, fit_counts
from twitchwise.cohort.questions.groups import GroupComparison, compare_counts, compare_values
from twitchwise.cohort.questions.mixed import form_of_values, mixed_model
from twitchwise.cohort.questions.reml import fit
from twitchwise.cohort.questions.robust import Clustered, contrast
from twitchwise.cohort.questions.values import counts_of
from twitchwise.vocabulary import OutOfRangeError


def made(  # noqa: PLR0913 - each is a property of the study, by name
    rng: np.random.Generator,
    sizes: tuple[int, int],
    *,
    visits: int = 3,
    rate: float = 2.0,
    own: tuple[float, float] = (0.5, 0.5),
    visit: float = 0.2,
    ratio: float = 2.0,
) -> pd.DataFrame:
    """Return counts of two groups; own and visit are the over-dispersion between participants and between visits."""
    person = np.repeat(np.arange(sum(sizes)), rng.integers(1, visits + 1, sum(sizes)))
    ill = person >= sizes[0]
    alphas = np.where(np.arange(sum(sizes)) < sizes[0], *own)
    factors = rng.gamma(1 / alphas, alphas)[person] * rng.gamma(1 / visit, visit, person.size)
    minutes = rng.uniform(2, 10, person.size)
    counts = rng.poisson(rate * np.where(ill, ratio, 1) * factors * minutes)
    return pd.DataFrame({"participant_id": person.astype(str), "group": np.where(ill, "ill", "control")}).assign(
        count=counts.astype(float), minutes=minutes, value=counts / minutes, age=rng.normal(60, 9, sum(sizes))[person]
    )


def only(found: GroupComparison) -> tuple[float, float, float]:
    effect = found.effects[0].effect
    return effect.value, effect.low, effect.high


@pytest.mark.parametrize(
    ("sizes", "own"),
    [((6, 6), (0.5, 0.5)), ((8, 16), (1.2, 1.2)), ((20, 20), (0.3, 1.2))],
    ids=["small", "wide", "unequal"],
)
def test_intervals_of_ratios_hold_the_truth_in_92_to_98_of_100_studies(
    sizes: tuple[int, int], own: tuple[float, float]
) -> None:
    rng, studies, held = np.random.default_rng(11), 200, 0
    for _ in range(studies):
        _, low, high = only(compare_counts(made(rng, sizes, own=own), reference="control"))
        held += low <= 2.0 <= high
    assert 0.92 <= held / studies <= 0.98


@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_intervals_of_differences_hold_the_truth_in_92_to_98_of_100_studies(spread: float) -> None:
    rng, studies, held = np.random.default_rng(12), 500, 0
    for _ in range(studies):
        person = np.repeat(np.arange(20), rng.integers(1, 4, 20))
        ill = person >= 8
        own = rng.normal(0, np.where(np.arange(20) < 8, 1.0, spread))
        value = own[person] + rng.normal(0, 1, person.size) + 2 * ill
        table = pd.DataFrame(
            {"participant_id": person.astype(str), "group": np.where(ill, "ill", "control"), "value": value}
        )
        _, low, high = only(compare_values(table))
        held += low <= 2.0 <= high
    assert 0.92 <= held / studies <= 0.98


def test_values_without_repeats_have_the_error_of_welch() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(0, 1, 9), rng.normal(1, 3, 14)
    table = pd.DataFrame({"value": [*first, *second], "group": ["a"] * 9 + ["b"] * 14}).assign(
        participant_id=[str(one) for one in range(23)]
    )
    design = np.column_stack([table["group"] == "a", table["group"] == "b"]).astype(float)
    form, coefficients = form_of_values(design, table["value"].to_numpy(float), np.arange(23))
    found = contrast(form, coefficients, np.array([-1.0, 1.0]))
    assert found.value == pytest.approx(second.mean() - first.mean())
    assert found.error == pytest.approx(np.sqrt(first.var(ddof=1) / 9 + second.var(ddof=1) / 14))


def test_equal_groups_without_repeats_have_the_interval_of_student() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(0, 1, 10), rng.normal(1, 1, 10)
    table = pd.DataFrame({"value": [*first, *second], "group": ["a"] * 10 + ["b"] * 10}).assign(
        participant_id=[str(one) for one in range(20)]
    )
    student = stats.ttest_ind(second, first)
    found = compare_values(table)
    low, high = student.confidence_interval(0.95)
    assert only(found) == pytest.approx((second.mean() - first.mean(), low, high))
    assert found.effects[0].p_value == pytest.approx(student.pvalue)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_mixed_model_is_that_of_another_program(seed: int) -> None:
    table = made(np.random.default_rng(seed), (10, 12)).assign(value=lambda rows: 10 * rows["value"])
    design = np.column_stack([np.ones(len(table)), table["group"] == "ill", table["age"] - 60]).astype(float)
    people = table["participant_id"].to_numpy(np.int64)
    other = sm.MixedLM(table["value"].to_numpy(), design, groups=people).fit(reml=True)
    found = fit(design, table["value"].to_numpy(float), people)
    assert found.coefficients == pytest.approx(other.fe_params, rel=1e-4)
    assert found.within == pytest.approx(other.scale, rel=1e-3)
    assert found.variance * found.correlation == pytest.approx(float(np.asarray(other.cov_re)[0, 0]), rel=1e-3)


@pytest.mark.parametrize("scale", [1.0, 1e-5])
def test_both_ways_to_the_mixed_model_meet_whatever_the_unit(scale: float) -> None:
    table = made(np.random.default_rng(5), (10, 12)).assign(value=lambda rows: scale * rows["value"])
    design = np.column_stack([np.ones(len(table)), table["group"] == "ill"]).astype(float)
    people = table["participant_id"].to_numpy(np.int64)
    ours, theirs = (one(design, table["value"].to_numpy(float), people) for one in (fit, mixed_model))
    assert theirs.coefficients == pytest.approx(ours.coefficients, rel=1e-3)
    assert np.sqrt(np.diag(theirs.covariance)) == pytest.approx(np.sqrt(np.diag(ours.covariance)), rel=1e-3)
    assert theirs.correlation == pytest.approx(ours.correlation, abs=1e-3)
    assert theirs.variance == pytest.approx(ours.variance, rel=1e-3)


def test_the_count_model_is_that_of_another_program_on_visits_to_doctors() -> None:
    """Visits to a doctor in the RAND health insurance experiment, the first 600 rows that statsmodels brings."""
    rows = sm.datasets.randhie.load_pandas().data.iloc[:600]
    design = np.column_stack([np.ones(600), rows["lncoins"], rows["disea"] / 10]).astype(float)
    minutes = np.linspace(1, 3, 600)
    other = sm.NegativeBinomial(rows["mdvis"].to_numpy(), design, exposure=minutes).fit(disp=0)
    found = fit_counts(
        Counts(design=design, counts=rows["mdvis"].to_numpy(float), minutes=minutes, participants=np.arange(600))
    )
    assert found.alpha.value == pytest.approx(other.params[-1], rel=1e-3)
    assert found.alpha.low < other.params[-1] < found.alpha.high
    assert found.coefficients == pytest.approx(other.params[:-1], rel=2e-2)
    poisson = sm.Poisson(rows["mdvis"].to_numpy(), design, exposure=minutes).fit(disp=0)
    assert found.p_value == pytest.approx(stats.chi2.sf(2 * (other.llf - poisson.llf), 1) / 2, rel=1e-3)


def test_errors_for_few_participants_are_those_of_another_program() -> None:
    """Mancl and DeRouen's errors of a Poisson model, as statsmodels has them."""
    table = made(np.random.default_rng(4), (7, 9))
    design = np.column_stack([np.ones(len(table)), table["group"] == "ill"]).astype(float)
    people = table["participant_id"].astype(int).to_numpy()
    gee = sm.GEE(
        table["count"].to_numpy(),
        design,
        groups=people,
        exposure=table["minutes"].to_numpy(),
        family=sm.families.Poisson(),
        cov_struct=sm.cov_struct.Independence(),
    ).fit(cov_type="bias_reduced", maxiter=200, ctol=1e-10)
    means = table["minutes"].to_numpy() * np.exp(design @ gee.params)
    rows = [np.flatnonzero(people == one) for one in range(16)]
    form = Clustered(
        slopes=[means[some, None] * design[some] for some in rows],
        covariances=[np.diag(means[some]) for some in rows],
        residuals=[(table["count"].to_numpy() - means)[some] for some in rows],
    )
    found = contrast(form, np.asarray(gee.params), np.array([0.0, 1.0]), skewed=True)
    assert found.error == pytest.approx(float(gee.bse[1]), rel=1e-5)


seeds = st.integers(0, 10_000)


@settings(max_examples=15)
@given(seeds)
def test_the_ratio_inverts_when_the_reference_is_swapped(seed: int) -> None:
    table = made(np.random.default_rng(seed), (6, 8))
    one, other = (compare_counts(table, reference=name) for name in ("control", "ill"))
    value, low, high = only(other)
    assert only(one) == pytest.approx((1 / value, 1 / high, 1 / low), rel=1e-5)
    assert one.effects[0].p_value == pytest.approx(other.effects[0].p_value, rel=1e-4)


@settings(max_examples=15)
@given(seeds, st.floats(0.1, 60))
def test_minutes_counted_in_another_unit_change_no_ratio(seed: int, factor: float) -> None:
    table = made(np.random.default_rng(seed), (6, 8))
    one, other = compare_counts(table), compare_counts(table.assign(minutes=factor * table["minutes"]))
    assert only(one) == pytest.approx(only(other), rel=1e-4)
    assert one.groups[0].level.value == pytest.approx(factor * other.groups[0].level.value, rel=1e-5)


@given(seeds, st.floats(0.01, 1000), st.floats(-100, 100))
def test_differences_scale_with_the_unit_and_forget_the_origin(seed: int, factor: float, shift: float) -> None:
    table = made(np.random.default_rng(seed), (6, 8))
    one, other = compare_values(table), compare_values(table.assign(value=factor * table["value"] + shift))
    assert only(other) == pytest.approx(tuple(factor * end for end in only(one)), rel=1e-3, abs=1e-4 * factor)


def test_a_covariate_that_explains_the_difference_takes_it_away() -> None:
    rng = np.random.default_rng(5)
    table = made(rng, (30, 30), visits=1)
    confounded = table.assign(age=np.where(table["group"] == "ill", 70, 50) + rng.normal(0, 8, len(table)))
    confounded = confounded.assign(value=confounded["age"] / 5 + rng.normal(0, 1, len(table)))
    raw, adjusted = compare_values(confounded), compare_values(confounded, covariates=["age"])
    assert only(raw)[1] > 2
    assert only(adjusted)[1] < 0 < only(adjusted)[2]
    assert adjusted.covariates == ("age",)


def test_categories_are_adjusted_for_whatever_they_are_called() -> None:
    table = made(np.random.default_rng(6), (10, 10))
    words = table.assign(arm=[("1", "2", "10")[int(one) % 3] for one in table["participant_id"]])
    assert compare_counts(words, covariates=["arm", "age"]).over_dispersion is not None
    assert compare_values(words, covariates=["arm"]).n_participants == 20


def test_a_group_without_events_is_compared_exactly_and_said_so() -> None:
    table = made(np.random.default_rng(7), (8, 8))
    silent = table.assign(count=table["count"].where(table["group"] == "ill", 0.0))
    found, turned = compare_counts(silent, reference="ill"), compare_counts(silent, reference="control")
    assert only(found)[:2] == (0, 0)
    assert 0 < only(found)[2] < 1
    assert only(turned)[1] == pytest.approx(1 / only(found)[2], rel=1e-6)
    assert only(turned)[2] == np.inf
    assert found.groups[1].level.value == 0 < found.groups[1].level.high
    assert any("No event in control" in one for one in found.warnings)


def test_no_event_at_all_leaves_the_ratio_open() -> None:
    table = made(np.random.default_rng(8), (8, 8)).assign(count=0.0)
    found = compare_counts(table)
    assert not found.effects[0].effect.known
    assert (found.effects[0].effect.low, found.effects[0].effect.high) == (0, np.inf)
    assert found.over_dispersion is None


def test_a_group_of_one_has_a_sentence_and_a_wide_interval() -> None:
    table = made(np.random.default_rng(9), (1, 10))
    for found in (compare_counts(table), compare_values(table)):
        assert any("Only one participant in control" in one for one in found.warnings)
        assert np.all(np.isfinite(only(found)))


def test_a_covariate_that_splits_events_from_zeros_becomes_a_sentence() -> None:
    table = made(np.random.default_rng(10), (8, 8), visits=1)
    split = table.assign(on=[float(int(one) % 2) for one in table["participant_id"]])
    split = split.assign(count=split["count"].where(split["on"] > 0, 0.0) + split["on"])
    found = compare_counts(split, covariates=["on"])
    assert not found.effects[0].effect.known
    assert any("no solution" in one for one in found.warnings)


def test_events_at_random_have_no_over_dispersion() -> None:
    rng = np.random.default_rng(13)
    table = made(rng, (15, 15), visits=1)
    table = table.assign(count=rng.poisson(3 * table["minutes"]).astype(float))
    found = compare_counts(table)
    assert found.over_dispersion is not None
    assert found.over_dispersion.p_value > 0.05
    assert found.over_dispersion.alpha.holds(0.0) or found.over_dispersion.alpha.value < 0.05


def test_a_covariate_that_is_the_group_is_refused() -> None:
    table = made(np.random.default_rng(0), (6, 6))
    with pytest.raises(OutOfRangeError, match="covariates must differ within groups"):
        compare_counts(table.assign(copy=(table["group"] == "ill").astype(float)), covariates=["copy"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reference": "nobody"}, "reference must be one of control, ill, got 'nobody'"),
        ({"group": "age"}, "participants must be more than|covariates must differ"),
        ({"count": "events"}, "must have the column events"),
        ({"minutes": "hours"}, "must have the column hours"),
    ],
)
def test_what_cannot_be_compared_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(OutOfRangeError, match=words):
        compare_counts(made(np.random.default_rng(0), (4, 4), visits=1), **change)


def test_one_group_alone_is_refused() -> None:
    table = made(np.random.default_rng(0), (6, 6))
    with pytest.raises(OutOfRangeError, match="group must name at least 2 groups, got ill"):
        compare_values(table[table["group"] == "ill"])


def test_rows_with_something_missing_are_left_out_and_told() -> None:
    table = made(np.random.default_rng(0), (6, 6))
    table.loc[[0, 3], "minutes"] = [np.nan, 0.0]
    found = compare_counts(table)
    assert found.n_values == len(table) - 2
    assert found.warnings[0] == f"2 of {len(table)} rows left out, for something is missing."


def test_values_that_are_all_the_same_differ_by_nothing() -> None:
    found = compare_values(made(np.random.default_rng(0), (6, 6)).assign(value=4.0))
    assert only(found)[0] == pytest.approx(0, abs=1e-12)


def test_three_groups_are_each_compared_with_the_reference_and_the_number_is_told() -> None:
    table = made(np.random.default_rng(14), (8, 16))
    third = table.assign(group=table["group"].where(table["participant_id"].astype(int) < 16, "other"))
    found = compare_counts(third, reference="control")
    assert [one.group for one in found.effects] == ["ill", "other"]
    assert any("2 comparisons with the reference; p-values are not adjusted" in one for one in found.warnings)


def test_the_counts_of_a_study_are_compared(study: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = compare_counts(counts_of(*study), reference="control", covariates=["session"])
    assert (found.n_participants, found.n_values, found.unit) == (14, 84, "1/min")
    assert [one.n_participants for one in found.groups] == [7, 7]


def test_a_group_that_is_left_with_fewer_participants_than_covariates_becomes_a_sentence() -> None:
    table = pd.DataFrame({"participant_id": ["0", "1", "1", "2", "2", "3", "4"], "group": ["b"] + ["a"] * 6})
    table = table.assign(
        count=[1.0, *[0.0] * 6], minutes=[17.0, 32, 29, 41, 58, 22, 30], age=[50.0, 60, 60, 61, 61, 40, 45]
    )
    found = compare_counts(table, covariates=["age"])
    assert not found.effects[0].effect.known
    assert any("no solution" in one for one in found.warnings)


def outcome(ask: Callable[..., GroupComparison], table: pd.DataFrame, covariates: list[str]) -> GroupComparison | str:
    try:
        return ask(table, covariates=covariates)
    except OutOfRangeError as refusal:
        return refusal.sentence


@pytest.mark.parametrize("seed", range(40))
def test_no_small_study_ends_in_anything_but_an_answer_or_a_refusal(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    person = np.repeat(np.arange(n), rng.integers(1, 4, n))
    table = pd.DataFrame({"participant_id": person.astype(str), "group": rng.choice(["a", "b", "c"], n)[person]})
    counts = rng.poisson(10 ** rng.uniform(-3, 2) * rng.gamma(0.3, 3, n)[person]).astype(float)
    table = table.assign(
        count=counts, minutes=rng.uniform(0.1, 60, person.size), value=rng.choice([0, 5, 1e6], person.size)
    )
    covariates = ["minutes"] if seed % 3 == 0 else []
    for found in (outcome(compare_counts, table, covariates), outcome(compare_values, table, covariates)):
        if isinstance(found, str):
            assert " must " in found
        else:
            assert all(not one.effect.known or one.effect.low <= one.effect.value for one in found.effects)
