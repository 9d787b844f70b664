"""The surface potential solves its equation and shifts the gates as Hille, Woodhull & Shapiro (1975) measured."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.environment import Environment, Membrane, Solution, gate_shift_v, surface_potential_v
from twitchwise.vocabulary import OutOfRangeError

calcium = st.floats(1e-4, 5e-3)
magnesium = st.floats(1e-5, 1e-2)
ph = st.floats(6.5, 8.0)
temperature = st.floats(5.0, 45.0)


def ringer(**changes: float) -> Solution:
    """Return the fluid of a frog's nerve in the cold, in which the shifts were measured."""
    return replace(Solution(calcium=2e-3, magnesium=0.0, monovalent=0.1175, ph=7.4, temperature_c=8.0), **changes)


@pytest.fixture(scope="session")
def membrane(healthy: dict[str, float]) -> Membrane:
    return Membrane.of(healthy)


def shift_mv(membrane: Membrane, before: Solution, after: Solution) -> float:
    return 1000 * (surface_potential_v(after, membrane) - surface_potential_v(before, membrane))


@given(calcium, magnesium, ph, temperature)
def test_the_charge_of_the_groups_is_that_of_the_diffuse_layer(
    membrane: Membrane, calcium: float, magnesium: float, ph: float, temperature: float
) -> None:
    solution = ringer(calcium=calcium, magnesium=magnesium, ph=ph, temperature_c=temperature)
    surface_v = surface_potential_v(solution, membrane)
    fixed = membrane.charge_c_per_m2(solution, surface_v)
    assert fixed < 0
    assert solution.diffuse_charge_c_per_m2(surface_v) == pytest.approx(fixed, rel=1e-9)


def test_grahames_equation_gives_the_textbook_charge() -> None:
    """For one salt it is 0.1174 sqrt(c) sinh(psi / 51.4 mV) C/m2 at 25 degrees Celsius and the permittivity of 78.5."""
    salt = Solution(calcium=0.0, magnesium=0.0, monovalent=0.1, ph=7.0, temperature_c=25.0)
    expected = 0.1174 * math.sqrt(80 / 78.5) * math.sqrt(0.1) * math.sinh(-0.05 / 0.0514)
    assert salt.diffuse_charge_c_per_m2(-0.05) == pytest.approx(expected, rel=3e-3)


@pytest.mark.parametrize(("low", "high"), [(2e-3, 2e-2), (5e-3, 5e-2), (1e-2, 0.1), (2e-2, 0.2)])
def test_ten_times_the_calcium_shifts_by_20_to_25_mv(membrane: Membrane, low: float, high: float) -> None:
    assert 20 <= shift_mv(membrane, ringer(calcium=low), ringer(calcium=high)) <= 25


def test_ten_times_the_magnesium_shifts_by_20_to_25_mv(membrane: Membrane) -> None:
    few, many = ringer(calcium=0.0, magnesium=2e-3), ringer(calcium=0.0, magnesium=2e-2)
    assert 20 <= shift_mv(membrane, few, many) <= 25


@pytest.mark.parametrize("concentration", [1e-3, 2e-3, 2e-2, 0.1])
def test_magnesium_shifts_less_than_as_much_calcium(membrane: Membrane, concentration: float) -> None:
    by_calcium = shift_mv(membrane, ringer(calcium=0.0), ringer(calcium=concentration))
    by_magnesium = shift_mv(membrane, ringer(calcium=0.0), ringer(calcium=0.0, magnesium=concentration))
    assert 0.5 * by_calcium < by_magnesium < by_calcium


def test_no_divalent_ions_shift_by_about_minus_18_mv(membrane: Membrane) -> None:
    assert shift_mv(membrane, ringer(), ringer(calcium=0.0)) == pytest.approx(-18.0, abs=3.0)


def test_an_eighth_of_the_monovalent_ions_shifts_by_about_minus_35_mv_more(membrane: Membrane) -> None:
    none = ringer(calcium=0.0)
    assert shift_mv(membrane, none, replace(none, monovalent=none.monovalent / 8)) == pytest.approx(-35.0, abs=5.0)


def test_calcium_shifts_much_less_in_acid_and_more_in_base(membrane: Membrane) -> None:
    acid, plain, base = (shift_mv(membrane, ringer(ph=ph), ringer(ph=ph, calcium=2e-2)) for ph in (5.0, 7.4, 10.0))
    assert acid < 0.75 * plain
    assert base > 1.05 * plain


@given(calcium, calcium)
def test_less_calcium_never_shifts_the_gates_away_from_rest(membrane: Membrane, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert shift_mv(membrane, ringer(calcium=less), ringer(calcium=more)) >= -1e-9


@given(ph, ph)
def test_alkalosis_never_shifts_the_gates_away_from_rest(membrane: Membrane, one: float, other: float) -> None:
    acid, base = sorted((one, other))
    assert shift_mv(membrane, ringer(ph=acid), ringer(ph=base)) <= 1e-9


@given(temperature)
def test_a_healthy_fluid_shifts_nothing_at_any_temperature(membrane: Membrane, temperature: float) -> None:
    warm = ringer(temperature_c=temperature)
    assert gate_shift_v(warm, ringer(), membrane) == (0.0, 0.0)


@given(calcium, magnesium, ph)
def test_the_parts_add_up_to_the_whole_shift(membrane: Membrane, calcium: float, magnesium: float, ph: float) -> None:
    solution = ringer(calcium=calcium, magnesium=magnesium, ph=ph)
    by_ions, by_ph = gate_shift_v(solution, ringer(), membrane)
    assert 1000 * (by_ions + by_ph) == pytest.approx(shift_mv(membrane, ringer(), solution), abs=1e-9)


def test_in_a_person_low_calcium_and_alkalosis_bring_the_gates_millivolts_nearer(
    membrane: Membrane, healthy: dict[str, float]
) -> None:
    person = Solution.around_nerve(Environment.of(healthy))
    tetany, _ = gate_shift_v(replace(person, calcium=0.7e-3), person, membrane)
    _, alkalosis = gate_shift_v(replace(person, ph=7.75), person, membrane)
    assert -0.006 < tetany < -0.002
    assert -0.004 < alkalosis < -0.001


@pytest.mark.parametrize("change", [{"base_density": -1.0}, {"weak_acid_pka": 15.0}, {"calcium_dissociation": 0.0}])
def test_a_membrane_that_cannot_be_is_refused(membrane: Membrane, change: dict[str, Any]) -> None:
    with pytest.raises(OutOfRangeError, match=next(iter(change))):
        replace(membrane, **change)


@pytest.mark.parametrize(
    "change", [{"calcium": -1e-3}, {"magnesium": -1e-3}, {"monovalent": 0.0}, {"ph": 15.0}, {"temperature_c": 310.0}]
)
def test_a_fluid_that_cannot_be_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(OutOfRangeError, match=next(iter(change))):
        ringer(**change)
