"""Laws of weighing: probabilities, and each kind at the middle of its own definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.rhythms.definitions import (
    Kind,
    Other,
    SoftRange,
    normalized,
    of_bursts,
    of_fibers,
    of_groups,
    of_spans,
    of_units,
    weigh,
)
from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.vocabulary import EventKind

SETTINGS = rhythm_settings()
NEEDLE = {**of_units(SETTINGS, is_needle=True), **of_fibers(SETTINGS)}
FEATURES = ("rate", "irregularity", "rate_change", "size_change", "duration", "phases", "size", "potential")
# A run as fast as neuromyotonia has potentials that overlap, and gives no duration of one.
ROWS = {
    EventKind.FIBRILLATION_POTENTIAL: (4.0, 0.03, 1.1, 1.1, 20.0, 1.0, 8e-5, 0.003),
    EventKind.MYOTONIC_DISCHARGE: (45.0, 0.02, 2.0, 2.0, 2.0, 1.0, 1e-4, 0.003),
    EventKind.COMPLEX_REPETITIVE_DISCHARGE: (35.0, 0.012, 1.02, 1.02, 10.0, 6.0, 2e-4, 0.016),
    EventKind.NEUROMYOTONIC_DISCHARGE: (200.0, 0.02, 1.4, 1.3, 0.5, 1.0, 5e-4),
    EventKind.CONTINUOUS_UNIT_DISCHARGE: (6.3, 0.035, 1.05, 1.02, 30.0, 2.0, 8e-4, 0.01),
    Other.WILLED: (10.0, 0.15, 1.3, 1.1, 20.0, 2.0, 8e-4, 0.01),
    Other.CLOCKWORK: (3.0, 0.001, 1.0, 1.02, 20.0, 2.0, 2e-3, 0.01),
}
KINDS = {kind: dict(zip(FEATURES, row, strict=False)) for kind, row in ROWS.items()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
def test_a_run_in_the_middle_of_a_definition_is_of_that_kind(kind: EventKind | Other) -> None:
    found = weigh(KINDS[kind], NEEDLE)
    assert max(found, key=lambda one: found[one]) is kind
    assert found[kind] > 0.8


def test_bursts_of_one_unit_are_myokymia_and_of_many_tremor() -> None:
    alike = {"rate": 5.0, "irregularity": 0.1, "share": 0.5, "group_spread": 0.2, "inner_rate": 40.0}
    prior: dict[Kind, float] = {
        EventKind.TREMOR_BURST: 0.9,
        EventKind.CLONUS_BEAT: 0.1,
        EventKind.MYOKYMIC_DISCHARGE: 1.0,
    }
    kinds = {kind: ranges for kind, ranges in of_bursts(SETTINGS).items() if kind in prior}
    one, many = (weigh({**alike, "repeat": repeat}, kinds, prior) for repeat in (0.7, 0.1))
    assert one[EventKind.MYOKYMIC_DISCHARGE] > 0.9
    assert many[EventKind.TREMOR_BURST] > 0.8


def test_groups_at_forty_are_myokymia_and_at_two_hundred_neuromyotonia() -> None:
    rhythm = {"irregularity": 0.02, "group_rate": 4.0, "group_irregularity": 0.15, "group_spread": 0.2}
    assert weigh({**rhythm, "rate": 40.0}, of_groups(SETTINGS))[EventKind.MYOKYMIC_DISCHARGE] > 0.8
    assert weigh({**rhythm, "rate": 200.0}, of_groups(SETTINGS))[EventKind.NEUROMYOTONIC_DISCHARGE] > 0.8


def test_a_long_wave_is_a_positive_sharp_wave() -> None:
    kinds = dict(NEEDLE)
    kinds.pop(EventKind.CONTINUOUS_UNIT_DISCHARGE)  # its shape is not looked for in a positive wave
    long = {**KINDS[EventKind.FIBRILLATION_POTENTIAL], "potential": 0.018}
    assert weigh(long, kinds)[EventKind.POSITIVE_SHARP_WAVE] > 0.8


@given(st.floats(0.05, 0.8), st.floats(0.05, 0.8))
def test_more_irregular_units_never_make_a_cramp_less_likely_up_to_its_range(one: float, other: float) -> None:
    low, high = sorted((min(one, 0.5), min(other, 0.5)))
    kinds = of_spans(SETTINGS)
    less, more = (weigh({"irregularity": value}, kinds)[EventKind.CRAMP_DISCHARGE] for value in (low, high))
    assert more >= less - 1e-12


@given(st.dictionaries(st.sampled_from(sorted(KINDS[Other.WILLED])), st.floats(1e-6, 1e3), min_size=1))
def test_probabilities_are_probabilities(values: dict[str, float]) -> None:
    found = weigh(values, NEEDLE)
    assert all(0 < value <= 1 for value in found.values())
    assert sum(found.values()) == pytest.approx(1.0)


@given(st.floats(0.1, 10.0), st.floats(1.1, 10.0), st.floats(0.05, 0.5))
def test_a_soft_range_is_a_density(low: float, factor: float, shoulder: float) -> None:
    from math import exp, log  # noqa: PLC0415 - used once

    one = SoftRange(low=low, high=low * factor, shoulder=shoulder)
    start, stop, n = log(low) - 8 * shoulder, log(low * factor) + 8 * shoulder, 2000
    step = (stop - start) / n
    total = sum(exp(one.log_density(exp(start + (index + 0.5) * step))) * step for index in range(n))
    assert total == pytest.approx(1.0, rel=1e-3)


def test_a_narrow_range_speaks_louder_than_a_wide_one() -> None:
    narrow, wide = (SoftRange(low=30.0, high=high, shoulder=0.1) for high in (40.0, 300.0))
    assert narrow.log_density(35.0) > wide.log_density(35.0)


def test_what_is_impossible_keeps_a_trace() -> None:
    found = normalized({EventKind.REFLEX: 0.0, Other.WILLED: -1e6})
    assert 0 < found[Other.WILLED] < 1e-9
