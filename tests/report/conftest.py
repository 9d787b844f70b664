"""Examinations to report on: real knowledge, measured recordings made by hand, and names that try to break out."""

import io
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from rich.console import Console, RenderableType

from twitchwise.examine import Examination, ExaminedRecording, case_from_answers, examine_case
from twitchwise.knowledge import Library, library
from twitchwise.measure import ChannelQuality, RecordingMeasurements
from twitchwise.signals import ArraySource, Channel, EventTrain, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, Measurement, Unit

RATE_HZ, DURATION_S = 1000.0, 200.0
HOSTILE = "<script>alert(1)</script> [red]$x_1$ \x1b[31m&amp;\"'"


def channel(name: str, unit: Unit = Unit.VOLT) -> Channel:
    """Return an EMG channel of 200 s."""
    return Channel(
        name=name,
        kind=ChannelKind.EMG,
        unit=unit,
        sampling_rate_hz=RATE_HZ,
        n_samples=round(RATE_HZ * DURATION_S),
        electrode=Electrode.SURFACE,
    )


def train(name: str, times_s: tuple[float, ...]) -> EventTrain:
    """Return fasciculation potentials of 20 ms at the times given."""
    times = np.array(times_s)
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel=name,
        start_s=times - 0.01,
        peak_s=times,
        end_s=times + 0.01,
        peak=np.full(times.size, -6e-5),
    )


def rate(name: str | None, value: float, high: float, doubts: tuple[str, ...] = ()) -> Measurement:
    """Return a rate of fasciculation potentials whose interval starts at half of it."""
    return Measurement(
        id="fasciculation_rate",
        value=value,
        low=value / 2,
        high=high,
        unit=Unit.PER_MINUTE,
        channel=name,
        method="Potentials counted at rest.",
        doubts=doubts,
    )


def recording(channels: tuple[Channel, ...], name: str) -> Recording:
    """Return a recording of zeros."""
    source = ArraySource([np.zeros(one.n_samples) for one in channels])
    return Recording(name=name, format="EDF+", channels=channels, source=source, warnings=("The clock was not set.",))


@pytest.fixture
def examined() -> ExaminedRecording:
    """A recording with a channel that twitches, one with a hostile name that does not, and one that was not usable."""
    size = Measurement(
        id="fasciculation_amplitude",
        value=1.2e-4,
        low=9e-5,
        high=1.5e-4,
        unit=Unit.VOLT,
        channel="calf",
        method="Median peak-to-peak size.",
        doubts=("samples are clipped", "strong mains hum"),
    )
    whole = Measurement(id="odd_one", value=2.0, low=2.0, high=2.0, unit=Unit.SECOND, method="As it is.")
    return ExaminedRecording(
        recording=recording((channel("calf"), channel(HOSTILE, Unit.COUNT), channel("off")), f"night {HOSTILE}.edf"),
        result=RecordingMeasurements(
            measurements=(whole, size, rate("calf", 6.0, 11.0), rate(HOSTILE, 0.0, 1.8)),
            events=(train("calf", tuple(np.arange(5.0, 200.0, 10.0))), train(HOSTILE, ())),
            quality=(
                ChannelQuality(
                    channel="calf",
                    sampling_rate_hz=RATE_HZ,
                    duration_s=DURATION_S,
                    usable=True,
                    statements=("200 s at rest are enough.",),
                ),
                ChannelQuality(
                    channel="off",
                    sampling_rate_hz=RATE_HZ,
                    duration_s=DURATION_S,
                    usable=False,
                    reason="The channel is constant.",
                ),
            ),
            rest={"calf": Intervals(((0.0, 90.0), (100.0, 200.0))), HOSTILE: Intervals(((0.0, 100.0),))},
            warnings=("Channel 'off' was not used.", "The clock was not set."),
            summary="20 fasciculation potentials in 190 s at rest.",
        ),
    )


@pytest.fixture
def grid() -> ExaminedRecording:
    """A recording of 64 channels, of which number 40 twitches most."""
    channels = tuple(channel(f"c{number}") for number in range(64))
    return ExaminedRecording(
        recording=recording(channels, "grid.edf"),
        result=RecordingMeasurements(
            measurements=tuple(rate(f"c{number}", 50.0 - abs(number - 40), 60.0) for number in range(50)),
            events=tuple(train(f"c{number}", (1.0, 2.0)) for number in range(50)),
            quality=(),
            rest={},
        ),
    )


@pytest.fixture(scope="session")
def known() -> Library:
    """The knowledge that the program ships."""
    return library()


@pytest.fixture
def all_signs_absent(known: Library) -> dict[str, str]:
    """Answers that say no to every emergency sign."""
    return {name: "absent" for name, finding in known.findings.items() if finding.emergency_sign}


@pytest.fixture
def visit(known: Library) -> Callable[..., Examination]:
    """Return a function that examines answers and measured recordings."""

    def run(answers: Mapping[str, str], *recordings: ExaminedRecording, age_years: float | None = None) -> Examination:
        return examine_case(case_from_answers(answers, known.findings, age_years=age_years), recordings, known)

    return run


@pytest.fixture
def printed() -> Callable[..., str]:
    """Return a function that prints for a terminal of 80 columns without color."""

    def run(renderable: RenderableType, width: int = 80) -> str:
        console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
        with console.capture() as capture:
            console.print(renderable)
        return capture.get()

    return run
