"""A measured grid made by hand: two units with shapes, maps and places, other activity, and twitches of a sensor."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.report.recording.moving import recorded_film, recorded_wrist

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library, library
from twitchwise.measure import ChannelQuality, RecordingMeasurements, UnitMeasurements
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.report import recording_as_html
from twitchwise.signals import ArraySource, Channel, EventTrain, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, Measurement, Unit

RATE_HZ, DURATION_S = 1000.0, 200.0
REST = Intervals(((0.0, 90.0), (100.0, 200.0)))
TIMES_S = np.array([5.0, 17.0, 30.0, 44.0, 59.0, 75.0, 110.0, 128.0, 147.0, 167.0])
UNITS = np.array([1, 1, 2, 1, 1, 0, 1, 2, 1, 1])


def measured(name: str, value: float, unit: Unit, channel: str | None = "grid", **more: Any) -> Measurement:  # noqa: ANN401
    """Return a measurement from three quarters to five quarters of its value."""
    given: dict[str, Any] = {"low": 0.75 * value, "high": 1.25 * value, "method": f"How {name} was told."}
    return Measurement(id=name, value=value, unit=unit, channel=channel, **(given | more))


def none_seen(kind: str, bound: float, channel: str = "g1", **more: Any) -> Measurement:  # noqa: ANN401
    """Return a rate of none with its bound."""
    return measured(f"{kind}_rate", 0.0, Unit.PER_MINUTE, channel, low=0.0, high=bound, **more)


def electrodes() -> tuple[Channel, ...]:
    """Return a grid of four by four electrodes 10 mm apart over a tibialis anterior."""
    return tuple(
        Channel(
            name=f"g{number}",
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=RATE_HZ,
            n_samples=round(RATE_HZ * DURATION_S),
            electrode=Electrode.SURFACE,
            array="grid",
            position_m=(0.01 * (number % 4), 0.01 * (number // 4), 0.0),
        )
        for number in range(16)
    )


def potentials(channel: str = "grid", unit: Unit = Unit.VOLT) -> SortedPotentials:
    """Return ten potentials of two units; unit 1 lies at (10, 20) mm, unit 2 at the corner."""
    bump = np.exp(-0.5 * ((np.arange(61) - 30) / 4.0) ** 2)
    size = np.where(UNITS == 2, 2e-4, 1e-4)
    place = np.array([one.position_m[:2] for one in electrodes() if one.position_m is not None])
    top = np.where(UNITS[:, np.newaxis] == 2, 0.0, np.array([[0.01, 0.02]]))
    spread = np.exp(-np.sum((place - top[:, np.newaxis]) ** 2, axis=2) / (2 * 0.012**2))
    return SortedPotentials(
        channel=channel,
        sampling_rate_hz=RATE_HZ,
        rest=REST,
        amplitude_unit=unit,
        electrode=Electrode.SURFACE,
        band_hz=(20.0, 450.0),
        start_s=TIMES_S - 0.01,
        peak_s=TIMES_S,
        end_s=TIMES_S + 0.01,
        peak=-size,
        peak_to_peak=size,
        unit=UNITS,
        probability=np.full(TIMES_S.size, 0.99),
        noise_rms=np.full(TIMES_S.size, 2e-6),
        shape=(size[:, np.newaxis] * bump).astype(np.float32),
        usable=np.ones(TIMES_S.size, dtype=np.bool_),
        map=(size[:, np.newaxis] * spread).astype(np.float32),
    )


def units() -> tuple[UnitMeasurements, ...]:
    """Return the two units with what was measured of them."""
    return tuple(
        UnitMeasurements(
            channel="grid",
            unit=number,
            discharges=discharges,
            fasciculations=count,
            measurements=(
                measured("fasciculation_rate", rate, Unit.PER_MINUTE),
                measured("fasciculation_amplitude", size, Unit.VOLT),
            ),
            place_m=place_m,
            place_error_m=(0.0005, 0.001),
            territory_m2=4e-4,
        )
        for number, discharges, count, rate, size, place_m in (
            (1, 7, 6, 2.0, 1e-4, (0.01, 0.02)),
            (2, 2, 2, 0.6, 2e-4, (0.0, 0.0)),
        )
    )


def train(kind: EventKind, channel: str, start_s: float, end_s: float) -> EventTrain:
    """Return one event."""
    middle = (start_s + end_s) / 2
    start, peak, end = (np.array([one]) for one in (start_s, middle, end_s))
    return EventTrain(kind=kind, channel=channel, start_s=start, peak_s=peak, end_s=end, peak=np.array([1e-4]))


@pytest.fixture(scope="session")
def gridded() -> ExaminedRecording:
    """A grid over a muscle that nobody named, with a force sensor beside it."""
    force = Channel(
        name="force",
        kind=ChannelKind.FORCE,
        unit=Unit.NEWTON,
        sampling_rate_hz=RATE_HZ,
        n_samples=round(RATE_HZ * DURATION_S),
    )
    channels = (*electrodes(), force)
    source = ArraySource([np.zeros(1) for _ in channels])
    short = ("too short to call absent",)
    values = (
        measured("fasciculation_rate", 2.8, Unit.PER_MINUTE, doubts=("doubted",)),
        measured("fasciculation_amplitude", 1.2e-4, Unit.VOLT, doubts=("doubted", "few")),
        measured("rest_noise_rms", 2e-6, Unit.VOLT),
        measured("cramp_discharge_rate", 0.3, Unit.PER_MINUTE, "g1"),
        measured("cramp_discharge_duration", 3.0, Unit.SECOND, "g1"),
        none_seen("myokymic_discharge", 1.5, doubts=short),
        none_seen("neuromyotonic_discharge", 1.5, doubts=short),
        none_seen("tremor_burst", 0.9, doubts=short),
        measured("twitch_latency", 0.012, Unit.SECOND, "force", doubts=("The delay is not known.",)),
        measured("twitch_peak_force", 0.02, Unit.NEWTON, "force"),
        measured("odd_one", 3.0, Unit.ONE, None),
    )
    found = potentials()
    result = RecordingMeasurements(
        measurements=values,
        events=(
            EventTrain(
                kind=EventKind.FASCICULATION_POTENTIAL,
                channel="grid",
                start_s=found.start_s,
                peak_s=found.peak_s,
                end_s=found.end_s,
                peak=found.peak,
                unit=found.unit,
                at=tuple("g9" for _ in TIMES_S),
            ),
            train(EventKind.CRAMP_DISCHARGE, "g1", 91.0, 99.0),
        ),
        quality=tuple(
            ChannelQuality(
                channel=one.name,
                sampling_rate_hz=RATE_HZ,
                duration_s=DURATION_S,
                usable=True,
                clipped_share=0.02,
                mains_hz=50.0,
            )
            for one in electrodes()
        ),
        rest={"grid": REST, "g1": REST},
        warnings=("A warning.",),
        summary="10 fasciculations in 190 s at rest, 2.8 a minute.",
        units=units(),
        potentials=(found,),
    )
    return ExaminedRecording(
        recording=Recording(name="grid.edf", format="EDF+", channels=channels, source=source), result=result
    )


@pytest.fixture(scope="session")
def page(gridded: ExaminedRecording) -> str:
    """The page of the grid, drawn once."""
    return recording_as_html(gridded)


@pytest.fixture(scope="session")
def known() -> Library:
    """The knowledge that the program ships."""
    return library()


@pytest.fixture
def with_muscle(gridded: ExaminedRecording) -> Callable[[str], ExaminedRecording]:
    """Return the grid over a muscle that a person named."""
    return lambda muscle: replace(gridded, muscle=muscle)


@pytest.fixture
def wrist() -> ExaminedRecording:
    """A wrist sensor with a tremor, part of which is missing, and one number of the whole recording."""
    return recorded_wrist()


@pytest.fixture
def film() -> ExaminedRecording:
    """A film with two twitches at one place."""
    return recorded_film()
