"""What is measured can be stopped at every picture and every read, and is measured as without a way to stop."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.examine import MeasuringOrder, examine_as_ordered
from twitchwise.examine.stopping import StoppedError, examine_until_stopped
from twitchwise.formats import write_edf
from twitchwise.formats.video.writing import write_video
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.simulate.film import render, varied_scene
from twitchwise.vocabulary import ChannelKind, Unit, View

RATE_HZ = 1000


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of three seconds of skin."""
    file = tmp_path_factory.mktemp("film") / "skin.mp4"
    write_video(render(varied_scene(3, n_twitches=1, duration_s=3.0, size=(160, 120))).video, file)
    return file


@pytest.fixture(scope="module")
def calf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of noise of one muscle, as EDF+."""
    volts = np.random.default_rng(7).normal(0, 4e-6, 10 * RATE_HZ)
    channel = Channel(
        name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=float(RATE_HZ), n_samples=volts.size
    )
    file = tmp_path_factory.mktemp("calf") / "calf.edf"
    write_edf(Recording(name="calf", format="array", channels=(channel,), source=ArraySource([volts])), file)
    return file


@pytest.fixture(params=["calf", "film"])
def file(request: pytest.FixtureRequest) -> Path:
    """A recording, and a film."""
    return Path(request.getfixturevalue(request.param))


class Counter:
    """Lets measuring go on so many times, and then stops it."""

    def __init__(self, most: float) -> None:
        self.count, self.most = 0, most

    def __call__(self) -> None:
        self.count += 1
        if self.count > self.most:
            raise StoppedError


def nobody(_: float) -> None:
    pass


def test_what_is_not_stopped_is_measured_as_ever(file: Path) -> None:
    order = MeasuringOrder()
    examined = examine_until_stopped(file, order, nobody, Counter(np.inf))
    ordered = examine_as_ordered(file, order)
    assert examined.result.measurements == ordered.result.measurements
    assert examined.result.summary == ordered.result.summary
    assert examined.warnings == ordered.warnings


def test_a_film_can_be_stopped_at_every_picture(film: Path) -> None:
    heed = Counter(np.inf)
    examined = examine_until_stopped(film, MeasuringOrder(view=View.SKIN), nobody, heed)
    assert examined.film is not None
    assert heed.count > examined.film.video.n_frames


def test_what_was_measured_can_be_read_when_it_is_too_late_to_stop(file: Path) -> None:
    heed = Counter(np.inf)
    examined = examine_until_stopped(file, MeasuringOrder(), nobody, heed)
    heed.most = 0
    name = examined.recording.channels[0].name
    assert examined.recording.read(name).size
    if examined.film is not None:
        assert next(examined.film.video.brightness(0, 1)).size


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.99))
def test_it_stops_wherever_it_is_told_to_and_goes_no_further(calf: Path, share: float) -> None:
    whole = Counter(np.inf)
    examine_until_stopped(calf, MeasuringOrder(), nobody, whole)
    heed = Counter(int(share * whole.count))
    with pytest.raises(StoppedError):
        examine_until_stopped(calf, MeasuringOrder(), nobody, heed)
    assert heed.count == heed.most + 1


@pytest.mark.parametrize("view", [View.SKIN, View.LIMB, View.OBJECT])
def test_how_much_of_a_film_is_done_only_grows_and_ends_with_all_of_it(film: Path, view: View) -> None:
    told: list[float] = []
    examine_until_stopped(film, MeasuringOrder(view=view), told.append, Counter(np.inf))
    assert told == sorted(told)
    assert told[0] < 0.1
    assert told[-1] == 1.0
