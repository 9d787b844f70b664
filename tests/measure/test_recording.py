"""Measuring a recording: what is given, what is refused, and what is said along with it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene, make, recording_of

from twitchwise.measure import Asked, RecordingMeasurements, measure_recording
from twitchwise.measure.asked import Progress
from twitchwise.signals import Annotation, ArraySource, Channel, Recording
from twitchwise.vocabulary import (
    ChannelKind,
    Electrode,
    EventKind,
    Measurement,
    OutOfRangeError,
    Task,
    Unit,
    UnreadableRecordingError,
)
from twitchwise.vocabulary.arrays import FloatArray

LONG = Scene(duration_s=150.0, rate_per_min=20.0)


def by_id(found: RecordingMeasurements) -> dict[str, Measurement]:
    return {measurement.id: measurement for measurement in found.measurements}


def recording_with(*parts: tuple[str, ChannelKind, Unit, FloatArray], rate_hz: float = 2000.0) -> Recording:
    channels = tuple(
        Channel(name=name, kind=kind, unit=unit, sampling_rate_hz=rate_hz, n_samples=samples.size)
        for name, kind, unit, samples in parts
    )
    source = ArraySource([samples for *_, samples in parts])
    return Recording(name="visit.edf", format="array", channels=channels, source=source, warnings=("From a test.",))


def noise(seconds: float = 20.0, rate_hz: float = 2000.0) -> FloatArray:
    return np.random.default_rng(0).normal(scale=3e-6, size=round(seconds * rate_hz))


def test_a_recording_with_fasciculations_gives_rate_count_size_rest_and_noise() -> None:
    recording, truth = make(LONG)
    found = measure_recording(recording)
    given = by_id(found)
    assert {"active_units", "fasciculation_interval", "isolated_share", "myokymic_discharge_rate"} <= set(given)
    assert given["fasciculation_rate"].value == pytest.approx(len(truth.times_s) / 2.5, rel=0.05)
    assert given["fasciculation_count"].value == pytest.approx(len(found.events[0]), abs=2)
    assert given["rest_share"].value == pytest.approx(100.0)
    assert given["rest_noise_rms"].value == pytest.approx(2e-6, rel=0.2)
    assert 4e-5 < given["fasciculation_amplitude"].value < 1.1e-4
    assert given["fasciculation_rate"].doubts == ()
    assert all(m.channel == "calf" and m.method for m in found.measurements)
    assert found.events[0].kind is EventKind.FASCICULATION_POTENTIAL
    assert found.rest["calf"].duration_s == pytest.approx(150.0)
    assert "fasciculations in 150 s at rest" in found.summary
    assert {unit.unit for unit in found.units} == set(found.events[0].unit[found.events[0].unit > 0].tolist())


@pytest.mark.parametrize(
    ("rate_per_min", "id_", "unit"),
    [
        (20.0, "fasciculation_rate", Unit.PER_MINUTE),
        (20.0, "fasciculation_count", Unit.COUNT),
        (20.0, "fasciculation_amplitude", Unit.VOLT),
        (20.0, "rest_share", Unit.PERCENT),
        (20.0, "rest_noise_rms", Unit.VOLT),
    ],
)
def test_units_are_those_promised(rate_per_min: float, id_: str, unit: Unit) -> None:
    assert by_id(measure_recording(make(replace(LONG, rate_per_min=rate_per_min))[0]))[id_].unit is unit


def test_none_seen_is_zero_with_an_upper_bound() -> None:
    rate = by_id(measure_recording(make(replace(LONG, rate_per_min=0.0))[0]))["fasciculation_rate"]
    assert (rate.value, rate.low) == (0.0, 0.0)
    assert rate.high == pytest.approx(3.0 / 2.5, abs=0.01)  # the rule of three
    assert rate.doubts == ()


def test_none_seen_in_a_short_time_is_too_short_to_call_absent() -> None:
    found = measure_recording(recording_of(noise(80.0), 2000.0))
    assert by_id(found)["fasciculation_rate"].doubts == ("too short to call absent",)
    assert (
        "too little rest to lean on"
        in by_id(measure_recording(recording_of(noise(30.0), 2000.0)))["fasciculation_rate"].doubts
    )


def test_a_muscle_that_is_active_gets_no_rate() -> None:
    scene = Scene(duration_s=30.0, rate_per_min=0.0, bursts=((-1.0, 40.0),), burst_snr=50.0)
    found = measure_recording(make(scene)[0])
    assert not any(name.startswith("fasciculation") for name in by_id(found))
    assert by_id(found)["rest_share"].value == 0
    assert not any(train.kind is EventKind.FASCICULATION_POTENTIAL for train in found.events)
    assert any("the muscle was active" in warning for warning in found.warnings)
    assert "No channel rested long enough" in found.summary


def test_mostly_active_muscles_give_doubted_rates() -> None:
    bursts = tuple((float(start), start + 7.0) for start in range(5, 145, 12))
    found = by_id(measure_recording(make(replace(LONG, bursts=bursts))[0]))
    assert "active most of the time" in found["fasciculation_rate"].doubts


@pytest.mark.parametrize(
    ("scene", "doubt"),
    [
        (replace(LONG, mains_v=1e-4), "strong mains hum"),
        (replace(LONG, ecg_v=1e-4), "a heartbeat may hide or mimic potentials"),
    ],
)
def test_poor_signals_are_doubted(scene: Scene, doubt: str) -> None:
    assert doubt in by_id(measure_recording(make(scene)[0]))["fasciculation_rate"].doubts


def test_clipping_is_doubted() -> None:
    recording, _ = make(replace(LONG, rate_per_min=60.0))
    clipped = by_id(measure_recording(recording_of(np.clip(recording.read("calf"), -2e-5, 2e-5), 2000.0)))
    assert "samples are clipped" in clipped["fasciculation_rate"].doubts
    assert "samples are clipped" in clipped["fasciculation_amplitude"].doubts


@pytest.mark.parametrize(("resolution", "share"), [(1e-6, 0.0), (None, 0.0)])
def test_the_converters_range_is_looked_at(resolution: float | None, share: float) -> None:
    recording, _ = make(LONG)
    channel = replace(recording.channels[0], physical_range=(-1e-3, 1e-3), resolution=resolution)
    found = measure_recording(replace(recording, channels=(channel,)))
    assert found.quality[0].clipped_share == share


def test_slow_sampling_is_doubted() -> None:
    found = by_id(measure_recording(make(replace(LONG, sampling_rate_hz=400.0, snr=60.0))[0]))
    assert found["fasciculation_rate"].doubts == ("sampled too slowly, so that small potentials are missed",)
    assert "fasciculation_amplitude" not in found
    assert found["rest_share"].doubts == ()


def test_few_potentials_give_their_range() -> None:
    found = by_id(measure_recording(make(replace(LONG, rate_per_min=1.0, seed=4))[0]))
    assert found["fasciculation_count"].value < 6
    assert "fewer than six" in found["fasciculation_amplitude"].doubts[0]


@pytest.mark.parametrize("unit", [Unit.COUNT, Unit.UNKNOWN])
def test_counts_are_measured_in_counts_and_doubted(unit: Unit) -> None:
    recording, _ = make(LONG)
    found = measure_recording(recording_of(1e6 * recording.read("calf") + 2048, 2000.0, unit))
    assert by_id(found)["fasciculation_amplitude"].unit is unit
    of_the_signal = [one for one in found.measurements if one.id.startswith(("fasciculation_", "rest_"))]
    assert len(of_the_signal) > 5
    assert all("the file does not give volts" in measurement.doubts for measurement in of_the_signal)


def test_other_channels_are_named_and_not_analyzed() -> None:
    recording = recording_with(
        ("calf", ChannelKind.EMG, Unit.VOLT, noise()),
        ("grip", ChannelKind.FORCE, Unit.NEWTON, np.ones(100)),
        ("arm", ChannelKind.OTHER, Unit.UNKNOWN, np.ones(100)),
    )
    found = measure_recording(recording)
    assert found.warnings[0] == "From a test."
    assert found.warnings[-1] == "Not analyzed: 'grip' (force), 'arm' (another kind)."
    assert [quality.channel for quality in found.quality] == ["calf"]


def test_the_only_channel_may_be_of_unknown_kind() -> None:
    found = measure_recording(recording_with(("value", ChannelKind.OTHER, Unit.UNKNOWN, noise())))
    assert any("it is taken as EMG" in warning for warning in found.warnings)
    assert found.quality[0].usable


def test_a_recording_without_a_channel_to_measure_is_refused() -> None:
    parts = [("grip", ChannelKind.FORCE, Unit.NEWTON, noise()), ("x", ChannelKind.OTHER, Unit.UNKNOWN, noise())]
    with pytest.raises(
        OutOfRangeError,
        match=r"must include EMG or movement, beside which force is measured, got only force, another kind\.",
    ):
        measure_recording(recording_with(*parts))


REFUSED = [
    (np.full(40_000, np.nan), 2000.0, Unit.VOLT, "must hold samples, got only missing values"),
    (np.full(40_000, 1.5), 2000.0, Unit.VOLT, "must hold a signal, got the constant 1.5"),
    (np.concatenate([np.full(20_000, np.nan), np.zeros(20_000)]), 2000.0, Unit.VOLT, "got the constant 0"),
    (np.empty(0), 2000.0, Unit.VOLT, "must last at least 0.5 s, got 0 s"),
    (np.ones(1), 2000.0, Unit.VOLT, "must last at least 0.5 s"),
    (noise(), 5.0, Unit.VOLT, "must be at least 200 Hz, got 5"),
    (noise(), 2000.0, Unit.NEWTON, "must be V, or not given, got 'N'"),
]


@pytest.mark.parametrize(("samples", "rate_hz", "unit", "words"), REFUSED)
def test_what_cannot_be_analyzed_is_refused_in_one_sentence(
    samples: FloatArray, rate_hz: float, unit: Unit, words: str
) -> None:
    with pytest.raises(UnreadableRecordingError, match=words) as refused:
        measure_recording(recording_with(("calf", ChannelKind.EMG, unit, samples), rate_hz=rate_hz))
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_when_no_channel_is_fit_the_first_reason_is_given() -> None:
    parts = [(name, ChannelKind.EMG, Unit.VOLT, np.zeros(40_000)) for name in ("calf", "arm")]
    with pytest.raises(UnreadableRecordingError, match="none of its 2 channels is: EMG channel 'calf'"):
        measure_recording(recording_with(*parts))


def test_an_unfit_channel_does_not_spoil_the_others() -> None:
    found = measure_recording(
        recording_with(
            ("dead", ChannelKind.EMG, Unit.VOLT, np.zeros(40_000)), ("calf", ChannelKind.EMG, Unit.VOLT, noise())
        )
    )
    assert [quality.usable for quality in found.quality] == [False, True]
    assert "constant" in found.quality[0].reason
    assert set(found.rest) == {"calf"}
    assert any(warning.startswith("Not analyzed: EMG channel 'dead'") for warning in found.warnings)


def test_missing_stretches_are_left_out_with_a_warning() -> None:
    recording, truth = make(LONG)
    samples = recording.read("calf").copy()
    samples[60_000:100_000] = np.nan
    found = measure_recording(recording_of(samples, 2000.0))
    kept = truth.times_s[(truth.times_s < 29.7) | (truth.times_s > 50.3)]
    assert by_id(found)["fasciculation_count"].value == pytest.approx(len(kept), abs=1)
    assert by_id(found)["rest_share"].value == pytest.approx(100 * 129.5 / 150, abs=0.3)
    assert found.quality[0].missing_share == pytest.approx(40_000 / 300_000)
    assert any("missing and flat samples were left out" in warning for warning in found.warnings)


def test_a_channel_of_half_a_second_is_described_without_a_rate() -> None:
    found = measure_recording(recording_of(noise(0.6), 2000.0))
    assert not any(name.startswith("fasciculation") for name in by_id(found))
    assert found.quality[0].drift is None


def test_many_channels_share_their_warnings_and_are_not_added() -> None:
    parts = [(f"grid {n}", ChannelKind.EMG, Unit.VOLT, make(replace(LONG, seed=n))[0].read("calf")) for n in range(5)]
    short = [(name, kind, unit, samples[:18_000]) for name, kind, unit, samples in parts]
    assert "rates must not be added" in measure_recording(recording_with(*parts)).summary
    warnings = measure_recording(recording_with(*short)).warnings
    assert sum("no rate is given" in warning for warning in warnings) == 1
    assert any(warning.startswith("5 of 5 channels, the first 'grid 0'") for warning in warnings)


def test_a_needle_is_measured_like_any_electrode() -> None:
    recording, _ = make(LONG)
    channel = replace(recording.channels[0], electrode=Electrode.NEEDLE)
    found = measure_recording(replace(recording, channels=(channel,)))
    assert {train.kind for train in found.events} == {EventKind.FASCICULATION_POTENTIAL}


@pytest.mark.parametrize(
    ("notes", "task"),
    [(("task: rest",), Task.REST), ((), None), (("task: rest", "task: action"), None), (("task: dance",), None)],
)
def test_a_task_that_the_file_notes_counts_where_nobody_says_another(
    monkeypatch: pytest.MonkeyPatch, notes: tuple[str, ...], task: Task | None
) -> None:
    told: list[Asked] = []

    def part(recording: Recording, asked: Asked, progress: Progress) -> RecordingMeasurements:
        del recording, progress
        told.append(asked)
        return RecordingMeasurements(measurements=(), events=(), quality=(), rest={})

    monkeypatch.setattr("twitchwise.measure.recording._parts", lambda: (part,))
    noted = tuple(Annotation(start_s=0.0, duration_s=1.0, text=text) for text in notes)
    recording = replace(recording_with(("arm", ChannelKind.ACCELERATION, Unit.UNKNOWN, noise())), annotations=noted)
    measure_recording(recording)
    measure_recording(recording, task=Task.STANDING)
    assert [one.task for one in told] == [task, Task.STANDING]


def test_a_part_that_refuses_does_not_cost_what_the_others_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(recording: Recording, asked: Asked, progress: Progress) -> None:
        del recording, asked, progress
        raise UnreadableRecordingError("EMG must last, got a moment.")

    def finds(recording: Recording, asked: Asked, progress: Progress) -> RecordingMeasurements:
        del recording, asked, progress
        return RecordingMeasurements(measurements=(), events=(), quality=(), rest={}, summary="Still.")

    recording = recording_with(("arm", ChannelKind.ACCELERATION, Unit.UNKNOWN, noise()))
    monkeypatch.setattr("twitchwise.measure.recording._parts", lambda: (refuses, finds))
    found = measure_recording(recording)
    assert "EMG must last, got a moment." in found.warnings
    assert (found.summary, found.movement_summary) == ("Still.", "Still.")
    monkeypatch.setattr("twitchwise.measure.recording._parts", lambda: (refuses,))
    with pytest.raises(UnreadableRecordingError, match="EMG must last"):
        measure_recording(recording)
