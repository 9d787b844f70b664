"""A tremor that may be clonus is doubted, and one that nothing suggests to be clonus is not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.measure.clonus_or_tremor import with_doubts
from twitchwise.signals import Annotation, EventTrain, Recording
from twitchwise.simulate import Setting, simulate_condition
from twitchwise.vocabulary import EventKind, Measurement, Task, Unit

WEIGHED = {"tremor_frequency", "tremor_probability", "rest_tremor_probability"}


def simulated(condition: str, scene: str | None = None, *, noted: bool = False) -> Recording:
    """Return a simulated recording whose notes name nothing but stretches, if those."""
    made = simulate_condition(Setting(condition=condition, scene=scene), duration_s=24.0, seed=11)
    starts = [one.start_s for one in made.events if one.kind is EventKind.STRETCH] if noted else []
    notes = tuple(
        Annotation(start_s=at_s, duration_s=0.0, text="stretch") for start_s in starts for at_s in start_s.tolist()
    )
    return replace(made.recording, annotations=notes)


@pytest.fixture(scope="module", params=[False, True], ids=["no note", "noted"])
def clonus(request: pytest.FixtureRequest) -> RecordingMeasurements:
    recording = simulated("spinal_cord_injury_spasticity", "ankle_stretch", noted=request.param)
    return measure_recording(recording, site="calf", task=Task.REST)


@pytest.fixture(scope="module", params=["parkinson_disease", "essential_tremor"])
def tremor(request: pytest.FixtureRequest) -> RecordingMeasurements:
    return measure_recording(simulated(request.param), site="calf", task=Task.REST)


def test_simulated_clonus_leaves_no_tremor_without_a_doubt(clonus: RecordingMeasurements) -> None:
    assert any(one.kind is EventKind.CLONUS for one in clonus.events)
    weighed = [one for one in clonus.measurements if one.id in WEIGHED]
    assert {one.id for one in weighed} == WEIGHED
    assert all(any("may be clonus" in doubt for doubt in one.doubts) for one in weighed)
    assert "Tremor of" in clonus.movement_summary
    assert "This may be clonus" in clonus.movement_summary


def test_simulated_tremor_on_a_leg_is_no_clonus_and_not_doubted(tremor: RecordingMeasurements) -> None:
    assert not any(one.kind in {EventKind.CLONUS, EventKind.CLONUS_BEAT} for one in tremor.events)
    weighed = [one for one in tremor.measurements if one.id in WEIGHED]
    assert {one.id for one in weighed} == WEIGHED
    assert all(one.doubts == () for one in weighed)
    assert "clonus" not in tremor.movement_summary


def events(kind: EventKind, channel: str, *spans: tuple[float, float]) -> EventTrain:
    starts, ends = np.array(spans).T
    return EventTrain(kind=kind, channel=channel, start_s=starts, peak_s=starts, end_s=ends, peak=np.ones(starts.size))


def measured(name: str, value: float, channel: str | None) -> Measurement:
    return Measurement(
        id=name, value=value, low=value, high=value, unit=Unit.HERTZ, method="By a test.", channel=channel
    )


def part(*found: Measurement | EventTrain, summary: str = "") -> RecordingMeasurements:
    return RecordingMeasurements(
        measurements=tuple(one for one in found if isinstance(one, Measurement)),
        events=tuple(one for one in found if isinstance(one, EventTrain)),
        quality=(),
        rest={},
        summary=summary,
    )


def shaking(
    channel: str, rate_hz: float, *spans: tuple[float, float], probability: float = 0.99
) -> list[Measurement | EventTrain]:
    return [
        events(EventKind.TREMOR, channel, *spans),
        measured("tremor_probability", probability, channel),
        measured("tremor_frequency", rate_hz, channel),
    ]


def beating(rate_hz: float, *spans: tuple[float, float]) -> RecordingMeasurements:
    return part(events(EventKind.CLONUS, "calf", *spans), measured("clonus_frequency", rate_hz, "calf"))


def doubted(results: tuple[RecordingMeasurements, ...]) -> set[tuple[str, str | None]]:
    return {(one.id, one.channel) for result in results for one in result.measurements if one.doubts}


@given(st.floats(3, 8), st.floats(0, 20), st.floats(1, 30))
def test_a_tremor_is_doubted_where_half_of_it_is_clonus_at_its_rate(
    rate_hz: float, start_s: float, lasts_s: float
) -> None:
    bout = beating(rate_hz, (10.0, 30.0))
    found = with_doubts((part(*shaking("watch", rate_hz, (start_s, start_s + lasts_s))), bout))
    share = max(min(start_s + lasts_s, 30) - max(start_s, 10), 0) / lasts_s
    whole = {("tremor_probability", "watch"), ("tremor_frequency", "watch")}
    assert doubted(found) == (whole if share >= 0.5 else set())


@pytest.mark.parametrize(
    ("rate_hz", "is_doubted"), [(5.0, True), (5.5, True), (10.0, True), (3.9, False), (7.5, False)]
)
def test_only_a_tremor_of_the_rate_of_the_clonus_or_twice_it_is_doubted(rate_hz: float, *, is_doubted: bool) -> None:
    found = with_doubts((part(*shaking("watch", rate_hz, (0.0, 20.0))), beating(5.0, (0.0, 20.0))))
    assert bool(doubted(found)) is is_doubted


def test_bursts_of_a_tremor_in_emg_are_doubted_too() -> None:
    bursts = events(EventKind.TREMOR_BURST, "calf", (1.0, 1.1), (1.2, 1.3), (1.4, 1.5))
    found = with_doubts((part(bursts, measured("tremor_burst_rhythm", 5.0, "calf")), beating(5.0, (0.9, 1.6))))
    assert doubted(found) == {("tremor_burst_rhythm", "calf")}


def test_a_hand_that_shakes_beside_the_clonus_keeps_its_tremor_and_that_of_the_whole() -> None:
    leg = shaking("ankle", 5.0, (0.0, 20.0), probability=0.9)
    hand = shaking("wrist", 5.0, (0.0, 60.0), probability=0.99)
    whole = [measured("tremor_probability", 0.99, None), measured("rest_tremor_probability", 0.99, None)]
    found = with_doubts((part(*leg, *hand, *whole, summary="Tremor."), beating(5.0, (0.0, 20.0))))
    assert doubted(found) == {("tremor_probability", "ankle"), ("tremor_frequency", "ankle")}
    assert found[0].summary == "Tremor."


def test_the_whole_is_doubted_where_only_what_may_be_clonus_shows_it() -> None:
    leg = shaking("ankle", 5.0, (0.0, 20.0), probability=0.99)
    hand = shaking("wrist", 8.0, (0.0, 60.0), probability=0.7)
    whole = [measured("tremor_probability", 0.99, None), measured("tremor_frequency", 5.0, None)]
    found = with_doubts((part(*leg, *hand, *whole, summary="Tremor."), beating(5.0, (0.0, 20.0))))
    assert {one for one in doubted(found) if one[1] is None} == {
        ("tremor_probability", None),
        ("tremor_frequency", None),
    }
    assert found[0].summary == (
        "Tremor. This may be clonus: beats of clonus, 5.0 a second, were found at the same time on calf."
    )


def test_without_clonus_nothing_is_touched() -> None:
    results = (part(*shaking("watch", 5.0, (0.0, 20.0))), part())
    assert with_doubts(results) == results
