"""Responses are told by their constant latency, and not where there is none."""

import numpy as np
import pytest
from tests.measure.emg.rhythms.scenes import SURFACE_HZ, Canvas, Wave, contraction

from twitchwise.measure.emg.rhythms.answers import answers_to
from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.vocabulary import Electrode, EventKind
from twitchwise.vocabulary.arrays import FloatArray

SETTINGS = rhythm_settings()
CAUSES: FloatArray = np.arange(1.0, 19.0, 1.4)
RESPONSE = Wave(bells=((0.0, 0.002, 1.0), (0.006, 0.002, -1.0)))
NOISE = 2e-6


def canvas_with(latency_s: float, jitter_s: float = 0.0, share: float = 1.0, size_v: float = 1e-3) -> Canvas:
    canvas = Canvas(seed=2, rate_hz=SURFACE_HZ)
    answered = CAUSES[: round(share * CAUSES.size)]
    canvas.add(RESPONSE, answered + latency_s + 0.005 + jitter_s * canvas.rng.uniform(-1, 1, answered.size), size_v)
    return canvas


@pytest.mark.parametrize("latency_s", [0.025, 0.042, 0.07])
def test_a_reflex_is_found_at_its_latency(latency_s: float) -> None:
    found = answers_to(CAUSES, EventKind.REFLEX, canvas_with(latency_s).trace(Electrode.SURFACE), NOISE, SETTINGS)
    assert found is not None
    assert len(found) == found.n_causes == CAUSES.size
    assert np.median(found.latency_s) == pytest.approx(latency_s, abs=0.005)
    assert (found.start_s < found.peak_s).all()
    assert (found.peak_s < found.end_s).all()


@pytest.mark.parametrize(
    "canvas",
    [
        canvas_with(0.04, size_v=0.0),  # nothing there
        canvas_with(0.2),  # a willed answer
        canvas_with(0.047, jitter_s=0.025),  # not time-locked
        canvas_with(0.04, share=0.1),  # now and then
    ],
    ids=["none", "late", "loose", "rare"],
)
def test_what_is_not_time_locked_is_no_reflex(canvas: Canvas) -> None:
    assert answers_to(CAUSES, EventKind.REFLEX, canvas.trace(Electrode.SURFACE), NOISE, SETTINGS) is None


def test_a_contraction_answers_nothing() -> None:
    canvas = Canvas(seed=3, rate_hz=SURFACE_HZ)
    contraction(canvas, 0.0, 20.0, n_units=12)
    assert answers_to(CAUSES, EventKind.REFLEX, canvas.trace(Electrode.SURFACE), NOISE, SETTINGS) is None


def test_two_causes_are_too_few() -> None:
    trace = canvas_with(0.04).trace(Electrode.SURFACE)
    assert answers_to(CAUSES[:2], EventKind.REFLEX, trace, NOISE, SETTINGS) is None
