import re

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.report.figures import RasterRow, Row, causes_svg, raster_svg, rates_svg, twitch_svg
from twitchwise.simulate import Twitch

HEALTHY = Twitch(latent_period_s=0.01, contraction_time_s=0.06, half_relaxation_time_s=0.05, peak_force_n=0.02)
SLOW = Twitch(latent_period_s=0.015, contraction_time_s=0.09, half_relaxation_time_s=0.12, peak_force_n=0.04)


def row(label: str, value: float, low: float, high: float, *, bound_only: bool = False) -> Row:
    return Row(label=label, said=f"{value:g}", value=value, low=low, high=high, bound_only=bound_only)


def raster(times_s: np.ndarray[tuple[int], np.dtype[np.float64]], duration_s: float = 120.0) -> RasterRow:
    return RasterRow(label="calf", times_s=times_s, rest_s=((0.0, duration_s / 2),), duration_s=duration_s)


def width_of(svg: str) -> float:
    found = re.search(r'viewBox="0 0 ([\d.]+) ', svg)
    assert found is not None
    return float(found[1])


FIGURES = {
    "causes": lambda: causes_svg([row("Rare", 1e-5, 1e-6, 1e-4), row("Common", 0.6, 0.3, 0.9)]),
    "rates": lambda: rates_svg([row("left", 6.0, 3.0, 11.0), row("right", 0.0, 0.0, 1.8, bound_only=True)]),
    "raster": lambda: raster_svg([raster(np.array([1.0, 50.0, 100.0]))]),
    "twitch": lambda: twitch_svg(SLOW, "Slow", HEALTHY),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_the_same_on_every_run(name: str) -> None:
    assert FIGURES[name]() == FIGURES[name]()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_as_wide_as_a_phone_and_brings_nothing_along(name: str) -> None:
    svg = FIGURES[name]()
    assert width_of(svg) == pytest.approx(360.0)
    assert not re.search(r"http|<style|<\?xml|<!DOCTYPE|<metadata|font-family|20\d\d-", svg)
    assert all(found.startswith(f"{name}-") for found in re.findall(r'\bid="([^"]*)"', svg))


@pytest.mark.parametrize("name", FIGURES)
def test_drawing_leaves_the_settings_of_matplotlib_as_they_were(name: str) -> None:
    before = dict(mpl.rcParams)
    FIGURES[name]()
    assert dict(mpl.rcParams) == before


def test_labels_are_letters_and_never_markup_or_mathematics() -> None:
    svg = rates_svg([row("<b>$x_1$</b> & 左 " + "long " * 20, 1.0, 0.5, 2.0)])
    assert "<b>" not in svg
    assert "&lt;b&gt;$x_1$&lt;/b&gt; &amp; ?" in svg
    assert "…" in svg


def test_a_rate_of_none_is_striped_and_has_no_dot() -> None:
    seen, none = (rates_svg([row("a", value, 0.0, 1.8, bound_only=not value)]) for value in (1.0, 0.0))
    assert "pattern" in none
    assert "pattern" not in seen
    assert none.count("#005eb8") == 0 < seen.count("#005eb8")


def test_rates_of_nothing_at_all_can_be_drawn() -> None:
    assert "events per minute" in rates_svg([row("a", 0.0, 0.0, 0.0, bound_only=True)])


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@settings(max_examples=15)
@given(st.lists(st.tuples(st.floats(1e-12, 1 - 1e-9), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_any_probabilities_can_be_drawn(chances: list[tuple[float, float, float]]) -> None:
    rows = [row(f"cause {at}", one, one * down, one + (1 - one) * up) for at, (one, down, up) in enumerate(chances)]
    svg = causes_svg(rows)
    assert "nan" not in svg.lower()
    assert all(f"cause {at}" in svg for at in range(len(rows)))


def test_rare_and_common_causes_stand_apart_and_both_have_marks_to_read_them_by() -> None:
    svg = FIGURES["causes"]()
    assert ">1,000,000<" in svg
    assert ">10,000<" in svg
    assert ">1 in<" in svg


def test_a_night_of_events_stays_small() -> None:
    night = np.sort(np.random.default_rng(1).uniform(0.0, 28_800.0, 50_000))
    svg = raster_svg([raster(night, 28_800.0)])
    assert len(svg) < 200_000
    assert "minutes from the start" in svg
    assert "50,000 events" in svg


def test_one_event_is_one_and_none_is_none() -> None:
    assert "1 event<" in raster_svg([raster(np.array([3.0]))])
    assert "0 events<" in raster_svg([raster(np.empty(0))])


def test_a_twitch_is_drawn_with_its_three_phases_and_the_healthy_one_beside_it() -> None:
    both, alone = FIGURES["twitch"](), twitch_svg(HEALTHY, "healthy", None)
    for svg in (both, alone):
        assert "1 latent period · 2 contraction · 3 relaxation" in svg
    assert ">healthy<" in both
    assert ">Slow<" in both
    assert ">healthy<" in alone
