"""A rhythm is clonus only where a stretch or tap began it; a tremor goes on through a tap as tremor."""

import numpy as np
import pytest
from tests.measure.emg.rhythms.scenes import SURFACE_HZ, Canvas, tremor

from twitchwise.measure.emg.rhythms import Causes, ChannelTrace, find_other_activity
from twitchwise.simulate import Setting, simulate_condition
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind


@pytest.mark.parametrize("cause_s", [2.5, 9.0, 17.0])
def test_a_rhythm_that_was_there_before_the_stretch_goes_on_as_tremor(cause_s: float) -> None:
    canvas = Canvas(seed=3, rate_hz=SURFACE_HZ)
    tremor(canvas, 5.5, 1.0, 18.0)
    found = find_other_activity(canvas.trace(Electrode.SURFACE), Causes(stretches_s=np.array([cause_s])))
    assert [train.kind for train in found.events] == [EventKind.TREMOR_BURST]
    rates = [one.value for one in found.measurements if one.id == "clonus_beat_rate"]
    assert rates == [0.0]


def test_a_tremor_that_pauses_and_comes_again_at_a_tap_is_no_clonus() -> None:
    canvas = Canvas(seed=4, rate_hz=SURFACE_HZ)
    tremor(canvas, 5.0, 0.5, 9.0)
    tremor(canvas, 5.1, 12.1, 19.0)
    found = find_other_activity(canvas.trace(Electrode.SURFACE), Causes(taps_s=np.array([12.0])))
    assert [train.kind for train in found.events] == [EventKind.TREMOR_BURST]
    assert found.events[0].start_s.max() > 18


def test_clonus_beside_a_tremor_of_another_rate_begins_with_the_stretch() -> None:
    canvas = Canvas(seed=5, rate_hz=SURFACE_HZ)
    tremor(canvas, 4.2, 0.5, 7.0)
    tremor(canvas, 6.5, 12.1, 19.0)
    found = find_other_activity(canvas.trace(Electrode.SURFACE), Causes(stretches_s=np.array([12.0])))
    starts = {train.kind: train.start_s for train in found.events}
    assert starts[EventKind.TREMOR_BURST].max() < 12
    assert starts[EventKind.CLONUS_BEAT].min() > 11.8


def test_a_stretch_that_was_noted_late_still_begins_its_clonus() -> None:
    canvas = Canvas(seed=3, rate_hz=SURFACE_HZ)
    tremor(canvas, 5.5, 4.1, 15.0)
    found = find_other_activity(canvas.trace(Electrode.SURFACE), Causes(stretches_s=np.array([4.5])))
    assert [train.kind for train in found.events] == [EventKind.CLONUS_BEAT]


@pytest.mark.parametrize(
    ("condition", "scene", "kind"),
    [
        ("parkinson_disease", "tendon_tap", EventKind.TREMOR_BURST),
        ("essential_tremor", "tendon_tap", EventKind.TREMOR_BURST),
        ("spinal_cord_injury_spasticity", "tendon_tap", EventKind.CLONUS_BEAT),
        ("spinal_cord_injury_spasticity", "ankle_stretch", EventKind.CLONUS_BEAT),
    ],
)
def test_simulated_tremor_stays_tremor_after_a_tap_and_simulated_clonus_is_clonus(
    condition: str, scene: str, kind: EventKind
) -> None:
    simulated = simulate_condition(Setting(condition=condition, scene=scene), duration_s=12.0, seed=7)
    channel = simulated.recording.of_kind(ChannelKind.EMG)[0]
    trace = ChannelTrace.of_recording(simulated.recording, channel)
    done_s = {train.kind: train.start_s for train in simulated.events}
    causes = Causes(
        taps_s=done_s.get(EventKind.TENDON_TAP, np.empty(0)), stretches_s=done_s.get(EventKind.STRETCH, np.empty(0))
    )
    beating = [one.kind for one in find_other_activity(trace, causes).events if one.kind is not EventKind.REFLEX]
    assert beating == [kind]
