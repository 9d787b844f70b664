"""People differ as published: drawn from the seed alone, old and small as the figures have it, and never children."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate import Setting, known_conditions, parameters_for
from twitchwise.simulate.people import (
    ANYONE,
    NOBODY,
    SPREADS,
    Around,
    Between,
    People,
    Sex,
    Traits,
    drawn,
    height_m,
    lived_in,
)
from twitchwise.simulate.units import draw_units
from twitchwise.vocabulary import OutOfRangeError

SEEDS = st.integers(0, 2**63)
AGES = st.floats(18, 100)
MANY = 2000
CUT = 0.96  # the standard deviation of a normal deviate that is kept within two
WOMAN, MAN = Traits(sex=Sex.FEMALE), Traits(sex=Sex.MALE)
HEALTHY = Setting(condition="healthy")


@pytest.fixture(scope="module")
def crowd() -> list[Traits]:
    """Return many people with ALS."""
    setting = Setting(condition="amyotrophic_lateral_sclerosis")
    return [drawn(ANYONE, setting, seed, library()) for seed in range(MANY)]


def _of(traits: Traits, name: str, setting: Setting = HEALTHY) -> float:
    return lived_in(parameters_for(setting), traits, library())[name]


def _force_n(traits: Traits, muscle: str | None = None) -> float:
    values = lived_in(parameters_for(Setting(condition="healthy", muscle=muscle)), traits, library())
    n_units = round(values["pool_units"])
    return float(np.mean([draw_units(values, n_units, np.random.default_rng(s)).peak_force_n.sum() for s in range(4)]))


@given(seed=SEEDS, least=st.integers(18, 60), more=st.integers(0, 40), share=st.floats(0, 1))
def test_a_seed_is_one_person(seed: int, least: int, more: int, share: float) -> None:
    people = People(age=Between(low=least, high=least + more), female_share=share)
    one = drawn(people, HEALTHY, seed, library())
    assert one == drawn(people, HEALTHY, seed, library())
    assert one.age is not None
    assert least <= one.age <= least + more
    # who may be old does not change how a person is built
    assert one.deviations == drawn(ANYONE, HEALTHY, seed, library()).deviations


@given(SEEDS, st.sampled_from(known_conditions()))
def test_everyone_is_an_adult_within_two_spreads_and_the_bounds(seed: int, condition: str) -> None:
    setting = Setting(condition=condition)
    one, values = drawn(ANYONE, setting, seed, library()), parameters_for(setting)
    assert one.age is not None
    assert one.severity is not None
    assert library().value("people_age_least") <= one.age <= library().value("people_age_most")
    assert 0 <= one.severity <= 2
    assert all(abs(deviation) <= SPREADS for deviation in one.deviations.values())
    assert all(
        library().parameters[name].bounds[0] <= value <= library().parameters[name].bounds[1]
        for name, value in lived_in(values, one, library()).items()
    )


def test_a_body_that_nothing_is_said_of_is_that_of_the_files() -> None:
    values = parameters_for("healthy")
    assert lived_in(values, NOBODY, library()) == dict(values)
    assert drawn(None, HEALTHY, 3, library()) == NOBODY
    assert lived_in(values, Traits(age=18.0), library()) == dict(values)


@given(AGES, AGES, st.sampled_from((None, *Sex)))
def test_older_people_have_no_more_units_no_faster_nerves_and_no_quicker_twitches(
    one: float, other: float, sex: Sex | None
) -> None:
    young, old = (Traits(age=age, sex=sex) for age in sorted((one, other)))
    for name in ("pool_units", "axon_conduction_velocity", "discharge_rate_most_hz", "muscle_thickness"):
        assert _of(old, name) <= _of(young, name)
    for name in ("twitch_contraction_time", "motor_unit_size_scale", "fat_thickness"):
        assert _of(old, name) >= _of(young, name)


def test_old_people_have_fewer_units_in_expectation_however_people_differ(crowd: list[Traits]) -> None:
    values = parameters_for("healthy")
    units = np.array([lived_in(values, one, library())["pool_units"] for one in crowd])
    ages = np.array([one.age for one in crowd])
    means = [units[(ages >= age) & (ages < age + 10)].mean() for age in (50, 60, 70)]
    assert means == sorted(means, reverse=True)
    assert means[0] > 1.15 * means[2]


def test_women_and_men_lie_as_far_from_the_middle() -> None:
    for name in ("twitch_peak_force", "fat_thickness", "fiber_diameter", "muscle_width"):
        usual = parameters_for("healthy")[name]
        assert np.sqrt(_of(WOMAN, name) * _of(MAN, name)) == pytest.approx(usual)


@pytest.mark.parametrize(
    ("found", "low", "high"),
    [
        pytest.param(lambda: _of(Traits(age=71), "pool_units") / 120, 0.59, 0.61, id="Piasecki 2016: 40 % fewer at 71"),
        pytest.param(lambda: _of(Traits(age=65), "pool_units") / 120, 0.61, 0.9, id="McNeil 2005: 91 of 150 at 65"),
        pytest.param(lambda: _of(Traits(age=83), "pool_units") / 120, 0.39, 0.5, id="McNeil 2005: 59 of 150 at 80 on"),
        pytest.param(lambda: _of(Traits(age=50), "pool_units") / 120, 1.0, 1.0, id="Tomlinson 1977: no early loss"),
        pytest.param(lambda: _of(Traits(age=71), "motor_unit_size_scale"), 1.25, 1.5, id="Piasecki 2016: 1.5 of some"),
        pytest.param(lambda: _force_n(WOMAN) / _force_n(MAN), 0.52, 0.66, id="Miller 1990: 52 % arm, 66 % leg"),
        pytest.param(
            lambda: _force_n(Traits(age=82), "tibialis_anterior") / _force_n(NOBODY, "tibialis_anterior"),
            0.64,
            0.84,
            id="Connelly 1999: 26 % weaker at 82",
        ),
        pytest.param(lambda: _of(WOMAN, "fat_thickness") / _of(MAN, "fat_thickness"), 1.4, 1.42, id="Weiss 1985"),
        pytest.param(
            lambda: _of(WOMAN, "muscle_thickness") / _of(MAN, "muscle_thickness"), 0.74, 0.84, id="Weiss, Miller"
        ),
        pytest.param(
            lambda: (_of(WOMAN, "fiber_diameter") / _of(MAN, "fiber_diameter")) ** 2, 0.75, 0.77, id="Miller: 3483/4597"
        ),
        pytest.param(
            lambda: _of(Traits(age=72), "muscle_thickness") / 0.013, 0.73, 0.91, id="Lexell 1983: area 18 % smaller"
        ),
        pytest.param(
            lambda: _of(Traits(age=82), "axon_conduction_velocity") / 50, 0.9, 0.92, id="ulnar nerve, 20 to 82 years"
        ),
        pytest.param(
            lambda: _of(Traits(age=82), "twitch_contraction_time") / 0.0583, 1.19, 1.31, id="Connelly, Davies, Paasuke"
        ),
        pytest.param(
            lambda: _of(Traits(age=75), "discharge_rate_most_hz") / 30, 0.79, 0.95, id="Orssatto 2022: 0.66 deviations"
        ),
        pytest.param(lambda: height_m(WOMAN, library()), 1.58, 1.64, id="women are 1.6 m tall"),
        pytest.param(lambda: height_m(MAN, library()), 1.72, 1.79, id="men are 1.75 m tall"),
    ],
)
def test_a_published_figure_of_age_and_sex_comes_out(found: Callable[[], float], low: float, high: float) -> None:
    assert low - 1e-9 <= found() <= high + 1e-9


@pytest.mark.parametrize(
    ("name", "spread"),
    [
        ("pool_units", 34 / 253),  # Brown 1972
        ("axon_conduction_velocity", 5.00 / 60.57),  # ulnar nerve, 250 people
        ("twitch_contraction_time", 11.1 / 112.4),  # Sale 1982
        ("people_height", 2.85 / 68.2),  # adults of the United States; the mean is not from the page read
    ],
)
def test_many_people_spread_as_published(crowd: list[Traits], name: str, spread: float) -> None:
    parameter = library().parameters[name]
    assert parameter.spread is not None
    logs = [parameter.spread.value * one.deviations[name] for one in crowd]
    assert np.std(logs) == pytest.approx(CUT * spread, rel=0.07)
    assert abs(np.mean(logs)) < 4 * spread / np.sqrt(MANY)


def test_quantities_of_one_person_are_drawn_apart(crowd: list[Traits]) -> None:
    names = sorted(crowd[0].deviations)
    table = np.array([[one.deviations[name] for name in names] for one in crowd])
    assert np.abs(np.corrcoef(table.T) - np.eye(len(names))).max() < 0.1


def test_people_are_as_old_and_as_often_women_as_the_conditions_file_says(crowd: list[Traits]) -> None:
    # 80 % are over 50, among adults of 18 to 85
    assert np.mean([one.age is not None and one.age >= 50 for one in crowd]) == pytest.approx(0.8, abs=0.04)
    assert np.mean([one.sex is Sex.FEMALE for one in crowd]) == pytest.approx(0.5, abs=0.04)
    early = Setting(condition="hereditary_dystonia_or_chorea")  # 75 % are under 30
    ages = [drawn(ANYONE, early, seed, library()).age or 0.0 for seed in range(400)]
    assert np.mean([age < 30 for age in ages]) == pytest.approx(0.75, abs=0.08)
    women = [drawn(ANYONE, Setting(condition="restless_legs_syndrome"), seed, library()).sex for seed in range(400)]
    link = next(
        one
        for one in library().conditions["restless_legs_syndrome"].findings
        if one.finding == "female_sex" and one.state == "present"
    )
    told = link.in_condition
    share = told.number.value if told.counts is None else told.counts.present / told.counts.examined
    assert np.mean([sex is Sex.FEMALE for sex in women]) == pytest.approx(share, abs=0.08)


def test_severities_lie_around_the_settings_in_steps_of_a_tenth(crowd: list[Traits]) -> None:
    severities = np.array([one.severity for one in crowd])
    assert severities == pytest.approx(np.round(severities, 1))
    assert np.median(severities) == pytest.approx(1.0, abs=0.05)
    assert np.std(np.log(severities)) == pytest.approx(CUT * library().value("people_severity_spread"), rel=0.1)
    mild = Setting(condition="essential_tremor", severity=0.5)
    assert np.median([drawn(ANYONE, mild, seed, library()).severity or 0 for seed in range(200)]) == 0.5


@given(SEEDS, st.floats(0, 2), st.floats(0, 2))
def test_a_severity_lies_in_its_range(seed: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    people = People(severity=Between(low=low, high=high))
    severity = drawn(people, Setting(condition="essential_tremor"), seed, library()).severity
    assert severity is not None
    assert low <= severity <= high
    assert drawn(people, HEALTHY, seed, library()).severity == HEALTHY.severity


@given(SEEDS, st.floats(20, 90), st.floats(0, 1))
def test_ages_around_a_mean_lie_within_two_standard_deviations(seed: int, middle: float, spread: float) -> None:
    age = drawn(People(age=Around(middle=middle, spread=spread)), HEALTHY, seed, library()).age
    assert age is not None
    assert abs(age - middle) <= 2 * spread + 0.5


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_are_of_one_sex_where_that_is_asked(share: float) -> None:
    sexes = {drawn(People(female_share=share), HEALTHY, seed, library()).sex for seed in range(50)}
    assert sexes == {Sex.FEMALE if share else Sex.MALE}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: People(age=Between(low=5, high=9)), "age must lie in"),
        (lambda: People(age=Around(middle=90, spread=6)), "age must lie in"),
        (lambda: People(severity=Between(low=0, high=3)), "severity must lie in"),
        (lambda: People(female_share=1.5), "female_share must lie in"),
        (lambda: Between(low=2, high=1), "low must lie in"),
        (lambda: Around(middle=2, spread=-1), "spread must"),
        (lambda: Traits(age=12), "age must lie in"),
        (lambda: replace(NOBODY, sex="other"), "sex must be one of female, male"),  # type: ignore[arg-type]
    ],
)
def test_what_nobody_is_is_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(OutOfRangeError, match=said):
        make()
